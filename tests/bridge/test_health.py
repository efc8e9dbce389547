"""What a bridge records of itself, and what is made of it: nothing that was not recorded."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select

from revivatui.bridge import opening, report
from revivatui.bridge.pulse import KEPT_MINUTES, Pulse
from revivatui.bridge.tables import HEARTBEATS
from revivatui.crm.store import Store
from revivatui.state.bridge_health import DAYS, Gap, Report
from tests.bridge.bridge_process import BridgeProcess
from tests.bridge.desks import forget_the_past, running_bridge
from tests.bridge.stands import stand
from tests.bridge.test_command import bridge
from tests.crm import postgres
from tests.support.shops import Stage

DAY = 86_400.0
T0 = 1_800_000_000.0
"""The beginning of a minute."""


@pytest.fixture
def version() -> str:
    return "4.10.1"


class Clock:
    def __init__(self) -> None:
        self.now = T0

    def __call__(self) -> float:
        return self.now


class Beating:
    """A CRM in which a bridge's heart beats as the test says."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = Clock()
        self.breakers: dict[str, float] = {}
        self.pulse = Pulse(store, self.clock, lambda: self.breakers)

    async def live(self, minutes: int) -> None:
        """Beat once in each of the next minutes, and stand at the end of the last."""
        for _ in range(minutes):
            await self.pulse.beat()
            self.clock.now += 60

    async def read(self) -> Report:
        found = await report.read(self.store, self.clock.now)
        assert found is not None
        return found

    async def rows(self) -> int:
        async with self.store.reading() as reader:
            row = await reader.row(select(func.count()).select_from(HEARTBEATS))
        return int(row[0]) if row else 0


@pytest.fixture
async def beating(tmp_path: Path) -> Any:
    store = await Store.open(tmp_path / "crm.sqlite3")
    await opening.make_tables(store)
    yield Beating(store)
    await store.close()


async def test_a_crm_without_a_bridge_has_no_report(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "crm.sqlite3")
    try:
        assert await report.read(store, T0) is None
        assert await report.status(store, T0) == ["No bridge has worked on this CRM yet."]
    finally:
        await store.close()


async def test_before_the_first_whole_minute_no_uptime_is_claimed(beating: Beating) -> None:
    assert (await beating.read()).uptime is None
    await beating.pulse.hello()
    beating.clock.now += 59
    assert (await beating.read()).uptime is None
    beating.clock.now += 1
    uptime = (await beating.read()).uptime
    assert uptime is not None
    assert (uptime.since, uptime.minutes, uptime.missed) == (T0, 1, 0)


async def test_a_minute_without_a_heartbeat_is_downtime_and_the_gap_is_named(
    beating: Beating,
) -> None:
    await beating.live(10)
    beating.clock.now += 5 * 60
    await beating.live(5)
    found = await beating.read()
    assert found.uptime is not None
    assert (found.uptime.minutes, found.uptime.missed) == (20, 5)
    assert found.uptime.last_gap == Gap(T0 + 600, T0 + 900)
    assert found.uptime.percent == "75.00 %"
    assert not found.uptime.is_met


async def test_a_bridge_that_is_gone_is_told_with_since_when_and_its_downtime_grows(
    beating: Beating,
) -> None:
    await beating.live(10)
    assert (await beating.read()).is_running
    beating.clock.now += 20 * 60
    found = await beating.read()
    assert not found.is_running
    assert found.gone_since == T0 + 9 * 60
    assert found.uptime is not None
    assert found.uptime.missed == 20
    assert found.uptime.last_gap is None, "a gap that lasts has no end"
    lines = await report.status(beating.store, beating.clock.now)
    assert "not running since 2027-01-15 08:09:00 UTC" in lines[0]
    assert "`revivatui bridge run`" in lines[0]


async def test_a_bridge_that_ended_on_purpose_is_known_to_at_once_and_runs_again(
    beating: Beating,
) -> None:
    await beating.pulse.hello()
    beating.clock.now += 30
    await beating.pulse.goodbye()
    beating.clock.now += 1
    assert (await beating.read()).gone_since == T0 + 30
    beating.clock.now += 9
    await beating.pulse.hello()
    found = await beating.read()
    assert found.is_running
    assert found.started_at == T0 + 40


async def test_a_bridge_whose_place_another_took_does_not_end_that_one(beating: Beating) -> None:
    await beating.pulse.hello()
    beating.clock.now += 10
    other = Pulse(beating.store, beating.clock, dict)
    await other.hello()
    beating.clock.now += 10
    await beating.pulse.goodbye()
    assert (await beating.read()).is_running
    await other.goodbye()
    assert (await beating.read()).gone_since == beating.clock.now


async def test_uptime_counts_thirty_days_and_forgets_no_gap_at_their_beginning(
    beating: Beating,
) -> None:
    await beating.live(2)
    now = T0 + 40 * DAY
    since = int((now - 25 * DAY) // 60)
    async with beating.store.unit_of_work() as work:
        rows = [{"minute": since + n} for n in range(25 * 1440)]
        await work.connection.execute(insert(HEARTBEATS), rows)
    beating.clock.now = now
    await beating.pulse.beat()
    uptime = (await beating.read()).uptime
    assert uptime is not None
    assert uptime.is_whole
    assert uptime.minutes == DAYS * 1440
    assert uptime.missed == 5 * 1440, "what was before the first row of the window is downtime too"
    assert uptime.last_gap == Gap(uptime.since, (now - 25 * DAY))


async def test_what_is_older_than_is_counted_is_forgotten(beating: Beating) -> None:
    await beating.live(3)
    beating.clock.now = T0 + (KEPT_MINUTES + 600) * 60
    await beating.live(61)
    assert await beating.rows() == 61


async def test_the_same_minute_is_written_once_and_an_open_breaker_at_once(
    beating: Beating,
) -> None:
    await beating.pulse.beat()
    async with beating.store.unit_of_work() as work:
        await work.run(delete(HEARTBEATS))
    await beating.pulse.beat()
    assert await beating.rows() == 0, "nothing changed, so nothing was written"
    beating.breakers = {"chatwoot": T0 + 30}
    await beating.pulse.beat()
    (target,) = (await beating.read()).targets
    assert (target.name, target.open_until) == ("chatwoot", T0 + 30)
    assert any("breaker open" in line for line in await report.status(beating.store, T0 + 1))
    beating.breakers = {}
    await beating.pulse.beat()
    assert (await beating.read()).targets[0].open_until is None


async def test_tables_of_a_bridge_without_heartbeats_say_that_nothing_is_known(
    beating: Beating,
) -> None:
    async with beating.store.unit_of_work() as work:
        await work.connection.run_sync(HEARTBEATS.drop)
    found = await beating.read()
    assert found.uptime is None
    lines = await report.status(beating.store, T0)
    assert "no heartbeat yet" in lines[0]


async def test_the_same_on_postgresql(version: str) -> None:
    with postgres.server() as server, postgres.database(server) as url:
        store = await Store.open(url)
        try:
            await opening.make_tables(store)
            beating = Beating(store)
            await beating.live(10)
            beating.clock.now += 300
            await beating.live(2)
            beating.breakers = {"chatwoot": beating.clock.now + 30}
            await beating.pulse.beat()
            found = await beating.read()
            assert found.uptime is not None
            assert (found.uptime.minutes, found.uptime.missed) == (17, 5)
            assert found.uptime.last_gap == Gap(T0 + 600, T0 + 900)
            assert found.targets[0].open_until is not None
            assert found.delivered_at is None
            assert await report.letters(store) == []
        finally:
            await store.close()


async def test_deliveries_are_counted_by_the_hour_and_catching_up_is_none(
    stage: Stage, tmp_path: Path
) -> None:
    conversation = stage.conversation()
    stage.shop.clock.freeze()
    async with stand(stage, tmp_path / "crm.sqlite3") as there:
        now = stage.shop.clock.now

        async def found() -> Report:
            told = await report.read(there.bridge.store, now())
            assert told is not None
            return told

        stage.customer_writes(conversation, "hello")
        await there.catch_up()
        before = await found()
        assert (before.last_hour, before.delivered_at) == (0, None)
        assert before.oldest_event_at == now()
        stage.shop.clock.advance(10)
        contact = stage.shop.db.get("contacts", conversation["contact_id"])
        assert contact is not None
        body = {
            "event": "contact_updated", "id": contact["id"], "name": "Somebody Else",
            "email": contact["email"], "phone_number": None, "account": {"id": 1, "name": "x"},
            "additional_attributes": {}, "custom_attributes": {}, "identifier": None,
            "thumbnail": "", "blocked": False, "changed_attributes": [],
        }  # fmt: skip
        await there.deliver([body])
        at = now()
        after = await found()
        assert (after.last_hour, after.delivered_at) == (1, at)
        stage.shop.clock.advance(3601)
        later = await found()
        assert (later.last_hour, later.delivered_at) == (0, at)


async def test_a_bridge_at_work_beats_and_says_goodbye(stage: Stage, tmp_path: Path) -> None:
    async with running_bridge(stage, tmp_path, hooked=False) as there:
        found = await report.read(there.store, there.bridge.clock())
        assert found is not None
        assert found.is_running
    store = await Store.open(tmp_path / "crm.sqlite3")
    try:
        after = await report.read(store, there.bridge.clock())
    finally:
        await store.close()
    assert after is not None
    assert after.gone_since == after.stopped_at is not None


async def test_a_killed_bridge_is_found_out_by_its_missing_heartbeats(
    stage: Stage, tmp_path: Path
) -> None:
    forget_the_past(stage, stage.conversation())
    home = BridgeProcess(stage, tmp_path)
    began = time.time()
    await home.start()
    await home.kill()
    store = await Store.open(tmp_path / "crm.sqlite3")
    try:
        soon = await report.read(store, time.time())
        late = await report.read(store, time.time() + 300)
    finally:
        await store.close()
    assert soon is not None
    assert late is not None
    assert soon.is_running, "nobody knows yet"
    assert late.gone_since is not None
    assert began <= late.gone_since <= time.time()


async def test_status_tells_heartbeats_uptime_and_deliveries(stage: Stage, tmp_path: Path) -> None:
    forget_the_past(stage, stage.conversation())
    home = BridgeProcess(stage, tmp_path)
    await home.start()
    told = (await bridge(home, "status")).out
    assert "bridge         running since" in told
    assert "uptime         " in told
    assert "deliveries     none so far" in told
    assert "chatwoot       breaker closed" in told
    assert await home.stop() == 0
    assert "not running since" in (await bridge(home, "status")).out
