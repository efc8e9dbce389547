"""What happens to messages (contract 3; events of each action: observed 1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from revivatui.shop import events, liquid, webhooks
from revivatui.shop.actions import conversations, files, reporting, templates
from revivatui.shop.actions.contacts import touch_contact
from revivatui.shop.actions.items import problem_with_items
from revivatui.shop.db import Row
from revivatui.shop.events import Changes
from revivatui.shop.queries import must
from revivatui.shop.render.people import available_name

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

MESSAGE_TYPES = ("incoming", "outgoing", "activity", "template")
CONTENT_TYPES = (
    "text",
    "input_text",
    "input_textarea",
    "input_email",
    "input_select",
    "cards",
    "form",
    "article",
    "incoming_email",
    "input_csat",
    "integrations",
    "sticker",
)
MAX_CONTENT = 150_000
FLOOD_PER_MINUTE = 200
DELETED_TEXT = "This message was deleted"


class InvalidMessage(Exception):
    """The message cannot be saved; the text is the API's error."""


def create_message(
    shop: Shop,
    conversation: Row,
    *,
    sender: tuple[str, int] | None = None,
    content: str | None = None,
    message_type: str = "outgoing",
    private: bool = False,
    content_type: str = "text",
    content_attributes: dict[str, Any] | None = None,
    additional_attributes: dict[str, Any] | None = None,
    attachments: Sequence[files.Upload] = (),
    echo_id: str | None = None,
    source_id: str | None = None,
) -> Row:
    """Write a message and tell of it. ``sender`` is ("User" | "Contact" | "AgentBot", id).

    Raises InvalidMessage.
    """
    message, tell = write_message(
        shop,
        conversation,
        sender=sender,
        content=content,
        message_type=message_type,
        private=private,
        content_type=content_type,
        content_attributes=content_attributes,
        additional_attributes=additional_attributes,
        attachments=attachments,
        echo_id=echo_id,
        source_id=source_id,
    )
    tell()
    return must(shop, "messages", message["id"])


def write_message(
    shop: Shop,
    conversation: Row,
    *,
    sender: tuple[str, int] | None = None,
    content: str | None = None,
    message_type: str = "outgoing",
    private: bool = False,
    content_type: str = "text",
    content_attributes: dict[str, Any] | None = None,
    additional_attributes: dict[str, Any] | None = None,
    attachments: Sequence[files.Upload] = (),
    echo_id: str | None = None,
    source_id: str | None = None,
    processed: str | None = None,
    opens: bool = False,
) -> tuple[Row, Callable[[], None]]:
    """Write a message; the second value does and tells all that follows from it.

    ``opens``: an agent opens the conversation with it.
    ``processed`` is the text without what is not the sender's own (an e-mail's quotation).
    Raises InvalidMessage.
    """
    _validate(shop, conversation, content, message_type)
    now = shop.now()
    attributes = _quoted(shop, conversation, content_attributes or {})
    if problem := problem_with_items(content_type, attributes):
        raise InvalidMessage(f"Validation failed: {problem}")
    if processed is None:
        processed = processed_content(content, attributes)
    if message_type in ("outgoing", "template") and content:
        content = liquid.render(content, _variables(shop, conversation, sender))
    with shop.db.transaction():
        row_id = shop.db.insert(
            "messages",
            account_id=conversation["account_id"],
            inbox_id=conversation["inbox_id"],
            conversation_id=conversation["id"],
            message_type=message_type,
            content=content,
            processed_message_content=processed,
            private=private,
            content_type=content_type,
            content_attributes=attributes,
            additional_attributes=additional_attributes or {},
            sender_type=sender[0] if sender else None,
            sender_id=sender[1] if sender else None,
            source_id=source_id,
            created_at=now,
            updated_at=now,
        )
        files.attach(shop, must(shop, "messages", row_id), attachments)
        _touch_conversation(shop, conversation["id"])
    message = must(shop, "messages", row_id)
    return message, lambda: _after_create(shop, message, echo_id, opens)


def _validate(shop: Shop, conversation: Row, content: str | None, message_type: str) -> None:
    if content is not None and "\0" in content:
        raise InvalidMessage("string contains null byte")
    if content is not None and len(content) > MAX_CONTENT:
        raise InvalidMessage(
            f"Validation failed: Content is too long (maximum is {MAX_CONTENT} characters)"
        )
    if shop.quiet or message_type == "activity":
        return
    minute_ago = int((shop.clock.now() - 60) * 1_000_000)
    recent: int = shop.db.value(
        "SELECT COUNT(*) FROM messages WHERE conversation_id = ? AND created_at > ?",
        (conversation["id"], minute_ago),
    )
    if recent >= FLOOD_PER_MINUTE:
        raise InvalidMessage("Validation failed: Too many messages")


def processed_content(content: str | None, attributes: dict[str, Any]) -> str | None:
    """``processed_message_content``: an e-mail without its quotation, else the content."""
    email = attributes.get("email")
    if isinstance(email, dict):
        for part in ("text_content", "html_content"):
            quoted = (email.get(part) or {}).get("quoted")
            if quoted is not None:
                return str(quoted)[:MAX_CONTENT]
    return content


def _quoted(shop: Shop, conversation: Row, attributes: dict[str, Any]) -> dict[str, Any]:
    """Check ``in_reply_to``: an unknown message becomes null, a known one adds its source."""
    wanted = attributes.get("in_reply_to")
    if wanted is None:
        return attributes
    target = shop.db.one(
        "SELECT id, source_id FROM messages WHERE conversation_id = ? AND id = ?",
        (conversation["id"], wanted),
    )
    return {
        **attributes,
        "in_reply_to": target["id"] if target else None,
        "in_reply_to_external_id": target["source_id"] if target else None,
    }


def _variables(shop: Shop, conversation: Row, sender: tuple[str, int] | None) -> dict[str, Any]:
    contact = shop.db.get("contacts", conversation["contact_id"]) or {}
    agent = shop.db.get("users", sender[1]) if sender and sender[0] == "User" else None
    inbox = must(shop, "inboxes", conversation["inbox_id"])
    account = must(shop, "accounts", conversation["account_id"])
    return {
        "contact": _named(contact, str(contact.get("name") or "")),
        "agent": _named(agent, available_name(agent)) if agent else None,
        "conversation": {
            "display_id": conversation["display_id"],
            "custom_attribute": conversation["custom_attributes"],
        },
        "inbox": {"name": inbox["name"]},
        "account": {"name": account["name"]},
    }


def _named(row: Row, name: str) -> dict[str, Any]:
    words = name.split()
    return {
        "name": " ".join(word.capitalize() for word in words),
        "first_name": words[0].capitalize() if words else "",
        "last_name": words[-1].capitalize() if len(words) > 1 else "",
        "email": row.get("email"),
        "phone_number": row.get("phone_number"),
        "custom_attribute": row.get("custom_attributes"),
    }


def _touch_conversation(shop: Shop, conversation_id: int) -> None:
    """Each write of its messages moves a conversation's ``updated_at``, untold: in 3.9.0 too,
    where only the old value in the webhook of the next save shows it."""
    shop.db.update("conversations", conversation_id, updated_at=shop.now())


def _after_create(shop: Shop, message: Row, echo_id: str | None, opens: bool) -> None:
    """What Chatwoot does after a message was committed, in its order."""
    conversation = must(shop, "conversations", message["conversation_id"])
    if shop.v4:
        # 4.x tells of the message before it reopens, but with the activity already moved.
        _move_activity(shop, conversation, message)
        events.message_event(shop, "message.created", message, echo_id=echo_id)
        _reopen(shop, conversation, message)
    else:
        _reopen(shop, conversation, message)
        _move_activity(shop, conversation, message)
        events.message_event(shop, "message.created", message, echo_id=echo_id)
    _notify(shop, message)
    _follow_waiting(shop, message, echo_id, opens)
    templates.after_message(shop, message)
    if message["sender_type"] == "Contact" and message["message_type"] == "incoming":
        touch_contact(shop, message["sender_id"])


def _move_activity(shop: Shop, conversation: Row, message: Row) -> None:
    shop.db.update("conversations", conversation["id"], last_activity_at=message["created_at"])


def _reopen(shop: Shop, conversation: Row, message: Row) -> None:
    if message["message_type"] != "incoming":
        return
    contact = shop.db.get("contacts", conversation["contact_id"])
    if contact is None or contact["blocked"]:
        return
    if conversation["status"] == "snoozed":
        conversations.update(shop, conversation, status="open")
    elif conversation["status"] == "resolved":
        bot = shop.db.find("agent_bot_inboxes", inbox_id=conversation["inbox_id"], status="active")
        inbox = must(shop, "inboxes", conversation["inbox_id"])
        by_system = inbox["channel_type"] == "Channel::Api"
        status = "pending" if bot else "open"
        conversations.update(
            shop, conversation, status=status, reopened=by_system and status == "open"
        )


def _notify(shop: Shop, message: Row) -> None:
    from revivatui.shop.actions.notifications import notify_message

    if message["message_type"] in ("incoming", "outgoing"):
        events.listen_later(shop, "message.created", lambda: notify_message(shop, message["id"]))


def _follow_waiting(shop: Shop, message: Row, echo_id: str | None, opens: bool) -> None:
    """First reply, and since when the customer waits."""
    conversation = must(shop, "conversations", message["conversation_id"])
    public_reply = message["message_type"] == "outgoing" and not message["private"]
    human = public_reply and message["sender_type"] == "User"
    if human and conversation["first_reply_created_at"] is None and _is_first(shop, message):
        events.message_event(shop, "first.reply.created", message, echo_id=echo_id)
        reporting.first_reply(shop, message)
        conversations.update(
            shop,
            conversation,
            fresh=opens,
            first_reply_created_at=message["created_at"],
            waiting_since=None,
        )
        return
    bot_reply = shop.v4 and public_reply and message["sender_type"] == "AgentBot"
    # A bot that was told of the message has had the labels read: saved once more, they fill.
    inbox = must(shop, "inboxes", conversation["inbox_id"])
    again = bool(webhooks.bots_before(shop, inbox, conversation))
    if (human or bot_reply) and conversation["waiting_since"] is not None:
        if human:
            reporting.reply(shop, message, conversation["waiting_since"])
        conversations.update(shop, conversation, again=again, waiting_since=None)
    elif message["message_type"] == "incoming" and conversation["waiting_since"] is None:
        conversations.update(shop, conversation, again=again, waiting_since=message["created_at"])


def _is_first(shop: Shop, message: Row) -> bool:
    """No earlier public reply of a human."""
    earlier: int = shop.db.value(
        "SELECT COUNT(*) FROM messages WHERE conversation_id = ? AND id != ?"
        " AND message_type = 'outgoing' AND NOT private AND sender_type = 'User'"
        " AND content_attributes NOT LIKE '%automation_rule_id%'",
        (message["conversation_id"], message["id"]),
    )
    return earlier == 0


def update_message(shop: Shop, message: Row, **wanted: Any) -> Row:
    """Save columns of a message and tell what changed; nothing changed, nothing told."""
    before = must(shop, "messages", message["id"])
    changes: Changes = {
        name: (before[name], value) for name, value in wanted.items() if before[name] != value
    }
    if not changes:
        return before
    # Saving takes the text after Liquid as the processed one.
    saved = {**before, **wanted}
    processed = processed_content(saved["content"], saved["content_attributes"])
    if before["processed_message_content"] != processed:
        changes["processed_message_content"] = (before["processed_message_content"], processed)
    now = shop.now()
    columns = {name: new for name, (_, new) in changes.items()}
    shop.db.update("messages", before["id"], **columns, updated_at=now)
    _touch_conversation(shop, before["conversation_id"])
    changes["updated_at"] = (before["updated_at"], now)
    after = must(shop, "messages", before["id"])
    events.message_event(shop, "message.updated", after, changes=changes)
    return after


def delete_message(shop: Shop, message: Row) -> Row:
    """Leave a tombstone: text replaced, files gone."""
    for row in shop.db.where("attachments", message_id=message["id"]):
        files.remove(shop, row)
    wanted: dict[str, Any] = {
        "content": DELETED_TEXT,
        "content_attributes": {"deleted": True},
    }
    if shop.v4:
        wanted["content_type"] = "text"
    return update_message(shop, message, **wanted)


def fail_message(shop: Shop, message: Row, error: str) -> Row:
    """The delivery failed (an API inbox's webhook refused)."""
    attributes = {**message["content_attributes"], "external_error": error}
    return update_message(shop, message, status="failed", content_attributes=attributes)


def retry_message(shop: Shop, message: Row) -> Row:
    """Back to ``sent``, attributes wiped; the delivery is tried again."""
    if shop.v4 and "external_error" in message["content_attributes"]:
        attributes = {**message["content_attributes"], "external_error": None}
        message = update_message(shop, message, status="sent", content_attributes=attributes)
    return update_message(shop, message, status="sent", content_attributes={})


def mark_read(shop: Shop, conversation_id: int, seen: int) -> None:
    """The job after a customer's reading: each earlier message of ours becomes ``read``."""
    rows = shop.db.all(
        "SELECT * FROM messages WHERE conversation_id = ? AND message_type != 'incoming'"
        " AND status != 'read' AND created_at <= ? ORDER BY id",
        (conversation_id, seen),
    )
    for row in rows:
        update_message(shop, row, status="read")
