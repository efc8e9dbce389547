"""The jobs of a bridge whose CRM is in PostgreSQL: there with their rows, one a lane, in order,
never lost. Real databases, real workers."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select, text

from revivatui.bridge import inbox, jobs, opening, report
from revivatui.bridge import shared_queue as shared_queue_module
from revivatui.bridge.handlers import _MASKED_NOTE
from revivatui.bridge.news import News, Person
from revivatui.bridge.receiver import stopped
from revivatui.bridge.shared import open_shared
from revivatui.bridge.shared_queue import SharedQueue, open_app
from revivatui.bridge.tables import INBOX
from revivatui.crm.store import Store
from tests.bridge.desks import forget_the_past, opened_bridge
from tests.bridge.disorder import run_scenario
from tests.support.shops import Stage, Template

ACCOUNT = 1
LANES = 5
ROWS = 12


@pytest.fixture
def version() -> str:
    return "4.10.1"


@pytest.fixture
async def store(crm_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(crm_url)
    await opening.make_tables(opened)
    yield opened
    await opened.close()


def event(lane: int, number: int) -> inbox.Delivery:
    """Something to keep; each (lane, number) once."""
    news = News("contact_updated", contact=Person(id=lane, name=f"Name {number}"))
    return inbox.delivery(news, ACCOUNT)


async def keep(store: Store, deliveries: Sequence[inbox.Delivery]) -> None:
    async with store.unit_of_work() as work:
        await inbox.put(work, deliveries, time.time())


async def ask(store: Store, question: str) -> list[Any]:
    async with store.reading() as reader:
        return [tuple(row) for row in await reader.rows(text(question))]


async def waiting(store: Store) -> int:
    return int((await ask(store, "SELECT count(*) FROM bridge_inbox WHERE state = 'new'"))[0][0])


async def nothing_waits(store: Store, seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while await waiting(store):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


class Hands:
    """One process's worth of a queue, that writes down what it does."""

    def __init__(self, store: Store, done: list[tuple[str, str]]) -> None:
        self.store = store
        self.done = done
        self.busy: dict[str, int] = defaultdict(int)

    async def handle(self, row: Any) -> None:
        self.busy[row.lane] += 1
        assert self.busy[row.lane] == 1, "two at once in one lane"
        async with self.store.unit_of_work() as work:
            await inbox.finish(work, row.id)
        self.done.append((row.lane, row.id))
        self.busy[row.lane] -= 1


@asynccontextmanager
async def queue(
    url: str, store: Store, handle: Callable[[Any], Any], width: int = 4
) -> AsyncIterator[SharedQueue]:
    async with open_app(url) as app:
        yield SharedQueue(app, store, jobs.IN, handle, time.time, width=width)


@asynccontextmanager
async def at_work(url: str, store: Store, handle: Callable[[Any], Any]) -> AsyncIterator[None]:
    async with queue(url, store, handle) as one:
        running = asyncio.create_task(one.run())
        try:
            yield
        finally:
            await stopped(running)


async def test_a_job_is_there_if_and_only_if_its_row_is(store: Store) -> None:
    async def break_off() -> None:
        async with store.unit_of_work() as work:
            await inbox.put(work, [event(1, 1)], time.time())
            raise RuntimeError("not this time")

    with pytest.raises(RuntimeError, match="not this time"):
        await break_off()
    assert await ask(store, "SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    await keep(store, [event(1, 1)])
    assert await ask(store, "SELECT lock, args->>'lane' FROM procrastinate_jobs") == [
        ("cw:in:1:contact:1", "1:contact:1")
    ]


async def test_many_rows_of_a_lane_are_one_job(store: Store) -> None:
    for number in range(ROWS):
        await keep(store, [event(1, number), event(2, number)])
    assert await waiting(store) == 2 * ROWS
    assert await ask(store, "SELECT count(*) FROM procrastinate_jobs") == [(2,)]


async def test_workers_keep_the_order_of_each_lane(store: Store, crm_url: str) -> None:
    """Three of them, each with a pool of its own, while more comes in."""
    done: list[tuple[str, str]] = []
    hands = Hands(store, done)
    async with AsyncExitStack() as stack:
        for _ in range(3):
            await stack.enter_async_context(at_work(crm_url, store, hands.handle))
        for number in range(ROWS):
            await keep(store, [event(lane, number) for lane in range(1, LANES + 1)])
        await nothing_waits(store)
    by_lane: dict[str, list[str]] = defaultdict(list)
    for lane, row_id in done:
        by_lane[lane].append(row_id)
    assert len(by_lane) == LANES
    for ids in by_lane.values():
        assert len(ids) == ROWS
        assert ids == sorted(ids)


async def test_what_waits_for_later_is_looked_at_then_and_what_is_behind_it_waits(
    store: Store, crm_url: str
) -> None:
    done: list[tuple[str, str]] = []
    hands = Hands(store, done)
    put_off_until = 0.0

    async def handle(row: Any) -> None:
        nonlocal put_off_until
        if not put_off_until:
            put_off_until = time.time() + 1.5
            async with store.unit_of_work() as work:
                later = INBOX.update().where(INBOX.c.id == row.id)
                await work.run(later.values(next_at=put_off_until))
            return
        assert time.time() >= put_off_until
        await hands.handle(row)

    await keep(store, [event(1, 1), event(1, 2)])
    async with at_work(crm_url, store, handle):
        await nothing_waits(store)
    assert [row_id for _, row_id in done] == sorted(row_id for _, row_id in done)
    assert len(done) == 2


async def test_rows_without_a_job_are_found(store: Store, crm_url: str) -> None:
    """As those are that an older program left in this database."""
    await keep(store, [event(1, 1), event(2, 1)])
    async with store.unit_of_work() as work:
        await work.run(text("DELETE FROM procrastinate_jobs"))
    async with at_work(crm_url, store, Hands(store, []).handle):
        await nothing_waits(store)
    assert await ask(store, "SELECT count(*) FROM procrastinate_jobs") == [(0,)]


async def test_the_jobs_of_who_fell_silent_are_taken_over(
    store: Store, crm_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody took the job of a lane and was never heard of again; more came in behind it."""
    monkeypatch.setattr(shared_queue_module, "TEND_SECONDS", 0.3)
    await keep(store, [event(1, 1)])
    async with store.unit_of_work() as work:
        silent = "INSERT INTO procrastinate_workers (last_heartbeat)"
        silent += " VALUES (now() - interval '1 h')"
        worker = (await work.rows(text(f"{silent} RETURNING id")))[0][0]
        await work.connection.execute(
            text("SELECT procrastinate_fetch_job_v2(NULL, :worker)"), {"worker": worker}
        )
    await keep(store, [event(1, 2)])
    states = "SELECT status::text FROM procrastinate_jobs ORDER BY id"
    assert await ask(store, states) == [("doing",), ("todo",)]
    async with at_work(crm_url, store, Hands(store, []).handle):
        await nothing_waits(store)


async def test_work_goes_on_when_the_database_cut_every_connection(
    store: Store, crm_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_queue_module, "IDLE_SECONDS", 0.3)
    monkeypatch.setattr(shared_queue_module, "TEND_SECONDS", 0.3)
    done: list[tuple[str, str]] = []
    hands = Hands(store, done)

    async def slowly(row: Any) -> None:
        await asyncio.sleep(0.02)
        try:
            await hands.handle(row)
        finally:
            hands.busy.clear()

    for lane in range(1, LANES + 1):
        await keep(store, [event(lane, number) for number in range(ROWS)])
    async with at_work(crm_url, store, slowly):
        async with asyncio.timeout(60):
            while len(done) < LANES * ROWS / 3:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        cut_all(crm_url)
        await nothing_waits(store, 60.0)
    assert sorted(set(done)) == sorted(done)


def cut_all(url: str) -> None:
    """End every other connection; what they locked is free afterwards."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def test_a_dead_letter_that_is_tried_again_gets_a_job(store: Store, crm_url: str) -> None:
    await keep(store, [event(1, 1)])
    async with store.unit_of_work() as work:
        await work.run(INBOX.update().values(state="dead"))
        await work.run(text("DELETE FROM procrastinate_jobs"))
    (dead,) = await report.letters(store)
    await report.retry(store, dead)
    assert await ask(store, "SELECT count(*) FROM procrastinate_jobs") == [(1,)]
    async with queue(crm_url, store, Hands(store, []).handle) as one:
        await one.settle()
    assert await waiting(store) == 0


async def test_what_somebody_else_did_meanwhile_is_not_done_again(store: Store) -> None:
    """One thought dead comes back in the middle of an event that others dealt with."""
    from revivatui.bridge import known
    from revivatui.bridge.errors import Overtaken

    await keep(store, [event(1, 1)])
    async with store.reading() as reader:
        row = await reader.row(select(INBOX))
    assert row is not None

    async def deal_with_it(who: str) -> None:
        async with store.unit_of_work() as work:
            await known.keep_fact(work, who, "was here")
            await inbox.finish(work, row.id)

    await deal_with_it("first")
    with pytest.raises(Overtaken):
        await deal_with_it("late")
    async with store.reading() as reader:
        assert await known.fact(reader, "first") == "was here"
        assert await known.fact(reader, "late") == ""


async def test_a_thing_of_chatwoot_is_in_one_hand_only(crm_url: str) -> None:
    inside = 0

    async def go(shared: Any) -> None:
        nonlocal inside
        for _ in range(10):
            async with shared.locks.held("contact:1"):
                inside += 1
                assert inside == 1
                await asyncio.sleep(0.002)
                inside -= 1

    async with open_shared(crm_url, most=4) as one, open_shared(crm_url, most=4) as other:
        await asyncio.gather(*(go(shared) for shared in (one, other) for _ in range(3)))


async def test_the_budget_is_one_for_all(store: Store) -> None:
    from revivatui.bridge.shared_locks import SharedBudget

    now = 1000.0
    one, other = (SharedBudget(store, lambda: now, 2) for _ in range(2))
    assert [await one.take("a"), await other.take("a")] == [0.0, 0.0]
    now += 20.0
    assert await one.take("a") == await other.take("a") == 40.0
    assert await other.take("b") == 0.0
    now += 41.0
    assert await other.take("a") == 0.0


async def test_random_lives_end_alike_on_both_queues(
    shop_template: Callable[[str], Template], tmp_path: Path, crm_url: str
) -> None:
    """The last of the bridges has its CRM in PostgreSQL; the first, in a file, heard all."""
    found = await run_scenario(
        shop_template("4.10.1"), tmp_path, seed=5, schedules=2, steps=25, last_crm=crm_url
    )
    assert found == []


async def test_a_bridge_on_postgresql_writes_to_chatwoot_too(stage: Stage, crm_url: str) -> None:
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    async with opened_bridge(stage, crm_url) as bridge:
        stage.customer_writes(conversation, "The passcode is 4711")
        await bridge.backfill.since_last_time(first=3600.0)
        await bridge.settle()
        counts = dict(
            await ask(bridge.store, "SELECT state, count(*) FROM bridge_outbox GROUP BY 1")
        )
    assert counts.keys() == {"done"}
    assert stage.asked("PUT", "*/contacts/*")
    assert len(stage.messages_saying(_MASKED_NOTE)) == 1
