"""How late the live feed is, measured by our own messages (observed 2.1, 2.2).

The server answers a message before, or after, the feed tells it to everyone. With the background
worker down or busy the answer comes and the feed is silent: then what others write is missing too,
and the agent must know.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable

from revivatui.engine.context import Desk
from revivatui.state.events import LagMeasured

LOST_AFTER = 60.0
"""Seconds after which a message is not waited for any more if later ones were heard: its event
was lost, and the feed is not late for that."""
REMEMBERED = 2_000
"""Ids heard lately: a third to a half of own messages are heard before their answer."""
STEPS = (0.0, 8.0, 15.0, 30.0, 60.0, 120.0, 300.0)
"""Seconds at which a growing lateness is told again: nothing on screen ticks by the second."""


class Lag:
    """Knows which own messages were answered and not yet heard."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.changed: Callable[[], None] = lambda: None
        """Called when the feed became late, or is no longer."""
        self.late = False
        self._heard: OrderedDict[int, None] = OrderedDict()
        self._waiting: dict[int, float] = {}
        self._newest = 0
        """The newest message heard."""
        self._told = 0.0
        self._asked_to_look = asyncio.Event()

    def message_answered(self, message_id: int) -> None:
        """The server has our message; now it should be heard."""
        if message_id not in self._heard:
            self._waiting[message_id] = self._desk.now()
            self._asked_to_look.set()

    def message_found(self, message_id: int, since: float) -> None:
        """An answer brought a message that the feed should have told of since then."""
        if message_id not in self._heard:
            self._waiting.setdefault(message_id, since)
            self._asked_to_look.set()

    def message_heard(self, message_id: int) -> None:
        self._heard[message_id] = None
        self._newest = max(self._newest, message_id)
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        if self._waiting.pop(message_id, None) is not None and not self._waiting:
            self._all_heard()

    def feed_lost(self) -> None:
        """Nothing is replayed: what was not heard on this subscription never will be."""
        self._waiting.clear()
        self._all_heard()

    def _all_heard(self) -> None:
        self._told = 0.0
        if self.late:
            self.late = False
            self._desk.dispatch(LagMeasured(0.0, self._desk.now()))
            self.changed()

    async def watch(self) -> None:
        """Look once a second while something waits to be heard (loop)."""
        while True:
            await self._asked_to_look.wait()
            if not self._waiting:
                self._asked_to_look.clear()
                continue
            await asyncio.sleep(min(1.0, self._desk.timing.late_after / 2))
            self._measure()

    def _give_up(self, now: float) -> None:
        for message_id, since in list(self._waiting.items()):
            if message_id < self._newest and now - since > LOST_AFTER:
                del self._waiting[message_id]

    def _measure(self) -> None:
        if not self._waiting:
            return
        now = self._desk.now()
        self._give_up(now)
        if not self._waiting:
            self._all_heard()
            return
        seconds = now - min(self._waiting.values())
        if seconds < self._desk.timing.late_after:
            return
        step = max(one for one in STEPS if one <= seconds)
        if not self.late or step > self._told:
            self._told = step
            self._desk.dispatch(LagMeasured(seconds, now))
        if not self.late:
            self.late = True
            self.changed()
