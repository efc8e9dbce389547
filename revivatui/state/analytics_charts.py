"""The charts of the analytics, worked out of a board's parts; None where one is still awaited."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.analytics import compared_words, short_day
from revivatui.state.analytics_board import (
    AGENTS,
    COMMENTS,
    COUNTED,
    HOURS,
    LIVE,
    RATINGS,
    SHARES,
    before,
    names_of,
    series,
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
    SparkData,
    StackData,
    StackRow,
)
from revivatui.state.charts.numbers import seconds_words
from revivatui.text.when import DAYS, MONTHS, day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import tzinfo

    from revivatui.state.analytics_board import Board
    from revivatui.state.analytics_tiles import Tile
    from revivatui.state.charts.data import ChartData
    from revivatui.state.models import Agent, Inbox
    from revivatui.state.reports import Bucket, GroupBy, SummaryRow

_NOON: Final = 43_200
"""Half a day into a bucket: the reader's name of its first day, also where the server's day begins
an hour or some before or after the reader's."""
_BEFORE: Final[dict[GroupBy, str]] = {
    "hour": "the hour before",
    "day": "the day before",
    "week": "the week before",
    "month": "the month before",
    "year": "the year before",
}
STATUSES: Final = ("open", "pending", "snoozed", "resolved")
CONVERSATIONS: Final = Measure("Conversations", one="conversation", many="conversations")
RESOLVED: Final = Measure("Resolved", one="resolved", many="resolved")
WAITS: Final = (
    ("avg_first_response_time", Measure("First response", "seconds")),
    ("reply_time", Measure("Reply", "seconds")),
)


class Chart(NamedTuple):
    """A chart: its key, its name, and the parts it is made of."""

    id: str
    name: str
    short: str
    parts: tuple[str, ...]


CHARTS: Final = (
    Chart("course", "Conversations and resolved", "Over time",
          tuple(series(one) for one in COUNTED)),
    Chart("agents", "Conversations by agent", "Agents", (AGENTS,)),
    Chart("shares", "What became of them", "Outcome", (SHARES,)),
    Chart("traffic", "When they begin", "Traffic", (HOURS,)),
    Chart("ratings", "Ratings", "Ratings", (RATINGS,)),
    Chart("waits", "Waiting for an answer", "Waits", tuple(series(one) for one, _ in WAITS)),
    Chart("now", "Now", "Now", (LIVE,)),
    Chart("comments", "What customers said", "Comments", (COMMENTS,)),
)  # fmt: skip
BY_ID: Final = {chart.id: chart for chart in CHARTS}
LISTED: Final = frozenset({"now", "comments"})
"""Those that are lines to read and to choose from."""


def slot_of(at: float, group: GroupBy, tz: tzinfo | None, is_long: bool = False) -> Slot:
    """A bucket on the axis and in full; `is_long` where hours are of several days."""
    if group == "hour":
        moment = datetime.fromtimestamp(at, tz)
        day = short_day(moment.date())
        return Slot(
            f"{day[:3]} {moment:%H}" if is_long else f"{moment:%H:%M}", f"{day} {moment:%H:%M}"
        )
    day_there = day_of(at + _NOON, tz)
    month = MONTHS[day_there.month - 1]
    if group == "month":
        return Slot(month[:3], f"{month} {day_there.year}")
    if group == "year":
        return Slot(str(day_there.year), str(day_there.year))
    short = f"{day_there.day} {month[:3]}"
    words = short_day(day_there)
    return Slot(short, f"week from {words}" if group == "week" else words)


def slots_of(board: Board, buckets: Sequence[Bucket]) -> tuple[Slot, ...]:
    group = board.question.group_by
    is_long = len(buckets) > 24
    return tuple(slot_of(bucket.at, group, board.tz, is_long) for bucket in buckets)


def fitted(values: Sequence[float | None], length: int) -> tuple[float | None, ...]:
    """As many values as there are slots; the time before may fall into one bucket more or less."""
    return (*values[:length], *(None,) * (length - len(values)))


def course(board: Board) -> LineData | None:
    """Conversations and resolved over time, with the conversations of the time before."""
    counted = [board.value(series(metric)) for metric in COUNTED]
    if None in counted:
        return None
    buckets, resolved = counted
    slots = slots_of(board, buckets)
    lines = [
        Series(CONVERSATIONS, tuple(bucket.value for bucket in buckets)),
        Series(RESOLVED, fitted([bucket.value for bucket in resolved], len(slots))),
    ]
    earlier = board.value(before(COUNTED[0])) if board.wanted.compare else None
    if earlier:
        places = slots_of(board, earlier)[: len(slots)]
        places += (Slot("", "nothing"),) * (len(slots) - len(places))
        values = fitted([bucket.value for bucket in earlier], len(slots))
        name = compared_words(board.wanted, board.span)
        lines.append(Series(CONVERSATIONS, values, name, is_previous=True, slots=places))
    title = BY_ID["course"].name
    return LineData(title, slots, tuple(lines), _BEFORE[board.question.group_by])


def waits(board: Board) -> LineData | None:
    """How long customers waited for an answer, over time. Resolutions take days: beside them
    nothing of this would be seen."""
    read = [board.value(series(metric)) for metric, _ in WAITS]
    if None in read:
        return None
    slots = slots_of(board, read[0])
    lines = tuple(
        Series(measure, fitted([bucket.value for bucket in buckets], len(slots)))
        for (_, measure), buckets in zip(WAITS, read, strict=True)
    )
    return LineData(BY_ID["waits"].name, slots, lines, _BEFORE[board.question.group_by])


def agent_rows(rows: Iterable[SummaryRow], agents: Mapping[int, Agent]) -> list[SummaryRow]:
    """Who had the most first; of those without any, who is still here."""
    names = names_of(agents, (row.id for row in rows))
    kept = [row for row in rows if row.conversations or row.resolved or row.id in agents]
    return sorted(kept, key=lambda row: (-row.conversations, names[row.id].casefold()))


def by_agent(board: Board, agents: Mapping[int, Agent]) -> BarData | None:
    rows = board.value(AGENTS)
    if rows is None:
        return None
    names = names_of(agents, (row.id for row in rows))
    bars = tuple(
        Bar(names[row.id], row.conversations, _agent_note(row)) for row in agent_rows(rows, agents)
    )
    return BarData(f"{BY_ID['agents'].name}{_of_all(board)}", CONVERSATIONS, bars)


def _of_all(board: Board) -> str:
    """What is said of a chart that the server cannot narrow to the scope."""
    return "" if board.wanted.scope == "account" else " (whole account)"


def _agent_note(row: SummaryRow) -> str:
    """What is said behind an agent's bar."""
    notes = []
    if row.resolved is not None:
        notes.append(f"{row.resolved:,} resolved")
    if row.first_response is not None:
        notes.append(f"first response {seconds_words(row.first_response)}")
    return ", ".join(notes)


class Share(NamedTuple):
    """What became of the conversations of one channel or inbox."""

    name: str
    counts: tuple[int, ...]
    """In the order of `STATUSES`."""
    key: str
    """The channel's type, or the inbox's id."""


def shares(board: Board) -> StackData | None:
    rows: Sequence[Share] | None = board.value(SHARES)
    if rows is None:
        return None
    by = "inbox" if board.is_old else "channel"
    title = f"{BY_ID['shares'].name}, by {by}{_of_all(board)}"
    return StackData(
        title, CONVERSATIONS, STATUSES, tuple(StackRow(row.name, row.counts) for row in rows)
    )


def traffic(board: Board) -> HeatData | None:
    """Conversations begun by weekday and hour of the reader's; weekdays that the range has not
    are no data."""
    buckets = board.value(HOURS)
    if buckets is None:
        return None
    counts: list[list[float | None]] = [[None] * 24 for _ in DAYS]
    for bucket in buckets:
        moment = datetime.fromtimestamp(bucket.at, board.tz)
        row = counts[moment.weekday()]
        row[moment.hour] = (row[moment.hour] or 0) + (bucket.value or 0)
    return HeatData(
        BY_ID["traffic"].name,
        CONVERSATIONS,
        tuple(Slot(day[:3], day) for day in DAYS),
        tuple(Slot(f"{hour:02}", f"{hour:02}:00 to {hour + 1:02}:00") for hour in range(24)),
        tuple(map(tuple, counts)),
    )


def ratings(board: Board) -> RatingData | None:
    counted = board.value(RATINGS)
    if counted is None:
        return None
    counts = tuple(counted.ratings.get(rating, 0) for rating in range(1, 6))
    of_all = _of_all(board) if board.wanted.scope == "label" else ""
    return RatingData(f"{BY_ID['ratings'].name}{of_all}", counts)


def chart_of(chart_id: str, board: Board, agents: Mapping[int, Agent]) -> ChartData | None:
    """The data of a chart; None where it is awaited."""
    match chart_id:
        case "course":
            return course(board)
        case "agents":
            return by_agent(board, agents)
        case "shares":
            return shares(board)
        case "traffic":
            return traffic(board)
        case "ratings":
            return ratings(board)
        case "waits":
            return waits(board)
        case _:
            return None


def spark_of(tile: Tile, board: Board) -> SparkData | None:
    """The small line of a tile."""
    buckets = board.value(series(tile.kind.metric)) if tile.kind.metric else None
    if not buckets:
        return None
    measure = Measure(tile.kind.name, tile.kind.unit)
    return SparkData(Series(measure, tile.course), slots_of(board, buckets))


def channel_words(channel: str, inboxes: Iterable[Inbox] = ()) -> str:
    """A kind of channel as people say it: "Channel::WebWidget" is "Website"."""
    return _CHANNELS.get(channel.rpartition("::")[2], channel.rpartition("::")[2])


_CHANNELS: Final = {
    "WebWidget": "Website",
    "Api": "API",
    "Email": "E-mail",
    "FacebookPage": "Facebook",
    "TwilioSms": "SMS (Twilio)",
    "Sms": "SMS",
    "Whatsapp": "WhatsApp",
    "Line": "LINE",
}
