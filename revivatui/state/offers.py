"""Other texts for what is being written: from other windows, and the one the server keeps.

They are offered and never taken by themselves: the server's has no time, and nobody knows who of
all agents wrote it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.models import OUTGOING

if TYPE_CHECKING:
    from revivatui.state.models import OtherDraft
    from revivatui.state.state import State

SAID_LATELY: Final = 20
"""Messages of the thread that are looked at: what was said already is not offered again."""


class Offer(NamedTuple):
    """A text that could stand in the composer of a conversation."""

    conversation_id: int
    private: bool
    text: str
    other: OtherDraft | None
    """The window that holds it; None: the server keeps it."""


def offers(state: State, conversation_id: int | None, private: bool) -> list[Offer]:
    """What differs from what is written, other windows' first, the newest of them first."""
    if conversation_id is None:
        return []
    own = state.drafts.get((conversation_id, private))
    known = {own.text.strip() if own is not None else "", ""}
    known |= {text.strip() for text in state.declined.get(conversation_id, ())}
    known |= _said(state, conversation_id)
    found = []
    for offer in _all(state, conversation_id, private):
        if offer.text.strip() not in known:
            known.add(offer.text.strip())
            found.append(offer)
    return found


def _all(state: State, conversation_id: int, private: bool) -> list[Offer]:
    others = [one for one in state.other_drafts.get(conversation_id, ()) if one.private is private]
    others.sort(key=lambda one: one.saved_at, reverse=True)
    found = [Offer(conversation_id, private, one.text, one) for one in others]
    server = state.server_drafts.get(conversation_id)
    if server:
        found.append(Offer(conversation_id, private, server, None))
    return found


def _said(state: State, conversation_id: int) -> set[str]:
    """What was sent is no draft any more, whoever still keeps it as one."""
    thread = state.threads.get(conversation_id)
    if thread is None:
        return set()
    return {
        message.content.strip()
        for message in thread.messages[-SAID_LATELY:]
        if message.message_type == OUTGOING
    }
