"""Connections of a store that may be given up at any moment and are closed all the same."""

from __future__ import annotations

import asyncio
from threading import Thread
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import QueuePool

LOOKS: Final = 0.01
"""Seconds between two looks at whether the last transaction or thread has ended."""
ENDING: Final[set[Thread]] = set()
"""Threads that close their file: what they still have to answer needs the event loop."""


def connect_to_file(dialect: Any, _record: object, where: list[Any], how: dict[str, Any]) -> Any:
    """Lets SQLAlchemy connect with a `FileConnection`; its driver is needed for SQLite alone."""
    from revivatui.crm.store.file_connection import FileConnection

    return dialect.dbapi.connect(*where, async_creator_fn=FileConnection, **how)


async def close_all(engine: AsyncEngine) -> None:
    """Close every connection, when the last transaction has ended.

    One that is in use would go back to a pool that nobody knows any more, and stay open. Whoever
    is cancelled here waits no longer for those, and ends when all others are closed.
    """
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    try:
        while pool.checkedout():  # noqa: ASYNC110 - one whose opening failed tells nobody
            await asyncio.sleep(LOOKS)
    finally:
        await _to_the_end(asyncio.create_task(_close_what_is_kept(engine)))


async def _close_what_is_kept(engine: AsyncEngine) -> None:
    await engine.dispose()
    while any(one.is_alive() for one in ENDING):  # noqa: ASYNC110 - threads tell nobody
        await asyncio.sleep(LOOKS)
    ENDING.clear()


async def _to_the_end(work: asyncio.Task[None]) -> None:
    is_cancelled = False
    while not work.done():
        try:
            await asyncio.wait({work})
        except asyncio.CancelledError:
            is_cancelled = True
    work.result()
    if is_cancelled:
        raise asyncio.CancelledError
