"""Quiet hours: "18:00-09:00, sat sun", in the reader's own time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from datetime import datetime

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As they are written, in the order of `datetime.weekday`."""
MIDNIGHT: Final = 24 * 60

_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_EXAMPLE: Final = 'for example "18:00-09:00, sat sun"'


class BadHours(ValueError):
    """These are no quiet hours; the text says which word and what would be."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time of day on some days, in minutes since midnight.

    It starts on these days; one that ends no later than it starts ends on the day after.
    """

    start: int
    end: int
    days: frozenset[int]

    def holds(self, weekday: int, minute: int) -> bool:
        """Whether this minute of a day (0 is Monday) lies in it; its end does not."""
        if self.start < self.end:
            return weekday in self.days and self.start <= minute < self.end
        begun_today = weekday in self.days and minute >= self.start
        return begun_today or ((weekday - 1) % 7 in self.days and minute < self.end)


def parse(text: str) -> tuple[Span, ...]:
    """The spans of parts between commas, each a time, days, or a time on some days.

    Raises:
        BadHours: a word is neither.
    """
    return tuple(_part(part) for part in text.lower().split(",") if part.strip())


def is_quiet(spans: tuple[Span, ...], local: datetime) -> bool:
    """Whether a moment, in the reader's own time, lies in one of the spans."""
    minute = local.hour * 60 + local.minute
    return any(span.holds(local.weekday(), minute) for span in spans)


def _part(part: str) -> Span:
    times: tuple[int, int] | None = None
    days: set[int] = set()
    for word in part.split():
        found = _SPAN.fullmatch(word)
        if found and times is None:
            times = _minutes(word, found[1], found[2]), _minutes(word, found[3], found[4])
        elif word in DAYS:
            days.add(DAYS.index(word))
        else:
            raise BadHours(f"{word!r} is neither a time nor a day ({', '.join(DAYS)}); {_EXAMPLE}")
    start, end = times or (0, MIDNIGHT)
    return Span(start, end, frozenset(days or range(7)))


def _minutes(word: str, hours: str, minutes: str) -> int:
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > MIDNIGHT:
        raise BadHours(f"{word!r} names a time that no clock shows; {_EXAMPLE}")
    return total
