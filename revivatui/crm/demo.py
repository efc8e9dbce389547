"""A repair shop in full swing, for the demo: the same every time for a seed and a moment.

Whoever calls brings the people (the embedded shop has them from its own seed); what is made here
is what happened to their devices.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from revivatui.crm.demo_catalogue import FAULTS, HOURS, TAX_RATE, TIERS, services
from revivatui.crm.demo_models import EUR
from revivatui.crm.devices import brand_of, category_of, imei_with_check_digit
from revivatui.crm.ids import Ids
from revivatui.crm.money import Money
from revivatui.crm.records import Customer, Device, Location, ServiceItem, Technician
from revivatui.crm.records_repairs import Quote, Repair
from revivatui.crm.store import (
    Store,
    Work,
    appointments,
    customers,
    house,
    quotes,
    repairs,
    tickets,
)
from revivatui.crm.wishes import (
    AppointmentWish,
    CustomerWish,
    ExternalKey,
    Intake,
    LineWish,
    Move,
    QuoteWish,
    TicketWish,
)
from revivatui.crm.workflow import STATUSES, RepairStatus
from revivatui.state.records import dataclass

MODELS: Final = (
    "iPhone 12",
    "iPhone 13 mini",
    "iPhone 14 Pro",
    "iPhone SE",
    "Galaxy S22",
    "Galaxy A54",
    "Pixel 7",
    "Redmi Note 12",
    "MacBook Air M1",
    "MacBook Air M2",
    "MacBook Pro 14",
    "Dell XPS 13",
    "ThinkPad T14",
    "HP Pavilion 15",
    "ZenBook 14",
    "iMac 24",
    "OptiPlex 7080",
    "iPad Air",
    "Galaxy Tab S8",
    "PlayStation 5",
    "Nintendo Switch",
    "WD My Passport 2 TB",
    "Seagate Backup Plus 4 TB",
    "Samsung T7",
    "Crucial MX500",
    "Synology DS420+",
)
_COLOURS: Final = ("black", "silver", "blue", "white", "space grey", "green")
_ACCESSORIES: Final = ("charger", "case", "cable", "box", "SIM card")
_CONDITIONS: Final = ("scratches on the back", "dent in one corner", "as new", "sticker on the lid")
_DECLINED: Final = ("Too dear", "Bought a new one", "Wants to wait")

_QUOTED: Final[tuple[RepairStatus, ...]] = ("received", "diagnosing", "awaiting_approval")
_DONE: Final[tuple[RepairStatus, ...]] = ("in_repair", "testing", "ready", "completed")
_WAYS: Final[dict[RepairStatus, tuple[RepairStatus, ...]]] = {
    "booked": ("booked",),
    "received": ("received",),
    "diagnosing": ("received", "diagnosing"),
    "awaiting_approval": _QUOTED,
    "approved": (*_QUOTED, "approved"),
    "awaiting_parts": (*_QUOTED, "approved", "awaiting_parts"),
    "in_repair": (*_QUOTED, "approved", "awaiting_parts", "in_repair"),
    "testing": (*_QUOTED, "approved", *_DONE[:2]),
    "ready": (*_QUOTED, "approved", *_DONE[:3]),
    "completed": (*_QUOTED, "approved", *_DONE),
    "unrepairable": ("received", "diagnosing", "unrepairable"),
    "ready_unrepaired": (*_QUOTED, "ready_unrepaired"),
    "cancelled": ("booked", "cancelled"),
}
_UNDER_WARRANTY: Final[tuple[RepairStatus, ...]] = ("received", "diagnosing", *_DONE)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A customer of the demo, as the chat knows them."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = "en"
    company_name: str = ""
    external: ExternalKey | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    """One repair to be told: whose, of what, when it came in, how far it got."""

    starts: datetime
    ends: datetime
    goal: RepairStatus
    customer: int
    device: int
    under_warranty: bool


async def seed_demo(
    store: Store,
    people: Sequence[DemoPerson],
    staff: Sequence[str],
    *,
    now: datetime,
    seed: int = 7,
) -> None:
    """Fill an empty store with two shops, the technicians in `staff` and what was repaired for
    `people` up to `now`."""
    async with store.unit_of_work() as work:
        await _Seeder(work, Random(f"crm {seed}"), now).fill(people, staff)


class _Seeder:
    def __init__(self, work: Work, random: Random, now: datetime) -> None:
        self.work, self.random, self.end = work, random, now
        # What happened long ago gets the ids of that time.
        work.now = now - timedelta(days=600)
        work.new_id = Ids(lambda: work.now.timestamp(), Random(random.getrandbits(64)))
        self.catalogue = {one.code: one for one in services()}
        self.shops: list[Location] = []
        self.staff: list[Technician] = []

    async def fill(self, people: Sequence[DemoPerson], staff: Sequence[str]) -> None:
        await self._make_house(staff)
        known = [await self._make_customer(one) for one in people]
        devices = [await self._make_devices(one) for one in known]
        before: dict[str, Repair] = {}
        for case in self._plan([len(one) for one in devices]):
            device = devices[case.customer][case.device]
            repair = await self._tell(case, known[case.customer], device, before.get(device.id))
            before[device.id] = repair
        self.work.now = self.end
        for customer in known:
            await house.refresh_loyalty(self.work, customer.id)

    # --- who is there ---------------------------------------------------------------------------

    async def _make_house(self, staff: Sequence[str]) -> None:
        for name, code, address in (
            ("RevivaTech Centre", "", "1 Example Street"),
            ("RevivaTech Riverside", "B", "20 Example Quay"),
        ):
            shop = Location("", name, code, "Europe/Lisbon", address, business_hours=HOURS)
            self.shops.append(await house.save_location(self.work, shop))
        skills = (("screens", "batteries"), ("boards", "liquid"), ("data recovery",), ("software",))
        for place, name in enumerate(staff):
            shop = self.shops[place % len(self.shops)]
            one = Technician("", name, "", skills[place % len(skills)], shop.id)
            self.staff.append(await house.save_technician(self.work, one))
        for service in self.catalogue.values():
            await house.save_service(self.work, service)
        for tier in TIERS:
            await house.save_loyalty_tier(self.work, tier)

    async def _make_customer(self, person: DemoPerson) -> Customer:
        wish = CustomerWish(
            name=person.name,
            email=person.email,
            phone=person.phone,
            external=person.external,
            type="business" if person.company_name else "individual",
            language=person.language,
            source="chat_widget",
            company_name=person.company_name,
            marketing_consent=self.random.random() < 0.3,
        )
        return await customers.upsert(self.work, wish)

    async def _make_devices(self, customer: Customer) -> list[Device]:
        models = self.random.sample(MODELS, self.random.choice((1, 1, 2, 3)))
        return [await self._make_device(customer, model) for model in models]

    async def _make_device(self, customer: Customer, model: str) -> Device:
        category = category_of(model)
        has_imei = category == "phone"
        digits = "".join(self.random.choices("0123456789", k=12))
        serial = "".join(self.random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=11))
        return await customers.save_device(
            self.work,
            Device(
                "",
                customer.id,
                brand_of(model),
                model,
                self.work.now,
                self.work.now,
                category=category,
                serial=f"{serial}7",
                # A range that belongs to no maker.
                imei=imei_with_check_digit(f"00{digits}") if has_imei else "",
                colour=self.random.choice(_COLOURS),
                storage=self.random.choice(("128 GB", "256 GB", "512 GB", "1 TB")),
                find_my_state=self.random.choice(("on", "off")) if has_imei else "unknown",
            ),
        )

    # --- what happened --------------------------------------------------------------------------

    def _plan(self, devices: Sequence[int]) -> list[_Case]:
        """Every state at least once for every so many customers; the rest is history."""
        cases = []
        for customer, count in enumerate(devices):
            for _ in range(self.random.choice((0, 1, 1, 2, 3, 5))):
                cases.append(self._past(customer, self.random.randrange(count)))
            if customer % 2 == 0:
                status = STATUSES[customer // 2 % len(STATUSES)]
                cases.append(self._present(customer, self.random.randrange(count), status))
        return sorted(cases, key=lambda one: one.starts)

    def _past(self, customer: int, device: int) -> _Case:
        starts = self._opening(self.end - timedelta(days=self.random.randint(25, 580)))
        ends = starts + timedelta(days=self.random.randint(2, 14), hours=self.random.randint(1, 7))
        goal: RepairStatus = "cancelled" if self.random.random() < 0.07 else "completed"
        return _Case(starts, ends, goal, customer, device, self.random.random() < 0.1)

    def _present(self, customer: int, device: int, goal: RepairStatus) -> _Case:
        days = self.random.randint(2, 45 if goal in ("awaiting_parts", "ready") else 9)
        starts = self._opening(self.end - timedelta(days=days))
        latest = self.end - timedelta(minutes=self.random.randint(5, 300))
        return _Case(starts, max(latest, starts), goal, customer, device, under_warranty=False)

    def _opening(self, moment: datetime) -> datetime:
        moment -= timedelta(days=1) if moment.weekday() == 6 else timedelta()
        return moment.replace(
            hour=self.random.randint(9, 15),
            minute=self.random.randint(0, 59),
            second=0,
            microsecond=0,
        )

    async def _tell(
        self, case: _Case, customer: Customer, device: Device, before: Repair | None
    ) -> Repair:
        claim_of = self._claim_of(case, before)
        way = _UNDER_WARRANTY if claim_of else _WAYS[case.goal]
        moments = self._moments(case, len(way))
        self.work.now = moments[0]
        repair = await self._take_in(case, customer, device, way[0], claim_of)
        for to, moment in zip(way[1:], moments[1:], strict=True):
            self.work.now = moment
            repair = await self._step(repair, to)
        if case.goal in ("booked", "ready"):
            await self._make_appointment(repair)
        return repair

    def _claim_of(self, case: _Case, before: Repair | None) -> str | None:
        """The repair that a claim is about: one that was collected before, or none."""
        if not case.under_warranty or case.goal != "completed" or before is None:
            return None
        collected = before.collected_at
        return before.id if collected is not None and collected < case.starts else None

    def _moments(self, case: _Case, count: int) -> list[datetime]:
        length = (case.ends - case.starts).total_seconds()
        shares = sorted(self.random.random() for _ in range(count - 1))
        return [
            case.starts,
            *((case.starts + timedelta(seconds=int(one * length))) for one in shares),
        ]

    async def _take_in(
        self,
        case: _Case,
        customer: Customer,
        device: Device,
        first: RepairStatus,
        claim_of: str | None,
    ) -> Repair:
        code, fault = self.random.choice(FAULTS.get(device.category, FAULTS["laptop"]))
        shop = self.shops[0] if self.random.random() < 0.7 else self.shops[1]
        days = self.catalogue[code].turnaround_days or 1
        promised = (self.work.now + timedelta(days=days)).replace(
            hour=17, minute=0, second=0, microsecond=0
        )
        ticket_id = None
        if case.goal not in ("completed", "cancelled") and self.random.random() < 0.5:
            title = f"{device.label}: {fault.split(',')[0].lower()}"
            wish = TicketWish(customer.id, title, source="chatwoot", location_id=shop.id)
            ticket_id = (await tickets.create(self.work, wish)).id
        return await repairs.create(
            self.work,
            Intake(
                customer.id,
                device.id,
                shop.id,
                code,
                "Counter",
                fault=fault,
                intake_condition=self.random.choice(_CONDITIONS),
                accessories=tuple(self.random.sample(_ACCESSORIES, self.random.randint(0, 2))),
                priority=self.random.choices(("low", "medium", "high", "urgent"), (1, 7, 2, 1))[0],
                technician_id=self.random.choice(self.staff).id if self.staff else None,
                promised_at=promised,
                ticket_id=ticket_id,
                warranty_of_repair_id=claim_of,
                handed_over=first != "booked",
            ),
        )

    async def _step(self, repair: Repair, to: RepairStatus) -> Repair:
        if to == "awaiting_approval":
            quote = await quotes.create(self.work, self._quote(repair))
            await quotes.send(self.work, quote.id, version=quote.version, actor="Bench")
        elif repair.status == "awaiting_approval":
            (quote, *_) = await quotes.of_repair(self.work, repair.id)
            await self._answer(quote, approved=to == "approved")
        else:
            wish = Move(repair.id, to, repair.version, "Bench", self._note(to), to == "ready")
            return await repairs.move(self.work, wish)
        return await repairs.read(self.work, repair.id)

    async def _answer(self, quote: Quote, *, approved: bool) -> None:
        await quotes.decide(
            self.work,
            quote.id,
            approved=approved,
            version=quote.version,
            actor="Counter",
            reason=self.random.choice(_DECLINED),
        )

    def _quote(self, repair: Repair) -> QuoteWish:
        service = self.catalogue[repair.type]
        price = self._price(service)
        part = price.times(Decimal("0.6")) if service.part_quality else Money.nothing(EUR)
        lines = [self._line(service, "labour", service.name, price - part)]
        if part:
            part_name = f"{service.name}: part ({service.part_quality})"
            lines.insert(0, self._line(service, "part", part_name, part))
        return QuoteWish(
            repair.id,
            EUR,
            tuple(lines),
            "Bench",
            valid_until=self.work.now + timedelta(days=60),
            terms="No data, no fee." if service.no_data_no_fee else "",
        )

    def _price(self, service: ServiceItem) -> Money:
        low, high = service.price_from, service.price_to
        if low is None or high is None:
            return Money.of(59, EUR)
        steps = int((high.amount - low.amount) / 10)
        return Money.of(low.amount + 10 * self.random.randint(0, steps), EUR)

    def _line(self, service: ServiceItem, kind: str, description: str, price: Money) -> LineWish:
        return LineWish(
            "part" if kind == "part" else "labour",
            description,
            price,
            service_code=service.code,
            tax_rate=TAX_RATE,
            part_quality=service.part_quality if kind == "part" else "",
            warranty_months=service.warranty_months,
        )

    def _note(self, to: RepairStatus) -> str:
        return {
            "awaiting_parts": "Part ordered, two to four days",
            "testing": "Works, one night of tests",
            "ready": "All tests passed",
            "unrepairable": "Board is corroded through, costs more than the device",
            "cancelled": "Customer did not come",
        }.get(to, "")

    async def _make_appointment(self, repair: Repair) -> None:
        starts = (self.end + timedelta(days=self.random.randint(1, 3))).replace(
            hour=self.random.randint(9, 16),
            minute=self.random.choice((0, 30)),
            second=0,
            microsecond=0,
        )
        wish = AppointmentWish(
            repair.customer_id,
            "drop_off" if repair.status == "booked" else "pick_up",
            starts,
            starts + timedelta(minutes=30),
            status=self.random.choice(("requested", "confirmed")),
            repair_id=repair.id,
            location_id=repair.location_id,
            source="chatwoot",
        )
        await appointments.book(self.work, wish)
