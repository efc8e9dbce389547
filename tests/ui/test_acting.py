"""Keys say what they did, to whom, and why they did nothing; what is not seen can be found."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from revivatui.state.models import ListView
from tests.support.shops import Stage
from tests.ui.desk_help import OnScreen, desk_on
from tests.ui.quiet_engine import QuietEngine
from tests.ui.scene import OPENED, Scene, SceneApp

SIZES = ((80, 24), (200, 50))
sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What keys say does not depend on the server's version."""
    return str(request.param)


@asynccontextmanager
async def open_desk(
    folder: Path, size: tuple[int, int] = SIZES[0]
) -> AsyncIterator[tuple[OnScreen, QuietEngine]]:
    app = SceneApp(folder, "nordic", opened=True)
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = OnScreen(app, pilot)
        engine = QuietEngine(app)
        await desk.press("enter")
        yield desk, engine


async def select(desk: OnScreen, message_id: int) -> None:
    """Move the thread's cursor up to a message."""

    def on_it() -> bool:
        item = desk.inbox.thread.cursor_item
        return item is not None and item.key == f"m{message_id}"

    for _ in range(20):
        if on_it():
            return
        await desk.press("up")
        await desk.still()
    raise AssertionError(f"{message_id} was not reached")


# --- a message ----------------------------------------------------------------------------------


@sizes
async def test_a_key_of_a_message_says_why_it_does_nothing_and_never_means_something_else(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, size) as (desk, _engine):
        await desk.press("o")
        await desk.sees("Choose a message first")
        await select(desk, 9000)
        await desk.press("o")
        await desk.sees("This message has no file.")
        await desk.press("d")
        await desk.sees("Only own messages can be deleted.")
        await desk.press("enter")
        await desk.sees("nothing to open")
        assert len(desk.app.screen_stack) == 1
        await select(desk, 14)
        await desk.press("o")
        await desk.sees("Copy the address")


@sizes
async def test_the_key_bar_names_what_can_be_done_with_the_chosen_message(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, size) as (desk, _engine):
        assert "y copy" not in desk.lines()[-1]
        await select(desk, 14)
        for words in ("o open", "y copy", "q quote"):
            assert words in desk.lines()[-1]
        await select(desk, 13)
        assert "d delete" in desk.lines()[-1]
        assert "o open" not in desk.lines()[-1]


async def test_deleting_quotes_the_message_and_says_who_sees_it_go(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as (desk, engine):
        await select(desk, 13)
        await desk.press("d")
        await desk.sees('"@Cleo can you look at the board today?"')
        await desk.sees("Only the team could read it.")
        await desk.press("escape")
        await select(desk, 12)
        await desk.press("d")
        await desk.sees("The customer sees it go.")
        await desk.press("down", "enter")
        await desk.until(lambda: engine.of("delete_message") == [(OPENED, 12)])


# --- changes ------------------------------------------------------------------------------------


async def test_undo_says_when_there_is_nothing_to_undo(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as (desk, engine):
        await desk.press("u")
        await desk.sees("Nothing to undo.")
        assert engine.of("undo") == []


async def test_what_is_held_waits_while_a_dialog_is_open(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as (desk, engine):
        await desk.press("question_mark")
        await desk.until(lambda: engine.of("pause_held"))
        resumed = len(engine.of("resume_held"))
        await desk.press("escape")
        await desk.until(lambda: len(engine.of("resume_held")) == resumed + 1)


@sizes
async def test_a_change_that_takes_its_row_away_says_whose_and_undo_brings_the_cursor_back(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with desk_on(stage, tmp_path / "desk", size) as desk:
        await desk.press("down")
        number = desk.inbox.list.cursor_id
        assert number is not None
        await desk.press("z")
        await desk.sees("until they write")
        await desk.press("enter")
        await desk.sees(f"Snoozed #{number}")
        await desk.sees("u undo")
        await desk.until(lambda: number not in desk.inbox.list.ids)
        await desk.press("up")
        await desk.press("u")
        await desk.sees(f"Undone: #{number}")
        await desk.until(lambda: number in desk.inbox.list.ids)
        assert desk.inbox.list.cursor_id == number


async def test_undo_says_that_the_survey_of_a_resolved_conversation_cannot_be_taken_back(
    stage: Stage, tmp_path: Path
) -> None:
    stage.shop.db.execute("UPDATE inboxes SET csat_survey_enabled = 1")
    async with desk_on(stage, tmp_path / "desk", SIZES[0]) as desk:
        number = desk.inbox.list.cursor_id
        await desk.press("e", "U")
        await desk.sees(f"Resolved #{number}")
        await desk.press("u")
        await desk.sees("rating")


# --- the list -----------------------------------------------------------------------------------


async def test_longest_waiting_says_what_it_does_and_c_brings_the_order_back(
    tmp_path: Path,
) -> None:
    async with open_desk(tmp_path) as (desk, _engine):
        await desk.press("escape", "w")
        await desk.sees("Longest waiting first. c brings")
        assert desk.state.view.sort == "waiting_since_asc"
        await desk.press("w", "c")
        await desk.until(lambda: desk.state.view.sort == ListView().sort)


async def test_escape_closes_the_find_field_and_clears_what_it_filtered(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as (desk, _engine):
        await desk.press("escape", "slash")
        await desk.until(lambda: "enter filter" in desk.lines()[-1])
        assert "esc close" in desk.lines()[-1]
        await desk.type("screen")
        await desk.press("escape")
        await desk.until(lambda: not desk.inbox.find.display)
        assert desk.state.view.text == ""
        await desk.press("slash")
        await desk.type("screen")
        await desk.press("enter")
        await desk.until(lambda: desk.state.view.text == "screen")
        await desk.press("slash")
        await desk.until(lambda: "esc clear" in desk.lines()[-1])
        await desk.press("escape")
        await desk.until(lambda: desk.state.view.text == "")
        assert desk.inbox.place == "list"


# --- the palette --------------------------------------------------------------------------------


@sizes
async def test_the_palette_finds_every_command_and_says_why_one_makes_no_sense_now(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with open_desk(tmp_path, size) as (desk, _engine):
        await desk.press("ctrl+p")
        await desk.type("undo")
        await desk.sees("Undo: nothing to undo")
        await desk.press("escape", "ctrl+p")
        await desk.type("theme")
        await desk.sees("Light or dark")
        await desk.press("escape", "ctrl+p")
        await desk.type("connection")
        await desk.sees("How the server is heard")
        await desk.press("enter")
        await desk.sees("Ask the server again now")
        await desk.press("escape")
        await select(desk, 9000)
        await desk.press("ctrl+p")
        await desk.type("delete")
        await desk.sees("Delete: choose an own message first")
        await desk.press("escape", "ctrl+p")
        await desk.type("quote")
        await desk.sees("Let the reply answer this")
        await desk.press("enter")
        await desk.until(lambda: desk.inbox.composer.in_reply_to == 9000)


@sizes
async def test_the_palette_opens_a_conversation_by_its_customers_name(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    name = Scene().names[3]
    async with open_desk(tmp_path, size) as (desk, engine):
        await desk.press("ctrl+p")
        await desk.type(name.split()[-1].lower())
        await desk.sees(f"Open #{OPENED - 3} {name}")
        await desk.press("enter")
        await desk.until(lambda: engine.of("open")[-1] == (OPENED - 3,))
        assert desk.inbox.open_id == OPENED - 3
