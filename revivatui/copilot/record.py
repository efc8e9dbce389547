"""The typed record of one customer, made from what the CRM answered and what the shop says.

Facts are chosen one by one: what is not named here is not known to the copilot. Passcodes, cost
prices, notes of the bench and of the counter, and whoever repairs are not among them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from revivatui.copilot import spellings
from revivatui.copilot.facts import Fact, Record
from revivatui.copilot.record_shop import months_fact, shop_facts
from revivatui.copilot.status_words import (
    LINE_WORDS,
    QUOTE_WORDS,
    VISIT_WORDS,
    WARRANTY_WORDS,
    status_spellings,
    status_words,
)
from revivatui.crm.told import language_of
from revivatui.crm.workflow import is_unclaimed
from revivatui.state.records import dataclass
from revivatui.text.safe import safe_line

if TYPE_CHECKING:
    from revivatui.copilot.shop_profile import ShopProfile
    from revivatui.crm.money import Money
    from revivatui.crm.records import Customer, Device, Location
    from revivatui.crm.records_repairs import Appointment, Quote, Repair, Warranty
    from revivatui.crm.views import Context, InvoiceDue, RepairFile, RepairRow

MOST_PAST: Final = 5
"""Repairs that are over and may still be spoken of."""
LATELY: Final = timedelta(days=60)
"""How long ago a device was collected that somebody may still ask for as if it were here."""
_LONGEST: Final = 400
_TITLES: Final = frozenset(
    re.findall(r"\w+", "mr mrs ms miss mx dr prof sir madam sr sra srta dra dom dona eng")
)
_UNDER_WARRANTY: Final = {"en": "under warranty", "pt": "ao abrigo da garantia"}
THIS_CHAT: Final = "chat/repair"
"""The fact that says which repair the conversation is about, where that is known."""


def record_of(
    context: Context | None,
    files: Sequence[RepairFile],
    shop: ShopProfile,
    *,
    language: str,
    now: datetime,
    tz: tzinfo | None,
    ticket_id: str | None = None,
    locations: Sequence[Location] = (),
) -> Record:
    """What is known of a customer; without a context (no CRM, or a stranger), of the shop alone.

    Args:
        context: What the CRM answered for the conversation's customer.
        files: Their repairs with quotes and history, as far as they were read.
        shop: What the settings say of the shop.
        language: That of the customer: "pt", or English.
        now: The present moment.
        tz: The time zone in which days and times are told; None: that of the shop where the
            repair is, else of this machine.
        ticket_id: The ticket that somebody bound the conversation to.
        locations: The shops of the chain, as the CRM knows them.
    """
    repair = _this_repair(context, ticket_id)
    place = _place_of(repair.repair if repair else None, locations)
    scene = _Scene(shop.language_for(language_of(language)), now, tz or _zone(place))
    facts: list[Fact] = []
    if context is not None:
        facts += _customer_facts(context, scene, repair, files)
    facts += shop_facts(shop.at(place), scene.language, scene.today)
    if repair is None:
        facts += _other_places(place, locations)
    tidy = tuple(_tidied(facts))
    return Record(tidy, _version(tidy))


def _this_repair(context: Context | None, ticket_id: str | None) -> RepairRow | None:
    """The repair of the conversation's ticket, else the only one that is under way; never a guess
    among several."""
    active = context.active if context is not None else ()
    if ticket_id:
        bound = [one for one in active if one.repair.ticket_id == ticket_id]
        if len(bound) == 1:
            return bound[0]
    return active[0] if len(active) == 1 else None


def _place_of(repair: Repair | None, locations: Sequence[Location]) -> Location | None:
    open_ones = [one for one in locations if one.active]
    if repair is not None:
        for one in locations:
            if one.id == repair.location_id:
                return one
    return open_ones[0] if open_ones else None


def _other_places(place: Location | None, locations: Sequence[Location]) -> Iterator[Fact]:
    """The other shops of the chain, for whoever has no repair at one of them."""
    others = [one for one in locations if one.active and one is not place and one.address]
    words = "; ".join(f"{one.name}, {one.address}" for one in others)
    also = tuple(one.address for one in others)
    yield Fact("shop/also_at", "address", "other shops", words, also)


def _zone(place: Location | None) -> tzinfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(place.timezone) if place is not None and place.timezone else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class _Scene:
    """In which language, when and where things are told."""

    language: str
    now: datetime
    tz: tzinfo | None

    @property
    def today(self) -> date:
        return self.local(self.now).date()

    def local(self, moment: datetime) -> datetime:
        aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
        return aware.astimezone(self.tz)

    def day(self, fact_id: str, label: str, day: date) -> Fact:
        words = spellings.day_words(day, self.today, self.language)
        return Fact(fact_id, "date", label, words, spellings.day_spellings(day, self.today))

    def day_of(self, fact_id: str, label: str, moment: datetime) -> Fact:
        return self.day(fact_id, label, self.local(moment).date())

    def time_of(self, fact_id: str, label: str, moment: datetime) -> Fact:
        local = self.local(moment)
        minutes = local.hour * 60 + local.minute
        words = spellings.clock_words(minutes, self.language)
        return Fact(fact_id, "time", label, words, spellings.clock_spellings(minutes))


def _customer_facts(
    context: Context,
    scene: _Scene,
    chosen: RepairRow | None,
    files: Sequence[RepairFile],
) -> Iterator[Fact]:
    yield from _person_facts(context.customer)
    if chosen is not None:
        yield Fact(THIS_CHAT, "number", "repair of this chat", chosen.repair.number, private=True)
    for row in context.active:
        yield from _repair_facts(row, scene, _file_of(row, files), is_active=True)
    active = {one.repair.id for one in context.active}
    past = [one for one in context.recent if one.repair.id not in active]
    for row in past[:MOST_PAST]:
        yield from _repair_facts(row, scene, _file_of(row, files), is_active=False)
    yield from _quotes_facts(context, files, scene)
    numbers = {one.repair.id: one.repair.number for one in (*context.active, *context.recent)}
    for visit in context.appointments:
        yield from _visit_facts(visit, scene, numbers)
    labels = {one.id: one.label for one in context.devices}
    yield from _warranties_facts(context.warranties, scene, numbers, labels)
    for invoice in context.invoices_due:
        yield from _invoice_facts(invoice, scene)
    for device in context.devices:
        yield from _device_facts(device)
    for ticket in context.open_tickets:
        yield _number_fact(_ident("T", ticket.number), "ticket", ticket.number)


def _file_of(row: RepairRow, files: Iterable[RepairFile]) -> RepairFile | None:
    return next((one for one in files if one.row.repair.id == row.repair.id), None)


def _person_facts(customer: Customer) -> Iterator[Fact]:
    yield Fact("customer/name", "name", "name", customer.name)
    first = first_name(customer.name)
    yield Fact("customer/first_name", "name", "first name", first)
    yield Fact("customer/email", "email", "e-mail", customer.email)
    yield Fact("customer/phone", "phone", "phone", customer.phone)
    yield Fact("customer/company", "name", "company", customer.company_name)
    if customer.loyalty_tier not in ("", "none"):
        yield Fact("customer/tier", "tier", "loyalty tier", customer.loyalty_tier)


def first_name(name: str) -> str:
    """The name to greet somebody by; "" for what is no person's name ("bold-sun-123")."""
    words = [one for one in name.split() if one.strip(".").casefold() not in _TITLES]
    word = words[0] if words else ""
    letters = word.replace("-", "").replace("'", "").replace("’", "")
    is_name = letters.isalpha() and 2 <= len(word) <= 24 and not word.islower()
    return word if is_name or (letters.isalpha() and not letters.isascii()) else ""


def _ident(prefix: str, number: str) -> str:
    """What a record's facts begin with. Vendors number repairs and quotes alike: "R-88", "Q-88"."""
    return number if number.upper().startswith(f"{prefix}-") else f"{prefix}-{number}"


def _number_fact(subject: str, label: str, number: str) -> Fact:
    bare = number.split("-", 1)[-1]
    also = (bare, f"#{bare}", f"#{number}", number.replace("-", ""))
    return Fact(f"{subject}/number", "number", label, number, also)


# --- repairs ------------------------------------------------------------------------------------


def _repair_facts(
    row: RepairRow, scene: _Scene, file: RepairFile | None, *, is_active: bool
) -> Iterator[Fact]:
    repair, subject = row.repair, _ident("R", row.repair.number)
    yield _number_fact(subject, "repair", repair.number)
    yield _device_fact(f"{subject}/device", row.device)
    yield Fact(f"{subject}/state", "status", "state", repair.status, private=True)
    words = status_words(repair.status, scene.language, repair.status_words)
    also = status_spellings(repair.status, repair.status_words)
    yield Fact(f"{subject}/status", "status", "status", words, also)
    over = "lately" if _is_lately(repair.collected_at, scene.now) else ""
    yield Fact(f"{subject}/active", "text", "under way", "yes" if is_active else over, private=True)
    yield Fact(f"{subject}/fault", "text", "fault", repair.fault)
    if repair.is_warranty:
        yield Fact(f"{subject}/claim", "warranty", "warranty", _UNDER_WARRANTY[scene.language])
    if is_unclaimed(repair.status, repair.ready_at, repair.updated_at, scene.now):
        yield scene.day_of(f"{subject}/waiting", "waiting since", _ready_since(repair))
    if repair.promised_at is not None and is_active:
        yield scene.day_of(f"{subject}/promised", "promised", repair.promised_at)
        yield scene.time_of(f"{subject}/promised_time", "promised for", repair.promised_at)
    if row.overdue:
        yield Fact(f"{subject}/overdue", "text", "overdue", "yes", private=True)
    for name, label, moment in (
        ("received", "checked in", repair.received_at),
        ("ready", "ready since", repair.ready_at),
        ("collected", "collected", repair.collected_at),
    ):
        if moment is not None:
            yield scene.day_of(f"{subject}/{name}", label, moment)
    told = [one for one in file.events if one.public and one.note] if file is not None else []
    if told:
        yield Fact(f"{subject}/note", "text", "told of it", told[-1].note)


def _ready_since(repair: Repair) -> datetime:
    return repair.ready_at or repair.updated_at


def _is_lately(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and now - moment < LATELY


def _device_fact(fact_id: str, device: Device) -> Fact:
    also = (device.model, f"{device.brand} {device.model}", device.model_identifier)
    return Fact(fact_id, "device", "device", device.label, also)


def _device_facts(device: Device) -> Iterator[Fact]:
    subject = f"D-{_tail(device.id)}"
    yield _device_fact(f"{subject}/device", device)
    yield Fact(f"{subject}/colour", "text", "colour", device.colour)
    yield Fact(f"{subject}/storage", "text", "storage", device.storage)
    yield Fact(f"{subject}/serial", "number", "serial number", device.serial, private=True)
    yield Fact(f"{subject}/imei", "number", "IMEI", device.imei, private=True)


def _tail(record_id: str) -> str:
    """A short part of an id: its end, where it is drawn by chance."""
    return record_id.replace("-", "")[-6:]


# --- quotes -------------------------------------------------------------------------------------


def _quotes_facts(context: Context, files: Sequence[RepairFile], scene: _Scene) -> Iterator[Fact]:
    """Each quote that was sent, once, with its lines where they were read; a draft is nobody's
    business yet."""
    seen = set()
    for file in files:
        for quote in file.quotes:
            if quote.status not in ("draft", "superseded"):
                seen.add(quote.id)
                yield from _quote_facts(quote, file.row.repair.number, file.row.device, scene)
    for pending in context.pending_quotes:
        if pending.quote.id not in seen:
            quote = pending.quote
            yield from _quote_facts(quote, pending.repair_number, pending.device, scene)


def _quote_facts(quote: Quote, repair_number: str, device: Device, scene: _Scene) -> Iterator[Fact]:
    subject = _ident("Q", quote.number)
    state = _quote_state(quote, scene.now)
    yield _number_fact(subject, "quote", quote.number)
    yield Fact(f"{subject}/repair", "number", "of repair", repair_number)
    yield _device_fact(f"{subject}/device", device)
    yield Fact(f"{subject}/state", "status", "state", state, private=True)
    yield Fact(
        f"{subject}/status", "status", "status", QUOTE_WORDS[scene.language].get(state, state)
    )
    yield _money_fact(f"{subject}/total", "total", quote.total_cost, scene)
    if quote.valid_until is not None:
        yield scene.day_of(f"{subject}/valid", "valid until", quote.valid_until)
    for line in quote.line_items:
        label = line.description or LINE_WORDS[scene.language].get(line.kind, line.kind)
        yield _money_fact(f"{subject}/line/{line.position + 1}", label, line.line_total, scene)
    yield Fact(f"{subject}/terms", "text", "terms", quote.terms)
    if quote.discount_total:
        yield _money_fact(f"{subject}/discount", "discount", quote.discount_total, scene)


def _quote_state(quote: Quote, now: datetime) -> str:
    """A quote that waits beyond its day has expired, whether or not somebody marked it so."""
    if quote.status == "pending":
        over = quote.valid_until is not None and quote.valid_until < now
        return "expired" if over else "pending"
    return quote.status


def _money_fact(fact_id: str, label: str, money: Money, scene: _Scene) -> Fact:
    words = spellings.money_words(money, scene.language)
    return Fact(fact_id, "money", label, words, spellings.money_spellings(money))


# --- visits, warranties, invoices ---------------------------------------------------------------


def _visit_facts(visit: Appointment, scene: _Scene, numbers: dict[str, str]) -> Iterator[Fact]:
    subject = f"A-{_tail(visit.id)}"
    if visit.ends_at < scene.now or visit.status in ("cancelled", "no_show", "done"):
        return
    words = VISIT_WORDS[scene.language].get(visit.kind, visit.kind)
    yield Fact(f"{subject}/kind", "text", "appointment", words)
    yield Fact(f"{subject}/state", "status", "state", visit.status, private=True)
    yield scene.day_of(f"{subject}/day", "day", visit.starts_at)
    yield scene.time_of(f"{subject}/time", "time", visit.starts_at)
    yield Fact(f"{subject}/repair", "number", "for repair", numbers.get(visit.repair_id or "", ""))


def _warranties_facts(
    warranties: Iterable[Warranty], scene: _Scene, numbers: dict[str, str], labels: dict[str, str]
) -> Iterator[Fact]:
    """What holds still; parts and labour of one repair that end together are one."""
    together: dict[tuple[str, date], list[Warranty]] = {}
    for one in warranties:
        if one.holds_on(scene.today):
            together.setdefault((one.repair_id, one.ends_on), []).append(one)
    repairs: set[str] = set()
    for (repair_id, _), those in together.items():
        number = numbers.get(repair_id, "")
        subject = f"W-{number.removeprefix('R-') or _tail(those[0].id)}"
        if repair_id in repairs:
            subject += f"-{those[0].kind}"
        repairs.add(repair_id)
        yield from _warranty_facts(subject, those, scene, number, labels)


def _warranty_facts(
    subject: str, those: Sequence[Warranty], scene: _Scene, number: str, labels: dict[str, str]
) -> Iterator[Fact]:
    words = WARRANTY_WORDS[scene.language]
    kinds = list(dict.fromkeys(words.get(one.kind, one.kind) for one in those))
    joint = " e " if scene.language == "pt" else " and "
    yield Fact(f"{subject}/kind", "warranty", "warranty", joint.join(kinds), tuple(kinds))
    yield Fact(f"{subject}/device", "device", "device", labels.get(those[0].device_id, ""))
    yield Fact(f"{subject}/repair", "number", "from repair", number)
    yield scene.day(f"{subject}/until", "holds until", those[0].ends_on)
    yield months_fact(f"{subject}/months", "length", those[0].months, scene.language)


def _invoice_facts(invoice: InvoiceDue, scene: _Scene) -> Iterator[Fact]:
    subject = _ident("I", invoice.number)
    yield _number_fact(subject, "invoice", invoice.number)
    yield _money_fact(f"{subject}/total", "to pay", invoice.total, scene)
    if invoice.due_on is not None:
        yield scene.day(f"{subject}/due", "due on", invoice.due_on)


# --- the whole ----------------------------------------------------------------------------------


def _tidied(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Facts that say something, each once, in one line, with nothing that the server would run."""
    seen = set()
    for one in facts:
        value = plain(one.value)
        if value and one.id not in seen:
            seen.add(one.id)
            also = tuple(dict.fromkeys(plain(text) for text in one.also if plain(text)))
            label = plain(one.label)
            yield replace(one, value=value, label=label, also=tuple(t for t in also if t != value))


def plain(text: str) -> str:
    """One line; `{{ }}` in it is not the server's to fill (a customer may be called so)."""
    line = " ".join(safe_line(text).split())[:_LONGEST]
    return line.replace("{{", "{ {").replace("{%", "{ %")


def _version(facts: Iterable[Fact]) -> str:
    said = "\n".join(f"{one.id}\t{one.value}\t{one.private}" for one in facts)
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
