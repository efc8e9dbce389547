"""A report from what was answered: figures with targets, days, agents, inboxes, ratings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from revivatui.state.analytics import short_day
from revivatui.state.analytics_tiles import (
    BY_ID,
    OURS,
    Tile,
    rate_of,
    satisfaction_of,
    trend_of,
)
from revivatui.state.charts.data import (
    Bar,
    BarData,
    HeatData,
    LineData,
    Measure,
    RatingData,
    Series,
    Slot,
)
from revivatui.state.figures.definitions import DEFINITIONS
from revivatui.state.report_data import Answers, Day, Row, ShopReport
from revivatui.text.when import DAYS, day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, tzinfo

    from revivatui.state.analytics_tiles import Verdict
    from revivatui.state.report_period import Period
    from revivatui.state.reports import Bucket, Totals

MOST_COMMENTS: Final = 25
MOST_BARS: Final = 20
CREATED: Final = Measure("conversations", "count", "conversation", "conversations")
RESOLVED: Final = Measure("resolved", "count", "resolution", "resolutions")
NO_UPTIME: Final = "no bridge has recorded anything here"
OLD_DAYS: Final = (
    "Resolved by day or hour: this Chatwoot counts a conversation once in each hour, and only"
    " while it is resolved now, so that hours can add up to more than the whole."
)
NEW_DAYS: Final = "Resolved by day or hour: every resolution counts in the hour in which it was."
UPTIME_RANGE: Final = "Integration uptime is of the bridge's last 30 days, not of this period."
UTILISATION: Final = (
    "Utilisation is not in here: who held how much at each moment is not kept by the server."
)
HALF_HOURS: Final = (
    "This zone is not a whole number of hours from UTC: hours are the server's, so that what was"
    " begun around midnight may count to the day beside."
)


def build(answers: Answers, period: Period, tz: tzinfo | None, zone: str) -> ShopReport:
    """The report. `zone` is what the shop's zone is called."""
    days = tuple(_days(answers, period, tz))
    figures = tuple(_figures(answers, period))
    commented = [one for one in answers.ratings if one.comment.strip()]
    return ShopReport(
        period=period,
        account=answers.account,
        version=answers.version,
        as_of=answers.as_of,
        zone=zone,
        tz=tz,
        is_whole=answers.as_of >= period.until,
        figures=figures,
        days=days,
        course=_course(answers, period, days, tz),
        by_agent=_bars("Conversations by agent", answers.agents),
        by_inbox=_bars("Conversations by inbox", answers.inboxes),
        traffic=_traffic(answers.created, tz),
        rated=RatingData("Ratings", _rated(answers)),
        agents=answers.agents,
        inboxes=answers.inboxes,
        comments=tuple(commented[:MOST_COMMENTS]),
        comments_left_out=max(0, len(commented) - MOST_COMMENTS),
        has_more_ratings=answers.has_more_ratings,
        alerts=answers.alerts,
        definitions={one.kind.name: _defined(one, answers.version) for one in figures},
        footnotes=tuple(_footnotes(answers, period, tz)),
    )


# --- figures -------------------------------------------------------------------------------------


def _figures(answers: Answers, period: Period) -> Iterator[Tile]:
    now, was = answers.now, answers.before
    yield _figure("conversations", now.conversations, was.conversations)
    yield _figure("resolved", now.resolutions, was.resolutions)
    yield _figure("first_response", now.first_response, was.first_response)
    yield _figure("reply", now.reply, was.reply)
    yield _figure("resolution", now.resolution, was.resolution)
    yield _figure("rate", rate_of(now), rate_of(was), _share(now))
    told = answers.satisfaction
    yield _figure(
        "satisfaction",
        satisfaction_of(told),
        satisfaction_of(answers.satisfaction_before),
        f"{told.answered:,} answered, {told.asked:,} were asked",
    )
    uptime = answers.uptime
    if uptime is None:
        yield Tile(BY_ID["uptime"], None, "not known", note=NO_UPTIME)
    else:
        note = f"{uptime.missed:,} of {uptime.minutes:,} minutes missed in its last 30 days"
        yield _figure("uptime", 100 * uptime.share, None, note)


def _share(totals: Totals) -> str:
    return f"{totals.resolutions:,} of {totals.conversations:,}"


def _figure(kind_id: str, value: float | None, was: float | None, note: str = "") -> Tile:
    kind = BY_ID[kind_id]
    verdict: Verdict = ""
    if value is None:
        verdict = "no data"
    elif kind.target is not None:
        verdict = "met" if kind.target.is_met(value) else "missed"
    return Tile(kind, value, verdict, trend_of(kind, value, was), note)


def _defined(tile: Tile, version: str) -> str:
    kind = tile.kind
    if kind.id in OURS:
        return OURS[kind.id]
    return DEFINITIONS[kind.defined or kind.metric].text(version)


def _footnotes(answers: Answers, period: Period, tz: tzinfo | None) -> Iterator[str]:
    yield OLD_DAYS if answers.version.startswith("3.") else NEW_DAYS
    if answers.uptime is not None:
        yield UPTIME_RANGE
    yield UTILISATION
    offset = _local(period.since, tz).utcoffset()
    if offset is not None and offset.total_seconds() % 3600:
        yield HALF_HOURS


# --- days and hours ------------------------------------------------------------------------------


def _local(at: float, tz: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(at, tz) if tz else datetime.fromtimestamp(at).astimezone()


def _by_day(buckets: Iterable[Bucket], tz: tzinfo | None) -> dict[date, int]:
    found: dict[date, int] = {}
    for bucket in buckets:
        day = day_of(bucket.at, tz)
        found[day] = found.get(day, 0) + round(bucket.value or 0)
    return found


def _days(answers: Answers, period: Period, tz: tzinfo | None) -> Iterator[Day]:
    created, resolved = _by_day(answers.created, tz), _by_day(answers.resolved, tz)
    today = day_of(answers.as_of, tz)
    for day in period.days:
        if day > today:
            yield Day(day, None, None)
        else:
            yield Day(day, created.get(day, 0), resolved.get(day, 0))


def _course(answers: Answers, period: Period, days: tuple[Day, ...], tz: tzinfo | None) -> LineData:
    """By the day; of a single day, by the hour."""
    if period.every != "daily":
        slots = tuple(Slot(f"{one.day.day}", short_day(one.day)) for one in days)
        created = tuple(one.conversations for one in days)
        resolved = tuple(one.resolved for one in days)
        title, step = "Conversations and resolutions by day", "the day before"
    else:
        slots = tuple(Slot(f"{hour:02}", f"{hour:02}:00") for hour in range(24))
        until = answers.as_of
        created = _by_hour(answers.created, period, until, tz)
        resolved = _by_hour(answers.resolved, period, until, tz)
        title, step = "Conversations and resolutions by hour", "the hour before"
    series = (Series(CREATED, created), Series(RESOLVED, resolved))
    return LineData(title, slots, series, step)


def _by_hour(
    buckets: Iterable[Bucket], period: Period, until: float, tz: tzinfo | None
) -> tuple[int | None, ...]:
    """An hour that a day has twice is both of them, one that it lacks is nothing."""
    hours: list[int | None] = [None] * 24
    at = period.since
    while at < min(period.until, until):
        hours[_local(at, tz).hour] = 0
        at += 1800.0
    for bucket in buckets:
        moment = _local(bucket.at, tz)
        if moment.date() == period.first:
            hours[moment.hour] = (hours[moment.hour] or 0) + round(bucket.value or 0)
    return tuple(hours)


def _traffic(created: Iterable[Bucket], tz: tzinfo | None) -> HeatData:
    """Conversations begun by weekday and hour of the shop's."""
    table: list[list[float | None]] = [[None] * 24 for _ in DAYS]
    for bucket in created:
        moment = _local(bucket.at, tz)
        row = table[moment.weekday()]
        row[moment.hour] = (row[moment.hour] or 0) + (bucket.value or 0)
    return HeatData(
        "Conversations by weekday and hour",
        CREATED,
        tuple(Slot(day[:3], day) for day in DAYS),
        tuple(Slot(f"{hour:02}", f"{hour:02}:00 to {hour + 1:02}:00") for hour in range(24)),
        tuple(map(tuple, table)),
    )


# --- agents, inboxes, ratings --------------------------------------------------------------------


def _bars(title: str, rows: Iterable[Row]) -> BarData:
    busy = sorted((one for one in rows if one.conversations), key=_busiest)
    bars = [Bar(one.name, float(one.conversations)) for one in busy[:MOST_BARS]]
    if rest := busy[MOST_BARS:]:
        bars.append(Bar(f"{len(rest)} others", float(sum(one.conversations for one in rest))))
    return BarData(title, CREATED, tuple(bars))


def _busiest(row: Row) -> tuple[int, str]:
    return -row.conversations, row.name.casefold()


def _rated(answers: Answers) -> tuple[int, ...]:
    return tuple(answers.satisfaction.ratings.get(rating, 0) for rating in range(1, 6))
