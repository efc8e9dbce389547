"""Own messages on their way, as far as the server has shown them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.state import journal, topics
from revivatui.state.models import Message, SendEntry

if TYPE_CHECKING:
    from revivatui.state import events
    from revivatui.state.state import State
    from revivatui.state.topics import Topic


def put_send(state: State, entry: SendEntry, dirty: set[Topic]) -> None:
    state.sends[entry.reference] = entry
    conversation_id = entry.conversation_id
    thread = state.threads.get(conversation_id)
    if thread is not None:
        thread.version += 1
    dirty |= {topics.SENDS, topics.THREAD(conversation_id), topics.ROW(conversation_id)}


def prove_send(state: State, message: Message, dirty: set[Topic]) -> None:
    """The server shows a message: if it is one of ours on its way, it is sent (rule 2).

    The reference that the server keeps decides; where it keeps none the echo id does, from our
    own hand only: other people's echo ids arrive as well.
    """
    if not state.sends:
        return
    entry = state.sends.get(message.reference or "")
    if entry is None and message.echo_id is not None:
        sender = message.sender
        if sender is not None and sender.kind == "user" and state.me is not None:
            entry = state.sends.get(message.echo_id) if sender.id == state.me.id else None
    if entry is None or entry.conversation_id != message.conversation_id:
        return
    if entry.state != journal.SENT:
        put_send(state, journal.sent(entry, message.id), dirty)


def send_forgotten(state: State, event: events.SendForgotten) -> set[Topic]:
    entry = state.sends.pop(event.reference, None)
    if entry is None:
        return set()
    thread = state.threads.get(entry.conversation_id)
    if thread is not None:
        thread.version += 1
    conversation_id = entry.conversation_id
    return {topics.SENDS, topics.THREAD(conversation_id), topics.ROW(conversation_id)}


def forget_sent(state: State) -> None:
    """Entries whose message stands in its thread have nothing more to say."""
    for reference, entry in list(state.sends.items()):
        if entry.state == journal.SENT:
            del state.sends[reference]
