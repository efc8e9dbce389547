"""Putting a conversation or a contact where it belongs, and keeping the lists sorted after it."""

from __future__ import annotations

from dataclasses import replace
from sys import intern
from typing import TYPE_CHECKING, Final

from revivatui.state import sharing, topics, versions
from revivatui.state.models import NO_ATTRIBUTES, Contact, Conversation, Message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from revivatui.state.state import Memory, State
    from revivatui.state.topics import Topic

MOST_UNREAD: Final = 10
"""Where the server stops counting (contract 2.1)."""

PREVIEW_LENGTH: Final = 200
"""Characters of a message that a row can need; the whole text is the thread's."""

DELETED: Final[Mapping[str, Any]] = {"deleted": True}

_COUNTED: Final = ("status", "assignee_id", "assignee_kind", "inbox_id", "team_id", "labels")


def put_conversation(state: State, row: Conversation, dirty: set[Topic]) -> None:
    """Make this the truth about a conversation, and say what that changes."""
    held = state.conversations.get(row.id)
    if held == row:
        return
    state.conversations[row.id] = row
    if row.id in state.overlays:
        lay_over(state, row.id, dirty)
    else:
        place(state, row, dirty)
    if held is None or any(getattr(held, name) != getattr(row, name) for name in _COUNTED):
        state.stale_counts = state.sequence
        dirty.add(topics.REREAD)
    dirty.add(topics.ROW(row.id))


def place(state: State, shown: Conversation, dirty: set[Topic]) -> None:
    """Move a row to where it now belongs in every list that is kept sorted."""
    for view, index in state.indexes.items():
        if index.update(shown) and view == state.view:
            dirty.add(topics.ORDER)


def lay_over(state: State, conversation_id: int, dirty: set[Topic]) -> None:
    """Show a conversation as the agent's changes on their way will leave it.

    A held change is only announced: until it leaves, the conversation is what it was. A done one
    that the truth shows by now is settled and needs no laying over any more.
    """
    truth = state.conversations.get(conversation_id)
    if truth is None:
        return
    fields: dict[str, Any] = {}
    for change in state.changes.values():
        if change.conversation_id != conversation_id:
            continue
        if change.held:
            continue
        if change.state in ("waiting", "sending"):
            fields |= change.after
        elif change.id in state.settling:
            if all(getattr(truth, name) == value for name, value in change.after.items()):
                del state.settling[change.id]
            else:
                fields |= change.after
    before = state.shown(conversation_id)
    if fields:
        shown = state.overlays[conversation_id] = replace(truth, **fields)
    else:
        state.overlays.pop(conversation_id, None)
        shown = truth
    if shown != before:
        dirty.add(topics.ROW(conversation_id))
    place(state, shown, dirty)


def drop_conversation(state: State, conversation_id: int, dirty: set[Topic]) -> None:
    """Forget a conversation, its thread and what was known about it."""
    if state.conversations.pop(conversation_id, None) is None:
        return
    state.memories.pop(conversation_id, None)
    state.overlays.pop(conversation_id, None)
    state.doubts.pop(conversation_id, None)
    thread = state.threads.pop(conversation_id, None)
    if thread is not None:
        state.messages_held -= len(thread.ids)
        dirty.add(topics.THREAD(conversation_id))
    for view, index in state.indexes.items():
        if index.remove(conversation_id) and view == state.view:
            dirty.add(topics.ORDER)
    state.stale_counts = state.sequence
    dirty |= {topics.ROW(conversation_id), topics.REREAD}


def as_preview(message: Message | None) -> Message | None:
    """A message as a row needs it: short, and without what only a thread shows."""
    if message is None:
        return None
    slim = DELETED if message.deleted else NO_ATTRIBUTES
    return replace(
        sharing.message(message),
        content=message.content[:PREVIEW_LENGTH],
        content_attributes=slim,
        echo_id=None,
    )


def newer_preview(held: Message | None, told: Message | None) -> Message | None:
    """The one of two previews that is newer: by id, then by the message's own version."""
    if told is None or (held is not None and held.id > told.id):
        return held
    if held is None or held.id < told.id:
        return as_preview(told)
    if versions.older_message(held, told):
        return held
    if told.updated_at is None:
        told = replace(told, updated_at=held.updated_at)
    told = as_preview(told)
    return held if held == told else told


def interned(row: Conversation) -> Conversation:
    """The same record with its often repeated words shared, in whole seconds where the two
    doors of the server tell them differently (contract 7.3), and with a short preview."""
    return replace(
        row,
        status=intern(row.status),
        channel=intern(row.channel),
        assignee_kind=intern(row.assignee_kind),
        priority=None if row.priority is None else intern(row.priority),
        labels=tuple(map(intern, row.labels)),
        additional_attributes=sharing.attributes(row.additional_attributes),
        custom_attributes=sharing.attributes(row.custom_attributes),
        first_reply_at=None if row.first_reply_at is None else float(int(row.first_reply_at)),
        preview=as_preview(row.preview),
    )


def count_unread(memory: Memory) -> int:
    """The server's number and what came since."""
    return min(MOST_UNREAD, memory.unread_told + len(memory.fresh))


def tell_count(memory: Memory, row: Conversation) -> None:
    """Take over the server's number from a payload."""
    memory.unread_told = row.unread_count
    memory.counted_to = versions.counted_to(row)
    if memory.fresh:
        memory.fresh = frozenset(one for one in memory.fresh if one > memory.counted_to)


def later(held: float | None, told: float | None) -> float | None:
    """The later of two times that can only grow."""
    if held is None or told is None:
        return told if held is None else held
    return max(held, told)


def put_contact(state: State, told: Contact, dirty: set[Topic]) -> bool:
    """Make this the truth about a contact; tells whether anything changed."""
    held = state.contacts.get(told.id)
    if held == told:
        return False
    state.contacts[told.id] = sharing.contact(told)
    if held is not None and held.name != told.name:
        _rename(state, told, dirty)
    dirty.add(topics.CONTACT(told.id))
    return True


def _rename(state: State, contact: Contact, dirty: set[Topic]) -> None:
    """Messages name their sender as it was when they were told: those held learn the new name."""
    for thread in state.threads.values():
        row = state.conversations.get(thread.conversation_id)
        if row is not None and row.contact_id == contact.id:
            thread.messages[:] = [named(message, contact) for message in thread.messages]
            thread.version += 1
            dirty.add(topics.THREAD(thread.conversation_id))


def named(message: Message, contact: Contact) -> Message:
    """The message with its customer's present name."""
    sender = message.sender
    if sender is None or sender.kind != "contact" or sender.id != contact.id:
        return message
    return (
        message
        if sender.name == contact.name
        else replace(message, sender=replace(sender, name=contact.name))
    )


def by_known_name(state: State, message: Message) -> Message:
    """The message with the name that is held of its customer: an answer that was asked for early
    may still call them by an old one, and what is held is what a sealed list or contact says."""
    sender = message.sender
    if sender is None or sender.kind != "contact":
        return message
    contact = state.contacts.get(sender.id)
    return message if contact is None else named(message, contact)
