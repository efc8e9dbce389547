"""Knowing that nothing is under way between a shop on this loop and a desk."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from typing import Final

from tests.faults.cut_stage import Scene

FRAMES_WAIT: Final = 0.04
"""Seconds that the shop holds a frame back at the real pace, at most."""
MARKER_WITHIN: Final = 1.0


class Quiet:
    """Watches one scene."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._numbers = itertools.count()

    async def come(self, within: float) -> bool:
        """Wait until nothing is under way, the desk's own second looks included. Seconds."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            if await self._is_quiet():
                return True
            await asyncio.sleep(0.02)
        return False

    @property
    def asks_nothing(self) -> bool:
        """The desk has nothing in doubt and no question on its way."""
        state = self._scene.desk.state
        doubts = (state.doubts, state.unknown, state.contact_doubts, state.stale_lists)
        return not any(doubts) and self._scene.proxy.idle

    @property
    def shop_is_done(self) -> bool:
        return self._scene.stage.shop.worker.pending == 0

    async def _is_quiet(self) -> bool:
        if not self._rests():
            return False
        await asyncio.sleep(FRAMES_WAIT)
        return await self._all_frames_heard() and self._rests()

    def _rests(self) -> bool:
        return self.shop_is_done and self.asks_nothing

    async def _all_frames_heard(self) -> bool:
        """A frame of ours goes behind all others; when it is heard, they were. With no feed open
        there are none."""
        desk, shop = self._scene.desk, self._scene.stage.shop
        if desk.state.link.state not in ("catching_up", "live", "late"):
            return True
        name = f"harness.marker.{next(self._numbers)}"
        payload = json.dumps({"event": name, "data": {}}, separators=(",", ":"))
        for connection in list(shop.cable.connections):
            for subscription in connection.identifiers.values():
                subscription.deliver(payload)
        until = time.monotonic() + MARKER_WITHIN
        while time.monotonic() < until:
            if name in desk.state.odd:
                return True
            await asyncio.sleep(0.01)
        return False
