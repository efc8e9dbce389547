"""What a member wants to be told of by mail and by push (contract 5.7)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.db import Row
from revivatui.shop.rest.base import (
    Answer,
    Call,
    Route,
    not_found,
)
from revivatui.shop.rest.params import string_list

NOTIFICATIONS = (
    "conversation_creation",
    "conversation_assignment",
    "assigned_conversation_new_message",
    "conversation_mention",
    "participating_conversation_new_message",
    "sla_missed_first_response",
    "sla_missed_next_response",
    "sla_missed_resolution",
)


def _settings_row(call: Call) -> Row:
    row = call.shop.db.find(
        "notification_settings", user_id=call.member["id"], account_id=call.account_id
    )
    if row is None:
        not_found()
    return row


def notification_settings(call: Call) -> Answer:
    row = _settings_row(call)
    return {
        "id": row["id"],
        "user_id": row["user_id"],
        "account_id": row["account_id"],
        "all_email_flags": [f"email_{name}" for name in NOTIFICATIONS],
        "selected_email_flags": row["email_flags"],
        "all_push_flags": [f"push_{name}" for name in NOTIFICATIONS],
        "selected_push_flags": row["push_flags"],
    }


def update_notification_settings(call: Call) -> Answer:
    row = _settings_row(call)
    wanted = call.wrapped("notification_settings")
    columns: dict[str, Any] = {}
    for kind in ("email", "push"):
        key = f"selected_{kind}_flags"
        if key in wanted:
            chosen = string_list(wanted[key])
            known = (f"{kind}_{name}" for name in NOTIFICATIONS)
            columns[f"{kind}_flags"] = [name for name in known if name in chosen]
    call.shop.db.update("notification_settings", row["id"], **columns)
    return notification_settings(call)


A = "/api/v1/accounts/{account_id}"
ROUTES = [
    Route("GET", f"{A}/notification_settings", notification_settings),
    Route("PATCH", f"{A}/notification_settings", update_notification_settings),
    Route("PUT", f"{A}/notification_settings", update_notification_settings),
]
