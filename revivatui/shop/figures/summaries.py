"""Figures of a whole range: summaries and rows by owner (contract 6.3, 6.5)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from revivatui.shop.db import Database, Row
from revivatui.shop.figures.metrics import Question, average, count, or_none_told
from revivatui.shop.figures.periods import Span
from revivatui.shop.figures.scopes import Scope, Where

# Six months as Ruby measures them, in days.
LONGEST_CHANNEL_RANGE = 6 * 30.436875
STATUSES = ("open", "resolved", "pending", "snoozed")


class RangeTooLong(Exception):
    """More than six months of channels (422)."""


def summary(question: Question) -> dict[str, Any]:
    """The seven figures of ``reports/summary``."""
    return {
        "conversations_count": count(question, "conversations_count"),
        "incoming_messages_count": count(question, "incoming_messages_count"),
        "outgoing_messages_count": count(question, "outgoing_messages_count"),
        "avg_first_response_time": _mean(question, "avg_first_response_time"),
        "avg_resolution_time": _mean(question, "avg_resolution_time"),
        "resolutions_count": count(question, "resolutions_count"),
        "reply_time": _mean(question, "reply_time"),
    }


def bot_summary(question: Question) -> dict[str, Any]:
    return {name: count(question, name) for name in ("bot_resolutions_count", "bot_handoffs_count")}


def before(question: Question) -> Question:
    """The same of the equally long range right before."""
    span = question.span
    return replace(question, span=span.before if span is not None else None)


def _mean(question: Question, metric: str) -> float | int | None:
    return or_none_told(question, average(question, metric))


def bot_metrics(question: Question) -> dict[str, Any]:
    """What bots did: rates in whole percent of the conversations of inboxes with a bot."""
    db, span = question.db, question.span
    of_bots = Where(
        "conversations.account_id = ? AND conversations.inbox_id IN"
        " (SELECT inbox_id FROM agent_bot_inboxes WHERE status = 'active')",
        (question.scope.account_id,),
    ).within("conversations.created_at", span)
    total: int = db.value(f"SELECT COUNT(*) FROM conversations WHERE {of_bots.sql}", of_bots.values)
    said = Where(
        f"message_type = 'outgoing' AND conversation_id IN"
        f" (SELECT id FROM conversations WHERE {of_bots.sql})",
        of_bots.values,
    ).within("created_at", span)
    told: int = db.value(f"SELECT COUNT(*) FROM messages WHERE {said.sql}", said.values)
    return {
        "conversation_count": total,
        "message_count": told,
        "resolution_rate": _rate(question, "conversation_bot_resolved", total),
        "handoff_rate": _rate(question, "conversation_bot_handoff", total),
    }


def _rate(question: Question, name: str, total: int) -> int:
    if not total:
        return 0
    where = question.scope.events().also("reporting_events.name = ?", name)
    where = where.within("reporting_events.created_at", question.span)
    found: int = question.db.value(
        "SELECT COUNT(DISTINCT conversation_id) FROM reporting_events"
        f" JOIN conversations ON conversations.id = conversation_id WHERE {where.sql}",
        where.values,
    )
    return int(found / total * 100)


_KEYS = {
    "agent": ("assignee_id", "reporting_events.user_id"),
    "team": ("team_id", "conversations.team_id"),
    "inbox": ("inbox_id", "reporting_events.inbox_id"),
}


def by_owner(question: Question, kind: str) -> list[dict[str, Any]]:
    """``summary_reports/agent|team|inbox``: a row for each, whatever it did."""
    counted, keyed = _KEYS[kind]
    numbers = _conversations_by(question, counted)
    events = _events_by(question, keyed)
    return [
        _owner_row(question, owner, numbers.get(owner), events.get(owner))
        for owner in _owners(question.db, question.scope.account_id, kind)
    ]


def _owners(db: Database, account_id: int, kind: str) -> list[int]:
    table, column = {
        "agent": ("account_users", "user_id"),
        "team": ("teams", "id"),
        "inbox": ("inboxes", "id"),
    }[kind]
    return db.column(
        f"SELECT {column} FROM {table} WHERE account_id = ? ORDER BY id", (account_id,)
    )


def _conversations_by(question: Question, column: str) -> dict[Any, int]:
    where = question.scope.conversations().within("created_at", question.span)
    rows = question.db.all(
        f"SELECT {column} AS owner, COUNT(*) AS number FROM conversations"
        f" WHERE {where.sql} GROUP BY {column}",
        where.values,
    )
    return {row["owner"]: row["number"] for row in rows}


def _event_figures(question: Question) -> str:
    value = question.value_column

    def mean(name: str) -> str:
        return f"AVG(CASE WHEN reporting_events.name = '{name}' THEN {value} END)"

    return (
        "COUNT(CASE WHEN reporting_events.name = 'conversation_resolved' THEN 1 END) AS resolved,"
        f" {mean('conversation_resolved')} AS resolution, {mean('first_response')} AS response,"
        f" {mean('reply_time')} AS reply"
    )


def _events_by(question: Question, column: str) -> dict[Any, Row]:
    where = question.scope.events().within("reporting_events.created_at", question.span)
    tables = "reporting_events"
    if column.startswith("conversations."):
        tables += " JOIN conversations ON conversations.id = reporting_events.conversation_id"
    rows = question.db.all(
        f"SELECT {column} AS owner, {_event_figures(question)} FROM {tables}"
        f" WHERE {where.sql} GROUP BY {column}",
        where.values,
    )
    return {row["owner"]: row for row in rows}


_NOTHING: Row = {"resolved": 0, "resolution": None, "response": None, "reply": None}


def _owner_row(
    question: Question, owner: int, number: int | None, events: Row | None
) -> dict[str, Any]:
    events = events or _NOTHING
    view: dict[str, Any] = {"id": owner}
    if question.v4:
        view |= {
            "conversations_count": number or 0,
            "resolved_conversations_count": events["resolved"],
        }
    else:
        view["conversations_count"] = number
    return view | {
        "avg_resolution_time": events["resolution"],
        "avg_first_response_time": events["response"],
        "avg_reply_time": events["reply"],
    }


def by_label(question: Question) -> list[dict[str, Any]]:
    """``summary_reports/label``: averages of all events of conversations made in the range,
    resolutions by their own time; without a range of everything."""
    labels = question.db.all(
        "SELECT id, title FROM labels WHERE account_id = ? ORDER BY title",
        (question.scope.account_id,),
    )
    return [_label_row(question, label) for label in labels]


def _label_row(question: Question, label: Row) -> dict[str, Any]:
    db, span = question.db, question.span
    scope = Scope(question.scope.account_id, "label", label["title"])
    made = scope.conversations()
    resolved = scope.events().also("reporting_events.name = 'conversation_resolved'")
    if span is not None:
        made = made.within("conversations.created_at", span)
        resolved = resolved.within("reporting_events.created_at", span)
    figures = db.one(
        f"SELECT {_event_figures(question)} FROM conversations"
        " JOIN reporting_events ON reporting_events.conversation_id = conversations.id"
        f" WHERE {made.sql}",
        made.values,
    )
    figures = figures or _NOTHING
    return {
        "id": label["id"],
        "name": label["title"],
        "conversations_count": db.value(
            f"SELECT COUNT(*) FROM conversations WHERE {made.sql}", made.values
        ),
        "avg_resolution_time": figures["resolution"] or 0,
        "avg_first_response_time": figures["response"] or 0,
        "avg_reply_time": figures["reply"] or 0,
        "resolved_conversations_count": db.value(
            f"SELECT COUNT(*) FROM reporting_events WHERE {resolved.sql}", resolved.values
        ),
    }


def by_channel(question: Question) -> dict[str, dict[str, int]]:
    """``summary_reports/channel``: conversations by status now. Raises RangeTooLong."""
    span = question.span
    if span is not None and _days(span) > LONGEST_CHANNEL_RANGE:
        raise RangeTooLong
    where = question.scope.conversations().within("conversations.created_at", span)
    rows = question.db.all(
        "SELECT inboxes.channel_type AS channel, conversations.status AS status,"
        " COUNT(*) AS number FROM conversations"
        f" JOIN inboxes ON inboxes.id = conversations.inbox_id WHERE {where.sql}"
        " GROUP BY inboxes.channel_type, conversations.status",
        where.values,
    )
    channels: dict[str, dict[str, int]] = {}
    for row in rows:
        view = channels.setdefault(row["channel"], dict.fromkeys((*STATUSES, "total"), 0))
        view[row["status"]] += row["number"]
        view["total"] += row["number"]
    return channels


def _days(span: Span) -> int:
    """Whole calendar days between both ends, UTC."""
    return span.until // 86_400 - span.since // 86_400
