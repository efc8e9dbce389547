"""The demo's customers as a CRM tells of them, and customers made for one test."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from revivatui.copilot.facts import Record
from revivatui.copilot.record import record_of
from revivatui.copilot.shop_profile import ShopProfile
from revivatui.copilot.situation import situation_of
from revivatui.copilot.suggestion import Situation
from revivatui.crm.demo import seed_demo
from revivatui.crm.ids import Ids
from revivatui.crm.records import Location
from revivatui.crm.store import Store
from revivatui.crm.views import Context, RepairFile
from revivatui.state.models import INCOMING, OUTGOING, Message, Sender
from tests.crm.build import START, Clock, House, make_house
from tests.crm.people import make_people, make_staff

LISBON = ZoneInfo("Europe/Lisbon")
SHOP = ShopProfile.load(
    {
        "payment": {"en": "cash or card", "pt": "dinheiro ou cartão"},
        "booking": "https://book.example.com/repairs",
        "warranty_months": 12,
        "recovery_percent": 92,
    }
)


@dataclass(frozen=True)
class Person:
    """One customer of the CRM, as a picture of the desk has them."""

    context: Context
    files: tuple[RepairFile, ...]
    locations: tuple[Location, ...]

    def record(
        self,
        language: str = "en",
        *,
        now: datetime = START,
        ticket_id: str | None = None,
        shop: ShopProfile = SHOP,
    ) -> Record:
        return record_of(
            self.context,
            self.files,
            shop,
            language=language,
            now=now,
            tz=LISBON,
            ticket_id=ticket_id,
            locations=self.locations,
        )


async def seen_in(store: Store, customer_id: str) -> Person:
    context = await store.get_context(customer_id)
    files = [await store.get_repair(row.repair.id) for row in context.active[:3]]
    return Person(context, tuple(files), await store.locations())


@cache
def demo_people() -> tuple[Person, ...]:
    """Everybody of the demo, each with what the desk reads of them."""
    return asyncio.run(_in_a_store(_seeded))


async def _seeded(store: Store, _: Clock) -> tuple[Person, ...]:
    people = make_people(40)
    await seed_demo(store, people, make_staff(), now=START)
    found = []
    for person in people:
        assert person.external is not None
        customer = await store.find_customer(external=person.external)
        assert customer is not None
        found.append(await seen_in(store, customer.id))
    return tuple(found)


@cache
def told_of(happens: Callable[[Store, House, Clock], Awaitable[object]]) -> Person:
    """The one customer of a new house, after what happens there."""

    async def work(store: Store, clock: Clock) -> tuple[Person, ...]:
        house = await make_house(store)
        await happens(store, house, clock)
        return (await seen_in(store, house.customer.id),)

    return asyncio.run(_in_a_store(work))[0]


async def _in_a_store(
    work: Callable[[Store, Clock], Awaitable[tuple[Person, ...]]],
) -> tuple[Person, ...]:
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        ids = Ids(lambda: clock().timestamp(), Random(1))
        store = await Store.open(str(Path(folder) / "crm.sqlite"), clock=clock, ids=ids)
        try:
            return await work(store, clock)
        finally:
            await store.close()


def message(number: int, text: str, kind: int = INCOMING, **more: object) -> Message:
    sender = Sender("contact" if kind == INCOMING else "user", 1, "Somebody")
    made = Message(number, 7, 1, kind, text, 1_700_000_000.0 + number, sender=sender)
    return replace(made, **more)  # type: ignore[arg-type]


def asked(
    person: Person, text: str, language: str = "en", *before: str, record: Record | None = None
) -> Situation:
    """What a customer writes, after what the shop said before."""
    said = [message(number, one, OUTGOING) for number, one in enumerate(before, 1)]
    said.append(message(len(said) + 1, text))
    situation = situation_of(7, said, record or person.record(language), language=language)
    return replace(situation, question=replace(situation.question, language=language))
