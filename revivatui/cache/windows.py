"""Windows of one desk on one machine: each keeps its own drafts in the one file.

A window is open while it holds the lock on a small file of its own, which a kill -9 releases too.
Drafts of closed windows belong to the next that opens: the newest of a conversation becomes its
own, the others stay as what they are and are offered.
"""

from __future__ import annotations

import glob
import os
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from revivatui.state.models import Draft, OtherDraft, SendEntry

if sys.platform != "win32":
    import fcntl

ASIDE: Final = "aside-"
"""Begins the name under which a text is kept that gave way to another: no window opens with it."""

MINE: Final = "SELECT conversation_id, private, text, saved_at FROM drafts WHERE window = ?"
OTHERS: Final = (
    "SELECT conversation_id, private, text, saved_at, window FROM drafts WHERE window <> ?"
    " ORDER BY saved_at DESC"
)

_COLUMNS: Final = (
    "conversation_id INTEGER NOT NULL, private INTEGER NOT NULL, text TEXT NOT NULL,"
    " saved_at REAL NOT NULL, window TEXT NOT NULL DEFAULT '',"
    " PRIMARY KEY (conversation_id, private, window)"
)


def widen(connection: sqlite3.Connection) -> None:
    """Give the drafts of a file their windows, where it is from before there were any."""
    if any(row[1] == "window" for row in connection.execute("PRAGMA table_info(drafts)")):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another window may have been quicker.
        if not any(row[1] == "window" for row in connection.execute("PRAGMA table_info(drafts)")):
            connection.execute("ALTER TABLE drafts RENAME TO drafts_before")
            connection.execute(f"CREATE TABLE drafts ({_COLUMNS}) WITHOUT ROWID")
            connection.execute(
                "INSERT INTO drafts (conversation_id, private, text, saved_at)"
                " SELECT conversation_id, private, text, saved_at FROM drafts_before"
            )
            connection.execute("DROP TABLE drafts_before")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


class Window:
    """This window: its name, which others see, and the lock that says that it is open."""

    def __init__(self, path: Path) -> None:
        """A new window on the file at `path`. Raises OSError."""
        self._path = path
        while True:
            self.name = os.urandom(6).hex()
            self._lock = os.open(self._file(self.name), os.O_CREAT | os.O_RDWR, 0o600)
            _lock(self._lock)
            if self._is_there():
                break
            os.close(self._lock)  # somebody took it for a leftover before it was locked

    def _file(self, name: str) -> Path:
        return self._path.with_name(f"{self._path.name}.window-{name}")

    def _is_there(self) -> bool:
        with suppress(FileNotFoundError):
            return os.path.samestat(os.stat(self._file(self.name)), os.fstat(self._lock))
        return False

    def close(self) -> None:
        with suppress(OSError):
            self._file(self.name).unlink(missing_ok=True)
        with suppress(OSError):
            os.close(self._lock)

    def is_open(self, name: str) -> bool:
        """Whether another window is open now; what a closed one left lying about is removed."""
        if not name or name.startswith(ASIDE):
            return False
        try:
            handle = os.open(self._file(name), os.O_RDWR)
        except OSError:
            return False
        try:
            if not _lock(handle):
                return True
            with suppress(OSError):
                self._file(name).unlink(missing_ok=True)
            return False
        finally:
            os.close(handle)

    def tidy(self) -> None:
        """Remove what windows that were killed left lying about."""
        for file in self._path.parent.glob(f"{glob.escape(self._path.name)}.window-*"):
            self.is_open(file.name.rpartition("-")[2])

    def enter(self, connection: sqlite3.Connection) -> None:
        """Make the newest draft of each conversation and mode that no open window holds ours.

        Inside a transaction.
        """
        taken: set[tuple[int, int]] = set()
        texts: set[tuple[int, int, str]] = set()
        rows = connection.execute(OTHERS, (self.name,)).fetchall()
        opened = {name: self.is_open(name) for name in {row[4] for row in rows}}
        for conversation_id, private, text, _at, name in rows:
            key = (conversation_id, private)
            if opened[name]:
                continue
            if (*key, text) in texts:
                _delete(connection, conversation_id, private, name)
            elif key not in taken and not name.startswith(ASIDE):
                taken.add(key)
                connection.execute(
                    "UPDATE drafts SET window = ?"
                    " WHERE conversation_id = ? AND private = ? AND window = ?",
                    (self.name, *key, name),
                )
            texts.add((*key, text))

    def has_to_enter(self, connection: sqlite3.Connection) -> bool:
        """Whether there is anything that another window left."""
        return connection.execute(f"{OTHERS} LIMIT 1", (self.name,)).fetchone() is not None

    def others(self, rows: Iterable[tuple[int, int, str, float, str]]) -> list[OtherDraft]:
        """What `OTHERS` gave, as records."""
        opened: dict[str, bool] = {}
        found = []
        for conversation_id, private, text, at, name in rows:
            if name not in opened:
                opened[name] = self.is_open(name)
            found.append(OtherDraft(conversation_id, bool(private), text, at, name, opened[name]))
        return found


def leave(path: Path) -> None:
    """Remove the files of windows on a file that nobody has open and that is elsewhere now."""
    for file in path.parent.glob(f"{glob.escape(path.name)}.window-*"):
        file.unlink(missing_ok=True)


def write(connection: sqlite3.Connection, name: str, draft: Draft) -> None:
    """Keep a draft under the name of a window; an empty one ends it."""
    if not draft.text:
        _delete(connection, draft.conversation_id, int(draft.private), name)
        return
    connection.execute(
        "INSERT OR REPLACE INTO drafts (conversation_id, private, text, saved_at, window)"
        " VALUES (?, ?, ?, ?, ?)",
        (draft.conversation_id, int(draft.private), draft.text, draft.saved_at, name),
    )


def end(connection: sqlite3.Connection, name: str, entry: SendEntry) -> None:
    """End the draft of a window that a message was written in, as far as it had been saved."""
    where = "FROM drafts WHERE conversation_id = ? AND private = ? AND window = ? AND saved_at <= ?"
    which = (entry.conversation_id, int(entry.private), name, entry.created_at)
    kept = connection.execute(f"SELECT text {where}", which).fetchone()
    if kept is not None and entry.content.strip().startswith(kept[0].strip()):
        connection.execute(f"DELETE {where}", which)


def aside(connection: sqlite3.Connection, draft: Draft) -> None:
    """Keep a text that gave way to another, as nobody's, until it is taken or not wanted."""
    write(connection, f"{ASIDE}{os.urandom(6).hex()}", draft)


def drop(connection: sqlite3.Connection, other: OtherDraft) -> None:
    """Forget what a closed window held, unless it is another text by now."""
    connection.execute(
        "DELETE FROM drafts WHERE conversation_id = ? AND private = ? AND window = ? AND text = ?",
        (other.conversation_id, int(other.private), other.window, other.text),
    )


def _delete(connection: sqlite3.Connection, conversation_id: int, private: int, name: str) -> None:
    connection.execute(
        "DELETE FROM drafts WHERE conversation_id = ? AND private = ? AND window = ?",
        (conversation_id, private, name),
    )


def _lock(handle: int) -> bool:
    """Lock a file, if nobody else has; gives whether it is ours."""
    if sys.platform == "win32":
        return True  # every other window counts as closed
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
