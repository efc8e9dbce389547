"""What happens to conversations (contract 2.4; events of each action: observed 1)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from revivatui.shop import events, webhooks
from revivatui.shop.actions import activity, assignment, reporting
from revivatui.shop.db import Row
from revivatui.shop.events import Changes
from revivatui.shop.queries import must
from revivatui.shop.render import people, push
from revivatui.shop.render.push import labels_of

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

STATUSES = ("open", "resolved", "pending", "snoozed")
PRIORITIES = ("low", "medium", "high", "urgent")
WATCHED = frozenset(
    {
        "team_id",
        "assignee_id",
        "assignee_agent_bot_id",
        "status",
        "snoozed_until",
        "custom_attributes",
        "label_list",
        "waiting_since",
        "first_reply_created_at",
        "priority",
    }
)
"""Columns whose change is told as ``conversation.updated``."""


def create_conversation(
    shop: Shop,
    contact_inbox: Row,
    *,
    status: str | None = None,
    assignee_id: int | None = None,
    team_id: int | None = None,
    snoozed_until: int | None = None,
    priority: str | None = None,
    custom_attributes: dict[str, Any] | None = None,
    additional_attributes: dict[str, Any] | None = None,
    first_message: Callable[[Row], Callable[[], None]] | None = None,
    conversation_first: bool = False,
) -> Row:
    """Open a conversation.

    ``first_message`` writes the message that comes with it, in the same transaction, and
    returns what is to be told of it: 4.x tells of the message first, 3.x of the conversation,
    and both tell first of one that a visitor or e-mail opened (``conversation_first``).
    """
    inbox = must(shop, "inboxes", contact_inbox["inbox_id"])
    contact = must(shop, "contacts", contact_inbox["contact_id"])
    now = shop.now()
    account_id = inbox["account_id"]
    with shop.db.transaction():
        number = shop.db.value(
            "SELECT COALESCE(MAX(display_id), 0) + 1 FROM conversations WHERE account_id = ?",
            (account_id,),
        )
        row_id = shop.db.insert(
            "conversations",
            account_id=account_id,
            display_id=number,
            uuid=str(uuid.uuid4()),
            inbox_id=inbox["id"],
            contact_id=contact["id"],
            contact_inbox_id=contact_inbox["id"],
            status=_first_status(shop, inbox, contact, status),
            assignee_id=assignee_id,
            team_id=team_id,
            priority=priority,
            snoozed_until=snoozed_until,
            custom_attributes=custom_attributes or {},
            additional_attributes=additional_attributes or {},
            cached_label_list=None,
            waiting_since=now,
            last_activity_at=now,
            created_at=now,
            updated_at=now,
        )
        assignment.auto_assign(shop, must(shop, "conversations", row_id))
        tell_message = first_message(must(shop, "conversations", row_id)) if first_message else None
    saved = must(shop, "conversations", row_id)
    if tell_message is not None and shop.v4 and not conversation_first:
        tell_message()
    _tell_created(shop, saved)
    if tell_message is not None and shop.v4 and conversation_first:
        tell_message()
    created = must(shop, "conversations", row_id)
    if not shop.v4:
        # 3.x has not read back the time that its database set.
        created["last_activity_at"] = None
    _tell_handlers(
        shop,
        created,
        {
            name: (None, created[name])
            for name in ("assignee_id", "team_id")
            if created[name] is not None
        },
    )
    if tell_message is not None and not shop.v4:
        tell_message()
    return must(shop, "conversations", row_id)


def _first_status(shop: Shop, inbox: Row, contact: Row, wanted: str | None) -> str:
    if contact["blocked"]:
        return "resolved"
    if shop.db.find("agent_bot_inboxes", inbox_id=inbox["id"], status="active"):
        return "pending"
    return wanted or "open"


def assign_next(shop: Shop, conversation: Row) -> None:
    """Give a conversation to the next agent of its inbox, if there is one."""
    chosen = assignment.next_agent(shop, conversation)
    if chosen is not None:
        update(shop, conversation, assignee_id=chosen)


def _tell_created(shop: Shop, conversation: Row) -> None:
    from revivatui.shop.actions.notifications import notify_created

    events.conversation_event(shop, "conversation.created", conversation)
    events.listen_later(
        shop, "conversation.created", lambda: notify_created(shop, conversation["id"])
    )


def update(
    shop: Shop,
    conversation: Row,
    *,
    by_contact: Row | None = None,
    reopened: bool = False,
    again: bool = False,
    fresh: bool = False,
    **wanted: Any,
) -> Row:
    """Save columns and tell what Chatwoot tells of it. Nothing changed, nothing told.

    ``by_contact``: the customer who did it; ``reopened``: a new message did; ``again``: the
    second save of one request, ``fresh``: of the request that made it. Webhooks then name
    columns that the first save had filled.
    """
    before = must(shop, "conversations", conversation["id"])
    changes = {
        name: (before[name], value) for name, value in wanted.items() if before[name] != value
    }
    if not changes:
        return before
    _before_save(shop, before, changes)
    if fresh:
        filled = ("display_id",) if shop.v4 else ("display_id", "uuid")
        changes |= {name: (None, before[name]) for name in filled}
    if (again or fresh) and before["cached_label_list"] is None:
        changes["cached_label_list"] = (None, "")
    return _save(shop, before, changes, by_contact=by_contact, reopened=reopened)


def _before_save(shop: Shop, before: Row, changes: Changes) -> None:
    """What saving changes by itself."""

    def value(name: str) -> Any:
        return changes[name][1] if name in changes else before[name]

    if value("status") != "snoozed":
        changes.pop("snoozed_until", None)
        if before["snoozed_until"] is not None:
            changes["snoozed_until"] = (before["snoozed_until"], None)
    if "team_id" in changes:
        assignee_id = assignment.assignee_for_team(
            shop, before, value("team_id"), value("assignee_id")
        )
        if assignee_id != before["assignee_id"]:
            changes["assignee_id"] = (before["assignee_id"], assignee_id)
    opened = "status" in changes and value("status") == "open"
    if opened and not assignment.well_assigned(shop, before, value("assignee_id")):
        chosen = assignment.next_agent(shop, before)
        if chosen is not None:
            changes["assignee_id"] = (before["assignee_id"], chosen)


def _save(
    shop: Shop, before: Row, changes: Changes, *, by_contact: Row | None, reopened: bool
) -> Row:
    now = shop.now()
    columns = {name: new for name, (_, new) in changes.items() if name != "label_list"}
    shop.db.update("conversations", before["id"], **columns, updated_at=now)
    if shop.v4 and changes.get("status", ("", ""))[1] == "resolved":
        # Cleared beside the save: no change of it is told.
        shop.db.update("conversations", before["id"], waiting_since=None)
    after = must(shop, "conversations", before["id"])
    changes = {**changes, "updated_at": (before["updated_at"], now)}
    _tell_saved(shop, after, changes, by_contact=by_contact, reopened=reopened)
    return must(shop, "conversations", before["id"])


def _tell_saved(
    shop: Shop, after: Row, changes: Changes, *, by_contact: Row | None, reopened: bool
) -> None:
    if "status" in changes:
        events.conversation_event(shop, "conversation.status_changed", after, changes)
        if not shop.quiet:
            webhooks.tell_bots_of_status(shop, after)
        _listen_to_status(shop, after)
    if "contact_last_seen_at" in changes:
        events.conversation_event(shop, "conversation.read", after, changes)
    if "contact_id" in changes:
        events.conversation_event(shop, "conversation.contact_changed", after, changes)
    if "status" in changes:
        activity.status_line(shop, after, by_contact=by_contact, reopened=reopened)
    if "priority" in changes:
        activity.priority_line(shop, after, *changes["priority"])
    if "label_list" in changes:
        activity.label_lines(shop, after, *changes["label_list"])
    if WATCHED & changes.keys() or _language_changed(changes):
        # 3.x saves a label change twice and tells it twice.
        times = 2 if "label_list" in changes and not shop.v4 else 1
        # Behind the activity line of a priority, and in 4.x behind the first reply's news and
        # all that a change by no agent brings.
        quietly = shop.current.user is None or "first_reply_created_at" in changes
        late = "priority" in changes or (shop.v4 and quietly)
        for _ in range(times):
            events.conversation_event(shop, "conversation.updated", after, changes, late=late)
    _tell_handlers(shop, after, changes)


def _tell_handlers(shop: Shop, after: Row, changes: Changes) -> None:
    """Tell of a new assignee and team, with their activity line: in 4.x it comes first."""
    if shop.v4:
        _say_assignment(shop, after, changes)
    if "assignee_id" in changes:
        _tell_assignee(shop, after, changes)
    if "team_id" in changes:
        events.conversation_event(shop, "team.changed", after, changes)
    if not shop.v4:
        _say_assignment(shop, after, changes)


def _say_assignment(shop: Shop, after: Row, changes: Changes) -> None:
    """The activity line of a team or assignee change; the team's comes first and alone."""
    if "team_id" in changes:
        assigned = "assignee_id" in changes and after["assignee_id"] is not None
        activity.team_line(shop, after, changes["team_id"][0], assigned=assigned)
    elif "assignee_id" in changes:
        activity.assignee_line(shop, after)


def _language_changed(changes: Changes) -> bool:
    new = changes.get("additional_attributes", (None, None))[1]
    return isinstance(new, dict) and "conversation_language" in new


def _listen_to_status(shop: Shop, after: Row) -> None:
    reporting.status_changed(shop, after)
    if shop.v4 and after["status"] == "resolved":
        from revivatui.shop.actions.templates import send_survey

        row_id = after["id"]

        def ask() -> None:
            shop.worker.enqueue("survey", lambda: send_survey(shop, row_id))

        events.listen_later(shop, "conversation.resolved", ask)


def _tell_assignee(shop: Shop, after: Row, changes: Changes) -> None:
    from revivatui.shop.actions.notifications import assignee_changed

    # In 4.x behind the activity line.
    events.conversation_event(shop, "assignee.changed", after, changes, late=shop.v4)
    actor = shop.current.user
    self_assigned = actor is not None and actor["id"] == after["assignee_id"]
    notifiable = after["assignee_id"] is not None and not self_assigned
    events.listen_later(
        shop, "assignee.changed", lambda: assignee_changed(shop, after["id"], notify=notifiable)
    )


def toggle_status(
    shop: Shop, conversation: Row, status: str | None = None, snoozed_until: int | None = None
) -> Row:
    """An agent's ``toggle_status``: without a status, open becomes resolved and all else open.

    An agent (no administrator) who opens it becomes its assignee.
    """
    if status is None:
        status = "resolved" if conversation["status"] == "open" else "open"
    wanted: dict[str, Any] = {"status": status}
    if status == "snoozed":
        wanted["snoozed_until"] = snoozed_until
    after = update(shop, conversation, **wanted)
    user = shop.current.user
    if after["status"] == "open" and user is not None:
        member = people.membership(shop, user["id"], after["account_id"])
        if member is not None and member["role"] == "agent":
            after = update(shop, after, again=True, assignee_id=user["id"])
    return after


def set_labels(
    shop: Shop, conversation: Row, labels: Iterable[str], *, silent: bool = False
) -> Row:
    """Replace all labels. ``silent``: the website visitor's way, which tells nobody."""
    before = must(shop, "conversations", conversation["id"])
    old = labels_of(before)
    new = list(dict.fromkeys(label.strip() for label in labels if label.strip()))
    if set(old) == set(new):
        return before
    cached = ", ".join(new)
    with shop.db.transaction():
        retag(shop, "Conversation", before["id"], new)
        shop.db.update("conversations", before["id"], cached_label_list=cached)
    if silent:
        return must(shop, "conversations", before["id"])
    changes: Changes = {
        "cached_label_list": (before["cached_label_list"] or None, cached),
        "label_list": (old, new),
    }
    return _save(shop, before, changes, by_contact=None, reopened=False)


def retag(shop: Shop, owner_type: str, owner_id: int, labels: list[str]) -> None:
    """Make these the tags of a conversation or contact."""
    shop.db.execute(
        "DELETE FROM taggings WHERE taggable_type = ? AND taggable_id = ?", (owner_type, owner_id)
    )
    for label in labels:
        shop.db.insert(
            "taggings",
            taggable_type=owner_type,
            taggable_id=owner_id,
            tag=label,
            created_at=shop.now(),
        )


def mute(shop: Shop, conversation: Row) -> None:
    """Block the contact and resolve; the survey follows where the inbox has one."""
    from revivatui.shop.actions.contacts import update_contact

    contact = must(shop, "contacts", conversation["contact_id"])
    if shop.v4:
        update_contact(shop, contact, blocked=True)
        update(shop, conversation, status="resolved")
    else:
        update(shop, conversation, status="resolved")
        update_contact(shop, contact, blocked=True)
    activity.mute_line(shop, conversation, muted=True)


def unmute(shop: Shop, conversation: Row) -> None:
    from revivatui.shop.actions.contacts import update_contact

    update_contact(shop, must(shop, "contacts", conversation["contact_id"]), blocked=False)
    activity.mute_line(shop, conversation, muted=False)


def agent_read(shop: Shop, conversation: Row) -> Row:
    """An agent opened it: seen times move, nobody is told."""
    now = shop.now()
    user = shop.current.user
    seen: dict[str, Any] = {"agent_last_seen_at": now}
    if user is not None and user["id"] == conversation["assignee_id"]:
        seen["assignee_last_seen_at"] = now
    shop.db.update("conversations", conversation["id"], **seen)
    return must(shop, "conversations", conversation["id"])


def mark_unread(shop: Shop, conversation: Row) -> Row:
    """Seen until one second before the customer's last message."""
    last = shop.db.value(
        "SELECT MAX(created_at) FROM messages WHERE conversation_id = ?"
        " AND message_type = 'incoming'",
        (conversation["id"],),
    )
    seen = last - 1_000_000 if last is not None else None
    shop.db.update(
        "conversations", conversation["id"], agent_last_seen_at=seen, assignee_last_seen_at=seen
    )
    return must(shop, "conversations", conversation["id"])


def contact_read(shop: Shop, conversation: Row) -> Row:
    """The customer read it: told to agents; a job marks what they could read as read."""
    from revivatui.shop.actions.messages import mark_read

    after = update(shop, conversation, contact_last_seen_at=shop.now())
    row_id, seen = after["id"], after["contact_last_seen_at"]
    if not shop.quiet:
        shop.worker.enqueue("read", lambda: mark_read(shop, row_id, seen))
    return after


def typing(
    shop: Shop, conversation: Row, *, on: bool, is_private: bool = False, contact: Row | None = None
) -> None:
    """The acting user, or ``contact``, starts or stops typing."""
    if contact is not None:
        typist = push.contact_push(shop, contact)
        own = events.tokens_of_contact(shop, conversation["contact_inbox_id"])
    elif shop.current.user is not None:
        user = shop.current.user
        typist = people.user_push(shop, user, conversation["account_id"])
        own = [user["pubsub_token"]]
    else:
        return
    events.typing_event(shop, conversation, typist, on=on, is_private=is_private, own_tokens=own)
