"""Satisfaction answers and raw reporting events (contract 6.7)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.db import Row
from revivatui.shop.figures import csat
from revivatui.shop.figures.scopes import Where
from revivatui.shop.render.times import iso
from revivatui.shop.rest.access import conversation_of, in_account
from revivatui.shop.rest.base import Answer, Call, Route, crash
from revivatui.shop.rest.params import integer, text
from revivatui.shop.rest.reports import csv_answer, span_asked

EVENTS_PER_PAGE = 25


def answers(call: Call) -> Answer:
    call.need_admin()
    where = csat.chosen(call.account_id, span_asked(call), call.params)
    page = integer(call.params.get("page")) or 1
    sort = text(call.params.get("sort")) or ""
    rows = csat.answers(call.shop.db, where, sort, page)
    return [csat.view(call.shop, row) for row in rows]


def metrics(call: Call) -> Answer:
    call.need_admin()
    span = span_asked(call)
    where = csat.chosen(call.account_id, span, call.params)
    return csat.figures(call.shop.db, call.account_id, where, span)


def download(call: Call) -> Answer:
    call.need_admin()
    span = span_asked(call)
    if span is None:
        crash()
    where = csat.chosen(call.account_id, span, call.params)
    rows = csat.answers(call.shop.db, where, text(call.params.get("sort")) or "")
    return csv_answer("csat_report", csat.download(call.shop, rows, span))


def review(call: Call) -> Answer:
    """What the shop thinks of an answer, with who wrote it and when."""
    call.need_admin()
    row = in_account(call, "csat_survey_responses", call.path["response_id"])
    now = call.shop.now()
    call.shop.db.update(
        "csat_survey_responses",
        row["id"],
        csat_review_notes=text(call.params.get("csat_review_notes")),
        review_notes_updated_at=now,
        review_notes_updated_by_id=call.member["id"],
        updated_at=now,
    )
    where = Where("csat_survey_responses.id = ?", (row["id"],))
    return csat.view(call.shop, csat.answers(call.shop.db, where)[0])


def _event_view(row: Row) -> dict[str, Any]:
    names = ("id", "name", "value", "value_in_business_hours")
    view: dict[str, Any] = {name: row[name] for name in names}
    view |= {name: iso(row[name]) for name in ("event_start_time", "event_end_time")}
    view |= {name: row[name] for name in ("account_id", "conversation_id", "inbox_id", "user_id")}
    return view | {name: iso(row[name]) for name in ("created_at", "updated_at")}


def reporting_events(call: Call) -> Answer:
    call.need_admin()
    where = Where("account_id = ?", (call.account_id,))
    if (span := span_asked(call)) is not None:
        where = where.within("created_at", span)
    for name in ("inbox_id", "user_id"):
        if call.params.get(name) not in (None, ""):
            where = where.also(f"{name} = ?", integer(call.params[name]))
    if call.params.get("name") not in (None, ""):
        where = where.also("name = ?", text(call.params["name"]))
    count: int = call.shop.db.value(
        f"SELECT COUNT(*) FROM reporting_events WHERE {where.sql}", where.values
    )
    page = max(1, integer(call.params.get("page")) or 1)
    rows = call.shop.db.all(
        f"SELECT * FROM reporting_events WHERE {where.sql} ORDER BY created_at DESC, id DESC"
        f" LIMIT {EVENTS_PER_PAGE} OFFSET {(page - 1) * EVENTS_PER_PAGE}",
        where.values,
    )
    return {
        "payload": [_event_view(row) for row in rows],
        "meta": {
            "count": count,
            "current_page": page,
            "total_pages": -(-count // EVENTS_PER_PAGE),
        },
    }


def events_of_conversation(call: Call) -> Answer:
    row = conversation_of(call)
    rows = call.shop.db.all(
        "SELECT * FROM reporting_events WHERE conversation_id = ? ORDER BY created_at, id",
        (row["id"],),
    )
    return [_event_view(one) for one in rows]


A = "/api/v1/accounts/{account_id}"
S = f"{A}/csat_survey_responses"
ROUTES = [
    Route("GET", S, answers),
    Route("GET", f"{S}/metrics", metrics),
    Route("GET", f"{S}/download", download),
    Route("PATCH", f"{S}/{{response_id}}", review, since="4"),
    Route("PUT", f"{S}/{{response_id}}", review, since="4"),
    Route("GET", f"{A}/reporting_events", reporting_events, since="4"),
    Route(
        "GET",
        f"{A}/conversations/{{conversation_id}}/reporting_events",
        events_of_conversation,
        since="4",
    ),
]
