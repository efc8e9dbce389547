"""What is true now. Plain and mutable; `revivatui.state.reduce` is the only writer."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from revivatui.state.events import LinkChanged
from revivatui.state.models import ListView
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

    from revivatui.state.events_search import MessageSought
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
        Message,
        Notification,
        OtherDraft,
        SendEntry,
        Team,
        Typing,
    )
    from revivatui.state.order import Key, ViewIndex
    from revivatui.state.presence_log import Floor
    from revivatui.state.searching import Search

TYPING_LASTS: Final = 30.0
"""Seconds after which typing that nobody ended is over (contract 7.7)."""


NOTHING_TOUCHED: Final[Mapping[str, int]] = MappingProxyType({})


@dataclass(slots=True)
class Memory:
    """What is remembered of one conversation besides its record, to tell old news from new."""

    touched: Mapping[str, int] = field(default_factory=lambda: NOTHING_TOUCHED)
    """Aspect -> `State.sequence` when the cable last told of it (3.9; see `versions`)."""
    payload_at: float = 0.0
    """3.9: the newest activity time that a payload carried. An older one is an older snapshot."""
    read_at: int = -1
    """`State.sequence` when the newest applied REST answer was applied."""
    counted_to: int = 0
    """The newest message id that `Conversation.unread_count` as told by the server included."""
    unread_told: int = 0
    """The server's own number; what came since is in `fresh`."""
    fresh: frozenset[int] = frozenset()
    """Incoming messages heard of that the server's number did not include."""

    def touch(self, aspects: Iterable[str], sequence: int) -> None:
        self.touched = {**self.touched, **dict.fromkeys(aspects, sequence)}


@dataclass(slots=True)
class Thread:
    """The messages held of one conversation, by id, and what is known about the gaps."""

    conversation_id: int
    messages: list[Message] = field(default_factory=list)
    """Ascending ids, each once."""
    ids: list[int] = field(default_factory=list)
    """The ids of `messages`, for bisecting."""
    complete_from: int | None = None
    """From this id on nothing is missing, up to `complete_to`; None: nothing is known."""
    complete_to: int | None = None
    """The end of what is known to be whole; None: it goes up to the newest."""
    start_reached: bool = False
    epoch: int = -1
    """`State.epoch` when its newest end was last read; see `State.epoch`."""
    read_from: int | None = None
    """From this id on everything was read, or known to be unchanged, in `epoch`: what is older
    may have been edited or deleted unheard. None: nothing was."""
    as_of: float | None = None
    """When its newest end was last read from the server (epoch seconds)."""
    touched: dict[int, int] = field(default_factory=dict)
    """Message id -> `State.sequence` when the cable last told of it."""
    version: int = 0
    """Grows with every change."""

    def find(self, message_id: int) -> Message | None:
        at = bisect_left(self.ids, message_id)
        return self.messages[at] if at < len(self.ids) and self.ids[at] == message_id else None

    def put(self, message: Message) -> None:
        """Insert it by its id, or replace the one that has it."""
        ids = self.ids
        at = bisect_left(ids, message.id)
        if at < len(ids) and ids[at] == message.id:
            self.messages[at] = message
        else:
            ids.insert(at, message.id)
            self.messages.insert(at, message)
        self.version += 1

    @property
    def newest_id(self) -> int:
        return self.ids[-1] if self.ids else 0


@dataclass(slots=True)
class ViewPages:
    """What the server answered for one list, and how far down the list it reached."""

    known: set[int] = field(default_factory=set)
    """Every row that the server ever gave for this list."""
    size: int = 25
    """Rows of a full page."""
    edge: Key | None = None
    """The place of the last row that was read without a gap above it, `order.END` where the list
    was read to its end, None before the first page. Rows known from elsewhere that sort below it
    are not shown: others may lie between."""
    edge_ids: Set[int] = frozenset()
    """The rows read that tie with the edge; others that tie may be missing."""
    epoch: int = -1
    """`State.epoch` when its top was last read."""
    read_edge: Key | None = None
    """As `edge`, of what was read in `epoch`: the list is sealed once it reaches `edge`."""
    as_of: float | None = None
    """When its top was last read (epoch seconds)."""


@dataclass(slots=True)
class State:
    """Everything the desk knows. Ids are the server's; times epoch seconds."""

    sequence: int = 0
    """Grows by one with every event applied: the clock that `asked` of a read refers to."""
    epoch: int = 0
    """Grows with every confirmed subscription: what was read in an older one may have missed
    events (nothing is replayed, observed 2.3)."""

    # the account
    account: Account | None = None
    me: Agent | None = None
    version: str = ""
    agents: dict[int, Agent] = field(default_factory=dict)
    inboxes: dict[int, Inbox] = field(default_factory=dict)
    teams: dict[int, Team] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    canned: list[CannedResponse] = field(default_factory=list)
    cache_keys: dict[str, str] = field(default_factory=dict)

    # conversations: the server's truth as last heard
    conversations: dict[int, Conversation] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    memories: dict[int, Memory] = field(default_factory=dict)
    contact_touched: dict[int, int] = field(default_factory=dict)
    gone: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Conversations that answered 404 or 401 -> (`sequence`, time): hidden until read again."""

    threads: OrderedDict[int, Thread] = field(default_factory=OrderedDict)
    """The threads held in memory, least recently touched first."""
    messages_held: int = 0

    # lists
    view: ListView = field(default_factory=ListView)
    views: dict[ListView, ViewPages] = field(default_factory=dict)
    counts: dict[tuple[object, ...], tuple[Counts, float]] = field(default_factory=dict)
    """Filter key -> (the server's numbers, when it told them)."""
    indexes: OrderedDict[ListView, ViewIndex] = field(default_factory=OrderedDict)
    """Sorted ids of the lists lately shown, kept up with every event."""
    open_id: int | None = None
    sought: MessageSought | None = None
    """The message that the open thread is to show: found by a search, perhaps still loading."""
    search: Search | None = None
    """The last search for words in messages."""

    # people
    presence: dict[int, str] = field(default_factory=dict)
    presence_at: float | None = None
    """When the map last came; None: never, and the agent list's word stands."""
    floor: Floor | None = None
    """Since when everybody is what they are; None until the first map."""
    contact_presence: dict[int, str] = field(default_factory=dict)
    typing: dict[tuple[int, str, int], Typing] = field(default_factory=dict)
    """(conversation, kind, who) -> who types there."""

    notifications: dict[int, Notification] = field(default_factory=dict)
    notification_tombstones: OrderedDict[int, None] = field(default_factory=OrderedDict)
    notifications_unread: int = 0

    # own doings
    sends: dict[str, SendEntry] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    """In the order they were made, the finished ones too (for undo), see `changes`."""
    settling: dict[str, int] = field(default_factory=dict)
    """Done changes that the truth does not show yet -> `sequence` when they were done."""
    overlays: dict[int, Conversation] = field(default_factory=dict)
    """Conversations as they will be once their pending changes are through."""
    drafts: dict[tuple[int, bool], Draft] = field(default_factory=dict)
    other_drafts: dict[int, tuple[OtherDraft, ...]] = field(default_factory=dict)
    """What other windows of this machine hold, by conversation."""
    server_drafts: dict[int, str] = field(default_factory=dict)
    """What the server keeps for a conversation, as far as it was asked."""
    declined: dict[int, frozenset[str]] = field(default_factory=dict)
    """Texts that were offered for a conversation and not wanted."""
    hung_up: bool = False
    """The desk is a wallboard: nobody reads threads, so few messages are held."""
    looking: bool = True
    """The terminal has the focus, as far as it tells."""
    away_since: float | None = None
    """When the last key was pressed, once that is long ago."""

    # how far all this can be trusted
    link: LinkChanged = field(default_factory=lambda: LinkChanged("offline", 0.0))
    offline_since: float | None = None
    """When the server was last lost, however often it was tried since; None: it is there."""
    lag: float = 0.0
    """Seconds that the live feed is behind."""
    from_cache: bool = False
    """The list shown is what was last seen, at `as_of`; no server has answered yet."""
    as_of: float | None = None
    doubts: dict[int, int] = field(default_factory=dict)
    """Conversations to read again -> `sequence` of the event that raised the doubt (rule 5)."""
    unknown: dict[int, int] = field(default_factory=dict)
    """Conversations that events named and nobody described, the same way (rule 8)."""
    contact_doubts: dict[int, int] = field(default_factory=dict)
    """Contacts whose events came in an unknown order."""
    stale_lists: dict[str, int] = field(default_factory=dict)
    """inboxes, teams or labels: to be fetched again (rule 14)."""
    stale_notifications: int = 0
    """`sequence` since when the notifications' count is to be asked for again (rule 11); or 0."""
    stale_counts: int = 0
    """`sequence` of the last event that may have moved the counts."""
    healed: tuple[Finding, ...] = ()
    """What comparing with the server put right, newest first."""
    contacts_read: dict[int, tuple[int, float]] = field(default_factory=dict)
    """Contact -> (`epoch`, when) it was last read from the server."""
    counts_epoch: int = -1
    """`epoch` when the counts were last told."""
    odd: dict[str, int] = field(default_factory=dict)
    """Unknown events and frames that did not parse, by name: how many."""
    now: float = 0.0
    """The newest time an event carried."""
    minute_at: int = 0
    """`sequence` at the last full minute."""

    def thread_of(self, conversation_id: int) -> Thread:
        """The thread, made empty where none is held; it becomes the most recently touched."""
        thread = self.threads.get(conversation_id)
        if thread is None:
            thread = self.threads[conversation_id] = Thread(conversation_id)
        else:
            self.threads.move_to_end(conversation_id)
        return thread

    def memory_of(self, conversation_id: int) -> Memory:
        memory = self.memories.get(conversation_id)
        if memory is None:
            memory = self.memories[conversation_id] = Memory()
            held = self.conversations.get(conversation_id)
            if held is not None:
                memory.unread_told = held.unread_count
                memory.counted_to = held.preview.id if held.preview else 0
                memory.payload_at = held.last_activity_at
        return memory

    def shown(self, conversation_id: int) -> Conversation | None:
        """The conversation with the agent's own pending changes laid over it."""
        overlay = self.overlays.get(conversation_id)
        return overlay if overlay is not None else self.conversations.get(conversation_id)
