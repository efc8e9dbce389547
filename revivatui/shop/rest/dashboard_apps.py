"""Pages of one's own beside a conversation (contract 5.6)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render.times import iso
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import Answer, Call, Route, crash, empty, invalid
from revivatui.shop.rest.params import hash_of, text


def _view(row: Row) -> dict[str, Any]:
    view = {"id": row["id"], "title": row["title"], "content": row["pages"]}
    return view | {"created_at": iso(row["created_at"])}


def index(call: Call) -> Answer:
    rows = call.shop.db.where("dashboard_apps", account_id=call.account_id)
    return [_view(row) for row in rows]


def _app_of(call: Call) -> Row:
    return in_account(call, "dashboard_apps", call.path["app_id"])


def show(call: Call) -> Answer:
    return _view(_app_of(call))


def create(call: Call) -> Answer:
    columns = {"title": None, "pages": None, **_columns(call)}
    _validate(columns)
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "dashboard_apps",
        account_id=call.account_id,
        user_id=call.member["id"],
        created_at=now,
        updated_at=now,
        **columns,
    )
    return _view(must(call.shop, "dashboard_apps", row_id))


def update(call: Call) -> Answer:
    row = _app_of(call)
    columns = _columns(call)
    _validate({**row, **columns})
    call.shop.db.update("dashboard_apps", row["id"], **columns, updated_at=call.shop.now())
    return _view(must(call.shop, "dashboard_apps", row["id"]))


def destroy(call: Call) -> Answer:
    call.shop.db.delete("dashboard_apps", _app_of(call)["id"])
    return empty(204)


def _columns(call: Call) -> dict[str, Any]:
    wanted = call.wrapped("dashboard_app")
    columns: dict[str, Any] = {}
    if "title" in wanted:
        columns["title"] = text(wanted["title"])
    if isinstance(wanted.get("content"), list):
        columns["pages"] = [_page(hash_of(page)) for page in wanted["content"]]
    return columns


def _page(given: dict[str, Any]) -> dict[str, Any]:
    return {name: text(given[name]) for name in ("url", "type") if name in given}


def _validate(whole: dict[str, Any]) -> None:
    pages = whole["pages"]
    if pages is None or not all(_is_frame(page) for page in pages):
        invalid(("content", "Content : Invalid data"))
    if whole["title"] is None:
        crash()


def _is_frame(page: dict[str, Any]) -> bool:
    parts = urlsplit(page.get("url") or "")
    return page.get("type") == "frame" and bool(parts.scheme and parts.netloc)


D = "/api/v1/accounts/{account_id}/dashboard_apps"
ROUTES = [
    Route("GET", D, index),
    Route("POST", D, create),
    Route("GET", f"{D}/{{app_id}}", show),
    Route("PATCH", f"{D}/{{app_id}}", update),
    Route("PUT", f"{D}/{{app_id}}", update),
    Route("DELETE", f"{D}/{{app_id}}", destroy),
]
