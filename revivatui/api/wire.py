"""What the cable says, as events of the state: one table, one validation a frame.

The models clean every text on the way (`revivatui.api.schemas.base`), so this is the only door
for server text together with `revivatui.api.convert`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from revivatui.api import convert
from revivatui.api.schemas.base import Wire
from revivatui.api.schemas.conversations import PushedConversation
from revivatui.api.schemas.frames import CacheInvalidated, Presence, Typing
from revivatui.api.schemas.messages import PushedMessage
from revivatui.api.schemas.notifications import DeletedNotification, PushedNotification
from revivatui.api.schemas.people import PushedContact
from revivatui.state import events
from revivatui.text.safe import safe_line

LONGEST_NAME: Final = 80
"""Characters of an unknown event's name that are kept for the counters."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How one event is read: its model, and what the state is told."""

    model: type[Wire]
    tell: Callable[[str, Any, float], events.Event]


def _message_created(_: str, data: PushedMessage, at: float) -> events.Event:
    nested = data.conversation
    return events.MessageArrived(
        message=convert.message(data),
        at=at,
        unread_count=nested.unread_count if nested else None,
        last_activity_at=nested.last_activity_at if nested else None,
    )


def _message_updated(_: str, data: PushedMessage, at: float) -> events.Event:
    return events.MessageUpdated(message=convert.message(data), at=at)


def _conversation(event: str, data: PushedConversation, at: float) -> events.Event:
    return events.ConversationPushed(
        event=event,
        conversation=convert.conversation(data),
        contact=convert.contact_of(data),
        at=at,
    )


def _typing(event: str, data: Typing, at: float) -> events.Event:
    return events.TypingChanged(
        conversation_id=data.conversation.id,
        kind=data.user.type or "",
        who_id=data.user.id or 0,
        name=data.user.available_name or data.user.name or "",
        private=bool(data.is_private),
        on=event == "conversation.typing_on",
        at=at,
    )


def _presence(_: str, data: Presence, at: float) -> events.Event:
    return events.PresenceSeen(users=data.users, contacts=data.contacts, at=at)


def _contact(event: str, data: PushedContact, at: float) -> events.Event:
    return events.ContactSeen(contact=convert.contact(data), at=at, event=event)


def _contact_deleted(_: str, data: PushedContact, at: float) -> events.Event:
    return events.ContactDeleted(contact_id=data.id)


def _notification(_: str, data: PushedNotification, at: float) -> events.Event:
    return events.NotificationSeen(notification=convert.notification(data.notification), at=at)


def _notification_deleted(_: str, data: DeletedNotification, at: float) -> events.Event:
    return events.NotificationGone(notification_id=data.notification.id)


def _cache_keys(_: str, data: CacheInvalidated, at: float) -> events.Event:
    keys = data.cache_keys
    named = {"label": keys.label, "inbox": keys.inbox, "team": keys.team}
    return events.CacheKeysSeen(keys={name: key for name, key in named.items() if key})


_CONVERSATION: Final = Reader(PushedConversation, _conversation)
_TYPING: Final = Reader(Typing, _typing)
_CONTACT: Final = Reader(PushedContact, _contact)
_NOTIFICATION: Final = Reader(PushedNotification, _notification)

READERS: Final[Mapping[str, Reader]] = {
    "message.created": Reader(PushedMessage, _message_created),
    "message.updated": Reader(PushedMessage, _message_updated),
    # The first public answer, told once more with the same payload: the id makes it one.
    "first.reply.created": Reader(PushedMessage, _message_created),
    "conversation.created": _CONVERSATION,
    "conversation.updated": _CONVERSATION,
    "conversation.status_changed": _CONVERSATION,
    "conversation.read": _CONVERSATION,
    "conversation.contact_changed": _CONVERSATION,
    "conversation.mentioned": _CONVERSATION,
    "assignee.changed": _CONVERSATION,
    "team.changed": _CONVERSATION,
    "conversation.typing_on": _TYPING,
    "conversation.typing_off": _TYPING,
    "contact.created": _CONTACT,
    "contact.updated": _CONTACT,
    "contact.merged": _CONTACT,
    "contact.deleted": Reader(PushedContact, _contact_deleted),
    "presence.update": Reader(Presence, _presence),
    "notification.created": _NOTIFICATION,
    "notification.updated": _NOTIFICATION,
    "notification.deleted": Reader(DeletedNotification, _notification_deleted),
    "account.cache_invalidated": Reader(CacheInvalidated, _cache_keys),
}
"""Every event of contract 7.6 that an agent of a server without paid features can hear."""


def frame_to_events(text: str, account_id: int, now: float) -> list[events.Event]:
    """The events in one frame of the socket; none in welcome, ping and confirmation.

    A frame that is no JSON, names an unknown event or does not fit its model gives one
    `OddFrame`; one of another account (contract 7.1) gives nothing.
    """
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError) as error:
        return [events.OddFrame(name="not JSON", detail=type(error).__name__)]
    if not isinstance(frame, dict):
        return [events.OddFrame(name="not an object", detail=type(frame).__name__)]
    if "type" in frame:
        return []
    return message_to_events(frame.get("message"), account_id, now)


def message_to_events(message: object, account_id: int, now: float) -> list[events.Event]:
    """As `frame_to_events`, for the `message` of a frame that was already taken apart."""
    name = message.get("event") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(name, str):
        return [events.OddFrame(name="no event", detail="")]
    data = message.get("data")
    if isinstance(data, dict) and data.get("account_id", account_id) != account_id:
        return []
    reader = READERS.get(name)
    if reader is None:
        return [
            events.OddFrame(name=safe_line(name[:LONGEST_NAME]), detail="unknown event", lost=False)
        ]
    try:
        return [reader.tell(name, reader.model.model_validate(data), now)]
    except ValidationError as error:
        return [events.OddFrame(name=name, detail=places(error))]
    except RecursionError:
        return [events.OddFrame(name=name, detail="nested too deeply")]


def places(error: ValidationError) -> str:
    """Where a payload does not fit, without its values (they may be secret)."""
    found = [
        f"{'.'.join(str(part) for part in one['loc'])}: {one['type']}"
        for one in error.errors(include_input=False, include_url=False, include_context=False)
    ]
    return safe_line("; ".join(found[:3]))
