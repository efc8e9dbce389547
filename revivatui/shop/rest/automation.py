"""Automation rules, kept and checked as the server does (contract 5.5)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.actions import macros
from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render.times import MICROS
from revivatui.shop.rest.base import Answer, Call, CallError, Route, crash, empty
from revivatui.shop.rest.params import boolean, hash_of, integer, text

_CONDITIONS = """content email country_code status message_type browser_language assignee_id team_id
    referer city company inbox_id mail_subject phone_number priority conversation_language"""
CONDITIONS = frozenset(_CONDITIONS.split())
CONDITIONS_V4 = CONDITIONS | {"labels"}
MORE_ACTIONS = frozenset({"send_email_to_team", "send_webhook_event"})
MORE_ACTIONS_V4 = MORE_ACTIONS | {"open_conversation"}
TEXTS = ("name", "description", "event_name")


def _view(row: Row) -> dict[str, Any]:
    names = ("id", "account_id", "name", "description", "event_name", "conditions", "actions")
    view = {name: row[name] for name in names}
    return view | {"created_on": row["created_at"] // MICROS, "active": row["active"]}


def _rule_of(call: Call) -> Row:
    """The rule of the path; the server looks it up carelessly and fails where there is none."""
    call.need_admin()
    row = call.shop.db.find(
        "automation_rules", id=integer(call.path["rule_id"]), account_id=call.account_id
    )
    if row is None:
        crash()
    return row


def index(call: Call) -> Answer:
    call.need_admin()
    rows = call.shop.db.where("automation_rules", account_id=call.account_id)
    return {"payload": [_view(row) for row in rows]}


def show(call: Call) -> Answer:
    return {"payload": _view(_rule_of(call))}


def create(call: Call) -> Answer:
    """The new rule, bare where all others come under ``payload``."""
    call.need_admin()
    columns = _columns(call)
    for name in ("conditions", "actions"):
        columns.setdefault(name, None)
    _validate(call, columns)
    if any(columns.get(name) is None for name in ("name", "event_name", "conditions", "actions")):
        crash()
    return _view(must(call.shop, "automation_rules", _insert(call, columns)))


def update(call: Call) -> Answer:
    row = _rule_of(call)
    columns = _columns(call)
    _validate(call, columns)
    call.shop.db.update("automation_rules", row["id"], **columns, updated_at=call.shop.now())
    return {"payload": _view(must(call.shop, "automation_rules", row["id"]))}


def clone(call: Call) -> Answer:
    row = _rule_of(call)
    kept = {name: row[name] for name in (*TEXTS, "conditions", "actions", "active")}
    return {"payload": _view(must(call.shop, "automation_rules", _insert(call, kept)))}


def destroy(call: Call) -> Answer:
    call.shop.db.delete("automation_rules", _rule_of(call)["id"])
    return empty()


def _insert(call: Call, columns: dict[str, Any]) -> int:
    now = call.shop.now()
    return call.shop.db.insert(
        "automation_rules", account_id=call.account_id, created_at=now, updated_at=now, **columns
    )


def _columns(call: Call) -> dict[str, Any]:
    params = call.params
    columns: dict[str, Any] = {name: text(params[name]) for name in TEXTS if name in params}
    if params.get("active") is not None:
        columns["active"] = bool(boolean(params["active"]))
    for name in ("conditions", "actions"):
        if isinstance(params.get(name), list):
            columns[name] = [hash_of(one) for one in params[name]]
    return columns


def _validate(call: Call, columns: dict[str, Any]) -> None:
    """Unknown conditions and actions are refused by name; events are not looked at."""
    v4 = call.shop.v4
    problems: dict[str, list[str]] = {}
    conditions = columns.get("conditions") or []
    known = CONDITIONS_V4 if v4 else CONDITIONS
    known |= _custom_keys(call)
    if odd := _unknown(conditions, "attribute_key", known):
        problems.setdefault("conditions", []).append(f"Automation conditions {odd} not supported.")
    if sum(1 for one in conditions if one.get("query_operator") is None) > 1:
        problems.setdefault("conditions", []).append(
            "Automation conditions should have query operator."
        )
    doable = frozenset(macros.supported(call.shop)) | (MORE_ACTIONS_V4 if v4 else MORE_ACTIONS)
    if not v4:
        doable -= {"add_private_note"}
    if odd := _unknown(columns.get("actions") or [], "action_name", doable):
        problems["actions"] = [f"Automation actions {odd} not supported."]
    if problems:
        raise CallError(422, {"error": problems})


def _unknown(given: list[dict[str, Any]], key: str, known: frozenset[str]) -> str:
    """The names under ``key`` that are not known, each once, with commas between."""
    names = dict.fromkeys(str(one.get(key) or "") for one in given)
    return ",".join(name for name in names if name not in known)


def _custom_keys(call: Call) -> frozenset[str]:
    keys = call.shop.db.column(
        "SELECT attribute_key FROM custom_attribute_definitions WHERE account_id = ?",
        (call.account_id,),
    )
    return frozenset(keys)


R = "/api/v1/accounts/{account_id}/automation_rules"
ROUTES = [
    Route("GET", R, index),
    Route("POST", R, create),
    Route("GET", f"{R}/{{rule_id}}", show),
    Route("PATCH", f"{R}/{{rule_id}}", update),
    Route("PUT", f"{R}/{{rule_id}}", update),
    Route("DELETE", f"{R}/{{rule_id}}", destroy),
    Route("POST", f"{R}/{{rule_id}}/clone", clone),
]
