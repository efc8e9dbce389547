"""The health room: what a bridge recorded, its dead letters, and what the desk knows itself."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from revivatui import config
from revivatui.bridge import known
from revivatui.bridge.pulse import PULSE
from revivatui.bridge.tables import OUTBOX
from revivatui.bridge_access import BridgeAccess, place_of_bridge
from revivatui.crm.store import Store
from revivatui.paths import Paths
from revivatui.screens import health
from revivatui.screens.health import HealthScreen, LetterPage
from revivatui.screens.repairs import RepairsScreen
from tests.bridge.desks import running_bridge
from tests.support.shops import Stage
from tests.ui.bridge_scene import FAILED, make_bridge
from tests.ui.crm_help import SIZES, WITH_CRM
from tests.ui.desk_help import OnScreen, desk_on
from tests.ui.hostile import RAW

sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
DEAD = ("00000001-0000", "00000001-0001")


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What a bridge recorded does not depend on the chat's version."""
    return str(request.param)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits five seconds here."""
    monkeypatch.setattr(health, "REFRESH", 0.2)


def crm_of(folder: Path) -> Path:
    return Paths.under(folder).data / "crm.sqlite3"


@asynccontextmanager
async def store_of(folder: Path) -> AsyncIterator[Store]:
    store = await Store.open(crm_of(folder))
    try:
        yield store
    finally:
        await store.close()


async def write_of(folder: Path, row_id: str) -> Any:
    async with store_of(folder) as store, store.reading() as reader:
        return await reader.row(select(OUTBOX).where(OUTBOX.c.id == row_id))


async def open_health(desk: OnScreen) -> HealthScreen:
    await desk.press("H")
    await desk.until(lambda: isinstance(desk.app.screen, HealthScreen))
    await desk.sees_no("asking what")
    screen = desk.app.screen
    assert isinstance(screen, HealthScreen)
    return screen


@sizes
async def test_the_room_tells_uptime_deliveries_what_waits_and_what_failed(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    await make_bridge(tmp_path, now=time.time())
    async with desk_on(stage, tmp_path, size, settings=WITH_CRM) as desk:
        await open_health(desk)
        for words in ("running", "uptime 99.97 %", "Dead letters 2", "99.9 % allows 43",
                      "in the last hour", "breaker closed", "No drift", "live since",
                      "1 waiting, 21 done"):  # fmt: skip
            await desk.sees(words)
        await desk.press("escape")
        await desk.until(lambda: len(desk.app.screen_stack) == 1)


async def test_the_rooms_lead_to_each_other_by_key_and_by_mouse(
    stage: Stage, tmp_path: Path
) -> None:
    await make_bridge(tmp_path, now=time.time())
    async with desk_on(stage, tmp_path, SIZES[1], settings=WITH_CRM) as desk:
        await desk.press("R")
        await desk.until(lambda: isinstance(desk.app.screen, RepairsScreen))
        await desk.click("Health")
        await desk.until(lambda: isinstance(desk.app.screen, HealthScreen))
        await desk.press("R")
        await desk.until(lambda: isinstance(desk.app.screen, RepairsScreen))
        await desk.press("H")
        await desk.until(lambda: isinstance(desk.app.screen, HealthScreen))
        await desk.click("Inbox")
        await desk.until(lambda: len(desk.app.screen_stack) == 1)


async def test_what_the_bridge_records_shows_by_itself_and_nothing_is_open_afterwards(
    stage: Stage, tmp_path: Path
) -> None:
    await make_bridge(tmp_path, now=time.time())
    async with desk_on(stage, tmp_path, SIZES[1], settings=WITH_CRM) as desk:
        screen = await open_health(desk)
        await desk.sees("Dead letters 2")
        async with store_of(tmp_path) as store, store.unit_of_work() as work:
            await work.run(update(OUTBOX).where(OUTBOX.c.id == DEAD[0]).values(state="done"))
            text = f'{{"at": {time.time()}, "breakers": {{"chatwoot": {time.time() + 20}}}}}'
            await known.keep_fact(work, PULSE, text)
        await desk.sees("Dead letters 1")
        await desk.sees("breaker open")
        await desk.press("escape")
        await desk.until(lambda: len(desk.app.screen_stack) == 1)
        bridge = screen._bridge
        assert isinstance(bridge, BridgeAccess)
        await desk.until(lambda: bridge._store is None, "a closed store")


async def test_the_desk_looks_at_no_bridge_until_somebody_asks(
    stage: Stage, tmp_path: Path
) -> None:
    looked: list[BridgeAccess] = []
    async with desk_on(stage, tmp_path, SIZES[1], settings=WITH_CRM) as desk:
        session = desk.app.session
        assert session is not None
        look = session.look_at_bridge
        assert look is not None

        def noted() -> Any:
            looked.append(look())  # type: ignore[arg-type]
            return looked[-1]

        session.look_at_bridge = noted
        await desk.pilot.pause(0.5)
        assert looked == []
        await open_health(desk)
        assert len(looked) == 1


@pytest.mark.parametrize("by", ["key", "page", "mouse"])
async def test_a_dead_letter_waits_again_after_a_yes(stage: Stage, tmp_path: Path, by: str) -> None:
    await make_bridge(tmp_path, now=time.time())
    async with desk_on(stage, tmp_path, SIZES[0], settings=WITH_CRM) as desk:
        await open_health(desk)
        await desk.sees("Dead letters 2")
        if by == "mouse":
            await desk.click("retry")
        elif by == "page":
            await desk.press("enter")
            await desk.until(lambda: isinstance(desk.app.screen, LetterPage))
            await desk.sees(f"error: {FAILED}")
            await desk.press("r")
        else:
            await desk.press("r")
        await desk.sees("Try it again?")
        await desk.press("down", "enter")
        await desk.sees("It waits again.")
        await desk.sees("Dead letters 1")
    row = await write_of(tmp_path, DEAD[0])
    assert (row.state, row.attempts) == ("new", 0)


async def test_a_dead_letter_is_given_up_after_a_yes_and_left_without_one(
    stage: Stage, tmp_path: Path
) -> None:
    await make_bridge(tmp_path, now=time.time())
    async with desk_on(stage, tmp_path, SIZES[0], settings=WITH_CRM) as desk:
        await open_health(desk)
        await desk.sees("Dead letters 2")
        await desk.press("down", "d")
        await desk.sees("note of contact 1, 1 try")
        await desk.press("enter")
        await desk.sees_no("Give it up?")
        assert (await write_of(tmp_path, DEAD[1])).state == "dead"
        await desk.press("d")
        await desk.sees("Give it up?")
        await desk.press("down", "enter")
        await desk.sees("Dead letters 1")
    assert await write_of(tmp_path, DEAD[1]) is None
    assert (await write_of(tmp_path, DEAD[0])).state == "dead"


async def test_the_letter_that_was_asked_about_is_meant_whatever_comes_meanwhile(
    stage: Stage, tmp_path: Path
) -> None:
    await make_bridge(tmp_path, now=time.time())
    async with desk_on(stage, tmp_path, SIZES[0], settings=WITH_CRM) as desk:
        await open_health(desk)
        await desk.sees("Dead letters 2")
        await desk.press("d")
        await desk.sees("contact attributes of contact 0")
        async with store_of(tmp_path) as store, store.unit_of_work() as work:
            await work.run(update(OUTBOX).where(OUTBOX.c.id == DEAD[0]).values(state="done"))
        await desk.press("down", "enter")
        await desk.sees("There is no dead letter")
    assert (await write_of(tmp_path, DEAD[0])).state == "done"
    assert (await write_of(tmp_path, DEAD[1])).state == "dead"


async def test_letters_are_found_by_what_failed_where_and_why(stage: Stage, tmp_path: Path) -> None:
    await make_bridge(tmp_path, now=time.time())
    async with desk_on(stage, tmp_path, SIZES[1], settings=WITH_CRM) as desk:
        screen = await open_health(desk)
        await desk.sees("contact attributes")
        await desk.press("slash")
        screen.field.value = "note today"
        await desk.sees_no("contact attributes")
        await desk.sees("1 try")


@sizes
async def test_without_a_bridge_it_says_so_and_which_command_starts_one(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with desk_on(stage, tmp_path, size) as desk:
        await open_health(desk)
        await desk.sees("No bridge has worked on this CRM yet.")
        await desk.sees("revivatui bridge run")
        await desk.sees("none is set up")
        assert "Repairs" not in desk.lines()[0], "there is no CRM to have repairs"
    assert not crm_of(tmp_path).exists(), "looking makes no CRM"


async def test_an_old_heartbeat_says_since_when_it_does_not_run(
    stage: Stage, tmp_path: Path
) -> None:
    await make_bridge(tmp_path, now=time.time(), gone=3600.0, days=3)
    async with desk_on(stage, tmp_path, SIZES[1], settings=WITH_CRM) as desk:
        await open_health(desk)
        await desk.sees("not running since")
        await desk.sees("nothing is known of before")
        await desk.sees("`revivatui bridge run` starts it")
        assert "breaker" not in desk.text(), "nobody knows of the breakers of one that is gone"


async def test_a_bridge_that_runs_beside_the_desk_is_seen_and_its_end_too(
    stage: Stage, tmp_path: Path
) -> None:
    paths = Paths.under(tmp_path)
    paths.make()
    async with desk_on(stage, tmp_path, SIZES[1], settings=WITH_CRM) as desk:
        async with running_bridge(stage, paths.data, hooked=False):
            await open_health(desk)
            await desk.sees("running since")
        await desk.sees("not running since")


async def test_a_database_that_is_away_is_a_plain_line_without_its_password(
    stage: Stage, tmp_path: Path
) -> None:
    settings = config.Settings(
        crm_url="", bridge={"crm": "postgresql://shop:s3cret-word@127.0.0.1:1/crm"}
    )
    async with desk_on(stage, tmp_path, SIZES[1], settings=settings) as desk:
        await open_health(desk)
        await desk.sees("Nothing could be read. f5 tries again.")
        assert "s3cret-word" not in desk.text()
        await desk.sees("live since")


async def test_hostile_text_in_a_dead_letter_does_nothing(stage: Stage, tmp_path: Path) -> None:
    raw = " ".join(RAW).encode("utf-8", "ignore").decode()  # no database takes a surrogate
    await make_bridge(tmp_path, now=time.time())
    async with store_of(tmp_path) as store, store.unit_of_work() as work:
        await work.run(
            update(OUTBOX).where(OUTBOX.c.state == "dead").values(error=raw, type=raw, lane=raw)
        )
    async with desk_on(stage, tmp_path, SIZES[1], settings=WITH_CRM) as desk:
        await open_health(desk)
        await desk.sees("Dead letters 2")
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, LetterPage))
        await desk.sees("out-00000001-0000: ")
        await desk.press("d")
        await desk.sees("Give it up?")
        await desk.sees("Leave it")
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160
                       for line in desk.lines() for char in line)  # fmt: skip


def test_the_bridge_lies_in_the_crm_of_the_desk_unless_it_says_otherwise(tmp_path: Path) -> None:
    paths = Paths.under(tmp_path)
    postgres = "postgresql://shop@db.example.org/crm"
    shared = config.Settings(crm_url=postgres)
    assert place_of_bridge(shared, paths, "") == postgres
    assert place_of_bridge(config.Settings(), paths, postgres) == postgres
    for url in ("", "https://myshop.repairshopr.com"):
        settings = config.Settings(crm_url=url)
        assert place_of_bridge(settings, paths, "") == paths.data / "crm.sqlite3"
    assert place_of_bridge(shared, paths, "own.sqlite3") == paths.data / "own.sqlite3"
