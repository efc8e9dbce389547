"""Webhooks of the account (contract 5.6)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.rest.access import in_account
from revivatui.shop.rest.base import (
    Answer,
    Call,
    Route,
    empty,
    invalid,
)
from revivatui.shop.rest.params import integer, string_list, text

SUBSCRIPTIONS = (
    "conversation_status_changed",
    "conversation_updated",
    "conversation_created",
    "contact_created",
    "contact_updated",
    "message_created",
    "message_updated",
    "webwidget_triggered",
)
SUBSCRIPTIONS_V4 = (
    "inbox_created",
    "inbox_updated",
    "conversation_typing_on",
    "conversation_typing_off",
)


def _webhook_view(call: Call, row: Row) -> dict[str, Any]:
    view: dict[str, Any] = {"id": row["id"]}
    if call.shop.v4:
        view["name"] = row["name"]
    view |= {
        "url": row["url"],
        "account_id": row["account_id"],
        "subscriptions": row["subscriptions"],
    }
    if inbox := call.shop.db.get("inboxes", row["inbox_id"]):
        view["inbox"] = {"id": inbox["id"], "name": inbox["name"]}
    return view


def webhooks(call: Call) -> Answer:
    call.need_admin()
    rows = call.shop.db.where("webhooks", account_id=call.account_id)
    return {"payload": {"webhooks": [_webhook_view(call, row) for row in rows]}}


def _webhook_columns(call: Call, own: Row | None) -> dict[str, Any]:
    wanted = call.wrapped("webhook")
    columns: dict[str, Any] = {name: text(wanted[name]) for name in ("url",) if name in wanted}
    if call.shop.v4 and "name" in wanted:
        columns["name"] = text(wanted["name"])
    if "inbox_id" in wanted:
        columns["inbox_id"] = integer(wanted["inbox_id"])
    if "subscriptions" in wanted or own is None:
        default = [*SUBSCRIPTIONS[:3], "message_created", "message_updated"]
        given = wanted.get("subscriptions")
        columns["subscriptions"] = string_list(given) if given is not None else default
    _validate_webhook(call, columns, own)
    return columns


def _validate_webhook(call: Call, columns: dict[str, Any], own: Row | None) -> None:
    problems: list[tuple[str, str]] = []
    if "url" in columns or own is None:
        url = columns.get("url")
        parts = urlsplit(url or "")
        taken = call.shop.db.find("webhooks", account_id=call.account_id, url=url)
        if taken is not None and (own is None or taken["id"] != own["id"]):
            problems.append(("url", "Url has already been taken"))
        if parts.scheme not in ("http", "https") or not parts.netloc:
            problems.append(("url", "Url is invalid"))
    if "subscriptions" in columns:
        known = SUBSCRIPTIONS + (SUBSCRIPTIONS_V4 if call.shop.v4 else ())
        given = columns["subscriptions"]
        if not given or not set(given) <= set(known):
            problems.append(("subscriptions", "Subscriptions Invalid events"))
    if problems:
        invalid(*problems)


def create_webhook(call: Call) -> Answer:
    call.need_admin()
    columns = _webhook_columns(call, None)
    now = call.shop.now()
    row_id = call.shop.db.insert(
        "webhooks", account_id=call.account_id, created_at=now, updated_at=now, **columns
    )
    row = must(call.shop, "webhooks", row_id)
    return {"payload": {"webhook": _webhook_view(call, row)}}


def update_webhook(call: Call) -> Answer:
    call.need_admin()
    row = in_account(call, "webhooks", call.path["webhook_id"])
    columns = _webhook_columns(call, row)
    call.shop.db.update("webhooks", row["id"], **columns, updated_at=call.shop.now())
    return {"payload": {"webhook": _webhook_view(call, must(call.shop, "webhooks", row["id"]))}}


def delete_webhook(call: Call) -> Answer:
    call.need_admin()
    call.shop.db.delete("webhooks", in_account(call, "webhooks", call.path["webhook_id"])["id"])
    return empty()


A = "/api/v1/accounts/{account_id}"
ROUTES = [
    Route("GET", f"{A}/webhooks", webhooks),
    Route("POST", f"{A}/webhooks", create_webhook),
    Route("PATCH", f"{A}/webhooks/{{webhook_id}}", update_webhook),
    Route("PUT", f"{A}/webhooks/{{webhook_id}}", update_webhook),
    Route("DELETE", f"{A}/webhooks/{{webhook_id}}", delete_webhook),
]
