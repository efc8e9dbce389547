"""What the server says about conversations and contacts, merged so that order does not matter.

The rules are those of `versions`; observed sections 3 and 4 give the reasons.
"""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from revivatui.state import topics, versions
from revivatui.state.hold import (
    count_unread,
    drop_conversation,
    interned,
    later,
    newer_preview,
    put_contact,
    put_conversation,
    tell_count,
)
from revivatui.state.models import ACTIVITY, INCOMING
from revivatui.state.reduce_own import settle_changes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from revivatui.state import events
    from revivatui.state.models import Contact, Conversation
    from revivatui.state.state import Memory, State
    from revivatui.state.topics import Topic

SEEN: Final = "seen"
"""The aspect of what agents have seen: unread_count and agent_last_seen_at."""

GONE_FOR: Final = 30.0
"""Seconds for which a conversation that was refused is not asked for again."""


def pushed(state: State, event: events.ConversationPushed) -> set[Topic]:
    """A conversation payload of the cable."""
    dirty: set[Topic] = set()
    told = interned(event.conversation)
    if event.contact is not None:
        _contact_pushed(state, event.contact, dirty)
    if is_gone(state, told.id, event.at):
        return dirty
    held = state.conversations.get(told.id)
    if held is None:
        _first_push(state, told, dirty)
    elif held.updated_at is not None and told.updated_at is not None:
        _versioned_push(state, held, told, dirty)
    else:
        _snapshot_push(state, held, told, event.event, dirty)
    return dirty


def is_gone(state: State, conversation_id: int, at: float) -> bool:
    """Whether it was refused a moment ago. Later its events ask for it again."""
    gone = state.gone.get(conversation_id)
    if gone is None:
        return False
    if at - gone[1] < GONE_FOR:
        return True
    state.unknown[conversation_id] = state.sequence
    return True


def _first_push(state: State, told: Conversation, dirty: set[Topic]) -> None:
    """Show it at once; read what the cable does not tell, and whether it is ours (rule 8)."""
    memory = state.memory_of(told.id)
    tell_count(memory, told)
    memory.payload_at = told.last_activity_at
    memory.touch((SEEN,), state.sequence)
    if told.updated_at is None:
        memory.touch(versions.ALL_ASPECTS, state.sequence)
        doubt(state, told.id, dirty)
    state.unknown[told.id] = state.sequence
    dirty.add(topics.REREAD)
    put_conversation(state, _with_heard(state, memory, told), dirty)


def _with_heard(state: State, memory: Memory, told: Conversation) -> Conversation:
    """A conversation seen for the first time, with what its messages already said."""
    activity, preview = told.last_activity_at, told.preview
    thread = state.threads.get(told.id)
    for message in thread.messages if thread is not None else ():
        activity = max(activity, message.created_at)
        if message.message_type != ACTIVITY:
            preview = newer_preview(preview, message)
        if message.message_type == INCOMING and message.id > memory.counted_to:
            memory.fresh |= {message.id}
    return replace(
        told, last_activity_at=activity, preview=preview, unread_count=count_unread(memory)
    )


def _versioned_push(
    state: State, held: Conversation, told: Conversation, dirty: set[Topic]
) -> None:
    """4.x: one version for the whole record (rule 4)."""
    assert held.updated_at is not None
    assert told.updated_at is not None
    fields = _grown(state, held, told, from_push=True)
    if not versions.older_save(held.updated_at, told.updated_at):
        fields |= _fields(told, versions.ALL_ASPECTS)
        fields["updated_at"] = max(held.updated_at, told.updated_at)
    put_conversation(state, replace(held, **fields), dirty)


def _snapshot_push(
    state: State, held: Conversation, told: Conversation, event: str, dirty: set[Topic]
) -> None:
    """3.9: a snapshot without a version. Take what the event is about, then ask (rule 5)."""
    memory = state.memory_of(held.id)
    aspects = versions.ASPECTS_OF_EVENT.get(event, versions.ALL_ASPECTS)
    fields = _grown(state, held, told, from_push=True)
    if not versions.older_snapshot(memory.payload_at, told.last_activity_at):
        fields |= _fields(told, aspects)
    if aspects:
        memory.touch(aspects, state.sequence)
        memory.payload_at = max(memory.payload_at, told.last_activity_at)
        doubt(state, held.id, dirty)
    put_conversation(state, replace(held, **fields), dirty)


def read(state: State, event: events.ConversationsRead) -> set[Topic]:
    """Conversations read by REST outside a list page."""
    dirty: set[Topic] = set()
    merge_read(state, event.conversations, event.contacts, event.asked, dirty)
    if event.contact_id is not None:
        state.contacts_read[event.contact_id] = (state.epoch, event.at)
        dirty.add(topics.CONTACT(event.contact_id))
    return dirty


def merge_read(
    state: State,
    conversations: Iterable[Conversation],
    contacts: Iterable[Contact],
    asked: int,
    dirty: set[Topic],
) -> None:
    """Take over what REST answered to a question that left at `asked` (`State.sequence`)."""
    for contact in contacts:
        _contact_read(state, contact, asked, dirty)
    for told in conversations:
        gone = state.gone.get(told.id)
        if gone is not None:
            if versions.asked_too_early(gone[0], asked):
                continue
            del state.gone[told.id]
        _read_one(state, interned(told), asked, dirty)


def _read_one(state: State, told: Conversation, asked: int, dirty: set[Topic]) -> None:
    held = state.conversations.get(told.id)
    memory = state.memory_of(told.id)
    if held is None:
        tell_count(memory, told)
        row = _with_heard(state, memory, told)
    elif held.updated_at is not None and told.updated_at is not None:
        row = _versioned_read(state, memory, held, told, asked)
    else:
        row = _snapshot_read(state, memory, held, told, asked)
    memory.payload_at = max(memory.payload_at, told.last_activity_at)
    memory.read_at = state.sequence
    settle_doubts(state, told.id, asked)
    put_conversation(state, row, dirty)
    if state.settling:
        settle_changes(state, told.id, asked, dirty)


def _versioned_read(
    state: State, memory: Memory, held: Conversation, told: Conversation, asked: int
) -> Conversation:
    assert held.updated_at is not None
    assert told.updated_at is not None
    if versions.older_save(held.updated_at, told.updated_at):
        muted = told.muted if held.muted is None else held.muted
        return replace(held, **_grown(state, held, told, from_push=False), muted=muted)
    fields = _grown(state, held, told, from_push=False) | _fields(told, versions.ALL_ASPECTS)
    fields["updated_at"] = max(held.updated_at, told.updated_at)
    fields |= _seen(state, memory, held, told, asked)
    return replace(held, **fields, muted=told.muted)


def _snapshot_read(
    state: State, memory: Memory, held: Conversation, told: Conversation, asked: int
) -> Conversation:
    """An aspect that the cable told of since the question left stays as the cable told it, and
    the doubt about it stands."""
    overtaken = memory.read_at > asked and told.last_activity_at <= memory.payload_at
    aspects = [
        aspect
        for aspect in versions.ALL_ASPECTS
        if not versions.asked_too_early(memory.touched.get(aspect, -1), asked)
    ]
    fields = _grown(state, held, told, from_push=False)
    fields |= {} if overtaken else _fields(told, aspects)
    fields |= _seen(state, memory, held, told, asked)
    row = replace(held, **fields, muted=told.muted)
    if overtaken and any(getattr(told, name) != getattr(row, name) for name in _field_names()):
        # Two answers under way at once, and nothing tells which is the newer.
        state.doubts[held.id] = state.sequence
    return row


def _fields(told: Conversation, aspects: Iterable[str]) -> dict[str, Any]:
    return {
        name: getattr(told, name) for aspect in aspects for name in versions.ASPECT_FIELDS[aspect]
    }


def _field_names() -> list[str]:
    return [name for names in versions.ASPECT_FIELDS.values() for name in names]


def _grown(
    state: State, held: Conversation, told: Conversation, *, from_push: bool
) -> dict[str, Any]:
    """What can only grow, and so may be taken from any payload, however old."""
    fields: dict[str, Any] = {
        "last_activity_at": max(held.last_activity_at, told.last_activity_at),
        "contact_last_seen_at": later(held.contact_last_seen_at, told.contact_last_seen_at),
        "preview": newer_preview(held.preview, told.preview),
    }
    memory = state.memory_of(held.id)
    if versions.newer_count(
        held.agent_last_seen_at,
        memory.counted_to,
        told.agent_last_seen_at,
        versions.counted_to(told),
    ):
        tell_count(memory, told)
        fields["agent_last_seen_at"] = told.agent_last_seen_at
        if from_push:
            memory.touch((SEEN,), state.sequence)
    fields["unread_count"] = count_unread(memory)
    return fields


def _seen(
    state: State, memory: Memory, held: Conversation, told: Conversation, asked: int
) -> dict[str, Any]:
    """An answer that nothing overtook is the truth about unread, also when the count went up
    again by somebody's "mark unread" (which moves no version)."""
    overtaken = memory.read_at > asked
    if overtaken or versions.asked_too_early(memory.touched.get(SEEN, -1), asked):
        return {}
    tell_count(memory, told)
    return {
        "agent_last_seen_at": told.agent_last_seen_at,
        "unread_count": count_unread(memory),
    }


def doubt(state: State, conversation_id: int, dirty: set[Topic]) -> None:
    """Read it again soon: only the server's answer to a later question is sure (rule 5)."""
    state.doubts[conversation_id] = state.sequence
    dirty.add(topics.REREAD)


def settle_doubts(state: State, conversation_id: int, asked: int) -> None:
    for doubts in (state.doubts, state.unknown):
        raised = doubts.get(conversation_id)
        if raised is not None and not versions.asked_too_early(raised, asked):
            del doubts[conversation_id]


def gone(state: State, event: events.ConversationGone) -> set[Topic]:
    """Hide it; the sign-in is fine (rule 8)."""
    dirty: set[Topic] = set()
    state.gone[event.conversation_id] = (state.sequence, state.now)
    state.unknown.pop(event.conversation_id, None)
    drop_conversation(state, event.conversation_id, dirty)
    return dirty


# --- contacts --------------------------------------------------------------------------------


def contact_seen(state: State, event: events.ContactSeen) -> set[Topic]:
    """`contact.created`, `.updated`, `.merged`. Every incoming message brings one unchanged."""
    dirty: set[Topic] = set()
    _contact_pushed(state, event.contact, dirty)
    if topics.CONTACT(event.contact.id) in dirty and event.event != "contact.created":
        state.contact_doubts[event.contact.id] = state.sequence
        dirty.add(topics.REREAD)
    return dirty


_TOLD_OF_CONTACT: Final = attrgetter(
    "name",
    "email",
    "phone_number",
    "identifier",
    "blocked",
    "additional_attributes",
    "custom_attributes",
)


def _contact_pushed(state: State, told: Contact, dirty: set[Topic]) -> None:
    """The cable tells neither availability nor times: those stay as they were (contract 7.5)."""
    held = state.contacts.get(told.id)
    if held is not None:
        if _TOLD_OF_CONTACT(held) == _TOLD_OF_CONTACT(told):
            return
        told = replace(
            told,
            availability=held.availability,
            blocked=held.blocked if told.blocked is None else told.blocked,
            last_activity_at=later(held.last_activity_at, told.last_activity_at),
            created_at=held.created_at if told.created_at is None else told.created_at,
        )
    if put_contact(state, told, dirty):
        state.contact_touched[told.id] = state.sequence


def _contact_read(state: State, told: Contact, asked: int, dirty: set[Topic]) -> None:
    if versions.asked_too_early(state.contact_touched.get(told.id, -1), asked):
        return
    raised = state.contact_doubts.get(told.id)
    if raised is not None and not versions.asked_too_early(raised, asked):
        del state.contact_doubts[told.id]
    put_contact(state, told, dirty)


def contact_deleted(state: State, event: events.ContactDeleted) -> set[Topic]:
    """Its conversations go with it on the server; reading them says so."""
    dirty: set[Topic] = set()
    if state.contacts.pop(event.contact_id, None) is not None:
        dirty.add(topics.CONTACT(event.contact_id))
    for row in state.conversations.values():
        if row.contact_id == event.contact_id:
            doubt(state, row.id, dirty)
    return dirty
