"""Drafts beyond this window: what other windows hold, and the one text that the server keeps.

The server's draft is shared by all agents and has no time, so it is read when a conversation is
opened, shown as an offer, and written on nothing but a key.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from revivatui.api.errors import ApiError
from revivatui.cache.store import CacheError
from revivatui.engine.context import LOG, Desk, sentence
from revivatui.state.events import ConversationOpened, Event, MinutePassed
from revivatui.state.events_desk import (
    LookChanged,
    OfferDeclined,
    OtherDraftsSeen,
    ServerDraftSeen,
)

if TYPE_CHECKING:
    from revivatui.engine.keeper import Keeper
    from revivatui.state.models import Draft
    from revivatui.state.offers import Offer


class Drafting:
    """Looks for other texts whenever the agent may want one, and hands ours over."""

    def __init__(self, desk: Desk, keeper: Keeper) -> None:
        self._desk = desk
        self._keeper = keeper
        self._wanted = asyncio.Event()
        keeper.drafted = self._wanted.set
        desk.listeners.append(self._hear)

    def _hear(self, event: Event) -> None:
        if isinstance(event, (ConversationOpened, LookChanged, MinutePassed)):
            self._wanted.set()
        if isinstance(event, ConversationOpened) and event.conversation_id is not None:
            self._desk.spawn(self._read(event.conversation_id), "looking for a draft")

    async def run(self) -> None:
        """Look at what other windows hold of the open conversation (loop)."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            open_id = self._desk.state.open_id
            if open_id is not None:
                await self._look(open_id)

    async def _look(self, conversation_id: int) -> None:
        try:
            found = await self._keeper.other_drafts()
        except CacheError as error:
            LOG.warning("drafts of other windows: %s", error)
            return
        here = tuple(one for one in found if one.conversation_id == conversation_id)
        self._desk.dispatch(OtherDraftsSeen(conversation_id, here))

    async def _read(self, conversation_id: int) -> None:
        """What the server keeps; where it does not say, nothing is offered."""
        try:
            text = await self._desk.ask(lambda client: client.draft(conversation_id))
        except ApiError as error:
            LOG.info("the server's draft of %d: %s", conversation_id, error.plain)
            return
        self._desk.dispatch(ServerDraftSeen(conversation_id, text))

    def take(self, offer: Offer) -> None:
        """Write this text from now on; what was written is kept beside it and offered."""
        key = (offer.conversation_id, offer.private)
        before = self._desk.state.drafts.get(key)
        if before is not None and self._is_held(before, but=offer):
            before = None
        self._keeper.draft(*key, offer.text)
        self._keeper.swap_draft(self._desk.state.drafts[key], before, offer.other)
        self._wanted.set()

    def _is_held(self, draft: Draft, but: Offer) -> bool:
        """Whether the server or another window holds this very text too."""
        state, number = self._desk.state, draft.conversation_id
        held = [one.text for one in state.other_drafts.get(number, ()) if one != but.other]
        return draft.text in (*held, state.server_drafts.get(number, ""))

    def decline(self, offer: Offer) -> None:
        """Do not offer this text again; a closed window's is forgotten."""
        self._desk.dispatch(OfferDeclined(offer.conversation_id, offer.text))
        if offer.other is not None:
            self._keeper.drop_draft(offer.other)
            self._wanted.set()

    def hand_over(self, conversation_id: int, over: str) -> None:
        """Put our reply in place of what the server keeps, if that is `over` or nothing."""
        draft = self._desk.state.drafts.get((conversation_id, False))
        if draft is not None:
            work = self._hand_over(conversation_id, draft.text, over)
            self._desk.spawn(work, "handing a draft over")

    async def _hand_over(self, conversation_id: int, text: str, over: str) -> None:
        try:
            held = await self._desk.ask(lambda client: client.draft(conversation_id))
            self._desk.dispatch(ServerDraftSeen(conversation_id, held))
            if held.strip() not in ("", over.strip(), text.strip()):
                self._desk.tell(
                    "warning",
                    "Not handed over: somebody put another draft there meanwhile.",
                    "Yours is still here.",
                )
                return
            await self._desk.ask(lambda client: client.put_draft(conversation_id, text))
        except ApiError as error:
            self._desk.tell("error", f"Not handed over. {sentence(error)}", "Yours is still here.")
            return
        self._desk.dispatch(ServerDraftSeen(conversation_id, text))
        self._desk.tell(
            "information", f"Handed over: every agent finds your draft in #{conversation_id}."
        )
