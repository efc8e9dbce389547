"""Which figures are wanted: a range of days, how it is cut up, and of whom.

Days are the reader's. A range that has not ended yet is asked for up to now, so that what it is
compared with, the equally long time before, is as long as it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.records import dataclass
from revivatui.state.reports import Question
from revivatui.text.when import DAYS, MONTHS, day_of

if TYPE_CHECKING:
    from datetime import tzinfo

    from revivatui.state.reports import GroupBy, Scope

CUSTOM: Final = "custom"
MOST_DAYS: Final = 1100
"""The longest range of one's own: three years."""
GROUPS: Final[tuple[GroupBy, ...]] = ("hour", "day", "week", "month", "year")
MOST_BUCKETS: Final = 800
"""Points of a chart, at most: finer groupings of a long range are not offered."""
_HOURS: Final[dict[GroupBy, int]] = {
    "hour": 1, "day": 24, "week": 168, "month": 720, "year": 8760,
}  # fmt: skip
_BY_ITSELF: Final[tuple[tuple[int, GroupBy], ...]] = ((2, "hour"), (62, "day"), (366, "week"))
"""Up to so many days, the grouping that reads best; beyond, months."""


class Preset(NamedTuple):
    """A range by name; `compared` is what the time before it is called."""

    id: str
    label: str
    compared: str


PRESETS: Final = (
    Preset("today", "today", ""),
    Preset("yesterday", "yesterday", "the day before"),
    Preset("last_7", "last 7 days", "the 7 days before"),
    Preset("last_14", "last 14 days", "the 14 days before"),
    Preset("last_30", "last 30 days", "the 30 days before"),
    Preset("last_90", "last 90 days", "the 90 days before"),
    Preset("this_week", "this week", ""),
    Preset("last_week", "last week", "the week before"),
    Preset("this_month", "this month", ""),
    Preset("last_month", "last month", ""),
    Preset(CUSTOM, "from - to", ""),
)
BY_ID: Final = {preset.id: preset for preset in PRESETS}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was picked. `first` and `last` are the days of a custom range, both within it."""

    preset: str = "last_7"
    first: date | None = None
    last: date | None = None
    compare: bool = True
    group: GroupBy | None = None
    """None: as the range needs it."""
    business_hours: bool = False
    scope: Scope = "account"
    scope_id: int | None = None
    scope_name: str = ""
    """Of the agent, inbox, team or label, for the screen."""


class Span(NamedTuple):
    """From the first moment up to, and without, the last (epoch seconds)."""

    since: float
    until: float

    @property
    def days(self) -> float:
        return (self.until - self.since) / 86400


def span_of(wanted: Wanted, now: float, tz: tzinfo | None = None) -> Span:
    """The moments of a range; what has not been yet is left out."""
    first, last = _days_of(wanted, day_of(now, tz))
    since = midnight(first, tz)
    until = midnight(last + timedelta(days=1), tz)
    if since >= now:
        return Span(since, until)
    return Span(since, min(until, float(int(now))))


def _days_of(wanted: Wanted, today: date) -> tuple[date, date]:
    """The first and the last day."""
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    match wanted.preset:
        case "today":
            return today, today
        case "yesterday":
            return today - timedelta(days=1), today - timedelta(days=1)
        case "this_week":
            return monday, today
        case "last_week":
            return monday - timedelta(days=7), monday - timedelta(days=1)
        case "this_month":
            return month, today
        case "last_month":
            end = month - timedelta(days=1)
            return end.replace(day=1), end
        case "custom":
            first, last = wanted.first or today, wanted.last or today
            return min(first, last), max(first, last)
        case named:
            return today - timedelta(days=int(named.rpartition("_")[2]) - 1), today


def midnight(day: date, tz: tzinfo | None = None) -> float:
    """When a day of the reader's begins."""
    return datetime(day.year, day.month, day.day, tzinfo=tz).timestamp()


def group_of(wanted: Wanted, span: Span) -> GroupBy:
    """How the range is cut up: as was picked, where that makes no more points than can be read."""
    if wanted.group is not None and wanted.group in groups_for(span):
        return wanted.group
    return next((group for days, group in _BY_ITSELF if span.days <= days), "month")


def groups_for(span: Span) -> tuple[GroupBy, ...]:
    """The groupings that a range can be cut up by."""
    hours = span.days * 24
    return tuple(group for group in GROUPS if hours / _HOURS[group] <= MOST_BUCKETS)


def offset_of(now: float, tz: tzinfo | None, version: str) -> float:
    """The hours from UTC that stand for the reader's zone: 3.9 looks for a zone with this offset
    in winter, 4.x for one that has it now (contract 6.1)."""
    if tz is None:
        local = datetime.fromtimestamp(now).astimezone()
    else:
        local = datetime.fromtimestamp(now, UTC).astimezone(tz)
    offset = local.utcoffset() or timedelta()
    if version.startswith("3."):
        offset -= _summer_time(now, tz)
    return offset.total_seconds() / 3600


def _summer_time(now: float, tz: tzinfo | None) -> timedelta:
    """How far clocks are put forward at the moment."""
    if tz is None:
        import time

        if not time.localtime(now).tm_isdst:
            return timedelta()
        return timedelta(seconds=time.timezone - time.altzone)
    return datetime.fromtimestamp(now, tz).dst() or timedelta()


def question_of(wanted: Wanted, now: float, tz: tzinfo | None, version: str) -> Question:
    """What the server is asked for."""
    span = span_of(wanted, now, tz)
    return Question(
        since=span.since,
        until=span.until,
        scope=wanted.scope,
        scope_id=wanted.scope_id,
        group_by=group_of(wanted, span),
        offset=offset_of(now, tz, version),
        business_hours=wanted.business_hours,
    )


# --- words ---------------------------------------------------------------------------------------


def short_day(day: date) -> str:
    """ "Tue 24 Nov"."""
    return f"{DAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"


def range_words(wanted: Wanted, now: float, tz: tzinfo | None = None) -> str:
    """What the range is called: "last 7 days", "24 Sep - 3 Nov 2026"."""
    if wanted.preset != CUSTOM:
        return BY_ID[wanted.preset].label
    return days_words(*_days_of(wanted, day_of(now, tz)))


def days_words(first: date, last: date) -> str:
    """Two days and what lies between them."""
    end = f"{last.day} {MONTHS[last.month - 1][:3]} {last.year}"
    if first == last:
        return end
    start = f"{first.day} {MONTHS[first.month - 1][:3]}"
    return f"{start} - {end}" if first.year == last.year else f"{start} {first.year} - {end}"


def compared_words(wanted: Wanted, span: Span) -> str:
    """What the equally long time before is called: "the 30 days before", "the 9 h before"."""
    days = round(span.days)
    if span.days < 0.95:
        return f"the {max(1, round(span.days * 24))} h before"
    return BY_ID[wanted.preset].compared or (
        f"the {days} days before" if days > 1 else "the day before"
    )


def scope_words(wanted: Wanted) -> str:
    """ "account", "agent Ben Counter"."""
    return wanted.scope if wanted.scope == "account" else f"{wanted.scope} {wanted.scope_name}"


# --- a range of one's own ------------------------------------------------------------------------


def day_in(text: str, today: date) -> date | None:
    """The day that was typed: "2026-11-24", "24.11.2026", "24.11.", "24/11/2026"; None where it is
    none. Without a year it is the last such day."""
    parts = [part for part in text.replace("/", ".").replace("-", ".").split(".") if part.strip()]
    if not all(part.strip().isascii() and part.strip().isdigit() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    try:
        if len(numbers) == 3 and numbers[0] > 31:
            return date(*numbers)
        if len(numbers) == 3:
            return date(numbers[2], numbers[1], numbers[0])
        if len(numbers) == 2:
            found = date(today.year, numbers[1], numbers[0])
            return found if found <= today else found.replace(year=today.year - 1)
    except (ValueError, OverflowError):
        return None
    return None


def range_trouble(first: str, last: str, today: date) -> str:
    """What is wrong with a range that was typed; "" where nothing is."""
    begin, end = day_in(first, today), day_in(last, today)
    if begin is None:
        return "The first day is none: type it like 2026-11-24 or 24.11."
    if end is None:
        return "The last day is none: type it like 2026-11-24 or 24.11."
    if begin > end:
        return "The first day comes after the last."
    if begin > today:
        return "The range has not begun yet."
    if (end - begin).days > MOST_DAYS:
        return "A range can be three years long."
    return ""
