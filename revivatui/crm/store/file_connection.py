"""A connection to a SQLite file that may be given up at any moment."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

import aiosqlite
from aiosqlite.core import _STOP_RUNNING_SENTINEL

from revivatui.crm.store.connections import ENDING

ITERATES: Final = 64
"""Rows that the driver fetches in one go where somebody iterates."""


class FileConnection(aiosqlite.Connection):
    """The driver's connection to a SQLite file, with its gaps closed.

    A file that is open when nobody waits for it any more is closed, nobody waits for an answer of
    a thread that has ended, and no thread holds up a program's end.
    """

    def __init__(self, database: str, **how: Any) -> None:
        super().__init__(lambda: self._open(database, how), ITERATES)
        self._thread.daemon = True
        self._file: sqlite3.Connection | None = None

    def _open(self, database: str, how: dict[str, Any]) -> sqlite3.Connection:
        self._file = sqlite3.connect(database, **how)
        return self._file

    def stop(self) -> None:
        """Have the file closed and the thread end, behind what was asked for before."""
        if self._running:
            self._running = False
            ENDING.difference_update([one for one in ENDING if not one.is_alive()])
            ENDING.add(self._thread)
            self._tx.put_nowait((None, self._close_and_end))

    def _close_and_end(self) -> object:
        if self._file is not None:
            self._file.close()
        self._connection = self._file = None
        return _STOP_RUNNING_SENTINEL
