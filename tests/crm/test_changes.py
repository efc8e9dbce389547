"""Whoever keeps a picture of the CRM misses nothing and is told nothing twice."""

from __future__ import annotations

import asyncio

import pytest

from revivatui.crm.errors import InvalidRecord
from revivatui.crm.store import Store, customers
from revivatui.crm.wishes import CustomerWish, Move
from tests.crm.build import House, take_in


async def test_every_change_is_told_once_in_its_order(store: Store, house: House) -> None:
    start = (await store.changes_since("")).cursor
    repair = await take_in(store, house)
    other = await store.upsert_customer(CustomerWish(name="Two", email="two@example.com"))
    await store.move_repair(Move(repair.id, "diagnosing", 1, "bench"))
    told = await store.changes_since(start)
    assert [(one.kind, one.id) for one in told.changes] == [
        ("customer", other.id),
        ("repair", repair.id),
    ]
    assert (await store.changes_since(told.cursor)).changes == ()
    assert (await store.changes_since(told.cursor)).cursor == told.cursor


async def test_many_changes_come_page_by_page(store: Store, house: House) -> None:
    for _ in range(5):
        await take_in(store, house)
    cursor, seen, more = "", [], True
    while more:
        page = await store.changes_since(cursor, limit=2)
        seen += [one.id for one in page.changes]
        cursor, more = page.cursor, page.more
    assert len(seen) == len(set(seen)) == 10


@pytest.mark.parametrize("cursor", ["x", "-1", "1; DROP", "²"])
async def test_what_is_no_cursor_is_refused(store: Store, cursor: str) -> None:
    with pytest.raises(InvalidRecord):
        await store.changes_since(cursor)


async def test_what_did_not_happen_is_not_told(store: Store, house: House) -> None:
    start = (await store.changes_since("")).cursor

    async def break_off() -> None:
        async with store.unit_of_work() as work:
            await customers.upsert(work, CustomerWish(name="Two", email="two@example.com"))
            raise RuntimeError("broken off")

    with pytest.raises(RuntimeError):
        await break_off()
    assert (await store.changes_since(start)).changes == ()
    assert await store.find_customer(email="two@example.com") is None


async def test_a_reader_who_follows_many_writers_misses_none(store: Store, house: House) -> None:
    start = (await store.changes_since("")).cursor
    seen: list[str] = []
    done = False

    async def follow() -> None:
        cursor = start
        while True:
            last_round = done
            page = await store.changes_since(cursor, limit=3)
            seen.extend(one.id for one in page.changes)
            cursor = page.cursor
            if last_round and not page.changes:
                return

    async def write(number: int) -> str:
        wish = CustomerWish(name=f"N{number}", email=f"n{number}@example.com")
        return (await store.upsert_customer(wish)).id

    following = asyncio.create_task(follow())
    made = await asyncio.gather(*(write(number) for number in range(25)))
    done = True
    await following
    assert sorted(seen) == sorted(made)


async def test_another_room_writes_in_the_same_transaction(store: Store) -> None:
    from sqlalchemy import text

    async with store.unit_of_work() as work:
        await work.connection.execute(text("CREATE TABLE inbox (event_id TEXT PRIMARY KEY)"))

    async def handle(event_id: str) -> None:
        async with store.unit_of_work() as work:
            await work.connection.execute(
                text("INSERT INTO inbox VALUES (:event_id)"), {"event_id": event_id}
            )
            wish = CustomerWish(name=event_id, email=f"{event_id}@example.com")
            await customers.upsert(work, wish)

    await handle("one")
    with pytest.raises(InvalidRecord):
        await handle("one")
    async with store.reading() as reader:
        assert len(await reader.rows(text("SELECT * FROM inbox"))) == 1
    assert (await store.get_customer((await store.changes_since("")).changes[0].id)).version == 1
