"""Sends what the outbox holds, and decides what becomes of what fails."""

from __future__ import annotations

import logging
from collections.abc import Callable
from random import Random
from typing import Any, Final

from sqlalchemy import update

from revivatui.api.errors import (
    ApiError,
    AuthExpired,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
)
from revivatui.bridge import known, outbox
from revivatui.bridge.errors import Later, NeverMind
from revivatui.bridge.retrying import SCHEDULE, Breaker, jittered
from revivatui.bridge.senders import Senders
from revivatui.bridge.tables import OUTBOX
from revivatui.crm.errors import CrmError, CrmUnreachable
from revivatui.crm.store import Store
from revivatui.text.safe import safe_line

LOG: Final = logging.getLogger("revivatui.bridge")

PAUSE: Final = 300.0
"""Seconds for which a target that refuses our sign-in is left alone."""
PAUSED: Final = "paused:{target}"
"""The fact that tells why a target is paused."""
_LONGEST_ERROR: Final = 400


class OutboxWorker:
    def __init__(
        self,
        store: Store,
        senders: Senders,
        clock: Callable[[], float],
        random: Random,
    ) -> None:
        self._store = store
        self._senders = senders
        self._clock = clock
        self._random = random
        self._breakers: dict[str, Breaker] = {}
        self._paused_until: dict[str, float] = {}

    def breaker(self, target: str) -> Breaker:
        """One for each target, so that a dead one does not hold up the others."""
        if target not in self._breakers:
            self._breakers[target] = Breaker(self._clock)
        return self._breakers[target]

    def open_breakers(self) -> dict[str, float]:
        """Until when each open breaker lets nothing through."""
        return {name: one.open_until for name, one in self._breakers.items() if one.is_open}

    async def handle(self, row: Any) -> None:
        """Deal with one row. Raises CrmError only where the database itself is away."""
        wait = self._paused_until.get(row.target, 0.0) - self._clock()
        if wait <= 0:
            wait = self.breaker(row.target).wait()
        if wait > 0:
            await self._put_off(row, wait, burn=False)
            return
        try:
            await self._senders.send(row)
        except CrmUnreachable:
            raise
        except Exception as error:
            await self._failed(row, error)
        else:
            await self._worked(row)

    async def _worked(self, row: Any) -> None:
        self.breaker(row.target).worked()
        async with self._store.unit_of_work() as work:
            await outbox.finish(work, row.id, row.wanted, self._clock())
            if self._paused_until.get(row.target, self._clock() + 1) <= self._clock():
                # What was under way when the pause began says nothing about it.
                del self._paused_until[row.target]
                await known.keep_fact(work, PAUSED.format(target=row.target), "")

    async def _failed(self, row: Any, error: Exception) -> None:
        if isinstance(error, Later):
            LOG.warning("%s %s: %s", row.type, row.aggregateid, error)
            await self._put_off(row, error.wait, str(error), burn=False)
        elif isinstance(error, RateLimited):
            await self._put_off(row, error.wait, str(error), burn=False)
        elif isinstance(error, AuthExpired):
            await self._pause(row, str(error))
        elif isinstance(error, Forbidden):
            await self._refused(row, error)
        elif isinstance(error, (NotFound, Invalid, NeverMind)):
            await self._put_aside(row, str(error))
        else:
            await self._try_again(row, error)

    async def _refused(self, row: Any, error: Forbidden) -> None:
        """By role: that one write may not be says nothing of the others, unless the whole account
        is closed to the bridge's user; then all wait, and none becomes a dead letter."""
        try:
            refusal = await self._senders.why_refused(row, error)
        except Forbidden:
            await self._put_aside(row, str(error))
        except ApiError as trouble:
            await self._failed(row, trouble)
        else:
            if refusal.everything:
                await self._pause(row, refusal.words)
            else:
                await self._put_aside(row, refusal.words)

    async def _try_again(self, row: Any, error: Exception) -> None:
        if isinstance(error, ApiError):
            self.breaker(row.target).failed()
            words = str(error)
        else:
            words = str(error) if isinstance(error, CrmError) else type(error).__name__
            LOG.exception("%s %s failed", row.type, row.aggregateid)
        if row.attempts >= len(SCHEDULE):
            await self._put_aside(row, words)
            return
        wait = jittered(SCHEDULE[row.attempts], self._random)
        await self._put_off(row, wait, words, burn=True)

    async def _pause(self, row: Any, words: str) -> None:
        LOG.error("nothing is written to %s for now: %s", row.target, words)
        self._paused_until[row.target] = self._clock() + PAUSE
        async with self._store.unit_of_work() as work:
            await known.keep_fact(work, PAUSED.format(target=row.target), words)
        await self._put_off(row, PAUSE, words, burn=False)

    async def _put_off(self, row: Any, wait: float, words: str = "", *, burn: bool) -> None:
        values: dict[str, Any] = {"next_at": self._clock() + wait}
        if words:
            values["error"] = safe_line(words)[:_LONGEST_ERROR]
        if burn:
            values["attempts"] = OUTBOX.c.attempts + 1
        await self._write(row, values)

    async def _put_aside(self, row: Any, words: str) -> None:
        LOG.error("%s %s is put aside: %s", row.type, row.aggregateid, words)
        await self._write(row, {"state": "dead", "error": safe_line(words)[:_LONGEST_ERROR]})

    async def _write(self, row: Any, values: dict[str, Any]) -> None:
        async with self._store.unit_of_work() as work:
            await work.run(
                update(OUTBOX)
                .where(OUTBOX.c.id == row.id, OUTBOX.c.state == "new")
                .values(**values)
            )
