"""The search index: every word of every message kept, in an FTS5 table without the texts.

What is found: whole words and, for the last word of a query, their starts; case and accents do
not matter. "RT-7693" is two words that stand together, so it is found whole and by either part.
In scripts without spaces (Chinese, Japanese, Thai, Korean) every letter is a word, so any run of
letters is found. Not found: the middle of a word ("tter" in "battery"), and words with a typing
error.

Rows are numbered by message id, which grows with time: the newest hits come first without a sort,
and a word of half of all messages costs no more than a rare one. The table keeps no texts: to
take a message out, the words that were put in are told again (`state.search.searchable`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.cache import codec
from revivatui.state.searching import Query, searchable
from revivatui.text.fold import letters_apart

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from revivatui.state.models import Message

BROKEN: Final = (ValueError, TypeError, IndexError, KeyError)
"""What a kept record raises that is none."""

PAGES: Final = 250
"""Pages of the index that one step of `scrub` writes anew: some milliseconds."""

Words = tuple[str, str, str]


def words_of(message: Message) -> Words | None:
    """What the index gets of a message; None where there is nothing to find."""
    text, who, files = map(letters_apart, searchable(message))
    return (text, who, files) if text or who or files else None


def put_in(connection: sqlite3.Connection, message: Message) -> None:
    """Index a message that is not in the index."""
    words = words_of(message)
    if words is None:
        return
    connection.execute(
        "INSERT INTO finder (rowid, text, who, files, place) VALUES (?, ?, ?, ?, ?)",
        (message.id, *words, _place(message.conversation_id)),
    )
    connection.execute(
        "INSERT INTO found VALUES (?, ?, ?)",
        (message.id, message.conversation_id, int(message.created_at)),
    )


def take_out(connection: sqlite3.Connection, message_id: int) -> None:
    """Take a message out of the index, if it is in there: before its kept record changes."""
    row = connection.execute(
        "SELECT found.conversation_id, body FROM found LEFT JOIN messages ON messages.id = found.id"
        " AND messages.conversation_id = found.conversation_id WHERE found.id = ?",
        (message_id,),
    ).fetchone()
    if row is None:
        return
    connection.execute("DELETE FROM found WHERE id = ?", (message_id,))
    conversation_id, body = row
    try:
        words = words_of(codec.message(body))
    except BROKEN:
        return  # its words stay behind; `search` finds no record for them and leaves them out
    if words is not None:
        connection.execute(
            "INSERT INTO finder (finder, rowid, text, who, files, place)"
            " VALUES ('delete', ?, ?, ?, ?, ?)",
            (message_id, *words, _place(conversation_id)),
        )


def take_out_all(connection: sqlite3.Connection, conversation_ids: Iterable[int]) -> None:
    """Take every message of some conversations out."""
    for one in conversation_ids:
        rows = connection.execute("SELECT id FROM messages WHERE conversation_id = ?", (one,))
        for (message_id,) in rows.fetchall():
            take_out(connection, message_id)


# --- searching -------------------------------------------------------------------------------


def search(
    connection: sqlite3.Connection, query: Query, conversation_id: int | None, most: int
) -> list[str]:
    """The kept records of the newest messages that fit, newest first."""
    if query.empty:
        return []
    first, last = _between(connection, query)
    rows = connection.execute(
        "SELECT body FROM finder CROSS JOIN found ON found.id = finder.rowid"
        " CROSS JOIN messages ON messages.id = found.id"
        " AND messages.conversation_id = found.conversation_id"
        " WHERE finder MATCH ? AND finder.rowid BETWEEN ? AND ?"
        " ORDER BY finder.rowid DESC LIMIT ?",
        (match_of(query, conversation_id), first, last, most),
    )
    return [body for (body,) in rows]


def match_of(query: Query, conversation_id: int | None = None) -> str:
    """The query in FTS5's language. Every word is quoted: whatever it holds, it is a word."""
    words = [_quoted(word) for word in query.words]
    if words and query.begun:
        words[-1] += "*"
    parts = [f"{{text who files}} : {word}" for word in words]
    parts += [f"who : {_quoted(who)}*" for who in query.who]
    if conversation_id is not None:
        parts.append(f"place : {_quoted(_place(conversation_id))}")
    return " AND ".join(parts)


def _quoted(word: str) -> str:
    return '"' + letters_apart(word).replace('"', " ") + '"'


def _place(conversation_id: int) -> str:
    return f"c{conversation_id}"


def _between(connection: sqlite3.Connection, query: Query) -> tuple[int, int]:
    """The first and the last id that the dates of a query leave: ids grow with time."""
    first, last = 0, 2**62
    if query.since is not None:
        first = _first_since(connection, query.since)
    if query.until is not None:
        last = _first_since(connection, query.until) - 1
    return first, last


def _first_since(connection: sqlite3.Connection, at: float) -> int:
    """The lowest id from which on messages were written at or after a time, by halving."""
    (top,) = connection.execute("SELECT max(id) FROM found").fetchone()
    low, high = 0, (top or 0) + 1
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(
            "SELECT id, at FROM found WHERE id >= ? ORDER BY id LIMIT 1", (middle,)
        ).fetchone()
        if row is None or row[1] >= at:
            high = middle
        else:
            low = row[0] + 1
    return low


# --- keeping it up ---------------------------------------------------------------------------


def index_some(
    connection: sqlite3.Connection, after: tuple[int, int], many: int
) -> tuple[int, int] | None:
    """Index messages that an older version of the file kept, behind `after` (conversation,
    message). Gives where it stopped, or None at the end."""
    rows = connection.execute(
        "SELECT messages.conversation_id, messages.id, body, found.id FROM messages"
        " LEFT JOIN found ON found.id = messages.id"
        " WHERE (messages.conversation_id, messages.id) > (?, ?)"
        " ORDER BY messages.conversation_id, messages.id LIMIT ?",
        (*after, many),
    ).fetchall()
    for _conversation_id, _id, body, known in rows:
        if known is None:
            try:
                put_in(connection, codec.message(body))
            except BROKEN:
                continue
    return (rows[-1][0], rows[-1][1]) if len(rows) == many else None


def scrub(connection: sqlite3.Connection, *, begin: bool) -> bool:
    """Write a part of the index anew without the words that were taken out, which are otherwise
    only struck through. Gives whether more is left; `begin` with the first part."""
    if begin:
        connection.execute("INSERT INTO finder (finder, rank) VALUES ('usermerge', 2)")
    before = connection.total_changes
    connection.execute(
        "INSERT INTO finder (finder, rank) VALUES ('merge', ?)", (-PAGES if begin else PAGES,)
    )
    return connection.total_changes - before >= 2
