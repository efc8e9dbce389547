"""What happened to the customer of a test, and what they are answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

from revivatui.copilot.suggestion import Situation, Suggestion
from revivatui.copilot.templates import from_record
from revivatui.crm.store import Store
from revivatui.crm.wishes import AppointmentWish, Move
from revivatui.crm.workflow import RepairStatus
from tests.copilot.shop_people import SHOP, Person, asked, told_of
from tests.crm.build import Clock, House, line, make_phone, quote_for, take_in, walk_to


def answers(situation: Situation) -> tuple[Suggestion, ...]:
    return from_record(situation, SHOP, calm=False)


def first(person: Person, text: str, language: str = "en", *before: str) -> Suggestion:
    return answers(asked(person, text, language, *before))[0]


@cache
def one_repair(status: RepairStatus, *, promised: timedelta | None = timedelta(days=3)) -> Person:
    async def happens(store: Store, house: House, clock: Clock) -> None:
        at = clock() + promised if promised is not None else None
        repair = await take_in(store, house, promised_at=at, handed_over=status != "booked")
        await walk_to(store, repair, status)
        clock.forward(days=1)

    return told_of(happens)


async def two_repairs(store: Store, house: House, clock: Clock) -> None:
    await walk_to(store, await take_in(store, house), "diagnosing")
    laptop = await store.save_device(
        replace(await make_phone(store, house.customer, "C39ABCDEFGH1"), model="MacBook Air M2")
    )
    await walk_to(store, await take_in(store, house, device_id=laptop.id), "ready")


async def quoted(store: Store, house: House, clock: Clock) -> None:
    repair = await walk_to(store, await take_in(store, house), "diagnosing")
    quote = await quote_for(store, repair, valid_until=clock() + timedelta(days=14))
    await store.send_quote(quote.id, version=1, actor="bench")


async def declined(store: Store, house: House, clock: Clock) -> None:
    await quoted(store, house, clock)
    context = await store.get_context(house.customer.id)
    quote = context.pending_quotes[0].quote
    await store.decide_quote(quote.id, approved=False, version=quote.version, actor="customer")


async def two_quoted(store: Store, house: House, clock: Clock) -> None:
    await quoted(store, house, clock)
    laptop = await store.save_device(
        replace(await make_phone(store, house.customer, "C39ABCDEFGH1"), model="MacBook Air M2")
    )
    second = await walk_to(store, await take_in(store, house, device_id=laptop.id), "diagnosing")
    quote = await quote_for(store, second, line("300"))
    await store.send_quote(quote.id, version=1, actor="bench")


async def visiting(store: Store, house: House, clock: Clock) -> None:
    starts = clock() + timedelta(days=2)
    await store.book_appointment(
        AppointmentWish(
            house.customer.id, "drop_off", starts, starts + timedelta(minutes=30),
            status="confirmed",
        )
    )  # fmt: skip


async def collected(store: Store, house: House, clock: Clock) -> None:
    await quoted(store, house, clock)
    context = await store.get_context(house.customer.id)
    quote = context.pending_quotes[0].quote
    await store.decide_quote(quote.id, approved=True, version=quote.version, actor="customer")
    repair = (await store.get_context(house.customer.id)).active[0].repair
    for to in ("in_repair", "testing", "ready", "completed"):
        repair = await store.move_repair(Move(repair.id, to, repair.version, "bench"))
