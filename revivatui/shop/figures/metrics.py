"""What each metric counts (contract 6.2, 6.3), and how differently the two versions do."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from revivatui.shop.db import Database, Row
from revivatui.shop.figures.periods import (
    MICROS,
    Span,
    bucket_stored,
    buckets,
    buckets_between,
    shown,
)
from revivatui.shop.figures.scopes import Scope, Where

EVENT_OF_AVERAGE = {
    "avg_first_response_time": "first_response",
    "avg_resolution_time": "conversation_resolved",
    "reply_time": "reply_time",
}
EVENT_OF_COUNT = {
    "resolutions_count": "conversation_resolved",
    "bot_resolutions_count": "conversation_bot_resolved",
    "bot_handoffs_count": "conversation_bot_handoff",
}
MESSAGES_OF_COUNT = {"incoming_messages_count": "incoming", "outgoing_messages_count": "outgoing"}
METRICS = ("conversations_count", *MESSAGES_OF_COUNT, *EVENT_OF_AVERAGE, *EVENT_OF_COUNT)


@dataclass(frozen=True, slots=True)
class Question:
    """Whose figures, of which range and version, by the clock or by business hours."""

    db: Database
    scope: Scope
    span: Span | None
    v4: bool
    business_hours: bool = False

    @property
    def value_column(self) -> str:
        return "value_in_business_hours" if self.business_hours else "value"


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a metric's rows are: ``counted`` is what makes one of it, None each row."""

    tables: str
    where: Where
    at: str
    counted: str | None = None


def _source(question: Question, metric: str) -> _Source:
    scope = question.scope
    if metric == "conversations_count":
        return _Source("conversations", scope.conversations(), "conversations.created_at")
    if metric in MESSAGES_OF_COUNT:
        where = scope.messages().also("messages.message_type = ?", MESSAGES_OF_COUNT[metric])
        return _Source("messages", where, "messages.created_at")
    name = EVENT_OF_AVERAGE.get(metric) or EVENT_OF_COUNT[metric]
    where = scope.events().also("reporting_events.name = ?", name)
    at = "reporting_events.created_at"
    # Hand-offs count once a conversation in both, the rest in 3.x only.
    if metric in EVENT_OF_AVERAGE or (question.v4 and metric != "bot_handoffs_count"):
        return _Source("reporting_events", where, at)
    tables = (
        "reporting_events JOIN conversations ON conversations.id = reporting_events.conversation_id"
    )
    if metric != "bot_handoffs_count":
        where = where.also("conversations.status = 'resolved'")
    return _Source(tables, where, at, "reporting_events.conversation_id")


def count(question: Question, metric: str) -> int:
    """How many in the whole range."""
    source = _source(question, metric)
    where = source.where.within(source.at, question.span)
    what = f"DISTINCT {source.counted}" if source.counted else "*"
    number: int = question.db.value(
        f"SELECT COUNT({what}) FROM {source.tables} WHERE {where.sql}", where.values
    )
    return number


def average(question: Question, metric: str) -> float | None:
    """The mean in seconds over the whole range; None where there is nothing."""
    source = _source(question, metric)
    where = source.where.within(source.at, question.span)
    mean: float | None = question.db.value(
        f"SELECT AVG({question.value_column}) FROM {source.tables} WHERE {where.sql}", where.values
    )
    return mean


def series(question: Question, metric: str, group: str, zone: ZoneInfo) -> list[dict[str, Any]]:
    """One row a bucket. Raises BadRange."""
    source = _source(question, metric)
    averages = metric in EVENT_OF_AVERAGE
    where = source.where
    # 3.x leaves the range to the grouping: without one its averages are of everything.
    if question.span is not None or not averages or question.v4:
        where = where.within(source.at, question.span)
    value = question.value_column if averages else source.counted or "NULL"
    rows = question.db.all(
        f"SELECT {source.at} AS at, {value} AS value FROM {source.tables} WHERE {where.sql}",
        where.values,
    )
    series_of = _buckets(question.span, rows, group, zone)
    filled = _fill(series_of, rows, group, zone)
    tell = _average if averages else _distinct if source.counted else _number
    return [
        tell(values) | {"timestamp": shown(begin, group, zone)} | _count_of(averages, values)
        for begin, values in zip(series_of, filled, strict=True)
    ]


def _buckets(span: Span | None, rows: list[Row], group: str, zone: ZoneInfo) -> list[int]:
    if span is not None:
        return buckets(span, group, zone)
    if not rows:
        return []
    moments = [row["at"] // MICROS for row in rows]
    first, last = (bucket_stored(one, group, zone) for one in (min(moments), max(moments)))
    return buckets_between(first, last, group, zone)


def _fill(begins: list[int], rows: Iterable[Row], group: str, zone: ZoneInfo) -> list[list[Any]]:
    """The rows' values by bucket."""
    filled: list[list[Any]] = [[] for _ in begins]
    place = {begin: index for index, begin in enumerate(begins)}
    # All rows of one interval are stored alike, so each interval is looked up once.
    stored = [place.get(bucket_stored(begin, group, zone)) for begin in begins]
    for row in rows:
        interval = bisect_right(begins, row["at"] // MICROS) - 1
        target = stored[interval] if interval >= 0 else None
        if target is not None:
            filled[target].append(row["value"])
    return filled


def _number(values: list[Any]) -> dict[str, Any]:
    return {"value": len(values)}


def _distinct(values: list[Any]) -> dict[str, Any]:
    return {"value": len(set(values))}


def _average(values: list[Any]) -> dict[str, Any]:
    return {"value": sum(values) / len(values) if values else 0}


def _count_of(averages: bool, values: list[Any]) -> dict[str, Any]:
    return {"count": len(values)} if averages else {}


def or_none_told(question: Question, mean: float | None) -> float | int | None:
    """Nothing to average: 3.x says 0, 4.x null."""
    return mean if mean is not None or question.v4 else 0
