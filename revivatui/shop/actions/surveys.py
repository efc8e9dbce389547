"""Answers of customers to forms and satisfaction surveys (contract 3.6, 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revivatui.shop import events
from revivatui.shop.actions import messages
from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render.times import iso

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

OPEN_DAYS = 14
DAY_MICROS = 86_400 * 1_000_000


def is_closed(shop: Shop, message: Row) -> bool:
    """A survey is closed two weeks after it was sent."""
    age = shop.clock.now() * 1_000_000 - int(message["created_at"])
    return message["content_type"] == "input_csat" and age > OPEN_DAYS * DAY_MICROS


def submit(shop: Shop, message: Row, values: Any) -> Row:
    """Keep what the customer answered; the survey's row is written by a job."""
    attributes = {**message["content_attributes"], "submitted_values": values}
    after = messages.update_message(shop, message, content_attributes=attributes)
    if message["content_type"] == "input_csat":
        events.listen_later(shop, "survey.answered", lambda: _record(shop, message["id"]))
    return after


def _record(shop: Shop, message_id: int) -> None:
    message = must(shop, "messages", message_id)
    values = message["content_attributes"].get("submitted_values")
    answer = values.get("csat_survey_response") if isinstance(values, dict) else None
    if not isinstance(answer, dict) or answer.get("rating") not in (1, 2, 3, 4, 5):
        return
    conversation = must(shop, "conversations", message["conversation_id"])
    now = shop.now()
    columns = {
        "rating": answer["rating"],
        "feedback_message": answer.get("feedback_message"),
        "assigned_agent_id": conversation["assignee_id"],
        "updated_at": now,
    }
    known = shop.db.find("csat_survey_responses", message_id=message_id)
    if known is not None:
        shop.db.update("csat_survey_responses", known["id"], **columns)
        return
    shop.db.insert(
        "csat_survey_responses",
        account_id=message["account_id"],
        conversation_id=conversation["id"],
        message_id=message_id,
        contact_id=conversation["contact_id"],
        created_at=now,
        **columns,
    )


def raw_response(shop: Shop, row: Row) -> dict[str, Any]:
    """The row with every column, times as ISO text."""
    names = ("id", "account_id", "conversation_id", "message_id", "rating", "feedback_message")
    view: dict[str, Any] = {name: row[name] for name in names}
    view |= {name: row[name] for name in ("contact_id", "assigned_agent_id")}
    view |= {"created_at": iso(row["created_at"]), "updated_at": iso(row["updated_at"])}
    if shop.v4:
        view["csat_review_notes"] = row["csat_review_notes"]
        view["review_notes_updated_at"] = iso(row["review_notes_updated_at"])
        view["review_notes_updated_by_id"] = row["review_notes_updated_by_id"]
    return view
