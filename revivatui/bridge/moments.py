"""What of the CRM sets rules off by the clock: promises that passed, repairs that wait, quotes.

Each is looked for by the moment at which it became so; what became so long ago sets nothing off, so
that a new rule does not write about everything that ever was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from revivatui.bridge.places import Place
from revivatui.bridge.rules import PLACEHOLDER, Rule
from revivatui.crm.records import Device
from revivatui.crm.records_repairs import Quote, Repair
from revivatui.crm.store.shapes import DEVICE, QUOTE, REPAIR
from revivatui.crm.store.tables import CUSTOMERS, DEVICES, LOCATIONS
from revivatui.crm.store.tables_work import CHAT_CONVERSATIONS, QUOTES, REPAIR_EVENTS, REPAIRS
from revivatui.crm.store.work import Reader
from revivatui.crm.workflow import NOT_LATE, WAITING_TO_BE_COLLECTED, customer_words
from revivatui.state.records import dataclass
from revivatui.text.safe import safe_line

PAST: Final = timedelta(days=3)
"""What became due earlier sets nothing off; a long weekend without the bridge is made up for."""
_MOST: Final = 200
_QUOTE_STATUS: Final = {
    "quote_sent": ("pending", QUOTES.c.sent_at),
    "quote_approved": ("approved", QUOTES.c.decided_at),
    "quote_declined": ("declined", QUOTES.c.decided_at),
    "quote_expiring": ("pending", QUOTES.c.valid_until),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A repair or a quote that fits a rule now. `mark` names it and its state; `about` is what an
    agent would call it."""

    rule: Rule
    mark: str
    about: str
    customer_id: str
    ticket_id: str | None
    values: Mapping[str, str]

    def filled(self, text: str) -> tuple[str, bool]:
        """A text with what it leaves open, and whether all of that is known."""
        names = PLACEHOLDER.findall(text)
        told = PLACEHOLDER.sub(lambda found: self.values.get(found[1]) or "…", text)
        return told, all(self.values.get(name) for name in names)


async def due(reader: Reader, rule: Rule, now: float) -> list[Moment]:
    """What fits a rule at a moment (epoch seconds), the longest due first."""
    at = datetime.fromtimestamp(now, UTC)
    if rule.when in _QUOTE_STATUS:
        return await _quotes(reader, rule, at)
    return await _repairs(reader, rule, at)


async def conversation_for(reader: Reader, place: Place, moment: Moment) -> tuple[int, bool]:
    """Where agents are told of it: the chat of its ticket, else the customer's newest, an open one
    before a resolved one; 0 where there is none. And whether it is that very customer's chat: a
    ticket's may be linked with somebody else's."""
    columns = CHAT_CONVERSATIONS.c
    here = (columns.installation == place.installation) & (columns.account_id == place.account_id)
    its_own = columns.crm_ticket_id == moment.ticket_id
    of_customer = columns.customer_id == moment.customer_id
    question = (
        select(columns.chatwoot_id, columns.customer_id)
        .where(here, or_(its_own, of_customer) if moment.ticket_id else of_customer)
        .order_by(
            case((its_own, 0), else_=1) if moment.ticket_id else columns.account_id,
            case((columns.status == "resolved", 1), else_=0),
            columns.chatwoot_id.desc(),
        )
        .limit(1)
    )
    row = await reader.row(question)
    return (int(row[0]), row[1] == moment.customer_id) if row else (0, False)


# --- repairs -------------------------------------------------------------------------------------


def _question(*more: Any) -> Select[Any]:
    return (
        select(REPAIRS, DEVICES, CUSTOMERS.c.name, LOCATIONS.c.timezone, *more)
        .join(DEVICES, DEVICES.c.id == REPAIRS.c.device_id)
        .join(CUSTOMERS, CUSTOMERS.c.id == REPAIRS.c.customer_id)
        .join(LOCATIONS, LOCATIONS.c.id == REPAIRS.c.location_id)
    )


async def _repairs(reader: Reader, rule: Rule, at: datetime) -> list[Moment]:
    if rule.when == "no_movement":
        return await _still(reader, rule, at)
    if rule.when == "ready":
        since, fits = REPAIRS.c.ready_at, REPAIRS.c.status.in_(WAITING_TO_BE_COLLECTED)
    else:
        since, fits = REPAIRS.c.promised_at, REPAIRS.c.status.not_in(NOT_LATE)
    question = _question(since, since).where(fits, _became(since, rule, at), _status(rule))
    return await _read(reader, rule, question.order_by(since).limit(_MOST), at)


async def _still(reader: Reader, rule: Rule, at: datetime) -> list[Moment]:
    """By the last line of a repair's history; a state is told of once for each time it is come
    into."""
    columns = REPAIR_EVENTS.c
    moved = or_(columns.from_status.is_(None), columns.from_status != columns.to_status)
    fits = _status(rule) if rule.status else REPAIRS.c.status.not_in(NOT_LATE)
    latest = (
        select(
            columns.repair_id,
            func.max(columns.at).label("latest"),
            func.max(case((moved, columns.at))).label("entered"),
        )
        .where(columns.repair_id.in_(select(REPAIRS.c.id).where(fits)))
        .group_by(columns.repair_id)
        .subquery()
    )
    question = (
        _question(latest.c.latest, latest.c.entered)
        .join(latest, latest.c.repair_id == REPAIRS.c.id)
        .where(_became(latest.c.latest, rule, at))
    )
    return await _read(reader, rule, question.order_by(latest.c.latest).limit(_MOST), at)


def _status(rule: Rule) -> ColumnElement[bool]:
    return REPAIRS.c.status == rule.status if rule.status else REPAIRS.c.status != ""


def _became(since: ColumnElement[Any], rule: Rule, at: datetime) -> ColumnElement[bool]:
    """Whether something has been so for as long as a rule wants, and not for long since."""
    last = at - timedelta(seconds=rule.seconds)
    return (since <= last) & (since > last - PAST)


async def _read(reader: Reader, rule: Rule, question: Select[Any], at: datetime) -> list[Moment]:
    found = []
    for row in await reader.rows(question):
        repair, device = REPAIR.read(row), DEVICE.read(row, REPAIR.width)
        name, timezone, since, entered = row[REPAIR.width + DEVICE.width :]
        values = _values(repair, device, name, timezone, at - since)
        mark = f"repair:{repair.id}:{repair.status}:{_stamp(entered or since)}"
        if rule.when == "promise_passed":
            mark = f"repair:{repair.id}:promised:{_stamp(since)}"
        about = f"{repair.number} ({_day(since, timezone)})"
        found.append(Moment(rule, mark, about, repair.customer_id, repair.ticket_id, values))
    return found


def _values(
    repair: Repair, device: Device, name: str, timezone: str, since: timedelta
) -> dict[str, str]:
    return {
        "customer": safe_line(name),
        "repair": repair.number,
        "device": safe_line(device.label),
        "status": safe_line(customer_words(repair.status, repair.status_words)),
        "promised": _day(repair.promised_at, timezone) if repair.promised_at else "",
        "days": str(max(0, since.days)),
    }


# --- quotes --------------------------------------------------------------------------------------


async def _quotes(reader: Reader, rule: Rule, at: datetime) -> list[Moment]:
    status, since = _QUOTE_STATUS[rule.when]
    fits = _became(since, rule, at)
    if rule.when == "quote_expiring":
        # It fits from then until the end, and not after it.
        fits = (since > at) & (since <= at + timedelta(seconds=rule.seconds))
    question = (
        _question(QUOTES)
        .join(QUOTES, QUOTES.c.repair_id == REPAIRS.c.id)
        .where(QUOTES.c.status == status, fits)
        .order_by(since)
        .limit(_MOST)
    )
    return [_quote(row, rule, at) for row in await reader.rows(question)]


def _quote(row: Any, rule: Rule, at: datetime) -> Moment:
    repair, device = REPAIR.read(row), DEVICE.read(row, REPAIR.width)
    after = REPAIR.width + DEVICE.width
    name, timezone = row[after : after + 2]
    quote = QUOTE.read(row, after + 2)
    sent = quote.decided_at or quote.sent_at or quote.created_at
    values = {
        **_values(repair, device, name, timezone, at - sent),
        "quote": quote.number,
        "total": str(quote.total_cost),
        "valid_until": _day(quote.valid_until, timezone) if quote.valid_until else "",
    }
    mark = f"quote:{quote.id}:{_state(quote, rule)}"
    about = f"{quote.number} of {repair.number}"
    return Moment(rule, mark, about, repair.customer_id, repair.ticket_id, values)


def _state(quote: Quote, rule: Rule) -> str:
    if rule.when == "quote_expiring" and quote.valid_until is not None:
        return f"expiring:{_stamp(quote.valid_until)}"
    return quote.status


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _day(moment: datetime, timezone: str) -> str:
    """The day as the shop of the repair has it."""
    try:
        return moment.astimezone(ZoneInfo(timezone)).date().isoformat()
    except (ZoneInfoNotFoundError, ValueError):
        return moment.astimezone(UTC).date().isoformat()
