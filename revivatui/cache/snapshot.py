"""What of the state is to be kept, taken on the loop's thread for the disk's thread.

Records never change in place, so a snapshot is a handful of tuples of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.state.records import dataclass
from revivatui.state.select import visible_ids

if TYPE_CHECKING:
    from collections.abc import Iterable

    from revivatui.state.models import (
        Account,
        Agent,
        CannedResponse,
        Contact,
        Conversation,
        Counts,
        Inbox,
        Label,
        ListView,
        Message,
        Team,
    )
    from revivatui.state.state import State, Thread
    from revivatui.state.topics import Topic

THREADS_COMPARED: Final = 64
"""Threads whose last snapshot is remembered, so that only what is new in them is written."""


@dataclass(frozen=True, slots=True)
class ThreadPart:
    """What is new in one thread, and how far it is known without a gap."""

    conversation_id: int
    messages: tuple[Message, ...]
    complete_from: int | None
    complete_to: int | None
    start_reached: bool
    as_of: float | None


@dataclass(frozen=True, slots=True)
class AccountPart:
    """The account and its lists, whole."""

    account: Account | None
    me: Agent | None
    version: str
    agents: tuple[Agent, ...]
    inboxes: tuple[Inbox, ...]
    teams: tuple[Team, ...]
    labels: tuple[Label, ...]
    canned: tuple[CannedResponse, ...]


@dataclass(frozen=True, slots=True)
class ViewPart:
    """The list on screen: its rows in order, as far as they are known without a gap."""

    view: ListView
    order: tuple[int, ...]
    counts: Counts | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One save. Empty parts leave what is kept alone."""

    seen_at: float | None = None
    """Until when everything was heard (epoch seconds); None: no later than told before."""
    account: AccountPart | None = None
    view: ViewPart | None = None
    conversations: tuple[Conversation, ...] = ()
    gone: tuple[int, ...] = ()
    """Conversations to forget, with their messages."""
    contacts: tuple[Contact, ...] = ()
    threads: tuple[ThreadPart, ...] = ()

    @property
    def empty(self) -> bool:
        return self == Snapshot()


class Snapshots:
    """Takes snapshots on the loop's thread; remembers what the last ones held."""

    def __init__(self) -> None:
        self._threads: dict[int, list[Message]] = {}

    def take(self, state: State, topics: Iterable[Topic], seen_at: float | None) -> Snapshot:
        """Everything that these topics touched."""
        kinds: dict[str, set[int]] = {}
        for kind, one in topics:
            kinds.setdefault(kind, set()).add(one or 0)
        rows = kinds.get("row", set())
        held = state.conversations
        customers = {held[one].contact_id for one in rows if one in held}
        contacts = kinds.get("contact", set()) | customers
        shows = kinds.keys() & {"order", "view", "counts"}
        return Snapshot(
            seen_at=seen_at,
            account=_account(state) if "account" in kinds else None,
            view=_view(state) if shows and state.view in state.views else None,
            conversations=tuple(held[one] for one in rows if one in held),
            gone=tuple(one for one in rows if one not in held and one in state.gone),
            contacts=tuple(state.contacts[one] for one in contacts if one in state.contacts),
            threads=tuple(
                self._part(state.threads[one])
                for one in kinds.get("thread", ())
                if one in state.threads
            ),
        )

    def _part(self, thread: Thread) -> ThreadPart:
        before = self._threads.pop(thread.conversation_id, [])
        self._threads[thread.conversation_id] = thread.messages.copy()
        while len(self._threads) > THREADS_COMPARED:
            del self._threads[next(iter(self._threads))]
        known = set(map(id, before))
        return ThreadPart(
            conversation_id=thread.conversation_id,
            messages=tuple(one for one in thread.messages if id(one) not in known),
            complete_from=thread.complete_from,
            complete_to=thread.complete_to,
            start_reached=thread.start_reached,
            as_of=thread.as_of,
        )


def _account(state: State) -> AccountPart:
    return AccountPart(
        account=state.account,
        me=state.me,
        version=state.version,
        agents=tuple(state.agents.values()),
        inboxes=tuple(state.inboxes.values()),
        teams=tuple(state.teams.values()),
        labels=tuple(state.labels.values()),
        canned=tuple(state.canned),
    )


def _view(state: State) -> ViewPart:
    told = state.counts.get(state.view.filter_key)
    return ViewPart(
        view=state.view,
        order=tuple(visible_ids(state, state.view)),
        counts=told[0] if told is not None else None,
    )
