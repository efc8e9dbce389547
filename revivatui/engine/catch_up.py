"""What was missed while the feed was away, read in small bounded steps (observed rule 9).

After a short absence the server is asked what changed meanwhile. After a long one that question
would ask for too much (500 after 15 s), so the list is paged, newest first, until ground that is
already known. Then the threads that changed, notifications, cache keys and counts.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from revivatui.api.errors import ApiError, AuthExpired, NotFound, ServerDown, Timeout
from revivatui.engine.context import LOG, Desk, sentence
from revivatui.state.events import (
    AgentsLoaded,
    CacheKeysSeen,
    CannedLoaded,
    ConversationsRead,
    LinkChanged,
    ThreadsSealed,
)
from revivatui.state.models import Conversation, ListView

if TYPE_CHECKING:
    from revivatui.engine.people import People
    from revivatui.engine.reading import Reading
    from revivatui.engine.reread import Reread

Step = Callable[[], Awaitable[None]]

MARGIN = 15
"""Seconds asked for beyond the absence: what was saved just before it may be told late."""
MOST_PAGES = 20
MOST_THREADS = 200
"""As many as the state holds: two or three questions of some 35 ms each, a few at once."""
AT_ONCE = 4
COMPARED = ("updated_at", "last_activity_at", "status", "assignee_id", "unread_count")
EVERYTHING = ListView(tab="all", status="all", sort="last_activity_at_desc")


class CatchUp:
    """One catch-up at a time, after each confirmed subscription."""

    def __init__(self, desk: Desk, reading: Reading, reread: Reread, people: People) -> None:
        self._desk = desk
        self._people = people
        self._reading = reading
        self._reread = reread
        self._changed: set[int] = set()
        """Conversations that were found changed: their threads are read too."""
        self._ground: dict[int, Conversation] = {}
        """What was held when the catch-up began: a page that only repeats it is known ground."""
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._lists_known = False
        self._answered_for_all = False
        """The server named every conversation that was touched since the gap began."""

    async def first_look(self) -> None:
        """The list, while the feed still does not confirm: there is something to look at."""
        await self._first_page()

    async def run(self, gap: float | None, replay: Callable[[], None]) -> None:
        """Read what was missed in `gap` seconds (None: nothing was ever seen).

        Calls `replay` as soon as the frames that came meanwhile may be applied. Steps that fail
        are tried again until they work. Raises AuthExpired only.
        """
        LOG.info("catching up %s", "from nothing" if gap is None else f"{gap:.0f} s")
        self._answered_for_all = False
        self._changed.clear()
        self._ground = dict(self._desk.state.conversations)
        long = gap is not None and gap > self._desk.timing.short_gap
        first: list[Step] = [self._first_page, self._open_thread]
        if gap is not None and not long:
            first.append(lambda: self._changed_within(gap))
        # Pages take a real server the longest: those below the first are asked for beside it.
        rest = asyncio.create_task(self._try([self._rest_of_list]))
        try:
            try:
                left = await self._try(first)
            finally:
                replay()
            notifications = functools.partial(self._reread.account_list, "notifications")
            left += [self._open_customer, notifications, *self._lists(gap)]
            if long:
                left.append(self._pages_until_known)
            await self._until_done(left)
            await rest
            await self._until_done([self._rest_of_list])  # what it left, of the list shown now
        finally:
            rest.cancel()
            await asyncio.gather(rest, return_exceptions=True)
        await self._threads()
        self._reread.look()

    async def _until_done(self, steps: list[Step]) -> None:
        pause = self._desk.timing.first_retry
        while steps := await self._try(steps):
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._desk.timing.longest_retry)

    async def _try(self, steps: list[Step]) -> list[Step]:
        """Run steps, a few at once; gives those that failed."""
        failed = await asyncio.gather(*(self._one(step) for step in steps))
        left = [step for step, reason in zip(steps, failed, strict=True) if reason]
        reasons = sorted({reason for reason in failed if reason})
        if reasons:
            self._desk.dispatch(LinkChanged("catching_up", self._desk.now(), " ".join(reasons)))
        return left

    async def _one(self, step: Step) -> str:
        async with self._slots:
            try:
                await step()
            except AuthExpired:
                raise
            except ApiError as error:
                LOG.info("catch-up: %s", error.plain)
                return sentence(error)
        return ""

    # --- the steps ----------------------------------------------------------------------------

    async def _first_page(self) -> None:
        await self._reading.page(self._desk.view, 1)

    async def _rest_of_list(self) -> None:
        await self._reading.rest_of(self._desk.view)

    async def _open_customer(self) -> None:
        state = self._desk.state
        open_id = state.open_id
        conversation = None if open_id is None else state.conversations.get(open_id)
        if conversation is not None:
            await self._people.read_contact(conversation.contact_id)

    async def _open_thread(self) -> None:
        open_id = self._desk.state.open_id
        if open_id is not None:
            await self._reading.thread(open_id)

    async def _changed_within(self, gap: float) -> None:
        asked = self._desk.state.sequence
        seconds = int(gap) + MARGIN
        try:
            page = await self._desk.ask(lambda client: client.updated_within(seconds))
        except (ServerDown, Timeout) as error:
            LOG.info("what changed is too much to ask for: %s", error.plain)
            await self._pages_until_known()
            return
        self._changed.update(one.id for one in page.conversations)
        self._desk.dispatch(
            ConversationsRead(page.conversations, page.contacts, asked, self._desk.now())
        )
        # Every write to a message moves its conversation, on 3.9 too (recorded webhooks).
        self._answered_for_all = True

    async def _pages_until_known(self) -> None:
        """Newest activity first, until the page that reaches below what was the newest activity
        before the cut, and on which nothing else changed."""
        if not self._ground:
            return
        newest = max(row.last_activity_at for row in self._ground.values())
        for number in range(1, MOST_PAGES + 1):
            if await self._page_is_known(number, newest - MARGIN):
                return

    async def _page_is_known(self, number: int, known_from: float) -> bool:
        """Read a page; whether all behind it is known. Times in epoch seconds."""
        asked = self._desk.state.sequence
        page = await self._desk.ask(lambda client: client.conversations(EVERYTHING, number))
        news = {one.id for one in page.conversations if self._has_changed(one)}
        oldest = min((one.last_activity_at for one in page.conversations), default=0.0)
        self._changed |= news
        self._desk.dispatch(
            ConversationsRead(page.conversations, page.contacts, asked, self._desk.now())
        )
        return page.last or (oldest < known_from and not news)

    def _has_changed(self, row: Conversation) -> bool:
        held = self._ground.get(row.id)
        return held is not None and any(
            getattr(held, name) != getattr(row, name) for name in COMPARED
        )

    def _seal_threads(self) -> None:
        """Threads in memory whose conversation the server does not name did not change."""
        same = [one for one in self._desk.state.threads if one not in self._changed]
        if self._answered_for_all and same:
            self._desk.dispatch(ThreadsSealed(tuple(same), self._desk.now()))

    async def _threads(self) -> None:
        """Read again the threads in memory that may have changed, the latest looked at first;
        what is left over is read when it is opened."""
        self._seal_threads()
        state = self._desk.state
        unsealed = [one for one in reversed(state.threads) if self._may_have_changed(one)]
        steps = [functools.partial(self._reading.thread, one) for one in unsealed[:MOST_THREADS]]
        await self._until_done(list(steps))

    def _may_have_changed(self, conversation_id: int) -> bool:
        state = self._desk.state
        thread = state.threads[conversation_id]
        whole = thread.epoch == state.epoch and thread.complete_to is None
        return thread.complete_from is not None and not whole

    def _lists(self, gap: float | None) -> list[Step]:
        """What is in the account. Keys tell of inboxes, teams and labels only (contract 7.6)."""
        if self._lists_known and gap is not None and gap < 60.0:
            return [self._keys]
        names = ("inboxes", "labels", "teams")
        steps: list[Step] = [functools.partial(self._reread.account_list, name) for name in names]
        return [*steps, self._agents, self._canned]

    async def _keys(self) -> None:
        try:
            keys = await self._desk.ask(lambda client: client.cache_keys())
        except NotFound:
            return
        self._desk.dispatch(CacheKeysSeen(keys))

    async def _agents(self) -> None:
        self._desk.dispatch(AgentsLoaded(await self._desk.ask(lambda client: client.agents())))
        self._lists_known = True

    async def _canned(self) -> None:
        self._desk.dispatch(CannedLoaded(await self._desk.ask(lambda client: client.canned())))
