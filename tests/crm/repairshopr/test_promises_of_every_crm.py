"""What every CRM promises, held against our own store and RepairShopr alike.

What a CRM's capabilities do not name, it refuses with a sentence and changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from revivatui.crm.errors import (
    AlreadyLinked,
    AmbiguousCustomer,
    CrmError,
    InvalidRecord,
    NotInCrm,
    NotOffered,
    StaleRecord,
)
from revivatui.crm.money import Money
from revivatui.crm.port import CrmPort
from revivatui.crm.records import Customer, Device, ExternalRef, Location
from revivatui.crm.records_repairs import Repair
from revivatui.crm.records_tickets import ConversationKey, Ticket
from revivatui.crm.store import Store
from revivatui.crm.views import RepairQuery
from revivatui.crm.wishes import (
    AppointmentWish,
    CommentWish,
    CustomerWish,
    ExternalKey,
    Intake,
    LineWish,
    LinkWish,
    Move,
    QuoteWish,
    TicketChange,
    TicketWish,
)
from tests.crm.repairshopr.conftest import adapter, phone_of
from tests.crm.repairshopr.stand_in import StandIn

CONTACT = ExternalKey("chatwoot", "desk.example.com/1", "customer", "42")
DESK = "desk.example.com"
KEY = ConversationKey(DESK, 1, 77)
CRMS = ("our store", "repairshopr", "repairshopr, all switched on")


@pytest.fixture(params=CRMS)
async def any_crm(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[CrmPort]:
    if request.param == "our store":
        store = await Store.open(tmp_path / "crm.sqlite3")
        await store.save_location(Location("", "Baixa"))
        yield store
        await store.close()
        return
    on = request.param.endswith("on")
    async with StandIn() as vendor:
        links = tmp_path / "links.sqlite3"
        crm = adapter(vendor, links=links, may_set_status=on, may_write_to_customers=on)
        yield crm
        await crm.close()
        assert on or vendor.data.mail == []


@dataclass(frozen=True)
class Given:
    customer: Customer
    phone: Device
    location_id: str


async def begin(crm: CrmPort) -> Given:
    customer = await crm.upsert_customer(
        CustomerWish(name="Customer One", email="one@example.com", phone="+447700900001")
    )
    phone = await crm.save_device(phone_of(customer))
    return Given(customer, phone, (await crm.locations())[0].id)


async def repair_of(crm: CrmPort, given: Given, **more: Any) -> Repair:
    wish = Intake(
        given.customer.id, given.phone.id, given.location_id, "screen_phone", "counter", "Cracked"
    )
    return await crm.create_repair(replace(wish, **more))


async def ticket_of(crm: CrmPort, given: Given, **more: Any) -> Ticket:
    return await crm.create_ticket(replace(TicketWish(given.customer.id, "Chat #77"), **more))


def message(ticket: Ticket, content: str, number: int = 5, **more: Any) -> CommentWish:
    now = datetime.now(UTC)
    wish = CommentWish(
        ticket.id,
        content,
        "Customer One",
        author_kind="contact",
        direction="incoming",
        installation=DESK,
        chatwoot_message_id=number,
        created_at=now,
        source_updated_at=now,
    )
    return replace(wish, **more)


async def test_it_is_well_and_says_so(any_crm: CrmPort) -> None:
    health = await any_crm.health()
    assert health.ok
    assert health.words.endswith(".")


async def test_who_begins_now_is_told_what_changes_from_now_on(any_crm: CrmPort) -> None:
    given = await begin(any_crm)
    if not any_crm.capabilities.has_changes:
        return
    cursor = await any_crm.changes_so_far()
    later = await ticket_of(any_crm, given)
    seen, more = set[str](), True
    while more:
        told = await any_crm.changes_since(cursor)
        seen |= {one.id for one in told.changes if one.kind == "ticket"}
        cursor, more = told.cursor, told.more
    assert later.id in seen


async def test_a_customer_is_made_once_and_found_by_what_is_sure(any_crm: CrmPort) -> None:
    wish = CustomerWish(
        name="One", email="one@example.com", phone="+447700900001", external=CONTACT
    )
    made = await any_crm.upsert_customer(wish)
    assert await any_crm.upsert_customer(wish) == made
    assert await any_crm.find_customer(external=CONTACT) == made
    assert await any_crm.find_customer(email="ONE@example.com") == made
    assert await any_crm.find_customer(phone="0044 7700 900 001") == made
    assert await any_crm.find_customer(email="two@example.com") is None
    assert await any_crm.get_customer(made.id) == made
    guess = await any_crm.upsert_customer(
        CustomerWish(name="Silent-Fog-12", email="one@example.com", name_is_a_guess=True)
    )
    assert guess.name == "One"
    with pytest.raises(NotInCrm):
        await any_crm.get_customer("987654321")


async def test_two_customers_of_one_phone_are_not_guessed_between(any_crm: CrmPort) -> None:
    for number in (1, 2):
        made = await any_crm.upsert_customer(
            CustomerWish(name=f"Number {number}", email=f"{number}@example.com")
        )
        await any_crm.upsert_customer(
            CustomerWish(customer_id=made.id, phone="+447700900001", name=f"Number {number}")
        )
    with pytest.raises(AmbiguousCustomer) as asked:
        await any_crm.find_customer(phone="+447700900001")
    assert len(asked.value.customer_ids) == 2


async def test_a_device_belongs_to_its_customer(any_crm: CrmPort) -> None:
    given = await begin(any_crm)
    assert await any_crm.devices_of(given.customer.id) == (given.phone,)
    assert given.phone.label == "iPhone 13"
    with pytest.raises(InvalidRecord):
        await any_crm.save_device(replace(given.phone, imei="1234"))


async def test_a_repair_taken_in_is_in_the_context_and_the_lists(any_crm: CrmPort) -> None:
    assert any_crm.capabilities.can_take_in_repairs
    given = await begin(any_crm)
    repair = await repair_of(any_crm, given, intake_condition="Scratched. PIN 4321")
    context = await any_crm.get_context(given.customer.id)
    assert [one.repair.id for one in context.active] == [repair.id]
    assert context.active[0].device.id == given.phone.id
    assert (context.total_repairs, context.recent_count) == (1, 1)
    page = await any_crm.list_repairs(RepairQuery(closed=False))
    assert [one.repair.id for one in page.rows] == [repair.id]
    assert (await any_crm.count_repairs()).by_status[repair.status] == 1
    told = await any_crm.get_repair(repair.id)
    assert told.customer.id == given.customer.id
    assert "4321" not in repr(told)
    found = await any_crm.search(repair.number)
    assert [one.repair_id for one in found] == [repair.id]


async def test_a_repair_moves_or_the_crm_says_why_not(any_crm: CrmPort) -> None:
    repair = await repair_of(any_crm, await begin(any_crm))
    move = Move(repair.id, "diagnosing", repair.version, "bench")
    if not any_crm.capabilities.can_set_status:
        with pytest.raises(NotOffered):
            await any_crm.move_repair(move)
        assert (await any_crm.get_repair(repair.id)).row.repair == repair
        return
    moved = await any_crm.move_repair(move)
    assert moved.version != repair.version
    with pytest.raises(StaleRecord):
        await any_crm.move_repair(replace(move, to="cancelled"))


async def test_a_note_is_in_the_repairs_history(any_crm: CrmPort) -> None:
    repair = await repair_of(any_crm, await begin(any_crm))
    await any_crm.add_note(repair.id, "Board is fine. PIN 4321", actor="bench")
    events = (await any_crm.get_repair(repair.id)).events
    assert any("Board is fine" in one.note and not one.public for one in events)
    assert "4321" not in repr(events)


async def test_a_quote_is_a_draft_first_and_adds_up(any_crm: CrmPort) -> None:
    assert any_crm.capabilities.can_quote
    repair = await repair_of(any_crm, await begin(any_crm))
    lines = (
        LineWish("part", "Screen", Money.parse("123", "EUR"), tax_rate=Decimal("0.23")),
        LineWish("labour", "Work", Money.parse("20", "EUR"), Decimal(2)),
    )
    quote = await any_crm.create_quote(QuoteWish(repair.id, "EUR", lines, "bench"))
    assert (quote.status, quote.repair_id) == ("draft", repair.id)
    assert (quote.subtotal, quote.tax_total, quote.total_cost) == (
        Money.parse("140", "EUR"),
        Money.parse("23", "EUR"),
        Money.parse("163", "EUR"),
    )
    assert (await any_crm.get_context(repair.customer_id)).pending_quotes == ()
    if any_crm.capabilities.can_send_quotes:
        sent = await any_crm.send_quote(quote.id, version=quote.version, actor="bench")
        pending = (await any_crm.get_context(repair.customer_id)).pending_quotes
        assert [one.quote.id for one in pending] == [sent.id]
    else:
        with pytest.raises(NotOffered):
            await any_crm.send_quote(quote.id, version=quote.version, actor="bench")
    with pytest.raises(InvalidRecord):
        await any_crm.create_quote(QuoteWish(repair.id, "EUR", (), "bench"))


async def test_a_ticket_has_its_words_and_its_customer(any_crm: CrmPort) -> None:
    given = await begin(any_crm)
    ticket = await ticket_of(any_crm, given, description="Screen. PIN 9911", priority="high")
    assert (ticket.title, ticket.status, ticket.priority) == ("Chat #77", "open", "high")
    found = await any_crm.get_ticket(ticket.id)
    assert (found.ticket, found.comments, found.conversations) == (ticket, (), ())
    assert "9911" not in repr(found)
    assert await any_crm.open_tickets_of(given.customer.id) == (ticket,)
    with pytest.raises(NotInCrm):
        await any_crm.get_ticket("987654321")


async def test_a_ticket_is_changed_by_who_saw_its_last_state(any_crm: CrmPort) -> None:
    ticket = await ticket_of(any_crm, await begin(any_crm), metadata={"a": 1})
    wish = TicketChange(title="Screen, senha: gato77", priority="urgent", metadata={"b": 2})
    changed = await any_crm.change_ticket(ticket.id, wish, version=ticket.version)
    assert (changed.priority, changed.version) != ("high", ticket.version)
    assert {**changed.metadata, "a": 1, "b": 2} == changed.metadata
    assert changed.title.startswith("Screen")
    assert "gato77" not in changed.title
    assert (await any_crm.get_ticket(ticket.id)).ticket.priority == "urgent"
    again = TicketChange(priority="urgent")
    same = await any_crm.change_ticket(ticket.id, again, version=changed.version)
    assert same.version == changed.version
    with pytest.raises(StaleRecord):
        await any_crm.change_ticket(ticket.id, again, version=ticket.version)


async def test_resolving_twice_is_once_or_the_crm_says_why_not(any_crm: CrmPort) -> None:
    given = await begin(any_crm)
    ticket = await ticket_of(any_crm, given)
    if not any_crm.capabilities.can_set_status:
        with pytest.raises(NotOffered):
            await any_crm.set_ticket_status(ticket.id, "resolved", actor="bridge")
        assert (await any_crm.get_ticket(ticket.id)).ticket == ticket
        return
    done = await any_crm.set_ticket_status(ticket.id, "resolved", actor="bridge")
    assert await any_crm.set_ticket_status(ticket.id, "resolved", actor="other") == done
    assert await any_crm.open_tickets_of(given.customer.id) == ()
    with pytest.raises(StaleRecord):
        await any_crm.set_ticket_status(ticket.id, "open", actor="x", version=ticket.version)


async def test_a_message_is_one_comment_in_its_last_state(any_crm: CrmPort) -> None:
    assert any_crm.capabilities.has_comments
    ticket = await ticket_of(any_crm, await begin(any_crm))
    wish = message(ticket, "Helo")
    first, *others = await asyncio.gather(*(any_crm.add_comment(wish) for _ in range(4)))
    assert {one.id for one in others} == {first.id}
    told_at = wish.source_updated_at
    assert told_at is not None
    later = replace(wish, content="Hello", source_updated_at=told_at + timedelta(minutes=1))
    await any_crm.add_comment(later)
    await any_crm.add_comment(wish)  # older news
    (kept,) = (await any_crm.get_ticket(ticket.id)).comments
    assert (kept.id, kept.content, kept.chatwoot_message_id) == (first.id, "Hello", 5)
    gone = replace(later, deleted=True, source_updated_at=told_at + timedelta(minutes=2))
    await any_crm.add_comment(gone)
    await any_crm.add_comment(later)
    (kept,) = (await any_crm.get_ticket(ticket.id)).comments
    assert (kept.deleted, kept.content) == (True, "")


async def test_no_passcode_of_a_message_is_kept(any_crm: CrmPort) -> None:
    ticket = await ticket_of(any_crm, await begin(any_crm))
    await any_crm.add_comment(message(ticket, "My passcode is 482913", 5))
    asks = message(ticket, "And the PIN?", 6, author_kind="user", direction="outgoing")
    await any_crm.add_comment(asks)
    await any_crm.add_comment(message(ticket, "7788", 7))
    comments = (await any_crm.get_ticket(ticket.id)).comments
    assert [one.masked for one in comments] == [True, False, True]
    assert "482913" not in repr(comments)
    assert "7788" not in "".join(one.content for one in comments)


async def test_a_conversation_keeps_the_ticket_that_somebody_gave_it(any_crm: CrmPort) -> None:
    given = await begin(any_crm)
    ticket, other = await ticket_of(any_crm, given), await ticket_of(any_crm, given, title="Other")
    linked = await any_crm.link_conversation(LinkWish(KEY, "Agent One", ticket.id))
    assert await any_crm.conversation(KEY) == linked
    assert (await any_crm.get_ticket(ticket.id)).conversations == (linked,)
    with pytest.raises(AlreadyLinked):
        await any_crm.link_conversation(LinkWish(KEY, "Agent Two", other.id))
    with pytest.raises(NotInCrm):
        await any_crm.link_conversation(LinkWish(replace(KEY, chatwoot_id=8), "x", "987654321"))


async def test_a_draft_is_taken_back_and_nothing_of_it_is_left(any_crm: CrmPort) -> None:
    given = await begin(any_crm)
    repair = await repair_of(any_crm, given)
    wish = QuoteWish(repair.id, "EUR", (LineWish("fee", "x", Money.parse("9", "EUR")),), "bench")
    quote = await any_crm.create_quote(wish)
    with pytest.raises(StaleRecord):
        await any_crm.withdraw_quote(quote.id, version=quote.version + 1)
    await any_crm.withdraw_quote(quote.id, version=quote.version)
    assert (await any_crm.get_repair(repair.id)).quotes == ()
    with pytest.raises(NotInCrm):
        await any_crm.withdraw_quote(quote.id, version=quote.version)


async def test_a_conversation_is_let_go_by_who_knows_its_ticket_and_stays_the_customers(
    any_crm: CrmPort,
) -> None:
    given = await begin(any_crm)
    ticket = await ticket_of(any_crm, given)
    await any_crm.link_conversation(LinkWish(KEY, "Agent One", ticket.id))
    only = replace(KEY, chatwoot_id=78)
    await any_crm.link_conversation(LinkWish(only, customer_id=given.customer.id))
    found = await any_crm.conversations_of(given.customer.id)
    assert {one.key for one in found} == {KEY, only}
    with pytest.raises(AlreadyLinked):
        await any_crm.unlink_conversation(KEY, "another")
    free = await any_crm.unlink_conversation(KEY, ticket.id)
    assert (free.crm_ticket_id, await any_crm.conversation(KEY)) == (None, free)
    assert [one.key for one in await any_crm.conversations_of(given.customer.id)] == [only]
    with pytest.raises(NotInCrm):
        await any_crm.unlink_conversation(replace(KEY, chatwoot_id=99), ticket.id)


async def test_what_was_just_taken_in_is_neither_unclaimed_nor_forgotten(any_crm: CrmPort) -> None:
    given = await begin(any_crm)
    repair = await repair_of(any_crm, given)
    for query in (RepairQuery(unclaimed=True), RepairQuery(forgotten=True)):
        rows = (await any_crm.list_repairs(query)).rows
        assert repair.id not in [one.repair.id for one in rows]
    counts = await any_crm.count_repairs()
    assert (counts.unclaimed, counts.forgotten) == (0, 0)


async def test_a_visit_is_in_its_time(any_crm: CrmPort) -> None:
    assert any_crm.capabilities.has_appointments
    given = await begin(any_crm)
    starts = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
    booked = await any_crm.book_appointment(
        AppointmentWish(given.customer.id, "phone", starts, starts + timedelta(hours=1))
    )
    assert (booked.kind, booked.starts_at) == ("phone", starts)
    found = await any_crm.appointments_between(starts - timedelta(1), starts + timedelta(1))
    assert [one.id for one in found] == [booked.id]
    context = await any_crm.get_context(given.customer.id)
    assert [one.id for one in context.appointments] == [booked.id]


async def test_a_visit_that_is_ahead_is_put_off(any_crm: CrmPort) -> None:
    given = await begin(any_crm)
    starts = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
    booked = await any_crm.book_appointment(
        AppointmentWish(given.customer.id, "phone", starts, starts + timedelta(hours=1))
    )
    same = await any_crm.reschedule_appointment(booked.id, booked.starts_at, booked.ends_at)
    assert same == booked
    later = starts + timedelta(hours=5)
    moved = await any_crm.reschedule_appointment(booked.id, later, later + timedelta(hours=1))
    assert (moved.id, moved.starts_at) == (booked.id, later)
    assert await any_crm.appointments_between(starts, later) == ()
    with pytest.raises(InvalidRecord):
        await any_crm.reschedule_appointment(booked.id, later, later)
    with pytest.raises(NotInCrm):
        await any_crm.reschedule_appointment("987654321", later, later + timedelta(hours=1))


async def test_what_changed_is_told_once(any_crm: CrmPort) -> None:
    assert any_crm.capabilities.has_changes
    given = await begin(any_crm)
    cursor, more = "", True
    while more:
        told = await any_crm.changes_since(cursor)
        cursor, more = told.cursor, told.more
    ticket = await ticket_of(any_crm, given)
    told = await any_crm.changes_since(cursor)
    assert ("ticket", ticket.id) in {(one.kind, one.id) for one in told.changes}


async def test_ids_in_other_systems_are_one_to_one(any_crm: CrmPort) -> None:
    given = await begin(any_crm)
    ref = ExternalRef("chatwoot", "desk.example.com/1", "contact", "42", given.customer.id)
    key = ExternalKey("chatwoot", "desk.example.com/1", "contact", "42")
    assert await any_crm.external_of(key) is None
    await any_crm.remember_external(ref)
    kept = await any_crm.external_of(key)
    assert kept is not None
    assert kept.local_id == given.customer.id
    await any_crm.remember_external(replace(ref, external_id="43"))
    assert await any_crm.external_of(key) is None


async def test_whatever_is_refused_is_refused_with_a_sentence(any_crm: CrmPort) -> None:
    wrong = AppointmentWish("1", "phone", datetime.now(UTC), datetime.now(UTC) - timedelta(1))
    with pytest.raises(CrmError) as refused:
        await any_crm.book_appointment(wrong)
    assert str(refused.value).endswith(".")
