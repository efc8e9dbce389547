"""What may be told to a customer: one message a state, and facts to put into a reply.

They are put into the composer, where an agent reads them; nothing in here sends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.crm import workflow
from revivatui.screens import repair_words as say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from revivatui.crm.records import ServiceItem
    from revivatui.crm.records_repairs import Quote
    from revivatui.crm.views import RepairRow
    from revivatui.screens.picture import Picture

_ENGLISH: Final = {
    "received": "we have checked in your {device} ({number}). The diagnosis comes next.",
    "diagnosing": "we are looking at your {device} ({number}) now and tell you what we find.",
    "awaiting_approval": "the diagnosis of your {device} ({number}) is done. You get a quote;"
    " we begin when you say yes.",
    "awaiting_parts": "the part for your {device} ({number}) is on order. We write when it is"
    " here.",
    "in_repair": "your {device} ({number}) is being repaired now.",
    "testing": "your {device} ({number}) is repaired and goes through its final tests.",
    "ready": "your {device} ({number}) is ready. You can collect it during our opening hours.",
    "ready_unrepaired": "your {device} ({number}) is ready to be collected. It was not repaired.",
    "unrepairable": "we are sorry: your {device} ({number}) cannot be repaired. We explain what"
    " we found, and what can be done instead.",
    "cancelled": "the repair of your {device} ({number}) is cancelled, as agreed.",
}
_PORTUGUESE: Final = {
    "received": "o seu {device} ({number}) deu entrada. Segue-se o diagnóstico.",
    "diagnosing": "estamos a ver o seu {device} ({number}) e dizemos-lhe o que encontrarmos.",
    "awaiting_approval": "o diagnóstico do seu {device} ({number}) está feito. Recebe um"
    " orçamento; começamos quando nos disser que sim.",
    "awaiting_parts": "a peça para o seu {device} ({number}) está encomendada. Avisamos quando"
    " chegar.",
    "in_repair": "o seu {device} ({number}) está a ser reparado.",
    "testing": "o seu {device} ({number}) está reparado e em testes finais.",
    "ready": "o seu {device} ({number}) está pronto. Pode levantá-lo no nosso horário.",
    "ready_unrepaired": "o seu {device} ({number}) pode ser levantado. Não foi reparado.",
    "unrepairable": "lamentamos: o seu {device} ({number}) não tem reparação. Explicamos o que"
    " encontrámos e o que se pode fazer.",
    "cancelled": "a reparação do seu {device} ({number}) foi cancelada, como combinado.",
}
_QUOTE: Final = {
    "en": "the quote for your {device} ({number}) is {total} in all{until}. Shall we begin?",
    "pt": "o orçamento para o seu {device} ({number}) é de {total} no total{until}. Podemos"
    " começar?",
}
_UNTIL: Final = {"en": ", valid until {day}", "pt": ", válido até {day}"}


class Fact(NamedTuple):
    """Something to put into a reply: what it is, and the words."""

    label: str
    text: str


def is_portuguese(language: str) -> bool:
    return language.lower().partition("-")[0] == "pt"


def status_message(row: RepairRow, to: str, language: str) -> str:
    """What a customer may be told of a repair's new state; "" where there is nothing to tell."""
    known = _PORTUGUESE if is_portuguese(language) else _ENGLISH
    text = known.get(to, "")
    said = text.format(device=row.device.label, number=row.repair.number)
    return f"{_hello(row.customer_name, language)}{said}" if said else ""


def quote_message(
    quote: Quote, row: RepairRow, language: str, now: float, tz: tzinfo | None
) -> str:
    code = "pt" if is_portuguese(language) else "en"
    until = ""
    if quote.valid_until is not None:
        until = _UNTIL[code].format(day=say.day(quote.valid_until, now, tz))
    said = _QUOTE[code].format(
        device=row.device.label,
        number=row.repair.number,
        total=say.money(quote.total_cost),
        until=until,
    )
    return f"{_hello(row.customer_name, language)}{said}"


def _hello(name: str, language: str) -> str:
    first = name.split()[0] if name.split() else ""
    return f"{'Olá' if is_portuguese(language) else 'Hello'} {first}, ".replace(" , ", ", ")


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
    told = [f"{item.name}: {say.price_words(item)}"]
    if item.duration_min or item.turnaround_days is not None:
        told.append(say.duration_words(item).replace(" · ", ", "))
    if item.warranty_months:
        told.append(say.warranty_words(item))
    text = ", ".join(told)
    if item.no_data_no_fee:
        text += " (no data, no fee)"
    if item.requires_diagnosis:
        after = "orçamento final após diagnóstico" if is_portuguese(language) else (
            "the final quote follows the diagnosis")  # fmt: skip
        text += f"; {after}"
    return text + "."
