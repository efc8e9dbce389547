"""The figures themselves: how many, how long on average, in total and by bucket (contract 6.8).

The two versions count differently. 3.9 counts a resolution as a conversation that was resolved in
the stretch and is resolved now, 4.x counts every time one was resolved; both count a handoff by
the bot once a conversation. What has to be one conversation is so within each bucket: the sum of
the buckets can be more than the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from revivatui.state.figures.buckets import bucket_of, starts
from revivatui.state.figures.rows import (
    BOT_HANDOFF,
    BOT_RESOLVED,
    CREATED,
    FIRST_RESPONSE,
    INCOMING,
    OUTGOING,
    REPLY_TIME,
    RESOLVED,
    Fact,
    Rows,
)
from revivatui.state.figures.scopes import Scope, Span
from revivatui.state.figures.zones import Zone, counts_every_event
from revivatui.state.records import dataclass

CONVERSATIONS: Final = "conversations_count"
MESSAGES_IN: Final = "incoming_messages_count"
MESSAGES_OUT: Final = "outgoing_messages_count"
AVG_FIRST_RESPONSE: Final = "avg_first_response_time"
AVG_RESOLUTION: Final = "avg_resolution_time"
AVG_REPLY: Final = "reply_time"
RESOLUTIONS: Final = "resolutions_count"
BOT_RESOLUTIONS: Final = "bot_resolutions_count"
BOT_HANDOFFS: Final = "bot_handoffs_count"

KIND_OF: Final[dict[str, str]] = {
    CONVERSATIONS: CREATED,
    MESSAGES_IN: INCOMING,
    MESSAGES_OUT: OUTGOING,
    AVG_FIRST_RESPONSE: FIRST_RESPONSE,
    AVG_RESOLUTION: RESOLVED,
    AVG_REPLY: REPLY_TIME,
    RESOLUTIONS: RESOLVED,
    BOT_RESOLUTIONS: BOT_RESOLVED,
    BOT_HANDOFFS: BOT_HANDOFF,
}
"""What each metric counts or averages, by the server's names (contract 6.1)."""

METRICS: Final = tuple(KIND_OF)
AVERAGES: Final = (AVG_FIRST_RESPONSE, AVG_RESOLUTION, AVG_REPLY)
SUMMARY: Final = (
    CONVERSATIONS,
    MESSAGES_IN,
    MESSAGES_OUT,
    AVG_FIRST_RESPONSE,
    AVG_RESOLUTION,
    RESOLUTIONS,
    AVG_REPLY,
)
BOT_SUMMARY: Final = (BOT_RESOLUTIONS, BOT_HANDOFFS)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: a count, or an average in seconds of `count` things."""

    value: float | None
    """None: an average of nothing. The server says 0 (3.9) or null (4.x)."""
    count: int


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of one bucket."""

    begin: int
    """Epoch seconds: 00:00, or the full hour, of the zone."""
    value: float
    """0 where there is nothing to average."""
    count: int


def figure(
    rows: Rows,
    metric: str,
    scope: Scope,
    span: Span | None,
    version: str,
    *,
    business_hours: bool = False,
) -> Figure:
    """The figure of a whole stretch; no stretch (since or until missing) holds nothing."""
    facts = _facts(rows, metric, scope, span, version)
    return _figure(facts, metric, version, business_hours)


def series(
    rows: Rows,
    metric: str,
    scope: Scope,
    span: Span | None,
    group: str,
    zone: Zone,
    version: str,
    *,
    business_hours: bool = False,
) -> tuple[Point, ...]:
    """The figure of every bucket of a stretch, the empty ones too."""
    if span is None:
        return ()
    begins = starts(span, group, zone.info)
    held: dict[int, list[Fact]] = {begin: [] for begin in begins}
    for fact in _facts(rows, metric, scope, span, version):
        begin = bucket_of(fact.at, begins, group, zone.info)
        if begin is not None:
            held[begin].append(fact)
    return tuple(
        Point(begin, found.value or 0.0, found.count)
        for begin, facts in held.items()
        for found in (_figure(facts, metric, version, business_hours),)
    )


def once_a_conversation(metric: str, version: str) -> bool:
    """Whether a conversation counts once, however often it happened to it."""
    if metric == BOT_HANDOFFS:
        return True
    return metric in (RESOLUTIONS, BOT_RESOLUTIONS) and not counts_every_event(version)


def average(facts: Sequence[Fact], business_hours: bool) -> float | None:
    """The mean of what the facts took, in seconds; None of nothing."""
    if not facts:
        return None
    return sum(_taken(facts, business_hours)) / len(facts)


def _taken(facts: Iterable[Fact], business_hours: bool) -> Iterable[float]:
    return (fact.business_value if business_hours else fact.value for fact in facts)


def _facts(
    rows: Rows, metric: str, scope: Scope, span: Span | None, version: str
) -> Sequence[Fact]:
    if span is None:
        return ()
    facts = rows.between(KIND_OF[metric], scope, *span)
    if not once_a_conversation(metric, version):
        return facts
    known = rows.conversations
    if metric == BOT_HANDOFFS:
        return [fact for fact in facts if fact.conversation_id in known]
    return [
        fact
        for fact in facts
        if fact.conversation_id in known and known[fact.conversation_id].status == "resolved"
    ]


def _figure(facts: Sequence[Fact], metric: str, version: str, business_hours: bool) -> Figure:
    if metric in AVERAGES:
        return Figure(average(facts, business_hours), len(facts))
    if once_a_conversation(metric, version):
        count = len({fact.conversation_id for fact in facts})
        return Figure(count, count)
    return Figure(len(facts), len(facts))
