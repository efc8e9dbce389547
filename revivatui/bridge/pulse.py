"""The bridge's heartbeat: what it records of itself, so that others can tell whether it runs.

A row a minute says that the bridge was there and could write to its database, which is what
deliveries need; a minute without a row is one in which it was not. What was not recorded is not
made up: before the first row nothing is known.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from sqlalchemy import delete

from revivatui.bridge import known
from revivatui.bridge.tables import HEARTBEATS, STATE
from revivatui.crm.errors import CrmError
from revivatui.crm.store import Store
from revivatui.state.bridge_health import DAYS, MINUTE

LOG: Final = logging.getLogger("revivatui.bridge")

STARTED: Final = "bridge:started"
STOPPED: Final = "bridge:stopped"
FIRST: Final = "bridge:first_minute"
"""The first minute of all, which is remembered longer than its row."""
PULSE: Final = "bridge:pulse"
"""The last heartbeat, and which breakers were open then."""
LOOK_SECONDS: Final = 2.0
"""How soon an open breaker is told; where nothing changed nothing is written."""
KEPT_MINUTES: Final = (DAYS + 1) * 1440


class Pulse:
    def __init__(
        self,
        store: Store,
        clock: Callable[[], float],
        breakers: Callable[[], Mapping[str, float]],
    ) -> None:
        """`breakers` gives until when each open breaker lets nothing through."""
        self._store = store
        self._clock = clock
        self._breakers = breakers
        self._by = secrets.token_hex(8)
        """Tells this run of the bridge from another one."""
        self._told: tuple[int, Mapping[str, float]] = (0, {})

    async def hello(self) -> None:
        """The door is open. Raises CrmError."""
        async with self._store.unit_of_work() as work:
            await known.keep_fact(work, STARTED, self._mine())
        await self.beat()

    async def goodbye(self) -> None:
        """The door was closed on purpose, which needs not be waited out to be known. One whose
        place another bridge has taken meanwhile has nothing to say."""
        with suppress(CrmError):
            async with self._store.unit_of_work() as work:
                if self._by in await known.fact(work, STARTED):
                    await known.keep_fact(work, STOPPED, self._mine())

    def _mine(self) -> str:
        return json.dumps({"at": self._clock(), "by": self._by})

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                await self.beat()
            except CrmError as error:
                LOG.warning("no heartbeat: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def beat(self) -> None:
        """Record this minute, unless it is recorded and nothing else changed. Raises CrmError."""
        now = self._clock()
        minute, breakers = int(now // MINUTE), dict(self._breakers())
        if (minute, breakers) == self._told:
            return
        async with self._store.unit_of_work() as work:
            await work.insert_if_new(HEARTBEATS, {"minute": minute})
            await work.insert_if_new(STATE, {"name": FIRST, "value": str(minute)})
            await known.keep_fact(work, PULSE, json.dumps({"at": now, "breakers": breakers}))
            if minute % 60 == 0:
                over = HEARTBEATS.c.minute < minute - KEPT_MINUTES
                await work.run(delete(HEARTBEATS).where(over))
        self._told = (minute, breakers)
