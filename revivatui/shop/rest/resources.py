"""Teams, labels, canned responses (contract 5.2, 5.4)."""

from __future__ import annotations

import re
from typing import Any

from revivatui.shop import events
from revivatui.shop.actions.labels import rename_later
from revivatui.shop.db import Row
from revivatui.shop.queries import must, team_members, users_by_id
from revivatui.shop.render import people
from revivatui.shop.render.times import iso
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import Answer, Call, CallError, Route, empty, invalid
from revivatui.shop.rest.params import boolean, integer_list, text

_TITLE = re.compile(r"[\w-]+")


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


def _label_view(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "title", "description", "color", "show_on_sidebar")}


def labels(call: Call) -> Answer:
    rows = call.shop.db.all(
        "SELECT * FROM labels WHERE account_id = ? ORDER BY title", (call.account_id,)
    )
    return {"payload": [_label_view(row) for row in rows]}


def label(call: Call) -> Answer:
    call.need_admin()
    return _label_view(in_account(call, "labels", call.path["label_id"]))


def _label_columns(call: Call, own_id: int | None) -> dict[str, Any]:
    wanted = call.wrapped("label")
    columns: dict[str, Any] = {
        name: text(wanted[name]) for name in ("description", "color") if name in wanted
    }
    if "show_on_sidebar" in wanted:
        columns["show_on_sidebar"] = boolean(wanted["show_on_sidebar"])
    if "title" in wanted or own_id is None:
        title = (text(wanted.get("title")) or "").lower()
        if not title:
            invalid(("title", "Title must not be blank"), ("title", "Title is invalid"))
        if not _TITLE.fullmatch(title):
            invalid(("title", "Title is invalid"))
        taken = call.shop.db.find("labels", account_id=call.account_id, title=title)
        if taken is not None and taken["id"] != own_id:
            invalid(("title", "Title has already been taken"))
        columns["title"] = title
    return columns


def create_label(call: Call) -> Answer:
    call.need_admin()
    columns = _label_columns(call, None)
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "labels", account_id=call.account_id, created_at=now, updated_at=now, **columns
    )
    events.cache_invalidated(call.shop, call.account_id, "label")
    return _label_view(must(call.shop, "labels", row_id))


def update_label(call: Call) -> Answer:
    call.need_admin()
    row = in_account(call, "labels", call.path["label_id"])
    columns = _label_columns(call, row["id"])
    call.shop.db.update("labels", row["id"], **columns, updated_at=call.shop.now())
    events.cache_invalidated(call.shop, call.account_id, "label")
    if columns.get("title", row["title"]) != row["title"]:
        rename_later(call.shop, call.account_id, row["title"], columns["title"])
    return _label_view(must(call.shop, "labels", row["id"]))


def delete_label(call: Call) -> Answer:
    """The label is no longer offered; conversations and contacts that have it keep it."""
    call.need_admin()
    row = in_account(call, "labels", call.path["label_id"])
    call.shop.db.delete("labels", row["id"])
    events.cache_invalidated(call.shop, call.account_id, "label")
    return empty()


def _canned_view(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "account_id": row["account_id"],
        "short_code": row["short_code"],
        "content": row["content"],
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
    }


def canned_responses(call: Call) -> Answer:
    """All in storage order (an edited row moves last), or those found, short codes first."""
    search = text(call.params.get("search"))
    if not search:
        rows = call.shop.db.all(
            "SELECT * FROM canned_responses WHERE account_id = ? ORDER BY updated_at, id",
            (call.account_id,),
        )
        return [_canned_view(row) for row in rows]
    word = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = call.shop.db.all(
        "SELECT * FROM canned_responses WHERE account_id = :account AND"
        " (short_code LIKE :inside ESCAPE '\\' OR content LIKE :inside ESCAPE '\\')"
        " ORDER BY CASE WHEN short_code LIKE :start ESCAPE '\\' THEN 0"
        " WHEN short_code LIKE :inside ESCAPE '\\' THEN 1 ELSE 2 END, id",
        {"account": call.account_id, "inside": f"%{word}%", "start": f"{word}%"},
    )
    return [_canned_view(row) for row in rows]


def _canned_columns(call: Call, own: Row | None) -> dict[str, Any]:
    wanted = call.wrapped("canned_response")
    columns: dict[str, Any] = {
        name: text(wanted[name]) for name in ("short_code", "content") if name in wanted
    }
    whole: dict[str, Any] = {**(own or {}), **columns}
    problems: list[tuple[str, str]] = []
    if not (whole.get("content") or "").strip():
        problems.append(("content", "Content can't be blank"))
    if not (whole.get("short_code") or "").strip():
        problems.append(("short_code", "Short code can't be blank"))
    taken = call.shop.db.find(
        "canned_responses", account_id=call.account_id, short_code=whole.get("short_code")
    )
    if taken is not None and (own is None or taken["id"] != own["id"]):
        problems.append(("short_code", "Short code has already been taken"))
    if problems:
        invalid(*problems)
    return columns


def create_canned(call: Call) -> Answer:
    columns = _canned_columns(call, None)
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "canned_responses", account_id=call.account_id, created_at=now, updated_at=now, **columns
    )
    return _canned_view(must(call.shop, "canned_responses", row_id))


def update_canned(call: Call) -> Answer:
    row = in_account(call, "canned_responses", call.path["canned_id"])
    columns = _canned_columns(call, row)
    call.shop.db.update("canned_responses", row["id"], **columns, updated_at=call.shop.now())
    return _canned_view(must(call.shop, "canned_responses", row["id"]))


def delete_canned(call: Call) -> Answer:
    row = in_account(call, "canned_responses", call.path["canned_id"])
    call.shop.db.delete("canned_responses", row["id"])
    return empty()


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
    Route("GET", f"{A}/labels", labels),
    Route("POST", f"{A}/labels", create_label),
    Route("GET", f"{A}/labels/{{label_id}}", label),
    Route("PATCH", f"{A}/labels/{{label_id}}", update_label),
    Route("PUT", f"{A}/labels/{{label_id}}", update_label),
    Route("DELETE", f"{A}/labels/{{label_id}}", delete_label),
    Route("GET", f"{A}/canned_responses", canned_responses),
    Route("POST", f"{A}/canned_responses", create_canned),
    Route("PATCH", f"{A}/canned_responses/{{canned_id}}", update_canned),
    Route("PUT", f"{A}/canned_responses/{{canned_id}}", update_canned),
    Route("DELETE", f"{A}/canned_responses/{{canned_id}}", delete_canned),
]
