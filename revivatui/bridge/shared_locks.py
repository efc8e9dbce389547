"""What the processes of a bridge that share a PostgreSQL keep out of each other's way with."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from revivatui.bridge.errors import AlreadyRunning
from revivatui.bridge.tables import SPENT
from revivatui.crm.errors import CrmUnreachable
from revivatui.crm.store import Store
from revivatui.crm.store.connections import close_all
from revivatui.crm.store.engine import GONE, address_of

PATIENCE: Final = 60.0
"""Seconds that one waits for a thing which another process has, and for which it may have it: one
that stands still loses it to the others."""
ALONE: Final = 0x52455610
"""The number of the lock that `bridge run` has for as long as it runs."""
LOOK_SECONDS: Final = 5.0
_MILLISECONDS: Final = int(PATIENCE * 1000)
_AWAY: Final = "The CRM's database could not be asked for a lock."


class SharedLocks:
    """Locks of the database: they hold between machines, and go with the process that has them.

    The connections are its own, as who waits for a lock holds one, and whoever has it needs
    another to work with.
    """

    def __init__(self, where: str | Path, most: int) -> None:
        """`most`: how many are held or waited for at once in this process."""
        self._engine: AsyncEngine = create_async_engine(
            address_of(where),
            hide_parameters=True,
            pool_size=most,
            max_overflow=0,
            pool_pre_ping=True,
            connect_args={
                "options": f"{GONE} -c lock_timeout={_MILLISECONDS}"
                f" -c idle_in_transaction_session_timeout={_MILLISECONDS}",
                "connect_timeout": 10,
            },
        )

    async def close(self) -> None:
        await close_all(self._engine)

    @asynccontextmanager
    async def held(self, name: str) -> AsyncIterator[None]:
        """For no more than `PATIENCE` seconds. Raises CrmUnreachable where it cannot be had."""
        connection = await self._connected()
        try:
            # Of a transaction, so that the database ends it with who stands still in it.
            await _ask(connection, "SELECT pg_advisory_xact_lock(:key)", _number(name))
            yield
        finally:
            await _let_go(connection)

    @asynccontextmanager
    async def alone(self, lost: Callable[[], None]) -> AsyncIterator[None]:
        """Be the only `bridge run` of this CRM. `lost` is called where another one became that
        while the database was away from us. Raises AlreadyRunning, CrmUnreachable."""
        connection = await self._take_alone()
        watching = asyncio.create_task(self._stay_alone(connection, lost))
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    async def _take_alone(self) -> AsyncConnection:
        connection = await self._connected()
        try:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            taken = await _ask(connection, "SELECT pg_try_advisory_lock(:key)", ALONE)
        except BaseException:
            await _let_go(connection)
            raise
        if not taken:
            await _let_go(connection)
            raise AlreadyRunning(
                "A bridge runs on this CRM already, here or on another machine. More hands are"
                " `revivatui bridge work`."
            )
        return connection

    async def _stay_alone(self, connection: AsyncConnection, lost: Callable[[], None]) -> None:
        """A connection that broke took the lock with it, and it has to be taken again."""
        try:
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                try:
                    await _ask(connection, "SELECT :key", ALONE)
                except CrmUnreachable:
                    await _let_go(connection)
                    with suppress(CrmUnreachable):
                        connection = await self._take_alone()
        except AlreadyRunning:
            lost()
        finally:
            await _let_go(connection)

    async def _connected(self) -> AsyncConnection:
        try:
            return await self._engine.connect()
        except SQLAlchemyError as error:
            raise CrmUnreachable(_AWAY) from error


def _number(name: str) -> int:
    """A lock of the database has a number of 64 bits. Two names with one number would only wait
    for each other without need."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)


async def _ask(connection: AsyncConnection, question: str, key: int) -> object:
    try:
        return (await connection.execute(text(question), {"key": key})).scalar()
    except SQLAlchemyError as error:
        raise CrmUnreachable(_AWAY) from error


async def _let_go(connection: AsyncConnection) -> None:
    """Of everything that the connection has. One of which nobody knows what it still has is closed,
    which lets go of it too."""
    if connection.closed:
        return
    try:
        await connection.execute(text("SELECT pg_advisory_unlock_all()"))
        await connection.rollback()
    except BaseException as error:
        await connection.invalidate()
        if not isinstance(error, SQLAlchemyError):
            raise
    finally:
        await connection.close()


class SharedBudget:
    """So many writes a minute to each conversation, whichever process writes them."""

    WINDOW: Final = 60.0

    def __init__(self, store: Store, clock: Callable[[], float], most: int) -> None:
        self._store = store
        self._clock = clock
        self._most = most

    async def take(self, lane: str) -> float:
        """One write of this minute: 0 where it may go now, else the seconds until the next one.

        Only one process works on a lane at a time, so that nobody takes between look and write.
        """
        now = self._clock()
        columns = SPENT.c
        async with self._store.unit_of_work() as work:
            await work.run(delete(SPENT).where(columns.at <= now - self.WINDOW))
            question = select(func.count(), func.min(columns.at)).where(columns.lane == lane)
            spent = await work.row(question)
            if spent is not None and spent[0] >= self._most:
                return float(spent[1]) + self.WINDOW - now
            await work.add(SPENT, {"id": work.new_id(), "lane": lane, "at": now})
        return 0.0
