"""What somebody who answers a customer must know, and finding things by what people say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event

from revivatui.crm.records import Customer
from revivatui.crm.store import Store
from revivatui.crm.wishes import AppointmentWish, CustomerWish, Move, TicketWish
from tests.crm.build import Clock, House, make_phone, quote_for, take_in, walk_to


async def test_a_customer_without_anything_has_an_empty_context(
    store: Store, house: House, clock: Clock
) -> None:
    context = await store.get_context(house.customer.id)
    assert context.customer == house.customer
    assert (context.total_repairs, context.last_repair_at, context.recent_count) == (0, None, 0)
    assert not any((context.active, context.recent, context.pending_quotes, context.warranties))
    assert context.devices == (house.phone,)
    assert context.as_of == clock()


async def test_the_context_has_all_that_is_open_and_the_ten_newest(
    store: Store, house: House, clock: Clock
) -> None:
    old_and_open = await take_in(store, house)
    clock.forward(days=40)
    for _ in range(11):
        await walk_to(store, await take_in(store, house), "cancelled")
        clock.forward(minutes=1)
    repair = await walk_to(store, await take_in(store, house), "diagnosing")
    quote = await quote_for(store, repair)
    await store.send_quote(quote.id, version=1, actor="bench")
    ticket = await store.create_ticket(
        TicketWish(house.customer.id, "Chat", repair_ids=(repair.id,))
    )
    starts = clock() + timedelta(days=1)
    visit = await store.book_appointment(
        AppointmentWish(house.customer.id, "pick_up", starts, starts + timedelta(hours=1))
    )
    context = await store.get_context(house.customer.id)
    assert {one.repair.id for one in context.active} == {old_and_open.id, repair.id}
    assert len(context.recent) == 10
    assert context.recent[0].repair.id == repair.id
    assert (context.total_repairs, context.recent_count) == (13, 12)
    (pending,) = context.pending_quotes
    assert (pending.quote.total_cost, pending.repair_number) == (quote.total_cost, repair.number)
    assert pending.device == house.phone
    assert context.open_tickets == (ticket,)
    assert context.appointments == (visit,)


async def test_a_warranty_is_told_while_it_holds(store: Store, house: House, clock: Clock) -> None:
    repair = await walk_to(store, await take_in(store, house), "diagnosing")
    quote = await quote_for(store, repair)
    await store.send_quote(quote.id, version=1, actor="bench")
    await store.decide_quote(quote.id, approved=True, version=2, actor="customer")
    repair = (await store.get_repair(repair.id)).row.repair
    await walk_to(store, repair, "completed")
    held = (await store.get_context(house.customer.id)).warranties
    assert {one.kind for one in held} == {"parts", "labour"}
    assert all(one.holds_on(clock().date()) for one in held)
    clock.forward(days=366)
    assert (await store.get_context(house.customer.id)).warranties == ()


async def test_an_approved_repair_that_failed_begins_no_warranty(
    store: Store, house: House
) -> None:
    repair = await walk_to(store, await take_in(store, house), "diagnosing")
    quote = await quote_for(store, repair)
    await store.send_quote(quote.id, version=1, actor="bench")
    await store.decide_quote(quote.id, approved=True, version=2, actor="customer")
    repair = (await store.get_repair(repair.id)).row.repair
    for to in ("in_repair", "unrepairable", "ready_unrepaired", "completed"):
        repair = await store.move_repair(Move(repair.id, to, repair.version, "bench"))
    assert (await store.get_repair(repair.id)).warranties == ()


async def test_the_context_is_a_handful_of_questions_however_much_there_is(
    store: Store, house: House
) -> None:
    for _ in range(5):
        await take_in(store, house)
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(store._engine.sync_engine, "before_cursor_execute", note)
    await store.get_context(house.customer.id)
    assert len([one for one in asked if one.lstrip().startswith("SELECT")]) <= 7


@pytest.fixture
async def ana(store: Store, house: House) -> Customer:
    return await store.upsert_customer(
        CustomerWish(
            name="Ána Conceição Example",
            email="ana.c@example.org",
            phone="+351 912 000 123",
            company_name="Oficina & Co.",
        )
    )


@pytest.mark.parametrize(
    "typed",
    ["ana", "CONCEICAO", "exam ana", "Conceição", "oficina", "ana.c@example", "+351912000123"],
)
async def test_a_customer_is_found_by_what_people_say(
    store: Store, ana: Customer, typed: str
) -> None:
    assert [one.customer for one in await store.search(typed)] == [ana]


@pytest.mark.parametrize("typed", ["912 000 123", "912000123", "00351 912 000 123"])
async def test_a_phone_is_found_with_and_without_its_country(
    store: Store, ana: Customer, typed: str
) -> None:
    found = await store.search(typed)
    assert [(one.by, one.customer) for one in found] == [("phone", ana)]


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "zzz", "ceicao", "a%", "\x00", "'; DROP"])
async def test_nothing_is_found_by_nothing_and_by_wild_cards(
    store: Store, ana: Customer, typed: str
) -> None:
    assert await store.search(typed) == ()


async def test_a_name_in_a_script_without_spaces_is_found_by_a_part_of_it(store: Store) -> None:
    made = await store.upsert_customer(CustomerWish(name="山田太郎", email="y@example.com"))
    assert [one.customer for one in await store.search("太郎")] == [made]


async def test_a_number_leads_to_its_repair_ticket_or_quote(store: Store, house: House) -> None:
    repair = await take_in(store, house)
    second = await take_in(store, house, location_id=house.second_shop.id)
    quote = await quote_for(store, repair)
    ticket = await store.create_ticket(TicketWish(house.customer.id, "Chat"))
    assert [one.repair_id for one in await store.search("r-1001")] == [repair.id]
    assert [one.repair_id for one in await store.search("R-B1001")] == [second.id]
    assert [one.ticket_id for one in await store.search("t1001")] == [ticket.id]
    assert [one.quote_id for one in await store.search("Q-1001")] == [quote.id]
    found = await store.search("1001")
    assert {one.number for one in found} == {"R-1001", "R-B1001", "T-1001", "Q-1001"}
    assert len(await store.search("1001", limit=2)) == 2
    assert await store.search("R-9999") == ()


async def test_a_label_leads_to_its_device(store: Store, house: House) -> None:
    other = await make_phone(store, house.customer, "G0NXK0ZZZG5H")
    assert [one.device for one in await store.search("G0N-XK0 ZZZ-G5H")] == [other]
    assert [one.device for one in await store.search("zg5h")] == [other]
    assert {one.by for one in await store.search(house.phone.imei)} == {"imei"}
    assert [one.by for one in await store.search("JG5H5")] == []
    assert [one.device for one in await store.search("0AAJG5H")] == [house.phone]
