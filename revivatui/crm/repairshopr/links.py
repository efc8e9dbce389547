"""What the vendor has no place for and the desk must remember: links and ids, in one small file.

The vendor's records know nothing of conversations, and a search for a mark costs a request. So
the adapter keeps a book of its own (SQLite). Losing it loses the links that people made, never a
comment: those carry their marks.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from revivatui.crm.errors import AlreadyLinked, CrmError, NotInCrm
from revivatui.crm.ids import Ids
from revivatui.crm.records import ExternalRef
from revivatui.crm.records_tickets import ChatConversation, ConversationKey
from revivatui.crm.wishes import ExternalKey, LinkWish

T = TypeVar("T")
_ANOTHER_TICKET: Final = "This conversation belongs to another ticket already."
_SAID: Final = ("customer_id", "inbox_id", "contact_id", "status", "assignee_id", "context_hash")
_MOMENTS: Final = ("created_at", "updated_at", "resolved_at")
_CONVERSATION: Final = tuple(field.name for field in fields(ChatConversation))
_SCHEMA: Final = f"""
create table if not exists refs (
    system text not null, account text not null, kind text not null, external_id text not null,
    local_id text not null, etag text not null, payload_hash text not null, updated_at text,
    primary key (system, account, kind, external_id), unique (system, account, kind, local_id)
);
create table if not exists conversations (
    {", ".join(_CONVERSATION)}, unique (installation, account_id, chatwoot_id)
);
create table if not exists comments (
    installation text not null, message_id integer not null, ticket_id text not null,
    comment_id text not null, told_at text, primary key (installation, message_id)
);
"""


class LinkBook:
    """The book in a file, or in memory where no file is named (then it ends with the program)."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._ids = Ids()
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)
            self._db = sqlite3.connect(path or ":memory:", check_same_thread=False, timeout=5)
            self._db.execute("pragma journal_mode=wal")
            self._db.executescript(_SCHEMA)
        except (sqlite3.Error, OSError):
            raise CrmError("The file that remembers the links to the CRM cannot be used.") from None

    async def close(self) -> None:
        await asyncio.to_thread(self._db.close)

    async def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def locked() -> T:
            with self._lock:
                try:
                    self._db.execute("begin immediate")
                    with self._db:
                        return work(self._db)
                except sqlite3.Error:
                    raise CrmError(
                        "The file that remembers the links to the CRM cannot be written."
                    ) from None

        return await asyncio.to_thread(locked)

    # --- ids in other systems ------------------------------------------------------------------

    async def external_of(self, key: ExternalKey) -> ExternalRef | None:
        """See `CrmPort.external_of`."""
        question = (
            "select local_id, etag, payload_hash, updated_at from refs"
            " where system = ? and account = ? and kind = ? and external_id = ?"
        )
        given = (key.system, key.account, key.kind, key.external_id)
        row = await self._do(lambda db: db.execute(question, given).fetchone())
        if row is None:
            return None
        return ExternalRef(*given, row[0], row[1], row[2], _read_moment(row[3]))

    async def remember_external(self, ref: ExternalRef) -> ExternalRef:
        """See `CrmPort.remember_external`: one to one, both ways."""
        same = (ref.system, ref.account, ref.kind, ref.external_id, ref.local_id)
        rest = (ref.etag, ref.payload_hash, _write_moment(ref.updated_at))

        def work(db: sqlite3.Connection) -> None:
            db.execute(
                "delete from refs where system = ? and account = ? and kind = ?"
                " and (external_id = ? or local_id = ?)",
                same,
            )
            db.execute("insert into refs values (?, ?, ?, ?, ?, ?, ?, ?)", (*same, *rest))

        await self._do(work)
        return ref

    # --- comments ------------------------------------------------------------------------------

    async def comment_of(
        self, installation: str, message_id: int
    ) -> tuple[str, str, datetime | None] | None:
        """The ticket and the comment that a message is, and when the chat last told of it."""
        question = (
            "select ticket_id, comment_id, told_at from comments"
            " where installation = ? and message_id = ?"
        )
        given = (installation, message_id)
        row = await self._do(lambda db: db.execute(question, given).fetchone())
        return None if row is None else (row[0], row[1], _read_moment(row[2]))

    async def remember_comment(
        self,
        installation: str,
        message_id: int,
        ticket_id: str,
        comment_id: str,
        told_at: datetime | None,
    ) -> None:
        values = (installation, message_id, ticket_id, comment_id, _write_moment(told_at))
        await self._do(
            lambda db: db.execute("insert or replace into comments values (?, ?, ?, ?, ?)", values)
        )

    # --- conversations -------------------------------------------------------------------------

    async def conversation(self, key: ConversationKey) -> ChatConversation | None:
        """See `CrmPort.conversation`."""
        return await self._do(lambda db: _find(db, key))

    async def conversations_of(self, ticket_id: str) -> tuple[ChatConversation, ...]:
        question = "select * from conversations where crm_ticket_id = ? order by id"
        rows = await self._do(lambda db: db.execute(question, (ticket_id,)).fetchall())
        return tuple(map(_read_conversation, rows))

    async def conversations_about(
        self, customer_id: str, ticket_ids: Iterable[str]
    ) -> tuple[ChatConversation, ...]:
        """Those bound to the customer or to one of these tickets, changed last first."""
        tickets = json.dumps(list(ticket_ids))
        question = (
            "select * from conversations where customer_id = ?"
            " or crm_ticket_id in (select value from json_each(?))"
            " order by updated_at desc, id desc"
        )
        given = (customer_id, tickets)
        rows = await self._do(lambda db: db.execute(question, given).fetchall())
        return tuple(map(_read_conversation, rows))

    async def unlink(self, key: ConversationKey, ticket_id: str) -> ChatConversation:
        """See `CrmPort.unlink_conversation`."""

        def work(db: sqlite3.Connection) -> ChatConversation:
            kept = _find(db, key)
            if kept is None:
                raise NotInCrm("Nothing is known of this conversation.")
            if kept.crm_ticket_id is None:
                return kept
            if kept.crm_ticket_id != ticket_id:
                raise AlreadyLinked(_ANOTHER_TICKET, kept.crm_ticket_id)
            now = datetime.now(UTC)
            after = replace(kept, crm_ticket_id=None, linked_by="", updated_at=now)
            _write(db, after)
            return after

        return await self._do(work)

    async def link(self, wish: LinkWish) -> ChatConversation:
        """See `CrmPort.link_conversation`."""

        def work(db: sqlite3.Connection) -> ChatConversation:
            now = datetime.now(UTC)
            kept = _find(db, wish.key)
            after = _new(self._ids(), wish, now) if kept is None else _changed(kept, wish, now)
            if after != kept:
                _write(db, after)
            return after

        return await self._do(work)


def _new(new_id: str, wish: LinkWish, now: datetime) -> ChatConversation:
    return ChatConversation(
        id=new_id,
        installation=wish.key.installation,
        account_id=wish.key.account_id,
        chatwoot_id=wish.key.chatwoot_id,
        created_at=now,
        updated_at=now,
        crm_ticket_id=wish.ticket_id,
        linked_by=wish.linked_by if wish.ticket_id is not None else "",
        last_message_id=wish.last_message_id,
        resolved_at=now if wish.status == "resolved" else None,
        **{name: getattr(wish, name) for name in _SAID},
    )


def _changed(kept: ChatConversation, wish: LinkWish, now: datetime) -> ChatConversation:
    said: dict[str, Any] = {name: value for name in _SAID if (value := getattr(wish, name))}
    if wish.ticket_id is not None and wish.ticket_id != kept.crm_ticket_id:
        if kept.crm_ticket_id not in (None, wish.instead_of):
            raise AlreadyLinked(_ANOTHER_TICKET, kept.crm_ticket_id or "")
        said |= {"crm_ticket_id": wish.ticket_id, "linked_by": wish.linked_by}
    if wish.last_message_id is not None:
        said["last_message_id"] = max(wish.last_message_id, kept.last_message_id or 0)
    if wish.status and wish.status != kept.status:
        said["resolved_at"] = now if wish.status == "resolved" else None
    after = replace(kept, **said)
    return kept if after == kept else replace(after, updated_at=now)


def _find(db: sqlite3.Connection, key: ConversationKey) -> ChatConversation | None:
    row = db.execute(
        "select * from conversations where installation = ? and account_id = ? and chatwoot_id = ?",
        (key.installation, key.account_id, key.chatwoot_id),
    ).fetchone()
    return None if row is None else _read_conversation(row)


def _write(db: sqlite3.Connection, one: ChatConversation) -> None:
    marks = ", ".join("?" * len(_CONVERSATION))
    db.execute(f"insert or replace into conversations values ({marks})", _values(one))


def _values(one: ChatConversation) -> tuple[Any, ...]:
    return tuple(
        _write_moment(getattr(one, name)) if name in _MOMENTS else getattr(one, name)
        for name in _CONVERSATION
    )


def _read_conversation(row: tuple[Any, ...]) -> ChatConversation:
    named = dict(zip(_CONVERSATION, row, strict=True))
    return ChatConversation(**named | {name: _read_moment(named[name]) for name in _MOMENTS})


def _write_moment(when: datetime | None) -> str | None:
    return None if when is None else when.astimezone(UTC).isoformat()


def _read_moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
