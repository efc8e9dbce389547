"""How soon suggestions stand on the screen, counted: in the chat's first paint where they were
thought of before, and nothing is thought of twice."""

from __future__ import annotations

import asyncio
import gc
import time
from array import array
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from revivatui.crm.views import Capabilities
from revivatui.screens.copilot_ahead import RESTS, Ahead
from revivatui.screens.copilot_asked import asked_of
from revivatui.screens.copilot_manners import PoliteVectors
from revivatui.screens.copilot_thoughts import FRESH
from tests.support.shops import Stage
from tests.ui.copilot_help import (
    LARGE,
    advice,
    copilot,
    copilot_is_there,
    pane,
    suggesting,
    thought,
)
from tests.ui.crm_help import WITH_CRM, Bench, bench_of, crm_answered
from tests.ui.desk_help import OnScreen, desk_on

ASKS = "Hello, is my phone ready? When can I pick it up?"
MOST_ROUNDS = 20
MOST_THOUGHTS = 3
"""For a chat that nothing is known of: from its last message, with the customer's record, and with
its other messages."""


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What is suggested does not depend on the chat's version."""
    return str(request.param)


class Counted:
    """Counts what is thought about which conversation; the thinking itself is the real one."""

    def __init__(self, desk: OnScreen) -> None:
        self.advised: list[int] = []
        self.checked: list[int] = []
        thinker = copilot(desk)._thinker
        self._wrap(thinker, "advise", self.advised)
        self._wrap(thinker, "check", self.checked)

    @staticmethod
    def _wrap(thinker: Any, name: str, told: list[int]) -> None:
        really = getattr(thinker, name)

        def counting(asked: Any, *more: Any) -> Any:
            told.append(asked.conversation_id)
            return really(asked, *more)

        setattr(thinker, name, counting)

    def clear(self) -> None:
        self.advised.clear()
        self.checked.clear()


def paints_of(desk: OnScreen) -> list[str]:
    """The screen as it stood after each paint from now on."""
    seen: list[str] = []
    really = desk.app._display

    def display(screen: Any, renderable: Any) -> None:
        really(screen, renderable)
        seen.append(desk.text())

    desk.app._display = display  # type: ignore[method-assign]
    return seen


def is_ready(desk: OnScreen, number: int) -> Callable[[], bool]:
    """Whether a chat that is not open was thought about, with its customer's record."""

    def ready() -> bool:
        kept = copilot(desk)._thoughts.of(number)
        return kept is not None and kept.is_whole and desk.crm.picture(number).phase == "there"

    return ready


@asynccontextmanager
async def at_the_list(stage: Stage, folder: Path) -> AsyncIterator[tuple[OnScreen, Bench]]:
    """A desk with another chat open than that of the customer in the CRM, whose row is below the
    first; nothing was thought about it yet."""
    async with bench_of(stage, folder) as bench:
        await bench.repair("ready", model="iPhone 13 Pro")
        stage.customer_writes(bench.conversation, ASKS)
        async with desk_on(stage, folder, LARGE, settings=WITH_CRM, copilot=True) as desk:
            await desk.until(lambda: copilot_is_there(desk), "the copilot")
            await desk.until(lambda: bench.number in desk.inbox.list.ids, "the row")
            await desk.until(lambda: desk.crm.house.as_of is not None, "the CRM")
            yield desk, bench


async def rest_on(desk: OnScreen, number: int) -> None:
    """Move the list's cursor onto a row as an agent does, and wait until all was thought."""
    listed = desk.inbox.list
    await desk.press("end" if listed.ids[-1] != number else "home")
    while listed.cursor_id != number:
        away = listed.ids.index(number) - listed.ids.index(listed.cursor_id or 0)
        await desk.press("down" if away > 0 else "up")
    await desk.until(is_ready(desk, number), "thoughts about the row under the cursor")


async def test_a_chat_that_the_cursor_rested_on_shows_its_suggestions_in_its_first_paint(
    stage: Stage, tmp_path: Path
) -> None:
    async with at_the_list(stage, tmp_path / "desk") as (desk, bench):
        await rest_on(desk, bench.number)
        counted, paints = Counted(desk), paints_of(desk)
        await desk.press("enter")
        await desk.until(lambda: desk.inbox.open_id == bench.number, "the chat")
        await thought(desk)
        first = next(one for one in paints if ASKS[:20] in one and "to reply" in one)
        assert "1 record" in first
        assert pane(desk).advice.shown[0].suggestion.title[:12] in first
        before = [one for one in counted.advised if one == bench.number]
        assert len(before) <= 1, "once more at most, with the messages that the server has"


async def test_a_chat_about_which_nothing_changed_is_not_thought_about_again(
    stage: Stage, tmp_path: Path
) -> None:
    async with suggesting(stage, tmp_path / "desk") as (desk, bench):
        other = next(one for one in desk.inbox.list.ids if one != bench.number)
        counted, quiet = Counted(desk), 0

        def what_is_known() -> object:
            assert desk.app.session is not None
            asked = asked_of(desk.app.session, bench.number)
            return asked and asked.key, copilot(desk)._thoughts.season

        def was_thought_from(known: object) -> bool:
            kept = copilot(desk)._thoughts._kept[bench.number]
            assert desk.app.session is not None
            is_fresh = desk.app.session.clock() - kept.at < FRESH / 2
            is_checked = all(one.is_checked for one in kept.advice.shown)
            return (kept.key, kept.season) == known and is_fresh and is_checked

        for _ in range(MOST_ROUNDS):
            desk.inbox.commands.open(other)
            await thought(desk)
            counted.clear()
            before, shown = what_is_known(), copilot(desk).advice(bench.number).shown
            is_same = was_thought_from(before)
            desk.inbox.commands.open(bench.number)
            assert advice(desk).shown == shown
            await thought(desk)
            if is_same and what_is_known() == before:  # server and CRM had nothing to add
                quiet += 1
                assert counted.advised.count(bench.number) == 0
                assert counted.checked.count(bench.number) == 0
            if quiet == 3:
                return
        raise AssertionError(f"something changed in each of {MOST_ROUNDS} rounds")


async def test_a_thought_begun_before_something_was_learned_is_old_when_it_ends(
    stage: Stage, tmp_path: Path
) -> None:
    async with suggesting(stage, tmp_path / "desk") as (desk, bench):
        assert desk.app.session is not None
        asked = asked_of(desk.app.session, bench.number)
        assert asked is not None
        thoughts, advised = copilot(desk)._thoughts, advice(desk)
        begun = thoughts.season
        thoughts.outdate()
        thoughts.keep(asked, advised, begun)
        assert not thoughts.hold_for(asked)
        thoughts.keep(asked, advised, thoughts.season)
        assert thoughts.hold_for(asked)


async def test_what_the_customer_wrote_meanwhile_is_thought_about(
    stage: Stage, tmp_path: Path
) -> None:
    async with suggesting(stage, tmp_path / "desk") as (desk, bench):
        other = next(one for one in desk.inbox.list.ids if one != bench.number)
        desk.inbox.commands.open(other)
        await thought(desk)
        stage.customer_writes(bench.conversation, "And how much is a new battery?")
        desk.inbox.commands.open(bench.number)
        await desk.until(lambda: "battery" in advice(desk).asked, "the new question")


async def test_what_was_learned_is_thought_about_when_a_chat_is_opened_again(
    stage: Stage, tmp_path: Path
) -> None:
    async with suggesting(stage, tmp_path / "desk") as (desk, bench):
        other = next(one for one in desk.inbox.list.ids if one != bench.number)
        counted = Counted(desk)
        copilot(desk).mark(advice(desk).shown[-1], -1)
        desk.inbox.commands.open(other)
        desk.inbox.commands.open(bench.number)
        await desk.until(lambda: bench.number in counted.advised, "another thought")


async def test_a_chat_that_nothing_is_known_of_is_thought_about_a_handful_of_times(
    stage: Stage, tmp_path: Path
) -> None:
    async with at_the_list(stage, tmp_path / "desk") as (desk, bench):
        other = next(one for one in desk.inbox.list.ids if one != bench.number)
        desk.inbox.commands.open(other)
        await thought(desk)
        copilot(desk)._ahead.near(())
        copilot(desk)._thoughts.clear()
        desk.crm.refresh()
        counted = Counted(desk)
        desk.inbox.commands.open(bench.number)
        await desk.until(lambda: desk.inbox.open_id == bench.number)
        await crm_answered(desk)
        await thought(desk)
        assert 1 <= counted.advised.count(bench.number) <= MOST_THOUGHTS


async def test_no_text_is_read_before_somebody_moves_and_then_before_a_chat_is_opened(
    stage: Stage, tmp_path: Path
) -> None:
    async with desk_on(stage, tmp_path, LARGE, copilot=True) as desk:
        await desk.until(lambda: copilot_is_there(desk), "the copilot")
        await desk.until(lambda: len(desk.inbox.list.ids) > 1, "the list")
        thinker = copilot(desk)._thinker
        await desk.pilot.pause(0.5)
        assert thinker._library is None
        frozen = gc.get_freeze_count()
        await desk.press("down")
        await desk.until(lambda: thinker._library is not None, "the shop's texts")
        assert desk.inbox.open_id is None
        await desk.until(lambda: gc.get_freeze_count() > frozen, "a collector that leaves them be")


# --- whose turn it is ----------------------------------------------------------------------------


async def test_a_cursor_that_moves_on_leaves_nothing_to_think_behind_it() -> None:
    told: list[int] = []

    async def think(number: int) -> None:
        told.append(number)

    ahead = Ahead(think, asyncio.ensure_future)
    for number in range(50):
        ahead.near((number, number + 1))
        await asyncio.sleep(0)
    await asyncio.sleep(5 * RESTS)
    assert told == [49, 50]
    ahead.near((1, 2))
    ahead.stop()
    await asyncio.sleep(3 * RESTS)
    assert told == [49, 50]


async def test_a_crm_that_counts_questions_is_asked_for_open_chats_alone(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = Capabilities(has_changes=True, counts_questions=True)
    monkeypatch.setattr("revivatui.crm.store.store.CAPABILITIES", limited)
    async with at_the_list(stage, tmp_path / "desk") as (desk, bench):
        before = desk.crm.calls
        await desk.press("end", "home", "down", "home")
        await desk.until(lambda: bench.number in copilot(desk)._thoughts, "a thought")
        assert desk.crm.calls == before


async def test_what_is_asked_ahead_is_not_asked_again_when_the_chat_is_opened(
    stage: Stage, tmp_path: Path
) -> None:
    async with at_the_list(stage, tmp_path / "desk") as (desk, bench):
        state = desk.state
        contact = state.contacts[state.conversations[bench.number].contact_id]
        began = asyncio.ensure_future(desk.crm.look_ahead(bench.number, contact))
        await asyncio.sleep(0)
        desk.inbox.commands.open(bench.number)
        await began
        await desk.until(lambda: desk.crm.picture(bench.number).files, "the repair")
        asked = desk.crm.calls
        desk.crm.refresh()
        await desk.until(lambda: desk.crm.calls == 2 * asked, "the same questions once more")


def test_no_text_is_worked_out_while_somebody_waits(tmp_path: Path) -> None:
    until = time.monotonic() + 0.3
    made: list[float] = []

    def vector(_text: str) -> array[float]:
        made.append(time.monotonic())
        return array("f")

    vectors = PoliteVectors(tmp_path / "v.sqlite3", lambda: until - time.monotonic())
    assert len(vectors.vectors(["a", "b", "c"], vector)) == 3
    assert len(made) == 3
    assert min(made) >= until
