"""Assignment policies and the inboxes that follow one, 4.x (contract 5.9)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render import inboxes as views
from revivatui.shop.render.times import seconds
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import Answer, Call, CallError, Route, crash, empty, invalid
from revivatui.shop.rest.enums import enum_name
from revivatui.shop.rest.params import boolean, integer, text

ORDERS = ("round_robin", "balanced")
PRIORITIES = ("earliest_created", "longest_waiting")
NUMBERS = ("fair_distribution_limit", "fair_distribution_window")
SHOWN = (
    "id",
    "name",
    "description",
    "assignment_order",
    "conversation_priority",
    *NUMBERS,
    "enabled",
)
LARGEST = 2**31


def _view(call: Call, row: Row) -> dict[str, Any]:
    view = {name: row[name] for name in SHOWN}
    view["assigned_inbox_count"] = len(_inboxes_of(call, row))
    return view | {name: seconds(row[name]) for name in ("created_at", "updated_at")}


def _inboxes_of(call: Call, row: Row) -> list[Row]:
    return call.shop.db.all(
        "SELECT inboxes.* FROM inboxes JOIN inbox_assignment_policies AS placed"
        " ON placed.inbox_id = inboxes.id WHERE placed.assignment_policy_id = ?"
        " ORDER BY inboxes.id",
        (row["id"],),
    )


def _policy_of(call: Call, policy_id: Any) -> Row:
    return in_account(call, "assignment_policies", policy_id)


def index(call: Call) -> Answer:
    call.need_admin()
    rows = call.shop.db.where("assignment_policies", account_id=call.account_id)
    return [_view(call, row) for row in rows]


def show(call: Call) -> Answer:
    call.need_admin()
    return _view(call, _policy_of(call, call.path["policy_id"]))


def create(call: Call) -> Answer:
    call.need_admin()
    columns = _columns(call, None)
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "assignment_policies", account_id=call.account_id, created_at=now, updated_at=now, **columns
    )
    return _view(call, must(call.shop, "assignment_policies", row_id))


def update(call: Call) -> Answer:
    call.need_admin()
    row = _policy_of(call, call.path["policy_id"])
    columns = _columns(call, row)
    call.shop.db.update("assignment_policies", row["id"], **columns, updated_at=call.shop.now())
    return _view(call, must(call.shop, "assignment_policies", row["id"]))


def destroy(call: Call) -> Answer:
    call.need_admin()
    row = _policy_of(call, call.path["policy_id"])
    call.shop.db.execute(
        "DELETE FROM inbox_assignment_policies WHERE assignment_policy_id = ?", (row["id"],)
    )
    call.shop.db.delete("assignment_policies", row["id"])
    return empty()


def _columns(call: Call, own: Row | None) -> dict[str, Any]:
    wanted = call.wrapped("assignment_policy")
    columns: dict[str, Any] = {
        name: text(wanted[name]) for name in ("name", "description") if name in wanted
    }
    for name, known in (("assignment_order", ORDERS), ("conversation_priority", PRIORITIES)):
        if wanted.get(name) is not None:
            columns[name] = enum_name(wanted[name], known)
    if wanted.get("enabled") is not None:
        columns["enabled"] = bool(boolean(wanted["enabled"]))
    problems = _name_problems(call, {"name": None, **(own or {}), **columns}, own)
    for name in NUMBERS:
        if name in wanted:
            columns[name] = integer(wanted[name])
            problems += _number_problems(name, columns[name])
    if problems:
        invalid(*problems)
    return columns


def _name_problems(call: Call, whole: Row, own: Row | None) -> list[tuple[str, str]]:
    name = whole["name"]
    if not (name or "").strip():
        return [("name", "Name can't be blank")]
    taken = call.shop.db.find("assignment_policies", account_id=call.account_id, name=name)
    if taken is not None and (own is None or taken["id"] != own["id"]):
        return [("name", "Name has already been taken")]
    return []


def _number_problems(name: str, number: int | None) -> list[tuple[str, str]]:
    said = name.replace("_", " ").capitalize()
    if number is None:
        return [(name, f"{said} is not a number")]
    if number >= LARGEST:
        crash()
    return [] if number > 0 else [(name, f"{said} must be greater than 0")]


def inboxes(call: Call) -> Answer:
    call.need_admin()
    rows = _inboxes_of(call, _policy_of(call, call.path["policy_id"]))
    return {"inboxes": [views.inbox(call.shop, row, admin=True) for row in rows]}


def _inbox(call: Call) -> Row:
    call.need_admin()
    return in_account(call, "inboxes", call.path["inbox_id"])


def of_inbox(call: Call) -> Answer:
    inbox = _inbox(call)
    placed = call.shop.db.find("inbox_assignment_policies", inbox_id=inbox["id"])
    if placed is None:
        raise CallError(404, {"error": "Assignment policy not found"})
    return _view(call, must(call.shop, "assignment_policies", placed["assignment_policy_id"]))


def set_of_inbox(call: Call) -> Answer:
    """The inbox follows this policy from now on, and no other."""
    inbox = _inbox(call)
    policy = _policy_of(call, call.params.get("assignment_policy_id"))
    _let_go(call, inbox)
    now = call.shop.now()
    call.shop.db.insert(
        "inbox_assignment_policies",
        inbox_id=inbox["id"],
        assignment_policy_id=policy["id"],
        created_at=now,
        updated_at=now,
    )
    return _view(call, policy)


def remove_from_inbox(call: Call) -> Answer:
    _let_go(call, _inbox(call))
    return empty()


def _let_go(call: Call, inbox: Row) -> None:
    call.shop.db.execute("DELETE FROM inbox_assignment_policies WHERE inbox_id = ?", (inbox["id"],))


A = "/api/v1/accounts/{account_id}"
P = f"{A}/assignment_policies"
PLACED = f"{A}/inboxes/{{inbox_id}}/assignment_policy"
ROUTES = [
    Route("GET", P, index, since="4"),
    Route("POST", P, create, since="4"),
    Route("GET", f"{P}/{{policy_id}}", show, since="4"),
    Route("PATCH", f"{P}/{{policy_id}}", update, since="4"),
    Route("PUT", f"{P}/{{policy_id}}", update, since="4"),
    Route("DELETE", f"{P}/{{policy_id}}", destroy, since="4"),
    Route("GET", f"{P}/{{policy_id}}/inboxes", inboxes, since="4"),
    Route("GET", PLACED, of_inbox, since="4"),
    Route("POST", PLACED, set_of_inbox, since="4"),
    Route("DELETE", PLACED, remove_from_inbox, since="4"),
]
