"""Macros and bulk actions: jobs that act for a user (contract 5.4, 5.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from revivatui.shop import webhooks
from revivatui.shop.actions import conversations, messages
from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render.push import labels_of

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

ACTIONS = (
    "send_message",
    "add_label",
    "assign_team",
    "assign_agent",
    "mute_conversation",
    "change_status",
    "remove_label",
    "remove_assigned_team",
    "resolve_conversation",
    "snooze_conversation",
    "change_priority",
    "send_email_transcript",
    "send_attachment",
    "add_private_note",
)
ACTIONS_V4 = ("send_webhook_event",)


def supported(shop: Shop) -> tuple[str, ...]:
    return ACTIONS + (ACTIONS_V4 if shop.v4 else ())


def execute_later(shop: Shop, macro: Row, user: Row, conversation_ids: list[int]) -> None:
    """Queue a macro on conversations (database ids)."""

    def run() -> None:
        with shop.acting(user, in_account=False):
            for row_id in conversation_ids:
                for action in macro["actions"]:
                    _perform(shop, row_id, user, action)

    shop.worker.enqueue("macro", run, macro["name"])


def _perform(shop: Shop, row_id: int, user: Row, action: dict[str, Any]) -> None:
    row = shop.db.get("conversations", row_id)
    done = PERFORM.get(str(action.get("action_name")))
    if row is None or done is None:
        return
    params = action.get("action_params")
    done(shop, row, user, params if isinstance(params, list) else [])


def _say(shop: Shop, row: Row, user: Row, params: list[Any], *, private: bool) -> None:
    if params:
        messages.create_message(
            shop, row, sender=("User", user["id"]), content=str(params[0]), private=private
        )


def _add_labels(shop: Shop, row: Row, params: list[Any]) -> None:
    conversations.set_labels(shop, row, [*labels_of(row), *(str(label) for label in params)])


def _remove_labels(shop: Shop, row: Row, params: list[Any]) -> None:
    kept = [label for label in labels_of(row) if label not in params]
    conversations.set_labels(shop, row, kept)


def _assign_agent(shop: Shop, row: Row, user: Row, params: list[Any]) -> None:
    wanted = params[0] if params else None
    if wanted == "nil":
        conversations.update(shop, row, assignee_id=None)
    elif wanted == "self":
        conversations.update(shop, row, assignee_id=user["id"])
    elif str(wanted).isdigit() and shop.db.find(
        "account_users", user_id=int(str(wanted)), account_id=row["account_id"]
    ):
        conversations.update(shop, row, assignee_id=int(str(wanted)))


def _assign_team(shop: Shop, row: Row, params: list[Any]) -> None:
    wanted = params[0] if params else None
    if wanted in (0, "0") or (shop.v4 and wanted in (None, "nil")):
        conversations.update(shop, row, team_id=None)
    elif str(wanted).isdigit() and (team := shop.db.get("teams", int(str(wanted)))):
        conversations.update(shop, row, team_id=team["id"])


def _change_priority(shop: Shop, row: Row, params: list[Any]) -> None:
    wanted = params[0] if params else None
    priority = wanted if wanted in conversations.PRIORITIES else None
    conversations.update(shop, row, priority=priority)


def _change_status(shop: Shop, row: Row, params: list[Any]) -> None:
    if params and params[0] in conversations.STATUSES:
        conversations.update(shop, row, status=params[0])


def _send_webhook(shop: Shop, row: Row, params: list[Any]) -> None:
    if shop.v4 and params:
        webhooks.macro_executed(shop, row, str(params[0]))


PERFORM: dict[str, Callable[[Shop, Row, Row, list[Any]], None]] = {
    "send_message": lambda shop, row, user, params: _say(shop, row, user, params, private=False),
    "add_private_note": lambda shop, row, user, params: _say(shop, row, user, params, private=True),
    "add_label": lambda shop, row, user, params: _add_labels(shop, row, params),
    "remove_label": lambda shop, row, user, params: _remove_labels(shop, row, params),
    "assign_agent": _assign_agent,
    "assign_team": lambda shop, row, user, params: _assign_team(shop, row, params),
    "remove_assigned_team": lambda shop, row, user, params: _assign_team(shop, row, [0]),
    "change_priority": lambda shop, row, user, params: _change_priority(shop, row, params),
    "change_status": lambda shop, row, user, params: _change_status(shop, row, params),
    "resolve_conversation": lambda shop, row, user, params: _change_status(shop, row, ["resolved"]),
    "snooze_conversation": lambda shop, row, user, params: _change_status(shop, row, ["snoozed"]),
    "send_webhook_event": lambda shop, row, user, params: _send_webhook(shop, row, params),
    "mute_conversation": lambda shop, row, user, params: conversations.mute(shop, row),
}


def bulk_later(shop: Shop, account_id: int, user: Row, params: dict[str, Any]) -> None:
    """Queue a bulk action on conversations (display ids in ``params["ids"]``)."""

    def run() -> None:
        with shop.acting(user, in_account=False):
            for number in params["ids"]:
                row = shop.db.find("conversations", account_id=account_id, display_id=number)
                if row is not None:
                    _bulk(shop, row, params)

    shop.worker.enqueue("bulk", run)


def _bulk(shop: Shop, row: Row, params: dict[str, Any]) -> None:
    if removed := params["remove_labels"]:
        _remove_labels(shop, row, removed)
    row = must(shop, "conversations", row["id"])
    if added := params["add_labels"]:
        _add_labels(shop, row, added)
    wanted: dict[str, Any] = dict(params["fields"])
    if params["snoozed_until"] is not None:
        wanted["snoozed_until"] = params["snoozed_until"]
    if wanted:
        conversations.update(shop, must(shop, "conversations", row["id"]), **wanted)
