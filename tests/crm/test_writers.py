"""Several writers at once: nobody is turned away, nothing is written twice or over another."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from revivatui.crm.errors import StaleRecord
from revivatui.crm.records import LoyaltyTier
from revivatui.crm.store import Store
from revivatui.crm.store import house as house_store
from revivatui.crm.views import RepairQuery
from revivatui.crm.wishes import CustomerWish, Move, TicketWish
from tests.crm.build import House, take_in, walk_to

WRITER = """
import asyncio, sys
from revivatui.crm.records import LoyaltyTier
from revivatui.crm.store import Store
from revivatui.crm.store import house as house_store
from revivatui.crm.wishes import CustomerWish

async def main(where, name):
    store = await Store.open(where)
    for number in range(40):
        await store.upsert_customer(
            CustomerWish(name=name, email=f"{name}{number}@example.com", source="test")
        )
        await store.upsert_customer(
            CustomerWish(email="shared@example.com", custom_attributes={f"{name}{number}": 1})
        )
    await store.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_two_programs_write_at_once_and_neither_is_turned_away(
    store: Store, address: str
) -> None:
    await store.upsert_customer(CustomerWish(name="Shared", email="shared@example.com"))
    programs = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", WRITER, address, name, stderr=subprocess.PIPE
        )
        for name in ("a", "b")
    ]
    for program in programs:
        _, told = await program.communicate()
        assert program.returncode == 0, told.decode()[-2000:]
    shared = await store.find_customer(email="shared@example.com")
    assert shared is not None
    assert len(shared.custom_attributes) == 80
    assert shared.version == 81
    assert len(await store.search("a", limit=100)) == 40


async def test_many_writers_of_one_program_get_numbers_without_a_gap(
    store: Store, house: House
) -> None:
    made = await asyncio.gather(*(take_in(store, house) for _ in range(30)))
    assert sorted(one.number for one in made) == [f"R-{1001 + n}" for n in range(30)]


async def test_of_many_moves_of_one_repair_one_wins(store: Store, house: House) -> None:
    repair = await take_in(store, house)
    wish = Move(repair.id, "diagnosing", repair.version, "bench")
    answers = await asyncio.gather(
        *(store.move_repair(wish) for _ in range(8)), return_exceptions=True
    )
    refused = [one for one in answers if isinstance(one, BaseException)]
    assert len(refused) == 7
    assert all(isinstance(one, StaleRecord) for one in refused)
    assert len((await store.get_repair(repair.id)).events) == 2


async def test_the_same_stranger_met_by_many_at_once_is_one_customer(store: Store) -> None:
    wish = CustomerWish(name="New", email="new@example.com", phone="+447700900077")
    made = await asyncio.gather(*(store.upsert_customer(wish) for _ in range(12)))
    assert len({one.id for one in made}) == 1


async def test_a_reader_sees_one_moment_while_others_write(store: Store, house: House) -> None:
    async with store.reading() as reader:
        before = await reader.rows(text("SELECT count(*) FROM repairs"))
        await take_in(store, house)
        after = await reader.rows(text("SELECT count(*) FROM repairs"))
    assert before == after == [(0,)]
    assert (await store.count_repairs()).by_status["received"] == 1


async def test_every_writing_transaction_of_sqlite_begins_as_a_writer(tmp_path: Path) -> None:
    store = await Store.open(tmp_path / "crm.sqlite")
    said: list[str] = []

    def note(*arguments: Any) -> None:
        said.append(arguments[2])

    event.listen(store._engine.sync_engine, "before_cursor_execute", note)
    made = await store.upsert_customer(CustomerWish(name="One", email="one@example.com"))
    await store.get_context(made.id)
    assert [one for one in said if one.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]
    first_of_reading = said.index("BEGIN")
    assert not any(
        one.split()[0] in ("INSERT", "UPDATE", "DELETE") for one in said[first_of_reading:]
    )
    await store.close()


async def test_a_reader_cannot_write_on_postgresql(store: Store, engine_name: str) -> None:
    if engine_name == "sqlite":
        return
    with pytest.raises(Exception, match="read-only"):
        async with store.reading() as reader:
            await reader.connection.execute(text("DELETE FROM customers"))


async def test_a_writer_that_is_called_off_leaves_nothing_and_stands_in_nobodys_way(
    store: Store, house: House
) -> None:
    before = await store.count_repairs()
    for pause in (0.0, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.008):
        writing = asyncio.create_task(take_in(store, house))
        await asyncio.sleep(pause)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    repair = await asyncio.wait_for(take_in(store, house), timeout=60)
    found = await store.get_repair(repair.id)
    assert len(found.events) == 1
    rows = (await store.list_repairs(RepairQuery())).rows
    assert len({one.repair.number for one in rows}) == len(rows)
    assert sum(before.by_status.values()) < len(rows)


async def test_a_unit_of_work_inside_another_is_refused_and_not_waited_for_for_ever(
    store: Store,
) -> None:
    wish = CustomerWish(name="One", email="one@example.com")

    async def nested() -> None:
        async with store.unit_of_work():
            await store.upsert_customer(wish)

    with pytest.raises(RuntimeError, match="inside another"):
        await asyncio.wait_for(nested(), timeout=60)
    assert await store.find_customer(email="one@example.com") is None
    assert (await store.upsert_customer(wish)).name == "One"


async def test_what_another_room_raises_inside_a_unit_of_work_stays_what_it_was(
    store: Store,
) -> None:
    async def fail() -> None:
        async with store.unit_of_work():
            raise ConnectionResetError("the chat went away")

    with pytest.raises(ConnectionResetError):
        await fail()


async def test_connections_that_the_server_dropped_are_made_anew(
    store: Store, house: House, engine_name: str
) -> None:
    if engine_name == "sqlite":
        return
    async with store.unit_of_work() as work:
        await work.connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    assert (await store.health()).ok
    assert (await store.get_customer(house.customer.id)) == house.customer


async def test_writers_who_take_two_repairs_the_other_way_round_do_not_block_each_other(
    store: Store, house: House
) -> None:
    one, two = await take_in(store, house), await take_in(store, house)
    wishes = [
        TicketWish(house.customer.id, "Chat", repair_ids=ids)
        for ids in ((one.id, two.id), (two.id, one.id)) * 6
    ]
    made = await asyncio.gather(*(store.create_ticket(wish) for wish in wishes))
    assert len({ticket.number for ticket in made}) == 12


async def test_loyalty_worked_out_beside_a_change_takes_nothing_back(
    store: Store, house: House
) -> None:
    async with store.unit_of_work() as work:
        await house_store.save_loyalty_tier(work, LoyaltyTier("bronze", 1, min_repairs=1))
    await walk_to(store, await take_in(store, house), "completed")
    wishes = [
        CustomerWish(customer_id=house.customer.id, custom_attributes={f"k{number}": number})
        for number in range(10)
    ]
    await asyncio.gather(
        *(store.upsert_customer(wish) for wish in wishes),
        *(store.refresh_loyalty(house.customer.id) for _ in range(5)),
    )
    kept = await store.get_customer(house.customer.id)
    assert len(kept.custom_attributes) == 10
    assert kept.loyalty_tier == "bronze"
