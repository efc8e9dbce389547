"""The typed record: what is known of one customer, in their words, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from revivatui.copilot import spellings
from revivatui.copilot.facts import Record
from revivatui.copilot.record import THIS_CHAT, first_name, record_of
from revivatui.copilot.shop_profile import ShopProfile
from revivatui.crm.money import Money
from revivatui.crm.records import Location
from revivatui.crm.store import Store
from revivatui.crm.views import InvoiceDue
from revivatui.crm.wishes import CustomerWish, Move, TicketWish
from tests.copilot.shop_people import SHOP, Person, demo_people, seen_in, told_of
from tests.crm.build import (
    START,
    Clock,
    House,
    make_house,
    make_phone,
    quote_for,
    take_in,
    walk_to,
)


async def _in_repair(store: Store, house: House, clock: Clock) -> None:
    promised = clock() + timedelta(days=3)
    await walk_to(store, await take_in(store, house, promised_at=promised), "diagnosing")


def test_a_repair_is_told_in_the_customers_words_and_language() -> None:
    person = told_of(_in_repair)
    english, portuguese = person.record(), person.record("pt")
    assert english.value("R-1001/device") == portuguese.value("R-1001/device") == "iPhone 13"
    assert english.value("R-1001/status") == "being diagnosed"
    assert portuguese.value("R-1001/status") == "em diagnóstico"
    assert english.value("R-1001/promised") == "Sunday 8 November"
    assert portuguese.value("R-1001/promised") == "domingo, 8 de novembro"
    fact = next(one for one in english.facts if one.id == "R-1001/promised")
    assert {"2026-11-08", "8 Nov", "Sunday", "08/11/2026", "8 de novembro"} <= set(fact.also)
    assert english.value("shop/hours") == (
        "Monday to Friday 09:00 to 18:00, Saturday 10:00 to 16:00"
    )
    assert english.value(THIS_CHAT) == "R-1001"


async def _quoted(store: Store, house: House, clock: Clock) -> None:
    repair = await walk_to(store, await take_in(store, house), "diagnosing")
    quote = await quote_for(store, repair, valid_until=clock() + timedelta(days=14))
    await store.send_quote(quote.id, version=1, actor="bench")


def test_a_quote_has_its_total_its_validity_and_its_lines() -> None:
    record = told_of(_quoted).record()
    assert record.value("Q-1001/total") == "€134.90"
    assert record.value("Q-1001/valid") == "Thursday 19 November"
    assert record.value("Q-1001/status") == "waiting for your answer"
    assert record.value("Q-1001/repair") == "R-1001"
    lines = [one for one in record.facts if one.id.startswith("Q-1001/line/")]
    assert [one.value for one in lines] == ["€89.90", "€45.00"]
    total = next(one for one in record.facts if one.id == "Q-1001/total")
    assert {"134.90 EUR", "134,90 €", "€134.90", "134.90 euros"} <= {total.value, *total.also}


def test_a_quote_expires_by_the_clock_and_a_draft_is_nobodys_business() -> None:
    person = told_of(_quoted)
    later = person.record(now=START + timedelta(days=20))
    assert later.value("Q-1001/status") == "expired"

    async def drafted(store: Store, house: House, clock: Clock) -> None:
        await quote_for(store, await walk_to(store, await take_in(store, house), "diagnosing"))

    assert not [one for one in told_of(drafted).record().facts if one.id.startswith("Q-")]


async def _secretive(store: Store, house: House, clock: Clock) -> None:
    await store.upsert_customer(
        CustomerWish(name="Customer One", email="one@example.com", notes="zq pays late")
    )
    await store.save_device(
        replace(house.phone, notes="zq opened before", passcode_ref="zq-passcode-store")
    )
    repair = await take_in(
        store,
        house,
        intake_condition="zq scratched",
        accessories=("zq charger",),
        technician_id=house.technician.id,
    )
    repair = await store.move_repair(
        Move(repair.id, "diagnosing", repair.version, "bench", "zq internal note", False)
    )
    await store.add_note(repair.id, "The board is dry", actor="bench", public=True)
    await store.create_ticket(TicketWish(house.customer.id, "zq title", description="zq text"))


def test_notes_of_the_house_passcodes_and_who_repairs_are_in_no_fact() -> None:
    record = told_of(_secretive).record()
    texts = [text for one in record.facts for text in (one.value, one.label, *one.also)]
    assert not [text for text in texts if "zq" in text or "Bench One" in text]
    assert record.value("R-1001/note") == "The board is dry"
    hidden = {one.id.rpartition("/")[2] for one in record.facts if one.private}
    assert {"serial", "imei", "state"} <= hidden


def test_the_version_changes_with_every_fact_and_with_nothing_else() -> None:
    person = told_of(_quoted)
    assert person.record().version == person.record().version
    assert person.record(now=START + timedelta(hours=3)).version == person.record().version
    quoted = person.files[0].quotes[0]
    dearer = replace(quoted, total_cost=Money.of(200, "EUR"))
    other = replace(person, files=(replace(person.files[0], quotes=(dearer,)),))
    assert other.record().version != person.record().version
    moved = replace(person.context.customer, phone="+44 7700 900999")
    other = replace(person, context=replace(person.context, customer=moved))
    assert other.record().version != person.record().version
    assert person.record("pt").version != person.record().version
    assert person.record(shop=ShopProfile.load({"express": False})).version != (
        person.record().version
    )


async def _two(store: Store, house: House, clock: Clock) -> None:
    first = await take_in(store, house)
    ticket = await store.create_ticket(TicketWish(house.customer.id, "Chat"))
    second = await take_in(store, house, ticket_id=ticket.id)
    assert first.id != second.id


def test_which_of_several_repairs_a_chat_is_about_is_said_by_its_ticket_and_never_guessed() -> None:
    person = told_of(_two)
    assert person.record().value(THIS_CHAT) == ""
    ticket_id = person.context.open_tickets[0].id
    assert person.record(ticket_id=ticket_id).value(THIS_CHAT) == "R-1002"
    assert person.record(ticket_id="another").value(THIS_CHAT) == ""


async def test_a_merged_customer_has_one_record_with_what_both_had(store: Store) -> None:
    house = await make_house(store)
    other = await store.upsert_customer(CustomerWish(name="Customer Uno", phone="+351912000123"))
    phone = await make_phone(store, other, "C39ABCDEFGH1")
    await take_in(store, house)
    await take_in(store, house, customer_id=other.id, device_id=phone.id)
    await store.merge_customers(other.id, house.customer.id)
    for customer_id in (house.customer.id, other.id):
        record = (await seen_in(store, customer_id)).record()
        repairs = {one.value for one in record.facts if one.id.endswith("/number")}
        assert {"R-1001", "R-1002"} <= repairs
        assert record.value("customer/name") == "Customer One"


@pytest.mark.parametrize(
    ("moment", "zone", "day", "clock"),
    [
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "Europe/Lisbon", "Thursday 2 July", "00:30"),
        (
            datetime(2026, 7, 1, 23, 30, tzinfo=UTC),
            "America/Sao_Paulo",
            "Wednesday 1 July",
            "20:30",
        ),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Lisbon", "Sunday 25 October", "01:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "Europe/Lisbon", "Sunday 25 October", "01:30"),
        (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "Europe/Lisbon", "Sunday 29 March", "02:30"),
        (
            datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
            "Asia/Tokyo",
            "Friday 1 January 2027",
            "08:59",
        ),
    ],
)
def test_days_and_times_are_those_of_the_shop_also_when_clocks_change(
    moment: datetime, zone: str, day: str, clock: str
) -> None:
    person = told_of(_in_repair)
    row = person.context.active[0]
    row = replace(row, repair=replace(row.repair, promised_at=moment))
    context = replace(person.context, active=(row,))
    now = datetime(2026, 6, 15, tzinfo=UTC)
    here = record_of(context, (), SHOP, language="en", now=now, tz=ZoneInfo(zone))
    place = replace(person.locations[0], id=row.repair.location_id, timezone=zone)
    there = record_of(context, (), SHOP, language="en", now=now, tz=None, locations=(place,))
    for record in (here, there):
        assert record.value("R-1001/promised").removesuffix(" 2026") == day
        assert record.value("R-1001/promised_time") == clock


def test_a_place_whose_zone_nobody_knows_is_told_in_the_machines() -> None:
    place = Location("x", "Nowhere", timezone="Mars/Olympus")
    record = record_of(None, (), SHOP, language="en", now=START, tz=None, locations=(place,))
    assert record.value("shop/hours")


def test_a_chain_names_its_other_shops_to_who_has_no_repair_at_one_of_them() -> None:
    places = (
        Location("1", "Centre", address="1 Example Street"),
        Location("2", "Riverside", "B", address="20 Example Quay"),
        Location("3", "Closed", "C", address="3 Example Road", active=False),
    )
    record = record_of(None, (), SHOP, language="en", now=START, tz=None, locations=places)
    assert record.value("shop/address") == "1 Example Street"
    assert record.value("shop/also_at") == "Riverside, 20 Example Quay"
    person = told_of(_in_repair)
    here = replace(places[1], id=person.context.active[0].repair.location_id)
    record = replace(person, locations=(places[0], here)).record()
    assert record.value("shop/address") == "20 Example Quay"
    assert record.value("shop/also_at") == ""


def test_without_a_crm_the_shop_alone_is_known() -> None:
    record = record_of(None, (), SHOP, language="pt", now=START, tz=None)
    assert {one.id.partition("/")[0] for one in record.facts} == {"shop"}
    assert record.value("shop/today") == "09:00 às 18:00"
    assert record.value("shop/payment") == "dinheiro ou cartão"
    sunday = record_of(None, (), SHOP, language="en", now=START + timedelta(days=3), tz=None)
    assert sunday.value("shop/today") == "closed"


def test_what_a_shop_did_not_say_is_no_fact() -> None:
    shop = ShopProfile.load({"days": "", "express": False, "free_diagnosis": False, "hours": ""})
    record = record_of(None, (), shop, language="en", now=START, tz=None)
    for name in ("days", "express", "diagnosis", "hours", "today", "recovery", "address"):
        assert record.value(f"shop/{name}") == ""


def test_a_name_runs_nothing_and_greets_nobody_who_has_none() -> None:
    async def named(store: Store, house: House, clock: Clock) -> None:
        await take_in(store, house)

    person = told_of(named)
    hostile = replace(person.context.customer, name="{{contact.email}} {% if %}\x1b[2J\nBob")
    other = replace(person, context=replace(person.context, customer=hostile))
    name = other.record().value("customer/name")
    assert not [one for one in ("{{", "{%", "\x1b", "\n") if one in name]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Ana Conceição", "Ana"),
        ("Dr. Janet Smith", "Janet"),
        ("Mrs Tina Stevens", "Tina"),
        ("Jean-Luc", "Jean-Luc"),
        ("山田太郎", "山田太郎"),
        ("bold-sun-123", ""),
        ("visitor", ""),
        ("+44 7700 900001", ""),
        ("", ""),
        ("x@example.com", ""),
    ],
)
def test_people_are_greeted_by_the_name_that_they_have(name: str, first: str) -> None:
    assert first_name(name) == first


def test_a_vendors_numbers_do_not_mix_repairs_and_quotes() -> None:
    person = told_of(_quoted)
    row = person.context.active[0]
    row = replace(row, repair=replace(row.repair, number="88", status="unknown",
                                      status_words="In the oven"))  # fmt: skip
    pending = person.context.pending_quotes[0]
    pending = replace(pending, quote=replace(pending.quote, number="88"), repair_number="88")
    invoice = InvoiceDue("88", Money.of("134.90", "EUR"), date(2026, 12, 1))
    context = replace(
        person.context, active=(row,), recent=(), pending_quotes=(pending,),
        invoices_due=(invoice,),
    )  # fmt: skip
    record = replace(person, context=context, files=()).record()
    assert record.value("R-88/status") == "In the oven"
    assert record.value("Q-88/total") == "€134.90"
    assert record.value("I-88/due") == "Tuesday 1 December"


def test_no_customer_of_the_demo_has_a_fact_of_another_one() -> None:
    own: dict[str, Person] = {}
    for person in demo_people():
        for row in (*person.context.active, *person.context.recent):
            own[row.repair.number] = person
    for person in demo_people():
        facts = person.record().facts
        numbers = {one.value for one in facts if one.id.startswith("R-")
                   and one.id.endswith("/number")}  # fmt: skip
        assert all(own[number] is person for number in numbers)
        assert len({one.id for one in facts}) == len(facts)


def test_every_fact_says_something_in_one_line() -> None:
    for person in demo_people():
        for language in ("en", "pt"):
            record: Record = person.record(language)
            for fact in record.facts:
                assert fact.value
                assert "\n" not in fact.value
                assert fact.value not in fact.also


@pytest.mark.parametrize(
    ("money", "english", "portuguese"),
    [
        (Money.of("149", "EUR"), "€149.00", "149,00 €"),
        (Money.of("1299.5", "GBP"), "£1299.50", "1299,50 £"),
        (Money.of("80", "BRL"), "R$80.00", "R$ 80,00"),
        (Money.of("80", "SEK"), "80.00 SEK", "80,00 SEK"),
        (Money.of("5000", "JPY"), "5000 JPY", "5000 JPY"),
    ],
)
def test_amounts_are_written_as_bills_have_them(
    money: Money, english: str, portuguese: str
) -> None:
    assert spellings.money_words(money, "en") == english
    assert spellings.money_words(money, "pt") == portuguese
    assert {english, portuguese, str(money)} <= set(spellings.money_spellings(money))
