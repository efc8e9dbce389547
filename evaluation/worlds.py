"""Customers with repairs, quotes and visits, drawn from a seed: what drafts speak of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from revivatui.copilot.facts import Record
from revivatui.copilot.record import record_of
from revivatui.copilot.shop_profile import ShopProfile
from revivatui.crm.money import Money
from revivatui.crm.records import Customer, Device
from revivatui.crm.records_repairs import Appointment, Quote, QuoteLine, Repair, Warranty
from revivatui.crm.views import Context, PendingQuote, RepairFile, RepairRow
from revivatui.crm.workflow import RepairStatus

NOW: Final = datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
TODAY: Final = NOW.date()
SHOP: Final = ShopProfile(
    name="RevivaTech",
    address="Rua do Exemplo 5, Lisboa",
    phone="+351 210 000 123",
    email="counter@repairs.example",
    warranty_months=12,
    booking="https://repairs.example/book",
    recovery_percent=87,
)
_NAMES: Final = ("Ana Lopes", "Tom Becker", "Maria João Dias", "Ivy Chen", "Rui Sá", "Lea Novak")
_DEVICES: Final = (
    ("Apple", "iPhone 13 Pro"),
    ("Apple", "iPhone 12"),
    ("Apple", "iPhone SE 2022"),
    ("Apple", "MacBook Air M2"),
    ("Apple", "MacBook Pro 14 2021"),
    ("Apple", "iPad Air 5"),
    ("Samsung", "Galaxy S22 Ultra"),
    ("Samsung", "Galaxy A54"),
    ("Google", "Pixel 7"),
    ("Sony", "PlayStation 5"),
    ("Lenovo", "ThinkPad X1 Carbon"),
    ("Dell", "XPS 13"),
)
OTHER_DEVICES: Final = (
    "iPhone 11",
    "iPhone 14 Plus",
    "iPad mini 6",
    "MacBook Pro 16 2019",
    "Galaxy S21",
    "Pixel 6a",
    "PlayStation 4",
    "Xbox Series X",
    "Nintendo Switch",
    "ThinkPad T480",
    "Surface Pro 7",
    "Redmi Note 12",
    "iMac 24",
)
_STATUSES: Final[tuple[RepairStatus, ...]] = (
    "received",
    "diagnosing",
    "awaiting_approval",
    "awaiting_parts",
    "in_repair",
    "testing",
    "ready",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One repair of a world, as the generator knows it."""

    number: str
    device: str
    promised: date
    received: date
    quote: str
    total: Decimal
    part: Decimal
    valid: date
    visit: datetime


@dataclass(frozen=True, slots=True)
class World:
    """One customer with two repairs, and the record that the copilot is given of them."""

    name: str
    language: str
    cases: tuple[Case, ...]
    context: Context
    files: tuple[RepairFile, ...]
    record: Record

    @property
    def first(self) -> str:
        return self.name.split()[0]

    def days(self) -> set[date]:
        found = {TODAY}
        for case in self.cases:
            found |= {case.promised, case.received, case.valid, case.visit.date(), _ends(case)}
        return found

    def amounts(self) -> set[Decimal]:
        return {amount for case in self.cases for amount in (case.total, case.part)} | {
            case.total - case.part for case in self.cases
        }


def world(random: Random, language: str) -> World:
    """A customer drawn by chance; no two of their days, amounts or numbers are the same."""
    name = random.choice(_NAMES)
    customer = Customer(
        "c", name, NOW, NOW, "ana.l@mail.example", "+351912000345", language=language
    )
    devices = random.sample(_DEVICES, 2)
    ahead = random.sample(range(1, 45), 8)
    before = random.sample(range(10, 60), 2)
    totals = random.sample(range(61, 980), 4)
    first = random.randrange(1200, 8000)
    quote = random.randrange(310, 900)
    cases, files, visits, warranties = [], [], [], []
    for at, (brand, model) in enumerate(devices):
        cents = random.choice((Decimal(0), Decimal(0), Decimal("0.50"), Decimal("0.90")))
        total = (
            Decimal(max(totals[2 * at], totals[2 * at + 1]) + random.choice((0, 0, 1000))) + cents
        )
        visit = datetime.combine(TODAY + timedelta(ahead[4 * at + 2]), datetime.min.time(), UTC)
        case = Case(
            f"R-{first + 3 * at}",
            model,
            TODAY + timedelta(ahead[4 * at]),
            TODAY - timedelta(before[at]),
            f"Q-{quote + 7 * at}",
            total,
            Decimal(min(totals[2 * at], totals[2 * at + 1])),
            TODAY + timedelta(ahead[4 * at + 1]),
            visit.replace(
                hour=random.choice((9, 10, 11, 14, 15, 16)), minute=random.choice((0, 15, 30, 45))
            ),
        )
        cases.append(case)
        files.append(_file(case, at, brand, customer, random.choice(_STATUSES)))
        visits.append(_visit(case, at))
        warranties.append(
            Warranty(f"w{at}", f"r{at}", f"d{at}", "labour", case.received, 6, _ends(case))
        )
    context = Context(
        customer,
        2,
        NOW,
        tuple(one.row for one in files),
        tuple(one.row for one in files),
        2,
        tuple(
            PendingQuote(one.quotes[0], one.row.repair.number, one.row.device, False)
            for one in files
        ),
        tuple(visits),
        tuple(warranties),
        (),
        tuple(one.row.device for one in files),
        (),
        NOW,
    )
    record = record_of(context, files, SHOP, language=language, now=NOW, tz=UTC)
    return World(name, language, tuple(cases), context, tuple(files), record)


def _ends(case: Case) -> date:
    return case.received + timedelta(183)


def _moment(day: date, hour: int = 17) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def _file(case: Case, at: int, brand: str, customer: Customer, status: RepairStatus) -> RepairFile:
    device = Device(
        f"d{at}",
        customer.id,
        brand,
        case.device,
        NOW,
        NOW,
        serial=f"C02XK{at}ABJG5H",
        imei="356938035643809",
    )
    repair = Repair(
        f"r{at}",
        case.number,
        customer.id,
        device.id,
        "l",
        "screen",
        status,
        NOW,
        NOW,
        fault="it does not start",
        promised_at=_moment(case.promised),
        received_at=_moment(case.received),
    )
    part, work = Money.of(case.part, "EUR"), Money.of(case.total - case.part, "EUR")
    lines = (
        QuoteLine(f"p{at}", f"q{at}", 0, "part", "Part", Decimal(1), part, part),
        QuoteLine(f"l{at}", f"q{at}", 1, "labour", "Labour", Decimal(1), work, work),
    )
    total = Money.of(case.total, "EUR")
    none = Money.nothing("EUR")
    quote = Quote(
        f"q{at}",
        case.quote,
        repair.id,
        "l",
        "pending",
        "EUR",
        total,
        none,
        none,
        total,
        NOW,
        NOW,
        valid_until=_moment(case.valid, 23),
        sent_at=NOW,
        line_items=lines,
    )
    row = RepairRow(repair, customer.name, device, "", False)
    return RepairFile(row, customer, (), (quote,), ())


def _visit(case: Case, at: int) -> Appointment:
    return Appointment(
        f"0000{at}a{at}b",
        "c",
        "drop_off",
        case.visit,
        case.visit + timedelta(minutes=30),
        "confirmed",
        NOW,
        NOW,
        repair_id=f"r{at}",
    )
