"""Works through a table of waiting rows: those of one lane in their order, lanes side by side.

For the one process that works on a SQLite file."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from sqlalchemy import func, select

from revivatui.bridge.jobs import IDLE_SECONDS, IN_ONE_GO, Kind, head_of
from revivatui.crm.errors import CrmError
from revivatui.crm.store import Store

LOG: Final = logging.getLogger("revivatui.bridge")


async def at_once() -> None:
    """Nothing to wait for."""


class Lanes:
    """`handle` deals with one row and takes it out of the waiting, or puts it off: a row that is
    still due after it, and unchanged, is not given to it again before a pause."""

    def __init__(
        self,
        store: Store,
        kind: Kind,
        handle: Callable[[Any], Awaitable[None]],
        clock: Callable[[], float],
        *,
        width: int,
        before: Callable[[], Awaitable[None]] = at_once,
    ) -> None:
        """`before` is awaited before each row."""
        self._store = store
        self._before = before
        self._table = kind.table
        self._handle = handle
        self._clock = clock
        self._width = width
        self._wake = asyncio.Event()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def wake(self) -> None:
        """Something may be waiting."""
        self._wake.set()

    async def run(self) -> None:
        """For ever."""
        try:
            while True:
                self._wake.clear()
                wait = await self._begin_or_wait()
                if wait > 0:
                    await self._sleep(wait)
        finally:
            await self._stop()

    async def settle(self) -> None:
        """Until nothing is due: for a single pass without `run`."""
        while True:
            wait = await self._begin_or_wait()
            if self._tasks:
                await asyncio.wait(self._tasks.values())
            elif wait > 0:
                return

    async def _begin_or_wait(self) -> float:
        """Begin with what is due; gives the seconds in which nothing new will be."""
        free = self._width - len(self._tasks)
        if free <= 0:
            await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
            return 0.0
        try:
            heads = await self._heads(free + len(self._tasks))
        except CrmError as error:
            LOG.warning("the bridge waits for its database: %s", error)
            return IDLE_SECONDS
        now = self._clock()
        idle = [row for row in heads if row.lane not in self._tasks]
        due = [row for row in idle if row.next_at <= now][:free]
        for row in due:
            task = asyncio.create_task(self._work(row))
            self._tasks[row.lane] = task
            task.add_done_callback(partial(self._ended, row.lane))
        if due:
            return 0.0
        waits = (max(0.01, float(row.next_at) - now) for row in idle)
        return min([IDLE_SECONDS, *waits])

    def _ended(self, lane: str, _: asyncio.Task[None]) -> None:
        self._tasks.pop(lane, None)
        self._wake.set()

    async def _heads(self, limit: int) -> list[Any]:
        """The oldest waiting row of each lane, the soonest due first."""
        columns = self._table.c
        oldest = select(func.min(columns.id)).where(columns.state == "new").group_by(columns.lane)
        question = (
            select(self._table)
            .where(columns.id.in_(oldest))
            .order_by(columns.next_at, columns.id)
            .limit(limit)
        )
        async with self._store.reading() as reader:
            return list(await reader.rows(question))

    async def _next_of(self, lane: str) -> Any | None:
        row = await head_of(self._store, self._table, lane)
        return row if row is not None and row.next_at <= self._clock() else None

    async def _work(self, row: Any | None) -> None:
        """The rows of one lane, one after the other."""
        try:
            for _ in range(IN_ONE_GO):
                if row is None:
                    return
                lane = row.lane
                await self._before()
                await self._handle(row)
                row = await self._next_of(lane)
        except CrmError as error:
            LOG.warning("the bridge waits for its database: %s", error)
            await asyncio.sleep(IDLE_SECONDS)
        except Exception:
            LOG.exception("the bridge could not even put a row off")
            await asyncio.sleep(IDLE_SECONDS)

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _stop(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
