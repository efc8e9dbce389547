"""In the rooms beside the inbox: their own commands in palette and help, and keys that follow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.command import CommandPalette

from revivatui.commands_rooms import ROOM_COMMANDS
from revivatui.screens.help import HelpScreen
from revivatui.screens.own_commands import OwnCommands
from revivatui.screens.repair_page import RepairPage
from revivatui.screens.repairs import RepairsScreen
from revivatui.screens.services import ServicesScreen
from tests.support.shops import Stage
from tests.ui.crm_help import SIZES, WITH_CRM, Bench, bench_of, desk_with
from tests.ui.desk_help import OnScreen, desk_on

ROOMS: dict[type[OwnCommands], tuple[str, ...]] = {
    RepairsScreen: ("escape", "R"),
    ServicesScreen: ("escape", "S"),
    RepairPage: ("escape", "R", "enter"),
}
rooms = pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What the CRM does not depend on the chat's version."""
    return str(request.param)


@asynccontextmanager
async def inside(
    stage: Stage, folder: Path, size: tuple[int, int], room: type[OwnCommands]
) -> AsyncIterator[tuple[OnScreen, Bench]]:
    async with bench_of(stage, folder) as bench:
        repair = await bench.repair("diagnosing")
        async with desk_with(bench, folder, size) as desk:
            await desk.until(lambda: desk.crm.house.as_of, "the catalogue is known")
            for key in ROOMS[room]:
                await desk.press(key)
                if key == "R":
                    await desk.until(lambda: isinstance(desk.app.screen, RepairsScreen))
                    await desk.sees(repair.number)
            await desk.until(lambda: isinstance(desk.app.screen, room))
            yield desk, bench


async def by_palette(desk: OnScreen, words: str) -> None:
    await desk.press("ctrl+p")
    await desk.until(lambda: isinstance(desk.app.screen, CommandPalette))
    await desk.type(words)
    await desk.sees(words[:1].upper() + words[1:])
    await desk.press("enter")


@rooms
@sizes
async def test_the_palette_offers_a_rooms_own_commands_and_none_of_the_inbox(
    stage: Stage, tmp_path: Path, size: tuple[int, int], room: type[OwnCommands]
) -> None:
    async with inside(stage, tmp_path / "desk", size, room) as (desk, _bench):
        await desk.press("ctrl+p")
        own = [one for one in ROOM_COMMANDS if one.where in room.PLACES]
        await desk.sees(own[0].label)
        await desk.sees(own[0].help[:40])
        assert "Resolve" not in desk.text()
        await desk.type("resolve")
        await desk.sees_no(own[0].label)
        assert "Resolve it" not in desk.text()
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, room))


@rooms
@sizes
async def test_help_names_every_key_of_the_room_and_leads_back_to_it(
    stage: Stage, tmp_path: Path, size: tuple[int, int], room: type[OwnCommands]
) -> None:
    async with inside(stage, tmp_path / "desk", size, room) as (desk, _bench):
        await desk.press("question_mark")
        await desk.until(lambda: isinstance(desk.app.screen, HelpScreen))
        page = desk.app.screen
        assert isinstance(page, HelpScreen)
        told = "\n".join("".join(piece.text for piece in one.pieces) for one in page.page())
        for command in ROOM_COMMANDS:
            assert (command.label in told) == (command.where in room.PLACES)
        assert "Any command by its name" in told
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, room))


async def test_what_the_palette_is_asked_for_in_a_room_is_done_there(
    stage: Stage, tmp_path: Path
) -> None:
    async with inside(stage, tmp_path / "desk", SIZES[0], RepairsScreen) as (desk, bench):
        await by_palette(desk, "mark all")
        await desk.sees("status of 1")
        await by_palette(desk, "chat of the repair")
        await desk.until(lambda: len(desk.app.screen_stack) == 1)
        assert desk.inbox.open_id == bench.number


async def test_the_palette_of_a_room_opens_a_conversation_by_its_customers_name(
    stage: Stage, tmp_path: Path
) -> None:
    async with inside(stage, tmp_path / "desk", SIZES[0], ServicesScreen) as (desk, bench):
        other = next(one for one in desk.inbox.list.ids if one != bench.number)
        await desk.press("ctrl+p")
        await desk.type(f"#{other}")
        await desk.sees(f"Open #{other}")
        await desk.press("enter")
        await desk.until(lambda: desk.inbox.open_id == other)
        assert len(desk.app.screen_stack) == 1


async def test_the_key_bar_opens_palette_and_help_by_mouse(stage: Stage, tmp_path: Path) -> None:
    async with inside(stage, tmp_path / "desk", SIZES[0], RepairsScreen) as (desk, _bench):
        await desk.click("? help")
        await desk.until(lambda: isinstance(desk.app.screen, HelpScreen))
        await desk.press("escape")
        await desk.click("ctrl+p")
        await desk.until(lambda: isinstance(desk.app.screen, CommandPalette))


async def test_a_question_mark_that_is_typed_into_the_search_stays_text(
    stage: Stage, tmp_path: Path
) -> None:
    async with inside(stage, tmp_path / "desk", SIZES[1], RepairsScreen) as (desk, _bench):
        await desk.press("slash", "question_mark", "c")
        room = desk.app.screen
        assert isinstance(room, RepairsScreen)
        assert room.field.value == "?c"


async def test_keys_of_a_room_are_given_others_by_the_settings(
    stage: Stage, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    keys = {"repairs.mark": "x", "desk.help": "ctrl+b"}
    async with bench_of(stage, folder) as bench:
        await bench.repair("diagnosing")
        settings = replace(WITH_CRM, keys=keys)
        async with desk_on(stage, folder, SIZES[1], settings=settings) as desk:
            await desk.press("R")
            await desk.sees("x mark")
            await desk.press("x")
            await desk.sees("status of 1")
            await desk.press("ctrl+b")
            await desk.until(lambda: isinstance(desk.app.screen, HelpScreen))
