"""What tests of the CRM begin with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from revivatui.crm.devices import imei_with_check_digit
from revivatui.crm.money import Money
from revivatui.crm.records import Customer, Device, Location, Technician
from revivatui.crm.records_repairs import Quote, Repair
from revivatui.crm.store import Store
from revivatui.crm.store.shapes import REPAIR
from revivatui.crm.store.tables_work import REPAIRS
from revivatui.crm.wishes import CustomerWish, Intake, LineWish, Move, QuoteWish
from revivatui.crm.workflow import RepairStatus, way_to

START = datetime(2026, 11, 5, 10, tzinfo=UTC)
EUR = "EUR"


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass(frozen=True)
class House:
    shop: Location
    second_shop: Location
    technician: Technician
    customer: Customer
    phone: Device


async def make_house(store: Store) -> House:
    shop = await store.save_location(Location("", "Baixa", timezone="Europe/Lisbon"))
    second = await store.save_location(Location("", "Boavista", code="B"))
    technician = await store.save_technician(Technician("", "Bench One", location_id=shop.id))
    customer = await store.upsert_customer(
        CustomerWish(name="Customer One", email="one@example.com", phone="+44 7700 900001")
    )
    return House(shop, second, technician, customer, await make_phone(store, customer))


async def make_phone(store: Store, customer: Customer, serial: str = "F2LXK0AAJG5H") -> Device:
    return await store.save_device(
        Device(
            "",
            customer.id,
            "Apple",
            "iPhone 13",
            START,
            START,
            category="phone",
            serial=serial,
            imei=imei_with_check_digit("35693803564380"),
        )
    )


async def take_in(store: Store, house: House, **more: object) -> Repair:
    wish: dict[str, object] = {
        "customer_id": house.customer.id,
        "device_id": house.phone.id,
        "location_id": house.shop.id,
        "type": "screen_phone",
        "actor": "counter",
        "fault": "Screen is cracked",
    }
    return await store.create_repair(Intake(**{**wish, **more}))  # type: ignore[arg-type]


async def copy_many(store: Store, repair: Repair, count: int) -> None:
    """So many more repairs like this one, straight into the table: seconds become a moment."""
    async with store.unit_of_work() as work:
        rows = [
            REPAIR.values(replace(repair, id=work.new_id(), number=f"{repair.number}-{n}"))
            for n in range(count)
        ]
        await work.add(REPAIRS, rows)


async def walk_to(store: Store, repair: Repair, goal: RepairStatus) -> Repair:
    """Move a repair along a shortest way."""
    for to in way_to(goal, repair.status)[1:]:
        repair = await store.move_repair(Move(repair.id, to, repair.version, "bench"))
    return repair


def line(price: str = "89.90", *, kind: str = "part", **more: object) -> LineWish:
    wish: dict[str, object] = {"tax_rate": Decimal("0.23"), "warranty_months": 12, **more}
    return LineWish(kind, "Screen, original", Money.parse(price, EUR), **wish)  # type: ignore[arg-type]


async def quote_for(store: Store, repair: Repair, *lines: LineWish, **more: object) -> Quote:
    wanted = lines or (line(), line("45", kind="labour"))
    return await store.create_quote(
        QuoteWish(repair.id, EUR, wanted, "bench", **more)  # type: ignore[arg-type]
    )
