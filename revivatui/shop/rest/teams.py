"""Teams and who is in them (contract 5.2)."""

from __future__ import annotations

from typing import Any

from revivatui.shop import events
from revivatui.shop.db import Row
from revivatui.shop.queries import must, team_members, users_by_id
from revivatui.shop.render import people
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import Answer, Call, CallError, Route, empty, invalid
from revivatui.shop.rest.params import boolean, integer_list, text


def _team_view(call: Call, row_id: int) -> Answer:
    return people.team(call.shop, must(call.shop, "teams", row_id), call.user)


def teams(call: Call) -> Answer:
    rows = call.shop.db.where("teams", account_id=call.account_id)
    return [people.team(call.shop, row, call.user) for row in rows]


def team(call: Call) -> Answer:
    return _team_view(call, in_account(call, "teams", call.path["team_id"])["id"])


def _team_columns(call: Call, wanted: dict[str, Any], own_id: int | None) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "name" in wanted or own_id is None:
        name = (text(wanted.get("name")) or "").lower()
        if not name:
            invalid(("name", "Name must not be blank"))
        taken = call.shop.db.find("teams", account_id=call.account_id, name=name)
        if taken is not None and taken["id"] != own_id:
            invalid(("name", "Name has already been taken"))
        columns["name"] = name
    if "description" in wanted:
        columns["description"] = text(wanted["description"])
    if "allow_auto_assign" in wanted:
        columns["allow_auto_assign"] = bool(boolean(wanted["allow_auto_assign"]))
    return columns


def create_team(call: Call) -> Answer:
    call.need_admin()
    columns = _team_columns(call, call.wrapped("team"), None)
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "teams", account_id=call.account_id, created_at=now, updated_at=now, **columns
    )
    events.cache_invalidated(call.shop, call.account_id, "team")
    return _team_view(call, row_id)


def update_team(call: Call) -> Answer:
    call.need_admin()
    row = in_account(call, "teams", call.path["team_id"])
    columns = _team_columns(call, call.wrapped("team"), row["id"])
    call.shop.db.update("teams", row["id"], **columns, updated_at=call.shop.now())
    events.cache_invalidated(call.shop, call.account_id, "team")
    return _team_view(call, row["id"])


def delete_team(call: Call) -> Answer:
    call.need_admin()
    row = in_account(call, "teams", call.path["team_id"])
    with call.shop.db.transaction():
        call.shop.db.execute("DELETE FROM team_members WHERE team_id = ?", (row["id"],))
        call.shop.db.execute(
            "UPDATE conversations SET team_id = NULL WHERE team_id = ?", (row["id"],)
        )
        call.shop.db.delete("teams", row["id"])
    events.cache_invalidated(call.shop, call.account_id, "team")
    return empty()


def _members(call: Call, user_ids: list[int]) -> Answer:
    return people.agents(call.shop, users_by_id(call.shop, user_ids), call.account_id)


def list_members(call: Call) -> Answer:
    row = in_account(call, "teams", call.path["team_id"])
    return _members(call, team_members(call.shop, row["id"]))


def _change(call: Call) -> tuple[Row, list[int], list[int]]:
    """The team, its members now, the users wanted. Raises CallError 401."""
    call.need_admin()
    row = in_account(call, "teams", call.path["team_id"])
    sent = call.params.get("user_ids")
    wanted = integer_list(sent)
    strangers = [user for user in wanted if _membership(call, user) is None]
    if strangers or not isinstance(sent, list) or any(isinstance(user, str) for user in sent):
        raise CallError(401, {"error": "Invalid User IDs"})
    return row, team_members(call.shop, row["id"]), wanted


def _membership(call: Call, user_id: int) -> Row | None:
    return people.membership(call.shop, user_id, call.account_id)


def add_members(call: Call) -> Answer:
    row, present, wanted = _change(call)
    added = [user for user in wanted if user not in present]
    _add(call, row, added)
    return _members(call, added)


def set_members(call: Call) -> Answer:
    row, present, wanted = _change(call)
    _drop(call, row, [user for user in present if user not in wanted])
    _add(call, row, [user for user in wanted if user not in present])
    return _members(call, team_members(call.shop, row["id"]))


def remove_members(call: Call) -> Answer:
    row, _, wanted = _change(call)
    _drop(call, row, wanted)
    return empty()


def _add(call: Call, row: Row, user_ids: list[int]) -> None:
    for user_id in user_ids:
        now = call.shop.now()
        call.shop.db.insert(
            "team_members", team_id=row["id"], user_id=user_id, created_at=now, updated_at=now
        )
    _told(call)


def _drop(call: Call, row: Row, user_ids: list[int]) -> None:
    for user_id in user_ids:
        call.shop.db.execute(
            "DELETE FROM team_members WHERE team_id = ? AND user_id = ?", (row["id"], user_id)
        )
    _told(call)


def _told(call: Call) -> None:
    """4.x tells of added and of removed members as of a changed team, even of none."""
    if call.shop.v4:
        events.cache_invalidated(call.shop, call.account_id, "team")


A = "/api/v1/accounts/{account_id}"
T = f"{A}/teams/{{team_id}}"
ROUTES = [
    Route("GET", f"{A}/teams", teams),
    Route("POST", f"{A}/teams", create_team),
    Route("GET", T, team),
    Route("PATCH", T, update_team),
    Route("PUT", T, update_team),
    Route("DELETE", T, delete_team),
    Route("GET", f"{T}/team_members", list_members),
    Route("POST", f"{T}/team_members", add_members),
    Route("PATCH", f"{T}/team_members", set_members),
    Route("PUT", f"{T}/team_members", set_members),
    Route("DELETE", f"{T}/team_members", remove_members),
]
