"""Notifications, mentions and participants (contract 5.7, observed 1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from revivatui.shop import events
from revivatui.shop.db import Row
from revivatui.shop.queries import assignable_agents, members_of_inbox, must, team_members
from revivatui.shop.render import push
from revivatui.shop.render.notifications import notification_view

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

_MENTION = re.compile(r"\(mention://(user|team)/(\d+)/")


def notify(
    shop: Shop,
    kind: str,
    user_id: int,
    conversation: Row,
    secondary: tuple[str, int] | None = None,
) -> None:
    """Make a notification, unless nobody should hear of it; older ones of it go by a job."""
    if not _wanted(shop, kind, user_id, conversation):
        return
    now = shop.now()
    row_id = shop.db.insert(
        "notifications",
        account_id=conversation["account_id"],
        user_id=user_id,
        notification_type=kind,
        primary_actor_type="Conversation",
        primary_actor_id=conversation["id"],
        secondary_actor_type=secondary[0] if secondary else None,
        secondary_actor_id=secondary[1] if secondary else None,
        last_activity_at=now,
        created_at=now,
        updated_at=now,
    )
    tell(shop, "notification.created", must(shop, "notifications", row_id))
    shop.worker.enqueue(
        "notification", lambda: drop_older(shop, user_id, conversation["id"], row_id)
    )


def _wanted(shop: Shop, kind: str, user_id: int, conversation: Row) -> bool:
    if kind == "conversation_creation":
        settings = shop.db.find(
            "notification_settings", user_id=user_id, account_id=conversation["account_id"]
        )
        if settings is None:
            return False
        chosen = settings["email_flags"] + settings["push_flags"]
        if not {f"email_{kind}", f"push_{kind}"} & set(chosen):
            return False
    contact = shop.db.get("contacts", conversation["contact_id"])
    blocked = contact is not None and contact["blocked"]
    return not blocked or kind == "conversation_mention"


def tell(shop: Shop, event: str, row: Row) -> None:
    """Tell the user of a notification made, changed or (as its id) deleted."""
    if event == "notification.deleted":
        view = {"id": row["id"]}
    else:
        view = notification_view(shop, row, pushed=True)
    unread, count = counts(shop, row["user_id"], row["account_id"])
    data = {"notification": view, "unread_count": unread, "count": count}
    tokens = events.tokens_of_users(shop, [row["user_id"]])
    events.broadcast(shop, tokens, event, data, row["account_id"])


def counts(shop: Shop, user_id: int, account_id: int) -> tuple[int, int]:
    """How many are unread, and how many the list shows by default."""
    unread: int = shop.db.value(
        "SELECT COUNT(*) FROM notifications WHERE user_id = ? AND account_id = ?"
        " AND read_at IS NULL AND snoozed_until IS NULL",
        (user_id, account_id),
    )
    return unread, unread


def drop_older(shop: Shop, user_id: int, conversation_id: int, newest_id: int) -> None:
    """One notification per user and conversation: earlier ones go, whatever their type."""
    older = shop.db.all(
        "SELECT * FROM notifications WHERE user_id = ? AND primary_actor_id = ? AND id < ?",
        (user_id, conversation_id, newest_id),
    )
    for row in older:
        delete_notification(shop, row)


def delete_notification(shop: Shop, row: Row) -> None:
    shop.db.delete("notifications", row["id"])
    tell(shop, "notification.deleted", row)


def notify_created(shop: Shop, conversation_id: int) -> None:
    """The job after a new conversation."""
    conversation = shop.db.get("conversations", conversation_id)
    if conversation is None or conversation["status"] == "pending":
        return
    for user_id in members_of_inbox(shop, conversation["inbox_id"]):
        notify(shop, "conversation_creation", user_id, conversation)


def assignee_changed(shop: Shop, conversation_id: int, *, notify: bool) -> None:
    """The job after an assignment; it looks at the assignee of its own time."""
    conversation = shop.db.get("conversations", conversation_id)
    if conversation is None or conversation["assignee_id"] is None:
        return
    if notify and conversation["status"] != "pending":
        _notify_assignment(shop, conversation)
    # A listener of its own: of the message that opened the conversation it comes too late.
    assignee_id = conversation["assignee_id"]
    events.listen_later(
        shop,
        "assignee.participates",
        lambda: _participate(shop, conversation_id, assignee_id),
    )


def _participate(shop: Shop, conversation_id: int, user_id: int) -> None:
    conversation = shop.db.get("conversations", conversation_id)
    if conversation is not None:
        add_participants(shop, conversation, [user_id])


def _notify_assignment(shop: Shop, conversation: Row) -> None:
    notify(shop, "conversation_assignment", conversation["assignee_id"], conversation)


def add_participants(shop: Shop, conversation: Row, user_ids: list[int]) -> list[int]:
    """Make users participants who may see the inbox; returns the newly added."""
    allowed = assignable_agents(shop, conversation["inbox_id"], conversation["account_id"])
    added: list[int] = []
    for user_id in dict.fromkeys(user_ids):
        known = shop.db.find(
            "conversation_participants", conversation_id=conversation["id"], user_id=user_id
        )
        if known is None and user_id in allowed:
            now = shop.now()
            shop.db.insert(
                "conversation_participants",
                account_id=conversation["account_id"],
                conversation_id=conversation["id"],
                user_id=user_id,
                created_at=now,
                updated_at=now,
            )
            added.append(user_id)
    return added


def participants(shop: Shop, conversation_id: int) -> list[int]:
    return shop.db.column(
        "SELECT user_id FROM conversation_participants WHERE conversation_id = ? ORDER BY id",
        (conversation_id,),
    )


def notify_message(shop: Shop, message_id: int) -> None:
    """The job after a message: mentions, then assignee and participants."""
    message = shop.db.get("messages", message_id)
    if message is None:
        return
    conversation = must(shop, "conversations", message["conversation_id"])
    mentioned = _mentioned(shop, message, conversation)
    if mentioned:
        shop.worker.enqueue("mention", lambda: record_mentions(shop, conversation["id"], mentioned))
        for user_id in mentioned:
            notify(shop, "conversation_mention", user_id, conversation, ("Message", message["id"]))
        add_participants(shop, conversation, mentioned)
    _notify_members(shop, message, conversation, already=mentioned)


def _notify_members(shop: Shop, message: Row, conversation: Row, *, already: list[int]) -> None:
    """3.x: participants, then the assignee once more. 4.x: the assignee, then who of the
    participants was not told yet."""
    sender = message["sender_id"] if message["sender_type"] == "User" else None
    secondary = ("Message", message["id"])
    told = set(already) if shop.v4 else set()
    assignee = conversation["assignee_id"]
    watching = [user for user in participants(shop, conversation["id"]) if user != sender]
    plan = [("participating_conversation_new_message", user) for user in watching]
    if assignee is not None and assignee != sender:
        own = ("assigned_conversation_new_message", assignee)
        plan = [own, *plan] if shop.v4 else [*plan, own]
    for kind, user_id in plan:
        if user_id not in told:
            notify(shop, kind, user_id, conversation, secondary)
            if shop.v4:
                told.add(user_id)


def _mentioned(shop: Shop, message: Row, conversation: Row) -> list[int]:
    """Users mentioned in a private note who may see the inbox."""
    if not message["private"] or not message["content"]:
        return []
    users: list[int] = []
    for kind, number in _MENTION.findall(message["content"]):
        if kind == "team" and shop.v4:
            users += team_members(shop, int(number))
        else:
            users.append(int(number))
    allowed = assignable_agents(shop, conversation["inbox_id"], conversation["account_id"])
    return [user for user in dict.fromkeys(users) if user in allowed]


def record_mentions(shop: Shop, conversation_id: int, user_ids: list[int]) -> None:
    """The job that keeps mentions and tells the mentioned."""
    conversation = shop.db.get("conversations", conversation_id)
    if conversation is None:
        return
    for user_id in user_ids:
        now = shop.now()
        known = shop.db.find("mentions", conversation_id=conversation_id, user_id=user_id)
        if known is not None:
            shop.db.update("mentions", known["id"], mentioned_at=now, updated_at=now)
        else:
            shop.db.insert(
                "mentions",
                account_id=conversation["account_id"],
                conversation_id=conversation_id,
                user_id=user_id,
                mentioned_at=now,
                created_at=now,
                updated_at=now,
            )
        events.broadcast(
            shop,
            events.tokens_of_users(shop, [user_id]),
            "conversation.mentioned",
            push.conversation_push(shop, conversation),
            conversation["account_id"],
            signed=False,
        )
