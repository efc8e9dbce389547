"""Typing, presence, notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.state import topics
from revivatui.state.models import Typing
from revivatui.state.state import TYPING_LASTS

if TYPE_CHECKING:
    from revivatui.state import events
    from revivatui.state.models import Notification
    from revivatui.state.state import State
    from revivatui.state.topics import Topic

TOMBSTONES_KEPT: Final = 1000

NOTIFICATIONS_PAGE: Final = 15
"""Rows of a full page (contract 5.7)."""


def typing(state: State, event: events.TypingChanged) -> set[Topic]:
    """Somebody began or stopped; our own hand on another desk is not told (contract 7.6)."""
    key = (event.conversation_id, event.kind, event.who_id)
    if event.kind == "user" and state.me is not None and event.who_id == state.me.id:
        return set()
    if not event.on:
        if state.typing.pop(key, None) is None:
            return set()
    else:
        known = key in state.typing
        state.typing[key] = Typing(
            conversation_id=event.conversation_id,
            kind=event.kind,
            who_id=event.who_id,
            name=event.name,
            private=event.private,
            since=event.at,
        )
        if known:
            return set()
    return {topics.TYPING(event.conversation_id), topics.ROW(event.conversation_id)}


def end_typing(state: State, now: float) -> set[Topic]:
    """Typing that nobody ended is over after 30 s (contract 7.7)."""
    over = [key for key, one in state.typing.items() if now - one.since >= TYPING_LASTS]
    dirty: set[Topic] = set()
    for key in over:
        del state.typing[key]
        dirty |= {topics.TYPING(key[0]), topics.ROW(key[0])}
    return dirty


def presence(state: State, event: events.PresenceSeen) -> set[Topic]:
    """The whole map, each time (rule 13): who is missing is offline."""
    users, contacts = dict(event.users), dict(event.contacts)
    same = users == state.presence and contacts == state.contact_presence
    first = state.presence_at is None
    state.presence_at = event.at
    _see(state, users, event.at)
    if same and not first:
        return set()
    dirty: set[Topic] = {topics.PRESENCE}
    for contact_id in contacts.keys() ^ state.contact_presence.keys():
        dirty.add(topics.CONTACT(contact_id))
    state.presence, state.contact_presence = users, contacts
    return dirty


def _see(state: State, users: dict[int, str], at: float) -> None:
    if state.floor is None:
        from revivatui.state.presence_log import Floor  # no first frame needs it

        state.floor = Floor()
    state.floor.see(users, at)


def notifications_loaded(state: State, event: events.NotificationsLoaded) -> set[Topic]:
    """The newest page. What should be on it and is not was read elsewhere or deleted."""
    told = {notification.id for notification in event.notifications}
    lowest = min(told, default=0) if len(told) >= NOTIFICATIONS_PAGE else 0
    newest = max(told, default=0)
    for held in list(state.notifications):
        expected = event.with_read or state.notifications[held].read_at is None
        if lowest <= held <= newest and held not in told and expected:
            del state.notifications[held]
    for notification in event.notifications:
        _put_notification(state, notification)
    state.notifications_unread = event.unread_count
    state.stale_notifications = 0
    return {topics.NOTIFICATIONS}


def notification_seen(state: State, event: events.NotificationSeen) -> set[Topic]:
    """The count in the frame is a snapshot and may be stale: ask (rule 11)."""
    if not _put_notification(state, event.notification):
        return set()
    state.stale_notifications = state.sequence
    return {topics.NOTIFICATIONS, topics.REREAD}


def _put_notification(state: State, told: Notification) -> bool:
    if told.id in state.notification_tombstones or state.notifications.get(told.id) == told:
        return False
    state.notifications[told.id] = told
    return True


def notification_gone(state: State, event: events.NotificationGone) -> set[Topic]:
    """May come before its `notification.created`: remember it (rule 11)."""
    tombstones = state.notification_tombstones
    tombstones[event.notification_id] = None
    while len(tombstones) > TOMBSTONES_KEPT:
        tombstones.popitem(last=False)
    if state.notifications.pop(event.notification_id, None) is None:
        return set()
    state.stale_notifications = state.sequence
    return {topics.NOTIFICATIONS, topics.REREAD}
