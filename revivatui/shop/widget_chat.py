"""The website widget's API (contract 10): the visitor's conversation and messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from revivatui.shop import events
from revivatui.shop.actions import conversations, messages, surveys
from revivatui.shop.db import Row
from revivatui.shop.public import identify, tell_typing, uploads
from revivatui.shop.queries import must
from revivatui.shop.render import customer
from revivatui.shop.render.push import MESSAGE_TYPES, labels_of
from revivatui.shop.render.times import seconds, seconds_or_zero
from revivatui.shop.rest.base import Answer, Call, Route, empty, invalid, not_found
from revivatui.shop.rest.base import unprocessable as refuse
from revivatui.shop.widget import BASE, Visit, visit
from revivatui.shop.widget_config import browser_of

CHAT = BASE + "/conversations"
# Columns that 3.9.0 tells as changed when the visitor's new conversation gets its contact.
NEW_COLUMNS = (
    "id",
    "account_id",
    "inbox_id",
    "created_at",
    "updated_at",
    "contact_id",
    "additional_attributes",
    "contact_inbox_id",
    "waiting_since",
)


def show_conversation(call: Call) -> Answer:
    row = visit(call).conversation
    return _brief(row) if row is not None else {}


def _brief(row: Row) -> dict[str, Any]:
    return {
        "id": row["display_id"],
        "inbox_id": row["inbox_id"],
        "contact_last_seen_at": seconds_or_zero(row["contact_last_seen_at"]),
        "status": row["status"],
    }


def _message_of(call: Call) -> dict[str, Any]:
    sent = call.params.get("message")
    return sent if isinstance(sent, dict) else {}


def create_conversation(call: Call) -> Answer:
    """The visitor's first message, with what they say of themselves."""
    visitor = visit(call)
    said = call.params.get("contact")
    if isinstance(said, dict):
        names = ("name", "email", "phone_number")
        identify(call, visitor.contact, {name: said[name] for name in names if said.get(name)})
        visitor = visit(call)  # who is known by what they said is somebody else now
    attributes = call.params.get("custom_attributes")
    made, written = _open(visitor, attributes if isinstance(attributes, dict) else {})
    _tell_of_contact(visitor, made)
    row = must(visitor.shop, "conversations", made["id"])
    found = customer.readable(visitor.shop, row["id"])
    return {
        **_brief(row),
        "messages": [
            customer.message(
                visitor.shop, one, named_type=not visitor.shop.v4 or one["id"] != written["id"]
            )
            for one in found
        ],
        "custom_attributes": row["custom_attributes"],
        "contact": customer.raw_contact(visitor.shop, _without_activity(visitor)),
    }


def _without_activity(visitor: Visit) -> Row:
    """The contact as it was before the message moved its last activity."""
    return {**visitor.contact, "last_activity_at": None}


def _open(visitor: Visit, custom_attributes: dict[str, Any]) -> tuple[Row, Row]:
    """A new conversation with the message that was sent, and that message."""
    sent = _message_of(visitor.call)
    written: list[Row] = []

    def write(conversation: Row) -> Callable[[], None]:
        message, tell = _write(visitor, conversation)
        written.append(message)
        return tell

    headers = visitor.call.request.headers
    language = headers.get("accept-language", "").split(",")[0].split("-")[0] or None
    made = conversations.create_conversation(
        visitor.shop,
        visitor.contact_inbox,
        first_message=write,
        conversation_first=True,
        custom_attributes=custom_attributes,
        additional_attributes={
            "browser_language": language,
            "browser": browser_of(headers.get("user-agent", "")),
            "initiated_at": {"timestamp": sent.get("timestamp")},
            "referer": sent.get("referer_url"),
        },
    )
    return made, must(visitor.shop, "messages", written[0]["id"])


def _tell_of_contact(visitor: Visit, made: Row) -> None:
    """3.9.0 tells of a new widget conversation once more, as if everything had changed."""
    if visitor.shop.v4:
        return
    row = must(visitor.shop, "conversations", made["id"])
    empty_at_first: dict[str, Any] = {"additional_attributes": {}}
    changes = {name: (empty_at_first.get(name), row[name]) for name in NEW_COLUMNS}
    events.conversation_event(visitor.shop, "conversation.contact_changed", row, changes)
    events.conversation_event(visitor.shop, "conversation.updated", row, changes)


def _write(visitor: Visit, conversation: Row) -> tuple[Row, Callable[[], None]]:
    sent = _message_of(visitor.call)
    content, echo_id = sent.get("content"), sent.get("echo_id")
    try:
        return messages.write_message(
            visitor.shop,
            conversation,
            sender=("Contact", visitor.contact_inbox["contact_id"]),
            message_type="incoming",
            content=None if content is None else str(content),
            content_attributes={"in_reply_to": sent.get("reply_to")},
            attachments=uploads(sent.get("attachments")),
            echo_id=str(echo_id) if echo_id is not None else None,
        )
    except messages.InvalidMessage as problem:
        invalid(("content", str(problem).removeprefix("Validation failed: ")))


def list_messages(call: Call) -> Answer:
    visitor = visit(call)
    row = visitor.conversation
    if row is None:
        return {"payload": [], "meta": {}}
    found = customer.readable(
        visitor.shop,
        row["id"],
        before=_number(call.params.get("before")),
        after=_number(call.params.get("after")),
    )
    return {
        "payload": [customer.message(visitor.shop, one) for one in found],
        "meta": {"contact_last_seen_at": seconds_or_zero(row["contact_last_seen_at"])},
    }


def _number(value: Any) -> int | None:
    return int(value) if str(value or "").isdigit() else None


def create_message(call: Call) -> Answer:
    visitor = visit(call)
    row = visitor.conversation
    if row is None:
        row, made = _open(visitor, {})
    else:
        made, tell = _write(visitor, row)
        tell()
        made = must(visitor.shop, "messages", made["id"])
    return {
        "id": made["id"],
        "content": made["content"],
        "inbox_id": made["inbox_id"],
        "conversation_id": row["display_id"],
        "message_type": MESSAGE_TYPES[made["message_type"]],
        "created_at": seconds(made["created_at"]),
        "private": made["private"],
        "source_id": made["source_id"],
        "content_attributes": made["content_attributes"],
        **customer.extras(visitor.shop, made),
    }


def update_message(call: Call) -> Answer:
    """The answer to a form or survey, or the e-mail address that was asked for."""
    visitor = visit(call)
    row = visitor.conversation
    number = _number(call.path["message"])
    message = row and visitor.shop.db.find("messages", conversation_id=row["id"], id=number)
    if message is None:
        not_found()
    if surveys.is_closed(visitor.shop, message):
        refuse("You cannot update the CSAT survey after 14 days")
    said = call.params.get("contact")
    if message["content_type"] == "input_email" and isinstance(said, dict):
        attributes = {**message["content_attributes"], "submitted_email": said.get("email")}
        messages.update_message(visitor.shop, message, content_attributes=attributes)
        identify(call, visitor.contact, {"email": said.get("email")})
        return {"contact": {"email": said.get("email")}}
    after = surveys.submit(visitor.shop, message, _message_of(call).get("submitted_values"))
    return customer.message(visitor.shop, after)


def update_last_seen(call: Call) -> Answer:
    visitor = visit(call)
    if visitor.conversation is not None:
        conversations.contact_read(visitor.shop, visitor.conversation)
    return empty()


def toggle_typing(call: Call) -> Answer:
    visitor = visit(call)
    if visitor.conversation is not None:
        tell_typing(call, visitor.conversation)
    return empty()


def transcript(call: Call) -> Answer:
    """The shop sends no e-mail: the request is taken, as a server without SMTP takes it."""
    visitor = visit(call)
    return empty() if visitor.conversation is not None else empty(204)


def toggle_status(call: Call) -> Answer:
    """The visitor ends the conversation, where the website lets them."""
    visitor = visit(call)
    if "end_conversation" not in visitor.channel["selected_feature_flags"]:
        return Response(b"", 403)
    row = visitor.conversation
    if row is None:
        not_found()
    if row["status"] != "resolved":
        conversations.update(visitor.shop, row, by_contact=visitor.contact, status="resolved")
    return empty()


def set_custom_attributes(call: Call) -> Answer:
    visitor = visit(call)
    row, added = visitor.conversation, call.params.get("custom_attributes")
    if row is not None and isinstance(added, dict):
        kept = {**row["custom_attributes"], **added}
        conversations.update(visitor.shop, row, custom_attributes=kept)
    return empty(204)


def destroy_custom_attributes(call: Call) -> Answer:
    visitor = visit(call)
    row, gone = visitor.conversation, call.params.get("custom_attribute")
    if row is not None and isinstance(gone, list):
        kept = {k: v for k, v in row["custom_attributes"].items() if k not in gone}
        conversations.update(visitor.shop, row, custom_attributes=kept)
    return empty(204)


def add_label(call: Call) -> Answer:
    """Only labels that the account knows; nobody is told."""
    visitor = visit(call)
    row, label = visitor.conversation, str(call.params.get("label") or "")
    known = visitor.shop.db.find("labels", account_id=visitor.inbox["account_id"], title=label)
    if row is not None and known is not None:
        conversations.set_labels(visitor.shop, row, [*labels_of(row), label], silent=True)
    return empty(204)


def remove_label(call: Call) -> Answer:
    visitor = visit(call)
    row = visitor.conversation
    if row is not None:
        kept = [label for label in labels_of(row) if label != call.path["label"]]
        conversations.set_labels(visitor.shop, row, kept, silent=True)
    return empty(204)


ROUTES = [
    Route("GET", CHAT, show_conversation, "anyone"),
    Route("POST", CHAT, create_conversation, "anyone"),
    Route("POST", CHAT + "/update_last_seen", update_last_seen, "anyone"),
    Route("POST", CHAT + "/toggle_typing", toggle_typing, "anyone"),
    Route("POST", CHAT + "/transcript", transcript, "anyone"),
    Route("GET", CHAT + "/toggle_status", toggle_status, "anyone"),
    Route("POST", CHAT + "/set_custom_attributes", set_custom_attributes, "anyone"),
    Route("POST", CHAT + "/destroy_custom_attributes", destroy_custom_attributes, "anyone"),
    Route("GET", BASE + "/messages", list_messages, "anyone"),
    Route("POST", BASE + "/messages", create_message, "anyone"),
    Route("PATCH", BASE + "/messages/{message}", update_message, "anyone"),
    Route("PUT", BASE + "/messages/{message}", update_message, "anyone"),
    Route("POST", BASE + "/labels", add_label, "anyone"),
    Route("DELETE", BASE + "/labels/{label}", remove_label, "anyone"),
]
