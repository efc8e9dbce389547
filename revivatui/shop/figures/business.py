"""How much of a time fell into an inbox's working hours (contract 6.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from revivatui.shop.db import Database, Row

MICROS = 1_000_000
# What the server stores for a day that never closes.
ALL_DAY = (0, 23 * 60 + 59)


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening and closing by day of the week (0 Sunday), in minutes; closed days are missing."""

    zone: tzinfo
    days: Mapping[int, tuple[int, int]]


def hours_of(db: Database, inbox: Row) -> Hours | None:
    """An inbox's hours; None where they are off."""
    if not inbox["working_hours_enabled"]:
        return None
    days = {}
    for row in db.where("working_hours", inbox_id=inbox["id"]):
        if row["open_all_day"]:
            days[row["day_of_week"]] = ALL_DAY
        elif not row["closed_all_day"] and row["open_hour"] is not None:
            opens = row["open_hour"] * 60 + (row["open_minutes"] or 0)
            closes = row["close_hour"] * 60 + (row["close_minutes"] or 0)
            days[row["day_of_week"]] = (opens, closes)
    return Hours(_zone(inbox["timezone"]), days)


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def business_seconds(hours: Hours | None, since: int, until: int) -> float:
    """Seconds of working time between two moments in microseconds; 0 where hours are off."""
    if hours is None or not hours.days or until <= since:
        return 0.0
    total = 0.0
    begin, end = since / MICROS, until / MICROS
    day = datetime.fromtimestamp(begin, hours.zone).date()
    last = datetime.fromtimestamp(end, hours.zone).date()
    while day <= last:
        if (opening := hours.days.get((day.weekday() + 1) % 7)) is not None:
            midnight = datetime(day.year, day.month, day.day, tzinfo=hours.zone)
            opens, closes = ((midnight + timedelta(minutes=at)).timestamp() for at in opening)
            total += max(0.0, min(end, closes) - max(begin, opens))
        day += timedelta(days=1)
    return float(round(total))
