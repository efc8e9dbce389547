"""What the desk knows about: plain, frozen records.

Every text in here has passed `revivatui.text.safe` at the door (`revivatui.api.wire`). Times are
epoch seconds (UTC, float) or None where the server says null, 0 or nothing. Words of the server
(status, priority, availability, content types) stay the server's own strings, so that an unknown
one is shown as it came. Conversation ids are the account's display ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final

from revivatui.state.records import dataclass

INCOMING: Final = 0
OUTGOING: Final = 1
ACTIVITY: Final = 2
TEMPLATE: Final = 3

Attributes = Mapping[str, Any]
NO_ATTRIBUTES: Final[Attributes] = {}


@dataclass(frozen=True, slots=True)
class Agent:
    """A member of the account (contract 5.1), the signed-in one included."""

    id: int
    name: str
    email: str = ""
    role: str = "agent"
    availability: str = "offline"
    """What the agent list said; live presence is `State.presence`."""
    auto_offline: bool = True
    available_name: str = ""


@dataclass(frozen=True, slots=True)
class Inbox:
    """An inbox (contract 5.3), as far as the desk uses it."""

    id: int
    name: str
    channel_type: str
    csat_enabled: bool = False
    phone_number: str = ""
    email: str = ""
    greeting_enabled: bool = False


@dataclass(frozen=True, slots=True)
class Team:
    id: int
    name: str
    description: str = ""
    is_member: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    id: int
    title: str
    description: str = ""
    color: str = ""


@dataclass(frozen=True, slots=True)
class CannedResponse:
    id: int
    short_code: str
    content: str


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    name: str
    locale: str = "en"
    features: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer (contract 4.1, 7.5)."""

    id: int
    name: str
    email: str = ""
    phone_number: str = ""
    identifier: str = ""
    availability: str = "offline"
    blocked: bool | None = None
    """None where the server does not say (3.9.0)."""
    additional_attributes: Attributes = field(default_factory=lambda: NO_ATTRIBUTES)
    custom_attributes: Attributes = field(default_factory=lambda: NO_ATTRIBUTES)
    last_activity_at: float | None = None
    created_at: float | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote it: `kind` is contact, user, agent_bot or captain_assistant (contract 3.4)."""

    kind: str
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message (contract 3.5). Sizes in bytes and pixels; None where unknown."""

    id: int
    file_type: str
    name: str
    data_url: str = ""
    thumb_url: str = ""
    file_size: int | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message (contract 3.1, 7.4)."""

    id: int
    conversation_id: int
    inbox_id: int
    message_type: int
    content: str
    created_at: float
    content_type: str = "text"
    status: str = "sent"
    private: bool = False
    sender: Sender | None = None
    attachments: tuple[Attachment, ...] = ()
    content_attributes: Attributes = field(default_factory=lambda: NO_ATTRIBUTES)
    reference: str | None = None
    """Our own reference as the server kept it: `source_id` on 3.9, `content_attributes.client_ref`
    on 4.x (observed 2.7)."""
    echo_id: str | None = None
    updated_at: float | None = None
    """The message's version, seconds with milliseconds; only the cable tells it (observed 3)."""

    @property
    def deleted(self) -> bool:
        return bool(self.content_attributes.get("deleted"))

    @property
    def failed(self) -> bool:
        """Not delivered. Incoming messages can be marked so by the server and are not (rule 12)."""
        return self.status == "failed" and self.message_type in (OUTGOING, TEMPLATE)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as the desk knows it, merged from lists, single reads and the cable."""

    id: int
    inbox_id: int
    status: str
    contact_id: int
    created_at: float
    last_activity_at: float
    assignee_id: int | None = None
    assignee_kind: str = "User"
    team_id: int | None = None
    priority: str | None = None
    labels: tuple[str, ...] = ()
    unread_count: int = 0
    """Saturates at 10 (contract 2.1)."""
    snoozed_until: float | None = None
    waiting_since: float | None = None
    first_reply_at: float | None = None
    agent_last_seen_at: float | None = None
    contact_last_seen_at: float | None = None
    can_reply: bool = True
    muted: bool | None = None
    channel: str = ""
    additional_attributes: Attributes = field(default_factory=lambda: NO_ATTRIBUTES)
    custom_attributes: Attributes = field(default_factory=lambda: NO_ATTRIBUTES)
    updated_at: float | None = None
    """4.x only: the record's version (observed 3, rule 4)."""
    preview: Message | None = None
    """The newest message that is no activity line, for the row's second line. Never part of a
    thread (rule 7)."""
    sla: Attributes = field(default_factory=lambda: NO_ATTRIBUTES)
    """What the shop promised, where the server knows such promises (contract 2.1): "at" (epoch
    seconds) and "first", "next", "resolution" (seconds), each where it is promised."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The server's numbers for the tabs of one filter (contract 2.2)."""

    mine: int
    unassigned: int
    all: int


@dataclass(frozen=True, slots=True)
class ListView:
    """What the conversation list is asked for: the server's own parameters (contract 2.2)."""

    tab: str = "mine"
    """mine, unassigned or all: the server's assignee_type."""
    status: str = "open"
    sort: str = "last_activity_at_desc"
    inbox_id: int | None = None
    team_id: int | None = None
    labels: tuple[str, ...] = ()
    text: str = ""

    @property
    def filter_key(self) -> tuple[object, ...]:
        """Equal for views that share one set of counts (all but the tab and the sort)."""
        return (self.status, self.inbox_id, self.team_id, self.labels, self.text)


@dataclass(frozen=True, slots=True)
class Notification:
    id: int
    kind: str
    conversation_id: int | None
    title: str
    created_at: float
    read_at: float | None = None
    message: Message | None = None
    """The message it is about, where it is about one."""


@dataclass(frozen=True, slots=True)
class Typing:
    conversation_id: int
    kind: str
    """contact or user"""
    who_id: int
    name: str
    private: bool
    since: float


@dataclass(frozen=True, slots=True)
class SendEntry:
    """A line of the send journal: one message of ours on its way (design rule 3)."""

    reference: str
    conversation_id: int
    inbox_id: int
    content: str
    private: bool
    created_at: float
    state: str = "queued"
    """queued, held, sending, unconfirmed, sent or failed"""
    reason: str = ""
    message_id: int | None = None
    in_reply_to: int | None = None
    attempts: int = 0
    seen_id: int | None = None
    """The newest message its writer had seen: what came later holds it (`state.gate`). None: it
    goes in any case."""
    wanted_at: float = 0.0
    """When the agent last said that it should go (epoch seconds): it does not leave by itself
    long after that."""


@dataclass(frozen=True, slots=True)
class Change:
    """An action of the agent on a conversation, shown before the server confirmed it."""

    id: str
    conversation_id: int
    kind: str
    """assign, team, status, snooze, priority, labels, read or unread"""
    before: Attributes
    """The fields of `Conversation` it touches, as they were: what undo goes back to."""
    after: Attributes
    state: str = "waiting"
    """waiting (held, see due_at), sending, done, failed or undone"""
    due_at: float | None = None
    """When a held change leaves; None where it leaves at once."""
    reason: str = ""

    @property
    def held(self) -> bool:
        """It waits for its seconds to pass and can still be taken back without a trace."""
        return self.state == "waiting" and self.due_at is not None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was shown wrongly until the desk compared it with the server."""

    conversation_id: int
    what: str
    """In words: "status resolved", "read by somebody", "gone"."""
    at: float


@dataclass(frozen=True, slots=True)
class Draft:
    conversation_id: int
    private: bool
    text: str
    saved_at: float


@dataclass(frozen=True, slots=True)
class OtherDraft:
    """What another window of this machine holds for a conversation and mode."""

    conversation_id: int
    private: bool
    text: str
    saved_at: float
    window: str
    open: bool
    """That window is open now; else it was closed, or killed, or the text was set aside."""
