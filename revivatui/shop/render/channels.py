"""What depends on the channel of an inbox: type, reply window (contract 2.1, ``can_reply``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revivatui.shop.db import Row

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

CHANNEL_TABLES = {
    "Channel::WebWidget": "channel_web_widgets",
    "Channel::Api": "channel_api",
    "Channel::Email": "channel_email",
}
HOUR_MICROS = 3600 * 1_000_000


def channel_type(shop: Shop, inbox_id: int) -> str:
    return str(shop.db.value("SELECT channel_type FROM inboxes WHERE id = ?", (inbox_id,)))


def channel_of(shop: Shop, inbox: Row) -> Row:
    """The channel row of an inbox."""
    row = shop.db.get(CHANNEL_TABLES[inbox["channel_type"]], inbox["channel_id"])
    assert row is not None
    return row


def can_reply(shop: Shop, conversation: Row) -> bool:
    """Always, but for API inboxes with a reply window (hours since the last incoming)."""
    window: Any = shop.db.one(
        "SELECT channel_api.additional_attributes FROM inboxes JOIN channel_api"
        " ON channel_api.id = inboxes.channel_id"
        " WHERE inboxes.id = ? AND inboxes.channel_type = 'Channel::Api'",
        (conversation["inbox_id"],),
    )
    hours = window["additional_attributes"].get("agent_reply_time_window") if window else None
    if not hours:
        return True
    last = shop.db.value(
        "SELECT MAX(created_at) FROM messages WHERE conversation_id = ?"
        " AND message_type = 'incoming'",
        (conversation["id"],),
    )
    if last is None:
        return False
    return bool(last > shop.clock.now() * 1_000_000 - float(hours) * HOUR_MICROS)
