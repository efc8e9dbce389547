"""What is known of a customer, what is found by what is said, and what changed meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from revivatui.crm.errors import InvalidRecord
from revivatui.crm.money import Money
from revivatui.crm.repairshopr import RepairShopr
from revivatui.crm.wishes import CommentWish
from tests.crm.repairshopr.conftest import adapter, intake_of, make_customer, phone_of
from tests.crm.repairshopr.stand_in import StandIn


async def test_the_context_of_a_customer(crm: RepairShopr, vendor: StandIn) -> None:
    customer = await make_customer(crm)
    device = await crm.save_device(phone_of(customer))
    old = await crm.create_repair(intake_of(device))
    done = await crm.create_repair(intake_of(device, fault="Battery"))
    vendor.data.tickets[int(old.id)] |= {"created_at": "2020-01-01T10:00:00.000Z"}
    vendor.data.tickets[int(done.id)]["status"] = "Invoiced"
    other = await make_customer(crm, 2)
    for number, (owner, paid) in enumerate(
        [(customer, False), (customer, True), (other, False)], 1
    ):
        vendor.data.invoices[number] = vendor.data.fresh(
            number=f"44{number}",
            customer_id=int(owner.id),
            ticket_id=None,
            total="99.90",
            is_paid=paid,
            due_date="2026-12-01",
        )
    context = await crm.get_context(customer.id)
    assert context.customer == customer
    assert (context.total_repairs, context.recent_count) == (2, 1)
    (active,) = context.active
    assert (active.repair.id, active.device.label) == (old.id, "iPhone 13")
    assert [one.repair.id for one in context.recent] == [done.id, old.id]
    assert [one.id for one in context.open_tickets] == [old.id]
    assert context.devices == (device,)
    (due,) = context.invoices_due
    assert (due.number, due.total) == ("441", Money.parse("99.90", "EUR"))
    assert context.as_of <= datetime.now(UTC)


async def test_the_context_is_read_again_only_where_something_changed(
    vendor: StandIn,
) -> None:
    crm = adapter(vendor, shelf_seconds=60.0)
    customer = await make_customer(crm)
    device = await crm.save_device(phone_of(customer))
    for number in range(5):
        await crm.create_repair(intake_of(device, fault=f"Fault {number}"))
    await crm.get_context(customer.id)
    vendor.asked.clear()
    again = await crm.get_context(customer.id)
    assert sorted(one.path for one in vendor.asked) == [
        "/customer_assets",
        f"/customers/{customer.id}",
        "/estimates",
        "/invoices",
        "/tickets",
    ]
    assert again.total_repairs == 5
    await crm.close()


@pytest.mark.parametrize("filters_by_customer", [False, True])
async def test_lists_that_may_not_be_filtered_show_nobody_what_is_anothers(
    vendor: StandIn, filters_by_customer: bool
) -> None:
    vendor.data.filters_by_customer = filters_by_customer
    crm = adapter(vendor, shelf_seconds=60.0)
    owners = [await make_customer(crm, number) for number in (1, 2)]
    for number in range(120):
        owner = int(owners[number % 2].id)
        row = vendor.data.make_estimate({"customer_id": owner, "date": "2026-11-05"})
        row["status"] = "Fresh"
    first = await crm.get_context(owners[0].id)
    vendor.asked.clear()
    second = await crm.get_context(owners[1].id)
    assert len(first.pending_quotes) == len(second.pending_quotes) == 60
    ids = {one.quote.id for one in (*first.pending_quotes, *second.pending_quotes)}
    assert len(ids) == 120
    asked = [one for one in vendor.asked if one.path == "/estimates"]
    assert len(asked) == (2 if filters_by_customer else 0)  # else the list is kept for a while
    assert second.as_of <= datetime.now(UTC)
    await crm.close()


async def test_what_people_say_is_found(crm: RepairShopr, vendor: StandIn) -> None:
    customer = await make_customer(crm)
    device = await crm.save_device(phone_of(customer))
    repair = await crm.create_repair(intake_of(device))
    for said in (repair.number, f"#{repair.number}", f"R-{repair.number}", f"t{repair.number}"):
        (found,) = await crm.search(said)
        assert (found.by, found.repair_id, found.customer.id) == ("number", repair.id, customer.id)
    (by_serial,) = await crm.search("F2LXK0AAJG5H")
    assert (by_serial.by, by_serial.device) == ("serial", device)
    for said, by in (
        ("+44 7700 900001", "phone"),
        ("customer.1@example.com", "email"),
        ("Customer Number", "name"),
    ):
        (found,) = await crm.search(said)
        assert (found.by, found.customer.id) == (by, customer.id)
    assert await crm.search("nobody at all") == ()
    assert await crm.search("") == ()


async def test_changes_are_told_once_and_none_is_missed(crm: RepairShopr, vendor: StandIn) -> None:
    vendor.data.ahead = timedelta(seconds=-60)
    customer = vendor.data.make_customer({"firstname": "Many"})
    made = [
        vendor.data.make_ticket({"customer_id": customer["id"], "subject": f"Repair {number}"})
        for number in range(60)
    ]
    cursor, seen, more = "", set(), True
    while more:
        told = await crm.changes_since(cursor, limit=20)
        cursor, more = told.cursor, told.more
        seen |= {one.id for one in told.changes if one.kind == "repair"}
    assert seen == {str(one["id"]) for one in made}
    nothing = await crm.changes_since(cursor)
    assert (nothing.changes, nothing.more) == ((), False)
    await crm.add_comment(CommentWish(str(made[3]["id"]), "x", "Bench One"))
    vendor.data.invoices[1] = vendor.data.fresh(
        number="441", customer_id=customer["id"], ticket_id=made[5]["id"], is_paid=False
    )
    told = await crm.changes_since(nothing.cursor)
    assert {(one.kind, one.id) for one in told.changes} == {
        (kind, str(made[number]["id"])) for kind in ("ticket", "repair") for number in (3, 5)
    }
    assert (await crm.changes_since(told.cursor)).changes == ()


async def test_a_change_while_the_pages_are_read_is_told_of_the_next_time(
    crm: RepairShopr, vendor: StandIn
) -> None:
    customer = vendor.data.make_customer({"firstname": "Many"})
    made = [
        vendor.data.make_ticket({"customer_id": customer["id"], "subject": f"Repair {number}"})
        for number in range(60)
    ]
    first = await crm.changes_since("", limit=1)
    on_page_one, on_page_three = made[-1], made[0]
    for ticket in (on_page_one, on_page_three):
        vendor.data.make_comment(
            vendor.data.tickets[ticket["id"]], {"subject": "x", "body": "x", "hidden": True}
        )
    told, cursor = first, first.cursor
    while told.more:
        told = await crm.changes_since(cursor)
        cursor = told.cursor
    again = await crm.changes_since(cursor)
    assert str(on_page_one["id"]) in {one.id for one in again.changes}


@pytest.mark.parametrize("cursor", ["x", "[]", '["x", "", 0, 1, "", ""]', '["", "", 2, 1, "", ""]'])
async def test_a_cursor_of_somebody_elses_is_refused(crm: RepairShopr, cursor: str) -> None:
    with pytest.raises(InvalidRecord):
        await crm.changes_since(cursor)
