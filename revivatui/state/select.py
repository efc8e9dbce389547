"""What the screens show, derived from the state. Nothing in here changes it.

(`State.indexes` is filled on demand: it holds nothing that the conversations do not say.)
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from revivatui.state import changes as changes_of
from revivatui.state import journal
from revivatui.state.models import INCOMING, Counts
from revivatui.state.order import END, in_filter, in_tab
from revivatui.state.records import dataclass
from revivatui.state.reduce_lists import index_for
from revivatui.state.state import TYPING_LASTS
from revivatui.text.inline import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from revivatui.state.models import (
        Agent,
        Conversation,
        ListView,
        Message,
        SendEntry,
        Typing,
    )
    from revivatui.state.state import State, Thread

NAMELESS: Final = "nameless"


# --- lists -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListState:
    """How far the ids of a list can be trusted."""

    complete: bool
    """These are all rows of the list; else more follow below the last one."""
    provisional: bool
    """No page of this list was ever read: these are rows that other lists brought."""
    sealed: bool
    """Nothing can have been missed since it was read: down to the last row this is the server's
    list."""
    as_of: float | None
    """When its top was last read (epoch seconds); None: never."""


def visible_ids(state: State, view: ListView) -> list[int]:
    """The rows of a list, in the server's order, down to where the list is known without a gap.

    Before the first page came these are the rows known from other lists (`list_state` tells).
    """
    index = index_for(state, view)
    pages = state.views.get(view)
    if pages is None or pages.edge is None:
        return index.up_to(END, frozenset())
    return index.up_to(pages.edge, pages.edge_ids)


def list_state(state: State, view: ListView) -> ListState:
    pages = state.views.get(view)
    if pages is None or pages.edge is None:
        return ListState(complete=False, provisional=True, sealed=False, as_of=None)
    read_whole = pages.read_edge is not None and pages.read_edge >= pages.edge
    following = state.link.state == "live" and pages.epoch == state.epoch
    return ListState(
        complete=pages.edge == END,
        provisional=False,
        sealed=following and read_whole and state.unknown.keys() <= state.conversations.keys(),
        as_of=pages.as_of,
    )


def next_page(state: State, view: ListView) -> int | None:
    """The page of the list to ask for next: what was read before the last cut first, then the
    rows below the edge. None: the list is known to its end, and nothing was missed.

    Rows that left the list meanwhile pulled others up, so a page may have to be asked for again.
    """
    pages = state.views.get(view)
    if pages is None or pages.edge is None or pages.epoch != state.epoch:
        return 1
    if pages.read_edge is None or pages.read_edge == END:
        return 1 if pages.read_edge is None else None
    return index_for(state, view).count_to(pages.read_edge) // pages.size + 1


def counts(state: State, view: ListView) -> Counts | None:
    """The numbers of the tabs: counted where the whole list of all is known, else the server's."""
    everything = replace(view, tab="all")
    if list_state(state, everything).complete and list_state(state, everything).sealed:
        ids = visible_ids(state, everything)
        rows = (row for one in ids if (row := state.shown(one)) is not None)
        return count_rows(rows, everything, state.me.id if state.me is not None else None)
    told = state.counts.get(view.filter_key)
    return told[0] if told is not None else None


def count_rows(rows: Iterable[Conversation], view: ListView, me: int | None) -> Counts:
    """The numbers that the server counts over these rows for a view (contract 2.2)."""
    inside = [row for row in rows if in_filter(view, row)]
    return Counts(
        mine=sum(in_tab("mine", row, me) for row in inside),
        unassigned=sum(in_tab("unassigned", row, me) for row in inside),
        all=len(inside),
    )


# --- rows ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation as its row shows it. Texts are safe and of one line; times in seconds."""

    id: int
    name: str
    preview: str = ""
    """The newest message, without Markdown marks."""
    preview_by: str = ""
    """"You" or an agent's first name where the newest message is ours; empty for the customer."""
    preview_private: bool = False
    last_activity_at: float = 0.0
    waiting_since: float | None = None
    """Set while the customer waits for an answer."""
    unread: int = 0
    status: str = "open"
    snoozed_until: float | None = None
    priority: str | None = None
    labels: tuple[str, ...] = ()
    inbox: str = ""
    assignee: str = ""
    """The name of whoever has it; empty for nobody."""
    typing: bool = False
    sending: int = 0
    """Own messages still on their way or of unknown fate."""
    failed: int = 0
    """Own messages that were not sent."""
    held: int = 0
    """Own messages that wait for a yes, as somebody wrote meanwhile."""
    unsent: str = ""
    """What the newest of those that failed says, or else of those held, without Markdown marks."""
    draft: bool = False
    """Something is written to it and not sent."""
    pending: str = ""
    """An own change that is held, in words: "resolving"."""


def effective(state: State, conversation: Conversation) -> Conversation:
    """The conversation as the agent's own pending changes will leave it."""
    return state.overlays.get(conversation.id, conversation)


def row(state: State, conversation_id: int, now: float) -> Row | None:
    """What one row of the list shows; None where the conversation is not known (any more)."""
    shown = state.shown(conversation_id)
    if shown is None:
        return None
    preview, by, private = _preview(state, shown)
    sends = [one for one in state.sends.values() if one.conversation_id == conversation_id]
    failed = [one for one in sends if one.state == journal.FAILED]
    held = [one for one in sends if one.state == journal.HELD]
    inbox = state.inboxes.get(shown.inbox_id)
    waiting = changes_of.held(state, conversation_id)
    return Row(
        id=shown.id,
        name=contact_name(state, shown),
        preview=preview,
        preview_by=by,
        preview_private=private,
        last_activity_at=shown.last_activity_at,
        waiting_since=shown.waiting_since,
        unread=shown.unread_count,
        status=shown.status,
        snoozed_until=shown.snoozed_until,
        priority=shown.priority,
        labels=shown.labels,
        inbox=inbox.name if inbox is not None else "",
        assignee=assignee_name(state, shown),
        typing=any(one.kind == "contact" for one in typing_in(state, conversation_id, now)),
        sending=sum(one.state in journal.OPEN for one in sends),
        failed=len(failed),
        held=len(held),
        unsent=_one_line(stuck[-1].content) if (stuck := failed or held) else "",
        draft=has_draft(state, conversation_id),
        pending=changes_of.doing(waiting) if waiting is not None else "",
    )


def contact_name(state: State, conversation: Conversation) -> str:
    contact = state.contacts.get(conversation.contact_id)
    return (contact.name if contact is not None else "") or NAMELESS


def assignee_name(state: State, conversation: Conversation) -> str:
    """Who has it, "" for nobody. Somebody who is on no list is named by the number."""
    assignee = conversation.assignee_id
    if assignee is None:
        return ""
    if conversation.assignee_kind != "User":
        return "bot"
    agent = state.agents.get(assignee)
    if agent is None and state.me is not None and state.me.id == assignee:
        agent = state.me
    return agent.name if agent is not None else f"agent {assignee}"


def _one_line(text: str) -> str:
    return " ".join(plain(text).split())


def _preview(state: State, shown: Conversation) -> tuple[str, str, bool]:
    """(text, by whom of us, whether a private note) of the newest message."""
    message = shown.preview
    if message is None:
        return "", "", False
    words = "deleted message" if message.deleted else _one_line(message.content)
    if not words and message.attachments:
        first = message.attachments[0]
        words = first.name or first.file_type
    sender = message.sender
    if message.message_type == INCOMING or sender is None or sender.kind == "contact":
        return words, "", message.private
    if sender.kind == "user" and state.me is not None and sender.id == state.me.id:
        return words, "You", message.private
    return words, sender.name.split(" ")[0], message.private


# --- a thread --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ThreadView:
    """What a thread's pane needs. Messages are by id, ascending, and never change in place."""

    conversation_id: int
    messages: Sequence[Message] = ()
    sends: Sequence[SendEntry] = ()
    """Own messages that are not among `messages` yet, oldest first."""
    new_from: int | None = None
    """The first message that nobody of ours has seen."""
    start_reached: bool = False
    gap_after: int | None = None
    """After this message others may be missing: the feed was away and they are not read yet."""
    sealed: bool = False
    """Nothing can have been missed from the first of `messages` on."""
    as_of: float | None = None
    """When its end was last read from the server; None: never."""
    typing: tuple[Typing, ...] = ()


def thread(state: State, conversation_id: int, now: float | None = None) -> ThreadView:
    """The thread down from where it is known without a gap. `now` ends old typing."""
    held = state.threads.get(conversation_id)
    sends = _unproven(state, conversation_id, held)
    typing = typing_in(state, conversation_id, state.now if now is None else now)
    if held is None:
        return ThreadView(conversation_id, sends=sends, typing=typing)
    whole_from = 0
    if held.complete_from is not None and not held.start_reached:
        whole_from = bisect_left(held.ids, held.complete_from)
    following = state.link.state == "live" and held.epoch == state.epoch
    shown_from = held.ids[whole_from] if whole_from < len(held.ids) else 0
    return ThreadView(
        conversation_id=conversation_id,
        messages=held.messages[whole_from:],
        sends=sends,
        new_from=_new_from(state, conversation_id, held),
        start_reached=held.start_reached,
        gap_after=held.complete_to,
        sealed=following
        and held.complete_from is not None
        and held.complete_to is None
        and held.read_from is not None
        and held.read_from <= shown_from,
        as_of=held.as_of,
        typing=typing,
    )


def _unproven(state: State, conversation_id: int, held: Thread | None) -> tuple[SendEntry, ...]:
    """Own sends whose message does not stand in the thread."""
    waiting = [
        entry
        for entry in state.sends.values()
        if entry.conversation_id == conversation_id
        and not (held is not None and entry.message_id and held.find(entry.message_id))
    ]
    return tuple(sorted(waiting, key=lambda entry: entry.created_at))


def _new_from(state: State, conversation_id: int, held: Thread) -> int | None:
    """Messages after the time an agent last saw them; times are whole seconds (contract 2.1)."""
    shown = state.shown(conversation_id)
    if shown is None or not shown.unread_count:
        return None
    seen = shown.agent_last_seen_at or 0.0
    first = None
    for message in reversed(held.messages):
        if message.created_at <= seen:
            break
        if message.message_type == INCOMING:
            first = message.id
    return first


# --- people ----------------------------------------------------------------------------------


def hears(state: State) -> bool:
    """Whether the desk is told what happens now. Else presence and typing are of the past."""
    return state.link.state in ("live", "late")


def typing_in(state: State, conversation_id: int, now: float) -> tuple[Typing, ...]:
    """Who types in a conversation; nobody types for longer than 30 s without a new sign, and
    nobody is known to while the desk hears nothing."""
    if not state.typing or not hears(state):
        return ()
    return tuple(
        one
        for one in state.typing.values()
        if one.conversation_id == conversation_id and now - one.since < TYPING_LASTS
    )


def presence_of(state: State, agent: Agent) -> str:
    """online, busy or offline, as the last whole map said; before the first one as the agent
    list did (rule 13)."""
    if state.presence_at is None:
        return agent.availability
    return state.presence.get(agent.id, "offline")


def contact_online(state: State, contact_id: int) -> bool:
    """Whether the customer is known to be there now."""
    return hears(state) and state.contact_presence.get(contact_id) == "online"


def has_draft(state: State, conversation_id: int) -> bool:
    """Whether a reply or a note is being written."""
    return (conversation_id, False) in state.drafts or (conversation_id, True) in state.drafts


def drafted(state: State) -> set[int]:
    """The conversations with a draft in either mode."""
    return {conversation_id for conversation_id, _private in state.drafts}
