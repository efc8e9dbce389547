"""What survives a restart: conversations, threads, the send journal, drafts (SQLite, one file).

Synchronous; made for one worker thread, safe from several. Everything but the journal and the
drafts can be asked of the server again, and is shown as what was last seen until it was.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from revivatui.cache import codec
from revivatui.cache.schema import WHOSE, is_damage, open_file, replace_file
from revivatui.cache.snapshot import AccountPart, Snapshot, ThreadPart, ViewPart
from revivatui.state.events import CacheFilled, CacheLoaded, ThreadCached
from revivatui.state.models import (
    Agent,
    CannedResponse,
    Contact,
    Conversation,
    Counts,
    Draft,
    Inbox,
    Label,
    ListView,
    SendEntry,
    Team,
)
from revivatui.state.records import dataclass

T = TypeVar("T")

FIRST_ROWS: Final = 200
"""Rows of the last list that are read before anything is shown."""

AT_ONCE: Final = 100
"""Rows in one transaction or one batch: no other window waits long for its turn."""

IN_ONE_QUESTION: Final = 400
"""Ids in one SELECT, below SQLite's limit on variables."""

_BROKEN: Final = (ValueError, TypeError, IndexError, KeyError)
"""What a kept record raises that is none."""


class CacheError(Exception):
    """The disk refused. The message is one plain sentence: what happened and what was kept."""


@dataclass(frozen=True, slots=True)
class _View:
    view: ListView
    order: list[int]
    counts: Counts | None


class Cache:
    """One file of one profile, server, account and agent. Make it with `Cache.open`."""

    def __init__(self, path: Path, connection: sqlite3.Connection, message: str) -> None:
        self._path = path
        self._connection = connection
        self._lock = threading.Lock()
        self.message = message
        """What to tell the agent about the opening; "" where all was well."""
        self._first: set[int] = set()
        """The conversations that `load` gave, which `load_rest` leaves out."""

    @classmethod
    def open(cls, path: Path | str) -> Cache:
        """Open or make the file, readable by its owner only. One that cannot be read is set
        aside and a new one made; `message` says so. Raises CacheError where that fails too."""
        try:
            return cls(Path(path), *open_file(Path(path)))
        except (OSError, sqlite3.Error) as error:
            raise CacheError(
                f"Nothing can be kept on this machine: {error}. The desk works, but drafts and "
                "unsent messages do not outlive it."
            ) from error

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when it ends. Raises CacheError."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                except BaseException:
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise CacheError(f"The disk could not keep it: {error}.") from error

    def _rows(self, question: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._connection.execute(question, values).fetchall()
            except sqlite3.Error as error:
                raise CacheError(f"What was kept could not be read: {error}.") from error

    # --- whose it is --------------------------------------------------------------------------

    def owner(self) -> int:
        """The id of the agent whose file this is; 0: whoever signs in first. Raises CacheError."""
        facts = self._read_whole(self._whose)
        if "user" in facts:
            return int(facts["user"])
        me = _read(facts.get("me"), partial(codec.plain, Agent))
        return me.id if me is not None else 0

    def last_user(self) -> int:
        """The id of the agent who was last at this desk; 0: not known. Raises CacheError."""
        return int(self._whose().get("last_user", 0))

    def _whose(self) -> dict[str, str]:
        return dict(self._rows("SELECT name, value FROM facts WHERE name IN (?, ?, ?)", WHOSE))

    def claim(self, user_id: int) -> bool:
        """Make a file that is nobody's this agent's; gives whether it is theirs.
        Raises CacheError."""
        owner = self.owner()
        if not owner:
            with self._writing() as connection:
                _save_facts(connection, {"user": str(user_id)})
        return owner in (0, user_id)

    def note_last_user(self, user_id: int) -> None:
        """Who is at this desk now. Raises CacheError."""
        with self._writing() as connection:
            _save_facts(connection, {"last_user": str(user_id)})

    # --- reading at the start -----------------------------------------------------------------

    def load(self) -> CacheLoaded | None:
        """What was last seen: the account, the top of the last list, open sends, drafts.

        None where nothing was kept yet. Made to be ready before the first frame is painted. A
        file that turns out to be damaged is set aside (see `message`). Raises CacheError.
        """
        return self._read_whole(self._load)

    def _read_whole(self, read: Callable[[], T]) -> T:
        """Read, once more from a new file where this one turns out to be damaged."""
        try:
            return read()
        except CacheError as error:
            if not is_damage(error.__cause__):
                raise
        self._start_over()
        return read()

    def _start_over(self) -> None:
        with self._lock:
            self._connection.close()
            try:
                self._connection, self.message = replace_file(self._path)
            except (OSError, sqlite3.Error) as error:
                raise CacheError(f"Nothing can be kept on this machine: {error}.") from error

    def _load(self) -> CacheLoaded | None:
        facts = dict(self._rows("SELECT name, value FROM facts"))
        sends, drafts = tuple(self.journal_open()), tuple(self.drafts())
        if not facts and not sends and not drafts:
            return None
        kept = _view_of(facts)
        order = kept.order[:FIRST_ROWS] if kept else []
        conversations = self._conversations(order)
        contacts = self._contacts(one.contact_id for one in conversations)
        self._first = {one.id for one in conversations}
        lists = self._lists()
        return CacheLoaded(
            seen_at=float(facts.get("seen_at", 0.0)),
            account=_read(facts.get("account"), codec.account),
            me=_read(facts.get("me"), partial(codec.plain, Agent)),
            version=facts.get("version", ""),
            agents=lists["agents"],
            inboxes=lists["inboxes"],
            teams=lists["teams"],
            labels=lists["labels"],
            canned=lists["canned"],
            contacts=contacts,
            conversations=conversations,
            view=kept.view if kept else None,
            order=tuple(order),
            counts=kept.counts if kept else None,
            sends=sends,
            drafts=drafts,
        )

    def load_rest(self) -> Iterator[CacheFilled]:
        """The conversations that `load` left out, most lately active first, some at a time.
        Raises CacheError."""
        ids = [row[0] for row in self._rows("SELECT id FROM conversations ORDER BY active_at DESC")]
        rest = [one for one in ids if one not in self._first]
        for start in range(0, len(rest), AT_ONCE):
            conversations = self._conversations(rest[start : start + AT_ONCE])
            contacts = self._contacts(one.contact_id for one in conversations)
            yield CacheFilled(conversations, contacts)

    def _conversations(self, ids: Sequence[int]) -> tuple[Conversation, ...]:
        return tuple(self._by_id("conversations", ids, codec.conversation))

    def _contacts(self, ids: Iterable[int]) -> tuple[Contact, ...]:
        return tuple(self._by_id("contacts", list(dict.fromkeys(ids)), codec.contact))

    def _by_id(self, table: str, ids: Sequence[int], decode: Callable[[str], Any]) -> list[Any]:
        found = []
        for start in range(0, len(ids), IN_ONE_QUESTION):
            some = ids[start : start + IN_ONE_QUESTION]
            marks = ",".join("?" * len(some))
            rows = self._rows(f"SELECT body FROM {table} WHERE id IN ({marks})", some)
            found += [one for (body,) in rows if (one := _read(body, decode)) is not None]
        return found

    def _lists(self) -> dict[str, tuple[Any, ...]]:
        kinds = {
            "agents": Agent,
            "inboxes": Inbox,
            "teams": Team,
            "labels": Label,
            "canned": CannedResponse,
        }
        lists: dict[str, list[Any]] = {kind: [] for kind in kinds}
        for kind, body in self._rows("SELECT kind, body FROM lists ORDER BY kind, place"):
            record = _read(body, partial(codec.plain, kinds[kind]))
            if record is not None:
                lists[kind].append(record)
        return {kind: tuple(records) for kind, records in lists.items()}

    def thread(self, conversation_id: int) -> ThreadCached | None:
        """The messages kept of a conversation; None where there are none. Raises CacheError."""
        bodies = self._rows(
            "SELECT body FROM messages WHERE conversation_id = ? ORDER BY id", (conversation_id,)
        )
        messages = [one for (body,) in bodies if (one := _read(body, codec.message)) is not None]
        known = self._rows(
            "SELECT complete_from, complete_to, start_reached, as_of FROM threads"
            " WHERE conversation_id = ?",
            (conversation_id,),
        )
        if not messages or not known:
            return None
        complete_from, complete_to, start_reached, as_of = known[0]
        if complete_to is not None:  # what came after the gap is read again anyway
            messages = [one for one in messages if one.id <= complete_to]
        if complete_from is not None:
            messages = [one for one in messages if one.id >= complete_from]
        return ThreadCached(
            conversation_id=conversation_id,
            messages=tuple(messages),
            complete_from=complete_from,
            start_reached=bool(start_reached),
            as_of=as_of or 0.0,
        )

    # --- saving what was seen -----------------------------------------------------------------

    def save(self, snapshot: Snapshot) -> None:
        """Keep what changed. Raises CacheError; what was kept before stands then."""
        parts = [
            *_parts(snapshot.conversations, _save_conversations),
            *_parts(snapshot.contacts, _save_contacts),
            *(part for one in snapshot.threads for part in _thread_parts(one)),
        ]
        for part in parts:
            with self._writing() as connection:
                part(connection)
        with self._writing() as connection:
            _forget(connection, snapshot.gone)
            if snapshot.account is not None:
                _save_account(connection, snapshot.account)
            if snapshot.view is not None:
                _save_view(connection, snapshot.view)
            if snapshot.seen_at is not None:
                _save_facts(connection, {"seen_at": repr(snapshot.seen_at)})

    # --- the journal and the drafts -----------------------------------------------------------

    def journal_write(self, entry: SendEntry) -> None:
        """Write a line of the send journal; it is on the disk when this returns, and the draft
        that became the message is gone from there with the same stroke.

        Raises CacheError: then the message must not leave.
        """
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO journal VALUES (?, ?, ?, ?) ON CONFLICT (reference) DO UPDATE"
                " SET state = excluded.state, body = excluded.body",
                (entry.reference, entry.created_at, entry.state, codec.encode(entry)),
            )
            if not entry.attempts:
                _end_draft(connection, entry)

    def journal_forget(self, reference: str) -> None:
        """The agent took the message back, or it is proven and shown. Raises CacheError."""
        with self._writing() as connection:
            connection.execute("DELETE FROM journal WHERE reference = ?", (reference,))

    def journal_open(self) -> list[SendEntry]:
        """The entries that are not proven sent, oldest first. Raises CacheError."""
        rows = self._rows(
            "SELECT body FROM journal WHERE state <> 'sent' ORDER BY created_at, reference"
        )
        entries = [_read(body, partial(codec.plain, SendEntry)) for (body,) in rows]
        return [entry for entry in entries if entry is not None]

    def draft_write(self, draft: Draft) -> None:
        """Keep a draft (an empty one ends it), unless another window kept a later one.
        Raises CacheError."""
        with self._writing() as connection:
            connection.execute(
                "INSERT INTO drafts VALUES (?, ?, ?, ?) ON CONFLICT (conversation_id, private)"
                " DO UPDATE SET text = excluded.text, saved_at = excluded.saved_at"
                " WHERE excluded.saved_at >= drafts.saved_at",
                (draft.conversation_id, int(draft.private), draft.text, draft.saved_at),
            )
            connection.execute("DELETE FROM drafts WHERE text = ''")

    def drafts(self) -> list[Draft]:
        """Every draft kept. Raises CacheError."""
        rows = self._rows("SELECT conversation_id, private, text, saved_at FROM drafts")
        return [Draft(one, bool(private), text, at) for one, private, text, at in rows]


# --- writing, inside a transaction ---------------------------------------------------------------


Part = Callable[[sqlite3.Connection], None]


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


def _thread_parts(thread: ThreadPart) -> Iterator[Part]:
    """The messages first, what is known about them last: a cut in between promises too little."""

    def save_messages(connection: sqlite3.Connection, messages: Sequence[Any]) -> None:
        connection.executemany(
            "INSERT OR REPLACE INTO messages VALUES (?, ?, ?)",
            ((thread.conversation_id, one.id, codec.encode(one)) for one in messages),
        )

    def save_knowledge(connection: sqlite3.Connection) -> None:
        connection.execute(
            "INSERT OR REPLACE INTO threads VALUES (?, ?, ?, ?, ?)",
            (
                thread.conversation_id,
                thread.complete_from,
                thread.complete_to,
                int(thread.start_reached),
                thread.as_of,
            ),
        )

    yield from _parts(thread.messages, save_messages)
    yield save_knowledge


def _forget(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    for one in ids:
        connection.execute("DELETE FROM conversations WHERE id = ?", (one,))
        connection.execute("DELETE FROM threads WHERE conversation_id = ?", (one,))
        connection.execute("DELETE FROM messages WHERE conversation_id = ?", (one,))


def _save_account(connection: sqlite3.Connection, part: AccountPart) -> None:
    facts = {"version": part.version}
    if part.account is not None:
        facts["account"] = codec.encode(part.account)
    if part.me is not None:
        facts["me"] = codec.encode(part.me)
    _save_facts(connection, facts)
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
    _save_facts(
        connection,
        {
            "view": codec.encode(part.view),
            "order": json.dumps(part.order),
            "counts": codec.encode(part.counts) if part.counts is not None else "",
        },
    )


def _end_draft(connection: sqlite3.Connection, entry: SendEntry) -> None:
    """The draft that a message was written in, as far as it had been saved."""
    where = "FROM drafts WHERE conversation_id = ? AND private = ? AND saved_at <= ?"
    which = (entry.conversation_id, int(entry.private), entry.created_at)
    kept = connection.execute(f"SELECT text {where}", which).fetchone()
    if kept is not None and entry.content.strip().startswith(kept[0].strip()):
        connection.execute(f"DELETE {where}", which)


def _save_facts(connection: sqlite3.Connection, facts: dict[str, str]) -> None:
    connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())


# --- reading ---------------------------------------------------------------------------------


def _read(text: str | None, decode: Callable[[str], Any]) -> Any:
    """A kept record, or None where there is none or it is broken: the server has it."""
    if not text:
        return None
    try:
        return decode(text)
    except _BROKEN:
        return None


def _view_of(facts: dict[str, str]) -> _View | None:
    view = _read(facts.get("view"), codec.view)
    order = _read(facts.get("order"), json.loads)
    if view is None or not isinstance(order, list):
        return None
    counts = _read(facts.get("counts"), partial(codec.plain, Counts))
    return _View(view, order, counts)
