"""Which texts answer what a customer asks, by what the record says of their repair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from revivatui.copilot.known import Known, named_in, names_a_model, names_another
from revivatui.copilot.templates.intents import Intent, names_a_time
from revivatui.crm import told
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.copilot.facts import Record
    from revivatui.copilot.known import Thing

ANSWERS: Final = 0.95
"""How well a text fits that answers the first thing asked; each further one a little less."""
ASKS_BACK: Final = 0.5
"""How well a question fits where somebody only says that something is broken."""
BY_ITSELF: Final = 0.4
"""How well a text fits that nobody asked for."""
_GREETING: Final = 5
"""Words up to which a first message of no meaning is a greeting."""
_NUMBER: Final = re.compile(r"(?<!\w)(?:[A-Z]{1,3}-|#)\d{3,}", re.IGNORECASE)
"""How numbers of repairs and cases look."""
_STATES: Final = frozenset({*told.ENGLISH, "booked", "approved", "completed"})
_BEFORE_QUOTE: Final = frozenset({"received", "diagnosing"})
_OF_THE_SHOP: Final[dict[Intent, tuple[str, ...]]] = {
    "liquid": ("first_aid.liquid",),
    "battery": ("first_aid.battery",),
    "hours": ("hours",),
    "address": ("address",),
    "recovery": ("recovery",),
    "days": ("days",),
    "diagnosis": ("diagnosis",),
}
_OF_A_REPAIR: Final[frozenset[Intent]] = frozenset({"status", "when", "collect", "lines"})


@dataclass(frozen=True, slots=True)
class Pick:
    """A text to be filled, and with what."""

    name: str
    asked: Intent | None = None
    fits: float = BY_ITSELF
    repair: Thing | None = None
    quote: Thing | None = None
    visit: Thing | None = None
    warranty: Thing | None = None
    bill: Thing | None = None
    device: Thing | None = None
    several: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, and what is known to answer it with."""

    text: str
    intents: tuple[Intent, ...]
    guessed: frozenset[Intent]
    """Those that no word of ours told: an answer to them is less sure."""
    known: Known
    record: Record
    meant: tuple[Thing, ...]
    """The repairs that it may be about."""
    is_first: bool
    """The shop has said nothing yet."""

    @property
    def repair(self) -> Thing | None:
        return self.meant[0] if len(self.meant) == 1 else None


def picks(asked: Asked) -> Iterator[Pick]:
    """What answers, best first; then what may be of use though nobody asked."""
    fits = ANSWERS
    for intent in asked.intents:
        for pick in _answers(intent, asked):
            is_danger = intent == "battery"
            is_unsure = (intent in asked.guessed and not is_danger) or intent in ("fault", "help")
            well = ASKS_BACK if is_unsure else fits
            yield replace(pick, asked=intent, fits=well)
            fits = max(ASKS_BACK, fits - 0.1)
    yield from _by_itself(asked)


def _answers(intent: Intent, asked: Asked) -> Iterator[Pick]:
    if intent in ("days", "express") and asked.known.active:
        return  # theirs is asked about, and what is said of it answers that
    if intent in _OF_THE_SHOP:
        yield from (Pick(name) for name in _OF_THE_SHOP[intent])
    elif intent in _OF_A_REPAIR and len(asked.meant) > 1:
        yield Pick("several", several=asked.meant)
    elif intent in ("status", "when"):
        yield from _status(asked, intent)
    elif intent == "collect":
        yield from _collect(asked)
    elif intent in ("price", "lines", "approve", "decline"):
        yield from _quote(asked, intent)
    elif intent in ("visit", "move"):
        yield from _visit(asked, intent)
    elif intent == "warranty":
        yield from _warranty(asked)
    elif intent == "express":
        yield Pick("express" if has_all_for_an_estimate(asked) else "express.ask")
    elif intent == "pay":
        yield from _pay(asked)
    elif intent in ("fault", "help"):
        yield from _fault(asked)


# --- where a repair is ----------------------------------------------------------------------------


def _status(asked: Asked, intent: Intent | None) -> Iterator[Pick]:
    repair = asked.repair
    if repair is None:
        if "days" not in asked.intents:
            yield from _no_repair(asked)
        return
    state, quote = repair.value("state"), asked.known.quote_of(repair)
    if state == "awaiting_approval" and quote is not None:
        yield from _quote_now(quote, repair)
    elif is_late(repair):
        yield Pick("overdue", repair=repair)
    elif intent == "when" and _has_no_date(repair):
        yield Pick("no_date", repair=repair)
    else:
        yield _state(asked, repair)


def is_late(repair: Thing) -> bool:
    """Whether the promised day has passed by the shop's doing: a device that was not brought, or
    cannot be repaired, is not late."""
    state = repair.value("state")
    return bool(repair.value("overdue")) and state not in ("booked", "unrepairable")


def _has_no_date(repair: Thing) -> bool:
    over = ("ready", "ready_unrepaired", "completed", "cancelled", "unrepairable", "booked")
    return not repair.value("promised") and repair.value("state") not in over


def _state(asked: Asked, repair: Thing) -> Pick:
    state = repair.value("state")
    number = repair.value("number")
    warranty = next((one for one in asked.known.warranties if one.value("repair") == number), None)
    return Pick(
        f"state.{state}" if state in _STATES else "state.unknown",
        repair=repair,
        quote=asked.known.quote_of(repair),
        visit=asked.known.visit_of(repair),
        warranty=warranty,
        bill=next(iter(asked.known.bills), None) if state == "ready" else None,
    )


def _no_repair(asked: Asked) -> Iterator[Pick]:
    """Nothing is under way, or nobody knows: what was collected last, else the number is asked."""
    past = asked.known.repairs
    is_lately = bool(past) and past[0].value("active") == "lately" and not asked.known.active
    if is_lately and not names_another(asked.text, past[:1]):
        yield _state(asked, past[0])
    has_said = names_a_model(asked.text) or _NUMBER.search(asked.text)
    yield Pick("ask.name" if has_said else "ask.number")


def _collect(asked: Asked) -> Iterator[Pick]:
    repair = asked.repair
    if repair is None:
        yield from _no_repair(asked)
        return
    state = repair.value("state")
    if state in ("booked", "ready", "ready_unrepaired", "completed", "cancelled"):
        yield _state(asked, repair)
        visit = asked.known.visit_of(repair)
        if visit is not None and state != "completed":
            yield _visit_pick(visit)
    elif state == "awaiting_approval" or is_late(repair):
        yield from _status(asked, None)
    else:
        yield Pick("not_ready", repair=repair)


# --- quotes ---------------------------------------------------------------------------------------


def _quote(asked: Asked, intent: Intent) -> Iterator[Pick]:
    meant = [(repair, asked.known.quote_of(repair)) for repair in asked.meant]
    quoted = [(repair, quote) for repair, quote in meant if quote is not None]
    waiting = [(repair, quote) for repair, quote in quoted
               if quote.value("state") in ("pending", "expired")]  # fmt: skip
    fitting = waiting or quoted
    if len(fitting) > 1:
        yield Pick("several.quotes", several=tuple(quote for _, quote in fitting))
    elif len(fitting) == 1:
        repair, quote = fitting[0]
        yield from _of_quote(intent, repair, quote)
    elif intent == "price":
        yield from _price_without_quote(asked)


def _of_quote(intent: Intent, repair: Thing, quote: Thing) -> Iterator[Pick]:
    state = quote.value("state")
    if intent == "approve" and state in ("pending", "expired"):
        name = "approve" if state == "pending" else "approve.expired"
        yield Pick(name, repair=repair, quote=quote)
    elif intent == "decline" and state in ("pending", "expired"):
        yield Pick("decline", repair=repair, quote=quote)
    elif intent == "lines":
        yield Pick("quote.lines", repair=repair, quote=quote)
    elif intent == "price":
        yield from _quote_now(quote, repair)
        if state in ("pending", "approved"):
            yield Pick("quote.lines", repair=repair, quote=quote)


def _quote_now(quote: Thing, repair: Thing) -> Iterator[Pick]:
    state = quote.value("state")
    name = {"invoiced": "quote.approved"}.get(state) or f"quote.{state}"
    yield Pick(name, repair=repair, quote=quote)


def _price_without_quote(asked: Asked) -> Iterator[Pick]:
    repair = asked.repair
    if repair is not None and repair.value("active"):
        if repair.value("claim"):
            yield Pick("claim", repair=repair)
        elif repair.value("state") in _BEFORE_QUOTE:
            yield Pick("quote.coming", repair=repair)
        return
    yield from _missing(asked)


# --- visits, warranty, money ----------------------------------------------------------------------


def _visit(asked: Asked, intent: Intent) -> Iterator[Pick]:
    visit = asked.known.visit_of(asked.repair)
    if visit is not None:
        yield Pick("visit.move", visit=visit) if intent == "move" else _visit_pick(visit)
    elif asked.record.value("shop/appointments"):
        yield Pick("visit.noted" if names_a_time(asked.text) else "visit.offer")


def _visit_pick(visit: Thing) -> Pick:
    name = "visit.requested" if visit.value("state") == "requested" else "visit"
    return Pick(name, visit=visit)


def _warranty(asked: Asked) -> Iterator[Pick]:
    those = asked.known.warranties
    if names_another(asked.text, those):
        those = ()
    numbers = {one.value("number") for one in named_in(asked.text, asked.known.repairs)}
    named = [one for one in those if one.value("repair") in numbers]
    for one in (named or those)[:2]:
        yield Pick("warranty", warranty=one)
    if not those:
        yield Pick("warranty.ask")


def _pay(asked: Asked) -> Iterator[Pick]:
    for bill in asked.known.bills[:1]:
        yield Pick("bill", bill=bill)
    repair = asked.repair
    quote = asked.known.quote_of(repair) if repair is not None else None
    if not asked.known.bills and quote is not None and is_agreed(quote):
        yield Pick("pay.agreed", repair=repair, quote=quote)
    yield Pick("pay")


def is_agreed(quote: Thing) -> bool:
    """Whether the customer said yes to it, so that it is what they pay."""
    return quote.value("state") in ("approved", "invoiced")


# --- what is missing ------------------------------------------------------------------------------


def _fault(asked: Asked) -> Iterator[Pick]:
    """Somebody says that something is broken: without a repair of theirs, what is missing."""
    if not asked.known.active and "price" not in asked.intents:
        yield from _missing(asked)


def has_all_for_an_estimate(asked: Asked) -> bool:
    """Whether the model and what is wrong with it were both said."""
    return "fault" in asked.intents and names_a_model(asked.text)


def _missing(asked: Asked) -> Iterator[Pick]:
    """Questions for what an estimate needs and nobody said."""
    has_model = names_a_model(asked.text)
    has_fault = "fault" in asked.intents
    owned = named_in(asked.text, asked.known.devices)
    if has_fault and not has_model and not owned:
        yield Pick("ask.model")
    elif not has_model and not owned:
        yield Pick("ask.device")
    elif owned and not has_fault:
        yield Pick("ask.fault", device=owned[0])


def _by_itself(asked: Asked) -> Iterator[Pick]:
    """What an agent who opens the chat may want to say anyway."""
    active = asked.known.active
    if len(asked.meant) == 1 and asked.meant[0].value("active"):
        yield from _status(asked, None)
    elif len(active) > 1:
        yield Pick("several", several=active)
    if asked.known.visits:
        yield _visit_pick(asked.known.visits[0])
    is_greeting = asked.is_first and 0 < len(asked.text.split()) <= _GREETING
    if is_greeting and not active and not asked.intents:
        yield Pick("ask.device")
