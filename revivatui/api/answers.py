"""What the client's calls give back: the state's own records, and small rows around them."""

from __future__ import annotations

from dataclasses import dataclass, field

from revivatui.state.events import SignedIn
from revivatui.state.models import (
    Agent,
    Contact,
    Conversation,
    Counts,
    Message,
    Notification,
)


@dataclass(frozen=True, slots=True)
class AccountRole:
    """One account that the signed-in person is a member of."""

    id: int
    name: str
    role: str
    active: bool


@dataclass(frozen=True, slots=True)
class Me:
    """The signed-in person (contract 1.4). The tokens never show in a `repr`."""

    agent: Agent
    accounts: tuple[AccountRole, ...]
    account_id: int | None
    """The account used last, where the server says so."""
    pubsub_token: str = field(repr=False)
    """What the live feed is opened with; a change of password changes it."""
    access_token: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class SignInResult:
    """E-mail and password exchanged for the permanent API token (contract 1.2)."""

    token: str = field(repr=False)
    me: Me


@dataclass(frozen=True, slots=True)
class Session:
    """Everything a connection needs to know first."""

    event: SignedIn
    pubsub_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """Conversations in the server's order, with the contacts that came inside them."""

    conversations: tuple[Conversation, ...]
    contacts: tuple[Contact, ...]
    counts: Counts | None
    last: bool
    """Nothing follows."""


@dataclass(frozen=True, slots=True)
class ConversationRead:
    """One conversation and its contact."""

    conversation: Conversation
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class Messages:
    """A page of a thread, ascending ids. `complete`: the page was not full, so nothing lies
    beyond it in the direction that was asked for."""

    messages: tuple[Message, ...]
    complete: bool
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class StatusSet:
    """The status that the server now has; `snoozed_until` in epoch seconds."""

    status: str
    snoozed_until: float | None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A conversation that a search found, as far as the answer knows it."""

    conversation_id: int
    contact_name: str
    inbox_name: str
    created_at: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found (contract 2.2): at most one page of each kind."""

    conversations: tuple[SearchHit, ...]
    contacts: tuple[Contact, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A note on a contact. Times in epoch seconds."""

    id: int
    content: str
    author: str
    created_at: float


@dataclass(frozen=True, slots=True)
class Notifications:
    notifications: tuple[Notification, ...]
    unread_count: int
    last: bool


@dataclass(frozen=True, slots=True)
class Macro:
    id: int
    name: str
    personal: bool
    actions: tuple[str, ...]
    """The names of what it does, in order."""


@dataclass(frozen=True, slots=True)
class AttachmentFile:
    """A file to send."""

    name: str
    data: bytes = field(repr=False)
    mime: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where the server tells an account's events. The address may hold a secret, so it does not
    show in a `repr`."""

    id: int
    url: str = field(repr=False)
    subscriptions: tuple[str, ...]
    secret: str = field(repr=False)
    """What it signs with; "" where the server signs nothing."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot of the account. Its address may hold a secret."""

    id: int
    name: str
    url: str = field(repr=False)
    token: str = field(repr=False)
    """"" where it is not ours to see."""
    secret: str = field(default="", repr=False)
    """What its webhook is signed with; "" where the server signs nothing."""


@dataclass(frozen=True, slots=True)
class AttributeDefinition:
    """An attribute that the server's own pages show."""

    model: str
    key: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class CopilotAnswer:
    """What Captain's copilot has said in a thread by now (contract 11.3)."""

    text: str = ""
    steps: tuple[str, ...] = ()
    """What it said that it does on the way."""
    is_reply: bool = False
    """It offers the text as a reply to the customer."""
    is_whole: bool = False
