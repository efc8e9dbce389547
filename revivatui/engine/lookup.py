"""Whether a message whose answer was lost is on the server (observed 2.7, rule 2).

Where the server keeps our reference, that is looked for. Where it keeps none, text, sender and
time are compared, and where that is not sure, nobody pretends it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from revivatui.engine.context import Desk
from revivatui.state.events import MessagesLoaded
from revivatui.state.models import OUTGOING, Message, SendEntry

if TYPE_CHECKING:
    from revivatui.api.answers import Messages

MOST_PAGES = 5
CLOCKS_APART = 120.0
"""Seconds that our clock and the server's may differ; older messages are not ours."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look for a message gave."""

    message: Message | None
    sure: bool
    """With no message: it is certain that the server does not have it."""


def keeps_reference(desk: Desk, entry: SendEntry) -> bool:
    """Whether the server keeps our reference with this message (observed 2.7)."""
    assert desk.client is not None
    return desk.client.keeps_reference(channel_of(desk, entry), entry.private)


def channel_of(desk: Desk, entry: SendEntry) -> str:
    """The kind of channel, "" where it is not known: then no reference goes along on 3.9."""
    conversation = desk.state.conversations.get(entry.conversation_id)
    inbox = desk.state.inboxes.get(conversation.inbox_id if conversation else entry.inbox_id)
    return inbox.channel_type if inbox else conversation.channel if conversation else ""


async def look_up(desk: Desk, entry: SendEntry, newer_than: int | None) -> Found:
    """Look among the newest messages, back to `newer_than` (an id) or the entry's own time.

    What is read goes to the state as well. Raises any `ApiError`.
    """
    marked = keeps_reference(desk, entry)
    before: int | None = None
    like_it = 0
    for _ in range(MOST_PAGES):
        page = await _page(desk, entry.conversation_id, before)
        for message in reversed(page.messages):
            if marked and message.reference == entry.reference:
                return Found(message, sure=True)
            if not marked and _may_be(desk, entry, message, newer_than):
                if message.content.split() == entry.content.split():
                    return Found(message, sure=True)
                like_it += 1
        if page.complete or not page.messages or _is_before(page.messages[0], entry, newer_than):
            break
        before = page.messages[0].id
    return Found(None, sure=marked or (newer_than is not None and like_it == 0))


async def _page(desk: Desk, conversation_id: int, before: int | None) -> Messages:
    asked = desk.state.sequence
    page = await desk.ask(lambda client: client.messages(conversation_id, before=before))
    desk.dispatch(
        MessagesLoaded(
            conversation_id=conversation_id,
            messages=page.messages,
            edge="newest" if before is None else "found",
            start_reached=before is None and page.complete,
            asked=asked,
            at=desk.now(),
        )
    )
    return page


def _is_before(message: Message, entry: SendEntry, newer_than: int | None) -> bool:
    if newer_than is not None:
        return message.id <= newer_than
    return message.created_at < entry.created_at - CLOCKS_APART


def _may_be(desk: Desk, entry: SendEntry, message: Message, newer_than: int | None) -> bool:
    """Ours, of this kind, since then, and not proof of another send. The text may differ: the
    server fills templates in (contract 3.3)."""
    me = desk.state.me
    taken = {one.message_id for one in desk.state.sends.values() if one.state == "sent"}
    return (
        message.message_type == OUTGOING
        and message.private == entry.private
        and me is not None
        and message.sender is not None
        and (message.sender.kind, message.sender.id) == ("user", me.id)
        and not _is_before(message, entry, newer_than)
        and message.id not in taken
    )
