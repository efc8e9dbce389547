"""Repairs move along their way only, each move leaves its line, and no two writers overwrite."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from revivatui.crm import workflow
from revivatui.crm.errors import InvalidRecord, MoveRefused, NotInCrm, StaleRecord
from revivatui.crm.store import Store
from revivatui.crm.views import RepairQuery
from revivatui.crm.wishes import CustomerWish, Move, RepairChange
from revivatui.crm.workflow import STATUSES, RepairStatus
from tests.crm.build import Clock, House, copy_many, make_phone, quote_for, take_in, walk_to


async def test_a_repair_taken_in_is_read_with_everything_about_it(
    store: Store, house: House, clock: Clock
) -> None:
    repair = await take_in(
        store,
        house,
        accessories=("charger", "case"),
        technician_id=house.technician.id,
        promised_at=clock() + timedelta(days=3),
    )
    found = await store.get_repair(repair.id)
    assert found.row.repair == repair
    assert (repair.number, repair.status, repair.received_at) == ("R-1001", "received", clock())
    assert found.row.technician_name == "Bench One"
    assert (found.customer, found.row.device) == (house.customer, house.phone)
    assert [one.to_status for one in found.events] == ["received"]
    assert found.events[0].from_status is None


async def test_numbers_run_in_each_shop_for_itself(store: Store, house: House) -> None:
    numbers = [
        (await take_in(store, house, location_id=shop.id)).number
        for shop in (house.shop, house.second_shop, house.shop, house.second_shop)
    ]
    assert numbers == ["R-1001", "R-B1001", "R-1002", "R-B1002"]


@pytest.mark.parametrize("goal", STATUSES)
async def test_every_state_is_reached_with_its_moments_and_its_history(
    store: Store, house: House, clock: Clock, goal: RepairStatus
) -> None:
    repair = await take_in(store, house, handed_over=False)
    assert repair.status == "booked"
    clock.forward(hours=1)
    repair = await walk_to(store, repair, goal)
    found = await store.get_repair(repair.id)
    assert found.row.repair.status == goal
    assert found.events[-1].to_status == goal
    assert len(found.events) == repair.version
    stamps = {"completed": "collected_at", "cancelled": "cancelled_at", "received": "received_at"}
    if goal in stamps:
        assert getattr(repair, stamps[goal]) == clock()


async def test_a_move_that_the_way_does_not_have_changes_nothing(
    store: Store, house: House
) -> None:
    repair = await take_in(store, house)
    with pytest.raises(MoveRefused, match="Diagnosing"):
        await store.move_repair(Move(repair.id, "completed", repair.version, "bench"))
    found = await store.get_repair(repair.id)
    assert found.row.repair == repair
    assert len(found.events) == 1


async def test_a_stale_write_is_refused_and_the_other_one_stands(
    store: Store, house: House
) -> None:
    repair = await take_in(store, house)
    moved = await store.move_repair(Move(repair.id, "diagnosing", repair.version, "one"))
    with pytest.raises(StaleRecord, match="changed this repair"):
        await store.move_repair(Move(repair.id, "cancelled", repair.version, "two"))
    with pytest.raises(StaleRecord):
        await store.change_repair(
            repair.id, RepairChange(priority="high"), version=repair.version, actor="two"
        )
    assert (await store.get_repair(repair.id)).row.repair == moved


async def test_a_second_round_through_the_tests_moves_ready_and_keeps_the_start(
    store: Store, house: House, clock: Clock
) -> None:
    repair = await take_in(store, house)
    repair = await walk_to(store, repair, "ready")
    first = repair
    clock.forward(hours=2)
    for to in ("testing", "in_repair", "testing", "ready"):
        repair = await store.move_repair(Move(repair.id, to, repair.version, "bench"))
    assert repair.started_at == first.started_at
    assert repair.ready_at == repair.tested_at == clock()


async def test_a_change_is_written_down_and_no_change_is_none(store: Store, house: House) -> None:
    repair = await take_in(store, house)
    changed = await store.change_repair(
        repair.id,
        RepairChange(technician_id=house.technician.id, priority="urgent"),
        version=repair.version,
        actor="counter",
    )
    assert (changed.technician_id, changed.priority, changed.version) == (
        house.technician.id,
        "urgent",
        2,
    )
    again = await store.change_repair(
        repair.id, RepairChange(priority="urgent"), version=2, actor="counter"
    )
    assert again == changed
    await store.add_note(repair.id, "Customer called", actor="counter", public=True)
    events = (await store.get_repair(repair.id)).events
    assert [one.note for one in events] == ["", "Changed: technician, priority", "Customer called"]
    assert events[-1].public


async def test_the_history_is_only_ever_added_to(store: Store, house: House) -> None:
    written: list[str] = []

    def note(*arguments: Any) -> None:
        written.append(arguments[2])

    sync_engine = store._engine.sync_engine
    event.listen(sync_engine, "before_cursor_execute", note)
    repair = await take_in(store, house)
    await store.add_note(repair.id, "passcode: 4821", actor="counter")
    await walk_to(store, repair, "completed")
    touched = [one for one in written if "repair_events" in one]
    assert {one.split()[0] for one in touched} == {"INSERT"}
    assert not any(hasattr(store, name) for name in ("change_event", "delete_event"))


async def test_no_passcode_is_kept_of_what_is_said_at_the_counter(
    store: Store, house: House
) -> None:
    repair = await take_in(
        store, house, fault="Black screen, PIN 0852", intake_condition="senha: gato77"
    )
    await store.add_note(repair.id, "o código é 3344", actor="counter")
    told = str(await store.get_repair(repair.id))
    assert not any(secret in told for secret in ("0852", "gato77", "3344"))


async def test_what_does_not_belong_together_is_refused(store: Store, house: House) -> None:
    other = await store.upsert_customer(CustomerWish(name="Two", email="two@example.com"))
    with pytest.raises(InvalidRecord, match="another customer"):
        await take_in(store, house, customer_id=other.id)
    with pytest.raises(NotInCrm):
        await take_in(store, house, device_id="none")
    with pytest.raises(NotInCrm):
        await take_in(store, house, location_id="none")
    with pytest.raises(InvalidRecord):
        await take_in(store, house, technician_id="none")
    first = await take_in(store, house)
    second_phone = await make_phone(store, house.customer, "G0NXK0AAJG5H")
    with pytest.raises(InvalidRecord, match="another device"):
        await take_in(store, house, device_id=second_phone.id, warranty_of_repair_id=first.id)
    assert (await store.count_repairs()).by_status["received"] == 1


async def test_a_warranty_repair_remembers_which_one_it_is_of(store: Store, house: House) -> None:
    first = await walk_to(store, await take_in(store, house), "completed")
    again = await take_in(store, house, warranty_of_repair_id=first.id)
    assert again.is_warranty
    again = await walk_to(store, again, "in_repair")
    assert again.diagnosed_at is not None


async def test_a_list_has_every_repair_once_newest_first_page_by_page(
    store: Store, house: House, clock: Clock
) -> None:
    made = []
    for _ in range(7):
        made.append((await take_in(store, house)).id)
        clock.forward(minutes=1 if len(made) % 2 else 0)
    seen: list[str] = []
    query = RepairQuery(limit=3)
    for _ in range(3):
        page = await store.list_repairs(query)
        seen += [one.repair.id for one in page.rows]
        query = RepairQuery(limit=3, after=page.next)
    assert page.next == ""
    assert seen == made[::-1]
    with pytest.raises(InvalidRecord):
        await store.list_repairs(RepairQuery(after="yesterday"))


async def test_a_list_shows_what_was_asked_for(store: Store, house: House, clock: Clock) -> None:
    late = await take_in(store, house, promised_at=clock() + timedelta(hours=1))
    ready = await walk_to(
        store, await take_in(store, house, promised_at=clock() + timedelta(hours=1)), "ready"
    )
    over = await walk_to(store, await take_in(store, house), "completed")
    mine = await take_in(
        store, house, technician_id=house.technician.id, location_id=house.second_shop.id
    )
    clock.forward(hours=2)

    async def ids(query: RepairQuery) -> set[str]:
        return {one.repair.id for one in (await store.list_repairs(query)).rows}

    assert await ids(RepairQuery(overdue=True)) == {late.id}
    assert await ids(RepairQuery(closed=False)) == {late.id, ready.id, mine.id}
    assert await ids(RepairQuery(statuses=("completed", "ready"))) == {over.id, ready.id}
    assert await ids(RepairQuery(technician_id=house.technician.id)) == {mine.id}
    assert await ids(RepairQuery(location_id=house.shop.id)) == {late.id, ready.id, over.id}
    assert await ids(RepairQuery(customer_id="none")) == set()


async def test_the_counts_are_those_of_the_lists(store: Store, house: House, clock: Clock) -> None:
    await take_in(store, house, promised_at=clock() + timedelta(hours=1))
    await walk_to(store, await take_in(store, house), "ready")
    await take_in(store, house, location_id=house.second_shop.id)
    clock.forward(hours=2)
    counts = await store.count_repairs()
    assert counts.by_status["received"] == 2
    assert counts.by_status["ready"] == 1
    assert counts.by_status["completed"] == 0
    assert counts.overdue == 1
    assert set(counts.by_status) == set(STATUSES)
    assert (await store.count_repairs(house.second_shop.id)).by_status["received"] == 1


async def test_what_is_unclaimed_or_forgotten_is_found_behind_thousands_of_newer_repairs(
    store: Store, house: House, clock: Clock
) -> None:
    unclaimed = [
        await walk_to(store, await take_in(store, house), "ready"),
        await walk_to(store, await take_in(store, house), "ready_unrepaired"),
    ]
    forgotten = await walk_to(store, await take_in(store, house), "in_repair")
    await take_in(store, house, handed_over=False)  # booked: nobody has to be at it
    await walk_to(store, await take_in(store, house), "completed")
    clock.forward(days=14, minutes=1)
    await walk_to(store, await take_in(store, house), "ready")
    await copy_many(store, await take_in(store, house), 2100)

    async def ids(query: RepairQuery) -> set[str]:
        return {one.repair.id for one in (await store.list_repairs(query)).rows}

    assert await ids(RepairQuery(unclaimed=True)) == {one.id for one in unclaimed}
    assert await ids(RepairQuery(forgotten=True)) == {forgotten.id}
    counts = await store.count_repairs()
    assert (counts.unclaimed, counts.forgotten) == (2, 1)
    there = await store.count_repairs(house.second_shop.id)
    assert (there.unclaimed, there.forgotten) == (0, 0)


@pytest.mark.parametrize("status", STATUSES)
async def test_the_database_means_by_unclaimed_and_forgotten_what_the_way_of_a_repair_means(
    store: Store, house: House, clock: Clock, status: RepairStatus
) -> None:
    repair = await walk_to(store, await take_in(store, house, handed_over=False), status)
    for hours in (72, 0.1, 264, 0.1):
        clock.forward(hours=hours)
        counts = await store.count_repairs()
        unclaimed = workflow.is_unclaimed(status, repair.ready_at, repair.updated_at, clock())
        forgotten = workflow.is_forgotten(status, repair.updated_at, clock())
        assert (counts.unclaimed, counts.forgotten) == (unclaimed, forgotten)


async def test_a_device_tells_its_history(store: Store, house: House, clock: Clock) -> None:
    first = await take_in(store, house)
    first = await store.move_repair(Move(first.id, "diagnosing", 1, "bench"))
    quote = await quote_for(store, first)
    quote = await store.send_quote(quote.id, version=1, actor="bench")
    await store.decide_quote(quote.id, approved=True, version=2, actor="customer")
    first = (await store.get_repair(first.id)).row.repair
    await walk_to(store, first, "completed")
    clock.forward(days=30)
    second = await take_in(store, house)
    history = await store.device_history(house.phone.id)
    assert history.device == house.phone
    assert [one.repair.id for one in history.repairs] == [second.id, first.id]
    assert {(one.kind, one.months) for one in history.warranties} == {("parts", 12), ("labour", 12)}
