"""Automation rules at work: jobs that look at what happened and act by themselves (contract 5.5).

What a rule does sets off no further rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revivatui.shop import webhooks
from revivatui.shop.actions import conversations, macros, messages
from revivatui.shop.actions.conditions import all_hold
from revivatui.shop.db import Row

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

EVENTS = {
    "conversation.created": "conversation_created",
    "conversation.updated": "conversation_updated",
    "message.created": "message_created",
}
WRITES = {"send_message": False, "add_private_note": True}
"""Actions that write a message, and whether it is private."""


def event_name(shop: Shop, event: str, conversation: Row) -> str | None:
    """What rules call an event; None for one that they cannot ask for."""
    if event != "conversation.status_changed":
        return EVENTS.get(event)
    if conversation["status"] == "resolved":
        return "conversation_resolved" if shop.v4 else None
    return "conversation_opened" if conversation["status"] == "open" else None


def rules_for(shop: Shop, account_id: int, name: str) -> list[Row]:
    """The account's active rules for an event, oldest first."""
    return shop.db.all(
        "SELECT * FROM automation_rules WHERE account_id = ? AND event_name = ? AND active"
        " ORDER BY id",
        (account_id, name),
    )


def run(shop: Shop, name: str, conversation_id: int, message_id: int | None) -> None:
    """Let every rule for the event act whose conditions hold now."""
    first = shop.db.get("conversations", conversation_id)
    for rule in rules_for(shop, first["account_id"], name) if first else ():
        conversation = shop.db.get("conversations", conversation_id)
        message = shop.db.get("messages", message_id)
        if conversation is None or not all_hold(shop, rule["conditions"], conversation, message):
            continue
        with shop.acting(None, in_account=False, rule=rule):
            for action in rule["actions"]:
                _perform(shop, rule, conversation_id, action)


def _perform(shop: Shop, rule: Row, conversation_id: int, action: dict[str, Any]) -> None:
    row = shop.db.get("conversations", conversation_id)
    name, given = str(action.get("action_name")), action.get("action_params")
    params = given if isinstance(given, list) else []
    if row is None:
        return
    if name in WRITES:
        if params:
            messages.create_message(
                shop,
                row,
                content=str(params[0]),
                private=WRITES[name],
                content_attributes={"automation_rule_id": rule["id"]},
            )
    elif name == "send_webhook_event":
        if params:
            webhooks.rule_applied(shop, row, str(params[0]), rule["event_name"])
    elif name == "open_conversation":
        conversations.update(shop, row, status="open")
    elif (act := macros.PERFORM.get(name)) is not None and params != ["self"]:
        act(shop, row, {}, params)
