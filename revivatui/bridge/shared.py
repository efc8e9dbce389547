"""What the processes of one bridge have together, where the CRM is in PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from procrastinate import App

from revivatui.bridge.jobs import JobQueue, Kind
from revivatui.bridge.lanes import at_once
from revivatui.bridge.shared_locks import SharedLocks
from revivatui.bridge.shared_queue import SharedQueue, open_app
from revivatui.crm.store import Store


class Shared:
    """Made with `open_shared`."""

    def __init__(self, app: App, locks: SharedLocks) -> None:
        self._app = app
        self.locks = locks

    def queue(
        self,
        store: Store,
        kind: Kind,
        handle: Callable[[Any], Awaitable[None]],
        clock: Callable[[], float],
        *,
        width: int,
        before: Callable[[], Awaitable[None]] = at_once,
    ) -> JobQueue:
        return SharedQueue(self._app, store, kind, handle, clock, width=width, before=before)


@asynccontextmanager
async def open_shared(where: str | Path, *, most: int) -> AsyncIterator[Shared]:
    """`most`: how many lanes are worked on at once. Raises CrmUnreachable."""
    locks = SharedLocks(where, most + 1)  # and the one of who is alone
    try:
        async with open_app(where) as app:
            yield Shared(app, locks)
    finally:
        await locks.close()
