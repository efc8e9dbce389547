"""The file of what the copilot learned: its tables, and opening it for the user alone."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

VERSION: Final = 1
BUSY: Final = 5.0
"""Seconds to wait for another window of the desk that is writing."""

_TABLES: Final = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE words (source_id TEXT NOT NULL, word TEXT NOT NULL, conversation_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL, language TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (source_id, word, conversation_id)) WITHOUT ROWID;
CREATE INDEX words_by_contact ON words (contact_id);
CREATE INDEX words_by_word ON words (word, language);
CREATE TABLE refused (source_id TEXT NOT NULL, word TEXT NOT NULL,
    PRIMARY KEY (source_id, word)) WITHOUT ROWID;
CREATE TABLE votes (source_id TEXT NOT NULL, concept TEXT NOT NULL,
    conversation_id INTEGER NOT NULL, kind TEXT NOT NULL, contact_id INTEGER NOT NULL,
    at REAL NOT NULL, PRIMARY KEY (source_id, concept, conversation_id, kind)) WITHOUT ROWID;
CREATE INDEX votes_by_contact ON votes (contact_id);
CREATE TABLE inserts (id INTEGER PRIMARY KEY, at REAL NOT NULL, user_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL, contact_id INTEGER NOT NULL, suggestion_id TEXT NOT NULL,
    source_ids TEXT NOT NULL, provider TEXT NOT NULL, draft_hash TEXT NOT NULL, distance INTEGER);
CREATE INDEX inserts_by_contact ON inserts (contact_id)
"""


class LearnedError(Exception):
    """What was learned cannot be read or written; the text says where and why. Suggestions go on
    without it."""


@contextmanager
def plainly(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise LearnedError(
            f"What the copilot learned ({file.name}) cannot be used: {error}"
        ) from error


def open_file(file: Path) -> sqlite3.Connection:
    """Open it, made where there is none; a damaged one is set aside and another begun. Raises
    OSError and sqlite3.Error."""
    try:
        return _open(file)
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # a full disk, a lock, another version
            raise
        _set_aside(file)
        return _open(file)


def _set_aside(file: Path) -> None:
    """Rename a damaged file with what SQLite has beside it; nothing is deleted."""
    aside = file.with_name(f"{file.name}.unreadable-{time.strftime('%Y%m%d-%H%M%S')}")
    file.rename(aside)
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            file.with_name(file.name + suffix).rename(aside.with_name(aside.name + suffix))


def _open(file: Path) -> sqlite3.Connection:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    file.chmod(0o600)
    connection = sqlite3.connect(file, timeout=BUSY, check_same_thread=False, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        # What is forgotten is overwritten and not only unlinked.
        connection.execute("PRAGMA secure_delete=ON")
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    if _version(connection) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # another window may have been quicker
        if version not in (0, VERSION):
            raise sqlite3.OperationalError(f"it is of another version ({version}, not {VERSION})")
        if not version:
            for statement in _TABLES.split(";"):
                connection.execute(statement)
            salt = secrets.token_hex(16)
            connection.execute("INSERT INTO facts VALUES ('salt', ?)", (salt,))
            connection.execute(f"PRAGMA user_version={VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def hash_of(connection: sqlite3.Connection, draft: str) -> str:
    """Of a text, with the file's own salt: whoever has a guess cannot try it elsewhere."""
    salt = connection.execute("SELECT value FROM facts WHERE name = 'salt'").fetchone()[0]
    return hashlib.blake2b(draft.encode(), key=salt.encode(), digest_size=16).hexdigest()
