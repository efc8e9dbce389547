"""The vendor's words for the states of tickets, kinds of visits and permissions, and ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from revivatui.crm.errors import InvalidRecord
from revivatui.crm.records import ServiceCategory
from revivatui.crm.records_repairs import AppointmentKind, QuoteStatus
from revivatui.crm.records_tickets import Priority, TicketStatus
from revivatui.crm.vendor_words import (
    PRIORITIES_OF_SYNCRO,
    QUOTES_OF_SYNCRO,
    TICKETS_OF_SYNCRO,
    VendorWords,
    priority_of_syncro,
)
from revivatui.crm.workflow import RepairStatus

_TICKET_WORDS: Final[Mapping[TicketStatus, tuple[str, ...]]] = {
    "open": ("In Progress", "New"),
    "pending": ("New",),
    "snoozed": ("Waiting on Customer", "Scheduled"),
    "resolved": ("Resolved",),
}
"""Their words for a state of a ticket, the first one first."""

_TICKET_OF_REPAIR: Final[Mapping[RepairStatus, TicketStatus]] = {
    "booked": "snoozed",
    "awaiting_approval": "snoozed",
    "ready": "resolved",
    "ready_unrepaired": "resolved",
    "completed": "resolved",
    "unrepairable": "resolved",
    "cancelled": "resolved",
}

VISITS: Final[Mapping[AppointmentKind, tuple[str, str]]] = {
    "drop_off": ("Drop-off", "Our Office"),
    "pick_up": ("Pick-up", "Our Office"),
    "while_you_wait": ("While you wait", "Our Office"),
    "onsite": ("On site", "Onsite"),
    "remote": ("Remote support", "Remote Support"),
    "phone": ("Phone call", "Phone Call"),
}
"""How the summary of a visit begins, and the type that the vendor has for it by default."""

NEEDED: Final[tuple[tuple[str, str, str], ...]] = (
    ("customer", "read", "see customers"),
    ("customer", "write", "make and change customers"),
    ("ticket", "read", "see tickets"),
    ("ticket", "write", "make tickets and write comments"),
    ("asset", "read", "see devices"),
    ("asset", "write", "make devices"),
    ("invoice", "read", "see what is not paid"),
)
"""What the desk needs of a token's permissions, and what it cannot do without each."""

_SERVICE_WORDS: Final[tuple[tuple[str, ServiceCategory], ...]] = (
    ("data recover", "data_recovery"),
    ("screen", "screen"),
    ("display", "screen"),
    ("lcd", "screen"),
    ("batter", "battery"),
    ("board", "board"),
    ("liquid", "liquid"),
    ("water", "liquid"),
    ("ssd", "storage"),
    ("hdd", "storage"),
    ("drive", "storage"),
    ("storage", "storage"),
    ("ram", "memory"),
    ("memory", "memory"),
    ("keyboard", "keyboard"),
    ("port", "port"),
    ("connector", "port"),
    ("virus", "virus"),
    ("malware", "virus"),
    ("diagnos", "diagnostic"),
    ("on-site", "onsite"),
    ("onsite", "onsite"),
    ("call-out", "onsite"),
    ("software", "software"),
    ("windows", "software"),
    ("install", "setup"),
)


def ticket_status(word: str, repairs: VendorWords) -> TicketStatus:
    """Our state of a ticket for a word of theirs; a word that nobody knows is an open ticket."""
    plain = " ".join(word.split()).casefold()
    for theirs, ours in TICKETS_OF_SYNCRO.items():
        if theirs.casefold() == plain:
            return ours
    status, _ = repairs.status_of(word)
    return _TICKET_OF_REPAIR.get(status, "open")


def word_for_ticket(status: TicketStatus, known: tuple[str, ...]) -> str:
    """Their word for a state of a ticket, among those the shop has. Raises InvalidRecord."""
    return _one_of(_TICKET_WORDS[status], known, f"a ticket that is {status}")


def word_for_repair(status: RepairStatus, repairs: VendorWords, known: tuple[str, ...]) -> str:
    """Their word for a state of a repair, among those the shop has. Raises InvalidRecord."""
    word = repairs.word_of(status)
    return _one_of((word,) if word else (), known, f"a repair that is {status.replace('_', ' ')}")


def _one_of(words: tuple[str, ...], known: tuple[str, ...], what: str) -> str:
    if not known and words:
        return words[0]
    of_shop = {" ".join(one.split()).casefold(): one for one in known}
    for word in words:
        if word.casefold() in of_shop:
            return of_shop[word.casefold()]
    raise InvalidRecord(
        f"The shop has no status for {what} in its CRM. It has: {', '.join(known)}. Name one in "
        "the settings of the desk. Nothing was changed."
    )


def quote_status(word: str) -> QuoteStatus | None:
    """Our state of a quote; None for a word that nobody knows."""
    for theirs, ours in QUOTES_OF_SYNCRO.items():
        if theirs.casefold() == word.strip().casefold():
            return next(one for one in get_args(QuoteStatus) if one == ours)
    return None


def word_for_quote(status: QuoteStatus) -> str:
    return next(theirs for theirs, ours in QUOTES_OF_SYNCRO.items() if ours == status)


def priority(word: str) -> Priority:
    return priority_of_syncro(word) or "medium"


def word_for_priority(wanted: Priority, known: tuple[str, ...]) -> str:
    """The shop's own spelling of a priority, else the vendor's default one."""
    same = (word for word in known if priority_of_syncro(word) == wanted)
    return next(same, PRIORITIES_OF_SYNCRO[wanted])


def visit_kind(summary: str, type_name: str) -> AppointmentKind:
    """The kind of a visit: how its summary begins, else what its type is called."""
    for kind, (words, _) in VISITS.items():
        if summary.casefold().startswith(words.casefold()):
            return kind
    for kind in ("onsite", "remote", "phone"):
        if VISITS[kind][1].casefold() == type_name.strip().casefold():
            return kind
    return "drop_off"


def service_category(*texts: str) -> ServiceCategory:
    """What a product is about, by the words of its name and category; `setup` where by none."""
    words = " ".join(texts).casefold()
    found = (category for word, category in _SERVICE_WORDS if word in words)
    return next(found, "setup")
