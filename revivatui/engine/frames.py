"""Frames of the live feed, applied to the state a few at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from revivatui.engine.context import LOG, Desk
from revivatui.state.events import Event, MessageArrived, OddFrame

if TYPE_CHECKING:
    from revivatui.engine.feed import Feed
    from revivatui.engine.lag import Lag

AT_A_TIME = 10
"""Frames applied before keys and painting get their turn again (about 2 ms)."""


class Frames:
    """Takes what the feed kept, in order, whenever frames may be applied."""

    def __init__(self, desk: Desk, lag: Lag) -> None:
        self._desk = desk
        self._lag = lag
        self.arrived = asyncio.Event()
        """Set by the feed when something waits."""

    async def apply(self, feed: Feed, replaying: asyncio.Event) -> None:
        """Apply frames while `replaying` is set (loop)."""
        from revivatui.api.wire import frame_to_events

        account_id = self._desk.profile.account_id
        while True:
            await self.arrived.wait()
            await replaying.wait()
            self.arrived.clear()
            frames = feed.take()
            applied = 0
            while frames and replaying.is_set():
                at, text = frames.popleft()
                try:
                    events = frame_to_events(text, account_id, at)
                except Exception:
                    LOG.exception("a frame of %d characters could not be read", len(text))
                    events = [OddFrame("unreadable", f"{len(text)} characters")]
                for event in events:
                    self._apply(event)
                applied += 1
                if applied % AT_A_TIME == 0:
                    await asyncio.sleep(0)
            if frames:
                self.arrived.set()

    def _apply(self, event: Event) -> None:
        self._desk.dispatch(event)
        if isinstance(event, MessageArrived):
            self._lag.message_heard(event.message.id)
