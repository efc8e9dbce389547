"""Saved views, each its owner's (contract 5.5)."""

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
    not_found,
    unprocessable,
)
from revivatui.shop.rest.enums import enum_name
from revivatui.shop.rest.params import hash_of, text

FILTER_TYPES = ("conversation", "contact", "report")


def _filter_view(row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "filter_type": row["filter_type"],
        "query": row["query"],
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["updated_at"]),
    }


def custom_filters(call: Call) -> Answer:
    kind = enum_name(call.params.get("filter_type") or 0, FILTER_TYPES)
    rows = call.shop.db.where(
        "custom_filters",
        account_id=call.account_id,
        user_id=call.member["id"],
        filter_type=kind,
    )
    return [_filter_view(row) for row in rows]


def _own_filter(call: Call) -> Row:
    row = in_account(call, "custom_filters", call.path["filter_id"])
    if row["user_id"] != call.member["id"]:
        not_found()
    return row


def custom_filter(call: Call) -> Answer:
    return _filter_view(_own_filter(call))


def create_filter(call: Call) -> Answer:
    wanted = call.wrapped("custom_filter")
    limit = 1000 if call.shop.v4 else 50
    count: int = call.shop.db.value(
        "SELECT COUNT(*) FROM custom_filters WHERE account_id = ? AND user_id = ?",
        (call.account_id, call.member["id"]),
    )
    if count >= limit:
        unprocessable(
            f"Validation failed: Account Limit reached. The maximum number of allowed custom"
            f" filters for a user per account is {limit}."
        )
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "custom_filters",
        account_id=call.account_id,
        user_id=call.member["id"],
        name=text(wanted.get("name")),
        filter_type=enum_name(wanted.get("filter_type") or 0, FILTER_TYPES),
        query=hash_of(wanted.get("query")),
        created_at=now,
        updated_at=now,
    )
    return _filter_view(must(call.shop, "custom_filters", row_id))


def update_filter(call: Call) -> Answer:
    row = _own_filter(call)
    wanted = call.wrapped("custom_filter")
    columns: dict[str, Any] = {}
    if "name" in wanted:
        columns["name"] = text(wanted["name"])
    if "filter_type" in wanted:
        columns["filter_type"] = enum_name(wanted["filter_type"], FILTER_TYPES)
    if "query" in wanted:
        columns["query"] = hash_of(wanted["query"])
    call.shop.db.update("custom_filters", row["id"], **columns, updated_at=call.shop.now())
    return _filter_view(must(call.shop, "custom_filters", row["id"]))


def delete_filter(call: Call) -> Answer:
    call.shop.db.delete("custom_filters", _own_filter(call)["id"])
    return empty(204)


A = "/api/v1/accounts/{account_id}"
F = f"{A}/custom_filters"
ROUTES = [
    Route("GET", F, custom_filters),
    Route("POST", F, create_filter),
    Route("GET", f"{F}/{{filter_id}}", custom_filter),
    Route("PATCH", f"{F}/{{filter_id}}", update_filter),
    Route("PUT", f"{F}/{{filter_id}}", update_filter),
    Route("DELETE", f"{F}/{{filter_id}}", delete_filter),
]
