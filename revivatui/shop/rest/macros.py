"""Macros and bulk actions (contract 5.4, 5.8)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.actions import contacts, conversations, macros
from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render import people
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import (
    Answer,
    Call,
    CallError,
    Route,
    crash,
    empty,
    forbidden_role,
    unprocessable,
)
from revivatui.shop.rest.params import hash_of, integer, integer_list, string_list, text
from revivatui.shop.rest.reading import read_moment

VISIBILITIES = ("personal", "global")


def _view(call: Call, row: Row) -> dict[str, Any]:
    view: dict[str, Any] = {
        "id": row["id"],
        "name": row["name"],
        "visibility": row["visibility"],
    }
    for name in ("created_by", "updated_by"):
        if user := call.shop.db.get("users", row[f"{name}_id"]):
            view[name] = people.agent(call.shop, user, call.account_id)
    return view | {"account_id": row["account_id"], "actions": row["actions"]}


def index(call: Call) -> Answer:
    rows = call.shop.db.all(
        "SELECT * FROM macros WHERE account_id = ? AND (visibility = 'global'"
        " OR created_by_id = ?) ORDER BY id",
        (call.account_id, call.member["id"]),
    )
    return {"payload": [_view(call, row) for row in rows]}


def _macro_of(call: Call, *, to_change: bool = False) -> Row:
    row = in_account(call, "macros", call.path["macro_id"])
    own = row["created_by_id"] == call.member["id"]
    is_global = row["visibility"] == "global"
    if not own and not (is_global and (call.is_admin or not to_change)):
        forbidden_role()
    if to_change and is_global and not call.is_admin:
        forbidden_role()
    return row


def show(call: Call) -> Answer:
    return {"payload": _view(call, _macro_of(call))}


def _columns(call: Call, params: dict[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "name" in params:
        columns["name"] = text(params["name"])
    if "actions" in params:
        columns["actions"] = _actions(call, params["actions"])
    if params.get("visibility") in VISIBILITIES:
        columns["visibility"] = params["visibility"] if call.is_admin else "personal"
    return columns


def _actions(call: Call, given: Any) -> list[dict[str, Any]]:
    actions = [hash_of(action) for action in given] if isinstance(given, list) else []
    names = [str(action.get("action_name")) for action in actions]
    unknown = [name for name in names if name not in macros.supported(call.shop)]
    if unknown:
        problem = f"Macro execution actions {','.join(unknown)} not supported."
        raise CallError(422, {"error": {"actions": [problem]}})
    return [
        {"action_name": name, "action_params": action.get("action_params") or []}
        for name, action in zip(names, actions, strict=True)
    ]


def create(call: Call) -> Answer:
    params = hash_of(call.params.get("macro")) or call.params
    columns = {"actions": [], "visibility": "personal", **_columns(call, params)}
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "macros",
        account_id=call.account_id,
        created_by_id=call.member["id"],
        updated_by_id=call.member["id"],
        created_at=now,
        updated_at=now,
        **columns,
    )
    return {"payload": _view(call, must(call.shop, "macros", row_id))}


def update(call: Call) -> Answer:
    row = _macro_of(call, to_change=True)
    columns = _columns(call, hash_of(call.params.get("macro")) or call.params)
    call.shop.db.update(
        "macros",
        row["id"],
        **columns,
        updated_by_id=call.member["id"],
        updated_at=call.shop.now(),
    )
    return {"payload": _view(call, must(call.shop, "macros", row["id"]))}


def destroy(call: Call) -> Answer:
    call.shop.db.delete("macros", _macro_of(call, to_change=True)["id"])
    return empty()


def execute(call: Call) -> Answer:
    row = _macro_of(call)
    found = (
        call.shop.db.find("conversations", account_id=call.account_id, display_id=number)
        for number in integer_list(call.params.get("conversation_ids"))
    )
    ids = [one["id"] for one in found if one is not None]
    macros.execute_later(call.shop, row, call.member, ids)
    return empty()


def bulk(call: Call) -> Answer:
    kind = text(call.params.get("type")) or ""
    if call.shop.v4:
        kind = kind[:1].upper() + kind[1:]
    if kind == "Conversation":
        macros.bulk_later(call.shop, call.account_id, call.member, _bulk_params(call))
    elif kind == "Contact" and call.shop.v4:
        _bulk_contacts(call)
    else:
        raise CallError(422, {"success": False})
    return empty()


def _bulk_params(call: Call) -> dict[str, Any]:
    labels = hash_of(call.params.get("labels"))
    fields = hash_of(call.params.get("fields"))
    wanted: dict[str, Any] = {}
    if fields.get("status") is not None:
        if fields["status"] not in conversations.STATUSES:
            crash()
        wanted["status"] = fields["status"]
    for name in ("assignee_id", "team_id"):
        if fields.get(name) is not None:
            wanted[name] = integer(fields[name]) or None
    return {
        "ids": integer_list(call.params.get("ids")),
        "add_labels": string_list(labels.get("add")),
        "remove_labels": string_list(labels.get("remove")),
        "fields": wanted,
        "snoozed_until": read_moment(call.params.get("snoozed_until")),
    }


def _bulk_contacts(call: Call) -> None:
    shop, ids = call.shop, integer_list(call.params.get("ids"))
    added = string_list(hash_of(call.params.get("labels")).get("add"))
    delete = call.params.get("action_name") == "delete"
    if delete:
        call.need_admin()
    elif not added:
        unprocessable("Invalid action")

    def run() -> None:
        for row_id in ids:
            row = shop.db.get("contacts", row_id)
            if row is None or row["account_id"] != call.account_id:
                continue
            if delete:
                contacts.delete_contact(shop, row)
            else:
                contacts.set_labels(shop, row, [*contacts.labels_of(shop, row_id), *added])

    shop.worker.enqueue("bulk", run)


A = "/api/v1/accounts/{account_id}"
M = f"{A}/macros/{{macro_id}}"
ROUTES = [
    Route("GET", f"{A}/macros", index),
    Route("POST", f"{A}/macros", create),
    Route("GET", M, show),
    Route("PATCH", M, update),
    Route("PUT", M, update),
    Route("DELETE", M, destroy),
    Route("POST", f"{M}/execute", execute),
    Route("POST", f"{A}/bulk_actions", bulk),
]
