"""The caller's notifications (contract 5.7)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.actions import notifications
from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render.notifications import notification_view
from revivatui.shop.render.times import iso
from revivatui.shop.rest.base import Answer, Call, Route, empty, not_found
from revivatui.shop.rest.params import integer, string_list, text
from revivatui.shop.rest.reading import read_moment

PER_PAGE = 15


def index(call: Call) -> Answer:
    """Unread and not snoozed unless ``includes`` says otherwise; ``count`` is of these."""
    includes = string_list(call.params.get("includes"))
    where = ["user_id = ?", "account_id = ?"]
    if "read" not in includes:
        where.append("read_at IS NULL")
    if "snoozed" not in includes:
        where.append("snoozed_until IS NULL")
    clause = " AND ".join(where)
    values = (call.member["id"], call.account_id)
    total: int = call.shop.db.value(f"SELECT COUNT(*) FROM notifications WHERE {clause}", values)
    unread: int = call.shop.db.value(
        f"SELECT COUNT(*) FROM notifications WHERE {clause} AND read_at IS NULL", values
    )
    page = max(1, integer(call.params.get("page")) or 1)
    order = "ASC" if call.params.get("sort_order") == "asc" else "DESC"
    rows = call.shop.db.all(
        f"SELECT * FROM notifications WHERE {clause} ORDER BY last_activity_at {order}"
        f" LIMIT {PER_PAGE} OFFSET {(page - 1) * PER_PAGE}",
        values,
    )
    # An integer 1 only when no page was asked for, else the text that was sent.
    shown: Any = call.params.get("page") or 1
    return {
        "data": {
            "meta": {"unread_count": unread, "count": total, "current_page": shown},
            "payload": [notification_view(call.shop, row) for row in rows],
        }
    }


def unread_count(call: Call) -> Answer:
    return notifications.counts(call.shop, call.member["id"], call.account_id)[0]


def read_all(call: Call) -> Answer:
    """Marks in bulk: nobody is told."""
    where = "user_id = ? AND account_id = ? AND read_at IS NULL"
    values: list[Any] = [call.member["id"], call.account_id]
    if call.params.get("primary_actor_id"):
        where += " AND primary_actor_type = ? AND primary_actor_id = ?"
        values += [
            text(call.params.get("primary_actor_type")),
            integer(call.params["primary_actor_id"]),
        ]
    call.shop.db.execute(
        f"UPDATE notifications SET read_at = ? WHERE {where}", [call.shop.now(), *values]
    )
    return empty()


def _own(call: Call) -> Row:
    row = call.shop.db.get("notifications", call.number("notification_id"))
    if row is None or row["user_id"] != call.member["id"]:
        not_found()
    return row


def _change(call: Call, **columns: Any) -> Answer:
    row = _own(call)
    call.shop.db.update("notifications", row["id"], **columns, updated_at=call.shop.now())
    row = must(call.shop, "notifications", row["id"])
    notifications.tell(call.shop, "notification.updated", row)
    return _raw(row)


def _raw(row: Row) -> dict[str, Any]:
    times = {
        name: iso(row[name])
        for name in ("read_at", "snoozed_until", "last_activity_at", "created_at", "updated_at")
    }
    return {**row, **times}


def update(call: Call) -> Answer:
    return _change(call, read_at=call.shop.now())


def unread(call: Call) -> Answer:
    return _change(call, read_at=None)


def snooze(call: Call) -> Answer:
    until = read_moment(call.params.get("snoozed_until"))
    return _change(call, snoozed_until=until) if until is not None else empty()


def destroy(call: Call) -> Answer:
    notifications.delete_notification(call.shop, _own(call))
    return empty()


def destroy_all(call: Call) -> Answer:
    """By a job: all, or with ``type: read`` only the read ones."""
    only_read = " AND read_at IS NOT NULL" if call.params.get("type") == "read" else ""
    shop, values = call.shop, (call.member["id"], call.account_id)

    def delete() -> None:
        rows = shop.db.all(
            f"SELECT * FROM notifications WHERE user_id = ? AND account_id = ?{only_read}", values
        )
        for row in rows:
            notifications.delete_notification(shop, row)

    shop.worker.enqueue("notification", delete)
    return empty()


A = "/api/v1/accounts/{account_id}/notifications"
ROUTES = [
    Route("GET", A, index),
    Route("GET", f"{A}/unread_count", unread_count),
    Route("POST", f"{A}/read_all", read_all),
    Route("POST", f"{A}/destroy_all", destroy_all),
    Route("PATCH", f"{A}/{{notification_id}}", update),
    Route("PUT", f"{A}/{{notification_id}}", update),
    Route("POST", f"{A}/{{notification_id}}/unread", unread),
    Route("POST", f"{A}/{{notification_id}}/snooze", snooze),
    Route("DELETE", f"{A}/{{notification_id}}", destroy),
]
