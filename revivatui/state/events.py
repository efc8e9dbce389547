"""Everything that can happen to the state, as tagged records.

The reducer (`revivatui.state.reduce`) is the only reader. Events from the wire are made by
`revivatui.api.wire`; the others by the engine and the cache.
"""

from __future__ import annotations

from collections.abc import Mapping

from revivatui.state.events_desk import DeskEvent
from revivatui.state.events_search import MessageSought, SearchFailed, SearchFound, SearchStarted
from revivatui.state.models import (
    Account,
    Agent,
    CannedResponse,
    Change,
    Contact,
    Conversation,
    Counts,
    Draft,
    Finding,
    Inbox,
    Label,
    ListView,
    Message,
    Notification,
    OtherDraft,
    SendEntry,
    Team,
)
from revivatui.state.records import dataclass


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The connection: offline, connecting, catching_up, live, late, refused (sign in again)."""

    state: str
    at: float
    reason: str = ""
    retry_at: float | None = None


@dataclass(frozen=True, slots=True)
class LagMeasured:
    """How late the live feed is: own message answered but not yet heard (seconds; 0 = heard)."""

    seconds: float
    at: float


# --- the account and its lists ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignedIn:
    account: Account
    me: Agent
    version: str
    """The server's version as `/api` told it, "3.9.0" or "4.10.1" (contract 0)."""


@dataclass(frozen=True, slots=True)
class AgentsLoaded:
    agents: tuple[Agent, ...]
    asked: int | None = None
    """`State.sequence` when the request left; None where nothing can have come between."""


@dataclass(frozen=True, slots=True)
class InboxesLoaded:
    inboxes: tuple[Inbox, ...]
    asked: int | None = None


@dataclass(frozen=True, slots=True)
class TeamsLoaded:
    teams: tuple[Team, ...]
    asked: int | None = None


@dataclass(frozen=True, slots=True)
class LabelsLoaded:
    labels: tuple[Label, ...]
    asked: int | None = None


@dataclass(frozen=True, slots=True)
class CannedLoaded:
    canned: tuple[CannedResponse, ...]
    asked: int | None = None


@dataclass(frozen=True, slots=True)
class CacheKeysSeen:
    """`account.cache_invalidated` (contract 7.6; rule 14)."""

    keys: Mapping[str, str]


# --- conversations ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConversationsLoaded:
    """One page of a list as the server answered it (contract 2.2).

    `asked` is `State.sequence` when the request left: what the cable said since is newer.
    """

    view: ListView
    page: int
    conversations: tuple[Conversation, ...]
    contacts: tuple[Contact, ...]
    counts: Counts | None
    last: bool
    """Fewer rows than a full page came: nothing follows."""
    asked: int
    at: float


@dataclass(frozen=True, slots=True)
class CountsLoaded:
    view: ListView
    counts: Counts
    at: float


@dataclass(frozen=True, slots=True)
class ConversationsRead:
    """Conversations read outside a list page: single reads, catch-up, answers to our own calls."""

    conversations: tuple[Conversation, ...]
    contacts: tuple[Contact, ...]
    asked: int
    at: float
    contact_id: int | None = None
    """The contact that was read for itself; others come along with their conversations."""


@dataclass(frozen=True, slots=True)
class ConversationPushed:
    """A conversation payload of the cable (contract 7.3), with the event that brought it.

    REST-only fields of `conversation` hold their defaults and must not be merged; `event` decides
    what may be taken from it (observed rules 4-7).
    """

    event: str
    conversation: Conversation
    contact: Contact | None
    at: float


@dataclass(frozen=True, slots=True)
class ConversationGone:
    """Reading it answered 404 or 401: hide it, stay signed in (rule 8)."""

    conversation_id: int
    reason: str


# --- messages --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MessagesLoaded:
    """A page of a thread (contract 3.2), ascending ids.

    `edge` says what the page proves: "newest" (it ends at the newest message), "older" (it joins
    what is held at its upper end), "newer" (asked with `after`, it joins at its lower end),
    "found" (single messages; it proves nothing about its neighbours).
    """

    conversation_id: int
    messages: tuple[Message, ...]
    edge: str
    start_reached: bool
    asked: int
    at: float
    since: int | None = None
    """For "newer": the id from which on every page of the row of pages that this one belongs to
    was read in this epoch; None: it stands alone."""


@dataclass(frozen=True, slots=True)
class ThreadsSealed:
    """The server said which conversations changed while nobody listened, and these did not."""

    conversation_ids: tuple[int, ...]
    at: float


@dataclass(frozen=True, slots=True)
class Healed:
    """A comparison with the server found what no event had told (design rule 4)."""

    findings: tuple[Finding, ...]
    at: float


@dataclass(frozen=True, slots=True)
class ThreadCached:
    """A thread as the cache kept it: shown at once, not sealed until the server was asked."""

    conversation_id: int
    messages: tuple[Message, ...]
    complete_from: int | None
    """The lowest id from which on nothing was missing at `as_of`."""
    start_reached: bool
    as_of: float
    complete_to: int | None = None
    """Up to this id nothing was missing; behind it messages may. None: up to the last one."""


@dataclass(frozen=True, slots=True)
class ThreadReached:
    """A thread down to an older message that was looked for, across a part that is not known.

    Whole from the first of `messages` up to `whole_to`; behind that messages may be missing.
    """

    conversation_id: int
    messages: tuple[Message, ...]
    whole_to: int


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """`message.created` on the cable."""

    message: Message
    at: float
    unread_count: int | None = None
    last_activity_at: float | None = None


@dataclass(frozen=True, slots=True)
class MessageUpdated:
    """`message.updated` on the cable (rule 3)."""

    message: Message
    at: float


@dataclass(frozen=True, slots=True)
class TypingChanged:
    conversation_id: int
    kind: str
    who_id: int
    name: str
    private: bool
    on: bool
    at: float


# --- people ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PresenceSeen:
    """The whole map (rule 13): who is missing is offline."""

    users: Mapping[int, str]
    contacts: Mapping[int, str]
    at: float


@dataclass(frozen=True, slots=True)
class ContactSeen:
    contact: Contact
    at: float
    event: str = "contact.updated"


@dataclass(frozen=True, slots=True)
class ContactDeleted:
    contact_id: int


@dataclass(frozen=True, slots=True)
class ContactForgotten:
    """The agent had a customer taken off this machine, with these conversations."""

    contact_id: int
    conversation_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NotificationsLoaded:
    notifications: tuple[Notification, ...]
    unread_count: int
    at: float
    with_read: bool = False
    """Those that were read are among them; else unread ones only."""


@dataclass(frozen=True, slots=True)
class NotificationSeen:
    notification: Notification
    at: float


@dataclass(frozen=True, slots=True)
class NotificationGone:
    """May come before its `notification.created` (rule 11)."""

    notification_id: int


# --- what the agent does ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SendChanged:
    """A journal entry was made or moved on; the entry replaces the one of its reference."""

    entry: SendEntry
    message: Message | None = None
    """The server's message, when its answer or a look-up proved it."""


@dataclass(frozen=True, slots=True)
class SendForgotten:
    """The agent took a failed entry away (its text went back into the composer)."""

    reference: str


@dataclass(frozen=True, slots=True)
class ChangeMoved:
    """An optimistic change was proposed or moved on; replaces the one of its id."""

    change: Change


@dataclass(frozen=True, slots=True)
class DraftChanged:
    draft: Draft


@dataclass(frozen=True, slots=True)
class ViewChosen:
    view: ListView


@dataclass(frozen=True, slots=True)
class ConversationOpened:
    """The thread on screen (None: none)."""

    conversation_id: int | None


@dataclass(frozen=True, slots=True)
class MinutePassed:
    """Once a minute: relative times, typing that ended, held changes."""

    at: float


# --- the cache and oddities ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CacheLoaded:
    """What was last seen, marked as such until the server has answered (design rule 4)."""

    seen_at: float
    account: Account | None
    me: Agent | None
    agents: tuple[Agent, ...]
    inboxes: tuple[Inbox, ...]
    teams: tuple[Team, ...]
    labels: tuple[Label, ...]
    canned: tuple[CannedResponse, ...]
    contacts: tuple[Contact, ...]
    conversations: tuple[Conversation, ...]
    view: ListView | None = None
    order: tuple[int, ...] = ()
    """The ids of the last view in the server's order."""
    edge: tuple[float, ...] | None = None
    """`ViewPages.edge` of that view; None: the last of those rows."""
    counts: Counts | None = None
    sends: tuple[SendEntry, ...] = ()
    drafts: tuple[Draft, ...] = ()
    other_drafts: tuple[OtherDraft, ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True)
class CacheFilled:
    """More of what the cache kept, after `CacheLoaded`: rows that no server answer brought yet."""

    conversations: tuple[Conversation, ...]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class OddFrame:
    """An unknown event or a frame that does not parse: counted, never fatal (design rule 13)."""

    name: str
    detail: str
    lost: bool = True
    """Something known may have been told in it; False for an event nobody knows."""


Event = (
    LinkChanged
    | LagMeasured
    | SignedIn
    | AgentsLoaded
    | InboxesLoaded
    | TeamsLoaded
    | LabelsLoaded
    | CannedLoaded
    | CacheKeysSeen
    | ConversationsLoaded
    | ThreadsSealed
    | Healed
    | CountsLoaded
    | ConversationsRead
    | ConversationPushed
    | ConversationGone
    | MessagesLoaded
    | ThreadCached
    | ThreadReached
    | MessageSought
    | MessageArrived
    | MessageUpdated
    | TypingChanged
    | PresenceSeen
    | ContactSeen
    | ContactDeleted
    | ContactForgotten
    | NotificationsLoaded
    | NotificationSeen
    | NotificationGone
    | SendChanged
    | SendForgotten
    | ChangeMoved
    | DraftChanged
    | ViewChosen
    | ConversationOpened
    | MinutePassed
    | SearchStarted
    | SearchFound
    | SearchFailed
    | CacheLoaded
    | CacheFilled
    | OddFrame
    | DeskEvent
)
