"""Cable payloads (contract 7.3 to 7.5); also nested in webhooks and REST conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revivatui.shop.db import Row
from revivatui.shop.queries import last_chat_message, unread_count
from revivatui.shop.render import files, people
from revivatui.shop.render.times import fraction, iso, seconds, seconds_or_zero

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

MESSAGE_TYPES = {"incoming": 0, "outgoing": 1, "activity": 2, "template": 3}


def contact_push(shop: Shop, contact: Row) -> dict[str, Any]:
    view: dict[str, Any] = {
        "additional_attributes": contact["additional_attributes"],
        "custom_attributes": contact["custom_attributes"],
        "email": contact["email"],
        "id": contact["id"],
        "identifier": contact["identifier"],
        "name": contact["name"],
        "phone_number": contact["phone_number"],
        "thumbnail": files.avatar_url(shop, contact),
    }
    if shop.v4:
        view["blocked"] = contact["blocked"]
    view["type"] = "contact"
    return view


def sender_push(shop: Shop, message: Row) -> dict[str, Any] | None:
    """The sender by its kind; None for activity lines, templates and senders that are gone."""
    kind, sender_id = message["sender_type"], message["sender_id"]
    if kind == "User" and (user := shop.db.get("users", sender_id)):
        return people.user_push(shop, user, message["account_id"])
    if kind == "Contact" and (contact := shop.db.get("contacts", sender_id)):
        return contact_push(shop, contact)
    if kind == "AgentBot" and (bot := shop.db.get("agent_bots", sender_id)):
        return people.bot_push(shop, bot)
    return None


def attachment(shop: Shop, row: Row) -> dict[str, Any]:
    """One attachment by its kind (contract 3.5)."""
    view: dict[str, Any] = {
        "id": row["id"],
        "message_id": row["message_id"],
        "file_type": row["file_type"],
        "account_id": row["account_id"],
    }
    kind = row["file_type"]
    if kind == "location":
        view |= {
            "coordinates_lat": row["coordinates_lat"],
            "coordinates_long": row["coordinates_long"],
            "fallback_title": row["fallback_title"],
            "data_url": row["external_url"],
        }
    elif kind in ("fallback", "contact"):
        view["fallback_title"] = row["fallback_title"]
        if kind == "fallback":
            view["data_url"] = row["external_url"]
        elif shop.v4:
            view["meta"] = row["meta"]
    else:
        view |= file_fields(shop, row)
        if kind == "audio" and shop.v4:
            view["transcribed_text"] = row["meta"].get("transcribed_text", "")
    return view


def file_fields(shop: Shop, row: Row) -> dict[str, Any]:
    blob = shop.db.get("blobs", row["blob_id"])
    if blob is None:
        return {
            "extension": row["extension"],
            "data_url": row["external_url"] or "",
            "thumb_url": row["external_url"] or "",
            "file_size": None,
            "width": None,
            "height": None,
        }
    pictured = blob["content_type"] in files.REPRESENTABLE
    if shop.v4:
        pictured = pictured and row["file_type"] == "image"
    return {
        "extension": row["extension"],
        "data_url": files.blob_url(shop, blob),
        "thumb_url": files.thumb_url(shop, blob) if pictured else "",
        "file_size": blob["byte_size"],
        "width": blob["metadata"].get("width"),
        "height": blob["metadata"].get("height"),
    }


def attachments(shop: Shop, message_id: int) -> list[dict[str, Any]]:
    return [attachment(shop, row) for row in shop.db.where("attachments", message_id=message_id)]


def message_push(shop: Shop, message: Row, *, echo_id: str | None = None) -> dict[str, Any]:
    """The cable message (contract 7.4), without performer."""
    conversation = shop.db.get("conversations", message["conversation_id"])
    view: dict[str, Any] = {
        "id": message["id"],
        "content": message["content"],
        "account_id": message["account_id"],
        "inbox_id": message["inbox_id"],
        "conversation_id": conversation["display_id"] if conversation else None,
        "message_type": MESSAGE_TYPES[message["message_type"]],
        "created_at": seconds(message["created_at"]),
        "updated_at": iso(message["updated_at"]),
        "private": message["private"],
        "status": message["status"],
        "source_id": message["source_id"],
        "content_type": message["content_type"],
        "content_attributes": message["content_attributes"],
        "sender_type": message["sender_type"],
        "sender_id": message["sender_id"],
        "external_source_ids": message["external_source_ids"],
        "additional_attributes": message["additional_attributes"],
        "processed_message_content": message["processed_message_content"],
        "sentiment": message["sentiment"],
        "conversation": _conversation_of_message(shop, conversation),
    }
    if echo_id is not None:
        view["echo_id"] = echo_id
    if files_sent := attachments(shop, message["id"]):
        view["attachments"] = files_sent
    if sender := sender_push(shop, message):
        view["sender"] = sender
    return view


def _conversation_of_message(shop: Shop, conversation: Row | None) -> dict[str, Any] | None:
    if conversation is None:
        return None
    return {
        "assignee_id": conversation["assignee_id"],
        "unread_count": unread_count(shop, conversation),
        "last_activity_at": seconds(conversation["last_activity_at"]),
        "contact_inbox": {
            "source_id": shop.db.value(
                "SELECT source_id FROM contact_inboxes WHERE id = ?",
                (conversation["contact_inbox_id"],),
            )
        },
    }


def contact_inbox_row(row: Row | None) -> dict[str, Any]:
    """The whole row, the contact's own cable token included."""
    assert row is not None
    return {
        "id": row["id"],
        "contact_id": row["contact_id"],
        "inbox_id": row["inbox_id"],
        "source_id": row["source_id"],
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
        "hmac_verified": row["hmac_verified"],
        "pubsub_token": row["pubsub_token"],
    }


def labels_of(conversation: Row) -> list[str]:
    text: str = conversation["cached_label_list"] or ""
    return [label.strip() for label in text.split(",") if label.strip()]


def conversation_push(shop: Shop, conversation: Row) -> dict[str, Any]:
    """The conversation as pushed (contract 7.3), without account and performer."""
    from revivatui.shop.render.channels import can_reply, channel_type

    contact = shop.db.get("contacts", conversation["contact_id"])
    contact_inbox = shop.db.get("contact_inboxes", conversation["contact_inbox_id"])
    last = last_chat_message(shop, conversation["id"])
    view: dict[str, Any] = {
        "additional_attributes": conversation["additional_attributes"],
        "can_reply": can_reply(shop, conversation),
        "channel": channel_type(shop, conversation["inbox_id"]),
        "contact_inbox": contact_inbox_row(contact_inbox),
        "id": conversation["display_id"],
        "inbox_id": conversation["inbox_id"],
        "messages": [message_push(shop, last)] if last else [],
        "labels": labels_of(conversation),
        "meta": {
            "sender": contact_push(shop, contact) if contact else None,
            **_assignee(shop, conversation),
            "team": _team(shop, conversation),
            "hmac_verified": contact_inbox["hmac_verified"] if contact_inbox else None,
        },
        "status": conversation["status"],
        "custom_attributes": conversation["custom_attributes"],
        "snoozed_until": iso(conversation["snoozed_until"]),
        "unread_count": unread_count(shop, conversation),
        "first_reply_created_at": iso(conversation["first_reply_created_at"]),
        "priority": conversation["priority"],
        "waiting_since": seconds_or_zero(conversation["waiting_since"]),
        "agent_last_seen_at": seconds_or_zero(conversation["agent_last_seen_at"]),
        "contact_last_seen_at": seconds_or_zero(conversation["contact_last_seen_at"]),
    }
    if shop.v4:
        view["last_activity_at"] = seconds(conversation["last_activity_at"])
    view["timestamp"] = seconds_or_zero(conversation["last_activity_at"])
    view["created_at"] = seconds(conversation["created_at"])
    if shop.v4:
        view["updated_at"] = fraction(conversation["updated_at"])
    return view


def _assignee(shop: Shop, conversation: Row) -> dict[str, Any]:
    user = shop.db.get("users", conversation["assignee_id"])
    bot = shop.db.get("agent_bots", conversation["assignee_agent_bot_id"]) if shop.v4 else None
    view: dict[str, Any] = {"assignee": None}
    if user:
        view["assignee"] = people.user_push(shop, user, conversation["account_id"])
    elif bot:
        view["assignee"] = people.bot_push(shop, bot)
    if shop.v4:
        view["assignee_type"] = "User" if user else "AgentBot" if bot else None
    return view


def _team(shop: Shop, conversation: Row) -> dict[str, Any] | None:
    team = shop.db.get("teams", conversation["team_id"])
    return {"id": team["id"], "name": team["name"]} if team else None
