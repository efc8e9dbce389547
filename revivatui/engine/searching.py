"""Finding words in messages: on this machine at once, by the server's own search beside it; and
showing a message that was found."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING

from revivatui.api.errors import ApiError
from revivatui.cache.store import CacheError
from revivatui.engine.context import Desk, sentence
from revivatui.state.events import (
    ConversationOpened,
)
from revivatui.state.events_search import MessageSought, SearchFailed, SearchFound, SearchStarted
from revivatui.state.reduce_session import FOLLOWING
from revivatui.state.searching import MACHINE, MOST, SERVER, Query, hit_of, query_of
from revivatui.state.select import thread as thread_view
from revivatui.text.fold import fold

if TYPE_CHECKING:
    from revivatui.engine.keeper import Keeper
    from revivatui.engine.reading import Reading
    from revivatui.state.models import Message

SHORTEST_ASKED = 2
"""Letters below which the server is not asked: it would find half of everything."""
SERVER_PAGE = 15
"""Hits of a full answer (3.9: ten)."""

OFFLINE = "No connection: only this machine was searched."
ONE_ONLY = "The server cannot search one conversation alone."
NO_WORDS = "The server looks for words only."
NOT_KEPT = "That message is not kept on this machine, and there is no connection to read it."
NOT_THERE = "That message is not there any more."


class Searching:
    """One search at a time; a newer one drops what an older one still waits for."""

    def __init__(self, desk: Desk, keeper: Keeper, reading: Reading) -> None:
        self._desk = desk
        self._keeper = keeper
        self._reading = reading
        self._number = 0
        self._task: asyncio.Task[None] | None = None

    # --- looking ------------------------------------------------------------------------------

    def find(self, text: str, conversation_id: int | None) -> None:
        self._number += 1
        if self._task is not None:
            self._task.cancel()
        query = query_of(text)
        if query.empty:
            text = ""
        self._desk.dispatch(SearchStarted(self._number, text, conversation_id))
        if text:
            work = self._find(self._number, query, conversation_id)
            self._task = self._desk.spawn(work, "searching")

    async def _find(self, number: int, query: Query, conversation_id: int | None) -> None:
        await self._on_this_machine(number, query, conversation_id)
        reason = self._why_not_ask(query, conversation_id)
        if not reason:
            await asyncio.sleep(self._desk.timing.search_quiet)
            reason = await self._on_the_server(number, query)
        if reason:
            self._desk.dispatch(SearchFailed(number, SERVER, reason))

    async def _on_this_machine(
        self, number: int, query: Query, conversation_id: int | None
    ) -> None:
        began = time.perf_counter()
        try:
            hits = await self._keeper.find(query, conversation_id)
        except CacheError as error:
            self._desk.dispatch(SearchFailed(number, MACHINE, str(error)))
            return
        took = time.perf_counter() - began
        self._desk.dispatch(SearchFound(number, MACHINE, hits[:MOST], took, more=len(hits) > MOST))

    def _why_not_ask(self, query: Query, conversation_id: int | None) -> str:
        """Why the server is not asked, as a sentence; "" where it is."""
        if conversation_id is not None:
            return ONE_ONLY
        if not query.words:
            return NO_WORDS
        if self._desk.state.link.state not in (*FOLLOWING, "catching_up"):
            return OFFLINE
        if len(" ".join(query.words)) < SHORTEST_ASKED:
            return f"The server is asked from {SHORTEST_ASKED} letters on."
        return ""

    async def _on_the_server(self, number: int, query: Query) -> str:
        """Ask the server; gives why that failed, as a sentence."""
        began = time.perf_counter()
        text = " ".join(query.words)
        try:
            found = await self._desk.ask(lambda client: client.search_messages(text))
        except ApiError as error:
            return sentence(error)
        took = time.perf_counter() - began
        hits = tuple(hit_of(one, query, source=SERVER) for one in found if _fits(one, query))
        full = len(found) in (10, SERVER_PAGE)
        self._desk.dispatch(SearchFound(number, SERVER, hits, took, more=full))
        return ""

    # --- showing a message that was found -----------------------------------------------------

    def show(self, conversation_id: int, message_id: int) -> None:
        """Put the thread on screen at once; the message follows when it is loaded."""
        self._desk.dispatch(ConversationOpened(conversation_id))
        self._desk.dispatch(MessageSought(conversation_id, message_id))
        self._desk.spawn(self._show(conversation_id, message_id), "opening a message")

    async def _show(self, conversation_id: int, message_id: int) -> None:
        await self._reading.kept(conversation_id)
        if self._desk.state.link.state not in (*FOLLOWING, "catching_up"):
            if not self._shown(conversation_id, message_id):
                await self._keeper.load_down_to(conversation_id, message_id)
            self._end(conversation_id, message_id, NOT_KEPT)
            return
        await self._reading.keep_bringing(conversation_id)
        if not self._shown(conversation_id, message_id):
            await self._reading.down_to(conversation_id, message_id)
        self._end(conversation_id, message_id, NOT_THERE)

    def _shown(self, conversation_id: int, message_id: int) -> bool:
        messages = thread_view(self._desk.state, conversation_id).messages
        place = bisect_left(messages, message_id, key=attrgetter("id"))
        return place < len(messages) and messages[place].id == message_id

    def _end(self, conversation_id: int, message_id: int, words: str) -> None:
        """Say so where the message cannot be shown."""
        if not self._shown(conversation_id, message_id):
            self._desk.dispatch(MessageSought(conversation_id, None))
            self._desk.tell("warning", words)


def _fits(message: Message, query: Query) -> bool:
    """Whether a message of the server's answer fits what only we can tell apart."""
    name = fold(message.sender.name if message.sender else "")
    return (
        all(fold(who) in name for who in query.who)
        and (query.since is None or message.created_at >= query.since)
        and (query.until is None or message.created_at < query.until)
    )
