"""Days on which a shop opens otherwise: a file of them, and the hours of such a day.

[[holiday]]
date = 2026-12-25
name = "Christmas"
closed = true

[[holiday]]
date = 2026-12-24
name = "Christmas Eve"
hours = "10:00-14:00"
inboxes = ["Website"]       # left out: every inbox that has working hours
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from revivatui.state.admin import DayHours, InboxSetup
from revivatui.state.admin_inboxes import day_of
from revivatui.state.admin_words import hours_words
from revivatui.text.safe import safe_line

FILE: Final = "holidays.toml"
_KEYS: Final = frozenset({"date", "name", "closed", "hours", "inboxes"})


class BadHolidays(Exception):
    """The file cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Holiday:
    day: date
    name: str
    hours: str
    """As `day_of` reads it: "closed" or "10:00-14:00"."""
    inboxes: tuple[str, ...] = ()
    """Names; empty: all."""

    @property
    def weekday(self) -> int:
        """As the server counts: 0 is Sunday."""
        return self.day.isoweekday() % 7

    @property
    def mark(self) -> str:
        """Names exactly this entry: what somebody agreed to is this and nothing else."""
        told = "\n".join((self.day.isoformat(), self.name, self.hours, *sorted(self.inboxes)))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def is_for(self, inbox: InboxSetup) -> bool:
        named = {one.casefold() for one in self.inboxes}
        return inbox.hours_enabled and (not named or inbox.name.casefold() in named)

    def hours_in(self, inbox: InboxSetup) -> DayHours:
        return day_of(self.hours, self.weekday, inbox.of_day(self.weekday))

    @property
    def words(self) -> str:
        return hours_words(day_of(self.hours, self.weekday))


def read_holidays(text: str) -> tuple[Holiday, ...]:
    """The entries of a file, by date. Raises BadHolidays with a sentence."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadHolidays(f"This is no TOML: {safe_line(str(error))}.") from None
    rows = found.pop("holiday", [])
    if found or not isinstance(rows, list):
        other = safe_line(next(iter(found), "holiday"))
        raise BadHolidays(f"'{other}' is not known here; entries begin with [[holiday]].")
    days = [_holiday(row, number) for number, row in enumerate(rows, 1)]
    _refuse_twice(days)
    return tuple(sorted(days, key=lambda one: (one.day, one.name)))


def _refuse_twice(days: list[Holiday]) -> None:
    for place, one in enumerate(days):
        for other in days[:place]:
            shared = not one.inboxes or not other.inboxes or set(one.inboxes) & set(other.inboxes)
            if one.day == other.day and shared:
                raise BadHolidays(f"{one.day:%d.%m.%Y} has two entries for the same inbox.")


def _holiday(row: object, number: int) -> Holiday:
    if not isinstance(row, Mapping):
        raise BadHolidays(f"Entry {number} is no table.")
    for key in row:
        if key not in _KEYS:
            raise BadHolidays(f"Entry {number}: '{safe_line(str(key))}' is not known.")
    day = row.get("date")
    if isinstance(day, datetime) or not isinstance(day, date):
        raise BadHolidays(f"Entry {number}: give a date like date = 2026-12-25.")
    hours = _hours(row, number, day)
    inboxes = row.get("inboxes", [])
    if not isinstance(inboxes, list) or not all(isinstance(one, str) for one in inboxes):
        raise BadHolidays(f'Entry {number}: give inboxes like inboxes = ["Website"].')
    name = safe_line(str(row.get("name") or "")).strip() or f"{day:%d.%m.}"
    return Holiday(day, name, hours, tuple(safe_line(one) for one in inboxes))


def _hours(row: Mapping[str, Any], number: int, day: date) -> str:
    closed, hours = row.get("closed"), row.get("hours")
    if (closed is True) == (hours is not None) or closed not in (None, True, False):
        raise BadHolidays(f'Entry {number}: say either closed = true or hours = "10:00-14:00".')
    if closed is True:
        return "closed"
    if not isinstance(hours, str):
        raise BadHolidays(f'Entry {number}: give hours like hours = "10:00-14:00".')
    try:
        day_of(hours, day.isoweekday() % 7)
    except ValueError as error:
        raise BadHolidays(f"Entry {number}: {error}") from None
    return safe_line(hours)
