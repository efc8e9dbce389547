"""Repairs, quotes, visits and services in words, for the pane, the screens and the reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.crm import workflow
from revivatui.text.when import DAYS, MONTHS, day_of, stamp
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from datetime import date, datetime, tzinfo

    from revivatui.crm.money import Money
    from revivatui.crm.records import ServiceItem
    from revivatui.crm.records_repairs import Appointment, Quote, Repair
    from revivatui.crm.workflow import RepairStatus

NEXT_STEPS: Final[dict[str, str]] = {
    "booked": "it comes to the counter",
    "received": "the diagnosis",
    "diagnosing": "a quote, or the repair",
    "awaiting_approval": "the customer's answer",
    "approved": "order parts, or begin",
    "awaiting_parts": "the part arrives",
    "in_repair": "the quality check",
    "testing": "ready for collection",
    "ready": "the customer collects it",
    "ready_unrepaired": "the customer collects it",
    "unrepairable": "tell the customer",
}
STATUS_STYLES: Final[dict[str, str]] = {
    "awaiting_approval": "warning",
    "awaiting_parts": "warning",
    "ready": "success",
    "ready_unrepaired": "warning",
    "unrepairable": "error",
    "cancelled": "muted",
    "completed": "muted",
}
QUOTE_WORDS: Final[dict[str, str]] = {"pending": "sent", "draft": "not sent"}
VISIT_WORDS: Final[dict[str, str]] = {
    "drop_off": "brings it",
    "pick_up": "collects it",
    "while_you_wait": "waits for it",
    "onsite": "at the customer's",
    "remote": "remotely",
    "phone": "by phone",
}
CATEGORY_WORDS: Final[dict[str, str]] = {
    "data_recovery": "Data recovery",
    "screen": "Screens",
    "battery": "Batteries",
    "board": "Boards",
    "storage": "Storage",
    "memory": "Memory",
    "keyboard": "Keyboards",
    "port": "Ports",
    "liquid": "Liquid damage",
    "software": "Software",
    "virus": "Viruses",
    "diagnostic": "Diagnosis",
    "setup": "Setting up",
    "onsite": "At the customer's",
}


def mark_of(status: RepairStatus) -> str:
    """A glyph beside the words of a state."""
    if status in ("ready", "completed"):
        return symbols.current
    if status in ("cancelled", "unrepairable", "ready_unrepaired"):
        return symbols.failed
    if status in ("awaiting_approval", "awaiting_parts"):
        return symbols.waiting
    return symbols.busy


def status_words(repair: Repair) -> str:
    return workflow.words(repair.status, repair.status_words)


def status_style(status: RepairStatus) -> str:
    return STATUS_STYLES.get(status, "")


def day(moment: datetime | float, now: float, tz: tzinfo | None) -> str:
    """A day as people say it, to come or gone: "Fri 27 Nov", "today", "3 Mar 2027"."""
    at = moment if isinstance(moment, float) else moment.timestamp()
    return date_words(day_of(at, tz), day_of(now, tz))


def date_words(one: date, today: date) -> str:
    if one == today:
        return "today"
    if abs((one - today).days) < 60:
        return f"{DAYS[one.weekday()][:3]} {one.day} {MONTHS[one.month - 1][:3]}"
    return f"{one.day} {MONTHS[one.month - 1][:3]} {one.year}"


def promise(repair: Repair, now: float, tz: tzinfo | None, *, overdue: bool) -> tuple[str, str]:
    """The promised date with whether it holds, and the style of that."""
    if repair.promised_at is None:
        return "no date promised", "muted"
    at = repair.promised_at.timestamp()
    when = day(repair.promised_at, now, tz)
    if overdue:
        return f"{symbols.failed} overdue since {when}", "error"
    if repair.status in workflow.NOT_LATE:
        return f"promised {when}", "muted"
    if day_of(at, tz) == day_of(now, tz):
        return f"promised {stamp(at, at, tz)} today", "warning"
    return f"promised {when} {symbols.dot} on time", ""


def quote_words(quote: Quote, *, expired: bool = False) -> str:
    if expired:
        return "expired"
    return QUOTE_WORDS.get(quote.status, quote.status)


def visit_words(visit: Appointment, now: float, tz: tzinfo | None) -> str:
    at = visit.starts_at.timestamp()
    when = f"{day(visit.starts_at, now, tz)} {stamp(at, at, tz)}"
    return f"{when} {VISIT_WORDS.get(visit.kind, visit.kind)}"


def price_words(item: ServiceItem) -> str:
    """ "from 49.00 EUR", "80.00 to 140.00 EUR", "free", "asked for"."""
    low, high = item.price_from, item.price_to
    if low is None and high is None:
        return "price on request"
    if low is None or high is None or low == high:
        only = low if low is not None else high
        assert only is not None
        words = money(only) if only else "free"
        return f"up to {words}" if low is None else words
    return f"{low.amount:f} to {money(high)}"


def money(amount: Money) -> str:
    return str(amount)


def warranty_words(item: ServiceItem) -> str:
    if not item.warranty_months:
        return "no warranty"
    return f"{item.warranty_months} months warranty"


def quoted(text: str) -> str:
    """A word of the shop's, set off."""
    return f"{symbols.says}{text}{symbols.said}"


def duration_words(item: ServiceItem) -> str:
    return f" {symbols.dot} ".join(duration_parts(item))


def duration_parts(item: ServiceItem) -> list[str]:
    """How long it takes on the bench, and until it is ready: "45 min", "3 days"."""
    told = []
    if item.duration_min:
        hours, minutes = divmod(item.duration_min, 60)
        told.append(f"{hours} h {minutes:02}" if hours else f"{minutes} min")
    if item.turnaround_days is not None:
        days = item.turnaround_days
        told.append("same day" if not days else f"{days} day{'s' if days > 1 else ''}")
    return told


def times_words(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
