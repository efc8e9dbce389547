"""Times in words, as people at a desk say them. Nothing here changes by the second.

All functions take epoch seconds, the present moment (`now`, epoch seconds) and the time zone of
the reader (None: the machine's). English, whatever the locale, like the rest of the screen.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Final

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86400


def _local(at: float, tz: tzinfo | None) -> datetime:
    try:
        return datetime.fromtimestamp(at, tz)
    except (OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(0, tz)


@lru_cache(maxsize=256)
def _day(minute: int, tz: tzinfo | None) -> date:
    return _local(minute * _MINUTE, tz).date()


def clock(at: float, tz: tzinfo | None = None) -> str:
    """The time of day: "14:05"."""
    return _local(at, tz).strftime("%H:%M")


def day_of(at: float, tz: tzinfo | None = None) -> date:
    """The reader's day that a moment falls on."""
    return _day(int(at // _MINUTE), tz)


def ago(at: float, now: float, tz: tzinfo | None = None) -> str:
    """When something was, in at most 8 cells: "now", "3 min", "14:05", "Mon", "12 Nov", "Nov 2024".

    Minutes under an hour, then the clock for today, the weekday for the last six days, the date.
    A moment in the future (clocks differ) counts as now when it is less than a minute away.
    """
    passed = now - at
    if -_MINUTE < passed < _MINUTE:
        return "now"
    if 0 < passed < _HOUR:
        return f"{int(passed // _MINUTE)} min"
    day, today = day_of(at, tz), day_of(now, tz)
    days = (today - day).days
    if days == 0:
        return clock(at, tz)
    if 0 < days < 7:
        return DAYS[day.weekday()][:3]
    if day.year == today.year or 0 < days < 180:
        return f"{day.day} {MONTHS[day.month - 1][:3]}"
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


def until(at: float, now: float, tz: tzinfo | None = None) -> str:
    """When something will be: "14:05", "Tue 09:00", "12 Nov", "Nov 2027"."""
    day, today = day_of(at, tz), day_of(now, tz)
    days = (day - today).days
    if days == 0:
        return clock(at, tz)
    if 0 < days < 7:
        return f"{DAYS[day.weekday()][:3]} {clock(at, tz)}"
    return ago(at, now, tz)


def day_and_clock(at: float, tz: tzinfo | None = None) -> str:
    """A moment to come in 16 cells, day and time: "Thu 26 Nov 09:00"."""
    day = day_of(at, tz)
    return f"{DAYS[day.weekday()][:3]} {day.day:2} {MONTHS[day.month - 1][:3]} {clock(at, tz)}"


def duration(seconds: float) -> str:
    """How long something takes or took, in at most 7 cells: "<1 min", "14 min", "2 h 05", "3 d"."""
    if seconds < _MINUTE:
        return "<1 min"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min"
    if seconds < _DAY:
        return f"{int(seconds // _HOUR)} h {int(seconds % _HOUR // _MINUTE):02}"
    return f"{int(seconds // _DAY)} d"


def day_words(day: date, today: date) -> str:
    """A day as a heading: "Today", "Yesterday", "Monday 16 November", "3 March 2024"."""
    days = (today - day).days
    if days == 0:
        return "Today"
    if days == 1:
        return "Yesterday"
    if day.year == today.year or 0 < days < 180:
        return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def stamp(at: float, now: float, tz: tzinfo | None = None) -> str:
    """A moment in at most 12 cells, as full as it matters: "14:05", "Mon 14:05", "12 Nov 14:05",
    "12 Nov 2024"."""
    day = day_of(at, tz)
    if day == day_of(now, tz):
        return clock(at, tz)
    when = ago(at, now, tz)
    if when.endswith(str(day.year)):
        return f"{day.day} {when}"
    return f"{when} {clock(at, tz)}" if ":" not in when and "min" not in when else clock(at, tz)


def size(count: int) -> str:
    """A number of bytes: "900 B", "2 KB", "1.4 MB"."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("KB", "MB", "GB"):
        value /= 1000
        if value < 999.5 or unit == "GB":
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:.0f} {unit}"
    raise AssertionError("unreachable")
