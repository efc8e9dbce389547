"""Whether a reply still answers what its writer saw.

A reply is bound to the last message that was seen when it was written. What the customer or a
colleague said since then is shown before it leaves. Own messages, activity lines and what the
server says by itself (surveys, greetings) are no reason to wait.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from revivatui.state import journal
from revivatui.state.models import INCOMING, OUTGOING, Message, SendEntry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from revivatui.state.state import State


def is_news_to(me: int | None, message: Message) -> bool:
    """Whether somebody else said this: the customer, a colleague (in a note too), a bot."""
    if message.deleted:
        return False
    if message.message_type == INCOMING:
        return True
    if message.message_type != OUTGOING or message.sender is None:
        return False
    sender = message.sender
    return sender.kind != "user" or me is None or sender.id != me


def is_news(state: State, message: Message) -> bool:
    return is_news_to(state.me.id if state.me is not None else None, message)


def news(state: State, messages: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(message for message in messages if is_news(state, message))


def moved(state: State, conversation_id: int, seen_id: int) -> tuple[Message, ...]:
    """What others said in a thread after the message that was seen last, as far as it is held."""
    thread = state.threads.get(conversation_id)
    if thread is None:
        return ()
    return news(state, thread.messages[bisect_right(thread.ids, seen_id) :])


def words(state: State, newer: tuple[Message, ...]) -> str:
    """Who wrote meanwhile: "Ana Sousa wrote meanwhile.", "Ana Sousa and 2 others ..."."""
    names = list(dict.fromkeys(one.sender.name if one.sender else "The customer" for one in newer))
    if not names:
        return ""
    who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    count = f" {len(newer)} messages" if len(newer) > 1 else ""
    return f"{who} wrote{count} meanwhile."


def held_in(state: State, conversation_id: int | None) -> SendEntry | None:
    """The newest reply that is held in a conversation."""
    held = [
        entry
        for entry in state.sends.values()
        if entry.conversation_id == conversation_id and entry.state == journal.HELD
    ]
    return max(held, key=lambda entry: entry.created_at, default=None)


def newest_known(state: State, conversation_id: int) -> int:
    """The newest message that is known of a conversation, if only from its row; 0 for none."""
    thread = state.threads.get(conversation_id)
    conversation = state.conversations.get(conversation_id)
    preview = conversation.preview if conversation is not None else None
    return max(thread.newest_id if thread else 0, preview.id if preview else 0)
