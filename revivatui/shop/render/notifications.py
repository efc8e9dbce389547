"""Notifications in REST and on the cable (contract 5.7)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from revivatui.shop.db import Row
from revivatui.shop.render import people, push
from revivatui.shop.render.times import iso, seconds

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TEN_WORDS = re.compile(r"\s*\S+(?:\s+\S+){9}(?=\s)")


def notification_view(shop: Shop, row: Row, *, pushed: bool = False) -> dict[str, Any]:
    conversation = shop.db.get("conversations", row["primary_actor_id"])
    secondary = _secondary(shop, row)
    user = shop.db.get("users", row["user_id"])
    view: dict[str, Any] = {
        "id": row["id"],
        "notification_type": row["notification_type"],
        "primary_actor_type": row["primary_actor_type"],
        "primary_actor_id": row["primary_actor_id"],
        "read_at": iso(row["read_at"]),
        "secondary_actor": secondary,
        "user": people.user_push(shop, user, row["account_id"]) if user else None,
        "created_at": seconds(row["created_at"]),
        "last_activity_at": seconds(row["last_activity_at"]),
        "snoozed_until": iso(row["snoozed_until"]),
        "meta": row["meta"],
    }
    body = push_body(shop, row)
    if pushed:
        view["account_id"] = row["account_id"]
    if conversation is not None:
        view["primary_actor"] = push.conversation_push(shop, conversation)
        # The pushed title is the text itself, the REST title a sentence about it.
        view["push_message_title"] = body if pushed else push_title(shop, row, conversation)
        if shop.v4:
            view["push_message_body"] = body
    return view


def _secondary(shop: Shop, row: Row) -> dict[str, Any] | None:
    kind, actor_id = row["secondary_actor_type"], row["secondary_actor_id"]
    if kind == "Message" and (message := shop.db.get("messages", actor_id)):
        return push.message_push(shop, message)
    if kind == "User" and (user := shop.db.get("users", actor_id)):
        return people.user_push(shop, user, row["account_id"])
    return None


def push_title(shop: Shop, row: Row, conversation: Row) -> str:
    number = conversation["display_id"]
    kind = row["notification_type"]
    if kind == "conversation_creation":
        inbox = shop.db.value("SELECT name FROM inboxes WHERE id = ?", (conversation["inbox_id"],))
        return f"A conversation (#{number}) has been created in {inbox}"
    if kind == "conversation_assignment":
        return f"A conversation (#{number}) has been assigned to you"
    if kind == "conversation_mention":
        return f"You have been mentioned in conversation (#{number})"
    return f"A new message is created in conversation (#{number})"


def push_body(shop: Shop, row: Row) -> str:
    """The text of a notification: "Name: message" in ten words."""
    message = _message_of(shop, row)
    name = _sender_name(shop, message) if message else ""
    return f"{name}: {_short(shop, message['content'] if message else None)}"


def _message_of(shop: Shop, row: Row) -> Row | None:
    if row["secondary_actor_type"] == "Message":
        return shop.db.get("messages", row["secondary_actor_id"])
    order = "ASC" if row["notification_type"] == "conversation_creation" else "DESC"
    # 4.x falls back on the last reply where the customer never wrote.
    kinds = ("incoming", "outgoing") if shop.v4 else ("incoming",)
    for kind in kinds:
        message = shop.db.one(
            "SELECT * FROM messages WHERE conversation_id = ? AND message_type = ?"
            f" ORDER BY created_at {order} LIMIT 1",
            (row["primary_actor_id"], kind),
        )
        if message is not None:
            return message
    return None


def _sender_name(shop: Shop, message: Row) -> str:
    sender = push.sender_push(shop, message)
    return str(sender["name"]) if sender else ""


def _short(shop: Shop, content: str | None) -> str:
    text = content or ""
    if shop.v4:
        text = _LINK.sub(r"\1", text)
    if not text.strip():
        return "No content"
    match = _TEN_WORDS.match(text)
    return f"{match[0]}..." if match and match.end() < len(text) else text
