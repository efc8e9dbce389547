"""Short ways to make records and events for the tests of the state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from revivatui.state.events import (
    ConversationPushed,
    ConversationsLoaded,
    ConversationsRead,
    LinkChanged,
    MessageArrived,
    MessagesLoaded,
    MessageUpdated,
    SignedIn,
)
from revivatui.state.models import (
    INCOMING,
    OUTGOING,
    Account,
    Agent,
    Contact,
    Conversation,
    ListView,
    Message,
    SendEntry,
    Sender,
)
from revivatui.state.reduce import apply
from revivatui.state.state import State

NOON: Final = 1_790_000_000.0
ME: Final = Agent(2, "Ben Counter", email="ben@example.com", role="agent")
COLLEAGUE: Final = Agent(3, "Cleo Bench", role="agent")
ALL: Final = ListView(tab="all", status="all")
OPEN: Final = ListView(tab="all", status="open")


def desk(*rows: Conversation, version: str = "4.10.1", live: bool = True) -> State:
    """A desk that is signed in, follows the feed and has read these conversations."""
    state = State()
    apply(state, SignedIn(Account(1, "Shop"), ME, version))
    if live:
        apply(state, LinkChanged("catching_up", NOON))
        apply(state, LinkChanged("live", NOON))
    if rows:
        apply(state, read(*rows, asked=state.sequence))
    return state


def conversation(one: int = 1, **fields: Any) -> Conversation:
    """Open, unassigned, of 4.x where `updated_at` is given."""
    given: dict[str, Any] = {
        "inbox_id": 1,
        "status": "open",
        "contact_id": 100 + one,
        "created_at": NOON - 1000.0,
        "last_activity_at": NOON,
        "muted": False,
    }
    return Conversation(id=one, **(given | fields))


def message(one: int, conversation_id: int = 1, **fields: Any) -> Message:
    """An incoming text, one second after the one before."""
    kind = fields.pop("message_type", INCOMING)
    sender = Sender("contact", 100 + conversation_id, "Ana Silva")
    if kind == OUTGOING:
        sender = Sender("user", ME.id, ME.name)
    given: dict[str, Any] = {
        "inbox_id": 1,
        "content": f"text {one}",
        "created_at": NOON + one,
        "updated_at": NOON + one,
        "sender": sender,
    }
    return Message(id=one, conversation_id=conversation_id, message_type=kind, **(given | fields))


def contact(one: int = 101, **fields: Any) -> Contact:
    return Contact(id=one, **({"name": "Ana Silva"} | fields))


def entry(reference: str = "r1", **fields: Any) -> SendEntry:
    given: dict[str, Any] = {
        "conversation_id": 1,
        "inbox_id": 1,
        "content": "on my way",
        "private": False,
        "created_at": NOON,
    }
    return SendEntry(reference=reference, **(given | fields))


def arrived(told: Message, **fields: Any) -> MessageArrived:
    return MessageArrived(told, at=told.created_at, **fields)


def updated(told: Message) -> MessageUpdated:
    return MessageUpdated(told, at=told.created_at)


def pushed(row: Conversation, event: str = "conversation.updated") -> ConversationPushed:
    return ConversationPushed(event, replace(row, muted=None), None, at=NOON)


def read(*rows: Conversation, asked: int, contacts: tuple[Contact, ...] = ()) -> ConversationsRead:
    return ConversationsRead(rows, contacts, asked=asked, at=NOON)


def page(
    view: ListView,
    *rows: Conversation,
    number: int = 1,
    last: bool = False,
    asked: int = 10**9,
) -> ConversationsLoaded:
    """A page that was asked for after everything heard so far, unless `asked` says otherwise."""
    return ConversationsLoaded(view, number, rows, (), counts=None, last=last, asked=asked, at=NOON)


def thread_page(
    *messages: Message,
    edge: str = "newest",
    start: bool = False,
    asked: int = 10**9,
    since: int | None = None,
) -> MessagesLoaded:
    return MessagesLoaded(1, messages, edge, start, asked=asked, at=NOON, since=since)
