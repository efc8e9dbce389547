"""Words of other CRMs and ours: tables that a shop can change, as shops change their vendor's.

A word that no table names becomes `unknown` and is shown as it came. The way back has one word
for each of ours and is used only where the shop lets the desk change the other CRM.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from revivatui.crm.records_repairs import QuoteStatus
from revivatui.crm.records_tickets import Priority, TicketStatus
from revivatui.crm.workflow import STATUSES, RepairStatus
from revivatui.state.records import dataclass

_WORDS_OF_OURS: Final = frozenset(STATUSES)


@dataclass(frozen=True, slots=True)
class VendorWords:
    """How one CRM names the states of repairs. Its words are compared without capitals."""

    name: str
    to_ours: Mapping[str, RepairStatus]
    from_ours: Mapping[RepairStatus, str]

    def status_of(self, word: str) -> tuple[RepairStatus, str]:
        """Our state for a word of theirs, and the word as it came (to be shown if unknown)."""
        plain = " ".join(word.split()).casefold()
        for theirs, ours in self.to_ours.items():
            if theirs.casefold() == plain:
                return ours, word
        return "unknown", word

    def word_of(self, status: RepairStatus) -> str | None:
        """Their word for a state of ours; None where they have none, and nothing is written."""
        return self.from_ours.get(status)

    def changed_by(self, to_ours: Mapping[str, str]) -> VendorWords:
        """The table with a shop's own words added: {their word: our code}.

        Raises ValueError for a code that is none of ours.
        """
        wrong = sorted(set(to_ours.values()) - _WORDS_OF_OURS)
        if wrong:
            raise ValueError(f"{', '.join(wrong)}: no state of a repair.")
        changed: dict[str, RepairStatus] = {**self.to_ours}
        for theirs, ours in to_ours.items():
            changed = {
                word: code for word, code in changed.items() if word.casefold() != theirs.casefold()
            }
            changed[theirs] = next(one for one in STATUSES if one == ours)
        return VendorWords(self.name, changed, self.from_ours)


SYNCRO: Final = VendorWords(
    "RepairShopr/Syncro",
    to_ours={
        "Scheduled": "booked",
        "New": "received",
        "In Progress": "in_repair",
        "Waiting on Customer": "awaiting_approval",
        "Customer Reply": "approved",
        "Waiting for Parts": "awaiting_parts",
        "Resolved": "ready",
        "Invoiced": "completed",
    },
    from_ours={
        "booked": "Scheduled",
        "received": "New",
        "diagnosing": "In Progress",
        "awaiting_approval": "Waiting on Customer",
        "approved": "In Progress",
        "awaiting_parts": "Waiting for Parts",
        "in_repair": "In Progress",
        "testing": "In Progress",
        "ready": "Resolved",
        "ready_unrepaired": "Resolved",
        "completed": "Invoiced",
        "unrepairable": "Resolved",
        "cancelled": "Resolved",
    },
)

REPAIRDESK: Final = VendorWords(
    "RepairDesk",
    to_ours={
        "Pending": "received",
        "In Progress": "in_repair",
        "Waiting For Quote": "awaiting_approval",
        "Waiting on Customer": "awaiting_approval",
        "Waiting for Parts": "awaiting_parts",
        "Repaired": "testing",
        "Ready for Pickup": "ready",
        "Completed": "completed",
        "Cancelled": "cancelled",
    },
    from_ours={
        "received": "Pending",
        "diagnosing": "In Progress",
        "awaiting_approval": "Waiting on Customer",
        "approved": "In Progress",
        "awaiting_parts": "Waiting for Parts",
        "in_repair": "In Progress",
        "testing": "Repaired",
        "ready": "Ready for Pickup",
        "ready_unrepaired": "Ready for Pickup",
        "completed": "Completed",
        "unrepairable": "Cancelled",
        "cancelled": "Cancelled",
    },
)

ODOO: Final = VendorWords(
    "Odoo",
    to_ours={
        "draft": "received",
        "confirmed": "diagnosing",
        "under_repair": "in_repair",
        "done": "ready",
        "cancel": "cancelled",
    },
    from_ours={
        "booked": "draft",
        "received": "draft",
        "diagnosing": "confirmed",
        "awaiting_approval": "confirmed",
        "approved": "confirmed",
        "awaiting_parts": "confirmed",
        "in_repair": "under_repair",
        "testing": "under_repair",
        "ready": "done",
        "ready_unrepaired": "cancel",
        "completed": "done",
        "unrepairable": "cancel",
        "cancelled": "cancel",
    },
)

QUOTES_OF_SYNCRO: Final[Mapping[str, QuoteStatus]] = {
    "Draft": "draft",
    "Fresh": "pending",
    "Approved": "approved",
    "Declined": "declined",
}

PRIORITIES_OF_SYNCRO: Final[Mapping[Priority, str]] = {
    "low": "3 Low",
    "medium": "2 Normal",
    "high": "1 High",
    "urgent": "0 Urgent",
}

TICKETS_OF_SYNCRO: Final[Mapping[str, TicketStatus]] = {
    "New": "open",
    "In Progress": "open",
    "Customer Reply": "open",
    "Waiting for Parts": "open",
    "Waiting on Customer": "snoozed",
    "Scheduled": "snoozed",
    "Resolved": "resolved",
    "Invoiced": "resolved",
}


def priority_of_syncro(word: str) -> Priority | None:
    """Our priority for theirs, told by its number or its word; None where it is another."""
    plain = word.strip().casefold()
    for ours in get_args(Priority):
        number, _, name = PRIORITIES_OF_SYNCRO[ours].casefold().partition(" ")
        if plain in {number, name, f"{number} {name}"}:
            found: Priority = ours
            return found
    return None
