"""How a stretch of time falls into hours, days, weeks, months or years of a zone.

The first bucket is the one that holds `since`, also where the stretch is empty or backwards; the
others begin within it. Weeks begin on Sunday.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from revivatui.state.figures.scopes import Span

HOUR: Final = "hour"
DAY: Final = "day"
WEEK: Final = "week"
MONTH: Final = "month"
YEAR: Final = "year"
GROUPS: Final = (HOUR, DAY, WEEK, MONTH, YEAR)


def starts(span: Span, group: str, zone: ZoneInfo) -> tuple[int, ...]:
    """The beginning of every bucket, in epoch seconds."""
    if group == HOUR:
        return tuple(_hours(span, zone))
    return tuple(midnight(day, zone) for day in _days(span, group, zone))


def bucket_of(at: float, begins: tuple[int, ...], group: str, zone: ZoneInfo) -> int | None:
    """The beginning of the bucket in which a moment is counted; None where none takes it."""
    place = bisect_right(begins, _counted_hour(at, zone) if group == HOUR else at) - 1
    if place < 0:
        return None
    if group == HOUR and begins[place] != _counted_hour(at, zone):
        return None
    return begins[place]


def midnight(day: date, zone: ZoneInfo) -> int:
    """When a day begins there, in epoch seconds: the first 00:00, or where summer time skips
    midnight the first hour that there is."""
    return int(datetime.combine(day, time(0), tzinfo=zone).timestamp())


def _days(span: Span, group: str, zone: ZoneInfo) -> Iterable[date]:
    day = _first_day(datetime.fromtimestamp(span.since, zone).date(), group)
    yield day
    while True:
        day = _next_day(day, group)
        if not span.since <= midnight(day, zone) < span.until:
            return
        yield day


def _first_day(day: date, group: str) -> date:
    if group == WEEK:
        return day - timedelta(days=day.isoweekday() % 7)
    if group == MONTH:
        return day.replace(day=1)
    if group == YEAR:
        return day.replace(month=1, day=1)
    return day


def _next_day(day: date, group: str) -> date:
    if group == WEEK:
        return day + timedelta(days=7)
    if group == MONTH:
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    if group == YEAR:
        return day.replace(year=day.year + 1)
    return day + timedelta(days=1)


def _hours(span: Span, zone: ZoneInfo) -> Iterable[int]:
    begin = _hour_of(span.since, zone)
    yield begin
    following = begin + 3600
    while True:
        rounded = _hour_of(following, zone)
        if not span.since <= rounded < span.until:
            return
        following += 3600
        if rounded != begin:
            yield rounded
            begin, following = rounded, rounded + 3600


def _hour_of(at: float, zone: ZoneInfo) -> int:
    """The beginning of the hour by the zone's own clock, which may run a half hour apart."""
    local = datetime.fromtimestamp(at, zone)
    return int(at // 1) - local.minute * 60 - local.second


def _counted_hour(at: float, zone: ZoneInfo) -> int:
    """The hour that a moment is counted in: where the clock shows an hour twice, the database
    puts both into the second, and the first stays empty."""
    local = datetime.fromtimestamp(at, zone)
    return int(local.replace(minute=0, second=0, microsecond=0, fold=1).timestamp())
