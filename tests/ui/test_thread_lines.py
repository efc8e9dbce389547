"""The lines of messages: who, when, how far it came, and every special kind, in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revivatui.state.models import (
    ACTIVITY,
    INCOMING,
    OUTGOING,
    TEMPLATE,
    Attachment,
    Message,
    Sender,
)
from revivatui.state.select import ThreadView
from revivatui.text.when import clock
from revivatui.text.width import width
from revivatui.widgets.height_index import HeightIndex
from revivatui.widgets.symbols import symbols
from revivatui.widgets.thread_foot import typing_words
from revivatui.widgets.thread_items import Item, ItemBuilder, items_of, own_words
from revivatui.widgets.thread_lines import MEASURE, STEP, BlockView, block, copy_text
from tests.ui.hostile import HOSTILE, HOSTILE_MEGABYTE
from tests.ui.thread_help import CUSTOMER, NOW, message, send, typing

VIEW = BlockView(76, UTC)


def shown(item: Item, cells: int = 76, unfolded: bool = False) -> list[str]:
    lines = block(item, BlockView(cells, UTC), unfolded)
    return ["".join(piece.text for piece in line).rstrip() for line in lines]


def item(of: Message, **fields: Any) -> Item:
    return Item(f"m{of.id}", "message", of, **fields)


def test_customers_stand_left_and_we_stand_a_step_to_the_right() -> None:
    theirs = shown(item(message(1, "Can you help?")))
    assert theirs[0] == ""
    assert theirs[1].startswith("Ana Sousa")
    assert theirs[2] == "Can you help?"
    ours = shown(item(message(2, "Yes!", OUTGOING)))
    assert ours[1].startswith(" " * 9)
    assert ours[2].lstrip() == "Yes!"
    assert ours[2].index("Yes!") == ours[1].index("Ben Counter")


def test_own_messages_are_headed_you_before_and_after_they_are_sent() -> None:
    of = item(message(2, "Yes!", OUTGOING))
    lines = block(of, BlockView(76, UTC, me=2))
    assert [piece.text for piece in lines[1]][1] == "You"
    sending = block(Item("sr", "send", None, send("r", "Yes!", "sending")), VIEW)
    assert [piece.text for piece in sending[1]][1] == "You"


def test_times_stand_in_one_column_whoever_wrote() -> None:
    of = [
        message(1, "Can you help?"),
        message(2, "Yes!", OUTGOING, status="read"),
        message(3, "a note", OUTGOING, private=True),
        message(4, "Conversation was resolved by Ben", ACTIVITY),
        message(5, "no mark", OUTGOING, content_attributes={"deleted": True}),
    ]
    for cells in (50, 76, 150):
        ends = set()
        for one in of:
            line = next(line for line in shown(item(one), cells) if re.search(r"\d\d:\d\d$", line))
            ends.add(width(line))
        assert ends == {min(cells, MEASURE + min(STEP, cells // 8))}
        ruled = shown(Item("d", "day", words="Today"), cells)[1]
        assert {width(ruled)} == ends


def bodies(*texts: str, minutes: float = 0.2, kind: int = INCOMING) -> list[list[str]]:
    """The lines of messages that follow each other closely, without their headings."""
    messages = [
        message(n, text, kind, created_at=NOW - 600 + n * 60 * minutes)
        for n, text in enumerate(texts, 1)
    ]
    items = [one for one in items_of(ThreadView(7, messages), NOW, UTC) if one.message]
    return [shown(one)[0 if one.grouped else 2 :] for one in items]


def test_one_line_messages_of_one_heading_follow_each_other_without_a_gap() -> None:
    assert [len(lines) for lines in bodies("one", "two", "three")] == [1, 1, 1]


@pytest.mark.parametrize("kind", [INCOMING, OUTGOING])
@pytest.mark.parametrize("texts", [("one", "- a\n- b"), ("- a\n- b", "two"), ("x " * 60, "two")])
def test_messages_of_several_lines_stand_apart_and_say_when(
    texts: tuple[str, str], kind: int
) -> None:
    second = bodies(*texts, kind=kind)[1]
    assert second[0] == ""
    assert re.search(r"15:2\d$", second[1])


def test_the_signed_in_agent_is_you_in_quotes_and_activities() -> None:
    messages = [
        message(1, "Yes!", OUTGOING),
        message(2, "which?", content_attributes={"in_reply_to": 1}),
    ]
    built, _kept = ItemBuilder().build(ThreadView(7, messages), NOW, UTC, me=2)
    assert built[-1].quoted == "You: Yes!"
    activity = item(message(3, "Assigned to Ben Counter by Ben Counter", ACTIVITY))
    lines = block(activity, BlockView(76, UTC, me=2, my_name="Ben Counter"))
    assert "Assigned to you by you" in "".join(piece.text for piece in lines[1])


@pytest.mark.parametrize(
    ("told", "own"),
    [
        ("Ben self-assigned this conversation", "You self-assigned this conversation"),
        ("Assigned to Ben via desk by Cleo", "Assigned to you via desk by Cleo"),
        ("Unassigned from Ben by Cleo", "Unassigned from you by Cleo"),
        ("Conversation was marked resolved by Ben", "Conversation was marked resolved by you"),
        ("Assigned to Benjamin by Cleo", "Assigned to Benjamin by Cleo"),
        ("Cleo added Ben", "Cleo added Ben"),
    ],
)
def test_names_are_replaced_only_where_they_say_who(told: str, own: str) -> None:
    assert own_words(told, "Ben") == own
    assert own_words(told, "") == told


def test_one_minute_is_told_once() -> None:
    messages = [message(n, f"text {n}", created_at=NOW - 600 + n * 20) for n in range(1, 6)]
    lines = [shown(one)[-1] for one in items_of(ThreadView(7, messages), NOW, UTC)[1:]]
    assert [line.split()[2:] for line in lines] == [[], [], ["15:21"], [], []]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("sent", "✓"),
        ("delivered", "✓✓ delivered"),
        ("read", "✓✓ read"),
        ("failed", "✗ not delivered"),
        ("teleported", "teleported"),
    ],
)
def test_how_far_a_message_came_is_told_in_marks_and_words(status: str, words: str) -> None:
    heading = shown(item(message(1, "x", OUTGOING, status=status)))[1]
    assert heading.endswith(f"{words}  {clock(message(1).created_at, UTC)}")


def test_incoming_messages_marked_failed_by_the_server_are_shown_as_received() -> None:
    lines = shown(item(message(1, "x", status="failed")))
    assert not any("not delivered" in line for line in lines)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("queued", "○ waiting to go"),
        ("sending", "○ sending"),
        ("unconfirmed", "? checking"),
        ("sent", "✓ sent"),
        ("failed", "✗ not sent"),
    ],
)
def test_own_sends_tell_where_they_are(state: str, words: str) -> None:
    lines = shown(Item("sr", "send", None, send("r", "hello", state, reason="No answer.")))
    assert lines[1].endswith(f"{words}  15:30")
    assert lines[2].endswith("hello")
    assert any("✗ No answer." in x for x in lines) == (state == "failed")
    assert any("before anything is sent again" in x for x in lines) == (state == "unconfirmed")


@pytest.mark.parametrize("reason", ["No answer. It was not sent.", "No answer. Not sent."])
def test_what_was_not_sent_says_why_once_and_names_keys_only_while_they_act_on_it(
    reason: str,
) -> None:
    failed = Item("sr", "send", None, send("r", "hello", "failed", reason=reason))
    lines = shown(failed)
    assert [line.strip() for line in lines[3:]] == ["✗ No answer.", "x unsent messages"]
    assert sum("not sent" in line for line in lines) == 1
    acted_on = block(failed, VIEW, acts=True)
    assert "".join(p.text for p in acted_on[4]).strip() == "r send again · e take back"
    assert [p.target for p in acted_on[4] if p.target] == ["retry", "take_back"]
    assert len(acted_on) == len(lines)
    narrow = block(failed, BlockView(20, UTC), acts=True)
    said = ["".join(piece.text for piece in line).strip() for line in narrow]
    assert said[-2:] == ["r send again", "e take back"]


def test_a_failed_message_says_why_and_what_to_do() -> None:
    failed = message(
        1, "x", OUTGOING, status="failed", content_attributes={"external_error": "mailbox full"}
    )
    lines = shown(item(failed))
    assert "✗ not delivered  " in lines[1]
    assert [line.strip() for line in lines[3:]] == ["✗ mailbox full", "choose it to send it again"]
    acted_on = block(item(failed), VIEW, acts=True)
    assert "".join(p.text for p in acted_on[-1]).strip() == "r send again"


def test_private_notes_say_note_and_stand_behind_a_bar() -> None:
    lines = shown(item(message(1, "two words\nand more", OUTGOING, private=True)))
    assert lines[1].startswith("note · Ben Counter")
    assert lines[2:] == ["┃ two words", "┃ and more"]


def test_activity_lines_are_one_quiet_line() -> None:
    lines = shown(item(message(1, "Conversation was resolved by Ben", ACTIVITY)))
    assert lines[1].startswith("· Conversation was resolved by Ben  ")


def test_deleted_messages_keep_their_place_and_lose_their_files() -> None:
    gone = message(
        1,
        "This message was deleted",
        OUTGOING,
        content_attributes={"deleted": True, "external_error": "x"},
        attachments=(Attachment(1, "image", "a.png"),),
    )
    assert [line.strip() for line in shown(item(gone))[2:]] == ["deleted message"]


def test_attachments_are_lines() -> None:
    files = (
        Attachment(1, "image", "phone.png", file_size=2048, width=64, height=48),
        Attachment(2, "file", "invoice.pdf", file_size=48_200),
        Attachment(3, "audio", "", "https://shop.example/a.mp3"),
    )
    lines = shown(item(message(1, "see", attachments=files)))
    assert lines[3:] == [
        "▸ phone.png  image  64x48  2.0 KB",
        "▸ invoice.pdf  48 KB",
        "▸ unnamed  audio",
    ]
    assert copy_text(item(message(1, "see", attachments=files))) == (
        "see\nhttps://shop.example/a.mp3"
    )


def test_markdown_is_drawn() -> None:
    lines = shown(item(message(1, "**b**\n- one\n> q\n```\n  code\n```")))
    assert lines[2:] == ["b", "• one", "▏ q", "  code"]


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (message(1, "Please rate", TEMPLATE, content_type="input_csat"), "survey: no answer yet"),
        (
            message(
                1,
                "Please rate this conversation, http://a.example/survey/responses/2-3",
                TEMPLATE,
                content_type="input_csat",
                content_attributes={
                    "submitted_values": {
                        "csat_survey_response": {"rating": 4, "feedback_message": "ok!"}
                    }
                },
            ),
            "survey: ★★★★ 4 of 5 - ok!",
        ),
        (message(1, "<p>We are closed</p>\n", TEMPLATE), "We are closed"),
        (
            message(
                1,
                "Which?",
                OUTGOING,
                content_type="input_select",
                content_attributes={
                    "items": [{"title": "iPhone"}, {"title": "Mac"}],
                    "submitted_values": [{"title": "Mac"}],
                },
            ),
            "● Mac",
        ),
        (
            message(
                1,
                "Your address?",
                TEMPLATE,
                content_type="input_email",
                content_attributes={"submitted_email": "a@b.example"},
            ),
            "answered: a@b.example",
        ),
        (
            message(
                1,
                "Look",
                OUTGOING,
                content_type="article",
                content_attributes={"items": [{"title": "Water", "link": "https://a.example/w"}]},
            ),
            "○ Water - https://a.example/w",
        ),
        (
            message(
                1,
                "Fill in",
                OUTGOING,
                content_type="form",
                content_attributes={
                    "items": [{"label": "IMEI"}],
                    "submitted_values": [{"name": "imei", "value": 123}],
                },
            ),
            "imei: 123",
        ),
        (message(1, "hi", OUTGOING, sender=Sender("agent_bot", 1, "Helper")), "Helper · bot"),
        (message(1, "hi", TEMPLATE), "automatic"),
        (message(1, "hi", sender=None), "deleted user"),
        (
            message(1, "?", content_attributes={"is_unsupported": True}),
            "could not take in all",
        ),
    ],
)
def test_special_messages_are_told_in_words(of: Message, words: str) -> None:
    lines = shown(item(of))
    assert any(words in line for line in lines), lines
    assert not any("/survey/" in line or "<p>" in line for line in lines)


def test_an_email_shows_its_subject_and_folds_what_it_quotes() -> None:
    attributes = {
        "email": {
            "subject": "Laptop",
            "text_content": {"reply": "Hello", "full": "Hello\n\nOn Monday you wrote:\n> Hi"},
        }
    }
    email = item(message(1, "Hello", content_type="incoming_email", content_attributes=attributes))
    assert shown(email)[2:] == ["Laptop", "Hello", "▸ quoted text · enter shows it"]
    assert any("On Monday you wrote:" in line for line in shown(email, unfolded=True))


def test_an_email_of_html_only_shows_its_text() -> None:
    attributes = {"email": {"subject": None, "html_content": {"full": "<p>Hi</p><p>you</p>"}}}
    email = message(1, " ", content_type="incoming_email", content_attributes=attributes)
    assert shown(item(replace(email, content="")))[2:] == ["Hi", "you"]


def test_long_messages_are_folded_and_shown_whole_on_request() -> None:
    long = item(message(1, "\n".join(f"line {n}" for n in range(300))))
    assert len(shown(long)) < 40
    assert shown(long)[-1].startswith("▸ long message, ")
    assert shown(long, unfolded=True)[-1] == "line 299"
    assert len(shown(item(message(1, HOSTILE_MEGABYTE)))) < 40


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(HOSTILE), st.integers(16, 130), st.booleans(), st.booleans(), st.booleans())
def test_no_line_is_wider_than_the_pane(
    text: str, cells: int, ours: bool, private: bool, grouped: bool
) -> None:
    of = message(
        1,
        text,
        OUTGOING if ours else 0,
        private=private,
        status="failed",
        sender=Sender("user" if ours else "contact", 1, text.replace("\n", " ")),
        attachments=(Attachment(1, "image", text.replace("\n", " "), file_size=10**9),),
        content_attributes={"in_reply_to": 4, "external_error": text.replace("\n", " ")},
    )
    quoted = "" if grouped else text.replace("\n", " ")
    for line in block(item(of, grouped=grouped, quoted=quoted), BlockView(cells, UTC)):
        assert sum(width(piece.text) for piece in line) <= cells
        assert not any("\n" in piece.text for piece in line)


def test_with_ascii_only_an_ascii_message_is_drawn_in_ascii() -> None:
    symbols.use_ascii = True
    try:
        for status in ("sent", "read", "failed"):
            of = message(1, "- x\n> y\n---", OUTGOING, status=status, private=status == "sent")
            assert all(line.isascii() for line in shown(item(of, quoted="Ana: hi")))
    finally:
        symbols.use_ascii = False


# --- items -----------------------------------------------------------------------------------


def kinds(content: ThreadView) -> list[str]:
    return [f"{i.kind}{'+' if i.grouped else ''}" for i in items_of(content, NOW, UTC)]


def test_days_new_messages_and_the_start_are_divided() -> None:
    messages = [
        message(1, created_at=NOW - 90_000),
        message(2, created_at=NOW - 400),
        message(3, created_at=NOW - 300),
        message(4, created_at=NOW - 200),
    ]
    content = ThreadView(7, messages, new_from=4, start_reached=True)
    assert kinds(content) == [
        "edge", "day", "message", "day", "message", "message+", "new", "message",
    ]  # fmt: skip
    words = [i.words for i in items_of(content, NOW, UTC) if i.words]
    assert words == ["start of the conversation", "Yesterday", "Today", "new"]


def test_a_day_that_begins_with_new_messages_has_one_divider() -> None:
    items = items_of(ThreadView(7, [message(1, created_at=NOW - 60)], new_from=1), NOW, UTC)
    assert [one.words for one in items] == ["Today, new", ""]


def test_where_messages_may_be_missing_is_said() -> None:
    messages = [message(n, created_at=NOW - 100 + n) for n in (1, 2, 3)]
    content = ThreadView(7, messages, gap_after=2)
    assert kinds(content) == ["day", "message", "message+", "gap", "message"]
    gap = items_of(content, NOW, UTC)[3]
    assert "messages may be missing here" in shown(gap)[1]
    builder = ItemBuilder()
    builder.build(ThreadView(7, messages[:2], gap_after=2), NOW, UTC)
    assert builder.build(content, NOW, UTC)[0] == items_of(content, NOW, UTC)
    edge = ItemBuilder().build(content, NOW, UTC, edge="loading older messages")[0][0]
    assert shown(edge)[0].strip() == "loading older messages"


def test_typing_is_told_by_name() -> None:
    assert typing_words([typing("Ana")]) == "Ana is typing"
    assert typing_words([typing("Ana"), typing("")]) == "Ana, somebody are typing"
    cleo = replace(typing("Cleo"), kind="user")
    assert typing_words([cleo]) == "Cleo is writing a reply"
    assert typing_words([replace(cleo, private=True)]) == "Cleo is writing a note"
    assert typing_words([typing("Ana"), cleo]) == "Cleo is writing a reply · Ana is typing"


def test_an_answer_shows_what_it_answers() -> None:
    messages = [
        message(1, "**Which** one?"),
        message(2, "this", content_attributes={"in_reply_to": 1}),
    ]
    answer = items_of(ThreadView(7, messages), NOW, UTC)[-1]
    assert answer.quoted == "Ana Sousa: Which one?"
    assert shown(answer)[2] == "╭ Ana Sousa: Which one?"
    unknown = [message(2, "this", content_attributes={"in_reply_to": 1})]
    assert items_of(ThreadView(7, unknown), NOW, UTC)[-1].quoted == "an older message"
    none = [message(2, "this", content_attributes={"in_reply_to": None})]
    assert items_of(ThreadView(7, none), NOW, UTC)[-1].quoted == ""


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20), st.integers(0, 19), st.integers(0, 4))
def test_building_on_what_was_there_gives_what_building_anew_gives(
    senders: list[int], changed: int, more: int
) -> None:
    def made(number: int, who: int) -> Message:
        sender = (CUSTOMER, CUSTOMER, None, Sender("user", 2, "Ben"))[who]
        return message(
            number, sender=sender, created_at=NOW - 9e5 + number * (200 + 90_000 * (who == 2))
        )

    before = [made(n, who) for n, who in enumerate(senders)]
    after = [*before, *(made(len(before) + n, n % 4) for n in range(more))]
    after[changed % len(before)] = made(changed % len(before), 1)
    builder = ItemBuilder()
    first, _kept = builder.build(ThreadView(7, before), NOW, UTC)
    second, kept = builder.build(ThreadView(7, after), NOW, UTC)
    assert second == items_of(ThreadView(7, after), NOW, UTC)
    assert all(a is b for a, b in zip(first[:kept], second[:kept], strict=True))
    late, _kept = ItemBuilder().build(ThreadView(7, after), NOW, UTC, start=1)
    assert [one.key for one in late if one.message] == [f"m{one.id}" for one in after[1:]]
    third, kept = builder.build(ThreadView(7, after), NOW, UTC)
    assert third == second
    assert kept == len(third)


@given(
    st.lists(st.integers(0, 9), max_size=40),
    st.lists(st.tuples(st.integers(0, 39), st.integers(0, 9))),
)
def test_heights_add_up_after_any_changes(
    heights: list[int], changes: list[tuple[int, int]]
) -> None:
    index = HeightIndex(heights)
    for place, height in changes:
        if place < len(heights):
            heights[place] = height
            index[place] = height
    assert index.total == sum(heights)
    for place in range(len(heights) + 1):
        assert index.start(place) == sum(heights[:place])
    line = 0
    for place, height in enumerate(heights):
        for offset in range(height):
            assert index.find(line) == (place, offset)
            line += 1
