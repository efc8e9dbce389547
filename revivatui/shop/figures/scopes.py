"""Whose figures a report counts (contract 6.1: type and id), as conditions on the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from revivatui.shop.db import Database
from revivatui.shop.figures.periods import Span

TYPES = ("account", "inbox", "agent", "label", "team")
_TAGGED = (
    "{column} IN (SELECT taggable_id FROM taggings"
    " WHERE taggable_type = 'Conversation' AND tag = ?)"
)
_OF_TEAM = "{column} IN (SELECT id FROM conversations WHERE team_id = ?)"


class NoSuchScope(Exception):
    """The account has no inbox, agent, label or team of that id (404)."""


@dataclass(frozen=True, slots=True)
class Where:
    """A condition with its values."""

    sql: str
    values: tuple[Any, ...]

    def also(self, sql: str, *values: Any) -> Where:
        return Where(f"{self.sql} AND {sql}", (*self.values, *values))

    def within(self, column: str, span: Span | None) -> Where:
        """Only what happened in the range; no range, nothing."""
        if span is None:
            return self.also("0")
        return self.also(f"{column} >= ? AND {column} < ?", *span.micros)


@dataclass(frozen=True, slots=True)
class Scope:
    """One kind of owner; ``key`` is its id, a label's title."""

    account_id: int
    kind: str = "account"
    key: Any = None

    def _where(self, table: str, narrower: str | None) -> Where:
        where = Where(f"{table}.account_id = ?", (self.account_id,))
        return where if narrower is None else where.also(narrower, self.key)

    def conversations(self) -> Where:
        return self._where(
            "conversations",
            {
                "inbox": "conversations.inbox_id = ?",
                "agent": "conversations.assignee_id = ?",
                "label": _TAGGED.format(column="conversations.id"),
                "team": "conversations.team_id = ?",
            }.get(self.kind),
        )

    def messages(self) -> Where:
        return self._where(
            "messages",
            {
                "inbox": "messages.inbox_id = ?",
                "agent": "messages.sender_type = 'User' AND messages.sender_id = ?",
                "label": _TAGGED.format(column="messages.conversation_id"),
                "team": _OF_TEAM.format(column="messages.conversation_id"),
            }.get(self.kind),
        )

    def events(self) -> Where:
        return self._where(
            "reporting_events",
            {
                "inbox": "reporting_events.inbox_id = ?",
                "agent": "reporting_events.user_id = ?",
                "label": _TAGGED.format(column="reporting_events.conversation_id"),
                "team": _OF_TEAM.format(column="reporting_events.conversation_id"),
            }.get(self.kind),
        )


def find_scope(db: Database, account_id: int, kind: str, row_id: int | None) -> Scope:
    """The scope of ``type`` and ``id``. Raises NoSuchScope; ValueError for an unknown type."""
    if kind == "account":
        return Scope(account_id)
    if kind not in TYPES:
        raise ValueError(f"no such type: {kind}")
    if kind == "agent":
        found = db.find("account_users", account_id=account_id, user_id=row_id)
        key: Any = row_id
    else:
        found = db.find(
            {"inbox": "inboxes"}.get(kind, f"{kind}s"), account_id=account_id, id=row_id
        )
        key = found["title"] if found is not None and kind == "label" else row_id
    if found is None or row_id is None:
        raise NoSuchScope(f"{kind} {row_id}")
    return Scope(account_id, kind, key)
