"""REST views of conversations, messages and contacts (contract 2.1, 3.1, 4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revivatui.shop.db import Row
from revivatui.shop.queries import last_message, last_non_activity_message, must, unread_count
from revivatui.shop.render import files, inboxes, people, push
from revivatui.shop.render.channels import can_reply, channel_type
from revivatui.shop.render.times import fraction, iso, seconds, seconds_or_zero

if TYPE_CHECKING:
    from revivatui.shop.world import Shop


def conversation(shop: Shop, row: Row, user: Row | None) -> dict[str, Any]:
    """The conversation as REST gives it; ``user`` is who asks (for the team's membership)."""
    contact = must(shop, "contacts", row["contact_id"])
    contact_inbox = shop.db.get("contact_inboxes", row["contact_inbox_id"])
    newest = last_message(shop, row["id"])
    spoken = last_non_activity_message(shop, row["id"])
    view: dict[str, Any] = {
        "meta": {
            "sender": contact_view(shop, contact),
            "channel": channel_type(shop, row["inbox_id"]),
            **_people(shop, row, user),
            "hmac_verified": contact_inbox["hmac_verified"] if contact_inbox else None,
        },
        "id": row["display_id"],
        "messages": [push.message_push(shop, newest)] if newest else [],
        "account_id": row["account_id"],
        "uuid": row["uuid"],
        "additional_attributes": row["additional_attributes"],
        "agent_last_seen_at": seconds_or_zero(row["agent_last_seen_at"]),
        "assignee_last_seen_at": seconds_or_zero(row["assignee_last_seen_at"]),
        "can_reply": can_reply(shop, row),
        "contact_last_seen_at": seconds_or_zero(row["contact_last_seen_at"]),
        "custom_attributes": row["custom_attributes"],
        "inbox_id": row["inbox_id"],
        "labels": push.labels_of(row),
        "muted": contact["blocked"],
        "snoozed_until": iso(row["snoozed_until"]),
        "status": row["status"],
        "created_at": seconds(row["created_at"]),
    }
    if shop.v4:
        view["updated_at"] = fraction(row["updated_at"])
    view |= {
        "timestamp": seconds(row["last_activity_at"]),
        "first_reply_created_at": seconds_or_zero(row["first_reply_created_at"]),
        "unread_count": unread_count(shop, row),
        "last_non_activity_message": push.message_push(shop, spoken) if spoken else None,
        "last_activity_at": seconds(row["last_activity_at"]),
        "priority": row["priority"],
        "waiting_since": seconds_or_zero(row["waiting_since"]),
        "sla_policy_id": row["sla_policy_id"],
    }
    return view


def _people(shop: Shop, row: Row, user: Row | None) -> dict[str, Any]:
    """Assignee and team; their keys are absent where there is none."""
    view: dict[str, Any] = {}
    assignee = shop.db.get("users", row["assignee_id"])
    bot = shop.db.get("agent_bots", row["assignee_agent_bot_id"]) if shop.v4 else None
    if assignee:
        view["assignee"] = people.agent(shop, assignee, row["account_id"])
    elif bot:
        view["assignee"] = people.bot_slim(shop, bot)
    if shop.v4 and view:
        view["assignee_type"] = "User" if assignee else "AgentBot"
    if team := shop.db.get("teams", row["team_id"]):
        view["team"] = people.team(shop, team, user)
    return view


def message(shop: Shop, row: Row, *, echo_id: str | None = None) -> dict[str, Any]:
    """The message of lists and answers; sender and attachments are absent when empty."""
    view: dict[str, Any] = {
        "id": row["id"],
        "content": row["content"],
        "inbox_id": row["inbox_id"],
    }
    if echo_id is not None:
        view["echo_id"] = echo_id
    view |= {
        "conversation_id": shop.db.value(
            "SELECT display_id FROM conversations WHERE id = ?", (row["conversation_id"],)
        ),
        "message_type": push.MESSAGE_TYPES[row["message_type"]],
        "content_type": row["content_type"],
        "status": row["status"],
        "content_attributes": row["content_attributes"],
        "created_at": seconds(row["created_at"]),
        "private": row["private"],
        "source_id": row["source_id"],
    }
    if sender := push.sender_push(shop, row):
        view["sender"] = sender
    if sent := push.attachments(shop, row["id"]):
        view["attachments"] = sent
    return view


def contact_view(shop: Shop, row: Row) -> dict[str, Any]:
    """A contact without its inboxes."""
    here = shop.presence.contact_here(row["id"])
    view: dict[str, Any] = {
        "additional_attributes": row["additional_attributes"],
        "availability_status": "online" if here else "offline",
        "email": row["email"],
        "id": row["id"],
        "name": row["name"],
        "phone_number": row["phone_number"],
    }
    if shop.v4:
        view["blocked"] = row["blocked"]
    view |= {
        "identifier": row["identifier"],
        "thumbnail": files.avatar_url(shop, row),
        "custom_attributes": row["custom_attributes"],
    }
    if row["last_activity_at"] is not None:
        view["last_activity_at"] = seconds(row["last_activity_at"])
    if row["created_at"] is not None:
        view["created_at"] = seconds(row["created_at"])
    return view


def contact(shop: Shop, row: Row, *, admin: bool, with_inboxes: bool = True) -> dict[str, Any]:
    """A contact of the contacts' own endpoints."""
    view = contact_view(shop, row)
    if with_inboxes:
        view["contact_inboxes"] = [
            contact_inbox(shop, found, admin=admin)
            for found in shop.db.where("contact_inboxes", contact_id=row["id"])
        ]
    return view


def contact_inbox(shop: Shop, row: Row, *, admin: bool) -> dict[str, Any]:
    inbox = must(shop, "inboxes", row["inbox_id"])
    view = inboxes.slim(shop, inbox) if shop.v4 else inboxes.inbox(shop, inbox, admin=admin)
    return {"source_id": row["source_id"], "inbox": view}


def attachment_in_list(shop: Shop, row: Row) -> dict[str, Any]:
    """One of a conversation's attachments (contract 2.4)."""
    message_row = must(shop, "messages", row["message_id"])
    fields = push.file_fields(shop, row)
    view: dict[str, Any] = {
        "message_id": row["message_id"],
        "thumb_url": fields["thumb_url"],
        "data_url": fields["data_url"],
        "file_size": fields["file_size"],
        "file_type": row["file_type"],
        "extension": fields["extension"],
        "width": fields["width"],
        "height": fields["height"],
        "created_at": seconds(message_row["created_at"]),
    }
    if sender := push.sender_push(shop, message_row):
        view["sender"] = sender
    return view
