"""Reading again what the feed left open: doubts, unknown ids, stale lists and counts.

Debounced and bounded: a burst of any size costs a few reads a second, never one per event.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

from revivatui.api.errors import ApiError, AuthExpired, Forbidden, NotFound
from revivatui.engine.context import LOG, Desk, sentence
from revivatui.engine.health import Health
from revivatui.state.events import (
    ConversationGone,
    ConversationsRead,
    InboxesLoaded,
    LabelsLoaded,
    NotificationsLoaded,
    TeamsLoaded,
)

Subject = tuple[str, int | str]
"""(conversation, contact or list; which one)."""

K = TypeVar("K", int, str)

MOST_AT_ONCE = 4
MOST_IN_A_ROUND = 20
UNKNOWN_QUIET = 0.15
"""Seconds: `message.created` may come up to 36 ms before its `conversation.created` (rule 8)."""
LONGEST_PAUSE = 60.0


class Reread:
    """One loop for conversations and account lists, one for counts."""

    def __init__(self, desk: Desk, health: Health) -> None:
        self._desk = desk
        self._health = health
        self._wake = asyncio.Event()
        self._counts_wanted = asyncio.Event()
        self._counted = 0
        """`State.sequence` when the counts were last asked for."""
        self._heard = asyncio.Event()
        self._failures: dict[Subject, tuple[int, float]] = {}
        """What could not be read -> (how often, when it may be tried again)."""
        self._slots = asyncio.Semaphore(MOST_AT_ONCE)

    def look(self, _topics: object = None) -> None:
        """The state says that something is to be read again."""
        self._heard.set()
        if self._left():
            self._wake.set()
        if self._desk.state.stale_counts > self._counted:
            self._counts_wanted.set()

    def start_anew(self) -> None:
        """The server is there again: what could not be read before is tried now."""
        self._failures.clear()
        self.look()

    def _left(self) -> set[Subject]:
        state = self._desk.state
        left: set[Subject] = {("conversation", one) for one in (*state.doubts, *state.unknown)}
        left |= {("contact", one) for one in state.contact_doubts}
        left |= {("list", one) for one in state.stale_lists}
        if state.stale_notifications:
            left.add(("list", "notifications"))
        return left

    async def run(self) -> None:
        """Conversations, contacts and lists (loop)."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await self._health.online.wait()
            await asyncio.sleep(UNKNOWN_QUIET)
            await self._read("conversation", sorted(self._desk.state.unknown), self.conversation)
            await self._quiet()
            await self._read("conversation", self._doubted(), self.conversation)
            await self._read("contact", list(self._desk.state.contact_doubts), self.contact)
            lists = [str(name) for kind, name in self._left() if kind == "list"]
            await self._read("list", lists, self.account_list)
            self._look_again()

    def _look_again(self) -> None:
        """What is left is tried again, later where it failed; news do not wait for that."""
        left, now = self._left(), self._desk.now()
        for done in self._failures.keys() - left:
            del self._failures[done]
        if left:
            due = min(self._failures.get(one, (0, now))[1] for one in left)
            pause = max(UNKNOWN_QUIET, min(due - now, LONGEST_PAUSE))
            asyncio.get_running_loop().call_later(pause, self._wake.set)

    async def _quiet(self) -> None:
        """Wait until the burst is over, or has gone on for long enough, or something unknown
        turned up."""
        timing = self._desk.timing
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timing.reread_at_most):
                while not self._desk.state.unknown:
                    self._heard.clear()
                    async with asyncio.timeout(timing.reread_quiet):
                        await self._heard.wait()

    def _doubted(self) -> list[int]:
        """The conversation on screen first, then the newest."""
        state = self._desk.state
        return sorted(state.doubts, key=lambda one: (one != state.open_id, -one))

    async def _read(
        self, kind: str, which: Sequence[K], read: Callable[[K], Awaitable[None]]
    ) -> None:
        some = which[:MOST_IN_A_ROUND]
        await asyncio.gather(*(self._guarded((kind, one), partial(read, one)) for one in some))

    async def conversation(self, conversation_id: int) -> None:
        """Read one conversation; hide it where it is gone or not ours (rule 8).

        Raises any other `ApiError`.
        """
        asked = self._desk.state.sequence
        try:
            found = await self._desk.ask(lambda client: client.conversation(conversation_id))
        except (NotFound, Forbidden) as error:
            self._desk.dispatch(ConversationGone(conversation_id, sentence(error)))
            return
        contacts = (found.contact,) if found.contact else ()
        self._desk.dispatch(
            ConversationsRead((found.conversation,), contacts, asked, self._desk.now())
        )

    async def contact(self, contact_id: int) -> None:
        """Read one contact. Raises any `ApiError`."""
        asked = self._desk.state.sequence
        contact = await self._desk.ask(lambda client: client.contact(contact_id))
        self._desk.dispatch(ConversationsRead((), (contact,), asked, self._desk.now(), contact_id))

    async def account_list(self, name: str) -> None:
        """inboxes, teams, labels or notifications. Raises any `ApiError`."""
        ask, dispatch, asked = self._desk.ask, self._desk.dispatch, self._desk.state.sequence
        if name == "inboxes":
            dispatch(InboxesLoaded(await ask(lambda client: client.inboxes()), asked))
        elif name == "teams":
            dispatch(TeamsLoaded(await ask(lambda client: client.teams()), asked))
        elif name == "labels":
            dispatch(LabelsLoaded(await ask(lambda client: client.labels()), asked))
        else:
            found = await ask(lambda client: client.notifications())
            dispatch(NotificationsLoaded(found.notifications, found.unread_count, self._desk.now()))

    async def _guarded(self, what: Subject, read: Callable[[], Awaitable[None]]) -> None:
        times, due = self._failures.get(what, (0, 0.0))
        async with self._slots:
            try:
                if self._desk.now() >= due:
                    await read()
            except AuthExpired:
                return
            except (NotFound, Forbidden):
                self._failures[what] = (times + 1, math.inf)
            except ApiError as error:
                LOG.info("could not read %s again: %s", what, error.plain)
                pause = min(LONGEST_PAUSE, 2.0**times)
                self._failures[what] = (times + 1, self._desk.now() + pause)
            else:
                self._failures.pop(what, None)

    async def count(self) -> None:
        """The tabs' numbers, a moment after what may have moved them (loop)."""
        timing = self._desk.timing
        while True:
            await self._counts_wanted.wait()
            await asyncio.sleep(timing.counts_quiet)
            await self._health.online.wait()
            self._counts_wanted.clear()
            self._counted = self._desk.state.sequence
            try:
                await self._health.ask_counts()
            except ApiError as error:
                LOG.info("counts: %s", error.plain)
            await asyncio.sleep(timing.counts_apart)
