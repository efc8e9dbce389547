"""What customers see of the shop: the public API's and the widget's shapes (contract 9, 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revivatui.shop.actions.contacts import labels_of
from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render import push
from revivatui.shop.render.times import iso, seconds, seconds_or_zero

if TYPE_CHECKING:
    from revivatui.shop.world import Shop


def message(shop: Shop, row: Row, *, named_type: bool = False) -> dict[str, Any]:
    """A message as customers get it; ``named_type`` writes its type as a word."""
    kind = row["message_type"]
    view: dict[str, Any] = {
        "id": row["id"],
        "content": row["content"],
        "message_type": kind if named_type else push.MESSAGE_TYPES[kind],
        "content_type": row["content_type"],
        "content_attributes": row["content_attributes"],
        "created_at": seconds(row["created_at"]),
        "conversation_id": must(shop, "conversations", row["conversation_id"])["display_id"],
    }
    return {**view, **extras(shop, row)}


def extras(shop: Shop, row: Row) -> dict[str, Any]:
    """Attachments and sender, each only where there is one."""
    view: dict[str, Any] = {}
    attachments = shop.db.where("attachments", message_id=row["id"])
    if attachments:
        view["attachments"] = [push.attachment(shop, one) for one in attachments]
    sender = push.sender_push(shop, row)
    if sender is not None:
        view["sender"] = sender
    return view


def raw_contact(shop: Shop, contact: Row) -> dict[str, Any]:
    """A contact with every column, times as ISO text."""
    names = ("id", "name", "email", "phone_number", "account_id")
    view: dict[str, Any] = {name: contact[name] for name in names}
    view["created_at"] = iso(contact["created_at"])
    view["updated_at"] = iso(contact["updated_at"])
    for name in ("additional_attributes", "identifier", "custom_attributes"):
        view[name] = contact[name]
    view["last_activity_at"] = iso(contact["last_activity_at"])
    for name in (
        "contact_type",
        "middle_name",
        "last_name",
        "location",
        "country_code",
        "blocked",
    ):
        view[name] = contact[name]
    if shop.v4:
        view["company_id"] = contact["company_id"]
    view["label_list"] = labels_of(shop, contact["id"])
    return view


def conversation(shop: Shop, row: Row) -> dict[str, Any]:
    """A conversation of the public API, with its customer and what they may read."""
    return {
        "id": row["display_id"],
        "uuid": row["uuid"],
        "inbox_id": row["inbox_id"],
        "contact_last_seen_at": seconds_or_zero(row["contact_last_seen_at"]),
        "status": row["status"],
        "agent_last_seen_at": seconds_or_zero(row["agent_last_seen_at"]),
        "messages": [message(shop, one) for one in readable(shop, row["id"])],
        "contact": raw_contact(shop, must(shop, "contacts", row["contact_id"])),
    }


def readable(
    shop: Shop,
    conversation_id: int,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = 20,
) -> list[Row]:
    """The newest messages that a customer may read (no private ones, no activity lines)."""
    rows = shop.db.all(
        "SELECT * FROM messages WHERE conversation_id = ? AND NOT private"
        " AND message_type != 'activity' AND id < ? AND id > ?"
        " ORDER BY created_at DESC, id DESC LIMIT ?",
        (conversation_id, before or 2**62, after or 0, limit),
    )
    return rows[::-1]
