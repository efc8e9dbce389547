"""The events that figures are made of, written when things happen (contract 6.8).

They are written by the jobs behind the news, as on the server: what a job finds then is what it
writes. Values are differences of whole seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revivatui.shop import events
from revivatui.shop.db import Row
from revivatui.shop.figures.business import business_seconds, hours_of
from revivatui.shop.queries import must

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

MICROS = 1_000_000


def status_changed(shop: Shop, conversation: Row) -> None:
    """A resolution, and in 4.x an opening."""
    row_id = conversation["id"]
    if conversation["status"] == "resolved":
        events.listen_later(shop, "conversation.resolved", lambda: _resolved(shop, row_id))
    elif conversation["status"] == "open" and shop.v4:
        events.listen_later(shop, "conversation.opened", lambda: _opened(shop, row_id))


def first_reply(shop: Shop, message: Row) -> None:
    """The first thing that a person of the shop said to the customer."""
    events.listen_later(shop, "first.reply.created", lambda: _first_reply(shop, message))


def reply(shop: Shop, message: Row, waiting_since: int) -> None:
    """A later answer to a customer who waited."""
    events.listen_later(shop, "reply.created", lambda: _reply(shop, message, waiting_since))


def handed_off(shop: Shop, conversation: Row) -> None:
    """A bot gave the conversation to people; only the first time counts."""
    row_id = conversation["id"]
    events.listen_later(shop, "conversation.bot_handoff", lambda: _handed_off(shop, row_id))


def _resolved(shop: Shop, row_id: int) -> None:
    conversation = shop.db.get("conversations", row_id)
    if conversation is None:
        return
    since, until = conversation["created_at"], conversation["updated_at"]
    _write(shop, conversation, "conversation_resolved", since, until)
    if _by_bot_alone(shop, conversation):
        _write(shop, conversation, "conversation_bot_resolved", since, until)


def _by_bot_alone(shop: Shop, conversation: Row) -> bool:
    inbox_id = conversation["inbox_id"]
    if shop.db.find("agent_bot_inboxes", inbox_id=inbox_id, status="active") is None:
        return False
    said = shop.db.find(
        "messages",
        conversation_id=conversation["id"],
        message_type="outgoing",
        sender_type="User",
    )
    return said is None


def _opened(shop: Shop, row_id: int) -> None:
    """From the last resolution on; without one it took no time."""
    conversation = shop.db.get("conversations", row_id)
    if conversation is None:
        return
    resolved = _latest(shop, row_id, "conversation_resolved")
    until = conversation["updated_at"]
    if resolved is not None:
        _write(shop, conversation, "conversation_opened", resolved["event_end_time"], until)
    else:
        since = conversation["created_at"]
        _write(shop, conversation, "conversation_opened", since, until, no_time=True)


def _first_reply(shop: Shop, message: Row) -> None:
    """3.x credits the assignee of then, 4.x who wrote."""
    conversation = shop.db.get("conversations", message["conversation_id"])
    if conversation is None:
        return
    since = _since_nobody_answered(shop, conversation)
    user_id = message["sender_id"] if shop.v4 else conversation["assignee_id"]
    _write(shop, conversation, "first_response", since, message["created_at"], user_id)


def _since_nobody_answered(shop: Shop, conversation: Row) -> int:
    """From the creation, the bot's hand-off, in 4.x also the last opening or the bot's end."""
    names = ["conversation_bot_handoff", *(["conversation_opened"] if shop.v4 else [])]
    event = _latest(shop, conversation["id"], *names)
    if event is None and shop.v4:
        event = _latest(shop, conversation["id"], "conversation_bot_resolved")
    return int(event["event_end_time"] if event is not None else conversation["created_at"])


def _reply(shop: Shop, message: Row, waiting_since: int) -> None:
    conversation = shop.db.get("conversations", message["conversation_id"])
    if conversation is not None:
        _write(shop, conversation, "reply_time", waiting_since, message["created_at"])


def _handed_off(shop: Shop, row_id: int) -> None:
    conversation = shop.db.get("conversations", row_id)
    if conversation is None or _latest(shop, row_id, "conversation_bot_handoff") is not None:
        return
    since, until = conversation["created_at"], conversation["updated_at"]
    _write(shop, conversation, "conversation_bot_handoff", since, until)


def _latest(shop: Shop, row_id: int, *names: str) -> Row | None:
    marks = ", ".join("?" for _ in names)
    return shop.db.one(
        f"SELECT * FROM reporting_events WHERE conversation_id = ? AND name IN ({marks})"
        " ORDER BY event_end_time DESC, id DESC LIMIT 1",
        (row_id, *names),
    )


_ASSIGNEE = object()


def _write(
    shop: Shop,
    conversation: Row,
    name: str,
    since: int,
    until: int,
    user_id: Any = _ASSIGNEE,
    *,
    no_time: bool = False,
) -> None:
    inbox = must(shop, "inboxes", conversation["inbox_id"])
    now = shop.now()
    shop.db.insert(
        "reporting_events",
        account_id=conversation["account_id"],
        name=name,
        value=0.0 if no_time else float(until // MICROS - since // MICROS),
        value_in_business_hours=(
            0.0 if no_time else business_seconds(hours_of(shop.db, inbox), since, until)
        ),
        inbox_id=inbox["id"],
        user_id=conversation["assignee_id"] if user_id is _ASSIGNEE else user_id,
        conversation_id=conversation["id"],
        event_start_time=since,
        event_end_time=until,
        created_at=now,
        updated_at=now,
    )
