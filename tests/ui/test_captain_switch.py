"""The switch of captain at a desk: everybody may stop the bot, before its next word."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from revivatui.bridge import captain, captain_report, captain_store
from revivatui.screens import captain_switch, health
from revivatui.screens.choose import Choose
from revivatui.screens.health import HealthScreen
from revivatui.state.captain_health import CaptainReport
from tests.support.shops import Stage
from tests.ui.bridge_scene import make_bridge
from tests.ui.crm_help import WITH_CRM
from tests.ui.desk_help import desk_on
from tests.ui.test_health_room import open_health, store_of

SIZE = (120, 40)


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What captain recorded does not depend on the chat's version."""
    return str(request.param)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "REFRESH", 0.2)


async def make_captain(folder: Path) -> None:
    """What one left behind: twelve answers and three handoffs."""
    await make_bridge(folder, now=time.time())
    async with store_of(folder) as store:
        await captain.make_tables(store)
        async with store.unit_of_work() as work:
            now = time.time()
            await captain_store.count(work, "answered", now, 12)
            await captain_store.count(work, "handed off: person", now, 2)
            await captain_store.count(work, "handed off: money", now)


async def kept(folder: Path) -> CaptainReport:
    async with store_of(folder) as store, store.reading() as reader:
        return await captain_report.read(reader, time.time())


async def test_an_agent_stops_it_and_lets_it_answer_again(stage: Stage, tmp_path: Path) -> None:
    await make_captain(tmp_path)
    async with desk_on(stage, tmp_path, SIZE, settings=WITH_CRM) as desk:
        await open_health(desk)
        await desk.sees("12 answered, 3 handed off, 0 held back")
        await desk.sees("2 person, 1 money")
        await desk.press("o")
        await desk.sees("Switch captain off?")
        await desk.press("enter")
        await desk.sees("switched off by")
        assert (await kept(tmp_path)).off
        await desk.press("o")
        await desk.sees("Switch captain on?")
        await desk.press("down", "enter")
        await desk.sees_no("switched off by")
        assert not (await kept(tmp_path)).off


async def test_esc_switches_nothing(stage: Stage, tmp_path: Path) -> None:
    await make_captain(tmp_path)
    async with desk_on(stage, tmp_path, SIZE, settings=WITH_CRM) as desk:
        await open_health(desk)
        await desk.sees("12 answered")
        await desk.press("o")
        await desk.sees("Switch captain off?")
        await desk.press("escape")
        assert not (await kept(tmp_path)).off


async def test_the_palettes_command_asks_at_once(stage: Stage, tmp_path: Path) -> None:
    await make_captain(tmp_path)
    async with desk_on(stage, tmp_path, SIZE, settings=WITH_CRM) as desk:
        desk.inbox.commands.run("desk.captain")
        await desk.until(lambda: isinstance(desk.app.screen, Choose))
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, HealthScreen))
        await desk.sees("switched off by")


async def test_where_none_answers_that_is_said(stage: Stage, tmp_path: Path) -> None:
    await make_bridge(tmp_path, now=time.time())
    async with desk_on(stage, tmp_path, SIZE, settings=WITH_CRM) as desk:
        await open_health(desk)
        await desk.sees("running since")
        await desk.press("o")
        await desk.sees(captain_switch.NO_CAPTAIN)
