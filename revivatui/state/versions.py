"""Old news or new: the rules that keep an older state from overwriting a newer one.

Observed section 3 says which field versions what; rules 3 to 7 what follows. Everything here is a
pure question about two records.
"""

from __future__ import annotations

from typing import Final

from revivatui.state.models import Conversation, Message

SAME_SAVE: Final = 2e-6
"""Seconds by which two renderings of one save of a conversation may differ (rule 4)."""

STATUS: Final = "status"
ASSIGNEE: Final = "assignee"
TEAM: Final = "team"
REST: Final = "rest"
"""Aspects of a conversation that 3.9 tells about in events of their own (rule 5)."""

ASPECT_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    STATUS: ("status", "snoozed_until"),
    ASSIGNEE: ("assignee_id", "assignee_kind"),
    TEAM: ("team_id",),
    REST: (
        "inbox_id",
        "contact_id",
        "created_at",
        "priority",
        "labels",
        "waiting_since",
        "first_reply_at",
        "can_reply",
        "channel",
        "additional_attributes",
        "custom_attributes",
        "sla",
    ),
}
"""What a payload may bring, by aspect. Not in here, because they have rules of their own:
last_activity_at, contact_last_seen_at (they only grow), unread_count and agent_last_seen_at
(`newer_count`), preview (`newer_message`), muted (REST only)."""

ALL_ASPECTS: Final = tuple(ASPECT_FIELDS)

ASPECTS_OF_EVENT: Final[dict[str, tuple[str, ...]]] = {
    "conversation.status_changed": (STATUS,),
    "assignee.changed": (ASSIGNEE,),
    "team.changed": (TEAM,),
    "conversation.updated": ALL_ASPECTS,
    "conversation.created": (),
    "conversation.read": (),
    "conversation.mentioned": (),
    "conversation.contact_changed": (REST,),
}
"""What a 3.9 payload proves, by the event that brought it. Those with nothing tell only of a
conversation that was not known."""


def older_save(held: float, told: float) -> bool:
    """Whether a 4.x conversation saved at `told` is older than the one held (rule 4)."""
    return told < held - SAME_SAVE


def older_snapshot(held: float, told: float) -> bool:
    """Whether a 3.9 payload is surely older: activity times only grow, in whole seconds."""
    return told < held


def asked_too_early(touched: int, asked: int) -> bool:
    """Whether the cable told of it after a read was asked for: the answer may be older."""
    return asked < touched


def older_message(held: Message, told: Message) -> bool:
    """Whether a message of the cable is older than the one held (rule 3).

    A deletion is for ever, whatever comes after it (rule 12).
    """
    if held.deleted and not told.deleted:
        return True
    if held.updated_at is None or told.updated_at is None:
        return False
    return told.updated_at < held.updated_at


def older_creation(held: Message, told: Message) -> bool:
    """Whether a `message.created` of a message that is held is old news: it is a message's first
    version, unless it was rendered late."""
    return (told.updated_at or 0.0) <= (held.updated_at or told.updated_at or 0.0)


def newer_count(
    held_seen: float | None, held_counted_to: int, told_seen: float | None, told_counted_to: int
) -> bool:
    """Whether an unread count is at least as new as the one held (rule 7).

    It depends on when agents last saw the conversation and on the newest message it includes.
    """
    return (told_seen or 0.0, told_counted_to) >= (held_seen or 0.0, held_counted_to)


def counted_to(conversation: Conversation) -> int:
    """The newest message that the payload's unread count includes."""
    return conversation.preview.id if conversation.preview else 0
