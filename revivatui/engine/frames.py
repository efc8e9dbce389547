"""Frames of the live feed, applied to the state a few at a time."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from revivatui.engine.context import LOG, Desk
from revivatui.state.events import (
    ConversationPushed,
    Event,
    MessageArrived,
    MessageUpdated,
    OddFrame,
)

if TYPE_CHECKING:
    from revivatui.engine.feed import Feed
    from revivatui.engine.lag import Lag

REMEMBERED = 2_000
"""Conversations whose last event is remembered."""
AT_A_TIME = 10
"""Frames applied before keys and painting get their turn again (about 2 ms)."""


class Frames:
    """Takes what the feed kept, in order, whenever frames may be applied."""

    def __init__(self, desk: Desk, lag: Lag) -> None:
        self._desk = desk
        self._lag = lag
        self.arrived = asyncio.Event()
        """Set by the feed when something waits."""
        self.lost: Callable[[], None] = lambda: None
        """Called for a frame that could not be read: nobody knows what it told."""
        self._heard: OrderedDict[int, float] = OrderedDict()
        """Conversation -> when an event last told of it, the latest last."""

    def heard_since(self, conversation_id: int, at: float) -> bool:
        """Whether an event told of this conversation at `at` (epoch seconds) or later."""
        return self._heard.get(conversation_id, 0.0) >= at

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
        if isinstance(event, OddFrame) and event.lost:
            self.lost()
        conversation_id = _told_of(event)
        if conversation_id is not None:
            self._heard[conversation_id] = self._desk.now()
            self._heard.move_to_end(conversation_id)
            if len(self._heard) > REMEMBERED:
                self._heard.popitem(last=False)
        if isinstance(event, MessageArrived):
            self._lag.message_heard(event.message.id)


def _told_of(event: Event) -> int | None:
    """The conversation that an event of the feed tells of."""
    if isinstance(event, (MessageArrived, MessageUpdated)):
        return event.message.conversation_id
    if isinstance(event, ConversationPushed):
        return event.conversation.id
    return None
