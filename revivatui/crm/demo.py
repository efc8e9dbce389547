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

from revivatui.crm.demo_affairs import DemoAffair
from revivatui.crm.demo_catalogue import FAULTS, HOURS, TAX_RATE, TIERS, services
from revivatui.crm.demo_models import EUR
from revivatui.crm.demo_plan import Case, Planner, way_of
from revivatui.crm.devices import brand_of, category_of, imei_with_check_digit
from revivatui.crm.ids import Ids
from revivatui.crm.money import Money
from revivatui.crm.records import Customer, Device, Location, ServiceItem, Technician
from revivatui.crm.records_repairs import Quote, Repair
from revivatui.crm.records_tickets import ConversationKey
from revivatui.crm.store import (
    Store,
    Work,
    appointments,
    chats,
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
    LinkWish,
    Move,
    QuoteWish,
    TicketWish,
)
from revivatui.crm.workflow import RepairStatus
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
_SUNDAY: Final = 6
_UNSTARTED: Final = ("booked", "received", "diagnosing", "awaiting_approval")
"""Of these nobody was promised a day that is past."""
_DECLINED: Final = ("Too dear", "Bought a new one", "Wants to wait")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A customer of the demo, as the chat knows them."""

    name: str
    email: str = ""
    phone: str = ""
    language: str = "en"
    company_name: str = ""
    external: ExternalKey | None = None
    affairs: tuple[DemoAffair, ...] = ()


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
        self.from_chats: set[str] = set()

    async def fill(self, people: Sequence[DemoPerson], staff: Sequence[str]) -> None:
        await self._make_house(staff)
        known = [await self._make_customer(one) for one in people]
        devices = [
            await self._make_devices(one, person.affairs)
            for one, person in zip(known, people, strict=True)
        ]
        models = [[one.model for one in theirs] for theirs in devices]
        planned = Planner(self.random, self.end).cases(models, [one.affairs for one in people])
        before: dict[str, Repair] = {}
        for case in planned:
            device = devices[case.customer][case.device]
            repair = await self._tell(case, known[case.customer], device, before.get(device.id))
            before[device.id] = repair
        self.work.now = self.end
        if any(one.affairs for one in people):
            await self._merge_a_double_of(known[-1])
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

    async def _merge_a_double_of(self, customer: Customer) -> None:
        """Somebody who was written down at the counter once more, under the same name."""
        double = await customers.upsert(
            self.work,
            CustomerWish(name=customer.name, notes="Came without the receipt", source="walk_in"),
        )
        await customers.merge(self.work, double.id, customer.id)

    async def _make_devices(
        self, customer: Customer, affairs: Sequence[DemoAffair]
    ) -> list[Device]:
        models = list(dict.fromkeys(one.model for one in affairs))
        if not models:
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

    async def _tell(
        self, case: Case, customer: Customer, device: Device, before: Repair | None
    ) -> Repair:
        claim_of = self._claim_of(case, before)
        way = way_of(case, is_claim=claim_of is not None)
        moments = self._moments(case, len(way))
        self.work.now = moments[0]
        repair = await self._take_in(case, customer, device, way[0], claim_of)
        for to, moment in zip(way[1:], moments[1:], strict=True):
            self.work.now = moment
            repair = await self._step(repair, to, case.affair)
        if case.affair is not None:
            self.from_chats.add(repair.id)
        if case.goal in ("booked", "ready"):
            await self._make_appointment(repair, case.affair.visit if case.affair else None)
        return repair

    def _claim_of(self, case: Case, before: Repair | None) -> str | None:
        """The repair that a claim is about: one that was collected before, or none."""
        is_told = case.affair is not None or case.goal == "completed"
        if not case.under_warranty or not is_told or before is None:
            return None
        collected = before.collected_at
        return before.id if collected is not None and collected < case.starts else None

    def _moments(self, case: Case, count: int) -> list[datetime]:
        length = (case.ends - case.starts).total_seconds()
        shares = sorted(self.random.random() for _ in range(count - 1))
        return [
            case.starts,
            *((case.starts + timedelta(seconds=int(one * length))) for one in shares),
        ]

    async def _take_in(
        self,
        case: Case,
        customer: Customer,
        device: Device,
        first: RepairStatus,
        claim_of: str | None,
    ) -> Repair:
        affair = case.affair
        code, fault = self.random.choice(FAULTS.get(device.category, FAULTS["laptop"]))
        if affair is not None and affair.fault:
            code, fault = affair.service, affair.fault
        shop = self.shops[0] if self.random.random() < 0.7 else self.shops[1]
        days = self.catalogue[code].turnaround_days or 1
        is_open = affair is not None and case.goal in _UNSTARTED
        promised = ((self.end if is_open else self.work.now) + timedelta(days=days)).replace(
            hour=17, minute=0, second=0, microsecond=0
        )
        if is_open and promised.weekday() == _SUNDAY:
            promised += timedelta(days=1)
        if affair is not None and affair.promised is not None:
            promised = affair.promised
        ticket_id = None
        if affair is not None and affair.chat is not None:
            ticket_id = await self._make_ticket_of(affair, affair.chat, fault, customer, shop)
        elif case.goal not in ("completed", "cancelled") and self.random.random() < 0.5:
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

    async def _make_ticket_of(
        self,
        affair: DemoAffair,
        chat: ConversationKey,
        fault: str,
        customer: Customer,
        shop: Location,
    ) -> str:
        """The ticket of a conversation, which the bridge goes on with."""
        ticket = await tickets.create(
            self.work,
            TicketWish(
                customer.id,
                affair.title(fault),
                source="chatwoot",
                location_id=shop.id,
                metadata={"chatwoot_conversation_id": chat.chatwoot_id},
            ),
        )
        await chats.link(
            self.work,
            LinkWish(
                chat,
                linked_by="Counter",
                ticket_id=ticket.id,
                # The customer is left to the bridge, which then tells the chat what is known.
                inbox_id=affair.inbox_id,
                contact_id=affair.contact_id,
                status=affair.chat_status,
            ),
        )
        return ticket.id

    async def _step(self, repair: Repair, to: RepairStatus, affair: DemoAffair | None) -> Repair:
        if to == "awaiting_approval":
            told = affair.told if affair is not None else None
            quote = await quotes.create(self.work, self._quote(repair, told))
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

    def _quote(self, repair: Repair, told: tuple[int, int] | None) -> QuoteWish:
        service = self.catalogue[repair.type]
        price = self._within(*told) if told else self._price(service)
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
        return self._within(int(low.amount), int(high.amount))

    def _within(self, low: int, high: int) -> Money:
        return Money.of(low + 10 * self.random.randint(0, (high - low) // 10), EUR)

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

    async def _make_appointment(self, repair: Repair, told: datetime | None) -> None:
        drawn = (self.end + timedelta(days=self.random.randint(1, 3))).replace(
            hour=self.random.randint(9, 16),
            minute=self.random.choice((0, 30)),
            second=0,
            microsecond=0,
        )
        starts = told if told is not None and told > self.end else drawn
        if repair.id in self.from_chats and starts.weekday() == _SUNDAY:
            starts += timedelta(days=1)
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
