"""The thread at work: it never jumps, it acts on the right message, and it sends few bytes."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import pytest
from textual.widget import Widget

from revivatui.state.models import OUTGOING, Attachment, Sender
from revivatui.widgets import thread_intents
from revivatui.widgets.thread import Thread
from tests.support.work import calls_of
from tests.ui.hostile import HOSTILE, HOSTILE_LINES, HOSTILE_MEGABYTE, control_bytes
from tests.ui.recorder import record_terminal
from tests.ui.thread_help import NOW, Pane, message, send, talk, typing


async def test_a_thread_opens_at_its_newest_message() -> None:
    app = Pane(talk(60), start_reached=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.has("message 60 ")
        assert app.thread.follows


async def test_a_short_thread_stands_at_the_foot_of_its_pane() -> None:
    app = Pane([message(1, "hello")], start_reached=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.line_of("hello") == 22
        assert app.line_of("start of the conversation") < 20


async def test_a_new_message_follows_at_the_end_and_waits_below_when_scrolled_up() -> None:
    messages = talk(60)
    app = Pane(messages)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.content = replace(app.content, messages=[*messages, message(61, "fresh one")])
        app.thread.changed()
        await pilot.pause()
        assert app.has("fresh one")
        await pilot.press("pageup")
        seen = app.body
        app.content = replace(
            app.content,
            messages=[*app.content.messages, message(62, "second"), message(63, "third")],
        )
        app.thread.changed()
        await pilot.pause()
        assert app.body == seen
        assert app.thread.below == 2
        assert "2 new ↓" in app.lines[-1]
        await pilot.click(Thread, offset=(70, 23))
        await pilot.pause()
        assert app.has("third")
        assert app.thread.below == 0
        assert "new ↓" not in app.lines[-1]


async def test_own_sends_bring_the_view_to_the_end() -> None:
    app = Pane(talk(60))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("pageup", "pageup")
        assert not app.thread.follows
        app.content = replace(app.content, sends=[send("r", "on my way", "sending")])
        app.thread.changed()
        await pilot.pause()
        assert app.has("on my way")
        assert app.has("○ sending")


async def test_older_pages_come_in_above_without_a_jump() -> None:
    messages = talk(400)
    app = Pane(messages[300:])
    async with app.run_test(size=(80, 24)) as pilot:
        app.thread.scroll_to(y=0, animate=False)
        await pilot.pause()
        asked = [e for e in app.heard if isinstance(e, thread_intents.OlderWanted)]
        assert len(asked) == 1
        for older in (280, 200, 0):
            before = app.body
            app.content = replace(app.content, messages=messages[older:], start_reached=not older)
            app.thread.changed()
            await pilot.pause()
            after = app.body
            # The day above the first message may have moved up with the older ones.
            assert after[5:] == before[5:]
        assert app.has("message 301 ")


async def test_scrolling_through_unseen_messages_moves_exactly_as_asked() -> None:
    app = Pane(talk(700), start_reached=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for _ in range(150):
            before = app.body
            app.thread.scroll_to(y=app.thread.scroll_offset.y - 17, animate=False)
            await pilot.pause()
            assert app.body[17:] == before[:-17]
        # Further than what was laid out at first.
        assert app.thread.layout_of_items.place_of("m1") is not None


async def test_home_reaches_the_oldest_and_end_the_newest() -> None:
    app = Pane(talk(2000), start_reached=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("home")
        assert app.line_of("start of the conversation") == 0
        await pilot.press("end")
        assert app.has("message 2000 ")
        await pilot.resize_terminal(50, 15)
        await pilot.pause()
        assert app.thread.follows
        await pilot.press("pageup", "pageup")
        held = next(line for line in app.lines if "Ana" in line or "Ben" in line)
        await pilot.resize_terminal(70, 15)
        await pilot.pause()
        assert any(held.split()[0] in line for line in app.lines)


async def test_what_is_quoted_is_gone_to_however_old_it_is() -> None:
    messages = [*talk(3000), message(3001, "this!", content_attributes={"in_reply_to": 7})]
    app = Pane(messages, start_reached=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.has("╭ Ben Counter: message 7 and")
        await pilot.press("up", "enter")
        await pilot.pause()
        assert app.lines[app.line_of("message 7 ")].startswith("▌")
        await pilot.press("end")
        assert app.has("this!")


async def test_the_cursor_walks_over_messages_and_acts_on_them() -> None:
    messages = [
        message(1, "**first**"),
        message(2, "ours", OUTGOING),
        message(3, "broken", OUTGOING, status="failed"),
        message(4, "files", attachments=(Attachment(8, "image", "a.png"),)),
        message(5, "more", attachments=(Attachment(9, "file", "b"), Attachment(10, "file", "c"))),
    ]
    never = send("r1", "never sent", "failed", reason="timeout")
    app = Pane(messages, sends=[never], start_reached=True)
    async with app.run_test(size=(80, 40)) as pilot:
        # The cursor stands on what was not sent already.
        await pilot.press("r", "e", "d", "q", "o")
        await pilot.press("up", "o", "up", "o", "enter")
        await pilot.press("up", "r", "up", "d", "q", "up", "y")
        told = [(type(e).__name__, vars(e)) for e in app.heard]
        assert [name for name, _fields in told] == [
            "RetryWanted", "TakeBackWanted",
            "AttachmentChosen", "AttachmentChosen", "AttachmentChosen",
            "RetryWanted", "DeleteWanted", "QuoteWanted", "Copied",
        ]  # fmt: skip
        fields = [fields for _name, fields in told]
        assert fields[0]["reference"] == "r1"
        assert (fields[2]["message_id"], fields[2]["attachment_id"]) == (5, None)
        assert (fields[3]["message_id"], fields[3]["attachment_id"]) == (4, 8)
        assert (fields[5]["reference"], fields[5]["message_id"]) == (None, 3)
        assert fields[7]["message_id"] == 2
        assert app.clipboard == "**first**"
        assert all(fields["conversation_id"] == 7 for fields in fields)
        assert app.lines[app.line_of("first")].startswith("▌")


async def test_the_cursor_follows_a_send_into_the_message_it_became() -> None:
    app = Pane(talk(3), sends=[send("r1", "hello", "sending")])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("up")
        app.content = replace(
            app.content,
            messages=[*app.content.messages, message(9, "hello", OUTGOING, reference="r1")],
            sends=[],
        )
        app.thread.changed()
        await pilot.pause()
        item = app.thread.cursor_item
        assert item is not None
        assert item.key == "m9"


async def test_a_long_message_is_read_through_folded_and_shown_whole() -> None:
    long = "\n".join(f"line {n}." for n in range(500))
    app = Pane([*talk(3), message(4, long), message(5, "after")])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("up", "up")
        assert app.has("long message, ")
        for _ in range(6):
            await pilot.press("up")
        assert app.has("message ")
        await pilot.press("end", "up", "up", "enter")
        assert not app.has("long message, ")
        await pilot.press("end")
        assert app.has("line 499.")
        await pilot.press("up", "up", "enter", "end")
        assert app.has("long message, ")


async def test_clicks_act_on_what_is_under_them() -> None:
    messages = [
        message(1, "see [the guide](https://example.com/g)"),
        message(2, "this", content_attributes={"in_reply_to": 1}),
        message(3, "file", attachments=(Attachment(8, "image", "a.png"),)),
        message(4, "\n".join("x" * 9 for _ in range(60))),
    ]
    app = Pane(messages)
    async with app.run_test(size=(80, 70)) as pilot:
        await pilot.pause()
        await pilot.click(Thread, offset=(9, app.line_of("the guide")))
        assert isinstance(app.heard[-1], thread_intents.LinkChosen)
        assert app.heard[-1].url == "https://example.com/g"
        await pilot.click(Thread, offset=(5, app.line_of("a.png")))
        assert isinstance(app.heard[-1], thread_intents.AttachmentChosen)
        assert app.heard[-1].attachment_id == 8
        await pilot.click(Thread, offset=(5, app.line_of("╭ Ana")))
        item = app.thread.cursor_item
        assert item is not None
        assert item.key == "m1"
        await pilot.click(Thread, offset=(5, app.line_of("long message")))
        await pilot.pause()
        assert not app.has("long message")


async def test_text_can_be_selected_with_the_mouse_and_copied() -> None:
    app = Pane([message(1, "one two three"), message(2, "four five six")])
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        first, second = app.line_of("one two"), app.line_of("four five")
        await pilot.mouse_down(Thread, offset=(6, first))
        await pilot.hover(Thread, offset=(11, second))
        await pilot.mouse_up(Thread, offset=(11, second))
        await pilot.press("y")
        lines = app.clipboard.split("\n")
        assert lines[0] == "two three"
        assert lines[-1] == "four five"


async def test_who_types_is_told_in_the_last_line_and_costs_little(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder = record_terminal(monkeypatch)
    app = Pane(talk(60))
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        recorder.clear()
        app.content = replace(app.content, typing=(typing("Ana Sousa"),))
        app.thread.typing_changed()
        await pilot.pause()
        assert "· Ana Sousa is typing" in app.lines[-1]
        assert 0 < recorder.size <= 200


@pytest.mark.parametrize("words", [1, 40, 120])
async def test_an_appended_message_writes_at_most_8_kilobytes(
    monkeypatch: pytest.MonkeyPatch, words: int
) -> None:
    recorder = record_terminal(monkeypatch)
    messages = talk(200)
    app = Pane(messages)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        recorder.clear()
        app.content = replace(app.content, messages=[*messages, message(201, "word " * words)])
        app.thread.changed()
        await pilot.pause()
        assert 0 < recorder.size <= 8_000


async def test_a_changed_delivery_state_writes_at_most_500_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder = record_terminal(monkeypatch)
    messages = [*talk(20), message(21, "ours", OUTGOING), message(22, "theirs")]
    app = Pane(messages)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        for status in ("delivered", "read"):
            recorder.clear()
            messages[-2] = replace(messages[-2], status=status)
            app.content = replace(app.content, messages=list(messages))
            app.thread.changed()
            await pilot.pause()
            assert app.has(f"✓✓ {status}")
            assert 0 < recorder.size <= 500
        recorder.clear()
        app.thread.changed()
        await pilot.pause()
        assert recorder.size == 0


async def test_ten_thousand_messages_cost_little_memory() -> None:
    app = Pane([])
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        app.content = replace(app.content, messages=talk(10_000))
        app.thread.show(None)
        tracemalloc.start()
        app.thread.show(7)
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert held < 6_000_000
        await pilot.pause()
        assert app.has("message 10000 ")
        assert len(app.screen.query(Widget)) <= 4


async def work_of_a_thread(count: int) -> tuple[int, int]:
    """What it is to open and draw it, and to take one more message."""
    messages = talk(count)
    app = Pane([])
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        app.content = replace(app.content, messages=messages)
        app.thread.show(7)  # what is made on first use
        app.thread.show(None)

        def draw() -> None:
            for y in range(30):
                app.thread.render_line(y)

        opening = calls_of(lambda: app.thread.show(7)) + calls_of(draw)
        await pilot.pause()
        assert app.has(f"message {count} ")
        app.content = replace(app.content, messages=[*messages, message(count + 1, "new")])
        return opening, calls_of(app.thread.changed)


async def test_ten_thousand_messages_are_opened_and_followed_as_a_hundred_are() -> None:
    # What it takes in milliseconds: `make bench ARGS=parts`.
    few, many = await work_of_a_thread(100), await work_of_a_thread(10_000)
    for some, all_of_them, most in zip(few, many, (70_000, 25_000), strict=True):
        assert all_of_them <= min(1.5 * some, most)


async def test_nothing_open_says_what_to_do() -> None:
    app = Pane(talk(3))
    async with app.run_test(size=(80, 24)) as pilot:
        app.thread.set_empty("Choose a conversation")
        app.thread.show(None)
        await pilot.press("up", "enter", "end", "home", "pageup", "y")
        assert app.has("Choose a conversation")
        app.thread.show(7)
        await pilot.pause()
        assert app.has("message 3 ")


async def test_hostile_text_reaches_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = record_terminal(monkeypatch)
    messages = []
    for number, text in enumerate(HOSTILE):
        line = HOSTILE_LINES[number]
        messages.append(
            message(
                number + 1,
                text,
                OUTGOING if number % 3 == 1 else 0,
                private=number % 5 == 1,
                status="failed",
                sender=Sender("contact" if number % 3 else "agent_bot", number, line),
                attachments=(Attachment(number, "image", line, line),),
                content_attributes={"in_reply_to": number, "external_error": line},
                created_at=NOW - 9000 + number,
            )
        )
    messages.append(message(900, HOSTILE_MEGABYTE))
    sends = [send("r", HOSTILE[0], "failed", reason=HOSTILE_LINES[1])]
    app = Pane(messages, sends=sends, typing=[typing(line) for line in HOSTILE_LINES[:4]])
    async with app.run_test(size=(120, 60)) as pilot:
        for _ in range(12):
            await pilot.press("pageup")
        await pilot.press("end", "up", "up", "enter", "pagedown")
        for size in ((60, 40), (30, 20), (9, 4), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.press("home", "end")
        assert len(recorder.text) > 50_000
        assert control_bytes(recorder.text) == []
