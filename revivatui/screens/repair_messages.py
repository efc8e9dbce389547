"""What may be told to a customer: one message a state, and facts to put into a reply.

They are put into the composer, where an agent reads them; nothing in here sends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from revivatui.crm import told, workflow
from revivatui.screens import repair_words as say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from revivatui.crm.records import ServiceItem
    from revivatui.crm.records_repairs import Quote
    from revivatui.crm.views import RepairRow
    from revivatui.screens.picture import Picture


class Fact(NamedTuple):
    """Something to put into a reply: what it is, and the words."""

    label: str
    text: str


def status_message(row: RepairRow, to: str, language: str) -> str:
    """What a customer may be told of a repair's new state; "" where there is nothing to tell."""
    said = told.status_words(to, language).format(device=row.device.label, number=row.repair.number)
    return f"{_hello(row.customer_name, language)}{said}" if said else ""


def quote_message(
    quote: Quote, row: RepairRow, language: str, now: float, tz: tzinfo | None
) -> str:
    code = told.language_of(language)
    until = ""
    if quote.valid_until is not None:
        until = told.UNTIL[code].format(day=say.day(quote.valid_until, now, tz))
    said = told.QUOTE[code].format(
        device=row.device.label,
        number=row.repair.number,
        total=say.money(quote.total_cost),
        until=until,
    )
    return f"{_hello(row.customer_name, language)}{said}"


def _hello(name: str, language: str) -> str:
    first = f" {name.split()[0]}" if name.split() else ""
    return f"{told.HELLO[told.language_of(language)]}{first}, "


def facts(picture: Picture, now: float, tz: tzinfo | None) -> Iterator[Fact]:
    """What the CRM knows that a customer may know too: never a note, never another's device."""
    if picture.context is None:
        return
    for row in picture.active:
        yield from _repair_facts(row, now, tz)
    for quote, row in picture.quotes:
        if quote.status != "draft":
            total = say.money(quote.total_cost)
            text = f"Quote {quote.number} for your {row.device.label}: {total}"
            yield Fact(f"quote {quote.number}", text)
    for one in picture.context.invoices_due:
        yield Fact(f"invoice {one.number}", f"Invoice {one.number}: {say.money(one.total)} due")
    for visit in picture.context.appointments:
        said = say.visit_words(visit, now, tz).rsplit(" ", 2)[0]
        yield Fact("visit", f"Your appointment: {said}")
    labels = {one.id: one.label for one in picture.context.devices}
    for warranty in picture.context.warranties:
        device = labels.get(warranty.device_id, "device")
        until = say.day(_noon(warranty.ends_on), now, tz)
        yield Fact("warranty", f"The warranty on your {device} holds until {until}")


def _repair_facts(row: RepairRow, now: float, tz: tzinfo | None) -> Iterator[Fact]:
    repair, device = row.repair, row.device.label
    yield Fact(f"{repair.number} device", f"{device} ({repair.number})")
    status = workflow.customer_words(repair.status, repair.status_words)
    yield Fact(f"{repair.number} status", f"Your {device} ({repair.number}): {status}")
    if repair.promised_at is not None and not row.overdue:
        day = say.day(repair.promised_at, now, tz)
        yield Fact(f"{repair.number} promised", f"Your {device} is promised for {day}")


def _noon(day: object) -> float:
    from datetime import UTC, date, datetime

    assert isinstance(day, date)
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()


def service_text(item: ServiceItem, language: str = "en") -> str:
    """A service of the catalogue as a reply names it: an estimate, never a promise."""
    parts = [f"{item.name}: {say.price_words(item)}", *say.duration_parts(item)]
    if item.warranty_months:
        parts.append(say.warranty_words(item))
    text = ", ".join(parts)
    if item.no_data_no_fee:
        text += " (no data, no fee)"
    if item.requires_diagnosis:
        text += f"; {told.AFTER_DIAGNOSIS[told.language_of(language)]}"
    return text + "."
