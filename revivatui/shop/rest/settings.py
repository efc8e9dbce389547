"""Webhooks, attribute definitions, saved filters, notification settings (contract 5.5, 5.6)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render.times import iso
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import (
    Answer,
    Call,
    Route,
    crash,
    empty,
    invalid,
    not_found,
    unprocessable,
)
from revivatui.shop.rest.params import hash_of, integer, string_list, text

SUBSCRIPTIONS = (
    "conversation_status_changed",
    "conversation_updated",
    "conversation_created",
    "contact_created",
    "contact_updated",
    "message_created",
    "message_updated",
    "webwidget_triggered",
)
SUBSCRIPTIONS_V4 = (
    "inbox_created",
    "inbox_updated",
    "conversation_typing_on",
    "conversation_typing_off",
)
DISPLAY_TYPES = ("text", "number", "currency", "percent", "link", "date", "list", "checkbox")
MODELS = ("conversation_attribute", "contact_attribute")
# Keys that a definition of 4.x may not take: every conversation or contact has them already.
TAKEN_KEYS = {
    "conversation_attribute": frozenset(
        {
            "status", "priority", "assignee_id", "inbox_id", "team_id", "display_id",
            "campaign_id", "labels", "browser_language", "country_code", "referer",
            "created_at", "last_activity_at",
        }
    ),
    "contact_attribute": frozenset(
        {
            "name", "email", "phone_number", "identifier", "country_code", "city",
            "created_at", "last_activity_at", "referer", "blocked",
        }
    ),
}  # fmt: skip
KEY_CONFLICT = (
    "Attribute key The provided key is not allowed as it might conflict with default attributes."
)
FILTER_TYPES = ("conversation", "contact", "report")
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


def _webhook_view(call: Call, row: Row) -> dict[str, Any]:
    view: dict[str, Any] = {"id": row["id"]}
    if call.shop.v4:
        view["name"] = row["name"]
    view |= {
        "url": row["url"],
        "account_id": row["account_id"],
        "subscriptions": row["subscriptions"],
    }
    if inbox := call.shop.db.get("inboxes", row["inbox_id"]):
        view["inbox"] = {"id": inbox["id"], "name": inbox["name"]}
    return view


def webhooks(call: Call) -> Answer:
    call.need_admin()
    rows = call.shop.db.where("webhooks", account_id=call.account_id)
    return {"payload": {"webhooks": [_webhook_view(call, row) for row in rows]}}


def _webhook_columns(call: Call, own: Row | None) -> dict[str, Any]:
    wanted = call.wrapped("webhook")
    columns: dict[str, Any] = {name: text(wanted[name]) for name in ("url",) if name in wanted}
    if call.shop.v4 and "name" in wanted:
        columns["name"] = text(wanted["name"])
    if "inbox_id" in wanted:
        columns["inbox_id"] = integer(wanted["inbox_id"])
    if "subscriptions" in wanted or own is None:
        default = [*SUBSCRIPTIONS[:3], "message_created", "message_updated"]
        given = wanted.get("subscriptions")
        columns["subscriptions"] = string_list(given) if given is not None else default
    _validate_webhook(call, columns, own)
    return columns


def _validate_webhook(call: Call, columns: dict[str, Any], own: Row | None) -> None:
    problems: list[tuple[str, str]] = []
    if "url" in columns or own is None:
        url = columns.get("url")
        parts = urlsplit(url or "")
        taken = call.shop.db.find("webhooks", account_id=call.account_id, url=url)
        if taken is not None and (own is None or taken["id"] != own["id"]):
            problems.append(("url", "Url has already been taken"))
        if parts.scheme not in ("http", "https") or not parts.netloc:
            problems.append(("url", "Url is invalid"))
    if "subscriptions" in columns:
        known = SUBSCRIPTIONS + (SUBSCRIPTIONS_V4 if call.shop.v4 else ())
        given = columns["subscriptions"]
        if not given or not set(given) <= set(known):
            problems.append(("subscriptions", "Subscriptions Invalid events"))
    if problems:
        invalid(*problems)


def create_webhook(call: Call) -> Answer:
    call.need_admin()
    columns = _webhook_columns(call, None)
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "webhooks", account_id=call.account_id, created_at=now, updated_at=now, **columns
    )
    row = must(call.shop, "webhooks", row_id)
    return {"payload": {"webhook": _webhook_view(call, row)}}


def update_webhook(call: Call) -> Answer:
    call.need_admin()
    row = in_account(call, "webhooks", call.path["webhook_id"])
    columns = _webhook_columns(call, row)
    call.shop.db.update("webhooks", row["id"], **columns, updated_at=call.shop.now())
    return {"payload": {"webhook": _webhook_view(call, must(call.shop, "webhooks", row["id"]))}}


def delete_webhook(call: Call) -> Answer:
    call.need_admin()
    call.shop.db.delete("webhooks", in_account(call, "webhooks", call.path["webhook_id"])["id"])
    return empty()


def _definition_view(row: Row) -> dict[str, Any]:
    names = (
        "id",
        "attribute_display_name",
        "attribute_display_type",
        "attribute_description",
        "attribute_key",
        "regex_pattern",
        "regex_cue",
        "attribute_values",
        "attribute_model",
        "default_value",
    )
    view = {name: row[name] for name in names}
    return view | {"created_at": iso(row["created_at"]), "updated_at": iso(row["updated_at"])}


def definitions(call: Call) -> Answer:
    wanted = call.params.get("attribute_model")
    rows = call.shop.db.where("custom_attribute_definitions", account_id=call.account_id)
    if wanted not in (None, ""):
        model = _enum(wanted, MODELS)
        rows = [row for row in rows if row["attribute_model"] == model]
    return [_definition_view(row) for row in rows]


def definition(call: Call) -> Answer:
    return _definition_view(
        in_account(call, "custom_attribute_definitions", call.path["definition_id"])
    )


def _enum(value: Any, names: tuple[str, ...]) -> str:
    """A Rails enum by number or name; anything else is an unhandled error."""
    if isinstance(value, str) and value in names:
        return value
    number = integer(value) if not isinstance(value, str) or value.isdigit() else None
    if number is None or not 0 <= number < len(names):
        crash()
    return names[number]


def _definition_columns(call: Call, own: Row | None) -> dict[str, Any]:
    wanted = call.wrapped("custom_attribute_definition")
    names = (
        "attribute_display_name",
        "attribute_description",
        "attribute_key",
        "regex_pattern",
        "regex_cue",
    )
    columns: dict[str, Any] = {name: text(wanted[name]) for name in names if name in wanted}
    if wanted.get("attribute_display_type") is not None:
        columns["attribute_display_type"] = _enum(wanted["attribute_display_type"], DISPLAY_TYPES)
    if wanted.get("attribute_model") is not None:
        columns["attribute_model"] = _enum(wanted["attribute_model"], MODELS)
    if "attribute_values" in wanted:
        columns["attribute_values"] = string_list(wanted["attribute_values"])
    _validate_definition(call, {**(own or {"attribute_model": MODELS[0]}), **columns}, own)
    return columns


def _validate_definition(call: Call, whole: dict[str, Any], own: Row | None) -> None:
    problems: list[tuple[str, str]] = []
    if not whole.get("attribute_display_name"):
        problems.append(("attribute_display_name", "Attribute display name can't be blank"))
    if not whole.get("attribute_key"):
        problems.append(("attribute_key", "Attribute key can't be blank"))
    taken = call.shop.db.find(
        "custom_attribute_definitions",
        account_id=call.account_id,
        attribute_key=whole.get("attribute_key"),
        attribute_model=whole["attribute_model"],
    )
    if taken is not None and (own is None or taken["id"] != own["id"]):
        problems.append(("attribute_key", "Attribute key has already been taken"))
    if call.shop.v4 and own is None:
        if whole.get("attribute_key") in TAKEN_KEYS[whole["attribute_model"]]:
            problems.append(("attribute_key", KEY_CONFLICT))
    if problems:
        invalid(*problems)


def create_definition(call: Call) -> Answer:
    call.need_admin()
    columns = _definition_columns(call, None)
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "custom_attribute_definitions",
        account_id=call.account_id,
        created_at=now,
        updated_at=now,
        **columns,
    )
    return _definition_view(must(call.shop, "custom_attribute_definitions", row_id))


def update_definition(call: Call) -> Answer:
    call.need_admin()
    row = in_account(call, "custom_attribute_definitions", call.path["definition_id"])
    columns = _definition_columns(call, row)
    call.shop.db.update(
        "custom_attribute_definitions", row["id"], **columns, updated_at=call.shop.now()
    )
    return _definition_view(must(call.shop, "custom_attribute_definitions", row["id"]))


def delete_definition(call: Call) -> Answer:
    call.need_admin()
    row = in_account(call, "custom_attribute_definitions", call.path["definition_id"])
    call.shop.db.delete("custom_attribute_definitions", row["id"])
    return empty(204)


def _filter_view(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "filter_type": row["filter_type"],
        "query": row["query"],
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
    }


def custom_filters(call: Call) -> Answer:
    kind = _enum(call.params.get("filter_type") or 0, FILTER_TYPES)
    rows = call.shop.db.where(
        "custom_filters",
        account_id=call.account_id,
        user_id=call.member["id"],
        filter_type=kind,
    )
    return [_filter_view(row) for row in rows]


def _own_filter(call: Call) -> Row:
    row = in_account(call, "custom_filters", call.path["filter_id"])
    if row["user_id"] != call.member["id"]:
        not_found()
    return row


def custom_filter(call: Call) -> Answer:
    return _filter_view(_own_filter(call))


def create_filter(call: Call) -> Answer:
    wanted = call.wrapped("custom_filter")
    limit = 1000 if call.shop.v4 else 50
    count: int = call.shop.db.value(
        "SELECT COUNT(*) FROM custom_filters WHERE account_id = ? AND user_id = ?",
        (call.account_id, call.member["id"]),
    )
    if count >= limit:
        unprocessable(
            f"Validation failed: Account Limit reached. The maximum number of allowed custom"
            f" filters for a user per account is {limit}."
        )
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "custom_filters",
        account_id=call.account_id,
        user_id=call.member["id"],
        name=text(wanted.get("name")),
        filter_type=_enum(wanted.get("filter_type") or 0, FILTER_TYPES),
        query=hash_of(wanted.get("query")),
        created_at=now,
        updated_at=now,
    )
    return _filter_view(must(call.shop, "custom_filters", row_id))


def update_filter(call: Call) -> Answer:
    row = _own_filter(call)
    wanted = call.wrapped("custom_filter")
    columns: dict[str, Any] = {}
    if "name" in wanted:
        columns["name"] = text(wanted["name"])
    if "filter_type" in wanted:
        columns["filter_type"] = _enum(wanted["filter_type"], FILTER_TYPES)
    if "query" in wanted:
        columns["query"] = hash_of(wanted["query"])
    call.shop.db.update("custom_filters", row["id"], **columns, updated_at=call.shop.now())
    return _filter_view(must(call.shop, "custom_filters", row["id"]))


def delete_filter(call: Call) -> Answer:
    call.shop.db.delete("custom_filters", _own_filter(call)["id"])
    return empty(204)


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
D = f"{A}/custom_attribute_definitions"
F = f"{A}/custom_filters"
ROUTES = [
    Route("GET", f"{A}/webhooks", webhooks),
    Route("POST", f"{A}/webhooks", create_webhook),
    Route("PATCH", f"{A}/webhooks/{{webhook_id}}", update_webhook),
    Route("PUT", f"{A}/webhooks/{{webhook_id}}", update_webhook),
    Route("DELETE", f"{A}/webhooks/{{webhook_id}}", delete_webhook),
    Route("GET", D, definitions),
    Route("POST", D, create_definition),
    Route("GET", f"{D}/{{definition_id}}", definition),
    Route("PATCH", f"{D}/{{definition_id}}", update_definition),
    Route("PUT", f"{D}/{{definition_id}}", update_definition),
    Route("DELETE", f"{D}/{{definition_id}}", delete_definition),
    Route("GET", F, custom_filters),
    Route("POST", F, create_filter),
    Route("GET", f"{F}/{{filter_id}}", custom_filter),
    Route("PATCH", f"{F}/{{filter_id}}", update_filter),
    Route("PUT", f"{F}/{{filter_id}}", update_filter),
    Route("DELETE", f"{F}/{{filter_id}}", delete_filter),
    Route("GET", f"{A}/notification_settings", notification_settings),
    Route("PATCH", f"{A}/notification_settings", update_notification_settings),
    Route("PUT", f"{A}/notification_settings", update_notification_settings),
]
