"""Inboxes (contract 5.3)."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from revivatui.shop import events
from revivatui.shop.db import Row
from revivatui.shop.queries import must, visible_inboxes
from revivatui.shop.render import inboxes as views
from revivatui.shop.render.channels import CHANNEL_TABLES, channel_of
from revivatui.shop.rest.access import in_account, inbox_of
from revivatui.shop.rest.base import Answer, Call, Route, crash, empty, invalid
from revivatui.shop.rest.channels import CHANNELS, channel_columns, create_channel
from revivatui.shop.rest.params import boolean, hash_of, integer, text
from revivatui.shop.rest.working_hours import create_hours, update_hours

TEXTS = (
    "name",
    "greeting_message",
    "out_of_office_message",
    "timezone",
    "sender_name_type",
    "business_name",
)
FLAGS = (
    "greeting_enabled",
    "enable_email_collect",
    "csat_survey_enabled",
    "enable_auto_assignment",
    "working_hours_enabled",
    "allow_messages_after_resolved",
    "lock_to_single_conversation",
)
NAME_RULE = (
    "Name should not start or end with symbols, and it should not have < > / \\ @ characters."
)
LONGEST_TEXT = 10_000
SENDER_NAMES = ("friendly", "professional")
GONE_WITH_IT = (
    "inbox_members",
    "contact_inboxes",
    "working_hours",
    "agent_bot_inboxes",
    "inbox_assignment_policies",
    "integrations_hooks",
    "webhooks",
)
Problems = list[tuple[str, str]]


def _view(call: Call, row: Row) -> dict[str, Any]:
    return views.inbox(call.shop, must(call.shop, "inboxes", row["id"]), admin=call.is_admin)


def index(call: Call) -> Answer:
    found = visible_inboxes(call.shop, call.member["id"], call.account_id)
    rows = [must(call.shop, "inboxes", inbox_id) for inbox_id in found]
    return {"payload": [_view(call, row) for row in rows]}


def show(call: Call) -> Answer:
    return _view(call, inbox_of(call, call.path["inbox_id"]))


def create(call: Call) -> Answer:
    call.need_admin()
    channel = hash_of(call.params.get("channel"))
    kind = CHANNELS.get(str(channel.get("type")))
    if kind is None:
        invalid(("channel", "Channel must exist"))
    columns = {"name": "", **_columns(call)}
    _validate(call, columns)
    with call.shop.db.transaction():
        channel_id = create_channel(call, kind, channel)
        row = create_inbox(call, kind, channel_id, columns["name"])
        call.shop.db.update("inboxes", row["id"], **columns)
    events.cache_invalidated(call.shop, call.account_id, "inbox")
    return _view(call, row)


def _columns(call: Call) -> dict[str, Any]:
    """What was sent of the inbox itself; the word null means nothing."""
    params = {name: None if value == "null" else value for name, value in call.params.items()}
    columns: dict[str, Any] = {name: text(params[name]) for name in TEXTS if name in params}
    columns |= {name: bool(boolean(params[name])) for name in FLAGS if name in params}
    if "auto_assignment_config" in params:
        given = hash_of(params["auto_assignment_config"])
        columns["auto_assignment_config"] = {
            name: given[name] for name in ("max_assignment_limit",) if name in given
        }
    if call.shop.v4 and "csat_config" in params:
        columns["csat_config"] = hash_of(params["csat_config"])
    if columns.get("sender_name_type", "friendly") not in SENDER_NAMES:
        crash()
    return columns


def _validate(call: Call, columns: dict[str, Any]) -> None:
    """Refuse what the server refuses. Raises CallError 422."""
    problems: Problems = []
    if "name" in columns:
        problems += _name_problems(call, columns["name"] or "")
    if not _is_zone(columns.get("timezone", "UTC")):
        problems.append(("timezone", "Timezone is not included in the list"))
    for name in ("out_of_office_message", "greeting_message"):
        if len(columns.get(name) or "") > LONGEST_TEXT:
            said = name.replace("_", " ").capitalize()
            problems.append((name, f"{said} is too long (maximum is {LONGEST_TEXT} characters)"))
    limit = columns.get("auto_assignment_config", {}).get("max_assignment_limit")
    if limit not in (None, "") and (integer(limit) or 0) <= 0:
        what = "Auto assignment config max_assignment_limit must be greater than 0"
        problems.append(("auto_assignment_config", what))
    if problems:
        invalid(*problems)


def _is_zone(name: str | None) -> bool:
    try:
        return bool(name) and ZoneInfo(name or "") is not None
    except (LookupError, OSError, ValueError):
        return False


def _name_problems(call: Call, name: str) -> Problems:
    problems: Problems = []
    if not name.strip():
        problems.append(("name", "Name can't be blank"))
    if not call.shop.v4 and not _plain_name(name):
        problems.append(("name", NAME_RULE))
    return problems


def _plain_name(name: str) -> bool:
    return bool(re.fullmatch(r"[^\W_](.*[^\W_])?", name, re.DOTALL)) and not re.search(
        r"[/\\<>@]", name
    )


def create_inbox(call: Call, kind: str, channel_id: int, name: str) -> Row:
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "inboxes",
        account_id=call.account_id,
        channel_id=channel_id,
        channel_type=kind,
        name=name,
        created_at=now,
        updated_at=now,
    )
    create_hours(call, row_id)
    return must(call.shop, "inboxes", row_id)


def update(call: Call) -> Answer:
    call.need_admin()
    row = in_account(call, "inboxes", call.path["inbox_id"])
    columns = _columns(call)
    _validate(call, columns)
    with call.shop.db.transaction():
        saves = _save(call, row, columns) + _save_channel(call, row)
        hours = update_hours(call, row)
    for _ in range(saves or int(hours)):
        events.cache_invalidated(call.shop, call.account_id, "inbox")
    return _view(call, row)


def _save(call: Call, row: Row, columns: dict[str, Any]) -> bool:
    """Save what is new of the inbox; true if anything is."""
    columns = {name: value for name, value in columns.items() if row[name] != value}
    if columns:
        call.shop.db.update("inboxes", row["id"], **columns, updated_at=call.shop.now())
    return bool(columns)


def _save_channel(call: Call, row: Row) -> bool:
    """Save what is new of the channel; true if anything is."""
    own = channel_of(call.shop, row)
    wanted = channel_columns(call, row["channel_type"], hash_of(call.params.get("channel")))
    wanted = {name: value for name, value in wanted.items() if own[name] != value}
    call.shop.db.update(CHANNEL_TABLES[row["channel_type"]], own["id"], **wanted)
    return bool(wanted)


def remove_avatar(call: Call) -> Answer:
    call.need_admin()
    row = in_account(call, "inboxes", call.path["inbox_id"])
    call.shop.db.update("inboxes", row["id"], avatar_blob_id=None)
    return empty()


def destroy(call: Call) -> Answer:
    call.need_admin()
    row = in_account(call, "inboxes", call.path["inbox_id"])

    def delete() -> None:
        from revivatui.shop.actions.contacts import delete_conversation

        for conversation in call.shop.db.where("conversations", inbox_id=row["id"]):
            delete_conversation(call.shop, conversation)
        for table in GONE_WITH_IT:
            call.shop.db.execute(f"DELETE FROM {table} WHERE inbox_id = ?", (row["id"],))
        call.shop.db.delete(CHANNEL_TABLES[row["channel_type"]], row["channel_id"])
        call.shop.db.delete("inboxes", row["id"])
        events.cache_invalidated(call.shop, row["account_id"], "inbox")

    call.shop.worker.enqueue("delete", delete)
    return {"message": "Your inbox deletion request will be processed in some time."}


A = "/api/v1/accounts/{account_id}"
ROUTES = [
    Route("GET", f"{A}/inboxes", index),
    Route("POST", f"{A}/inboxes", create),
    Route("GET", f"{A}/inboxes/{{inbox_id}}", show),
    Route("PATCH", f"{A}/inboxes/{{inbox_id}}", update),
    Route("PUT", f"{A}/inboxes/{{inbox_id}}", update),
    Route("DELETE", f"{A}/inboxes/{{inbox_id}}", destroy),
    Route("DELETE", f"{A}/inboxes/{{inbox_id}}/avatar", remove_avatar),
]
