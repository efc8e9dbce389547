"""The resolved conversations that are kept, as far as somebody wants to learn from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from revivatui.cache import codec
from revivatui.cache.finder import BROKEN

if TYPE_CHECKING:
    from revivatui.state.models import Conversation, Message

LOOKED_AT: Final = 1000
"""The newest conversations of any state that are looked at."""
LAST: Final = 20
"""Messages of each."""

Rows = Callable[[str, Sequence[object]], list[tuple[Any, ...]]]


def resolved(rows: Rows, most: int) -> Iterator[tuple[Conversation, list[Message]]]:
    """The resolved conversations that were active last, with their last messages, oldest first.

    Nothing is locked between two conversations: the desk goes on writing meanwhile.
    """
    found = 0
    bodies = rows("SELECT body FROM conversations ORDER BY active_at DESC LIMIT ?", (LOOKED_AT,))
    for (body,) in bodies:
        try:
            conversation = codec.conversation(body)
        except BROKEN:
            continue
        if conversation.status != "resolved":
            continue
        messages = list(_messages(rows, conversation.id))
        if messages:
            yield conversation, messages
            found += 1
            if found == most:
                return


def _messages(rows: Rows, conversation_id: int) -> Iterator[Message]:
    bodies = rows(
        "SELECT body FROM messages WHERE conversation_id = ? ORDER BY id DESC LIMIT ?",
        (conversation_id, LAST),
    )
    for (body,) in reversed(bodies):
        try:
            yield codec.message(body)
        except BROKEN:
            continue
