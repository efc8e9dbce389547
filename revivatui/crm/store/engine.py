"""The way to the database: its address, and how each engine is set up."""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from revivatui.crm.errors import CrmUnreachable, WrongAddress
from revivatui.crm.store.connections import connect_to_file

BUSY: Final = 10_000
"""Milliseconds that SQLite waits for another process that is writing."""

GONE: Final = (
    "-c idle_in_transaction_session_timeout=30000 -c tcp_keepalives_idle=15"
    " -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)
"""Lets PostgreSQL notice within half a minute that a program stands still in the middle of a
transaction, or that its machine is gone, and take its locks from it."""

WRITES: Final = "revivatui_writes"
"""The option of a connection that is going to write."""

_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY}",
)
_LETTING_GO: Final[set[asyncio.Task[None]]] = set()


def address_of(where: str | Path) -> URL:
    """The address of a store: a path is a SQLite file, a URL is what it says.

    Raises WrongAddress, whose message has no password in it.
    """
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite+aiosqlite", database=str(where))
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        raise WrongAddress("The address of the CRM cannot be read.") from None
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise WrongAddress(
            f"The CRM can be a SQLite file or PostgreSQL (postgresql://…), not {url.drivername}."
        )
    if driver.startswith("sqlite") and url.database in (None, "", ":memory:"):
        raise WrongAddress("A CRM in SQLite needs a file.")
    return url.set(drivername=driver)


def make_engine(url: URL) -> AsyncEngine:
    """An engine for the address. Errors of it never show what was written or the password."""
    if url.get_backend_name() == "sqlite":
        _make_private(Path(url.database or ""))
        engine = create_async_engine(url, hide_parameters=True)
        event.listen(engine.sync_engine, "do_connect", connect_to_file)
        event.listen(engine.sync_engine, "connect", _set_up_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        event.listen(engine.sync_engine, "invalidate", _let_go_of_sqlite)
        return engine
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={
            "options": f"-c timezone=UTC -c lock_timeout=10000 {GONE}",
            "connect_timeout": 10,
        },
    )


def _make_private(path: Path) -> None:
    """The file of a shop's customers is for its owner's eyes only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise CrmUnreachable(f"The CRM's file cannot be opened: {error.strerror}.") from error


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # Python's own transactions would begin too late and deferred; `_begin_sqlite` does it.
    connection.isolation_level = None
    connection.run_async(_say_how_to_work)


async def _say_how_to_work(connection: Any) -> None:
    for pragma in _PRAGMAS:
        await _when_unlocked(connection, pragma)


async def _when_unlocked(connection: Any, pragma: str) -> None:
    """Two who make the same new file a WAL at once are refused by SQLite without waiting."""
    give_up = time.monotonic() + BUSY / 1000
    while True:
        try:
            await (await connection.execute(pragma)).close()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
        await asyncio.sleep(random.uniform(0.01, 0.05))


def _let_go_of_sqlite(connection: Any, _record: object, _error: object) -> None:
    """Roll back what a task was called off in the middle of.

    Closing alone would not do: SQLite keeps the write lock for as long as Python keeps a cursor.
    A task of its own, because the one that is called off may be called off again.
    """
    task = asyncio.get_running_loop().create_task(_roll_back(connection.driver_connection))
    _LETTING_GO.add(task)
    task.add_done_callback(_LETTING_GO.discard)


async def _roll_back(connection: Any) -> None:
    with suppress(Exception):  # it may be closed by now, and then there is nothing to let go of
        await connection.rollback()


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that is going to write takes the write lock at once: one that read first and
    writes later is refused by SQLite without waiting."""
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
