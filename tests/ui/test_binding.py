"""What is done lands on the conversation that was shown when the key went down (design rule 2)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from revivatui.screens.inbox import InboxScreen
from revivatui.state import changes, events
from revivatui.widgets.sure_hand import SURE_AFTER
from tests.ui import binding
from tests.ui.binding import Binding, Misdirected
from tests.ui.desk_help import OnScreen
from tests.ui.quiet_engine import QuietEngine
from tests.ui.scene import NOW, OPENED, SceneApp

pytestmark = pytest.mark.timeout(600)  # thousands of steps of a whole desk
SEED = 4
STEPS = 1000
STEPS_TO_FIND = 3000
"""Within so many a broken binding must be found."""


def test_a_thousand_steps_in_any_order_misdirect_nothing() -> None:
    before = binding.TRIED.copy()
    assert binding.walk(Binding, STEPS, SEED) >= STEPS
    done = binding.TRIED - before
    print(f"seed {SEED}: {dict(done)}")
    for kind in ("dialog", "open", "draft", "send", "status", "assign", "labels", "priority"):
        assert done[kind], f"no {kind} was tried"


# --- bindings that are broken on purpose ---------------------------------------------------------


def by_list_position(walk: Binding) -> None:
    """Keys act on the place where the cursor was put, whatever stands there now."""
    chosen = [0]
    put = walk.inbox.list._move_to

    def move_to(place: int) -> None:
        put(place)
        chosen[0] = max(0, min(place, len(walk.inbox.list.ids) - 1))

    def target(inbox: InboxScreen) -> int | None:
        ids = inbox.list.ids
        return ids[min(chosen[0], len(ids) - 1)] if ids else None

    walk.inbox.list._move_to = move_to  # type: ignore[method-assign]
    aimed: Any = type("ByPosition", (InboxScreen,), {"target_id": property(target)})
    walk.inbox.__class__ = aimed


def when_answered(walk: Binding) -> None:
    """A dialog's answer goes to whatever the cursor stands on when it is given."""
    walk.engine.aimed = lambda given: walk.inbox.list.cursor_id or given


def with_the_cursor(walk: Binding) -> None:
    """What is written goes to the row under the list's cursor."""
    walk.engine.written_to = lambda given: walk.inbox.list.cursor_id or given


def without_a_sure_hand(walk: Binding) -> None:
    """Keys act at once on the row that took the place of another."""
    walk.inbox.list.hand.clock = _ever_later()


def _ever_later() -> Callable[[], float]:
    now = [0.0]

    def clock() -> float:
        now[0] += 2 * SURE_AFTER
        return now[0]

    return clock


@pytest.mark.parametrize(
    "how", [by_list_position, when_answered, with_the_cursor, without_a_sure_hand]
)
def test_a_binding_that_is_broken_is_found(how: Callable[[Binding], None]) -> None:
    broken = type("Broken", (Binding,), {"broken": staticmethod(how)})
    with pytest.raises(Misdirected):
        binding.walk(broken, STEPS_TO_FIND, SEED)


# --- what the walks have found -------------------------------------------------------------------


class Desk(OnScreen):
    """A desk on the fixed day, with an engine that notes and a clock for the list's moves."""

    def __init__(self, app: SceneApp, pilot: Any) -> None:
        super().__init__(app, pilot)
        self.engine = QuietEngine(app)
        self.now = 0.0
        self.inbox.list.hand.clock = lambda: self.now

    async def look(self) -> None:
        """These hands act before an eye could see."""

    def tell(self, event: events.Event) -> None:
        assert self.app.session is not None
        self.app.session.store.dispatch(event)
        self.app.session.store.flush()

    def somebody_resolves(self, number: int) -> None:
        held = self.state.conversations[number]
        row = replace(held, status="resolved", updated_at=NOW)
        self.tell(events.ConversationsRead((row,), (), self.state.sequence, NOW))


@asynccontextmanager
async def a_desk(
    folder: Path, size: tuple[int, int] = (120, 30), *, opened: bool = False
) -> AsyncIterator[Desk]:
    app = SceneApp(folder, "nordic", opened=opened)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield Desk(app, pilot)


async def test_a_key_that_meets_a_row_which_has_just_taken_anothers_place_does_nothing(
    tmp_path: Path,
) -> None:
    async with a_desk(tmp_path) as desk:
        desk.somebody_resolves(OPENED)
        assert desk.inbox.list.cursor_id == OPENED - 1
        for key in ("e", "A", "r", "enter"):
            await desk.press(key)
        await desk.sees("The list has just moved.")
        assert {name for name, _given in desk.engine.asked} <= {"load_more"}
        desk.now += SURE_AFTER
        await desk.press("A")
        await desk.until(lambda: desk.engine.of("assign") == [(OPENED - 1, 1)])


async def test_rows_that_the_agent_takes_away_themselves_make_no_key_wait(
    tmp_path: Path,
) -> None:
    async with a_desk(tmp_path) as desk:

        def resolve(number: int, status: str) -> None:
            desk.engine.asked.append(("set_status", (number, status)))
            change = changes.set_status(desk.state, number, status)
            desk.tell(events.ChangeMoved(changes.sending(change)))

        desk.engine.set_status = resolve  # type: ignore[attr-defined]
        await desk.press("e", "e", "e")
        numbers = [number for number, _status in desk.engine.of("set_status")]
        assert numbers == [OPENED, OPENED - 1, OPENED - 2]


async def test_a_click_where_news_has_just_put_another_row_opens_nothing(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        desk.somebody_resolves(OPENED)
        await desk.pilot.click(desk.inbox.list, offset=(6, 0))
        await desk.sees("The list has just moved.")
        assert desk.engine.of("open") == []
        desk.now += SURE_AFTER
        await desk.pilot.click(desk.inbox.list, offset=(6, 0))
        await desk.until(lambda: desk.engine.of("open") == [(OPENED - 1,)])


async def test_the_palette_acts_on_the_row_that_was_under_the_cursor_when_it_was_opened(
    tmp_path: Path,
) -> None:
    async with a_desk(tmp_path) as desk:
        await desk.press("ctrl+p")
        await desk.type("assign to me")
        await desk.sees("Take it yourself")
        desk.somebody_resolves(OPENED)
        desk.now += SURE_AFTER
        await desk.press("enter")
        await desk.until(lambda: desk.engine.of("assign") == [(OPENED, 1)])


async def test_a_pane_that_a_smaller_terminal_hides_gives_the_focus_to_the_one_that_is_shown(
    tmp_path: Path,
) -> None:
    async with a_desk(tmp_path, opened=True) as desk:
        await desk.press("enter")
        assert desk.inbox.place == "thread"
        desk.inbox.set_focus(desk.inbox.list)
        await desk.press("down")
        await desk.pilot.resize_terminal(80, 24)
        await desk.until(lambda: desk.inbox.focused is desk.inbox.thread)
        await desk.press("A")
        await desk.until(lambda: desk.engine.of("assign") == [(OPENED, 1)])


async def test_a_composer_that_a_smaller_terminal_hides_takes_no_letters(tmp_path: Path) -> None:
    async with a_desk(tmp_path, opened=True) as desk:
        await desk.press("enter", "f2")
        desk.inbox.set_focus(desk.inbox.composer)
        await desk.pilot.resize_terminal(80, 24)
        await desk.until(lambda: desk.inbox.focused is desk.inbox.contact)
        await desk.press("h")
        assert desk.inbox.composer.text == ""


async def test_what_is_typed_to_a_conversation_that_goes_away_means_nothing_else(
    tmp_path: Path,
) -> None:
    async with a_desk(tmp_path, opened=True) as desk:
        await desk.press("enter", "r", "h")
        desk.tell(events.ConversationGone(OPENED, "not found"))
        for key in "eAlm":
            await desk.press(key)
        acts = [name for name, _given in desk.engine.asked]
        assert not {"set_status", "assign", "mark_read", "set_labels"} & set(acts)
        assert len(desk.app.screen_stack) == 1


async def test_an_empty_list_alone_on_the_screen_has_no_conversation_to_act_on(
    tmp_path: Path,
) -> None:
    async with a_desk(tmp_path, (80, 24), opened=True) as desk:
        await desk.press("enter", "escape")
        for number in list(desk.inbox.list.ids):
            desk.somebody_resolves(number)
        assert not desk.inbox.list.ids
        desk.now += SURE_AFTER
        await desk.press("A")
        await desk.sees("Choose a conversation first.")
        assert desk.engine.of("assign") == []


async def test_a_terminal_made_narrower_while_a_dialog_is_open_ends_nothing(
    tmp_path: Path,
) -> None:
    async with a_desk(tmp_path, (200, 50), opened=True) as desk:
        await desk.press("enter", "f2", "f2", "a")
        for size in ((80, 24), (200, 50), (80, 24), (120, 30)):
            await desk.pilot.resize_terminal(*size)
        await desk.sees("Assign #")
        assert desk.app.screen.query_one(Input).has_focus
