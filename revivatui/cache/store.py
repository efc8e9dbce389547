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

from revivatui.cache import codec, finder, saving, windows
from revivatui.cache.finder import BROKEN
from revivatui.cache.saving import AT_ONCE
from revivatui.cache.schema import UNINDEXED, WHOSE, is_damage, open_file, replace_file
from revivatui.cache.snapshot import Snapshot
from revivatui.state.events import CacheFilled, CacheLoaded, ThreadCached, ThreadReached
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
    Message,
    OtherDraft,
    SendEntry,
    Team,
)
from revivatui.state.records import dataclass
from revivatui.state.searching import MACHINE, MOST, Hit, Query, hit_of

T = TypeVar("T")

FIRST_ROWS: Final = 200
"""Rows of the last list that are read before anything is shown."""

IN_ONE_QUESTION: Final = 400
"""Ids in one SELECT, below SQLite's limit on variables."""

ABOVE: Final = 20
"""Messages shown above one that was looked for."""


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
        self._window = windows.Window(path)
        self._window.tidy()
        self._enter()
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

    @property
    def path(self) -> Path:
        return self._path

    def close(self) -> None:
        with self._lock:
            self._connection.close()
        self._window.close()

    def _enter(self) -> None:
        """Take over what closed windows left. Raises sqlite3.Error, but for a damaged file: that
        is found out by whoever reads it."""
        try:
            if self._window.has_to_enter(self._connection):
                with self._connection:
                    self._connection.execute("BEGIN IMMEDIATE")
                    self._window.enter(self._connection)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise

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
                saving.save_facts(connection, {"user": str(user_id)})
        return owner in (0, user_id)

    def note_last_user(self, user_id: int) -> None:
        """Who is at this desk now. Raises CacheError."""
        with self._writing() as connection:
            saving.save_facts(connection, {"last_user": str(user_id)})

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
            self._enter()

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
            other_drafts=tuple(self.other_drafts()),
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
        """The messages kept of a conversation, from where it is known without a gap; None where
        there are none. Raises CacheError."""
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
        if complete_from is not None:
            messages = [one for one in messages if one.id >= complete_from]
        return ThreadCached(
            conversation_id=conversation_id,
            messages=tuple(messages),
            complete_from=complete_from,
            complete_to=complete_to,
            start_reached=bool(start_reached),
            as_of=as_of or 0.0,
        )

    def thread_down_to(self, conversation_id: int, message_id: int) -> ThreadReached | None:
        """Everything kept of a conversation from a little above a message on; None where that
        message is not kept. Raises CacheError."""
        bodies = self._rows(
            "SELECT body FROM messages WHERE conversation_id = ?1 AND id >= (SELECT min(id) FROM"
            " (SELECT id FROM messages WHERE conversation_id = ?1 AND id <= ?2"
            " ORDER BY id DESC LIMIT ?3)) ORDER BY id",
            (conversation_id, message_id, ABOVE),
        )
        messages = [one for (body,) in bodies if (one := _read(body, codec.message)) is not None]
        if all(one.id != message_id for one in messages):
            return None
        return ThreadReached(conversation_id, tuple(messages), whole_to=messages[0].id)

    def resolved(self, most: int) -> Iterator[tuple[Conversation, list[Message]]]:
        """The resolved conversations that were active last, with their last messages. Raises
        CacheError."""
        from revivatui.cache.resolved import resolved

        return resolved(self._rows, most)

    def kept_threads(self) -> set[int]:
        """The conversations whose newest messages were read once. Raises CacheError."""
        return {
            row[0]
            for row in self._rows(
                "SELECT conversation_id FROM threads WHERE complete_from IS NOT NULL"
            )
        }

    # --- saving what was seen -----------------------------------------------------------------

    def save(self, snapshot: Snapshot) -> None:
        """Keep what changed. Raises CacheError; what was kept before stands then."""
        for part in saving.parts_of(snapshot):
            with self._writing() as connection:
                part(connection)

    # --- searching ----------------------------------------------------------------------------

    def find(self, query: Query, conversation_id: int | None = None) -> tuple[Hit, ...]:
        """The newest messages kept that fit, newest first, at most `MOST` and one more. Raises
        CacheError."""
        with self._lock:
            try:
                found = finder.search(self._connection, query, conversation_id, MOST + 1)
            except sqlite3.Error as error:
                raise CacheError(f"What was kept could not be searched: {error}.") from error
        messages = (one for body in found if (one := _read(body, codec.message)) is not None)
        return tuple(hit_of(one, query, source=MACHINE) for one in messages)

    def index_some(self) -> bool:
        """Index some of the messages that an older version of the file kept. Gives whether more
        are left. Raises CacheError."""
        left = self._rows("SELECT value FROM facts WHERE name = ?", (UNINDEXED,))
        if not left:
            return False
        with self._writing() as connection:
            conversation_id, message_id = json.loads(left[0][0])
            at = finder.index_some(connection, (conversation_id, message_id), AT_ONCE)
            if at is None:
                connection.execute("DELETE FROM facts WHERE name = ?", (UNINDEXED,))
            else:
                saving.save_facts(connection, {UNINDEXED: json.dumps(at)})
        return at is not None

    # --- forgetting ---------------------------------------------------------------------------

    def forget_contact(self, contact_id: int, conversation_ids: Iterable[int]) -> None:
        """Take a customer with everything that is kept of them off the disk; `scrub` and
        `checkpoint` finish it. Raises CacheError."""
        with self._writing() as connection:
            saving.forget_contact(connection, contact_id, conversation_ids)

    def scrub(self, *, begin: bool) -> bool:
        """Write a part of the search index anew without what was taken out. Gives whether more
        is left; `begin` with the first part. Raises CacheError."""
        with self._writing() as connection:
            return finder.scrub(connection, begin=begin)

    def checkpoint(self) -> bool:
        """Empty the log beside the file. False: another window of the desk still reads it.
        Raises CacheError."""
        return not self._rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]

    def shrink(self) -> None:
        """Let go of the pages of the file that are held in memory. Raises CacheError."""
        self._rows("PRAGMA shrink_memory")

    # --- single facts -------------------------------------------------------------------------

    def fact(self, name: str) -> str:
        """Something small that was kept by its name; "" where nothing was. Raises CacheError."""
        found = self._rows("SELECT value FROM facts WHERE name = ?", (name,))
        return str(found[0][0]) if found else ""

    def keep_fact(self, name: str, value: str) -> None:
        """Keep something small by its name; an empty one is forgotten. Raises CacheError."""
        with self._writing() as connection:
            if value:
                connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))
            else:
                connection.execute("DELETE FROM facts WHERE name = ?", (name,))

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
                windows.end(connection, self._window.name, entry)

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
        """Keep a draft of this window; an empty one ends it. Raises CacheError."""
        with self._writing() as connection:
            windows.write(connection, self._window.name, draft)

    def drafts(self) -> list[Draft]:
        """Every draft of this window, those it took over included. Raises CacheError."""
        rows = self._rows(windows.MINE, (self._window.name,))
        return [Draft(one, bool(private), text, at) for one, private, text, at in rows]

    def other_drafts(self) -> list[OtherDraft]:
        """What other windows hold, open ones and closed ones, newest first. Raises CacheError."""
        return self._window.others(self._rows(windows.OTHERS, (self._window.name,)))

    def draft_aside(self, draft: Draft) -> None:
        """Keep a text that gave way to another, to be offered again. Raises CacheError."""
        with self._writing() as connection:
            windows.aside(connection, draft)

    def draft_drop(self, other: OtherDraft) -> None:
        """Forget what a closed window held. Raises CacheError."""
        with self._writing() as connection:
            windows.drop(connection, other)


# --- reading ---------------------------------------------------------------------------------


def _read(text: str | None, decode: Callable[[str], Any]) -> Any:
    """A kept record, or None where there is none or it is broken: the server has it."""
    if not text:
        return None
    try:
        return decode(text)
    except BROKEN:
        return None


def _view_of(facts: dict[str, str]) -> _View | None:
    view = _read(facts.get("view"), codec.view)
    order = _read(facts.get("order"), json.loads)
    if view is None or not isinstance(order, list):
        return None
    counts = _read(facts.get("counts"), partial(codec.plain, Counts))
    return _View(view, order, counts)
