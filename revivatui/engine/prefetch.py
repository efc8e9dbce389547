"""Reading ahead: the newest page of threads that were never read here, so that they open with no
network. One at a time, while nothing else is asked; nothing is marked read, and nothing of it
goes through the state: a thread that nobody opens costs the disk and no memory.
"""

from __future__ import annotations

import asyncio
from heapq import nlargest
from typing import TYPE_CHECKING, Final

from revivatui.api.errors import ApiError, Forbidden, NotFound, RateLimited
from revivatui.cache.snapshot import ThreadPart
from revivatui.cache.store import CacheError
from revivatui.engine.context import LOG, Desk

if TYPE_CHECKING:
    from revivatui.api.answers import Messages
    from revivatui.engine.keeper import Keeper
    from revivatui.state.models import Conversation

MOST: Final = 500
"""Threads that are to open with no network: the agent's own first, then the latest."""


class Prefetch:
    """One loop; it stops at the first error and looks again a good while later."""

    def __init__(self, desk: Desk, keeper: Keeper) -> None:
        self._desk = desk
        self._keeper = keeper
        self._wake = asyncio.Event()
        self._refused: set[int] = set()
        """Conversations that are not there for us."""

    def look(self, _topics: object = None) -> None:
        """The connection or the list changed: there may be something to read ahead."""
        self._wake.set()

    async def run(self) -> None:
        """Read ahead for as long as the engine lives (loop)."""
        timing = self._desk.timing
        while self._keeper.keeps:
            await self._wake.wait()
            self._wake.clear()
            pause = timing.prefetch_rest if self._desk.state.link.state == "live" else 0.0
            try:
                for conversation_id in await self._wanted():
                    if not await self._turn():
                        break
                    await self._read(conversation_id)
            except RateLimited as error:
                pause = max(timing.prefetch_after_error, error.wait)
            except (ApiError, CacheError) as error:
                LOG.info("reading ahead stopped: %s", error)
                pause = timing.prefetch_after_error
            await asyncio.sleep(pause)

    async def _wanted(self) -> list[int]:
        """Conversations to read ahead, most wanted first. Raises CacheError."""
        state = self._desk.state
        if state.link.state != "live":
            return []
        kept = await self._keeper.kept_threads()
        me = state.me.id if state.me is not None else None

        def worth(row: Conversation) -> tuple[bool, float]:
            return row.assignee_id == me, row.last_activity_at

        rows = nlargest(MOST, state.conversations.values(), key=worth)
        return [row.id for row in rows if row.id not in kept and row.id not in self._refused]

    async def _turn(self) -> bool:
        """Wait until nothing else was asked for a while. False: the connection is not live."""
        desk = self._desk
        while desk.state.link.state == "live":
            before = desk.calls
            await asyncio.sleep(desk.timing.prefetch_every)
            if desk.calls == before and not desk.asking:
                return desk.state.link.state == "live"
        return False

    def _known(self, conversation_id: int) -> bool:
        """Whether the state follows the thread itself, or has forgotten the conversation."""
        state = self._desk.state
        thread = state.threads.get(conversation_id)
        followed = thread is not None and thread.complete_from is not None
        return followed or conversation_id not in state.conversations

    async def _read(self, conversation_id: int) -> None:
        """Raises any `ApiError` but those that say that it is not there for us."""
        if self._known(conversation_id):
            return
        at = self._desk.now()
        try:
            page = await self._desk.ask(lambda client: client.messages(conversation_id))
        except (NotFound, Forbidden):
            self._refused.add(conversation_id)
            return
        if not self._known(conversation_id):
            await self._keeper.keep_thread(_part_of(conversation_id, page, at))


def _part_of(conversation_id: int, page: Messages, at: float) -> ThreadPart:
    """The page as a thread that is whole up to its last message: news may have come meanwhile."""
    ids = [message.id for message in page.messages]
    return ThreadPart(
        conversation_id=conversation_id,
        messages=page.messages,
        complete_from=0 if page.complete or not ids else min(ids),
        complete_to=max(ids, default=None),
        start_reached=page.complete,
        as_of=at,
    )
