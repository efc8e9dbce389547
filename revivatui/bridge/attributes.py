"""What Chatwoot shows of the CRM: the attributes of a contact and of a conversation.

Nothing in here moves by itself: no clock, no counter but of what is in the CRM, so that the same
CRM always makes the same attributes. Cost prices, internal notes and passcodes are not among them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from revivatui.crm.money import Money
from revivatui.crm.views import Context, RepairRow
from revivatui.crm.workflow import words
from revivatui.state.records import dataclass
from revivatui.text.safe import safe_line

MOST_BYTES: Final = 8_000
"""What one contact or conversation is given at most."""
MOST_REPAIRS: Final = 10
_LONGEST: Final = 255


@dataclass(frozen=True, slots=True)
class Definition:
    """An attribute that Chatwoot's own pages show once it is defined there."""

    model: str
    key: str
    name: str
    kind: str
    description: str


CONTACT: Final = "contact_attribute"
CONVERSATION: Final = "conversation_attribute"
DEFINITIONS: Final = (
    Definition(CONTACT, "customer_id", "Customer id", "text", "The customer's id in the CRM"),
    Definition(CONTACT, "customer_type", "Customer type", "text", "Private, business, education"),
    Definition(CONTACT, "registration_date", "Customer since", "date", "First known on"),
    Definition(CONTACT, "total_repairs", "Repairs", "number", "All repairs so far"),
    Definition(CONTACT, "last_repair_date", "Last repair", "date", "When the last one came in"),
    Definition(CONTACT, "preferred_language", "Language", "text", "The language to write in"),
    Definition(CONTACT, "loyalty_tier", "Loyalty", "text", "The tier of the loyalty programme"),
    Definition(CONTACT, "active_repairs", "Active repairs", "number", "Repairs that are not over"),
    Definition(CONTACT, "current_device", "Device here", "text", "The device of the newest repair"),
    Definition(CONTACT, "repair_status", "Repair status", "text", "Where that repair is"),
    Definition(CONTACT, "promised_date", "Promised for", "date", "When it was promised"),
    Definition(CONTACT, "open_quote_total", "Open quotes", "currency", "Sum that waits for a yes"),
    Definition(CONTACT, "crm_url", "In the CRM", "link", "The customer's page in the CRM"),
    Definition(CONVERSATION, "recent_repairs", "Repairs in 30 days", "number", "Taken in lately"),
    Definition(CONVERSATION, "pending_quotes", "Pending quotes", "number", "Waiting for a yes"),
    Definition(CONVERSATION, "last_interaction", "Last message", "text", "Of either side"),
    Definition(CONVERSATION, "crm_ticket_id", "Ticket", "text", "The ticket's number in the CRM"),
    Definition(CONVERSATION, "crm_ticket_url", "Ticket in the CRM", "link", "The ticket's page"),
)


def of_contact(context: Context, crm_url: str = "") -> dict[str, Any]:
    """The attributes of a customer's contact: as websites know them, and flat for the pages."""
    customer = context.customer
    newest = context.active[0] if context.active else None
    attributes: dict[str, Any] = {
        "customer_id": customer.id,
        "customer_type": customer.type,
        "registration_date": _day(customer.created_at),
        "total_repairs": context.total_repairs,
        "last_repair_date": _day(context.last_repair_at),
        "preferred_language": customer.language,
        "loyalty_tier": customer.loyalty_tier,
        "active_repairs": len(context.active),
        "current_device": _short(newest.device.label) if newest else None,
        "repair_status": _short(_status(newest)) if newest else None,
        "promised_date": _day(newest.repair.promised_at) if newest else None,
        "open_quote_total": _open_total(context),
        "crm_url": crm_url or None,
        "repair_history": [_told(one) for one in context.recent[:MOST_REPAIRS]],
    }
    return _capped(attributes, (("repair_history",),))


def of_conversation(
    context: Context,
    *,
    ticket_number: str,
    last_interaction: float | None,
    ticket_url: str = "",
) -> dict[str, Any]:
    """What an agent should know of the customer while writing in a conversation."""
    moment = datetime.fromtimestamp(last_interaction, UTC) if last_interaction else None
    attributes: dict[str, Any] = {
        "recent_repairs": context.recent_count,
        "pending_quotes": len(context.pending_quotes),
        "last_interaction": _moment(moment),
        "crm_ticket_id": ticket_number,
        "crm_ticket_url": ticket_url or None,
        "context": {
            "active_repairs": [_told(one) for one in context.active[:MOST_REPAIRS]],
            "pending_quotes": [
                {
                    "id": one.quote.number,
                    "device": _short(one.device.label),
                    "amount": _number(one.quote.total_cost),
                    "currency": one.quote.currency,
                    "created_at": _moment(one.quote.created_at),
                }
                for one in context.pending_quotes[:MOST_REPAIRS]
            ],
        },
    }
    lists = (("context", "active_repairs"), ("context", "pending_quotes"))
    return _capped(attributes, lists)


def differences(current: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What of the wanted is not so already. A thing that is absent is as good as nothing."""
    return {name: value for name, value in wanted.items() if current.get(name) != value}


def _told(row: RepairRow) -> dict[str, Any]:
    return {
        "id": row.repair.number,
        "device": _short(row.device.label),
        "type": _short(row.repair.type),
        "status": _short(_status(row)),
        "created_at": _moment(row.repair.created_at),
        "technician": _short(row.technician_name) or None,
    }


def _status(row: RepairRow) -> str:
    return words(row.repair.status, row.repair.status_words)


def _open_total(context: Context) -> float:
    """The sum in the currency of the newest quote; another currency cannot be added to it."""
    amounts = [one.quote.total_cost for one in context.pending_quotes]
    same = [one for one in amounts if one.currency == amounts[0].currency]
    return float(sum((one.amount for one in same), start=0)) if same else 0.0


def _number(money: Money) -> float:
    return float(money.amount)


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def _short(text: str) -> str:
    return safe_line(text)[:_LONGEST]


def _capped(attributes: dict[str, Any], lists: tuple[tuple[str, ...], ...]) -> dict[str, Any]:
    """Within the size that one record gets: the oldest of the longest list goes first."""
    while _size(attributes) > MOST_BYTES:
        longest = max((_at(attributes, path) for path in lists), key=_size)
        if not longest:
            break
        longest.pop()
    return attributes


def _at(attributes: dict[str, Any], path: tuple[str, ...]) -> list[Any]:
    found: Any = attributes
    for name in path:
        found = found[name]
    assert isinstance(found, list)
    return found


def _size(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode())
