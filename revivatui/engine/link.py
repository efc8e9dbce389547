"""The connection: sign in, subscribe, catch up, live; and again after every cut.

Nothing is replayed by the server (observed 2.3), so what was missed is read after each confirmed
subscription, with the feed's frames waiting until it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from revivatui.api.errors import ApiError, AuthExpired, FeedLost, FeedRefused, RateLimited
from revivatui.engine.context import LOG, Desk, sentence
from revivatui.engine.health import Health
from revivatui.engine.lag import Lag
from revivatui.state.events import LinkChanged

if TYPE_CHECKING:
    from revivatui.api.answers import Session
    from revivatui.api.cable import Cable
    from revivatui.api.client import ChatwootClient
    from revivatui.engine.catch_up import CatchUp
    from revivatui.engine.feed import Feed

LOST_GAP = 30.0
"""Seconds before a frame that could not be read in which it may have been meant."""

LOOK_WITHOUT_FEED = 1.5
"""Seconds after which a feed that has not confirmed no longer holds up the first look."""


@dataclass(frozen=True, slots=True)
class _Pause:
    """How a connection ended, and how long to wait before the next."""

    state: str
    reason: str
    seconds: float


class Link:
    """Owns the feed and says how the connection is."""

    def __init__(self, desk: Desk, health: Health, lag: Lag, feed: Feed, catch_up: CatchUp) -> None:
        self._desk = desk
        self._health = health
        self._lag = lag
        self._feed = feed
        self._catch_up = catch_up
        self._attempt = 0
        self._seen_until: float | None = None
        self._caught_up = False
        self._retry_now = asyncio.Event()
        self._frame_lost = asyncio.Event()
        self._caught_up_at = 0.0
        self._cut = asyncio.Event()
        self._cut_reason: ApiError | None = None
        self.replaying = asyncio.Event()
        """Set while frames may be applied; clear from a subscription to its catch-up."""
        self.replaying.set()
        desk.refused_token = self._break_off
        health.server_gone = self._break_off
        lag.changed = self._show

    def seen_until(self, at: float | None) -> None:
        """What is held was complete at `at` (epoch seconds): what was missed starts there."""
        self._seen_until = at

    def retry_now(self) -> None:
        """Somebody asked, or signed in again: do not wait out the pause."""
        self._attempt = 0
        self._retry_now.set()

    def reconnect(self) -> None:
        """Somebody signed in again: whatever is open is not theirs."""
        self._break_off(FeedLost("Signed in again."))
        self.retry_now()

    def frame_lost(self) -> None:
        """Something was told that could not be read: what changed is asked for."""
        self._frame_lost.set()

    def _break_off(self, error: ApiError) -> None:
        self._cut_reason = error
        self._cut.set()

    async def run(self) -> None:
        """Connect for as long as the engine lives (loop)."""
        while True:
            self._retry_now.clear()
            pause = await self._one_connection()
            if pause.state in ("offline", "refused"):
                self._health.online.clear()
            now = self._desk.now()
            self._desk.dispatch(LinkChanged(pause.state, now, pause.reason, now + pause.seconds))
            LOG.info("link %s for %.1f s: %s", pause.state, pause.seconds, pause.reason)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause.seconds):
                    await self._retry_now.wait()

    async def _one_connection(self) -> _Pause:
        try:
            await self._connect()
            raise await self._live()
        except AuthExpired as error:
            return _Pause("refused", sentence(error), self._desk.timing.refused_retry)
        except RateLimited as error:
            return _Pause("offline", sentence(error), error.wait)
        except FeedRefused as error:
            return _Pause("late", sentence(error), self._back_off())
        except FeedLost as error:
            pause = self._back_off() if error.reconnect else self._desk.timing.longest_retry
            return _Pause("connecting", sentence(error), pause)
        except ApiError as error:
            return _Pause("offline", sentence(error), self._back_off())
        finally:
            self._health.connected.clear()
            await self._feed.drop()
            self.replaying.set()

    def _back_off(self) -> float:
        """Jittered, doubling; a connection that settled starts it over (not the handshake: a
        server that accepts and hangs up at once would be hammered)."""
        timing = self._desk.timing
        pause = min(timing.longest_retry, timing.first_retry * 2.0**self._attempt)
        self._attempt += 1
        return pause * random.uniform(0.5, 1.0)

    # --- one connection -----------------------------------------------------------------------

    async def _connect(self) -> None:
        """Sign in and subscribe. Raises any `ApiError`."""
        desk = self._desk
        self._cut.clear()
        if self._attempt == 0:
            desk.dispatch(LinkChanged("connecting", desk.now()))
        who = await desk.ask(self._who)
        desk.dispatch(who.event)
        self.replaying.clear()
        opening = asyncio.ensure_future(
            self._feed.open(lambda: self._cable(who.pubsub_token, who.event.me.id))
        )
        try:
            await asyncio.wait({opening}, timeout=LOOK_WITHOUT_FEED)
            if not opening.done():
                desk.spawn(self._catch_up.first_look(), "the first look")
            await opening
        finally:
            opening.cancel()

    async def _who(self, client: ChatwootClient) -> Session:
        """Who the token is. Stands still where what is held is another agent's: until this is
        answered nothing leaves, so nothing of one goes out under the other's name."""
        who = await client.signed_in()
        if not await self._desk.may_be(who.event.me.id):
            self._desk.other_agent(who.event.me.id)
            await asyncio.Event().wait()
        return who

    def _cable(self, pubsub_token: str, user_id: int) -> Cable:
        from revivatui.api.cable import Cable

        timing, profile = self._desk.timing, self._desk.profile
        client = self._desk.client
        return Cable(
            client.base if client else profile.base_url,
            pubsub_token,
            profile.account_id,
            user_id,
            clock=self._desk.now,
            confirm_within=timing.confirm_within,
            silence=timing.ping_silence,
        )

    async def _live(self) -> ApiError:
        """Catch up, then stay until something breaks; gives what. Raises what the catch-up
        raises."""
        confirmed_at = self._desk.now()
        gap = None if self._seen_until is None else max(0.0, confirmed_at - self._seen_until)
        self._caught_up = False
        self._show()
        self._health.connected.set()
        ended = self._feed.ended
        assert ended is not None
        catching_up = asyncio.create_task(self._catch_up.run(gap, self.replaying.set))
        cut = asyncio.create_task(self._cut.wait())
        lost: asyncio.Task[Any] = asyncio.create_task(self._frame_lost.wait())
        waiting: set[asyncio.Future[Any]] = {catching_up, cut, ended, lost}
        try:
            while True:
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                if ended.done():
                    return ended.result()
                if cut.done() and self._cut_reason is not None:
                    return self._cut_reason
                if catching_up in waiting and catching_up.done():
                    waiting.discard(catching_up)
                    catching_up.result()
                    self._caught_up, self._caught_up_at = True, self._desk.now()
                    self._show()
                if lost.done() and self._caught_up:
                    waiting.discard(lost)
                    lost = asyncio.create_task(self._look_again_later())
                    waiting.add(lost)
                    catching_up = asyncio.create_task(self._catch_up_again())
                    waiting.add(catching_up)
        finally:
            for task in (catching_up, cut, lost):
                task.cancel()
            await asyncio.gather(catching_up, cut, lost, return_exceptions=True)
            self._remember_end(confirmed_at)

    async def _catch_up_again(self) -> None:
        """A frame was lost while all else was heard: read what changed lately."""
        gap = self._desk.now() - self._caught_up_at
        self._frame_lost.clear()
        self._caught_up = False
        self._show()
        await self._catch_up.run(min(gap, LOST_GAP), lambda: None)

    async def _look_again_later(self) -> None:
        """A server that tells what we never understand is not asked without end."""
        await asyncio.sleep(self._desk.timing.settled_after)
        await self._frame_lost.wait()

    def _remember_end(self, confirmed_at: float) -> None:
        now = self._desk.now()
        if self._caught_up:
            self._seen_until = now - self._feed.silent_for()
        if now - confirmed_at >= self._desk.timing.settled_after:
            self._attempt = 0
        self._caught_up = False
        self._lag.feed_lost()

    def _show(self) -> None:
        """Say how the connection is while a feed is open."""
        if self._caught_up and self._lag.late:
            reason = "The server answers, but the live feed is late: others' news may be missing."
            self._desk.dispatch(LinkChanged("late", self._desk.now(), reason))
        elif self._caught_up:
            self._desk.dispatch(LinkChanged("live", self._desk.now()))
        elif self._health.connected.is_set() or not self.replaying.is_set():
            self._desk.dispatch(LinkChanged("catching_up", self._desk.now()))
