"""Webhook bodies (contract 8.3)."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render import files, push
from revivatui.shop.render.times import iso

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

HTML_CHANNELS = frozenset({"Channel::WebWidget", "Channel::Email"})


def as_json(body: dict[str, Any]) -> bytes:
    """JSON with the HTML characters escaped, as ActiveSupport writes it."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text.encode("utf-8", "surrogatepass")


def account_body(shop: Shop, account_id: int) -> dict[str, Any]:
    account = must(shop, "accounts", account_id)
    return {"id": account["id"], "name": account["name"]}


def inbox_body(inbox: Row) -> dict[str, Any]:
    return {"id": inbox["id"], "name": inbox["name"]}


def contact_body(shop: Shop, contact: Row) -> dict[str, Any]:
    avatar = files.avatar_url(shop, contact)
    body = {
        "account": account_body(shop, contact["account_id"]),
        "additional_attributes": contact["additional_attributes"],
        "avatar": avatar,
        "custom_attributes": contact["custom_attributes"],
        "email": contact["email"],
        "id": contact["id"],
        "identifier": contact["identifier"],
        "name": contact["name"],
        "phone_number": contact["phone_number"],
        "thumbnail": avatar,
    }
    if shop.v4:
        body["blocked"] = contact["blocked"]
    return body


def sender_body(shop: Shop, message: Row) -> dict[str, Any] | None:
    kind, sender_id = message["sender_type"], message["sender_id"]
    if kind == "User" and (user := shop.db.get("users", sender_id)):
        return user_body(user)
    if kind == "Contact" and (contact := shop.db.get("contacts", sender_id)):
        return contact_body(shop, contact)
    if kind == "AgentBot" and (bot := shop.db.get("agent_bots", sender_id)):
        return {"id": bot["id"], "name": bot["name"], "type": "agent_bot"}
    return None


def user_body(user: Row) -> dict[str, Any]:
    return {"id": user["id"], "name": user["name"], "email": user["email"], "type": "user"}


def typist_body(shop: Shop, typist: dict[str, Any]) -> dict[str, Any]:
    """The webhook form of a pushed user, contact or bot."""
    if typist["type"] == "user":
        return user_body(must(shop, "users", typist["id"]))
    if typist["type"] == "contact":
        return contact_body(shop, must(shop, "contacts", typist["id"]))
    return {"id": typist["id"], "name": typist["name"], "type": "agent_bot"}


def conversation_body(shop: Shop, conversation: Row) -> dict[str, Any]:
    return push.conversation_push(shop, conversation)


def message_body(shop: Shop, message: Row) -> dict[str, Any]:
    inbox = must(shop, "inboxes", message["inbox_id"])
    conversation = must(shop, "conversations", message["conversation_id"])
    body: dict[str, Any] = {
        "account": account_body(shop, message["account_id"]),
        "additional_attributes": message["additional_attributes"],
        "content_attributes": message["content_attributes"],
        "content_type": message["content_type"],
        "content": hook_content(shop, message, conversation, inbox),
        "conversation": conversation_body(shop, conversation),
        "created_at": iso(message["created_at"]),
        "id": message["id"],
        "inbox": inbox_body(inbox),
        "message_type": message["message_type"],
        "private": message["private"],
        "sender": sender_body(shop, message),
        "source_id": message["source_id"],
    }
    if sent := push.attachments(shop, message["id"]):
        body["attachments"] = sent
    return body


def hook_content(shop: Shop, message: Row, conversation: Row, inbox: Row) -> str | None:
    """What the channel would be given: raw in 3.x, rendered in 4.x."""
    content: str | None = message["content"]
    website = inbox["channel_type"] == "Channel::WebWidget"
    if message["content_type"] == "input_csat" and not website:
        link = f"{shop.base_url}/survey/responses/{conversation['uuid']}"
        return f"Please rate this conversation, {link}" if shop.v4 else content
    if shop.v4 and content and inbox["channel_type"] in HTML_CHANNELS:
        return as_html(content)
    return content


def as_html(markdown: str) -> str:
    """Paragraphs, line breaks, links, bold, italics and code of a message as HTML."""
    paragraphs = [part for part in re.split(r"\n\s*\n", markdown.strip()) if part]
    rendered = []
    for paragraph in paragraphs:
        text = html.escape(paragraph, quote=False)
        text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
        text = re.sub(r"\[([^\[\]]+)\]\(([^)\s]{1,2000})\)", r'<a href="\2">\1</a>', text)
        text = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", text)
        text = re.sub(r"(?<!\*)\*([^*\n]+)\*(?!\*)", r"<em>\1</em>", text)
        rendered.append(f"<p>{text.replace(chr(10), '<br />' + chr(10))}</p>")
    return "\n".join(rendered) + "\n"


def changed_attributes(changes: dict[str, list[Any]] | None) -> list[dict[str, Any]] | None:
    """One object for each change, or null for status changes (contract 8.3)."""
    if changes is None:
        return None
    return [
        {name: {"previous_value": old, "current_value": new}}
        for name, (old, new) in changes.items()
    ]


def widget_body(
    shop: Shop, contact_inbox: Row, inbox: Row, event_info: dict[str, Any]
) -> dict[str, Any]:
    contact = must(shop, "contacts", contact_inbox["contact_id"])
    current = shop.db.one(
        "SELECT * FROM conversations WHERE contact_inbox_id = ? ORDER BY id DESC LIMIT 1",
        (contact_inbox["id"],),
    )
    return {
        "id": contact_inbox["id"],
        "contact": contact_body(shop, contact),
        "inbox": inbox_body(inbox),
        "account": account_body(shop, inbox["account_id"]),
        "current_conversation": conversation_body(shop, current) if current else None,
        "source_id": contact_inbox["source_id"],
        "event_info": event_info,
    }
