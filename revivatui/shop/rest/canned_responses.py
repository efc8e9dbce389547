"""Canned responses (contract 5.4)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render.times import iso
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import Answer, Call, Route, empty, invalid
from revivatui.shop.rest.params import text


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
ROUTES = [
    Route("GET", f"{A}/canned_responses", canned_responses),
    Route("POST", f"{A}/canned_responses", create_canned),
    Route("PATCH", f"{A}/canned_responses/{{canned_id}}", update_canned),
    Route("PUT", f"{A}/canned_responses/{{canned_id}}", update_canned),
    Route("DELETE", f"{A}/canned_responses/{{canned_id}}", delete_canned),
]
