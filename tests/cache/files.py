"""Cache files as other versions of the desk made them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from revivatui.cache import codec
from revivatui.state.models import Conversation, Draft, Message, SendEntry

VERSION_1 = """
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
PRAGMA user_version=1;
"""


def make_version_1(
    path: Path, row: Conversation, messages: list[Message], entry: SendEntry, draft: Draft
) -> None:
    """A file of version 1 with one thread, an unsent message and a draft in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.executescript(VERSION_1)
    connection.execute(
        "INSERT INTO conversations VALUES (?, ?, ?, ?)",
        (row.id, row.contact_id, row.last_activity_at, codec.encode(row)),
    )
    connection.execute("INSERT INTO threads VALUES (?, 0, NULL, 1, 5.0)", (row.id,))
    connection.executemany(
        "INSERT INTO messages VALUES (?, ?, ?)",
        [(one.conversation_id, one.id, codec.encode(one)) for one in messages],
    )
    connection.execute(
        "INSERT INTO journal VALUES (?, ?, ?, ?)",
        (entry.reference, entry.created_at, entry.state, codec.encode(entry)),
    )
    connection.execute(
        "INSERT INTO drafts VALUES (?, ?, ?, ?)",
        (draft.conversation_id, int(draft.private), draft.text, draft.saved_at),
    )
    connection.close()
