"""What the bridge hears of the chat, in one form, whichever way it came: by webhook, from a list
that was read to catch up, or from the server when it was asked how things are.

Only what is needed is taken over, every text made safe; tokens and source ids of contacts, which
webhooks carry too, stay outside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, Final, Literal, TypeVar

from revivatui.bridge.errors import Junk
from revivatui.state.records import dataclass

Kind = Literal["incoming", "outgoing", "template"]
SenderKind = Literal["contact", "user", "bot", "system"]
T = TypeVar("T")

MESSAGE_EVENTS: Final = ("message_created", "message_updated")
CONVERSATION_EVENTS: Final = (
    "conversation_created",
    "conversation_updated",
    "conversation_status_changed",
    "conversation_resolved",
)
"""The last is what old servers called the end of a conversation; it is still understood."""
CONTACT_GONE: Final = "contact_deleted"
"""No known server sends it (contract 8.2); the bridge tells itself so when it misses a contact, and
would understand a server that does."""
CONTACT_EVENTS: Final = ("contact_created", "contact_updated", CONTACT_GONE)
SUBSCRIPTIONS: Final = (*CONVERSATION_EVENTS[:3], *MESSAGE_EVENTS, *CONTACT_EVENTS[:2])


@dataclass(frozen=True, slots=True)
class Person:
    """A contact of the chat, as far as a customer record can use it."""

    id: int
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class File:
    url: str
    name: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """A message. `created_at` in whole seconds, which is all that every way of it tells."""

    id: int
    conversation_id: int
    kind: Kind
    content: str
    created_at: int
    private: bool = False
    content_type: str = "text"
    sender_kind: SenderKind = "system"
    sender_id: int = 0
    sender_name: str = ""
    files: tuple[File, ...] = ()
    deleted: bool = False
    rating: int | None = None
    feedback: str = ""
    version: float | None = None
    """When it was last changed, where that is known."""
    rendered: bool = False
    """The text is what a channel would show, not what was written."""


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation. `version` is when it was last changed, which only 4.x tells."""

    id: int
    inbox_id: int
    status: str
    contact: Person
    channel: str = ""
    version: float | None = None


@dataclass(frozen=True, slots=True)
class News:
    """One event. `changed` and `echo` say what changed and a fingerprint of what our own writing
    could have caused, where the server told it."""

    event: str
    message: Said | None = None
    chat: Chat | None = None
    contact: Person | None = None
    changed: tuple[str, ...] = ()
    echo: str = ""

    def lane(self, account_id: int) -> str:
        """What must be handled in one order: a conversation, or a contact."""
        if self.chat is not None:
            return f"{account_id}:conversation:{self.chat.id}"
        assert self.contact is not None
        return f"{account_id}:contact:{self.contact.id}"


# --- as text in the inbox ------------------------------------------------------------------------


def dump(news: News) -> str:
    return json.dumps(_slim(asdict(news)), ensure_ascii=False, separators=(",", ":"))


def _slim(value: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty anyway."""
    slim = {name: _slim(one) if isinstance(one, dict) else one for name, one in value.items()}
    return {name: one for name, one in slim.items() if one not in (None, "", (), [], {}, False)}


def load(text: str) -> News:
    """What `dump` wrote. Raises Junk where it is nothing of the kind."""
    try:
        kept = json.loads(text)
        message, chat = kept.get("message"), kept.get("chat")
        contact = kept.get("contact")
        if not chat and (message is not None or not contact):
            raise Junk("A kept event tells of nothing.")
        return News(
            event=kept["event"],
            message=_said(message) if message else None,
            chat=_made(Chat, {"status": "", "inbox_id": 0, **chat, "contact": _person(chat)})
            if chat
            else None,
            contact=_made(Person, contact) if contact else None,
            changed=tuple(kept.get("changed", ())),
            echo=kept.get("echo", ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Junk(f"A kept event cannot be read ({type(error).__name__}).") from None


def _person(chat: Mapping[str, Any]) -> Person:
    return _made(Person, {"id": 0, **chat.get("contact", {})})


def _said(kept: Mapping[str, Any]) -> Said:
    files = tuple(_made(File, {"url": "", **one}) for one in kept.get("files", ()))
    return _made(Said, {"content": "", "created_at": 0, **kept, "files": files})


def _made(record: type[T], values: Mapping[str, Any]) -> T:
    known = {one.name for one in fields(record)}  # type: ignore[arg-type]
    return record(**{name: value for name, value in values.items() if name in known})
