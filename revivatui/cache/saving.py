"""Writing into the cache: what changes with a snapshot, each part inside a transaction of its own.

A message that is kept already, word for word, is not written again; one that changed leaves the
search index as it was and enters it as it is.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from revivatui.cache import codec, finder
from revivatui.cache.snapshot import AccountPart, Snapshot, ThreadPart, ViewPart
from revivatui.state.models import Contact, Conversation, Message, SendEntry

AT_ONCE: Final = 100
"""Rows in one transaction or one batch: no other window waits long for its turn."""

Part = Callable[[sqlite3.Connection], None]


def parts_of(snapshot: Snapshot) -> Iterator[Part]:
    """What is to be written, in this order, each in one transaction."""
    yield from _parts(snapshot.conversations, _save_conversations)
    yield from _parts(snapshot.contacts, _save_contacts)
    for one in snapshot.threads:
        yield from _thread_parts(one)
    yield partial(_save_rest, snapshot)


def _save_rest(snapshot: Snapshot, connection: sqlite3.Connection) -> None:
    forget_conversations(connection, snapshot.gone)
    if snapshot.account is not None:
        _save_account(connection, snapshot.account)
    if snapshot.view is not None:
        _save_view(connection, snapshot.view)
    if snapshot.seen_at is not None:
        save_facts(connection, {"seen_at": repr(snapshot.seen_at)})


def _parts(
    records: Sequence[Any], save: Callable[[sqlite3.Connection, Sequence[Any]], None]
) -> Iterator[Part]:
    for start in range(0, len(records), AT_ONCE):
        some = records[start : start + AT_ONCE]
        yield partial(_save_some, save, some)


def _save_some(
    save: Callable[[sqlite3.Connection, Sequence[Any]], None],
    records: Sequence[Any],
    connection: sqlite3.Connection,
) -> None:
    save(connection, records)


def _save_conversations(connection: sqlite3.Connection, rows: Sequence[Conversation]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO conversations VALUES (?, ?, ?, ?)",
        ((one.id, one.contact_id, one.last_activity_at, codec.encode(one)) for one in rows),
    )


def _save_contacts(connection: sqlite3.Connection, rows: Sequence[Contact]) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO contacts VALUES (?, ?)",
        ((one.id, codec.encode(one)) for one in rows),
    )


# --- threads ---------------------------------------------------------------------------------


def _thread_parts(thread: ThreadPart) -> Iterator[Part]:
    """Gaps first, messages next, what is known about them last: a cut in between promises too
    little. A short thread is one part: every part waits for the disk."""
    parts: list[Part] = [
        partial(_note_gap, thread),
        *_parts(thread.messages, _save_messages),
        partial(_save_knowledge, thread),
    ]
    if len(thread.messages) <= AT_ONCE:
        yield partial(_in_a_row, parts)
    else:
        yield from parts


def _in_a_row(parts: Sequence[Part], connection: sqlite3.Connection) -> None:
    for part in parts:
        part(connection)


def _note_gap(thread: ThreadPart, connection: sqlite3.Connection) -> None:
    """A message that came for a thread that was not read since the start: what was kept of the
    thread is whole only up to there."""
    if thread.complete_from is not None or not thread.messages:
        return
    newest = max(one.id for one in thread.messages)
    connection.execute(
        "UPDATE threads SET complete_to = (SELECT max(id) FROM messages WHERE"
        " messages.conversation_id = threads.conversation_id)"
        " WHERE conversation_id = ?1 AND complete_from IS NOT NULL AND complete_to IS NULL"
        " AND ?2 > (SELECT max(id) FROM messages WHERE conversation_id = ?1)",
        (thread.conversation_id, newest),
    )


def _save_messages(connection: sqlite3.Connection, messages: Sequence[Message]) -> None:
    for one in messages:
        key, body = (one.conversation_id, one.id), codec.encode(one)
        held = connection.execute(
            "SELECT body FROM messages WHERE conversation_id = ? AND id = ?", key
        ).fetchone()
        if held is not None and held[0] == body:
            continue
        finder.take_out(connection, one.id)
        connection.execute("INSERT OR REPLACE INTO messages VALUES (?, ?, ?)", (*key, body))
        finder.put_in(connection, one)


def _save_knowledge(thread: ThreadPart, connection: sqlite3.Connection) -> None:
    """What is known of a thread; knowing nothing takes away nothing (see `_note_gap`)."""
    how = "REPLACE" if thread.complete_from is not None else "IGNORE"
    connection.execute(
        f"INSERT OR {how} INTO threads VALUES (?, ?, ?, ?, ?)",
        (
            thread.conversation_id,
            thread.complete_from,
            thread.complete_to,
            int(thread.start_reached),
            thread.as_of,
        ),
    )


# --- forgetting ------------------------------------------------------------------------------


def forget_conversations(connection: sqlite3.Connection, ids: Iterable[int]) -> None:
    """Conversations with their messages, in the index too. Drafts and unsent messages stay."""
    for one in ids:
        finder.take_out_all(connection, (one,))
        connection.execute("DELETE FROM conversations WHERE id = ?", (one,))
        connection.execute("DELETE FROM threads WHERE conversation_id = ?", (one,))
        connection.execute("DELETE FROM messages WHERE conversation_id = ?", (one,))


def forget_contact(
    connection: sqlite3.Connection, contact_id: int, conversation_ids: Iterable[int]
) -> None:
    """A customer, their conversations (the ones named and the ones kept), and what was written
    to them: drafts and the journal too."""
    rows = connection.execute("SELECT id FROM conversations WHERE contact_id = ?", (contact_id,))
    ids = {*conversation_ids, *(row[0] for row in rows.fetchall())}
    forget_conversations(connection, ids)
    connection.execute("DELETE FROM contacts WHERE id = ?", (contact_id,))
    for one in ids:
        connection.execute("DELETE FROM drafts WHERE conversation_id = ?", (one,))
    for reference, body in connection.execute("SELECT reference, body FROM journal").fetchall():
        try:
            entry: SendEntry = codec.plain(SendEntry, body)
        except finder.BROKEN:
            continue
        if entry.conversation_id in ids:
            connection.execute("DELETE FROM journal WHERE reference = ?", (reference,))


# --- the account and its lists ---------------------------------------------------------------


def _save_account(connection: sqlite3.Connection, part: AccountPart) -> None:
    facts = {"version": part.version}
    if part.account is not None:
        facts["account"] = codec.encode(part.account)
    if part.me is not None:
        facts["me"] = codec.encode(part.me)
    save_facts(connection, facts)
    lists: dict[str, Sequence[Any]] = {
        "agents": part.agents,
        "inboxes": part.inboxes,
        "teams": part.teams,
        "labels": part.labels,
        "canned": part.canned,
    }
    connection.execute("DELETE FROM lists")
    for kind, records in lists.items():
        connection.executemany(
            "INSERT INTO lists VALUES (?, ?, ?)",
            ((kind, place, codec.encode(record)) for place, record in enumerate(records)),
        )


def _save_view(connection: sqlite3.Connection, part: ViewPart) -> None:
    save_facts(
        connection,
        {
            "view": codec.encode(part.view),
            "order": json.dumps(part.order),
            "counts": codec.encode(part.counts) if part.counts is not None else "",
        },
    )


def save_facts(connection: sqlite3.Connection, facts: dict[str, str]) -> None:
    connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())
