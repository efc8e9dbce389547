"""Global search: which conversations, contacts and messages match (contract 2.2).

``conversations/search`` is the conversation list with ``q``; its hits are in ``lists``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from revivatui.shop.db import Database
from revivatui.shop.lists import (
    MICROS,
    Asker,
    Query,
    ilike,
    marks,
    page_number,
    visible_inbox_ids,
)

_OLDEST_SEARCHED_MONTHS: Final = 3


@dataclass(frozen=True, slots=True)
class ConversationHit:
    """A conversation and the message shown with it: its oldest, not the match."""

    conversation_id: int
    message_id: int | None


def search_conversations(db: Database, asker: Asker, query: Query) -> list[ConversationHit]:
    """Newest created first: by number, or the contact's name, e-mail, phone or identifier."""
    text = _text(query)
    visible = visible_inbox_ids(db, asker)
    parts = [
        ilike(db, column, f"%{text}%")
        for column in (
            "CAST(conversations.display_id AS TEXT)",
            "contacts.name",
            "contacts.email",
            "contacts.phone_number",
            "contacts.identifier",
        )
    ]
    rows = db.all(
        "SELECT conversations.id AS conversation_id, (SELECT min(messages.id) FROM messages"
        " WHERE messages.conversation_id = conversations.id) AS message_id"
        " FROM conversations JOIN contacts ON contacts.id = conversations.contact_id"
        f" WHERE conversations.account_id = ? AND conversations.inbox_id IN ({marks(visible)})"
        f" AND ({' OR '.join(sql for sql, _ in parts)})"
        f" ORDER BY conversations.created_at DESC, conversations.id DESC {_page(asker, query)}",
        [asker.account_id, *visible, *(value for _, values in parts for value in values)],
    )
    return [ConversationHit(row["conversation_id"], row["message_id"]) for row in rows]


def search_contacts_globally(db: Database, asker: Asker, query: Query) -> list[int]:
    """Contact ids by name, e-mail, phone and (case-sensitive) identifier, latest active first."""
    text = _text(query)
    parts = [
        ilike(db, f"contacts.{column}", f"%{text}%") for column in ("name", "email", "phone_number")
    ]
    return db.column(
        "SELECT contacts.id FROM contacts WHERE contacts.account_id = ?"
        f" AND ({' OR '.join(sql for sql, _ in parts)} OR instr(contacts.identifier, ?) > 0)"
        " AND (coalesce(contacts.email, '') <> '' OR coalesce(contacts.phone_number, '') <> ''"
        " OR coalesce(contacts.identifier, '') <> '')"
        " ORDER BY contacts.last_activity_at DESC NULLS LAST, contacts.id"
        f" {_page(asker, query)}",
        [asker.account_id, *(value for _, values in parts for value in values), text],
    )


def search_messages(db: Database, asker: Asker, query: Query) -> list[int]:
    """Message ids of any kind whose content holds the text, newest first, three months back."""
    visible = visible_inbox_ids(db, asker)
    condition, values = ilike(db, "messages.content", f"%{_text(query)}%")
    return db.column(
        "SELECT messages.id FROM messages WHERE messages.account_id = ?"
        f" AND messages.inbox_id IN ({marks(visible)}) AND messages.created_at >= ?"
        f" AND {condition} ORDER BY messages.created_at DESC, messages.id DESC"
        f" {_page(asker, query)}",
        [asker.account_id, *visible, _oldest_searched(asker.now), *values],
    )


def _text(query: Query) -> str:
    return (query.get("q") or "").strip()


def _page(asker: Asker, query: Query) -> str:
    if asker.speaks_v3:
        return "LIMIT 10"
    return f"LIMIT 15 OFFSET {(page_number(query) - 1) * 15}"


def _oldest_searched(now: float) -> int:
    moment = datetime.fromtimestamp(now, UTC)
    month = moment.month - _OLDEST_SEARCHED_MONTHS
    year = moment.year - (month < 1)
    month += 12 * (month < 1)
    for day in (moment.day, 30, 29, 28):
        try:
            oldest = moment.replace(year=year, month=month, day=day)
        except ValueError:
            continue
        return int(oldest.timestamp()) * MICROS
    raise AssertionError("every month has 28 days")
