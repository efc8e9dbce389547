"""What agents' choices teach: noted without a text, looked through, taken back, forgotten."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from revivatui.copilot.learned import LearnedStore
from revivatui.screens.copilot_advice import Shown
from revivatui.screens.copilot_learned import LearnedScreen
from tests.support.shops import Stage
from tests.ui.copilot_help import advice, copilot, pane, suggesting, thought
from tests.ui.desk_help import OnScreen

ASKS = "When are you open, and where can I park near the shop?"


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What is learned does not depend on the chat's version."""
    return str(request.param)


def file_of(folder: Path) -> Path:
    found = list((folder / "data").glob("*-copilot.sqlite3"))
    assert len(found) == 1, found
    return found[0]


async def noted(desk: OnScreen) -> None:
    await desk.until(
        lambda: not any(one.get_name() == "copilot notes" for one in copilot(desk)._tasks),
        "everything is written down",
    )


def answer_of(desk: OnScreen) -> Shown:
    """The first answer of the shop's own texts."""
    found = [one for one in advice(desk).shown if one.suggestion.lane == "answer"]
    assert found, advice(desk)
    return found[0]


async def take_an_answer(desk: OnScreen) -> str:
    """Put the first answer of the shop's own texts into the reply; gives its source."""
    found = answer_of(desk)
    assert desk.inbox.commands.copilot.put(found, "insert") or desk.inbox.commands.copilot.put(
        found, "insert"
    )
    await noted(desk)
    return found.suggestion.sources[0]


async def test_what_is_put_in_is_noted_with_the_words_that_led_there_and_no_text(
    stage: Stage, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    async with suggesting(stage, folder, asks=ASKS) as (desk, bench):
        source = await take_an_answer(desk)
        await desk.press("enter")
        await desk.until(lambda: not desk.inbox.composer.text)
        await noted(desk)
        store = LearnedStore(file_of(folder))
        (insert,) = store.inserts()
        assert insert.conversation_id == bench.number
        assert insert.distance == 0
        words = {one.words for one in store.candidates() if one.source_id == source}
        assert words
        store.close()
        held = file_of(folder).read_bytes()
        assert ASKS.encode() not in held
        assert b"collected" not in held


async def test_learned_words_are_looked_through_and_two_keys_take_one_away(
    stage: Stage, tmp_path: Path
) -> None:
    async with suggesting(stage, tmp_path / "desk", asks=ASKS) as (desk, _):
        await take_an_answer(desk)
        desk.inbox.commands.run("copilot.words")
        await desk.until(lambda: isinstance(desk.app.screen, LearnedScreen))
        await desk.sees("1 conversation")
        before = (await copilot(desk).learned())[0]
        await desk.pilot.press("x")
        await desk.sees("Again takes it away for good.")
        assert (await copilot(desk).learned())[0] == before
        await desk.pilot.press("x")
        await desk.sees_no("Again takes it away for good.")
        after = (await copilot(desk).learned())[0]
        assert len(after) == len(before) - 1


async def test_a_thumb_is_shown_and_the_same_key_takes_it_back(
    stage: Stage, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    async with suggesting(stage, folder, asks=ASKS) as (desk, _):
        await desk.press("ctrl+g")
        place = advice(desk).shown.index(answer_of(desk))
        await desk.press(*["down"] * place)
        chosen = pane(desk).chosen
        assert chosen is not None
        await desk.press("plus")
        await noted(desk)
        base = sqlite3.connect(file_of(folder))
        count = "SELECT count(*) FROM votes WHERE kind = 'up'"
        assert base.execute(count).fetchone()[0] >= 1
        assert pane(desk).marks[chosen.id] == 1
        await desk.press("plus")
        await noted(desk)
        assert base.execute(count).fetchone()[0] == 0
        base.close()


async def test_who_is_forgotten_leaves_nothing_learned(stage: Stage, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    async with suggesting(stage, folder, asks=ASKS) as (desk, _):
        await take_an_answer(desk)
        desk.inbox.composer.sent()
        desk.inbox.commands.run("contact.forget")
        await desk.sees("on this machine?")
        await desk.pilot.press("down", "enter")
        await desk.until(lambda: not copilot(desk).origin(desk.inbox.open_id))
        await noted(desk)
        store = LearnedStore(file_of(folder))
        assert store.inserts() == ()
        assert store.candidates() == ()
        store.close()


async def test_a_file_that_cannot_be_used_costs_nothing_but_the_learning(
    stage: Stage, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    async with suggesting(stage, folder, asks=ASKS) as (desk, _):
        # The file in use may be opened anew by a thought at any moment: another place is none.
        no_file = folder / "no file"
        no_file.mkdir()
        copilot(desk)._thinker.learning._file = no_file
        copilot(desk)._thinker.learning.close()
        copilot(desk)._thinker.learning._store = None
        await take_an_answer(desk)
        await desk.until(lambda: desk.inbox.composer.text)
        assert copilot(desk)._thinker.learning.trouble
        await thought(desk)
        desk.inbox.commands.run("copilot.words")
        await desk.sees("cannot be used")
