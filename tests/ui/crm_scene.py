"""The fixed day's CRM: what the shop knows of the customers of `scene`, the same every time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from revivatui.crm.demo_catalogue import TIERS, services
from revivatui.crm.devices import brand_of, category_of
from revivatui.crm.money import Money
from revivatui.crm.records import Customer, Device, Location, Technician
from revivatui.crm.records_repairs import Repair
from revivatui.crm.store import Store
from revivatui.crm.wishes import (
    AppointmentWish,
    CustomerWish,
    Intake,
    LineWish,
    Move,
    QuoteWish,
    TicketWish,
)
from revivatui.crm.workflow import way_to
from revivatui.paths import Paths
from tests.ui.scene import NOW, Scene

NOON = datetime.fromtimestamp(NOW, UTC)
CRM = "crm.sqlite3"
MODELS = (
    ("iPhone 13 Pro", "awaiting_parts", 2),
    ("MacBook Air M2", "in_repair", -2),
    ("Samsung T7", "diagnosing", 1),
    ("iPad Air", "ready", -20),
    ("ThinkPad T14", "booked", 4),
    ("PlayStation 5", "awaiting_approval", -1),
    ("Pixel 7", "testing", 1),
    ("Galaxy S22", "completed", -30),
    ("iMac 24", "received", 3),
)
"""The device of each customer of the scene, how far its repair is, and in how many days it is
promised."""


async def make_crm(folder: Path) -> None:
    """Seed the CRM of a scene in its folder; asked again, it is there already."""
    paths = Paths.under(folder)
    paths.make()
    file = paths.data / CRM
    if file.exists():
        return
    clock = _Clock()
    numbers = count(1)
    store = await Store.open(file, clock=clock, ids=lambda: f"00000000-{next(numbers):012}")
    try:
        await _Seeding(store, clock).all()
    finally:
        await store.close()


class _Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class _Seeding:
    def __init__(self, store: Store, clock: _Clock) -> None:
        self.store, self.clock = store, clock
        self.shop: Location
        self.bench: Technician

    async def all(self) -> None:
        store = self.store
        self.clock.now = NOON - timedelta(days=900)
        self.shop = await store.save_location(Location("", "Centre", timezone="Europe/Lisbon"))
        self.bench = await store.save_technician(
            Technician("", "Cleo Bench", location_id=self.shop.id)
        )
        for item in services():
            await store.save_service(item)
        async with store.unit_of_work() as work:
            from revivatui.crm.store import house

            for tier in TIERS:
                await house.save_loyalty_tier(work, tier)
        scene = Scene()
        for n, (model, status, days) in enumerate(MODELS):
            wish = CustomerWish(
                name=scene.names[n],
                email=f"customer{n}@example.org",
                phone="+44 20 7946 0958" if n == 0 else "",
            )
            self.clock.now = NOON - timedelta(days=400 - n)
            customer = await store.upsert_customer(wish)
            if n == 0:
                await self._history(customer)
            await self._repair(customer, model, status, days, n)

    async def _history(self, customer: Customer) -> None:
        """Ana was here before, is under warranty, and comes tomorrow."""
        await self._repair(customer, "iPhone 11", "completed", -200, 100)
        self.clock.now = NOON - timedelta(days=1)
        starts = NOON + timedelta(days=1)
        await self.store.book_appointment(
            AppointmentWish(
                customer.id, "phone", starts, starts + timedelta(minutes=15), status="confirmed"
            )
        )
        await self.store.create_ticket(TicketWish(customer.id, "Her phone fell into water"))
        await self.store.create_ticket(TicketWish(customer.id, "A case for the phone"))

    async def _device(self, customer: Customer, model: str) -> Device:
        return await self.store.save_device(
            Device(
                "",
                customer.id,
                brand_of(model),
                model,
                NOON,
                NOON,
                category_of(model),
                serial=f"SN{abs(hash_of(model)):08}",
            )
        )

    async def _repair(
        self, customer: Customer, model: str, status: str, days: int, n: int
    ) -> Repair:
        self.clock.now = NOON - timedelta(days=max(3, 3 - days), hours=n % 7)
        device = await self._device(customer, model)
        promised = NOON + timedelta(days=days)
        repair = await self.store.create_repair(
            Intake(
                customer.id,
                device.id,
                self.shop.id,
                "screen_phone",
                "Ben Counter",
                fault="Screen and battery",
                technician_id=self.bench.id,
                promised_at=promised,
                handed_over=status != "booked",
            )
        )
        way = way_to(status)[2:]  # type: ignore[arg-type]
        for to in way:
            self.clock.now += timedelta(hours=5)
            if to == "awaiting_approval":
                await self._quote(repair)
            elif to == "approved":
                await self._approve(repair)
            else:
                await self.store.move_repair(Move(repair.id, to, repair.version, "Cleo Bench"))
            repair = (await self.store.get_repair(repair.id)).row.repair
        if status == "awaiting_parts" and not way.count("awaiting_approval"):
            await self._quote(repair)
        return repair

    async def _quote(self, repair: Repair) -> None:
        lines = (
            LineWish("part", "Screen, original", Money.parse("150", "EUR"), warranty_months=12),
            LineWish("labour", "Labour", Money.parse("34", "EUR"), warranty_months=12),
        )
        quote = await self.store.create_quote(
            QuoteWish(repair.id, "EUR", lines, "Ben Counter", valid_until=NOON + timedelta(days=9))
        )
        await self.store.send_quote(quote.id, version=quote.version, actor="Ben Counter")

    async def _approve(self, repair: Repair) -> None:
        (quote, *_) = (await self.store.get_repair(repair.id)).quotes
        await self.store.decide_quote(
            quote.id, approved=True, version=quote.version, actor="Ben Counter"
        )


def hash_of(model: str) -> int:
    """A number of a text, the same in every run."""
    return sum((place + 1) * ord(char) for place, char in enumerate(model)) * 7919
