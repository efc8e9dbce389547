"""What an agent does with one conversation (contract 2.4)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.actions import conversations, notifications, reporting
from revivatui.shop.db import Row
from revivatui.shop.queries import users_by_id
from revivatui.shop.render import people, push, rest
from revivatui.shop.render.times import iso
from revivatui.shop.rest.access import conversation_of
from revivatui.shop.rest.base import Answer, Call, Route, crash, empty, unprocessable
from revivatui.shop.rest.params import boolean, hash_of, integer, integer_list, string_list, text
from revivatui.shop.rest.reading import read_moment

ATTACHMENTS_PER_PAGE = 100


def toggle_status(call: Call) -> Answer:
    before = conversation_of(call)
    status = text(call.params.get("status")) or None
    if status is not None and status not in conversations.STATUSES:
        crash()
    until = read_moment(call.params.get("snoozed_until"))
    handoff = call.bot is not None and before["status"] == "pending" and status == "open"
    row = conversations.toggle_status(call.shop, before, status, until)
    if handoff:
        reporting.handed_off(call.shop, row)
    return {
        "payload": {
            # A bot's hand-off goes another way inside the server and reports nothing.
            "success": None if handoff else True,
            "conversation_id": row["display_id"],
            "current_status": row["status"],
            "snoozed_until": iso(row["snoozed_until"]),
        }
    }


def toggle_priority(call: Call) -> Answer:
    row = conversation_of(call)
    priority = text(call.params.get("priority")) or None
    if priority is not None and priority not in conversations.PRIORITIES:
        crash()
    conversations.update(call.shop, row, priority=priority)
    return empty()


def toggle_typing(call: Call) -> Answer:
    row = conversation_of(call)
    state = call.params.get("typing_status")
    if state in ("on", "off"):
        conversations.typing(
            call.shop,
            row,
            on=state == "on",
            is_private=bool(boolean(call.params.get("is_private"))),
        )
    return empty()


def update_last_seen(call: Call) -> Answer:
    row = conversations.agent_read(call.shop, conversation_of(call))
    return rest.conversation(call.shop, row, call.user)


def unread(call: Call) -> Answer:
    row = conversations.mark_unread(call.shop, conversation_of(call))
    return rest.conversation(call.shop, row, call.user)


def mute(call: Call) -> Answer:
    conversations.mute(call.shop, conversation_of(call))
    return empty()


def unmute(call: Call) -> Answer:
    conversations.unmute(call.shop, conversation_of(call))
    return empty()


def assign(call: Call) -> Answer:
    row = conversation_of(call)
    if "assignee_id" in call.params:
        return _assign_agent(call, row)
    if "team_id" in call.params:
        return _assign_team(call, row)
    return None


def _assign_agent(call: Call, row: Row) -> Answer:
    wanted = integer(call.params["assignee_id"])
    if call.shop.v4 and call.params.get("assignee_type") == "AgentBot":
        bot = call.shop.db.get("agent_bots", wanted)
        conversations.update(
            call.shop, row, assignee_id=None, assignee_agent_bot_id=bot["id"] if bot else None
        )
        return people.bot_slim(call.shop, bot) if bot else None
    member = people.membership(call.shop, wanted, call.account_id) if wanted else None
    user = call.shop.db.get("users", wanted) if member else None
    changes: dict[str, Any] = {"assignee_id": user["id"] if user else None}
    if call.shop.v4:
        changes["assignee_agent_bot_id"] = None
    conversations.update(call.shop, row, **changes)
    return people.agent(call.shop, user, call.account_id) if user else None


def _assign_team(call: Call, row: Row) -> Answer:
    team = call.shop.db.get("teams", integer(call.params["team_id"]))
    if team is not None and team["account_id"] != call.account_id:
        team = None
    conversations.update(call.shop, row, team_id=team["id"] if team else None)
    if team is None:
        return None
    return {
        "id": team["id"],
        "name": team["name"],
        "description": team["description"],
        "allow_auto_assign": team["allow_auto_assign"],
        "account_id": team["account_id"],
        "created_at": iso(team["created_at"]),
        "updated_at": iso(team["updated_at"]),
    }


def labels(call: Call) -> Answer:
    return {"payload": push.labels_of(conversation_of(call))}


def set_labels(call: Call) -> Answer:
    row = conversation_of(call)
    row = conversations.set_labels(call.shop, row, string_list(call.params.get("labels")))
    return {"payload": push.labels_of(row)}


def set_custom_attributes(call: Call) -> Answer:
    row = conversation_of(call)
    wanted = hash_of(call.params.get("custom_attributes"))
    row = conversations.update(call.shop, row, custom_attributes=wanted)
    return {"custom_attributes": row["custom_attributes"]}


def _agents(call: Call, user_ids: list[int]) -> Answer:
    return people.agents(call.shop, users_by_id(call.shop, user_ids), call.account_id)


def participants(call: Call) -> Answer:
    row = conversation_of(call)
    return _agents(call, notifications.participants(call.shop, row["id"]))


def add_participants(call: Call) -> Answer:
    row = conversation_of(call)
    wanted = integer_list(call.params.get("user_ids"))
    return _agents(call, notifications.add_participants(call.shop, row, wanted))


def set_participants(call: Call) -> Answer:
    row = conversation_of(call)
    wanted = integer_list(call.params.get("user_ids"))
    present = notifications.participants(call.shop, row["id"])
    _drop_participants(call, row, [user for user in present if user not in wanted])
    notifications.add_participants(call.shop, row, wanted)
    return _agents(call, notifications.participants(call.shop, row["id"]))


def remove_participants(call: Call) -> Answer:
    row = conversation_of(call)
    _drop_participants(call, row, integer_list(call.params.get("user_ids")))
    return empty()


def _drop_participants(call: Call, row: Row, user_ids: list[int]) -> None:
    for user_id in user_ids:
        call.shop.db.execute(
            "DELETE FROM conversation_participants WHERE conversation_id = ? AND user_id = ?",
            (row["id"], user_id),
        )


def transcript(call: Call) -> Answer:
    """The mail itself goes nowhere: this server sends no mail."""
    conversation_of(call)
    if not call.params.get("email"):
        unprocessable("email param missing")
    return empty()


def attachments(call: Call) -> Answer:
    row = conversation_of(call)
    found = call.shop.db.all(
        "SELECT attachments.* FROM attachments JOIN messages ON messages.id ="
        " attachments.message_id WHERE messages.conversation_id = ? ORDER BY attachments.id",
        (row["id"],),
    )
    total = len(found)
    if call.shop.v4:
        start = (max(1, integer(call.params.get("page")) or 1) - 1) * ATTACHMENTS_PER_PAGE
        found = found[start : start + ATTACHMENTS_PER_PAGE]
    payload = [rest.attachment_in_list(call.shop, one) for one in found]
    return (
        {"meta": {"total_count": total}, "payload": payload}
        if call.shop.v4
        else {"payload": payload}
    )


def draft(call: Call) -> Answer:
    found = call.shop.db.find("draft_messages", conversation_id=conversation_of(call)["id"])
    if found is None:
        return {"has_draft": False}
    return {"has_draft": True, "message": found["message"]}


def set_draft(call: Call) -> Answer:
    row = conversation_of(call)
    _drop_draft(call, row)
    content = text(hash_of(call.params.get("draft_message")).get("message"))
    if content is not None:
        call.shop.db.insert(
            "draft_messages",
            conversation_id=row["id"],
            message=content,
            created_at=call.shop.now(),
        )
    return empty()


def delete_draft(call: Call) -> Answer:
    _drop_draft(call, conversation_of(call))
    return empty()


def _drop_draft(call: Call, row: Row) -> None:
    call.shop.db.execute("DELETE FROM draft_messages WHERE conversation_id = ?", (row["id"],))


def inbox_assistant(call: Call) -> Answer:
    conversation_of(call)
    return {"assistant": None}


def translate(call: Call) -> Answer:
    """Needs the Google Translate hook, which nobody connects here."""
    conversation_of(call)
    return {"content": None}


A = "/api/v1/accounts/{account_id}/conversations/{conversation_id}"
ROUTES = [
    Route("POST", f"{A}/toggle_status", toggle_status, bots=True),
    Route("POST", f"{A}/toggle_priority", toggle_priority, bots=True),
    Route("POST", f"{A}/toggle_typing_status", toggle_typing),
    Route("POST", f"{A}/update_last_seen", update_last_seen),
    Route("POST", f"{A}/unread", unread),
    Route("POST", f"{A}/mute", mute),
    Route("POST", f"{A}/unmute", unmute),
    Route("POST", f"{A}/assignments", assign, bots=True),
    Route("GET", f"{A}/labels", labels),
    Route("POST", f"{A}/labels", set_labels),
    Route("POST", f"{A}/custom_attributes", set_custom_attributes, bots="4"),
    Route("GET", f"{A}/participants", participants),
    Route("POST", f"{A}/participants", add_participants),
    Route("PATCH", f"{A}/participants", set_participants),
    Route("PUT", f"{A}/participants", set_participants),
    Route("DELETE", f"{A}/participants", remove_participants),
    Route("POST", f"{A}/transcript", transcript),
    Route("GET", f"{A}/attachments", attachments),
    Route("GET", f"{A}/draft_messages", draft),
    Route("PATCH", f"{A}/draft_messages", set_draft),
    Route("PUT", f"{A}/draft_messages", set_draft),
    Route("DELETE", f"{A}/draft_messages", delete_draft),
    Route("GET", f"{A}/inbox_assistant", inbox_assistant, since="4"),
    Route("POST", f"{A}/messages/{{message_id}}/translate", translate),
]
