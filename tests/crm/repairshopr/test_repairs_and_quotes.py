"""Repairs, quotes and visits in RepairShopr: as it has them, and only what it has."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from revivatui.crm.errors import (
    InvalidRecord,
    MoveRefused,
    NotOffered,
    StaleRecord,
)
from revivatui.crm.money import Money
from revivatui.crm.records import ServiceItem
from revivatui.crm.records_repairs import Repair
from revivatui.crm.repairshopr import RepairShopr
from revivatui.crm.views import RepairQuery
from revivatui.crm.wishes import AppointmentWish, LineWish, Move, QuoteWish, RepairChange
from tests.crm.repairshopr.conftest import adapter, intake_of, make_customer, phone_of
from tests.crm.repairshopr.stand_in import StandIn

EUR = "EUR"


async def repair_of(crm: RepairShopr, number: int = 1, **more: Any) -> Repair:
    customer = await make_customer(crm, number)
    device = await crm.save_device(phone_of(customer, f"F2LXK0AAJ{number:03d}"))
    return await crm.create_repair(intake_of(device, **more))


def line(price: str, **more: Any) -> LineWish:
    return replace(LineWish("part", "Screen, original", Money.parse(price, EUR)), **more)


async def test_a_device_is_taken_in_as_a_ticket_that_has_it(
    crm: RepairShopr, vendor: StandIn
) -> None:
    promised = datetime(2030, 1, 2, 15, tzinfo=UTC)
    repair = await repair_of(
        crm,
        intake_condition="Scratches. Passcode 4321",
        accessories=("Case", "Charger"),
        technician_id="7",
        priority="urgent",
        promised_at=promised,
    )
    assert (repair.status, repair.status_words, repair.priority) == ("received", "New", "urgent")
    assert (repair.promised_at, repair.ticket_id) == (promised, repair.id)
    told = await crm.get_repair(repair.id)
    assert told.row.repair == repair
    assert told.row.device.label == "iPhone 13"
    assert told.row.technician_name == "Bench One"
    assert told.row.customer_name == told.customer.name == "Customer Number 1"
    (event,) = told.events
    assert "With it: Case, Charger" in event.note
    assert "4321" not in str(vendor.data.comments)
    assert not event.public
    assert vendor.data.mail == []


async def test_a_due_date_of_the_vendors_own_making_is_no_promise(crm: RepairShopr) -> None:
    repair = await repair_of(crm)
    assert repair.promised_at is None
    assert not (await crm.get_repair(repair.id)).row.overdue


async def test_a_ticket_that_is_there_gets_the_device(crm: RepairShopr, vendor: StandIn) -> None:
    first = await repair_of(crm)
    customer = await crm.get_customer(first.customer_id)
    other = await crm.save_device(phone_of(customer, "G0OTHER00001"))
    bound = await crm.create_repair(intake_of(other, ticket_id=first.id))
    assert (bound.id, bound.device_id) == (first.id, other.id)
    assert len(vendor.data.tickets) == 1


async def test_a_repair_is_not_moved_unless_it_was_switched_on(
    crm: RepairShopr, vendor: StandIn
) -> None:
    repair = await repair_of(crm)
    with pytest.raises(NotOffered):
        await crm.move_repair(Move(repair.id, "ready", repair.version, "bench"))
    assert vendor.data.tickets[int(repair.id)]["status"] == "New"


async def test_a_repair_moves_to_the_vendors_word_for_it(
    allowed: RepairShopr, vendor: StandIn
) -> None:
    repair = await repair_of(allowed)
    moved = await allowed.move_repair(
        Move(repair.id, "awaiting_parts", repair.version, "bench", note="Screen ordered")
    )
    assert (moved.status, moved.status_words) == ("awaiting_parts", "Waiting for Parts")
    with pytest.raises(StaleRecord):
        await allowed.move_repair(Move(repair.id, "ready", repair.version, "bench"))
    busy = await allowed.move_repair(Move(repair.id, "in_repair", moved.version, "bench"))
    with pytest.raises(MoveRefused, match="calls both “In Progress”"):
        await allowed.move_repair(Move(repair.id, "testing", busy.version, "bench"))
    notes = [one.note for one in (await allowed.get_repair(repair.id)).events]
    assert "Screen ordered" in notes


async def test_a_state_nobody_knows_is_shown_word_for_word_and_can_be_named(
    crm: RepairShopr, vendor: StandIn
) -> None:
    repair = await repair_of(crm)
    vendor.data.statuses.append("At the lab")
    vendor.data.tickets[int(repair.id)]["status"] = "At the lab"
    read = (await crm.get_repair(repair.id)).row.repair
    assert (read.status, read.status_words) == ("unknown", "At the lab")
    named = adapter(vendor, status_words={"at the LAB": "in_repair"})
    assert (await named.get_repair(repair.id)).row.repair.status == "in_repair"
    await named.close()
    with pytest.raises(InvalidRecord, match="no state of a repair"):
        adapter(vendor, status_words={"At the lab": "nowhere"})


async def test_what_changes_besides_the_state_is_written_once(
    crm: RepairShopr, vendor: StandIn
) -> None:
    repair = await repair_of(crm)
    wish = RepairChange(
        technician_id="7", priority="low", promised_at=datetime(2030, 1, 2, tzinfo=UTC)
    )
    changed = await crm.change_repair(repair.id, wish, version=repair.version, actor="bench")
    assert (changed.technician_id, changed.priority) == ("7", "low")
    again = await crm.change_repair(repair.id, wish, version=changed.version, actor="bench")
    assert again == changed
    assert len(vendor.writes(f"/tickets/{repair.id}")) == 1
    with pytest.raises(StaleRecord):
        await crm.change_repair(repair.id, wish, version=repair.version, actor="bench")
    with pytest.raises(NotOffered):
        await crm.change_repair(
            repair.id, RepairChange(accessories=("Case",)), version=changed.version, actor="bench"
        )


async def test_notes_are_read_back_and_write_to_nobody(crm: RepairShopr, vendor: StandIn) -> None:
    repair = await repair_of(crm)
    await crm.add_note(repair.id, "Board is fine", actor="Bench One")
    await crm.add_note(repair.id, "Will be ready", actor="Bench One", public=True)
    *_, hidden, public = (await crm.get_repair(repair.id)).events
    assert (hidden.note, hidden.public, hidden.actor) == ("Board is fine", False, "Bench One")
    assert (public.note, public.public) == ("Will be ready", True)
    assert vendor.data.mail == []


async def test_lists_and_counts_of_repairs(crm: RepairShopr, vendor: StandIn) -> None:
    repairs = [await repair_of(crm, number) for number in range(1, 4)]
    rows = vendor.data.tickets
    rows[int(repairs[1].id)]["status"] = "Waiting for Parts"
    rows[int(repairs[2].id)]["status"] = "Invoiced"
    every = await crm.list_repairs(RepairQuery())
    assert [one.repair.id for one in every.rows] == [one.id for one in reversed(repairs)]
    assert every.next == ""
    not_over = await crm.list_repairs(RepairQuery(closed=False))
    assert {one.repair.id for one in not_over.rows} == {repairs[0].id, repairs[1].id}
    waiting = await crm.list_repairs(RepairQuery(statuses=("awaiting_parts",)))
    assert [one.repair.id for one in waiting.rows] == [repairs[1].id]
    rows[int(repairs[0].id)]["due_date"] = "2020-01-01"
    counts = await crm.count_repairs()
    assert (dict(counts.by_status), counts.overdue) == ({"received": 1, "awaiting_parts": 1}, 1)
    late = await crm.list_repairs(RepairQuery(overdue=True))
    assert [one.repair.id for one in late.rows] == [repairs[0].id]
    history = await crm.device_history(repairs[0].device_id)
    assert [one.repair.id for one in history.repairs] == [repairs[0].id]


async def test_a_long_list_goes_on_where_it_was_left(crm: RepairShopr, vendor: StandIn) -> None:
    customer = vendor.data.make_customer({"firstname": "Many"})
    for number in range(60):
        vendor.data.make_ticket({"customer_id": customer["id"], "subject": f"Repair {number}"})
    seen: list[str] = []
    query = RepairQuery(limit=20)
    for _ in range(10):
        page = await crm.list_repairs(query)
        seen += [one.repair.fault for one in page.rows]
        if not page.next:
            break
        query = replace(query, after=page.next)
    assert sorted(seen) == sorted(f"Repair {number}" for number in range(60))
    with pytest.raises(InvalidRecord):
        await crm.list_repairs(RepairQuery(after="nowhere"))


async def test_a_quote_gets_its_lines_one_by_one_and_costs_what_the_vendor_says(
    crm: RepairShopr, vendor: StandIn
) -> None:
    repair = await repair_of(crm)
    taxed = {"tax_rate": Decimal("0.23")}
    quote = await crm.create_quote(
        QuoteWish(
            repair.id,
            EUR,
            (
                line("123", **taxed),
                line("20", quantity=Decimal(2)),
                line("-5", discount_percent=Decimal(0)),
            ),
            "bench",
        )
    )
    assert (quote.status, quote.repair_id) == ("draft", repair.id)
    assert (quote.subtotal, quote.tax_total, quote.total_cost) == (
        Money.parse("135", EUR),
        Money.parse("23", EUR),
        Money.parse("158", EUR),
    )
    assert [one.unit_price for one in quote.line_items] == [
        Money.parse("100", EUR),
        Money.parse("20", EUR),
        Money.parse("-5", EUR),
    ]
    posts = vendor.writes("/estimates/*/line_items")
    assert [one.body["price"] for one in posts] == ["100.00", "20.00", "-5.00"]
    assert (await crm.get_repair(repair.id)).quotes == (quote,)
    assert vendor.data.mail == []
    with pytest.raises(InvalidRecord, match="EUR, not in USD"):
        await crm.create_quote(
            QuoteWish(repair.id, "USD", (LineWish("fee", "x", Money.parse("1", "USD")),), "x")
        )
    with pytest.raises(InvalidRecord):
        await crm.create_quote(QuoteWish(repair.id, EUR, (), "bench"))


async def test_a_quote_that_cannot_be_made_whole_is_taken_back(
    crm: RepairShopr, vendor: StandIn
) -> None:
    repair = await repair_of(crm)
    vendor.trouble("500", method="POST", path="*/line_items", count=1)
    with pytest.raises(Exception, match="No part of the quote was left there"):
        await crm.create_quote(QuoteWish(repair.id, EUR, (line("10"), line("20")), "bench"))
    assert vendor.data.estimates == {}


async def test_sending_and_deciding_a_quote_need_the_shops_consent(
    crm: RepairShopr, vendor: StandIn
) -> None:
    repair = await repair_of(crm)
    quote = await crm.create_quote(QuoteWish(repair.id, EUR, (line("10"),), "bench"))
    assert not crm.capabilities.can_send_quotes
    with pytest.raises(NotOffered, match="write to nobody"):
        await crm.send_quote(quote.id, version=quote.version, actor="bench")
    with pytest.raises(NotOffered):
        await crm.decide_quote(quote.id, approved=True, version=quote.version, actor="bench")
    assert vendor.data.mail == []
    assert vendor.data.estimates[int(quote.id)]["status"] == "Draft"


async def test_a_quote_is_sent_once_and_decided(allowed: RepairShopr, vendor: StandIn) -> None:
    repair = await repair_of(allowed)
    quote = await allowed.create_quote(QuoteWish(repair.id, EUR, (line("10"),), "bench"))
    sent = await allowed.send_quote(quote.id, version=quote.version, actor="bench")
    assert (sent.status, [one.cause for one in vendor.data.mail]) == ("pending", ["estimate"])
    with pytest.raises(StaleRecord):
        await allowed.send_quote(quote.id, version=quote.version, actor="bench")
    context = await allowed.get_context(repair.customer_id)
    (pending,) = context.pending_quotes
    assert (pending.quote.id, pending.repair_number) == (quote.id, repair.number)
    assert pending.device.label == "iPhone 13"
    done = await allowed.decide_quote(
        quote.id, approved=False, version=sent.version, actor="bench", reason="Too dear"
    )
    assert (done.status, done.decline_reason) == ("declined", "Too dear")
    with pytest.raises(MoveRefused):
        await allowed.decide_quote(quote.id, approved=True, version=done.version, actor="bench")
    assert (await allowed.get_context(repair.customer_id)).pending_quotes == ()
    assert len(vendor.data.mail) == 1


async def test_a_quote_of_an_unknown_state_says_which(crm: RepairShopr, vendor: StandIn) -> None:
    repair = await repair_of(crm)
    quote = await crm.create_quote(QuoteWish(repair.id, EUR, (line("10"),), "bench"))
    vendor.data.estimates[int(quote.id)]["status"] = "On hold"
    (read,) = (await crm.get_repair(repair.id)).quotes
    assert (read.status, read.terms) == ("draft", "Status: On hold")
    vendor.data.estimates[int(quote.id)]["invoice_id"] = 9
    (read,) = (await crm.get_repair(repair.id)).quotes
    assert (read.status, read.invoice_ref) == ("invoiced", "9")


async def test_a_visit_is_booked_once_and_writes_to_nobody(
    crm: RepairShopr, vendor: StandIn
) -> None:
    repair = await repair_of(crm)
    starts = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
    wish = AppointmentWish(
        repair.customer_id,
        "onsite",
        starts,
        starts + timedelta(hours=1),
        repair_id=repair.id,
        technician_id="7",
        notes="Ring twice. Code 4321",
    )
    booked = await crm.book_appointment(wish)
    assert (booked.kind, booked.starts_at, booked.status) == ("onsite", starts, "confirmed")
    assert (booked.repair_id, booked.customer_id) == (repair.id, repair.customer_id)
    assert "4321" not in str(vendor.data.appointments)
    assert (await crm.book_appointment(wish)).id == booked.id
    assert len(vendor.data.appointments) == 1
    (sent,) = vendor.writes("/appointments")
    assert (sent.body["do_not_email"], sent.body["email_customer"]) == (True, False)
    assert sent.body["appointment_type_id"] == 4
    assert vendor.data.mail == []
    day = starts - timedelta(hours=2)
    assert await crm.appointments_between(day, starts + timedelta(hours=4)) == (booked,)
    assert await crm.appointments_between(day, starts) == ()
    assert (await crm.get_context(repair.customer_id)).appointments == (booked,)
    with pytest.raises(InvalidRecord):
        await crm.book_appointment(replace(wish, ends_at=starts))
    with pytest.raises(NotOffered, match="no state of appointments"):
        await crm.set_appointment_status(booked.id, "cancelled")


async def test_the_house_and_its_prices(crm: RepairShopr, vendor: StandIn) -> None:
    for number, (name, price) in enumerate(
        [("iPhone screen", 89.9), ("Data recovery, level 1", 250), ("Help", 0)], 1
    ):
        vendor.data.products[number] = vendor.data.fresh(
            name=name, price_retail=price, disabled=False, product_category=None
        )
    first, screen, _ = await crm.list_services()
    assert (first.category, first.price_from) == ("data_recovery", Money.parse("250", EUR))
    assert (screen.category, screen.price_from, screen.device_brand) == (
        "screen",
        Money.parse("89.90", EUR),
        "Apple",
    )
    assert len(await crm.list_services(model="ThinkPad X1")) == 2
    (shop,) = await crm.locations()
    assert (shop.name, shop.timezone) == ("testshop", "Europe/Lisbon")
    assert [one.weekday for one in shop.business_hours] == [0]
    assert [one.name for one in await crm.technicians()] == ["Bench One"]
    assert await crm.loyalty_tiers() == ()
    with pytest.raises(NotOffered, match="price list"):
        await crm.save_service(ServiceItem("x", "x", "screen", EUR))
