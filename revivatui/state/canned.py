"""Canned responses: finding one by what was typed, and filling its variables.

The server fills what it knows in `{{ }}` itself when a message is posted (contract 3.3), silently
dropping the rest. We fill before the agent sees the text, and name what is left open.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from revivatui.state.models import CannedResponse, Contact, Conversation
    from revivatui.state.state import State

_VARIABLE: Final = re.compile(r"\{\{\s*([\w.\-](?:[\w.\- ]*[\w.\-])?)\s*\}\}")
_CUSTOM: Final = "custom_attribute"


@dataclass(frozen=True, slots=True)
class Filled:
    """A canned response ready for the composer."""

    text: str
    missing: tuple[str, ...]
    """Variables that nothing is known for; they stand in the text as they were."""


def matches(canned: Iterable[CannedResponse], typed: str) -> list[CannedResponse]:
    """Those that fit what was typed after the slash, best first.

    The short code counts most: equal, then beginning, then inside; then words of the content.
    """
    wanted = typed.strip().lower().lstrip("/")
    ranked = []
    for one in canned:
        rank = _rank(one, wanted)
        if rank is not None:
            ranked.append((rank, one.short_code.lower(), one))
    ranked.sort(key=lambda entry: entry[:2])
    return [one for _rank_, _code, one in ranked]


def _rank(one: CannedResponse, wanted: str) -> int | None:
    code = one.short_code.lower()
    if not wanted or code == wanted:
        return 0
    if code.startswith(wanted):
        return 1
    if wanted in code:
        return 2
    content = one.content.lower()
    if all(word in content for word in wanted.split()):
        return 3
    return None


def fill(state: State, conversation_id: int, text: str) -> Filled:
    """Put in what is known of the customer, the conversation, the agent and the inbox."""
    missing: dict[str, None] = {}

    def value(match: re.Match[str]) -> str:
        name = re.sub(r"\s+", "", match[1])
        found = _value(state, conversation_id, name)
        if not found:
            missing[name] = None
            return match[0]
        # The server would run what a customer's name may hold (contract 3.3).
        return found.replace("{{", "{ {").replace("{%", "{ %")

    return Filled(_VARIABLE.sub(value, text), tuple(missing))


def _value(state: State, conversation_id: int, name: str) -> str:
    subject, _, key = name.partition(".")
    conversation = state.shown(conversation_id)
    if subject == "agent" and state.me is not None:
        return _person(key, state.me.available_name or state.me.name, state.me.email, state.me.id)
    if subject == "account" and state.account is not None:
        return _call({"name": lambda: state.account.name if state.account else ""}, key)
    if conversation is None:
        return ""
    if subject == "conversation":
        return _of_conversation(conversation, key)
    if subject == "inbox":
        inbox = state.inboxes.get(conversation.inbox_id)
        return _call({"name": lambda: inbox.name if inbox is not None else ""}, key)
    contact = state.contacts.get(conversation.contact_id)
    if subject == "contact" and contact is not None:
        return _of_contact(contact, key)
    return ""


def _of_contact(contact: Contact, key: str) -> str:
    if key.startswith(f"{_CUSTOM}."):
        found = contact.custom_attributes.get(key.removeprefix(f"{_CUSTOM}."))
        return "" if found is None else str(found)
    if key in ("phone_number", "phone"):
        return contact.phone_number
    return _person(key, contact.name, contact.email, contact.id)


def _of_conversation(conversation: Conversation, key: str) -> str:
    if key in ("id", "display_id"):
        return str(conversation.id)
    if key.startswith(f"{_CUSTOM}."):
        found = conversation.custom_attributes.get(key.removeprefix(f"{_CUSTOM}."))
        return "" if found is None else str(found)
    return ""


def _person(key: str, name: str, email: str, person_id: int) -> str:
    words = name.split()
    return _call(
        {
            "name": lambda: name,
            "first_name": lambda: words[0] if words else "",
            "last_name": lambda: words[-1] if len(words) > 1 else "",
            "email": lambda: email,
            "id": lambda: str(person_id),
        },
        key,
    )


def _call(known: dict[str, Callable[[], str]], key: str) -> str:
    return known[key]() if key in known else ""
