"""What the desk saw of its agents, line by line: presence, assignments, states (SQLite, own file).

Append-only; what is older than `KEPT_DAYS` goes, and nothing else ever changes. A file of its own
beside the cache: what happens to it costs no draft, and the cache's lines cost it nothing.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from revivatui.cache.schema import is_damage, set_aside
from revivatui.cache.store import CacheError
from revivatui.state.presence_log import MARKED, Entry

T = TypeVar("T")

KEPT_DAYS: Final = 400
BUSY: Final = 5.0
"""Seconds to wait for another window that writes."""
BEYOND: Final = 2 * MARKED
"""Seconds past the end of a day that are read with it: the next entry proves its end."""
TABLES: Final = """
CREATE TABLE IF NOT EXISTS floor (id INTEGER PRIMARY KEY, run INTEGER NOT NULL, at REAL NOT NULL,
    kind TEXT NOT NULL, agent_id INTEGER NOT NULL, word TEXT NOT NULL,
    conversation_id INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS floor_by_at ON floor (at, run);
CREATE INDEX IF NOT EXISTS floor_by_run ON floor (run, id);
"""
_COLUMNS: Final = "run, at, kind, agent_id, word, conversation_id"
_PICTURE: Final = (
    "SELECT max(id) FROM floor WHERE run = ? AND kind IN ('begin', 'still') AND at <= ?"
)
_DAY: Final = 86_400.0


def file_beside(cache: Path) -> Path:
    """The log of whoever that cache is of."""
    return cache.with_name(f"{cache.stem}-floor{cache.suffix}")


class FloorLog:
    """One file; synchronous, safe from several threads and beside other windows."""

    def __init__(self, path: Path) -> None:
        """Nothing is opened before it is needed."""
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def append(self, entries: Sequence[Entry]) -> None:
        """Write entries, in one transaction. Raises CacheError."""
        self._do(lambda connection: _append(connection, entries))

    def forget_before(self, at: float) -> int:
        """Drop what is older; gives how many entries. Raises CacheError."""
        return self._do(
            lambda connection: connection.execute("DELETE FROM floor WHERE at < ?", (at,)).rowcount
        )

    def tidy(self, now: float) -> int:
        """Keep no more than `KEPT_DAYS`. Raises CacheError."""
        return self.forget_before(now - KEPT_DAYS * _DAY)

    def between(self, since: float, until: float) -> list[Entry]:
        """All entries of a time, from each run's last picture before it on, and what proves its
        end. Raises CacheError."""
        return self._do(lambda connection: _between(connection, since, until + BEYOND))

    def count(self) -> int:
        """Raises CacheError."""
        return self._do(
            lambda connection: int(connection.execute("SELECT count(*) FROM floor").fetchone()[0])
        )

    def first_at(self) -> float | None:
        """When the log begins. Raises CacheError."""
        found = self._do(lambda each: each.execute("SELECT min(at) FROM floor").fetchone()[0])
        return None if found is None else float(found)

    def shrink(self) -> None:
        """Let go of the pages of the file that are held in memory. Raises CacheError."""
        self._do(lambda connection: connection.execute("PRAGMA shrink_memory").close())

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """A damaged file is set aside and another begun; nothing of it can be asked for again."""
        with self._lock:
            try:
                try:
                    return work(self._opened())
                except sqlite3.Error as error:
                    self._drop()
                    if not is_damage(error):
                        raise
                    set_aside(self._path)
                    return work(self._opened())
            except (OSError, sqlite3.Error) as error:
                self._drop()
                raise CacheError(f"The log of the team could not be used: {error}.") from error

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            connection = sqlite3.connect(
                self._path, timeout=BUSY, check_same_thread=False, isolation_level=None
            )
            try:
                connection.execute("PRAGMA journal_mode=WAL")
                # NORMAL: a power cut may cost the last seconds of it, never the file.
                connection.execute("PRAGMA synchronous=NORMAL")
                connection.executescript(TABLES)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection


def _append(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany(f"INSERT INTO floor ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", entries)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _between(connection: sqlite3.Connection, since: float, until: float) -> list[Entry]:
    runs = connection.execute(
        "SELECT DISTINCT run FROM floor WHERE at >= ? AND at < ?", (since, until)
    ).fetchall()
    found: list[Entry] = []
    for (run,) in runs:
        picture = connection.execute(_PICTURE, (run, since)).fetchone()[0] or 0
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM floor WHERE run = ? AND id >= ? AND at < ? ORDER BY id",
            (run, picture, until),
        )
        found += map(Entry._make, rows)
    return found
