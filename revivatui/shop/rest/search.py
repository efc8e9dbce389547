"""Global search (contract 2.2)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render import people, push, rest
from revivatui.shop.render.times import seconds
from revivatui.shop.rest.access import asker
from revivatui.shop.rest.base import Answer, Call, Route, crash
from revivatui.shop.search import (
    ConversationHit,
    search_contacts_globally,
    search_conversations,
    search_messages,
)


def everything(call: Call) -> Answer:
    payload: dict[str, Any] = {
        "conversations": _conversations(call),
        "contacts": _contacts(call),
        "messages": _messages(call),
    }
    if call.shop.v4:
        payload["articles"] = []
    return {"payload": payload}


def conversations(call: Call) -> Answer:
    found = _conversations(call)
    if call.shop.v4:
        for view in found:
            row = call.shop.db.find(
                "conversations", account_id=call.account_id, display_id=view["id"]
            )
            view["additional_attributes"] = row["additional_attributes"] if row else {}
    return {"payload": {"conversations": found}}


def contacts(call: Call) -> Answer:
    return {"payload": {"contacts": _contacts(call)}}


def messages(call: Call) -> Answer:
    return {"payload": {"messages": _messages(call)}}


def articles(call: Call) -> Answer:
    return {"payload": {"articles": []}}


def _conversations(call: Call) -> list[dict[str, Any]]:
    hits = search_conversations(call.shop.db, asker(call), call.request.query_params)
    return [_conversation(call, hit) for hit in hits]


def _conversation(call: Call, hit: ConversationHit) -> dict[str, Any]:
    if hit.message_id is None:
        # The server's own view cannot be drawn without a message.
        crash()
    row = must(call.shop, "conversations", hit.conversation_id)
    inbox = must(call.shop, "inboxes", row["inbox_id"])
    view: dict[str, Any] = {
        "id": row["display_id"],
        "account_id": row["account_id"],
        "created_at": seconds(row["created_at"]),
        "message": _message(call, must(call.shop, "messages", hit.message_id)),
        "contact": _contact(call, must(call.shop, "contacts", row["contact_id"])),
        "inbox": _inbox(inbox),
    }
    if user := call.shop.db.get("users", row["assignee_id"]):
        member = people.membership(call.shop, user["id"], call.account_id)
        view["agent"] = {
            "id": user["id"],
            "available_name": people.available_name(user),
            "email": user["email"],
            "name": user["name"],
            "role": member["role"] if member else None,
        }
    return view


def _inbox(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "channel_id", "name", "channel_type")}


def _contacts(call: Call) -> list[dict[str, Any]]:
    found = search_contacts_globally(call.shop.db, asker(call), call.request.query_params)
    return [_contact(call, must(call.shop, "contacts", row_id)) for row_id in found]


def _contact(call: Call, row: Row) -> dict[str, Any]:
    names = ("email", "id", "name", "phone_number", "identifier")
    view = {name: row[name] for name in names}
    if call.shop.v4:
        view["additional_attributes"] = row["additional_attributes"]
        view["last_activity_at"] = seconds(row["last_activity_at"])
    return view


def _messages(call: Call) -> list[dict[str, Any]]:
    found = search_messages(call.shop.db, asker(call), call.request.query_params)
    return [_message(call, must(call.shop, "messages", row_id)) for row_id in found]


def _message(call: Call, row: Row) -> dict[str, Any]:
    """4.x shows the whole message, 3.x a short one with its inbox."""
    if call.shop.v4:
        return rest.message(call.shop, row)
    conversation = must(call.shop, "conversations", row["conversation_id"])
    view: dict[str, Any] = {
        "id": row["id"],
        "content": row["content"],
        "message_type": push.MESSAGE_TYPES[row["message_type"]],
        "content_type": row["content_type"],
        "source_id": row["source_id"],
        "inbox_id": row["inbox_id"],
        "conversation_id": conversation["display_id"],
        "created_at": seconds(row["created_at"]),
    }
    if sender := push.sender_push(call.shop, row):
        view["sender"] = sender
    view["inbox"] = _inbox(must(call.shop, "inboxes", row["inbox_id"]))
    return view


A = "/api/v1/accounts/{account_id}/search"
ROUTES = [
    Route("GET", A, everything),
    Route("GET", f"{A}/conversations", conversations),
    Route("GET", f"{A}/contacts", contacts),
    Route("GET", f"{A}/messages", messages),
    Route("GET", f"{A}/articles", articles, since="4"),
]
