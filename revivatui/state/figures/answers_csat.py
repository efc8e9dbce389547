"""Answers to satisfaction surveys: the list, its counts and the CSV (contract 6.6, 6.7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from revivatui.state.figures.answers_csv import line, period, plain_line
from revivatui.state.figures.answers_live import PAGE, availability
from revivatui.state.figures.questions import Question, broken, leading_whole
from revivatui.state.figures.rows import (
    ConversationRow,
    Raw,
    maybe_moment,
    maybe_whole,
    moment,
    number,
    text,
    whole,
)

SURVEY: Final = "input_csat"
HEADS: Final = (
    "Agent Name",
    "Rating",
    "Feedback Comment",
    "Contact Name",
    "Contact Email Address",
    "Contact Phone Number",
    "Link to the conversation",
    "Recorded date",
)
NOTES: Final = "Review Notes"


def listing(question: Question) -> object:
    """A page of answers; unsorted they come as they were stored."""
    held = _chosen(question)
    sort = question.get("sort")
    if sort in ("created_at", "-created_at"):
        held.sort(key=_created, reverse=sort.startswith("-"))
    first = (question.page - 1) * PAGE
    return [_answer(question, row) for row in held[first : first + PAGE]]


def metrics(question: Question) -> object:
    """How many answers and of which rating, and how many surveys were sent."""
    ratings = Counter(str(row["rating"]) for row in _chosen(question))
    span = question.span
    sent = [
        row
        for row in question.rows.messages
        if row.content_type == SURVEY
        and (span is None or span.since <= row.created_at < span.until)
    ]
    return {
        "total_count": ratings.total(),
        "ratings_count": dict(ratings),
        "total_sent_messages_count": len(sent),
    }


def download(question: Question) -> object:
    """All chosen answers as CSV, the stretch in the last line."""
    span = question.span
    if span is None:
        raise broken()
    heads = [*HEADS, NOTES] if question.new else HEADS
    rows = "".join(plain_line(_cells(question, row)) for row in _chosen(question))
    return {"_text": line(heads) + rows + line([period(span)])}


def _chosen(question: Question) -> list[Raw]:
    """The answers that the filters leave. No stretch, or half of one, leaves all times."""
    span, rows = question.span, question.rows
    agents = [leading_whole(one) for one in question.many("user_ids")]
    tests: list[Callable[[Raw], bool]] = []
    if span is not None:
        tests.append(lambda row: span.since <= _created(row) < span.until)
    if agents:
        tests.append(lambda row: maybe_whole(row.get("assigned_agent_id")) in agents)
    for name in ("inbox_id", "team_id"):
        wanted = question.number(name)
        if wanted is not None:
            tests.append(_of_conversation(rows.conversations, name, wanted))
    rating = question.number("rating")
    if rating is not None:
        tests.append(lambda row: number(row["rating"]) == rating)
    return [row for row in rows.table("csat_survey_responses") if all(t(row) for t in tests)]


def _of_conversation(
    conversations: dict[int, ConversationRow], name: str, wanted: int
) -> Callable[[Raw], bool]:
    def test(row: Raw) -> bool:
        held = conversations.get(whole(row["conversation_id"]))
        return held is not None and getattr(held, name) == wanted

    return test


def _created(row: Raw) -> float:
    return moment(row["created_at"])


def _answer(question: Question, row: Raw) -> dict[str, object]:
    conversation = question.rows.conversations.get(whole(row["conversation_id"]))
    told: dict[str, object] = {
        "id": row["id"],
        "rating": row["rating"],
        "feedback_message": row.get("feedback_message"),
    }
    if question.new:
        told["csat_review_notes"] = row.get("csat_review_notes")
        told["review_notes_updated_at"] = row.get("review_notes_updated_at")
    told["account_id"] = question.account_id
    told["message_id"] = row["message_id"]
    contact = question.rows.find("contacts", row.get("contact_id"))
    if contact is not None:
        told["contact"] = _contact(question, contact)
    told["conversation_id"] = conversation.display_id if conversation else None
    agent = question.rows.find("users", row.get("assigned_agent_id"))
    if agent is not None:
        told["assigned_agent"] = _agent(question, agent)
    told["created_at"] = int(_created(row))
    return told


def _contact(question: Question, row: Raw) -> dict[str, object]:
    told: dict[str, object] = {
        "additional_attributes": row.get("additional_attributes"),
        "availability_status": "offline",
        "email": row.get("email"),
        "id": row["id"],
        "name": row.get("name"),
        "phone_number": row.get("phone_number"),
    }
    if question.new:
        told["blocked"] = bool(row.get("blocked"))
    told["identifier"] = row.get("identifier")
    told["thumbnail"] = ""
    told["custom_attributes"] = row.get("custom_attributes")
    active = maybe_moment(row.get("last_activity_at"))
    if active is not None:
        told["last_activity_at"] = int(active)
    told["created_at"] = int(_created(row))
    return told


def _agent(question: Question, row: Raw) -> dict[str, object]:
    told: dict[str, object] = {
        "id": row["id"],
        "account_id": question.account_id,
        "availability_status": availability(row),
        "auto_offline": row.get("auto_offline"),
        "confirmed": True,
        "email": row.get("email"),
    }
    if question.new:
        told["provider"] = "email"
    told["available_name"] = row.get("display_name") or row.get("name")
    told["name"] = row.get("name")
    told["role"] = row.get("role")
    told["thumbnail"] = ""
    if question.new:
        told["custom_role_id"] = row.get("custom_role_id")
    return told


def _cells(question: Question, row: Raw) -> Sequence[object]:
    agent = question.rows.find("users", row.get("assigned_agent_id"))
    contact = question.rows.find("contacts", row.get("contact_id")) or {}
    conversation = question.rows.conversations.get(whole(row["conversation_id"]))
    cells = [
        f"{text(agent, 'name')} ({text(agent, 'email')})" if agent else None,
        row["rating"],
        text(row, "feedback_message") or None,
        text(contact, "name") or None,
        text(contact, "email") or None,
        text(contact, "phone_number") or None,
        _link(question, conversation),
        datetime.fromtimestamp(_created(row), UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
    ]
    return [*cells, row.get("csat_review_notes")] if question.new else cells


def _link(question: Question, conversation: ConversationRow | None) -> str | None:
    if conversation is None:
        return None
    where = f"app/accounts/{question.account_id}/conversations/{conversation.display_id}"
    return f"{question.url}/{where}"
