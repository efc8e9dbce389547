"""How much of a stretch of time lies within an inbox's working hours (contract 6.8, 14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from revivatui.state.figures.rows import Raw, whole
from revivatui.state.figures.zones import zone_info
from revivatui.state.records import dataclass


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When an inbox is open. A day that is missing is closed."""

    zone: ZoneInfo
    days: Mapping[int, tuple[time, time]]
    """By day of the week, 0 is Sunday: opening and closing."""


def working_hours_of(inbox: Raw) -> WorkingHours | None:
    """The hours of an inbox as the server tells of it; None where they are switched off."""
    days = inbox.get("working_hours")
    if not inbox.get("working_hours_enabled") or not isinstance(days, (list, tuple)):
        return None
    opened = {whole(day["day_of_week"]): _hours(day) for day in days if not day["closed_all_day"]}
    return WorkingHours(zone_info(str(inbox.get("timezone") or "Etc/UTC")), opened)


def _hours(day: Raw) -> tuple[time, time]:
    if day.get("open_all_day"):
        return time(0), time(23, 59)
    return (
        time(whole(day["open_hour"]), whole(day["open_minutes"])),
        time(whole(day["close_hour"]), whole(day["close_minutes"])),
    )


def working_seconds(since: float, until: float, hours: WorkingHours | None) -> float:
    """Seconds of the stretch within the hours; 0 where there are none, as the server has it."""
    if hours is None:
        return 0.0
    total = 0.0
    day = datetime.fromtimestamp(since, hours.zone).date()
    last = datetime.fromtimestamp(until, hours.zone).date()
    while day <= last:
        opened = hours.days.get(day.isoweekday() % 7)
        if opened is not None:
            begin, end = (datetime.combine(day, at, tzinfo=hours.zone).timestamp() for at in opened)
            total += max(0.0, min(until, end) - max(since, begin))
        day += timedelta(days=1)
    return total
