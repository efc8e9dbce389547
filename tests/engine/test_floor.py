"""The log of the team: a scripted day against what the server says of it, and what is kept."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from revivatui.api.cable import Cable
from revivatui.cache.floor_log import FloorLog, file_beside
from revivatui.cache.store import Cache
from revivatui.engine.engine import Engine
from revivatui.shop.actions import conversations as conversation_actions
from revivatui.shop.db import Row
from revivatui.shop.presence import availability_status
from revivatui.state.presence_log import MARKED, Entry, Standing, timeline, totals
from revivatui.state.state import State
from tests.support.desks import QUICK, Desk, RememberingStore, eventually, profile_of, running_desk
from tests.support.shops import Stage

SCRIPTED = replace(
    QUICK, presence_every=0.01, ping_silence=1e7, probe_after=1e6, compare_every=1e6,
    settled_after=1e6,
)  # fmt: skip
"""The shop's clock is turned by hand: a tick is due whenever it moved."""
TICK = 10
"""Seconds of the shop's clock between two ticks, and between two looks at who is there."""
RIGHT_TO = 20.0


class Person:
    """An agent with as many desks as they like, each a subscription of its own."""

    def __init__(self, stage: Stage, row: Row) -> None:
        self._stage, self.id = stage, int(row["id"])
        self._row = row
        self.desks: list[Cable] = []

    async def comes(self) -> None:
        cable = Cable(self._stage.url, self._row["pubsub_token"], 1, self.id, silence=1e7)
        await cable.open()
        self.desks.append(cable)

    async def goes(self) -> None:
        await self.desks.pop().close()

    async def ticks(self) -> None:
        for desk in self.desks:
            await desk.tick()

    async def _put(self, path: str, **profile: object) -> None:
        token = self._stage.shop.db.one(
            "SELECT token FROM access_tokens WHERE owner_type = 'User' AND owner_id = ?",
            (self.id,),
        )
        assert token is not None
        async with httpx.AsyncClient(base_url=self._stage.url, trust_env=False) as http:
            answer = await http.post(
                f"/api/v1/profile/{path}",
                json={"profile": {"account_id": 1, **profile}},
                headers={"api_access_token": token["token"]},
            )
            assert answer.status_code == 200, answer.text

    async def is_now(self, word: str) -> None:
        await self._put("availability", availability=word)

    async def stays_on(self, *, alone: bool) -> None:
        """auto_offline off: the word stands without any desk."""
        await self._put("auto_offline", auto_offline=not alone)


@dataclass
class Day:
    """A day of the shop's clock, a second at a time, with the server's own word of each."""

    stage: Stage
    desk: Desk
    people: list[Person]
    truth: dict[int, dict[int, str]] = field(default_factory=dict)
    """Second -> agent -> what the server says."""
    compared: int = 0
    worst: float = 0.0

    @property
    def now(self) -> float:
        return self.stage.shop.clock.now()

    def _says(self) -> dict[int, str]:
        shop = self.stage.shop
        rows = shop.db.where("account_users", account_id=1)
        return {row["user_id"]: availability_status(shop, row) or "" for row in rows}

    async def heard(self) -> None:
        """A tick of every desk, and the map of it."""
        for person in self.people:
            for cable in person.desks:
                self.stage.presence.ticks.clear()
                await cable.tick()
                await eventually(lambda: self.stage.presence.ticks)
        heard = self.desk.state.sequence  # a map or two may be on its way from before
        await eventually(
            lambda: self.desk.state.presence_at == self.now and self.desk.state.sequence > heard + 3
        )

    async def passes(self, seconds: int, *, seen: bool = True) -> None:
        for _ in range(seconds // TICK):
            for _second in range(TICK):
                self.truth[round(self.now)] = self._says()
                self.stage.shop.clock.advance(1.0)
            if seen:
                await self.heard()
                self._compare()
            else:
                for person in self.people:
                    await person.ticks()

    def _true_standing(self, who: int) -> tuple[str, float]:
        """The server's word, and the second since which it says so."""
        second = round(self.now)
        self.truth[second] = self._says()
        word = self.truth[second][who]
        while second - 1 in self.truth and self.truth[second - 1][who] == word:
            second -= 1
        return word, float(second)

    def _compare(self) -> None:
        floor = self.desk.state.floor
        assert floor is not None
        for person in self.people:
            word, since = self._true_standing(person.id)
            told = floor.of(person.id)
            if self.now - since <= RIGHT_TO:
                continue  # that young a state is right to 20 s whatever is said
            assert told.word == word, (self.now, person.id)
            if told.exact:
                self.worst = max(self.worst, abs(told.since - since))
                assert abs(told.since - since) <= RIGHT_TO, (person.id, told, since)
            else:
                assert told.since >= since - 1.0, "at least so long, and never longer than is true"
            self.compared += 1


@asynccontextmanager
async def scripted(stage: Stage, cache: Cache) -> AsyncIterator[Day]:
    """A desk of the administrator whose clock is the shop's, which stands until it is turned."""
    stage.shop.clock.freeze()
    stage.shop.clock.set(float(round(stage.shop.clock.now()) + 1))
    loop = asyncio.get_running_loop()

    def soon(flush: Callable[[], None]) -> None:
        loop.call_soon(flush)

    store = RememberingStore(State(), soon)
    profile = profile_of(stage, "administrator")
    engine = Engine(store, profile, cache, stage.shop.clock.now, SCRIPTED)
    desk = Desk(engine, store)
    running = asyncio.create_task(engine.run())
    rows = stage.shop.db.all(
        "SELECT users.* FROM users JOIN account_users ON user_id = users.id"
        " WHERE account_id = 1 AND users.id != ? ORDER BY users.id LIMIT 3",
        (stage.administrator["id"],),
    )
    stage.shop.db.execute("UPDATE account_users SET auto_offline = 1, availability = 'online'")
    day = Day(stage, desk, [Person(stage, row) for row in rows])
    try:
        await desk.live()
        yield day
    finally:
        for person in day.people:
            while person.desks:
                await person.goes()
        await engine.close()
        await running


async def test_time_in_state_and_the_days_timeline_are_right_to_20_seconds(
    stage: Stage, tmp_path: Path
) -> None:
    cache = Cache.open(tmp_path / "kept.sqlite3")
    async with scripted(stage, cache) as day:
        cleo, dina, emil = day.people
        start = day.now
        await day.passes(120)
        await cleo.comes()
        await day.passes(300)
        await cleo.is_now("busy")
        await dina.comes()
        await day.passes(240)
        await cleo.comes()  # a second desk of hers
        await day.passes(60)
        await cleo.goes()
        await day.passes(120)
        assert day.desk.state.floor is not None
        assert day.desk.state.floor.of(cleo.id).word == "busy", "one ticking desk keeps her on"
        await cleo.is_now("online")
        await dina.goes()  # falls silent: the server forgets after 20 s
        await emil.stays_on(alone=True)
        await day.passes(400)
        assert day.desk.state.floor.of(emil.id).word == "online"
        await emil.is_now("busy")
        await day.passes(150)
        await emil.stays_on(alone=False)
        await cleo.goes()
        await day.passes(200)
        blind_from = day.now
        await stage.order("/listen", accept=False)
        await stage.order("/cable", close="silently", user=stage.administrator["id"])
        await day.desk.until(lambda: day.desk.state.link.state == "offline")
        await day.passes(600, seen=False)
        await stage.order("/listen", accept=True)
        day.desk.engine.refresh()
        await day.desk.live()
        blind_to = day.now
        await dina.comes()
        await day.passes(300)
        end = day.now
        assert day.compared > 300

        log = await day.desk.engine.floor.between(start, end)
        for person in day.people:
            spans = timeline(log, person.id, start, end)
            wrong = unknown = 0
            changes = 0
            for second in range(round(start), round(end)):
                told = next(one.word for one in spans if one.start <= second < one.end)
                true = day.truth[second][person.id]
                changes += day.truth.get(second - 1, {}).get(person.id, true) != true
                unknown += not told
                wrong += bool(told) and told != true
                if not told:
                    assert blind_from - RIGHT_TO <= second <= blind_to + RIGHT_TO
            assert wrong <= changes * (TICK + 1), (person.id, wrong, changes)
            assert abs(unknown - (blind_to - blind_from)) <= RIGHT_TO
            true_online = sum(
                words[person.id] == "online"
                for second, words in day.truth.items()
                if not blind_from <= second < blind_to
            )
            told_online = totals(spans).get("online", 0)
            assert abs(told_online - true_online) <= changes * (TICK + 1)
        print(f"compared {day.compared} times in state, the worst was {day.worst:.0f} s off")
    cache.close()


# --- what is written ---------------------------------------------------------------------------


def entries_in(log: FloorLog) -> list[Entry]:
    return log.between(0.0, 4e9)


async def test_what_is_assigned_and_resolved_is_written_with_who_has_it(
    stage: Stage, tmp_path: Path
) -> None:
    cache = Cache.open(tmp_path / "kept.sqlite3")
    async with running_desk(profile_of(stage), cache) as desk:
        await desk.live()
        conversation, colleague = stage.conversation(), stage.colleague()
        number = int(conversation["display_id"])
        desk.engine.open(number)
        await desk.until(lambda: number in desk.state.conversations)
        for assignee in (None, colleague["id"]):
            with stage.shop.acting(colleague):
                row = stage.reread(conversation)
                conversation_actions.update(stage.shop, row, assignee_id=assignee)
            await stage.shop.worker.drain()
        stage.colleague_sets_status(conversation, "resolved")
        await desk.until(lambda: desk.state.conversations[number].status == "resolved")
    cache.close()
    found = [
        (one.kind, one.agent_id, one.word)
        for one in entries_in(FloorLog(file_beside(cache.path)))
        if one.conversation_id == number
    ]
    assert ("assigned", colleague["id"], "") in found
    assert found[-1] == ("status", colleague["id"], "resolved")
    assert len(found) == len(set(found)), "told twice, written once"


async def test_a_desk_that_was_closed_for_a_moment_goes_on_with_its_times(
    stage: Stage, tmp_path: Path
) -> None:
    stage.shop.db.execute("UPDATE account_users SET auto_offline = 1, availability = 'online'")
    cache = Cache.open(tmp_path / "kept.sqlite3")
    timing = replace(QUICK, presence_every=0.05)
    colleague = Person(stage, stage.colleague())

    def standing(desk: Desk) -> Standing | None:
        floor = desk.state.floor
        return floor.of(colleague.id) if floor is not None else None

    def is_seen(desk: Desk, word: str) -> bool:
        found = standing(desk)
        return found is not None and found.word == word and found.exact

    async with running_desk(profile_of(stage), cache, timing) as desk:
        await desk.live()
        await colleague.comes()
        await desk.until(lambda: is_seen(desk, "online"))
        came = standing(desk)
        assert came is not None
        await desk.until(lambda: (desk.state.presence_at or 0.0) > came.since + 0.1)
    before = standing(desk)
    async with running_desk(profile_of(stage), cache, timing) as desk:
        await desk.until(lambda: standing(desk) == before, "the time goes on")
    stage.shop.db.execute("UPDATE account_users SET availability = 'busy'")
    async with running_desk(profile_of(stage), cache, timing) as desk:
        await desk.until(lambda: is_seen(desk, "busy"), "they changed while nobody looked")
    await colleague.goes()
    cache.close()


async def test_an_idle_desk_writes_nothing_but_its_end(stage: Stage, tmp_path: Path) -> None:
    cache = Cache.open(tmp_path / "kept.sqlite3")
    timing = replace(QUICK, presence_every=0.02)
    async with running_desk(profile_of(stage), cache, timing) as desk:
        await desk.live()
        log = FloorLog(file_beside(cache.path))
        await eventually(lambda: log.count() > 0)
        before, ticks = log.count(), len(stage.presence.ticks)
        await eventually(lambda: len(stage.presence.ticks) > ticks + 50)
        assert log.count() == before
    assert entries_in(log)[-1].kind == "mark"
    assert log.count() == before + 1
    log.close()
    cache.close()


async def test_a_desk_killed_at_once_leaves_what_it_had_seen(stage: Stage, tmp_path: Path) -> None:
    cache = Cache.open(tmp_path / "kept.sqlite3")
    async with running_desk(profile_of(stage), cache) as desk:
        await desk.live()
        log = FloorLog(file_beside(cache.path))
        await eventually(lambda: log.count() > 0)
        kept = entries_in(log)  # what a kill leaves: no end was written
        seen = desk.state.floor
        assert seen is not None
        spans = timeline(kept, stage.agent["id"], seen.since - 60, seen.since + 60)
        assert spans[0].word == ""
        assert spans[-1].word == "", "what came after the last line is not known"
        log.close()
    cache.close()


async def test_what_waits_for_a_busy_machine_when_the_desk_closes_is_written_all_the_same(
    stage: Stage, tmp_path: Path
) -> None:
    stage.shop.db.execute("UPDATE account_users SET auto_offline = 1, availability = 'online'")
    cache = Cache.open(tmp_path / "kept.sqlite3")
    colleague = Person(stage, stage.colleague())
    is_free = threading.Event()
    timing = replace(QUICK, presence_every=0.05)
    async with running_desk(profile_of(stage), cache, timing) as desk:
        await desk.live()
        log = FloorLog(file_beside(cache.path))
        await eventually(lambda: log.count() > 0)
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        busy = loop.run_in_executor(None, is_free.wait)
        await colleague.comes()

        def is_seen() -> bool:
            floor = desk.state.floor
            found = floor.of(colleague.id) if floor is not None else None
            return found is not None and found.word == "online"

        await desk.until(is_seen)
        await eventually(lambda: desk.engine.floor._appending is not None)
        threading.Timer(0.5, is_free.set).start()  # after the desk began to close
    await busy
    assert [one.agent_id for one in entries_in(log)].count(colleague.id) == 1
    log.close()
    cache.close()
    await colleague.goes()


# --- the file ----------------------------------------------------------------------------------


def test_400_days_are_kept_and_a_year_of_a_busy_shop_is_a_small_file(tmp_path: Path) -> None:
    log = FloorLog(tmp_path / "floor.sqlite3")
    day = 86_400.0
    for number in range(450):
        at = number * day
        log.append([
            Entry(1, at, "still"),
            *(Entry(1, at + 60 * step, "presence", step % 8, "busy") for step in range(200)),
            *(Entry(1, at + 60 * step, "assigned", step % 8, "", step) for step in range(100)),
            Entry(1, at + day - 1, "mark"),
        ])  # fmt: skip
    assert log.tidy(450 * day) == 50 * 302
    assert log.first_at() == 50 * day
    assert log.count() == 400 * 302
    log.close()
    assert (tmp_path / "floor.sqlite3").stat().st_size / 400 < 40_000, "bytes a day"


def test_a_day_is_read_from_the_last_picture_before_it(tmp_path: Path) -> None:
    log = FloorLog(tmp_path / "floor.sqlite3")
    log.append([
        Entry(1, 100.0, "begin"), Entry(1, 100.0, "presence", 2, "online"),
        Entry(1, 500.0, "still"), Entry(1, 500.0, "presence", 2, "online"),
        Entry(1, 900.0, "presence", 2, "busy"),
        Entry(1, 1000.0 + MARKED, "mark"),
        Entry(2, 50.0, "begin"), Entry(2, 60.0, "mark"),
    ])  # fmt: skip
    found = log.between(800.0, 1000.0)
    assert [one.at for one in found] == [500.0, 500.0, 900.0, 1000.0 + MARKED]
    assert [span.word for span in timeline(found, 2, 800.0, 1000.0)] == ["online", "busy"]
    log.close()


def test_a_damaged_file_is_set_aside_and_the_next_line_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "floor.sqlite3"
    path.write_bytes(b"no database at all" * 100)
    log = FloorLog(path)
    log.append([Entry(1, 1.0, "begin")])
    assert entries_in(log) == [Entry(1, 1.0, "begin")]
    assert len(list(tmp_path.glob("floor.sqlite3.unreadable-*"))) == 1
    log.close()
