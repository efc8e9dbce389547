"""What the server says about messages: by id, never appended, never older over newer."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from revivatui.state import journal, topics, versions
from revivatui.state.hold import (
    by_known_name,
    count_unread,
    newer_preview,
    put_conversation,
)
from revivatui.state.models import ACTIVITY, INCOMING, Message
from revivatui.state.reduce_conversations import is_gone
from revivatui.state.reduce_sends import prove_send, put_send

if TYPE_CHECKING:
    from collections.abc import Iterable

    from revivatui.state import events
    from revivatui.state.state import State, Thread
    from revivatui.state.topics import Topic

THREADS_HELD: Final = 200
MESSAGES_HELD: Final = 12_000
"""Messages in memory besides the open thread's; older threads are the cache's."""
THREADS_ON_A_WALL: Final = 20
MESSAGES_ON_A_WALL: Final = 500
"""The same where nobody reads: a wallboard stays for weeks."""

AFTER_PAGE: Final = 100
"""Messages that an `after=` page can hold: a full one may not reach the newest (contract 3.2)."""


def arrived(state: State, event: events.MessageArrived) -> set[Topic]:
    """`message.created`: the first version of a message, so one held is never older."""
    told = event.message
    dirty: set[Topic] = set()
    _hear(state, told, event.at, dirty, created=True)
    _stop_typing(state, told, dirty)
    row = state.conversations.get(told.conversation_id)
    if row is None:
        return dirty
    activity = max(row.last_activity_at, told.created_at, event.last_activity_at or 0.0)
    _move_row(state, told, activity, dirty)
    return dirty


def updated(state: State, event: events.MessageUpdated) -> set[Topic]:
    """`message.updated` (rule 3); kept where its message is unknown."""
    dirty: set[Topic] = set()
    _hear(state, event.message, event.at, dirty, created=False)
    row = state.conversations.get(event.message.conversation_id)
    if row is not None:
        _move_row(state, event.message, row.last_activity_at, dirty)
    return dirty


def _hear(state: State, told: Message, at: float, dirty: set[Topic], *, created: bool) -> None:
    """Put a message of the cable into its thread."""
    told = by_known_name(state, told)
    conversation_id = told.conversation_id
    if is_gone(state, conversation_id, at):
        return
    if conversation_id not in state.conversations:
        state.unknown[conversation_id] = state.sequence
        dirty.add(topics.REREAD)
    thread = state.thread_of(conversation_id)
    if told.id > thread.newest_id:
        _note_gap(state, thread)
    if not created:  # an answer that has the message is never older than its creation
        thread.touched[told.id] = state.sequence
    held = thread.find(told.id)
    if held is None:
        _insert(state, thread, told)
    else:
        merged = _created_late(held, told) if created else _merged(held, told)
        if merged is held or merged == held:
            prove_send(state, told, dirty)
            return
        thread.put(merged)
    prove_send(state, told, dirty)
    dirty.add(topics.THREAD(conversation_id))
    make_room(state)


def _insert(state: State, thread: Thread, told: Message) -> None:
    thread.put(told)
    state.messages_held += 1


def _merged(held: Message, told: Message) -> Message:
    """A message of the cable over the one held."""
    if versions.older_message(held, told):
        return held
    version = told.updated_at if held.updated_at is None else held.updated_at
    return _marked(
        told,
        told.echo_id or held.echo_id,
        told.reference or held.reference,
        version if told.updated_at is None else told.updated_at,
    )


def _created_late(held: Message, told: Message) -> Message:
    """`message.created` of a message that is held: by then it was at least that new."""
    if not versions.older_creation(held, told):
        return _merged(held, told)
    return _marked(
        held,
        held.echo_id or told.echo_id,
        held.reference or told.reference,
        told.updated_at if held.updated_at is None else held.updated_at,
    )


def _marked(
    message: Message, echo_id: str | None, reference: str | None, version: float | None
) -> Message:
    """The message with these marks, itself where it has them."""
    held = (message.echo_id, message.reference, message.updated_at)
    if held == (echo_id, reference, version):
        return message
    return replace(message, echo_id=echo_id, reference=reference, updated_at=version)


def _move_row(
    state: State, told: Message, activity: float, dirty: set[Topic], *, counts: bool = True
) -> None:
    """What a message says about its conversation's row: activity, preview, unread (rule 7)."""
    row = state.conversations[told.conversation_id]
    memory = state.memory_of(row.id)
    if counts and told.message_type == INCOMING and told.id > memory.counted_to:
        memory.fresh |= {told.id}
    preview = row.preview
    if told.message_type != ACTIVITY:
        preview = newer_preview(row.preview, told)
    unread = count_unread(memory)
    if activity != row.last_activity_at or preview is not row.preview or unread != row.unread_count:
        moved = replace(row, last_activity_at=activity, preview=preview, unread_count=unread)
        put_conversation(state, moved, dirty)


def _stop_typing(state: State, told: Message, dirty: set[Topic]) -> None:
    if not state.typing or told.sender is None:
        return
    key = (told.conversation_id, told.sender.kind, told.sender.id)
    if state.typing.pop(key, None) is not None:
        dirty |= {topics.TYPING(told.conversation_id), topics.ROW(told.conversation_id)}


# --- pages -----------------------------------------------------------------------------------


def loaded(state: State, event: events.MessagesLoaded) -> set[Topic]:
    """A page of a thread by REST."""
    dirty: set[Topic] = {topics.THREAD(event.conversation_id)}
    thread = state.thread_of(event.conversation_id)
    newest_whole = thread.complete_to if thread.complete_to is not None else thread.newest_id
    _take_page(state, thread, event.messages, event.asked, dirty)
    ids = [message.id for message in event.messages]
    if event.edge == "newest":
        _join_newest(thread, ids, newest_whole, event.start_reached)
        _read_now(state, thread, 0 if event.start_reached else min(ids, default=0), event.at)
    elif event.edge == "newer":
        full = len(ids) >= AFTER_PAGE
        if thread.complete_from is None and ids:
            thread.complete_from = min(ids)
        thread.complete_to = max(ids) if full else None
        if not full:
            _join_newer(state, thread, event)
    elif event.edge == "older":
        _join_older(thread, ids, event.start_reached)
        _read_older(state, thread, ids, event.start_reached)
    thread.version += 1
    _move_row_after_page(state, event, dirty)
    make_room(state)
    return dirty


def _take_page(
    state: State, thread: Thread, messages: Iterable[Message], asked: int, dirty: set[Topic]
) -> None:
    for told in (by_known_name(state, one) for one in messages):
        held = thread.find(told.id)
        if held is None:
            _insert(state, thread, told)
        elif not _stands(thread, held, told, asked):
            echo_id, reference = told.echo_id or held.echo_id, told.reference or held.reference
            answered = _marked(told, echo_id, reference, held.updated_at)
            if answered != held:
                thread.put(answered)
        prove_send(state, told, dirty)


def _stands(thread: Thread, held: Message, told: Message, asked: int) -> bool:
    """Whether the message held is newer than one of an answer (which has no version)."""
    if held.deleted and not told.deleted:
        return True
    return versions.asked_too_early(thread.touched.get(told.id, -1), asked)


def _join_newest(thread: Thread, ids: list[int], newest_whole: int, start: bool) -> None:
    """The newest page joins what was whole where they overlap; else the older part has a gap."""
    thread.complete_to = None
    if start or not ids:
        thread.complete_from, thread.start_reached = 0, True
    elif thread.complete_from is None or min(ids) > newest_whole:
        thread.complete_from, thread.start_reached = min(ids), False
    else:
        thread.complete_from = min(thread.complete_from, min(ids))


def _join_newer(state: State, thread: Thread, event: events.MessagesLoaded) -> None:
    """The end of a row of pages: whole, and read, from where the row began."""
    ids = [message.id for message in event.messages]
    since = event.since if event.since is not None else min(ids, default=thread.newest_id)
    if thread.complete_from is not None and event.since is not None:
        thread.complete_from = min(thread.complete_from, since)
    _read_now(state, thread, since, event.at)


def _read_now(state: State, thread: Thread, from_id: int, at: float) -> None:
    """Its end was read just now, from this id on."""
    known = thread.read_from
    if thread.epoch != state.epoch or known is None:
        thread.read_from = from_id
    else:
        thread.read_from = min(known, from_id)
    thread.epoch, thread.as_of = state.epoch, at


def _read_older(state: State, thread: Thread, ids: list[int], start: bool) -> None:
    """An older page counts as read where it reaches what was."""
    if thread.epoch != state.epoch or thread.read_from is None:
        return
    nearest = thread.ids[: bisect_left(thread.ids, thread.read_from)]
    if ids and (not nearest or nearest[-1] <= max(ids)):
        thread.read_from = 0 if start else min(thread.read_from, *ids)


def threads_sealed(state: State, event: events.ThreadsSealed) -> set[Topic]:
    """Unchanged since they were last whole and read: they are so still."""
    dirty: set[Topic] = set()
    for conversation_id in event.conversation_ids:
        thread = state.threads.get(conversation_id)
        if thread is None or thread.complete_from is None or thread.complete_to is not None:
            continue
        if thread.epoch != state.epoch - 1 or thread.read_from is None:
            continue  # what was missed before the last cut is not known
        thread.epoch, thread.as_of = state.epoch, event.at
        dirty.add(topics.THREAD(conversation_id))
    return dirty


def _join_older(thread: Thread, ids: list[int], start: bool) -> None:
    """A page of the nearest older messages. A message held between it and what is whole shows
    that it was asked for from somewhere else: then it joins nothing."""
    whole_from = thread.complete_from
    if whole_from is None:
        return
    nearest = thread.ids[: bisect_left(thread.ids, whole_from)]
    if nearest and nearest[-1] != max(ids, default=None):
        return
    thread.complete_from = 0 if start else min([whole_from, *ids])
    thread.start_reached = thread.start_reached or start


def _note_gap(state: State, thread: Thread) -> None:
    """A newer message after a cut: between it and the last one held others may be missing."""
    if thread.complete_from is None or thread.complete_to is not None:
        return
    if thread.epoch != state.epoch:
        thread.complete_to = thread.newest_id


def _move_row_after_page(state: State, event: events.MessagesLoaded, dirty: set[Topic]) -> None:
    row = state.conversations.get(event.conversation_id)
    if row is None or not event.messages:
        return
    seen = row.agent_last_seen_at or 0.0
    thread = state.threads[event.conversation_id]
    for told in event.messages:
        row = state.conversations[event.conversation_id]
        activity = max(row.last_activity_at, told.created_at)
        held = thread.find(told.id) or told  # the cable may know it better by now
        _move_row(state, held, activity, dirty, counts=told.created_at > seen)


def send_changed(state: State, event: events.SendChanged) -> set[Topic]:
    """A journal entry moved on. What is proven sent stays so, whatever is told later."""
    entry = event.entry
    held = state.sends.get(entry.reference)
    if held is not None and held.state == journal.SENT and entry.state != journal.SENT:
        return set()
    dirty: set[Topic] = set()
    if event.message is not None:
        entry = journal.sent(entry, event.message.id)
    elif held is not None and held.message_id is not None and entry.message_id is None:
        entry = replace(entry, message_id=held.message_id)
    put_send(state, entry, dirty)
    if event.message is not None:
        thread = state.thread_of(entry.conversation_id)
        if event.message.id > thread.newest_id:
            _note_gap(state, thread)
        if thread.find(event.message.id) is None:
            _insert(state, thread, event.message)
        row = state.conversations.get(entry.conversation_id)
        if row is not None:
            activity = max(row.last_activity_at, event.message.created_at)
            _move_row(state, event.message, activity, dirty)
    return dirty


def cached(state: State, event: events.ThreadCached) -> set[Topic]:
    """What the disk kept: it never overwrites what was heard since."""
    thread = state.thread_of(event.conversation_id)
    for told in event.messages:
        if thread.find(told.id) is None:
            _insert(state, thread, by_known_name(state, told))
    if thread.complete_from is None and event.complete_from is not None and event.messages:
        newest = event.messages[-1].id if event.complete_to is None else event.complete_to
        thread.complete_from = event.complete_from
        thread.start_reached = event.start_reached
        thread.complete_to = newest if thread.newest_id > newest else None
        thread.as_of = event.as_of
    thread.version += 1
    make_room(state)
    return {topics.THREAD(event.conversation_id)}


def reached(state: State, event: events.ThreadReached) -> set[Topic]:
    """An older part of a thread, with a gap behind it: the thread is whole up to the gap only."""
    thread = state.thread_of(event.conversation_id)
    for told in event.messages:
        if thread.find(told.id) is None:
            _insert(state, thread, told)
    first = event.messages[0].id
    if thread.complete_from is None or first < thread.complete_from:
        thread.complete_from, thread.start_reached = first, False
        thread.complete_to = event.whole_to if thread.newest_id > event.whole_to else None
        thread.epoch, thread.read_from = -1, None
    thread.version += 1
    make_room(state)
    return {topics.THREAD(event.conversation_id), topics.VIEW}


def make_room(state: State) -> None:
    """Let the threads go that were not touched for longest; never the open one."""
    threads = state.threads
    most = MESSAGES_ON_A_WALL if state.hung_up else MESSAGES_HELD
    most_threads = THREADS_ON_A_WALL if state.hung_up else THREADS_HELD
    if state.messages_held <= most and len(threads) <= most_threads:
        return
    open_thread = threads.get(state.open_id) if state.open_id is not None else None
    spared = len(open_thread.ids) if open_thread is not None else 0
    while len(threads) > 1:
        if state.messages_held - spared <= most and len(threads) <= most_threads:
            return
        oldest = next(iter(threads))
        if oldest == state.open_id:
            threads.move_to_end(oldest)
        else:
            state.messages_held -= len(threads.pop(oldest).ids)
