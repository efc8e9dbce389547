"""Until when to snooze: the usual answers, and what an agent may type.

Plain functions over the present moment, so that every one can be tested with a fixed clock.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from revivatui.screens.choose import Option
from revivatui.text.when import DAYS, MONTHS, day_and_clock

if TYPE_CHECKING:
    from collections.abc import Callable

MORNING: Final = time(9, 0)
UNTIL_REPLY: Final = "reply"
"""The option that has no time: until the customer writes."""
LONGEST: Final = timedelta(days=366)

_LENGTH: Final = re.compile(r"(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)")
_CLOCK: Final = re.compile(r"(?:at\s+)?(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?")
_DATE: Final = re.compile(r"(\d{1,2})\.?\s+([a-z]{3,9})\.?")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def snooze_options(now: float, tz: tzinfo | None = None) -> list[Option]:
    """The usual times; an option's id is the moment in epoch seconds, or `UNTIL_REPLY`."""
    here = datetime.fromtimestamp(now, tz)
    tomorrow = _at(here + timedelta(days=1), MORNING)
    monday = _at(here + timedelta(days=7 - here.weekday()), MORNING)
    choices: list[tuple[str, datetime]] = [
        ("1 hour", here + timedelta(hours=1)),
        ("3 hours", here + timedelta(hours=3)),
        ("tomorrow 9:00", tomorrow),
        ("Monday 9:00", monday),
        ("1 week", _at(here + timedelta(days=7), MORNING)),
    ]
    options = [_option(label, at, tz) for label, at in choices]
    options.insert(2, Option(UNTIL_REPLY, "until they write", "the next message opens it again"))
    return options


def option_from_text(now: float, tz: tzinfo | None = None) -> Callable[[str], Option | None]:
    """Makes an option of what is typed: see `moment`."""

    def make(text: str) -> Option | None:
        at = moment(text, now, tz)
        return None if at is None else _option(text.strip(), at, tz)

    return make


def moment(text: str, now: float, tz: tzinfo | None = None) -> datetime | None:
    """What was typed as a moment to come: "2h", "tomorrow 14:30", "fri", "27 Nov 10:00", "16:45".

    None where it means nothing, lies in the past or more than a year ahead.
    """
    here = datetime.fromtimestamp(now, tz)
    at = _parsed(" ".join(text.lower().replace(",", " ").split()), here)
    if at is None or not here < at <= here + LONGEST:
        return None
    return at


def _parsed(text: str, here: datetime) -> datetime | None:
    if found := _LENGTH.fullmatch(text.removeprefix("in ")):
        return here + timedelta(**{_UNITS[found[2][0]]: int(found[1])})
    day, rest = _day(text, here)
    if day is None:
        clock = _clock(text)
        if clock is None:
            return None
        at = _at(here, clock)
        return at if at > here else _at(here + timedelta(days=1), clock)
    if not rest:
        return _at(day, MORNING)
    clock = _clock(rest)
    return None if clock is None else _at(day, clock)


def _day(text: str, here: datetime) -> tuple[datetime | None, str]:
    """The day named first, and what follows it."""
    first, _, rest = text.partition(" ")
    if first in ("today", "tomorrow"):
        return here + timedelta(days=first == "tomorrow"), rest
    for number, name in enumerate(DAYS):
        if len(first) >= 2 and name.lower().startswith(first):
            ahead = (number - here.weekday()) % 7 or 7
            return here + timedelta(days=ahead), rest
    if found := _DATE.match(text):
        for number, name in enumerate(MONTHS, 1):
            if name.lower().startswith(found[2]):
                return _date(here, number, int(found[1])), text[found.end() :].strip()
    return None, text


def _date(here: datetime, month: int, day: int) -> datetime | None:
    for year in (here.year, here.year + 1):
        try:
            at = here.replace(year=year, month=month, day=day)
        except ValueError:
            continue
        if at.date() >= here.date():
            return at
    return None


def _clock(text: str) -> time | None:
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] == "pm" and hour < 12:
        hour += 12
    if found[3] == "am" and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _at(day: datetime, clock: time) -> datetime:
    """That day at that time of the wall clock, whatever the offset is then."""
    return datetime.combine(day.date(), clock, day.tzinfo)


def _option(label: str, at: datetime, tz: tzinfo | None) -> Option:
    moment = int(at.timestamp())
    return Option(str(moment), label, day_and_clock(moment, tz))
