"""Notifications in REST (contract 5.7) and on the cable (contract 7.6)."""

from __future__ import annotations

from revivatui.api.schemas.base import Line, Stamp, Wire
from revivatui.api.schemas.conversations import Conversation
from revivatui.api.schemas.messages import Message
from revivatui.api.schemas.people import Person


class SlaPolicy(Wire):
    id: int
    name: Line | None = None
    frt: object = None
    nrt: object = None
    rt: object = None


class Notification(Wire):
    """`primary_actor_id` is a database id: the display id is `primary_actor.id`."""

    id: int
    notification_type: Line | None = None
    push_message_title: Line | None = None
    push_message_body: Line | None = None
    primary_actor_type: Line | None = None
    primary_actor_id: int | None = None
    primary_actor: Conversation | None = None
    secondary_actor: Message | Person | SlaPolicy | None = None
    read_at: Stamp = None
    user: Person | None = None
    created_at: Stamp = None
    last_activity_at: Stamp = None
    snoozed_until: Stamp = None
    meta: object = None
    account_id: int | None = None


class NotificationPage(Wire):
    """`GET A/notifications`."""

    class Data(Wire):
        class Meta(Wire):
            unread_count: int | None = None
            count: int | None = None
            current_page: int | str | None = None

        meta: Meta | None = None
        payload: list[Notification]

    data: Data


class PushedNotification(Wire):
    """`notification.created` and `.updated`; the counts are snapshots and may be old (rule 11)."""

    notification: Notification
    unread_count: int | None = None
    count: int | None = None
    account_id: int | None = None
    performer: Person | None = None


class DeletedNotification(Wire):
    class Ref(Wire):
        id: int

    notification: Ref
    unread_count: int | None = None
    count: int | None = None
    account_id: int | None = None
    performer: Person | None = None
