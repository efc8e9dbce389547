"""Opening the CRM for the bridge: its own tables in it, and nobody else at work on them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from revivatui.bridge import known, shared_schema
from revivatui.bridge.errors import AlreadyRunning, BridgeError
from revivatui.bridge.tables import METADATA
from revivatui.crm.store import Store
from revivatui.crm.store.engine import address_of

LAYOUT: Final = "1"
"""The layout of the bridge's tables."""


def is_shared(where: str | Path) -> bool:
    """Whether several processes may work on this CRM at once. Raises WrongAddress."""
    return address_of(where).get_backend_name() == "postgresql"


async def make_tables(store: Store) -> None:
    """Make the bridge's tables where they are not there, in PostgreSQL those of its jobs too.

    Raises BridgeError for newer ones.
    """
    async with store.unit_of_work() as work:
        is_shared = work.is_postgresql
        if is_shared:
            await shared_schema.hold_schema(work)
        connection = work.connection
        await connection.run_sync(METADATA.create_all)
        layout = await known.fact(work, "layout")
        if layout not in ("", LAYOUT):
            raise BridgeError(
                "The bridge's tables were made by a newer version of the program. They were left"
                " as they are."
            )
        if not layout:
            await known.keep_fact(work, "layout", LAYOUT)
    if is_shared:
        await shared_schema.bring_up_to_date(store)


@contextlib.contextmanager
def alone(lock_file: Path) -> Iterator[None]:
    """One bridge for one CRM of this machine. The system takes the lock back when we end, however
    that comes. Raises AlreadyRunning."""
    try:
        import fcntl
    except ImportError:  # Windows: nothing of the kind that survives a crash
        yield
        return
    lock_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(lock_file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunning("A bridge works on this CRM already.") from None
        yield
    finally:
        os.close(handle)
