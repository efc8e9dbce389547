"""Labels (contract 5.4)."""

from __future__ import annotations

import re
from typing import Any

from revivatui.shop import events
from revivatui.shop.actions.labels import rename_later
from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import Answer, Call, Route, empty, invalid
from revivatui.shop.rest.params import boolean, text

_TITLE = re.compile(r"[\w-]+")


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


A = "/api/v1/accounts/{account_id}"
ROUTES = [
    Route("GET", f"{A}/labels", labels),
    Route("POST", f"{A}/labels", create_label),
    Route("GET", f"{A}/labels/{{label_id}}", label),
    Route("PATCH", f"{A}/labels/{{label_id}}", update_label),
    Route("PUT", f"{A}/labels/{{label_id}}", update_label),
    Route("DELETE", f"{A}/labels/{{label_id}}", delete_label),
]
