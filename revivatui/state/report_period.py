"""The day, week or month that a report is of, in the shop's own time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal

from revivatui.state.analytics import days_words, midnight
from revivatui.state.records import dataclass
from revivatui.text.when import DAYS, MONTHS, day_of

if TYPE_CHECKING:
    from datetime import tzinfo

Every = Literal["daily", "weekly", "monthly"]
EVERY: Final[tuple[Every, ...]] = ("daily", "weekly", "monthly")
_OF: Final = {"daily": "day", "weekly": "week", "monthly": "month"}


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both whole days. Weeks begin on Monday."""

    every: Every
    first: date
    last: date
    since: float
    """Its first moment (epoch seconds)."""
    until: float
    """The first moment after it."""

    @property
    def days(self) -> list[date]:
        many = (self.last - self.first).days + 1
        return [self.first + timedelta(days=n) for n in range(many)]

    @property
    def noun(self) -> str:
        return _OF[self.every]

    @property
    def title(self) -> str:
        """ "Tuesday 24 Nov 2026", "week 47, 16 Nov - 22 Nov 2026", "November 2026"."""
        if self.every == "monthly":
            return f"{MONTHS[self.first.month - 1]} {self.first.year}"
        words = days_words(self.first, self.last)
        if self.every == "daily":
            return f"{DAYS[self.first.weekday()]} {words}"
        return f"week {self.first.isocalendar().week}, {words}"

    @property
    def name(self) -> str:
        """What tells it from all others: "weekly-2026-11-16"."""
        return f"{self.every}-{self.first.isoformat()}"


def period_of(every: Every, day: date, tz: tzinfo | None) -> Period:
    """The period that a day lies in."""
    first, last = day, day
    if every == "weekly":
        first = day - timedelta(days=day.weekday())
        last = first + timedelta(days=6)
    elif every == "monthly":
        first = day.replace(day=1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    until = midnight(last + timedelta(days=1), tz)
    return Period(every, first, last, midnight(first, tz), until)


def before(period: Period, tz: tzinfo | None) -> Period:
    """The day, week or month before it, whatever its length."""
    return period_of(period.every, period.first - timedelta(days=1), tz)


def compared_with(period: Period, now: float, tz: tzinfo | None) -> Period:
    """The one before it; of one that is not over, as much of the one before."""
    previous = before(period, tz)
    if now >= period.until:
        return previous
    until = min(previous.until, previous.since + max(0.0, now - period.since))
    return replace(previous, until=until)


def last_whole(every: Every, now: float, tz: tzinfo | None) -> Period:
    """The newest period that is over."""
    return before(period_of(every, day_of(now, tz), tz), tz)
