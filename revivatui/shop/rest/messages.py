"""Messages of a conversation (contract 3)."""

from __future__ import annotations

import json
import re
from typing import Any

from revivatui.shop.actions import messages
from revivatui.shop.actions.files import StoredUpload, Upload
from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render import people, push, rest
from revivatui.shop.render.channels import channel_type
from revivatui.shop.render.files import verified_blob
from revivatui.shop.render.hooks import as_html
from revivatui.shop.render.times import iso
from revivatui.shop.rest.access import conversation_of
from revivatui.shop.rest.base import Answer, Call, CallError, Route, not_found, unprocessable
from revivatui.shop.rest.params import boolean, hash_of, integer, text

KEPT_IN_V3 = ("items", "in_reply_to", "automation_rule_id")
_ADDRESS = re.compile(r"[^@\s,]+@[^@\s,]+\.[^@\s,]+")


def index(call: Call) -> Answer:
    row = conversation_of(call)
    contact = must(call.shop, "contacts", row["contact_id"])
    meta: dict[str, Any] = {
        "labels": push.labels_of(row),
        "additional_attributes": row["additional_attributes"],
        "contact": push.contact_push(call.shop, contact),
    }
    if assignee := call.shop.db.get("users", row["assignee_id"]):
        meta["assignee"] = people.user_push(call.shop, assignee, call.account_id)
    meta["agent_last_seen_at"] = iso(row["agent_last_seen_at"])
    meta["assignee_last_seen_at"] = iso(row["assignee_last_seen_at"])
    return {"meta": meta, "payload": [rest.message(call.shop, found) for found in _page(call, row)]}


def _page(call: Call, row: Row) -> list[Row]:
    """The messages asked for, oldest first (contract 3.2)."""
    before, after = integer(call.params.get("before")), integer(call.params.get("after"))
    conditions, values = ["conversation_id = ?"], [row["id"]]
    if boolean(call.params.get("filter_internal_messages")):
        conditions.append("NOT private AND message_type != 'activity'")
    if after is not None:
        conditions.append("id >= ?" if before is not None else "id > ?")
        values.append(after)
    if before is not None:
        conditions.append("id < ?")
        values.append(before)
    where = " AND ".join(conditions)
    if after is not None:
        limit = 1000 if before is not None else 100
        return call.shop.db.all(
            f"SELECT * FROM messages WHERE {where} ORDER BY created_at LIMIT {limit}", values
        )
    found = call.shop.db.all(
        f"SELECT * FROM messages WHERE {where} ORDER BY created_at DESC LIMIT 20", values
    )
    return found[::-1]


def create(call: Call) -> Answer:
    row = conversation_of(call)
    draft = message_of(call, row, call.params)
    try:
        message = messages.create_message(call.shop, row, **draft)
    except messages.InvalidMessage as problem:
        raise CallError(422, {"error": str(problem)}) from problem
    return rest.message(call.shop, message, echo_id=draft["echo_id"])


def message_of(call: Call, row: Row, params: dict[str, Any]) -> dict[str, Any]:
    """What ``create_message`` is to be given. Raises CallError 422."""
    kind = text(params.get("message_type")) or "outgoing"
    content_type = text(params.get("content_type")) or "text"
    channel = channel_type(call.shop, row["inbox_id"])
    if kind == "incoming" and channel != "Channel::Api":
        unprocessable("Incoming messages are only allowed in Api inboxes")
    if kind not in messages.MESSAGE_TYPES:
        unprocessable(f"'{kind}' is not a valid message_type")
    known = messages.CONTENT_TYPES + (("voice_call",) if call.shop.v4 else ())
    if content_type not in known:
        unprocessable(f"'{content_type}' is not a valid content_type")
    content = text(params.get("content"))
    attributes = _content_attributes(call, params)
    private = bool(boolean(params.get("private")))
    if channel == "Channel::Email":
        attributes |= _mail_attributes(call, params, content, private=private)
    return {
        "sender": _sender(call, row, kind, params),
        "content": content,
        "message_type": kind,
        "private": private,
        "content_type": content_type,
        "content_attributes": attributes,
        "additional_attributes": _additional(params),
        "attachments": _uploads(call, params.get("attachments")),
        "echo_id": text(params.get("echo_id")),
        "source_id": text(params.get("source_id")),
    }


def _sender(call: Call, row: Row, kind: str, params: dict[str, Any]) -> tuple[str, int]:
    if kind != "outgoing":
        return ("Contact", row["contact_id"])
    if params.get("sender_type") == "AgentBot":
        bot = call.shop.db.get("agent_bots", integer(params.get("sender_id")))
        if bot is not None:
            return ("AgentBot", bot["id"])
    if call.bot is not None:
        return ("AgentBot", call.bot["id"])
    return ("User", call.member["id"])


def _content_attributes(call: Call, params: dict[str, Any]) -> dict[str, Any]:
    """3.x keeps three keys, 4.x the whole object; multipart sends it as JSON text."""
    given = params.get("content_attributes")
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            given = {}
    attributes = hash_of(given)
    if not call.shop.v4:
        attributes = {
            name: attributes[name] for name in KEPT_IN_V3 if attributes.get(name) is not None
        }
    if params.get("external_created_at") is not None:
        attributes = {**attributes, "external_created_at": params["external_created_at"]}
    return attributes


def _mail_attributes(
    call: Call, params: dict[str, Any], content: str | None, *, private: bool
) -> dict[str, Any]:
    """Addresses of an e-mail reply as lists; 4.x adds its text in both forms."""
    attributes: dict[str, Any] = {
        name: _addresses(params.get(name)) for name in ("cc_emails", "bcc_emails", "to_emails")
    }
    if call.shop.v4 and not private and content:
        page = as_html(content)
        attributes["email"] = {
            "html_content": {"full": page, "reply": page},
            "text_content": {"full": content, "reply": content},
        }
    return attributes


def _addresses(value: Any) -> list[str]:
    found = [part.strip() for part in str(value or "").split(",") if part.strip()]
    if not all(_ADDRESS.fullmatch(address) for address in found):
        unprocessable("Invalid email address")
    return found


def _additional(params: dict[str, Any]) -> dict[str, Any]:
    kept = {"campaign_id": params.get("campaign_id")}
    template = hash_of(params.get("template_params"))
    if template:
        kept["template_params"] = template
    return {name: value for name, value in kept.items() if value is not None}


def _uploads(call: Call, value: Any) -> list[Upload]:
    """Files sent along, or signed ids of files uploaded before."""
    found: list[Upload] = []
    for item in value if isinstance(value, list) else []:
        if isinstance(item, Upload):
            found.append(item)
        elif blob := verified_blob(call.shop, item):
            found.append(
                StoredUpload(blob["filename"], blob["content_type"], b"", blob_id=blob["id"])
            )
    return found


def _message(call: Call, row: Row) -> Row:
    message = call.shop.db.get("messages", call.number("message_id"))
    if message is None or message["conversation_id"] != row["id"]:
        not_found()
    return message


def destroy(call: Call) -> Answer:
    row = conversation_of(call)
    message = messages.delete_message(call.shop, _message(call, row))
    return rest.message(call.shop, message)


def retry(call: Call) -> Answer:
    row = conversation_of(call)
    message = messages.retry_message(call.shop, _message(call, row))
    return rest.message(call.shop, message)


def update(call: Call) -> Answer:
    """4.x, API inboxes only: the delivery state as the channel's own system reports it."""
    row = conversation_of(call)
    if channel_type(call.shop, row["inbox_id"]) != "Channel::Api":
        error = "Message status update is only allowed for API inboxes"
        raise CallError(403, {"error": error})
    message = _message(call, row)
    status = text(call.params.get("status"))
    if status not in ("sent", "delivered", "read", "failed"):
        return rest.message(call.shop, message)
    if not (message["status"] == "read" and status == "delivered"):
        attributes = dict(message["content_attributes"])
        if status == "failed" and call.params.get("external_error"):
            attributes["external_error"] = text(call.params["external_error"])
        elif "external_error" in attributes and status != "failed":
            attributes["external_error"] = None
        message = messages.update_message(
            call.shop, message, status=status, content_attributes=attributes
        )
    return rest.message(call.shop, message)


A = "/api/v1/accounts/{account_id}/conversations/{conversation_id}/messages"
ROUTES = [
    Route("GET", A, index),
    Route("POST", A, create, bots=True),
    Route("DELETE", f"{A}/{{message_id}}", destroy),
    Route("POST", f"{A}/{{message_id}}/retry", retry),
    Route("PATCH", f"{A}/{{message_id}}", update, since="4"),
    Route("PUT", f"{A}/{{message_id}}", update, since="4"),
]
