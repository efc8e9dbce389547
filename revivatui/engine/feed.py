"""The live feed in a thread of its own.

The socket is read, and presence ticks, on a loop that nothing else uses: a terminal that blocks
the screen's loop for seconds cannot make the agent look gone (rule 13). Frames wait here, in the
order they came, until the engine takes them.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from revivatui.api.errors import ApiError, FeedLost

if TYPE_CHECKING:
    from revivatui.api.cable import Cable

T = TypeVar("T")

MOST_FRAMES_WAITING = 20_000
"""A screen that took nothing for this many frames is better served by catching up."""


class Feed:
    """Owns the thread; one subscription at a time. Made and used on the engine's loop."""

    def __init__(self, arrived: Callable[[], None], presence_every: float) -> None:
        """`arrived` is called on the engine's loop when frames came in since the last take."""
        self.frames: deque[tuple[float, str]] = deque()
        """(when it was received in epoch seconds, text of the frame), oldest first."""
        self.ended: asyncio.Future[ApiError] | None = None
        """Done when the open subscription ended, with the reason."""
        self._arrived = arrived
        self._presence_every = presence_every
        self.ticks: deque[float] = deque(maxlen=64)
        """When presence was told lately, subscribing included (epoch seconds)."""
        self._told = False
        self._cable: Cable | None = None
        self._session: asyncio.Task[None] | None = None
        self._home = asyncio.get_running_loop()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._work, name="revivatui-feed", daemon=True)
        self._thread.start()

    async def open(self, make: Callable[[], Cable]) -> None:
        """Subscribe; returns when the server confirmed. Raises what `Cable.open` raises."""
        await self.drop()
        self.ended = ended = self._home.create_future()
        await self._there(self._open(make, ended))

    async def drop(self) -> None:
        """End the subscription, if there is one."""
        await self._there(self._drop())

    def take(self) -> deque[tuple[float, str]]:
        """The frames that wait; call it when `arrived` was called, and empty it from the left."""
        self._told = False
        return self.frames

    def silent_for(self) -> float:
        """Seconds since the subscription, or the last one, gave any sign of life."""
        cable = self._cable
        return 0.0 if cable is None else cable.silent_for()

    async def close(self) -> None:
        """End the thread. Nothing else may be called afterwards."""
        if self._thread.is_alive():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.5):
                    await self.drop()
            self._loop.call_soon_threadsafe(self._loop.stop)
            await asyncio.to_thread(self._thread.join, 1.0)

    # --- on the feed's own loop ---------------------------------------------------------------

    def _work(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()

    async def _there(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def _open(self, make: Callable[[], Cable], ended: asyncio.Future[ApiError]) -> None:
        cable = make()
        await cable.open()
        self._cable = cable
        self._session = asyncio.create_task(self._live(cable, ended))

    async def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            session.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await session

    async def _live(self, cable: Cable, ended: asyncio.Future[ApiError]) -> None:
        ticker = asyncio.create_task(self._tick(cable))
        reason: ApiError = FeedLost("The live feed was closed.")
        try:
            async for at, text in cable:
                self._keep(at, text)
        except ApiError as error:
            reason = error
        finally:
            ticker.cancel()
            self._at_home(lambda: None if ended.done() else ended.set_result(reason))
            await cable.close()

    async def _tick(self, cable: Cable) -> None:
        """Subscribing is the first sign of presence; then one every `presence_every` seconds."""
        self.ticks.append(cable.subscribed_at)
        due = time.monotonic()
        with contextlib.suppress(FeedLost):  # the reader hears of it too, and says so
            while True:
                due = max(due + self._presence_every, time.monotonic())
                await asyncio.sleep(due - time.monotonic())
                self.ticks.append(time.time())
                await cable.tick()

    def _keep(self, at: float, text: str) -> None:
        if len(self.frames) >= MOST_FRAMES_WAITING:
            raise FeedLost("The desk was too busy to follow the live feed.")
        self.frames.append((at, text))
        if not self._told:
            self._told = True
            self._at_home(self._arrived)

    def _at_home(self, call: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # the engine's loop is gone: nobody to tell
            self._home.call_soon_threadsafe(call)
