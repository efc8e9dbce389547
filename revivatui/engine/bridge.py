"""While the live feed is behind, what is on screen is asked for every few seconds.

With the background worker down REST answers as usual and the feed is silent (observed 2.2): the
agent must not wait for news that will only come when it is back.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from revivatui.api.errors import ApiError
from revivatui.engine.context import LOG, Desk

if TYPE_CHECKING:
    from revivatui.engine.health import Health
    from revivatui.engine.reading import Reading


class Bridge:
    """One loop; a question in turn, so that it stays far below one a second."""

    def __init__(self, desk: Desk, health: Health, reading: Reading) -> None:
        self._desk = desk
        self._health = health
        self._reading = reading
        self._wake = asyncio.Event()

    def look(self, _topics: object = None) -> None:
        """The connection is another now."""
        if self._desk.state.link.state == "late":
            self._wake.set()
        else:
            self._wake.clear()

    async def run(self) -> None:
        """Ask for the open thread and the top of the list in turn (loop)."""
        turn = 0
        while True:
            await self._wake.wait()
            await self._health.online.wait()
            try:
                await self._ask(turn)
            except ApiError as error:
                LOG.info("bridging: %s", error.plain)
            turn += 1
            await asyncio.sleep(self._desk.timing.bridge_every)

    async def _ask(self, turn: int) -> None:
        open_id = self._desk.state.open_id
        if turn % 2 == 0 and open_id is not None:
            await self._reading.newest_page(open_id)
        else:
            await self._reading.page(self._desk.view, 1)
