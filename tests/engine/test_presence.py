"""How others see the agent: away from the desk, after it closed, and back again."""

from __future__ import annotations

import asyncio
import dataclasses
import random
import time
from pathlib import Path

import pytest

from revivatui.cache.store import Cache
from revivatui.shop.presence import availability_status
from tests.support.desks import PATIENCE, QUICK, SEED, Desk, profile_of, running_desk
from tests.support.shops import Stage


def stays_on(stage: Stage) -> None:
    """The server would not take the agent off by itself."""
    stage.shop.db.execute(
        "UPDATE account_users SET auto_offline = 0 WHERE user_id = ?", (stage.agent["id"],)
    )


def shown(stage: Stage) -> str | None:
    """What others see of the agent."""
    member = stage.shop.db.find("account_users", user_id=stage.agent["id"])
    return availability_status(stage.shop, member)


def times_set(stage: Stage) -> int:
    return len(stage.asked("POST", "*/profile/availability"))


def word(desk: Desk) -> str:
    return desk.state.me.availability if desk.state.me is not None else ""


def away_since(desk: Desk) -> float | None:
    return desk.state.away_since


# --- away --------------------------------------------------------------------------------------


async def test_being_away_only_offers_unless_it_is_set_to_act(stage: Stage) -> None:
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        since = time.time() - 900
        desk.engine.away(since)
        assert away_since(desk) == since
        desk.engine.back()
        assert away_since(desk) is None
    assert times_set(stage) == 0


async def test_being_away_sets_busy_and_the_next_key_takes_it_back(stage: Stage) -> None:
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.present_by(True, True)
        desk.engine.away(time.time())
        await desk.until(lambda: word(desk) == "busy")
        assert shown(stage) == "busy"
        desk.engine.back()
        await desk.until(lambda: word(desk) == "online")
        assert shown(stage) == "online"
        desk.engine.away(time.time())
        await desk.until(lambda: times_set(stage) == 3)
        desk.engine.back()  # perhaps before the answer is here
        await desk.until(lambda: times_set(stage) == 4)
        await desk.until(lambda: word(desk) == "online")
        desk.engine.back()
        desk.engine.away(time.time())
        desk.engine.back()
    assert times_set(stage) == 4


async def test_a_word_that_the_agent_chose_meanwhile_stays(stage: Stage) -> None:
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.present_by(True, True)
        desk.engine.away(time.time())
        await desk.until(lambda: word(desk) == "busy")
        desk.engine.set_availability("offline")
        await desk.until(lambda: word(desk) == "offline")
        desk.engine.back()
        desk.engine.away(time.time())
        desk.engine.back()
        asked = asyncio.get_running_loop().time()
        await desk.until(lambda: asyncio.get_running_loop().time() > asked + 0.3)
        assert word(desk) == "offline"
    assert times_set(stage) == 2


async def test_who_went_away_without_a_connection_is_busy_with_the_next(stage: Stage) -> None:
    async with running_desk(profile_of(stage)) as desk:
        desk.engine.present_by(True, True)
        desk.engine.away(time.time())
        await desk.until(lambda: word(desk) == "busy")
        desk.engine.back()
        await desk.until(lambda: word(desk) == "online")
    assert times_set(stage) == 2


@pytest.mark.parametrize("seed", range(SEED, SEED + 8))
async def test_who_comes_and_goes_is_shown_as_what_they_did_last(stage: Stage, seed: int) -> None:
    """From before the first connection on, over cuts, wherever the answers are meanwhile."""
    print(f"seed {seed}")
    draw = random.Random(seed)
    async with running_desk(profile_of(stage)) as desk:
        desk.engine.present_by(True, True)
        for _ in range(draw.randint(4, 16)):
            act = draw.choice((desk.engine.away, desk.engine.away, desk.engine.back, None))
            if act == desk.engine.away:
                desk.engine.away(time.time())
            elif act is not None:
                desk.engine.back()
            elif desk.state.link.state == "live":
                await stage.order("/cable", disconnect="server_restart", reconnect=True)
            for _ in range(draw.choice((0, 1, 5, 40, 400))):
                await asyncio.sleep(0)
        await desk.live()
        desk.engine.away(time.time())
        await desk.until(lambda: word(desk) == "busy" == shown(stage), "busy at the end")
        desk.engine.back()
        await desk.until(lambda: word(desk) == "online" == shown(stage), "online with a key")


# --- leaving and coming back -------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [True, False])
async def test_leaving_takes_the_agent_off_and_the_next_start_back(
    stage: Stage, tmp_path: Path, wanted: bool
) -> None:
    stays_on(stage)
    cache = Cache.open(tmp_path / "cache.sqlite3")
    async with running_desk(profile_of(stage), cache) as desk:
        await desk.live()
        desk.engine.present_by(False, wanted)
        desk.engine.set_availability("busy")
        await desk.until(lambda: word(desk) == "busy")
    assert shown(stage) == ("offline" if wanted else "busy")
    async with running_desk(profile_of(stage), cache) as desk:
        await desk.until(lambda: word(desk) == "busy", "the word before")
    assert times_set(stage) == (3 if wanted else 1) + int(wanted)
    cache.close()


async def test_a_late_confirmation_does_not_make_a_desk_take_itself_for_another(
    stage: Stage,
) -> None:
    """The presence that a subscription brings may come before the server confirms it."""
    stays_on(stage)
    await stage.order(fault="delay frame", event="confirm_subscription", seconds=0.4)
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
    assert shown(stage) == "offline"


async def test_a_word_set_elsewhere_meanwhile_is_not_touched(stage: Stage, tmp_path: Path) -> None:
    stays_on(stage)
    cache = Cache.open(tmp_path / "cache.sqlite3")
    async with running_desk(profile_of(stage), cache) as desk:
        await desk.live()
    assert shown(stage) == "offline"
    stage.shop.db.execute(
        "UPDATE account_users SET availability = 'busy' WHERE user_id = ?", (stage.agent["id"],)
    )
    async with running_desk(profile_of(stage), cache) as desk:
        await desk.live()
        await desk.until(lambda: not cache.fact("availability_before"))
        assert word(desk) == "busy"
        desk.engine.present_by(False, False)
    assert shown(stage) == "busy"
    cache.close()


async def test_where_the_server_does_it_nothing_is_asked_and_ticking_ends_at_once(
    stage: Stage,
) -> None:
    timing = dataclasses.replace(QUICK, presence_every=0.1)
    async with running_desk(profile_of(stage), timing=timing) as desk:
        await desk.live()
        await desk.until(lambda: len(stage.presence.ticks) > 3)
    ticks = len(stage.presence.ticks)
    assert times_set(stage) == 0
    await asyncio.sleep(0.3)  # three ticks' time
    assert len(stage.presence.ticks) == ticks
    await stage.order("/clock", advance=21)
    assert shown(stage) == "offline"


async def test_another_desk_of_the_same_agent_keeps_them_on(stage: Stage) -> None:
    stays_on(stage)
    timing = dataclasses.replace(QUICK, presence_every=0.2)
    async with running_desk(profile_of(stage), timing=timing) as other:
        await other.live()
        async with running_desk(profile_of(stage), timing=timing) as desk:
            await desk.live()
            ticks = len(stage.presence.ticks)
            await desk.until(lambda: len(stage.presence.ticks) > ticks + 4)
        assert times_set(stage) == 0
        assert shown(stage) == "online"
        ticks = len(stage.presence.ticks)
        await other.until(lambda: len(stage.presence.ticks) > ticks + 9)
    assert times_set(stage) == 1, "the last one leaves"
    assert shown(stage) == "offline"


async def test_a_server_that_does_not_answer_does_not_hold_up_the_end(
    stage: Stage, tmp_path: Path
) -> None:
    stays_on(stage)
    cache = Cache.open(tmp_path / "cache.sqlite3")
    timing = dataclasses.replace(QUICK, leave_within=0.3, close_within=PATIENCE)
    async with running_desk(profile_of(stage), cache, timing) as desk:
        await desk.live()
        desk.engine.draft(stage.conversation()["display_id"], False, "half a thought")
        await stage.order(fault="freeze", path="*/availability")
    assert any("You may still be shown as online" in one.text for one in desk.notices)
    assert [draft.text for draft in cache.drafts()] == ["half a thought"]
    cache.close()
