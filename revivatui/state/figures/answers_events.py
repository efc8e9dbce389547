"""Raw reporting events, which only 4.x gives (contract 6.7)."""

from __future__ import annotations

from datetime import UTC, datetime

from revivatui.state.figures.answers_live import PAGE
from revivatui.state.figures.questions import Question, missing
from revivatui.state.figures.rows import EventRow, maybe_moment


def listing(question: Question) -> object:
    """A page of the account's events, newest first."""
    span, name = question.span, question.given("name")
    inbox, user = question.number("inbox_id"), question.number("user_id")
    held = [
        row
        for row in question.rows.events
        if (span is None or span.since <= row.created_at < span.until)
        and inbox in (None, row.inbox_id)
        and user in (None, row.user_id)
        and name in (None, row.name)
    ]
    held.sort(key=lambda row: -row.created_at)
    first = (question.page - 1) * PAGE
    return {
        "payload": [_event(question, row) for row in held[first : first + PAGE]],
        "meta": {
            "count": len(held),
            "current_page": question.page,
            "total_pages": -(-len(held) // PAGE),
        },
    }


def of_conversation(question: Question) -> object:
    """All events of a conversation, oldest first."""
    display_id = question.number("conversation")
    talks = [row.id for row in question.rows.conversations.values() if row.display_id == display_id]
    if not talks:
        raise missing()
    held = [row for row in question.rows.events if row.conversation_id in talks]
    return [_event(question, row) for row in sorted(held, key=lambda row: row.created_at)]


def _event(question: Question, row: EventRow) -> dict[str, object]:
    raw = row.raw
    return {
        "id": raw.get("id"),
        "name": row.name,
        "value": row.value,
        "value_in_business_hours": row.business_value,
        "event_start_time": _stamp(raw.get("event_start_time")),
        "event_end_time": _stamp(raw.get("event_end_time")),
        "account_id": question.account_id,
        "inbox_id": row.inbox_id,
        "user_id": row.user_id,
        "conversation_id": row.conversation_id,
        "created_at": _stamp(raw.get("created_at")),
        "updated_at": _stamp(raw.get("updated_at", raw.get("created_at"))),
    }


def _stamp(value: object) -> str | None:
    at = maybe_moment(value)
    if at is None:
        return None
    when = datetime.fromtimestamp(at, UTC)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"
