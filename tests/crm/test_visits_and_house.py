"""Appointments, the catalogue, loyalty, and what else belongs to the house."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from decimal import Decimal

import pytest

from revivatui.crm.errors import InvalidRecord, MoveRefused
from revivatui.crm.money import Money
from revivatui.crm.records import CannedMirror, Location, LoyaltyTier, OpeningHours, ServiceItem
from revivatui.crm.store import Store
from revivatui.crm.store import house as house_store
from revivatui.crm.wishes import AppointmentWish, Move
from tests.crm.build import START, Clock, House, quote_for, take_in, walk_to

HOUR = timedelta(hours=1)


def visit(house: House, hours: float, **more: object) -> AppointmentWish:
    starts = START + timedelta(hours=hours)
    wish = AppointmentWish(house.customer.id, "drop_off", starts, starts + HOUR / 2)
    return replace(wish, **more)  # type: ignore[arg-type]


async def test_an_appointment_comes_back_and_those_of_a_day_are_in_order(
    store: Store, house: House
) -> None:
    later = await store.book_appointment(visit(house, 5, location_id=house.shop.id))
    first = await store.book_appointment(visit(house, 1, notes="senha: gato77"))
    await store.book_appointment(visit(house, 30))
    day = await store.appointments_between(START, START + 24 * HOUR)
    assert day == (first, later)
    assert "gato77" not in first.notes
    assert await store.appointments_between(START, START + 24 * HOUR, house.shop.id) == (later,)


async def test_an_appointment_goes_its_way_only(store: Store, house: House) -> None:
    made = await store.book_appointment(visit(house, 1))
    for status in ("confirmed", "arrived", "done"):
        made = await store.set_appointment_status(made.id, status)
    assert await store.set_appointment_status(made.id, "done") == made
    with pytest.raises(MoveRefused):
        await store.set_appointment_status(made.id, "no_show")
    with pytest.raises(InvalidRecord):
        await store.book_appointment(visit(house, 1, ends_at=START))


async def test_an_appointment_is_put_off_and_reminded_of_anew(store: Store, house: House) -> None:
    made = await store.book_appointment(visit(house, 1))
    once = await store.note_reminder(made.id, "sms 24h")
    assert once.reminders_sent == ("sms 24h",)
    assert await store.note_reminder(made.id, "sms 24h") == once
    assert await store.reschedule_appointment(made.id, made.starts_at, made.ends_at) == once
    later = await store.reschedule_appointment(made.id, START + 5 * HOUR, START + 6 * HOUR)
    assert (later.starts_at, later.reminders_sent) == (START + 5 * HOUR, ())
    assert await store.appointments_between(START, START + 9 * HOUR) == (later,)
    with pytest.raises(InvalidRecord):
        await store.reschedule_appointment(made.id, START, START)
    await store.set_appointment_status(made.id, "cancelled")
    with pytest.raises(MoveRefused):
        await store.reschedule_appointment(made.id, START, START + HOUR)


async def test_a_moment_without_its_zone_is_refused(store: Store, house: House) -> None:
    starts = START.replace(tzinfo=None)
    with pytest.raises(InvalidRecord, match="time zone"):
        await store.book_appointment(visit(house, 1, starts_at=starts, ends_at=starts + HOUR))
    assert await store.appointments_between(START, START + HOUR) == ()


async def test_a_moment_of_another_zone_is_the_same_moment(store: Store, house: House) -> None:
    starts = (START + HOUR).astimezone(timezone(timedelta(hours=-5)))
    made = await store.book_appointment(visit(house, 1, starts_at=starts, ends_at=starts + HOUR))
    (kept,) = await store.appointments_between(START, START + 3 * HOUR)
    assert kept == made
    assert kept.starts_at.utcoffset() == timedelta(0)


def service(code: str, **more: object) -> ServiceItem:
    made = ServiceItem(code, code.replace("_", " "), "screen", "EUR", Money.of(50, "EUR"))
    return replace(made, **more)  # type: ignore[arg-type]


async def test_the_catalogue_shows_data_recovery_first_and_what_fits_a_device(
    store: Store,
) -> None:
    for one in (
        service("virus", category="virus"),
        service("screen_phone", device_category="phone", position=1),
        service("screen_iphone", device_category="phone", device_brand="Apple"),
        service("screen_laptop", device_category="laptop"),
        service("dr_logical", category="data_recovery", position=2, no_data_no_fee=True),
        service("dr_evaluation", category="data_recovery", price_from=Money.of(0, "EUR")),
        service("old", active=False),
        service("christmas", valid_from=START.date() + timedelta(days=30)),
    ):
        await store.save_service(one)
    assert [one.code for one in await store.list_services()] == [
        "dr_evaluation",
        "dr_logical",
        "screen_iphone",
        "screen_laptop",
        "screen_phone",
        "virus",
    ]
    assert [one.code for one in await store.list_services(model="iPhone 13")] == [
        "dr_evaluation",
        "dr_logical",
        "screen_iphone",
        "screen_phone",
        "virus",
    ]
    assert len(await store.list_services(all_of_them=True)) == 8


async def test_a_service_can_be_edited_and_comes_back_as_written(store: Store) -> None:
    first = service(
        "battery",
        category="battery",
        price_to=Money.of(Decimal("79.90"), "EUR"),
        duration_min=45,
        part_quality="premium",
        warranty_months=6,
        valid_to=START.date(),
        requires_diagnosis=True,
    )
    await store.save_service(first)
    cheaper = replace(first, price_from=Money.of(40, "EUR"), price_to=None)
    await store.save_service(cheaper)
    assert await store.list_services() == (cheaper,)
    for wrong in (
        replace(first, price_to=Money.of(1, "EUR")),
        replace(first, price_to=Money.of(99, "GBP")),
        replace(first, name=""),
    ):
        with pytest.raises(InvalidRecord):
            await store.save_service(wrong)


async def test_shops_technicians_and_tiers_come_back_as_written(store: Store, house: House) -> None:
    hours = (OpeningHours(0, "09:00", "18:00"), OpeningHours(5, "10:00", "16:00"))
    shop = await store.save_location(
        replace(house.shop, business_hours=hours, address="1 Example Street")
    )
    assert await store.locations() == (shop, house.second_shop)
    assert await store.technicians() == (house.technician,)
    with pytest.raises(InvalidRecord):
        await store.save_location(Location("", "Third", code="B"))
    canned = CannedMirror("hello", "Hello!", "en", ("hi",), 3, START)
    tier = LoyaltyTier("gold", 3, 24, Money.of(800, "EUR"), 6, Decimal("12.5"), ("express",))
    async with store.unit_of_work() as work:
        await house_store.save_canned(work, canned)
        await house_store.save_loyalty_tier(work, tier)
        assert await house_store.canned_mirrors(work) == (canned,)
    assert await store.loyalty_tiers() == (tier,)


async def test_loyalty_is_worked_out_of_what_was_collected_lately(
    store: Store, house: House, clock: Clock
) -> None:
    async with store.unit_of_work() as work:
        for tier in (
            LoyaltyTier("bronze", 1, 12, min_repairs=1),
            LoyaltyTier("silver", 2, 12, min_spend=Money.of(100, "EUR")),
        ):
            await house_store.save_loyalty_tier(work, tier)
    assert (await store.refresh_loyalty(house.customer.id)).loyalty_tier == "none"
    await walk_to(store, await take_in(store, house), "completed")
    assert (await store.refresh_loyalty(house.customer.id)).loyalty_tier == "bronze"
    repair = await walk_to(store, await take_in(store, house), "diagnosing")
    quote = await quote_for(store, repair)
    await store.send_quote(quote.id, version=1, actor="bench")
    await store.decide_quote(quote.id, approved=True, version=2, actor="customer")
    repair = (await store.get_repair(repair.id)).row.repair
    repair = await walk_to(store, repair, "ready")
    await store.move_repair(Move(repair.id, "completed", repair.version, "counter"))
    assert (await store.refresh_loyalty(house.customer.id)).loyalty_tier == "silver"
    clock.forward(days=500)
    assert (await store.refresh_loyalty(house.customer.id)).loyalty_tier == "none"
