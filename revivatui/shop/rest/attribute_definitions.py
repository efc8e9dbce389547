"""Custom attributes that the account has defined (contract 5.5)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render.times import iso
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import (
    Answer,
    Call,
    Route,
    empty,
    invalid,
)
from revivatui.shop.rest.enums import enum_name
from revivatui.shop.rest.params import string_list, text

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
        model = enum_name(wanted, MODELS)
        rows = [row for row in rows if row["attribute_model"] == model]
    return [_definition_view(row) for row in rows]


def definition(call: Call) -> Answer:
    return _definition_view(
        in_account(call, "custom_attribute_definitions", call.path["definition_id"])
    )


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
        columns["attribute_display_type"] = enum_name(
            wanted["attribute_display_type"], DISPLAY_TYPES
        )
    if wanted.get("attribute_model") is not None:
        columns["attribute_model"] = enum_name(wanted["attribute_model"], MODELS)
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
    is_taken = whole.get("attribute_key") in TAKEN_KEYS[whole["attribute_model"]]
    if call.shop.v4 and own is None and is_taken:
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


A = "/api/v1/accounts/{account_id}"
D = f"{A}/custom_attribute_definitions"
ROUTES = [
    Route("GET", D, definitions),
    Route("POST", D, create_definition),
    Route("GET", f"{D}/{{definition_id}}", definition),
    Route("PATCH", f"{D}/{{definition_id}}", update_definition),
    Route("PUT", f"{D}/{{definition_id}}", update_definition),
    Route("DELETE", f"{D}/{{definition_id}}", delete_definition),
]
