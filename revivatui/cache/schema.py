"""The tables of the cache file, and opening it: private to the user, and never trusted blindly."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from revivatui.cache.windows import widen

VERSION: Final = 2
"""Of the tables, of the records in them (`codec`) and of what is indexed of a message
(`state.search.searchable`). An older one is brought up to it by `STEPS`; another one is set
aside, not guessed at."""

BUSY: Final = 5.0
"""Seconds to wait for another window of the desk that is writing."""

TABLES: Final = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE lists (kind TEXT NOT NULL, place INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (kind, place)) WITHOUT ROWID;
CREATE TABLE conversations (id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL,
    active_at REAL NOT NULL, body TEXT NOT NULL);
CREATE INDEX conversations_by_activity ON conversations (active_at DESC);
CREATE TABLE contacts (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE threads (conversation_id INTEGER PRIMARY KEY, complete_from INTEGER,
    complete_to INTEGER, start_reached INTEGER NOT NULL, as_of REAL);
CREATE TABLE messages (conversation_id INTEGER NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (conversation_id, id)) WITHOUT ROWID;
CREATE TABLE journal (reference TEXT PRIMARY KEY, created_at REAL NOT NULL, state TEXT NOT NULL,
    body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE drafts (conversation_id INTEGER NOT NULL, private INTEGER NOT NULL,
    text TEXT NOT NULL, saved_at REAL NOT NULL, PRIMARY KEY (conversation_id, private))
    WITHOUT ROWID;
"""

WHOSE: Final = ("user", "last_user", "me")
"""Facts: the id of the agent whose file it is and of the one who was last at this desk; and the
agent as last seen, who says the same in files from before there were ids."""
INDEX: Final = """
CREATE TABLE found (id INTEGER PRIMARY KEY, conversation_id INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE VIRTUAL TABLE finder USING fts5(text, who, files, place, content='', columnsize=0,
    prefix='2 3', tokenize='unicode61 remove_diacritics 2');
"""
"""The search index (`finder`), and the messages that are in it."""

UNINDEXED: Final = "unindexed"
"""The fact that holds behind which message the ones kept by version 1 are not indexed yet."""

STEPS: Final = {
    1: INDEX
    + f"""
INSERT OR IGNORE INTO facts SELECT '{UNINDEXED}', '[0,0]' WHERE EXISTS (SELECT 1 FROM messages);
"""
}
"""What brings a file of that version to the next one. It runs before anything is shown, so it
must not walk the messages: those are indexed later (`Cache.index_some`)."""

SALVAGED: Final = (
    ("journal", "reference, created_at, state, body"),
    ("drafts", "conversation_id, private, text, saved_at, window"),
    ("drafts", "conversation_id, private, text, saved_at"),
)
"""What only this machine knows; all else can be asked for again."""


def open_file(path: Path) -> tuple[sqlite3.Connection, str]:
    """Open the cache, made where there is none. Gives the connection and what to tell the agent.

    A file that cannot be read is set aside, with its journal and drafts carried over as far as
    they can be. Raises OSError or sqlite3.Error where not even a new file can be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return _open(path), ""
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        return replace_file(path)


def is_damage(error: BaseException | None) -> bool:
    """Whether the file itself is bad. (A full or locked disk is an OperationalError.)"""
    return type(error) is sqlite3.DatabaseError


def replace_file(path: Path) -> tuple[sqlite3.Connection, str]:
    """Set a damaged file aside and make a new one, with what can be saved of the old one.

    Gives and raises as `open_file`.
    """
    aside = set_aside(path)
    connection = _open(path)
    carried = _salvage(aside, connection)
    kept = f" {carried} unsent messages and drafts were carried over." if carried else ""
    return connection, (
        "What was kept on this machine could not be read, so the desk starts without it."
        f"{kept} The old file is {aside.name}."
    )


def _open(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
    connection = sqlite3.connect(
        path, timeout=BUSY, check_same_thread=False, isolation_level=None, cached_statements=64
    )
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        # FULL: the send journal must be on the disk before the request leaves (design rule 3).
        connection.execute("PRAGMA synchronous=FULL")
        # What is forgotten is overwritten and not only unlinked.
        connection.execute("PRAGMA secure_delete=ON")
        _prepare(connection)
        widen(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    version = _version(connection)
    if version == VERSION:
        return
    if version and version not in STEPS:
        raise sqlite3.DatabaseError(f"schema {version}, not {VERSION}")
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # another window may have been quicker
        if not version:
            _run(connection, TABLES + INDEX)
        while 0 < version < VERSION:
            _run(connection, STEPS[version])
            version += 1
        connection.execute(f"PRAGMA user_version={VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _run(connection: sqlite3.Connection, script: str) -> None:
    """Run a script inside the transaction that is open (`executescript` would end it)."""
    for statement in script.split(";"):
        connection.execute(statement)


def set_aside(path: Path) -> Path:
    """Rename a file that cannot be used; nothing is deleted."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.unreadable-{stamp}")
    count = 1
    while aside.exists():
        count += 1
        aside = path.with_name(f"{path.name}.unreadable-{stamp}-{count}")
    move(path, aside)
    return aside


def move(path: Path, to: Path) -> None:
    """Rename a file that nobody has open, with what SQLite has beside it. Raises OSError."""
    path.rename(to)
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(to.with_name(to.name + suffix))


def _salvage(aside: Path, connection: sqlite3.Connection) -> int:
    """Carry over what only the old file knows; gives how many lines."""
    carried = 0
    found = set()
    for table, columns in SALVAGED:
        if table in found:
            continue  # the second shape is of files from before there were windows
        with suppress(sqlite3.Error), closing(sqlite3.connect(aside)) as old:
            marks = ", ".join("?" * len(columns.split(", ")))
            for row in old.execute(f"SELECT {columns} FROM {table}"):
                connection.execute(
                    f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", row
                )
                carried += 1
                found.add(table)
    with suppress(sqlite3.Error), closing(sqlite3.connect(aside)) as old:
        whose = "SELECT name, value FROM facts WHERE name IN (?, ?, ?)"
        connection.executemany(
            "INSERT OR IGNORE INTO facts VALUES (?, ?)", old.execute(whose, WHOSE)
        )
    return carried
