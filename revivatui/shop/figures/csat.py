"""Satisfaction: answers of customers by filter, and their figures (contract 6.7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from revivatui.shop.db import Database, Row
from revivatui.shop.figures.periods import Span
from revivatui.shop.figures.scopes import Where
from revivatui.shop.figures.sheets import line, period
from revivatui.shop.render import people, rest
from revivatui.shop.render.times import MICROS, seconds
from revivatui.shop.rest.params import integer, integer_list

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

PER_PAGE = 25
_FROM = (
    "csat_survey_responses LEFT JOIN conversations"
    " ON conversations.id = csat_survey_responses.conversation_id"
)
_HEADER = (
    "Agent Name",
    "Rating",
    "Feedback Comment",
    "Contact Name",
    "Contact Email Address",
    "Contact Phone Number",
    "Link to the conversation",
    "Recorded date",
)


def chosen(account_id: int, span: Span | None, params: Mapping[str, Any]) -> Where:
    """The answers that the filters leave."""
    where = Where("csat_survey_responses.account_id = ?", (account_id,))
    if span is not None:
        where = where.within("csat_survey_responses.created_at", span)
    if agents := integer_list(params.get("user_ids")):
        marks = ", ".join("?" for _ in agents)
        where = where.also(f"csat_survey_responses.assigned_agent_id IN ({marks})", *agents)
    for name, column in (
        ("inbox_id", "conversations.inbox_id"),
        ("team_id", "conversations.team_id"),
        ("rating", "csat_survey_responses.rating"),
    ):
        if params.get(name) not in (None, ""):
            where = where.also(f"{column} IS ?", integer(params[name]))
    return where


def answers(db: Database, where: Where, sort: str = "", page: int | None = None) -> list[Row]:
    """The answers, a page of them or all; ``sort`` is ``created_at``, with - newest first."""
    order = {
        "created_at": "csat_survey_responses.created_at, csat_survey_responses.id",
        "-created_at": "csat_survey_responses.created_at DESC, csat_survey_responses.id DESC",
    }.get(sort, "csat_survey_responses.id")
    limit = "" if page is None else f" LIMIT {PER_PAGE} OFFSET {(max(page, 1) - 1) * PER_PAGE}"
    return db.all(
        "SELECT csat_survey_responses.*, conversations.display_id AS display_id"
        f" FROM {_FROM} WHERE {where.sql} ORDER BY {order}{limit}",
        where.values,
    )


def figures(db: Database, account_id: int, where: Where, span: Span | None) -> dict[str, Any]:
    """How many answered what, and how many were asked (narrowed by the range alone)."""
    ratings = db.all(
        f"SELECT rating, COUNT(*) AS number FROM {_FROM} WHERE {where.sql} GROUP BY rating",
        where.values,
    )
    asked = Where("account_id = ? AND content_type = 'input_csat'", (account_id,))
    if span is not None:
        asked = asked.within("created_at", span)
    return {
        "total_count": sum(row["number"] for row in ratings),
        "ratings_count": {str(row["rating"]): row["number"] for row in ratings},
        "total_sent_messages_count": db.value(
            f"SELECT COUNT(*) FROM messages WHERE {asked.sql}", asked.values
        ),
    }


def view(shop: Shop, row: Row) -> dict[str, Any]:
    """An answer on the wire; contact and agent are absent where there is none."""
    told: dict[str, Any] = {
        "id": row["id"],
        "rating": row["rating"],
        "feedback_message": row["feedback_message"],
    }
    if shop.v4:
        told["csat_review_notes"] = row["csat_review_notes"]
        told["review_notes_updated_at"] = seconds(row["review_notes_updated_at"])
        if reviewer := shop.db.get("users", row["review_notes_updated_by_id"]):
            told["review_notes_updated_by"] = {"id": reviewer["id"], "name": reviewer["name"]}
    told |= {"account_id": row["account_id"], "message_id": row["message_id"]}
    if contact := shop.db.get("contacts", row["contact_id"]):
        told["contact"] = rest.contact_view(shop, contact)
    told["conversation_id"] = row["display_id"]
    if agent := shop.db.get("users", row["assigned_agent_id"]):
        told["assigned_agent"] = people.agent(shop, agent, row["account_id"])
    told["created_at"] = seconds(row["created_at"])
    return told


def download(shop: Shop, rows: list[Row], span: Span) -> str:
    """All answers as CSV, the range in the last line."""
    header = (*_HEADER, "Review Notes") if shop.v4 else _HEADER
    text = line(header)
    for row in rows:
        cells = _cells(shop, row) + ([row["csat_review_notes"]] if shop.v4 else [])
        text += line(cells)
    return text + line([period(span.since, span.until)])


def _cells(shop: Shop, row: Row) -> list[Any]:
    agent = shop.db.get("users", row["assigned_agent_id"])
    contact = shop.db.get("contacts", row["contact_id"]) or {}
    link = f"{shop.base_url}/app/accounts/{row['account_id']}/conversations/{row['display_id']}"
    return [
        f"{agent['name']} ({agent['email']})" if agent else None,
        row["rating"],
        row["feedback_message"] or None,
        contact.get("name") or None,
        contact.get("email") or None,
        contact.get("phone_number") or None,
        link if row["display_id"] is not None else None,
        _recorded(row["created_at"]),
    ]


def _recorded(micros: int) -> str:
    return f"{datetime.fromtimestamp(micros // MICROS, UTC):%Y-%m-%d %H:%M:%S} UTC"
