"""When an inbox is open: one row a day, Sunday first (contract 5.3, 14)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.db import Row
from revivatui.shop.rest.base import Answer, Call, Route, crash
from revivatui.shop.rest.params import boolean, hash_of, integer

HOURS = {"open_hour": 24, "open_minutes": 60, "close_hour": 24, "close_minutes": 60}
"""The columns that are numbers, each with the first that is too large."""
OFFICE = {"open_hour": 9, "open_minutes": 0, "close_hour": 17, "close_minutes": 0}
ROUND_THE_CLOCK = {"open_hour": 0, "open_minutes": 0, "close_hour": 23, "close_minutes": 59}


def create_hours(call: Call, inbox_id: int) -> None:
    """Monday to Friday from nine to five."""
    now = call.shop.now()
    for day in range(7):
        weekend = day in (0, 6)
        call.shop.db.insert(
            "working_hours",
            account_id=call.account_id,
            inbox_id=inbox_id,
            day_of_week=day,
            closed_all_day=weekend,
            created_at=now,
            updated_at=now,
            **({} if weekend else OFFICE),
        )


def update_hours(call: Call, inbox: Row) -> bool:
    """Save the days sent; true if there were any. A day that makes no sense stays as it was."""
    days = call.params.get("working_hours") or []
    for day in days if isinstance(days, list) else []:
        wanted = hash_of(day)
        hours = call.shop.db.find(
            "working_hours", inbox_id=inbox["id"], day_of_week=integer(wanted.get("day_of_week"))
        )
        if hours is None:
            crash()
        columns = _columns(wanted)
        if {**hours, **columns}["open_all_day"]:
            columns |= ROUND_THE_CLOCK
        if _makes_sense({**hours, **columns}):
            call.shop.db.update("working_hours", hours["id"], **columns)
    return bool(days)


def _columns(wanted: dict[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {name: integer(wanted[name]) for name in HOURS if name in wanted}
    flags = ("closed_all_day", "open_all_day")
    return columns | {name: bool(boolean(wanted[name])) for name in flags if name in wanted}


def _makes_sense(day: Row) -> bool:
    """Closed, or open from a time of day until a later one; never both."""
    if day["closed_all_day"]:
        return not day["open_all_day"]
    if any(day[name] is None or not 0 <= day[name] < end for name, end in HOURS.items()):
        return False
    opens = (day["open_hour"], day["open_minutes"])
    return bool(opens < (day["close_hour"], day["close_minutes"]))


def update(call: Call) -> Answer:
    """Broken on the real server too: hours are changed through their inbox."""
    call.need_admin()
    crash()


ROUTES = [Route("PATCH", "/api/v1/accounts/{account_id}/working_hours/{hours_id}", update)]
