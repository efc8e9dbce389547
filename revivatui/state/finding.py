"""Finding a conversation that is held by whose it is or by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from revivatui.state.models import Contact
    from revivatui.state.state import State

_LEAST: Final = 2
"""Letters from which names are looked through."""
_LEAST_DIGITS: Final = 3
"""Digits from which telephone numbers are looked through."""


class FoundConversation(NamedTuple):
    """A conversation that fits, and what of it did."""

    id: int
    name: str
    exact: bool
    """Its number or its customer's whole name was typed."""
    what: str
    """Status, e-mail and phone, to tell namesakes apart."""


def held_conversations(state: State, query: str) -> list[FoundConversation]:
    """The conversations that fit what was typed, the best first, then the latest."""
    wanted = " ".join(query.casefold().split())
    number = wanted.removeprefix("#")
    digits = "".join(letter for letter in wanted if letter.isdigit())
    people = _people(state, wanted, digits) if len(wanted) >= _LEAST else {}
    found = []
    for row in state.conversations.values():
        ranks = [people[row.contact_id]] if row.contact_id in people else []
        if number.isdigit() and str(row.id).startswith(number):
            ranks.append(0 if str(row.id) == number else 3)
        if ranks and row.id not in state.gone:
            found.append((min(ranks), -row.last_activity_at, row))
    found.sort(key=lambda entry: entry[:2])
    told = []
    for best, _at, row in found:
        contact = state.contacts.get(row.contact_id)
        name = (contact.name if contact is not None else "") or "nameless"
        about = [row.status, *(_ways(contact) if contact is not None else ())]
        told.append(FoundConversation(row.id, name, best == 0, ", ".join(about)))
    return told


def _ways(contact: Contact) -> list[str]:
    return [way for way in (contact.email, contact.phone_number) if way]


def _people(state: State, wanted: str, digits: str) -> dict[int, int]:
    """Contact id -> how well the customer fits, 0 the best."""
    ranked = {}
    for contact in state.contacts.values():
        rank = _rank(contact, wanted, digits)
        if rank is not None:
            ranked[contact.id] = rank
    return ranked


def _rank(contact: Contact, wanted: str, digits: str) -> int | None:
    name = contact.name.casefold()
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if any(word.startswith(wanted) for word in name.split()):
        return 2
    if contact.email and contact.email.casefold().startswith(wanted):
        return 2
    if wanted in name or wanted in contact.email.casefold():
        return 4
    if len(digits) >= _LEAST_DIGITS and not any(letter.isalpha() for letter in wanted):
        phone = "".join(letter for letter in contact.phone_number if letter.isdigit())
        return 4 if digits in phone else None
    return None
