"""Messages that the server sends by itself (contract 3.7)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from revivatui.shop.db import Row
from revivatui.shop.queries import must

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

SURVEY_TEXT = "Please rate the conversation"
DAY = 86400
FIVE_MINUTES = 300 * 1_000_000


def after_message(shop: Shop, message: Row) -> None:
    """Out-of-office, greeting and e-mail collection after a customer's message; in 3.x the
    survey too, after any message of a resolved conversation."""
    if shop.quiet:
        return
    conversation = must(shop, "conversations", message["conversation_id"])
    if conversation["campaign_id"] is not None or not _count(shop, conversation, "incoming", 0):
        return
    inbox = must(shop, "inboxes", conversation["inbox_id"])
    if message["message_type"] == "incoming":
        _answer_customer(shop, conversation, inbox)
    if not shop.v4 and conversation["status"] == "resolved":
        shop.worker.enqueue("survey", lambda: send_survey(shop, conversation["id"]))


def _answer_customer(shop: Shop, conversation: Row, inbox: Row) -> None:
    if _out_of_office(shop, conversation, inbox):
        _send(shop, conversation, inbox["out_of_office_message"])
    elif _greets(shop, conversation, inbox):
        _send(shop, conversation, inbox["greeting_message"])
    if _collects_email(shop, conversation, inbox):
        _send(shop, conversation, "Give the team a way to reach you.")
        _send(shop, conversation, "Get notified by email", content_type="input_email")


def _send(
    shop: Shop,
    conversation: Row,
    content: str,
    content_type: str = "text",
    attributes: dict[str, Any] | None = None,
) -> None:
    from revivatui.shop.actions.messages import create_message

    create_message(
        shop,
        must(shop, "conversations", conversation["id"]),
        message_type="template",
        content=content,
        content_type=content_type,
        content_attributes=attributes,
    )


def _out_of_office(shop: Shop, conversation: Row, inbox: Row) -> bool:
    if not inbox["out_of_office_message"] or is_open(shop, inbox):
        return False
    today = int(shop.clock.now() // DAY) * DAY
    if _count(shop, conversation, "template", today * 1_000_000):
        return False
    if shop.v4:
        recently = int(shop.clock.now() * 1_000_000) - FIVE_MINUTES
        return not _count(shop, conversation, "outgoing", recently)
    return True


def _greets(shop: Shop, conversation: Row, inbox: Row) -> bool:
    if not inbox["greeting_enabled"] or not inbox["greeting_message"]:
        return False
    incoming = _count(shop, conversation, "incoming", 0)
    answered = _count(shop, conversation, "outgoing", 0) + _count(shop, conversation, "template", 0)
    return incoming == 1 and not answered


def _collects_email(shop: Shop, conversation: Row, inbox: Row) -> bool:
    if inbox["channel_type"] != "Channel::WebWidget" or not inbox["enable_email_collect"]:
        return False
    if must(shop, "contacts", conversation["contact_id"])["email"]:
        return False
    asked: int = shop.db.value(
        "SELECT COUNT(*) FROM messages WHERE conversation_id = ? AND content_type = 'input_email'",
        (conversation["id"],),
    )
    return asked == 0


def _count(shop: Shop, conversation: Row, kind: str, since: int) -> int:
    count: int = shop.db.value(
        "SELECT COUNT(*) FROM messages WHERE conversation_id = ? AND message_type = ?"
        " AND NOT private AND created_at >= ?",
        (conversation["id"], kind, since),
    )
    return count


def _local_now(shop: Shop, inbox: Row) -> datetime:
    try:
        zone: Any = ZoneInfo(inbox["timezone"])
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return datetime.fromtimestamp(shop.clock.now(), zone)


def is_open(shop: Shop, inbox: Row) -> bool:
    """Within working hours, in the inbox's zone; always where they are off (contract 14)."""
    if not inbox["working_hours_enabled"]:
        return True
    now = _local_now(shop, inbox)
    day = (now.weekday() + 1) % 7
    hours = shop.db.find("working_hours", inbox_id=inbox["id"], day_of_week=day)
    if hours is None or hours["closed_all_day"]:
        return False
    if hours["open_all_day"]:
        return True
    minute = now.hour * 60 + now.minute
    opens = hours["open_hour"] * 60 + (hours["open_minutes"] or 0)
    closes = hours["close_hour"] * 60 + (hours["close_minutes"] or 0)
    return bool(opens <= minute <= closes)


def send_survey(shop: Shop, conversation_id: int) -> None:
    """Ask for a rating, once per conversation, when it is resolved and the inbox wants it."""
    conversation = shop.db.get("conversations", conversation_id)
    if conversation is None or conversation["status"] != "resolved":
        return
    inbox = must(shop, "inboxes", conversation["inbox_id"])
    if not inbox["csat_survey_enabled"] or not _labels_allow(conversation, inbox):
        return
    if shop.db.find("messages", conversation_id=conversation_id, content_type="input_csat"):
        return
    config = inbox["csat_config"]
    website = inbox["channel_type"] == "Channel::WebWidget"
    text = config.get("message") or SURVEY_TEXT
    attributes: dict[str, Any] = {}
    if shop.v4:
        attributes["display_type"] = config.get("display_type") or "emoji"
    elif not website:
        link = f"{shop.base_url}/survey/responses/{conversation['uuid']}"
        text = f"Please rate this conversation, {link}"
    _send(shop, conversation, text, "input_csat", attributes)


def _labels_allow(conversation: Row, inbox: Row) -> bool:
    from revivatui.shop.render.push import labels_of

    rules = inbox["csat_config"].get("survey_rules") or {}
    values = rules.get("values") or []
    if not values:
        return True
    matches = bool(set(values) & set(labels_of(conversation)))
    return matches if rules.get("operator") == "contains" else not matches
