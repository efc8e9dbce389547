"""Ranges and buckets of reports (contract 6.1, 6.2), as Rails, groupdate and PostgreSQL make them.

Moments are whole seconds since the epoch. A bucket is known by the moment it begins. The server
makes the list of buckets by calendar steps in the zone, and the database says for each row into
which it falls; where clocks are turned back the two can disagree, and then the row is in none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MICROS = 1_000_000
GROUPS = ("hour", "day", "week", "month", "year")
# The real server gives up after 15 s; no report needs that many buckets.
MOST_BUCKETS = 200_000


class BadRange(Exception):
    """A range that the server fails on (500)."""


@dataclass(frozen=True, slots=True)
class Span:
    """From ``since`` on, before ``until``."""

    since: int
    until: int

    @property
    def micros(self) -> tuple[int, int]:
        return self.since * MICROS, self.until * MICROS

    @property
    def before(self) -> Span:
        """The equally long one right before it."""
        return Span(2 * self.since - self.until, self.since)


def span_of(params: Mapping[str, Any]) -> Span | None:
    """The range asked for; None when a bound is missing, which matches nothing.

    Raises BadRange.
    """
    since, until = params.get("since"), params.get("until")
    if since in (None, "") or until in (None, ""):
        return None
    return Span(moment_of(since), moment_of(until))


def moment_of(value: Any) -> int:
    """Epoch seconds as text. Raises BadRange."""
    if not re.fullmatch(r"\s*[+-]?\d+", str(value)):
        raise BadRange(f"{value!r} is no moment")
    moment = int(value)
    try:
        datetime.fromtimestamp(moment, UTC)
    except (OverflowError, OSError, ValueError) as problem:
        raise BadRange(f"{value!r} is beyond the calendar") from problem
    return moment


def local(moment: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(moment, zone)


def _begins(wall: datetime, zone: ZoneInfo, like: timedelta | None = None) -> int:
    """When this wall time is: of two, the one with the offset ``like``, else the first."""
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    early, late = first.utcoffset(), second.utcoffset()
    assert early is not None
    assert late is not None
    if like is not None and late == like and early > late:
        return int(second.timestamp())
    return int(first.timestamp())


def _midnight(wall: datetime, group: str) -> datetime:
    """Local midnight at which the day, week (from Sunday), month or year of a wall time begins."""
    day = wall.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    if group == "week":
        day -= timedelta(days=(day.weekday() + 1) % 7)
    elif group == "month":
        day = day.replace(day=1)
    elif group == "year":
        day = day.replace(month=1, day=1)
    return day


def bucket_begin(moment: int, group: str, zone: ZoneInfo) -> int:
    """The bucket of a moment as the server's list of buckets has it."""
    wall = local(moment, zone)
    if group == "hour":
        return moment - wall.minute * 60 - wall.second
    return _begins(_midnight(wall, group), zone, wall.utcoffset())


def bucket_stored(moment: int, group: str, zone: ZoneInfo) -> int:
    """The bucket of a moment as the database groups it: of a doubled hour it knows the later."""
    wall = local(moment, zone)
    if group == "hour":
        hour = wall.replace(minute=0, second=0, microsecond=0, fold=1)
        if _doubled(hour, zone):
            return int(hour.timestamp())
        return moment - wall.minute * 60 - wall.second
    return _begins(_midnight(wall, group), zone)


def _doubled(wall: datetime, zone: ZoneInfo) -> bool:
    early, late = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return early is not None and late is not None and early > late


def _next(moment: int, group: str, zone: ZoneInfo) -> int:
    if group == "hour":
        return moment + 3600
    wall = local(moment, zone)
    plain = wall.replace(tzinfo=None, fold=0)
    if group == "day":
        plain += timedelta(days=1)
    elif group == "week":
        plain += timedelta(days=7)
    elif group == "month":
        plain = plain.replace(year=plain.year + plain.month // 12, month=plain.month % 12 + 1)
    else:
        plain = plain.replace(year=plain.year + 1)
    return _begins(plain, zone, wall.utcoffset())


def buckets(span: Span, group: str, zone: ZoneInfo) -> list[int]:
    """All buckets of a range, empty ones too; always at least the one that holds ``since``.

    Raises BadRange where there would be more than the server can count.
    """
    return _steps(span.since, lambda moment: span.since <= moment < span.until, group, zone)


def buckets_between(first: int, last: int, group: str, zone: ZoneInfo) -> list[int]:
    """All buckets from one to another, both included. Raises BadRange."""
    return _steps(first, lambda moment: first <= moment <= last, group, zone)


def _steps(begin: int, covers: Callable[[int], bool], group: str, zone: ZoneInfo) -> list[int]:
    try:
        found = [bucket_begin(begin, group, zone)]
        at = found[0]
        while True:
            step = _next(at, group, zone)
            if local(step, zone).hour != 0:
                step = bucket_begin(step, group, zone)
            if not covers(step):
                return found
            if step > found[-1]:
                found.append(step)
            at = step if step > at else at + 3600
            if len(found) > MOST_BUCKETS:
                raise BadRange(f"more than {MOST_BUCKETS} buckets")
    except (OverflowError, ValueError) as problem:
        raise BadRange("beyond the calendar") from problem


def shown(moment: int, group: str, zone: ZoneInfo) -> int:
    """The timestamp of a bucket: an hour's own, else the first midnight of its date."""
    if group == "hour":
        return moment
    return _begins(local(moment, zone).replace(hour=0, tzinfo=None, fold=0, minute=0), zone)
