"""The conversation list at work: the cursor, the mouse, reorders, and what each change costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.events import MouseScrollDown

from revivatui.state.select import Row
from revivatui.widgets.conversation_list import ConversationList
from revivatui.widgets.sure_hand import SURE_AFTER
from tests.support.work import calls_of
from tests.ui.hostile import HOSTILE_LINES, RAW, control_bytes
from tests.ui.list_help import NOW, Desk
from tests.ui.recorder import record_terminal

if TYPE_CHECKING:
    from collections.abc import Callable


async def test_keys_move_the_cursor_and_enter_opens() -> None:
    app = Desk(60)
    async with app.run_test(size=(80, 24)) as pilot:
        app.inbox.show(list(range(1, 61)))
        assert app.inbox.cursor_id == 1
        await pilot.press("down", "j", "up", "k", "down")
        assert app.inbox.cursor_id == 2
        await pilot.press("pagedown")
        assert app.inbox.cursor_id == 13
        await pilot.press("end")
        assert app.inbox.cursor_id == 60
        assert "Customer 60" in app.screen_lines[-2]
        await pilot.press("up", "home", "up")
        assert app.inbox.cursor_id == 1
        await pilot.press("pageup", "down", "enter")
        assert app.heard[-2:] == [("highlighted", 2), ("opened", 2)]


async def test_a_click_highlights_and_opens_and_the_wheel_only_scrolls() -> None:
    app = Desk(60)
    async with app.run_test(size=(80, 24)) as pilot:
        app.inbox.show(list(range(1, 61)))
        app.inbox.hand.clock = lambda: float("inf")
        await pilot.click(ConversationList, offset=(10, 7))
        assert app.heard[-2:] == [("highlighted", 4), ("opened", 4)]
        for _ in range(3):
            await pilot._post_mouse_events(
                [MouseScrollDown], ConversationList, offset=(10, 7), button=0
            )
        await pilot.pause()
        assert app.inbox.scroll_offset.y > 0
        assert app.inbox.cursor_id == 4
        await pilot.click(ConversationList, offset=(10, 23))
        assert app.inbox.cursor_id not in (None, 4)


async def test_a_click_below_the_last_row_opens_nothing() -> None:
    app = Desk(2)
    async with app.run_test(size=(80, 24)) as pilot:
        app.inbox.show([1, 2])
        await pilot.click(ConversationList, offset=(10, 20))
        assert ("opened", 2) not in app.heard


async def test_the_cursor_stays_on_its_conversation_and_its_line_through_reorders() -> None:
    app = Desk(60)
    async with app.run_test(size=(80, 24)) as pilot:
        order = list(range(1, 61))
        app.inbox.show(order)
        await pilot.press(*["down"] * 30)
        await pilot.pause()
        before = app.line_of(31)
        for moved in (50, 55, 60):
            order = [moved, *[i for i in order if i != moved]]
            app.inbox.show(order)
        await pilot.pause()
        assert app.inbox.cursor_id == 31
        assert app.line_of(31) == before
        app.inbox.show([i for i in order if i > 20])
        await pilot.pause()
        assert app.inbox.cursor_id == 31


async def test_a_list_at_its_top_shows_who_comes_in_there() -> None:
    app = Desk(60)
    async with app.run_test(size=(80, 24)) as pilot:
        app.inbox.show(list(range(2, 61)))
        app.inbox.show(list(range(1, 61)))
        await pilot.pause()
        assert app.line_of(1) == 0
        assert app.inbox.cursor_id == 2


async def test_a_cursor_whose_conversation_is_gone_goes_to_the_row_in_its_place() -> None:
    app = Desk(60)
    async with app.run_test(size=(80, 24)) as pilot:
        app.inbox.show([1, 2, 3, 4])
        await pilot.press("down", "down")
        app.inbox.show([1, 2, 4])
        assert app.inbox.cursor_id == 4
        app.inbox.show([1, 2])
        assert app.inbox.cursor_id == 2
        app.inbox.show([])
        assert app.cursor() is None
        await pilot.press("down", "enter", "end")
        app.inbox.show([5])
        assert app.inbox.cursor_id == 5


async def test_a_row_that_is_not_known_shows_its_number() -> None:
    app = Desk(2)
    async with app.run_test(size=(80, 24)) as pilot:
        app.inbox.show([1, 404, 2])
        await pilot.pause()
        assert app.screen_lines[2].startswith("  #404")
        assert app.line_of(2) == 4


async def test_the_end_is_told_once_for_each_length() -> None:
    app = Desk(60)
    async with app.run_test(size=(80, 24)) as pilot:
        app.inbox.show(list(range(1, 41)))
        await pilot.press("end", "home", "end")
        assert app.heard.count(("end", 40)) == 1
        app.inbox.show(list(range(1, 61)))
        await pilot.press("end")
        assert app.heard.count(("end", 60)) == 1


async def test_empty_tail_and_opened_are_told_in_words() -> None:
    app = Desk(30)
    async with app.run_test(size=(80, 24)) as pilot:
        app.inbox.set_empty("Nobody waits.\nf5 asks again")
        await pilot.pause()
        assert any("Nobody waits." in line for line in app.screen_lines)
        app.inbox.show(list(range(1, 31)))
        app.inbox.set_tail("loading more")
        app.inbox.opened_id = 29
        await pilot.press("end")
        assert "loading more" in app.screen_lines[-1]
        assert any(line.startswith("│ Customer 29") for line in app.screen_lines)
        assert any(line.startswith("▌ Customer 30") for line in app.screen_lines)


async def test_only_rows_on_screen_are_asked_for() -> None:
    app = Desk(10_000)
    async with app.run_test(size=(80, 24)) as pilot:
        app.inbox.show(list(range(1, 10_001)))
        await pilot.press("end")
        assert len(set(app.asked)) < 40


@pytest.mark.parametrize("size", [(80, 24), (46, 8), (20, 24), (6, 3)])
async def test_a_resize_keeps_the_cursor_on_screen(size: tuple[int, int]) -> None:
    app = Desk(60)
    async with app.run_test(size=(120, 40)) as pilot:
        app.inbox.show(list(range(1, 61)))
        await pilot.press(*["down"] * 25)
        await pilot.resize_terminal(*size)
        await pilot.pause()
        assert any("▌" in line for line in app.screen_lines)


async def test_a_list_that_was_hidden_shows_what_is_true_now_and_its_cursor() -> None:
    app = Desk(60)
    async with app.run_test(size=(80, 24)) as pilot:
        app.inbox.show(list(range(21, 61)))
        await pilot.press("down", "down")
        app.inbox.display = False
        await pilot.pause()
        app.inbox.show(list(range(1, 61)))
        app.rows[24] = replace(app.rows[24], preview="said meanwhile")
        app.inbox.rows_changed([24])
        app.inbox.display = True
        await pilot.pause()
        cursor = app.line_of(23)
        assert app.screen_lines[cursor].startswith(("▌", "╎"))
        assert "said meanwhile" in app.screen_lines[cursor + 3]
        app.inbox.display = False
        await pilot.pause()
        app.inbox.move_cursor(60)
        app.inbox.display = True
        await pilot.pause()
        assert app.screen_lines[app.line_of(60)].startswith(("▌", "╎"))


def changed_row(change: Callable[[Row], Row]) -> Callable[[Desk], None]:
    def apply(app: Desk) -> None:
        app.rows[5] = change(app.rows[5])
        app.inbox.rows_changed([5])

    return apply


@pytest.mark.parametrize(
    "change",
    [
        changed_row(lambda row: replace(row, typing=True)),
        changed_row(lambda row: replace(row, unread=3)),
        changed_row(
            lambda row: replace(
                row,
                preview="A whole new sentence that fills the line to its end",
                unread=1,
                waiting_since=NOW,
                last_activity_at=NOW,
                priority="urgent",
                labels=("data-recovery",),
            )
        ),
    ],
    ids=["typing", "unread", "everything"],
)
async def test_a_row_change_writes_at_most_500_bytes(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[Desk], None]
) -> None:
    recorder = record_terminal(monkeypatch)
    app = Desk(60)
    async with app.run_test(size=(120, 30)) as pilot:
        app.inbox.show(list(range(1, 61)))
        await pilot.pause()
        recorder.clear()
        change(app)
        await pilot.pause()
        assert 0 < recorder.size <= 500


async def test_what_looks_the_same_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = record_terminal(monkeypatch)
    app = Desk(60)
    async with app.run_test(size=(120, 30)) as pilot:
        app.inbox.show(list(range(1, 61)))
        await pilot.pause()
        recorder.clear()
        app.rows[50] = replace(app.rows[50], typing=True)
        app.inbox.rows_changed(range(1, 61))
        app.inbox.minute_passed()
        app.inbox.show(list(range(1, 61)))
        await pilot.pause()
        assert recorder.size == 0


async def work_of_a_list(count: int) -> tuple[int, int, int]:
    """What it is to build and draw it, to go a row down and draw, and to take a new order."""
    app = Desk(count)
    async with app.run_test(size=(120, 30)) as pilot:
        ids = list(range(1, count + 1))

        def draw() -> None:
            for y in range(30):
                app.inbox.render_line(y)

        draw()
        build = calls_of(lambda: app.inbox.show(ids)) + calls_of(draw)
        await pilot.pause()
        key = max(calls_of(app.inbox.action_cursor_down) + calls_of(draw) for _ in range(20))
        order = calls_of(lambda: app.inbox.show([ids[-1], *ids[:-1]]))
    return build, key, order


async def test_ten_thousand_rows_are_built_and_answer_a_key_as_a_hundred_do() -> None:
    # What it takes in milliseconds: `make bench ARGS=parts`.
    few, many = await work_of_a_list(100), await work_of_a_list(10_000)
    for some, all_of_them, most in zip(few, many, (30_000, 15_000, 10_000), strict=True):
        assert all_of_them <= min(1.1 * some, most)


async def test_hostile_text_reaches_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = record_terminal(monkeypatch)
    app = Desk(0)
    for number, text in enumerate(HOSTILE_LINES, 1):
        app.rows[number] = Row(
            number, text, text, preview_by="", labels=(text,), inbox=text, assignee=text
        )
    async with app.run_test(size=(120, 70)) as pilot:
        app.inbox.set_columns(assignee=True, inbox=True)
        app.inbox.show(list(app.rows))
        await pilot.press("down")
        for size in ((60, 70), (46, 9), (20, 60), (5, 4)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert len(recorder.text) > 10_000
        assert control_bytes(recorder.text) == []


def test_the_scan_of_hostile_text_finds_what_it_looks_for() -> None:
    assert control_bytes("\x1b[1;1H\x1b[38;2;1;2;3mwords\x1b[0m\n\x1b[0m") == []
    for text in RAW[:12]:
        if "[@click" not in text and "{{" not in text:
            assert control_bytes(f"\x1b[1;1H{text}"), text


async def test_a_cursor_that_news_moved_is_unsure_also_where_the_first_row_was_wanted() -> None:
    app = Desk(6)
    async with app.run_test(size=(80, 24)) as pilot:
        now = [0.0]
        app.inbox.hand.clock = lambda: now[0]
        app.inbox.show([1, 2, 3])
        await pilot.pause()
        now[0] += SURE_AFTER
        app.inbox.show([2, 3])
        app.inbox.to_first(asked=False)
        assert app.inbox.cursor_id == 2
        assert not app.inbox.hand.cursor_is_sure
        assert not app.inbox.hand.line_is_sure(0)
        app.inbox.to_first(asked=True)
        assert app.inbox.hand.is_sure
