"""Hooks: an integration app switched on for an account or an inbox (contract 5.6)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import Answer, Call, Route, crash, empty, invalid
from revivatui.shop.rest.integration_forms import settings_of
from revivatui.shop.rest.params import hash_of, integer, text

STATUSES = ("disabled", "enabled")
KINDS: dict[str, type] = {"string": str, "boolean": bool, "object": dict}
Problems = list[tuple[str, str]]


def view(call: Call, row: Row) -> dict[str, Any]:
    """A hook; settings and reference are for administrators."""
    inbox = call.shop.db.get("inboxes", row["inbox_id"])
    shown: dict[str, Any] = {
        "id": row["id"],
        "app_id": row["app_id"],
        "status": row["status"] == "enabled",
        "inbox": {"id": inbox["id"], "name": inbox["name"]} if inbox else None,
        "account_id": row["account_id"],
        "hook_type": row["hook_type"],
    }
    if call.is_admin:
        shown |= {"settings": row["settings"], "reference_id": row["reference_id"]}
    return shown


def hooks_of(call: Call, app_id: str) -> list[Row]:
    return call.shop.db.where("integrations_hooks", account_id=call.account_id, app_id=app_id)


def create(call: Call) -> Answer:
    call.need_admin()
    wanted = call.wrapped("hook")
    app_id = text(wanted.get("app_id")) or ""
    columns: dict[str, Any] = {"settings": {}, **_columns(wanted), "app_id": app_id}
    columns["hook_type"] = "inbox" if app_id == "dialogflow" else "account"
    inbox_id = integer(wanted.get("inbox_id"))
    inbox = call.shop.db.find("inboxes", id=inbox_id, account_id=call.account_id)
    columns["inbox_id"] = inbox["id"] if inbox else None
    problems = _settings_problems(call, app_id, columns["settings"])
    if not app_id:
        problems.append(("app_id", "App can't be blank"))
    if columns["hook_type"] == "inbox" and inbox is None:
        problems.append(("inbox_id", "Inbox can't be blank"))
    if app_id not in ("", "webhook", "dialogflow") and hooks_of(call, app_id):
        problems.append(("app_id", "App has already been taken"))
    if problems:
        invalid(*problems)
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "integrations_hooks", account_id=call.account_id, created_at=now, updated_at=now, **columns
    )
    return view(call, must(call.shop, "integrations_hooks", row_id))


def _hook_of(call: Call) -> Row:
    call.need_admin()
    return in_account(call, "integrations_hooks", call.path["hook_id"])


def update(call: Call) -> Answer:
    """Status and settings; the settings sent take the place of all that were there."""
    row = _hook_of(call)
    columns = _columns(call.wrapped("hook"))
    if problems := _settings_problems(call, row["app_id"], columns.get("settings")):
        invalid(*problems)
    call.shop.db.update("integrations_hooks", row["id"], **columns, updated_at=call.shop.now())
    return view(call, must(call.shop, "integrations_hooks", row["id"]))


def destroy(call: Call) -> Answer:
    call.shop.db.delete("integrations_hooks", _hook_of(call)["id"])
    return empty()


def _columns(wanted: dict[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if (status := wanted.get("status")) is not None:
        named = STATUSES[status] if status in (0, 1) and status is not True else status
        if named not in STATUSES:
            crash()
        columns["status"] = named
    if "settings" in wanted:
        columns["settings"] = hash_of(wanted["settings"])
    return columns


def _settings_problems(call: Call, app_id: str, settings: dict[str, Any] | None) -> Problems:
    """Settings must be what the app's form asks for, and no more."""
    schema = settings_of(call, app_id)
    if settings is None or schema is None:
        return []
    fields: dict[str, dict[str, str]] = schema["settings_json_schema"]["properties"]
    missing = set(schema["settings_json_schema"]["required"]) - settings.keys()
    fits = settings.keys() <= fields.keys() and all(
        isinstance(value, KINDS[fields[name]["type"]]) for name, value in settings.items()
    )
    return [] if fits and not missing else [("settings", "Settings : Invalid settings data")]


H = "/api/v1/accounts/{account_id}/integrations/hooks"
ROUTES = [
    Route("POST", H, create),
    Route("PATCH", f"{H}/{{hook_id}}", update),
    Route("PUT", f"{H}/{{hook_id}}", update),
    Route("DELETE", f"{H}/{{hook_id}}", destroy),
]
