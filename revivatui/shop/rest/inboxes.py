"""Inboxes and their members (contract 5.2, 5.3)."""

from __future__ import annotations

import re
import secrets
from typing import Any

from revivatui.shop import events
from revivatui.shop.db import Row
from revivatui.shop.queries import members_of_inbox, must, users_by_id, visible_inboxes
from revivatui.shop.render import inboxes as views
from revivatui.shop.render import people
from revivatui.shop.render.channels import CHANNEL_TABLES, channel_of
from revivatui.shop.rest.access import in_account, inbox_of
from revivatui.shop.rest.base import Answer, Call, Route, empty, invalid
from revivatui.shop.rest.params import boolean, hash_of, integer, integer_list, string_list, text
from revivatui.shop.tokens import new_token

CHANNELS = {
    "web_widget": "Channel::WebWidget",
    "api": "Channel::Api",
    "email": "Channel::Email",
}
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
CHANNEL_TEXTS = {
    "Channel::WebWidget": (
        "website_url",
        "widget_color",
        "welcome_title",
        "welcome_tagline",
        "reply_time",
        "allowed_domains",
    ),
    "Channel::Api": ("webhook_url",),
    "Channel::Email": (
        "email",
        "imap_login",
        "imap_password",
        "imap_address",
        "smtp_login",
        "smtp_password",
        "smtp_address",
        "smtp_domain",
        "smtp_authentication",
        "smtp_openssl_verify_mode",
    ),
}
CHANNEL_FLAGS = {
    "Channel::WebWidget": ("hmac_mandatory", "pre_chat_form_enabled", "continuity_via_email"),
    "Channel::Api": ("hmac_mandatory",),
    "Channel::Email": (
        "imap_enabled",
        "imap_enable_ssl",
        "smtp_enabled",
        "smtp_enable_starttls_auto",
        "smtp_enable_ssl_tls",
    ),
}
PRE_CHAT = {
    "pre_chat_message": "Share your queries or comments here.",
    "pre_chat_fields": [
        {
            "field_type": "standard",
            "label": "Email Id",
            "name": "emailAddress",
            "type": "email",
            "required": True,
            "enabled": False,
        },
        {
            "field_type": "standard",
            "label": "Full name",
            "name": "fullName",
            "type": "text",
            "required": False,
            "enabled": False,
        },
        {
            "field_type": "standard",
            "label": "Phone number",
            "name": "phoneNumber",
            "type": "text",
            "required": False,
            "enabled": False,
        },
    ],
}
NAME_RULE = (
    "Name should not start or end with symbols, and it should not have < > / \\ @ characters."
)
DEFAULT_HOURS = {"open_hour": 9, "open_minutes": 0, "close_hour": 17, "close_minutes": 0}


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
    name = text(call.params.get("name")) or ""
    _validate_name(call, name)
    with call.shop.db.transaction():
        channel_id = _create_channel(call, kind, channel)
        row = create_inbox(call, kind, channel_id, name)
        _update_columns(call, row, channel_too=False)
    events.cache_invalidated(call.shop, call.account_id, "inbox")
    return _view(call, row)


def _validate_name(call: Call, name: str) -> None:
    problems: list[tuple[str, str]] = []
    if not name.strip():
        problems.append(("name", "Name can't be blank"))
    if not call.shop.v4 and not _plain_name(name):
        problems.append(("name", NAME_RULE))
    if problems:
        invalid(*problems)


def _plain_name(name: str) -> bool:
    return bool(re.fullmatch(r"[^\W_](.*[^\W_])?", name, re.DOTALL)) and not re.search(
        r"[/\\<>@]", name
    )


def _create_channel(call: Call, kind: str, given: dict[str, Any]) -> int:
    now = call.shop.now()
    columns: dict[str, Any] = {
        "account_id": call.account_id,
        "created_at": now,
        "updated_at": now,
        **_channel_columns(call, kind, given),
    }
    if kind == "Channel::WebWidget":
        columns |= {"website_token": new_token(), "hmac_token": new_token()}
        columns.setdefault("pre_chat_form_options", PRE_CHAT)
    elif kind == "Channel::Api":
        columns |= {"identifier": new_token(), "hmac_token": new_token()}
    else:
        columns["forward_to_email"] = f"{secrets.token_hex(16)}@false"
    return call.shop.db.insert(CHANNEL_TABLES[kind], **columns)


def _channel_columns(call: Call, kind: str, given: dict[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {
        name: text(given[name]) for name in CHANNEL_TEXTS[kind] if name in given
    }
    columns |= {name: bool(boolean(given[name])) for name in CHANNEL_FLAGS[kind] if name in given}
    if kind == "Channel::WebWidget":
        if "selected_feature_flags" in given:
            columns["selected_feature_flags"] = string_list(given["selected_feature_flags"])
        if "pre_chat_form_options" in given:
            columns["pre_chat_form_options"] = hash_of(given["pre_chat_form_options"])
    if kind == "Channel::Api" and "additional_attributes" in given:
        columns["additional_attributes"] = hash_of(given["additional_attributes"])
    if kind == "Channel::Email":
        columns |= {
            name: integer(given[name]) for name in ("imap_port", "smtp_port") if name in given
        }
    return columns


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
    for day in range(7):
        weekend = day in (0, 6)
        call.shop.db.insert(
            "working_hours",
            account_id=call.account_id,
            inbox_id=row_id,
            day_of_week=day,
            closed_all_day=weekend,
            created_at=now,
            updated_at=now,
            **({} if weekend else DEFAULT_HOURS),
        )
    return must(call.shop, "inboxes", row_id)


def update(call: Call) -> Answer:
    call.need_admin()
    row = in_account(call, "inboxes", call.path["inbox_id"])
    if "name" in call.params:
        _validate_name(call, text(call.params["name"]) or "")
    with call.shop.db.transaction():
        saves = _update_columns(call, row, channel_too=True)
        hours = _update_hours(call, row)
    for _ in range(saves or int(hours)):
        events.cache_invalidated(call.shop, call.account_id, "inbox")
    return _view(call, row)


def _update_columns(call: Call, row: Row, *, channel_too: bool) -> int:
    """Save what was sent of the inbox and its channel; returns how many of the two changed."""
    params = {name: None if value == "null" else value for name, value in call.params.items()}
    columns: dict[str, Any] = {name: text(params[name]) for name in TEXTS if name in params}
    columns |= {name: bool(boolean(params[name])) for name in FLAGS if name in params}
    for name in ("csat_config", "auto_assignment_config"):
        if name in params:
            columns[name] = hash_of(params[name])
    columns = {name: value for name, value in columns.items() if row[name] != value}
    if columns:
        call.shop.db.update("inboxes", row["id"], **columns, updated_at=call.shop.now())
    channel = hash_of(params.get("channel"))
    if not channel_too or not channel:
        return bool(columns)
    own = channel_of(call.shop, row)
    wanted = _channel_columns(call, row["channel_type"], channel)
    wanted = {name: value for name, value in wanted.items() if own[name] != value}
    call.shop.db.update(CHANNEL_TABLES[row["channel_type"]], own["id"], **wanted)
    return bool(columns) + bool(wanted)


def _update_hours(call: Call, row: Row) -> bool:
    """Save the working hours sent; true if there were any."""
    saved = False
    for day in call.params.get("working_hours") or []:
        wanted = hash_of(day)
        hours = call.shop.db.find(
            "working_hours", inbox_id=row["id"], day_of_week=integer(wanted.get("day_of_week"))
        )
        if hours is None:
            continue
        columns: dict[str, Any] = {
            name: integer(wanted[name])
            for name in ("open_hour", "open_minutes", "close_hour", "close_minutes")
            if name in wanted
        }
        columns |= {
            name: bool(boolean(wanted[name]))
            for name in ("closed_all_day", "open_all_day")
            if name in wanted
        }
        if columns.get("open_all_day"):
            columns |= {"open_hour": 0, "open_minutes": 0, "close_hour": 23, "close_minutes": 59}
        call.shop.db.update("working_hours", hours["id"], **columns)
        saved = True
    return saved


def destroy(call: Call) -> Answer:
    call.need_admin()
    row = in_account(call, "inboxes", call.path["inbox_id"])

    def delete() -> None:
        from revivatui.shop.actions.contacts import delete_conversation

        for conversation in call.shop.db.where("conversations", inbox_id=row["id"]):
            delete_conversation(call.shop, conversation)
        for table in ("inbox_members", "contact_inboxes", "working_hours"):
            call.shop.db.execute(f"DELETE FROM {table} WHERE inbox_id = ?", (row["id"],))
        call.shop.db.delete(CHANNEL_TABLES[row["channel_type"]], row["channel_id"])
        call.shop.db.delete("inboxes", row["id"])
        events.cache_invalidated(call.shop, row["account_id"], "inbox")

    call.shop.worker.enqueue("delete", delete)
    return {"message": "Your inbox deletion request will be processed in some time."}


def members(call: Call) -> Answer:
    return _members(call, inbox_of(call, call.path["inbox_id"]))


def _members(call: Call, row: Row) -> Answer:
    # The server gives them unsorted; newest first is what it mostly did.
    found = members_of_inbox(call.shop, row["id"])[::-1]
    users = users_by_id(call.shop, found)
    return {"payload": people.agents(call.shop, users, call.account_id)}


def add_members(call: Call) -> Answer:
    row, wanted = _member_change(call)
    present = members_of_inbox(call.shop, row["id"])
    _add(call, row, [user for user in wanted if user not in present])
    return _members(call, row)


def set_members(call: Call) -> Answer:
    row, wanted = _member_change(call)
    present = members_of_inbox(call.shop, row["id"])
    _drop(call, row, [user for user in present if user not in wanted])
    _add(call, row, [user for user in wanted if user not in present])
    return _members(call, row)


def remove_members(call: Call) -> Answer:
    row, wanted = _member_change(call)
    _drop(call, row, wanted)
    return empty()


def _member_change(call: Call) -> tuple[Row, list[int]]:
    call.need_admin()
    row = in_account(call, "inboxes", call.params.get("inbox_id"))
    wanted = integer_list(call.params.get("user_ids"))
    for user_id in wanted:
        if people.membership(call.shop, user_id, call.account_id) is None:
            invalid(("user", "User must exist"))
    return row, wanted


def _add(call: Call, row: Row, user_ids: list[int]) -> None:
    for user_id in user_ids:
        now = call.shop.now()
        call.shop.db.insert(
            "inbox_members",
            inbox_id=row["id"],
            user_id=user_id,
            created_at=now,
            updated_at=now,
        )
    _told(call)


def _drop(call: Call, row: Row, user_ids: list[int]) -> None:
    for user_id in user_ids:
        call.shop.db.execute(
            "DELETE FROM inbox_members WHERE inbox_id = ? AND user_id = ?", (row["id"], user_id)
        )
    _told(call)


def _told(call: Call) -> None:
    """4.x tells of added and of removed members as of a changed inbox, even of none."""
    if call.shop.v4:
        events.cache_invalidated(call.shop, call.account_id, "inbox")


A = "/api/v1/accounts/{account_id}"
ROUTES = [
    Route("GET", f"{A}/inboxes", index),
    Route("POST", f"{A}/inboxes", create),
    Route("GET", f"{A}/inboxes/{{inbox_id}}", show),
    Route("PATCH", f"{A}/inboxes/{{inbox_id}}", update),
    Route("PUT", f"{A}/inboxes/{{inbox_id}}", update),
    Route("DELETE", f"{A}/inboxes/{{inbox_id}}", destroy),
    Route("GET", f"{A}/inbox_members/{{inbox_id}}", members),
    Route("POST", f"{A}/inbox_members", add_members),
    Route("PATCH", f"{A}/inbox_members", set_members),
    Route("PUT", f"{A}/inbox_members", set_members),
    Route("DELETE", f"{A}/inbox_members", remove_members),
]
