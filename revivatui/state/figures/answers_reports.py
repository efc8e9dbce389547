"""Series, summaries and the bot's figures: `reports` and what lies below it (contract 6.2, 6.3)."""

from __future__ import annotations

from typing import Final

from revivatui.state.figures.buckets import DAY, GROUPS
from revivatui.state.figures.counting import (
    AVERAGES,
    BOT_SUMMARY,
    KIND_OF,
    METRICS,
    SUMMARY,
    figure,
    series,
)
from revivatui.state.figures.questions import Question, broken
from revivatui.state.figures.rows import BOT_HANDOFF, BOT_RESOLVED, CREATED, OUTGOING, whole
from revivatui.state.figures.scopes import INBOX, Scope, Span
from revivatui.state.figures.zones import zone_of

INSTANT: Final = 1e-3
"""Seconds after the last happening at which it surely has happened."""


def reports(question: Question) -> object:
    """A row for every bucket of the stretch."""
    kind, metric = question.get("type"), question.get("metric")
    if kind is None:
        raise broken()
    if metric not in METRICS:
        return {} if question.new else []
    scope = question.scope
    points = series(
        question.rows,
        metric,
        scope,
        question.span or _everything(question, metric, scope),
        _group(question),
        zone_of(question.get("timezone_offset"), question.version, question.now),
        question.version,
        business_hours=question.business_hours,
    )
    if metric in AVERAGES:
        return [{"value": one.value, "timestamp": one.begin, "count": one.count} for one in points]
    return [{"value": int(one.value), "timestamp": one.begin} for one in points]


def _everything(question: Question, metric: str, scope: Scope) -> Span | None:
    """What 3.9 averages where an end of the stretch is missing: all there is. Counts, and 4.x,
    find nothing."""
    facts = question.rows.facts(KIND_OF[metric], scope)
    if question.new or metric not in AVERAGES or not facts:
        return None
    return Span(facts[0].at, facts[-1].at + INSTANT)


def summary(question: Question) -> object:
    """The seven figures of the stretch and of the one before."""
    return _with_previous(question, SUMMARY)


def bot_summary(question: Question) -> object:
    return _with_previous(question, BOT_SUMMARY)


def values(
    question: Question, scope: Scope, span: Span | None, metrics: tuple[str, ...]
) -> dict[str, object]:
    """Figures by name, as the server writes them: nothing to average is 0 (3.9) or null (4.x)."""
    told: dict[str, object] = {}
    for metric in metrics:
        found = figure(
            question.rows,
            metric,
            scope,
            span,
            question.version,
            business_hours=question.business_hours,
        )
        told[metric] = found.value if found.value is not None or question.new else 0
    return told


def bot_metrics(question: Question) -> object:
    """What the bots did: conversations of inboxes with a bot, and how they ended (percent)."""
    rows, span = question.rows, question.span
    if span is None:
        return {
            "conversation_count": 0,
            "message_count": 0,
            "resolution_rate": 0,
            "handoff_rate": 0,
        }
    inboxes = [Scope(INBOX, whole(row["inbox_id"])) for row in rows.table("agent_bot_inboxes")]
    talks = {
        fact.conversation_id for inbox in inboxes for fact in rows.between(CREATED, inbox, *span)
    }
    messages = [
        fact for fact in rows.between(OUTGOING, Scope(), *span) if fact.conversation_id in talks
    ]
    return {
        "conversation_count": len(talks),
        "message_count": len(messages),
        "resolution_rate": _percent(question, BOT_RESOLVED, span, len(talks)),
        "handoff_rate": _percent(question, BOT_HANDOFF, span, len(talks)),
    }


def _percent(question: Question, event: str, span: Span, of: int) -> int:
    """How many conversations it happened to, per hundred, cut to a whole number."""
    rows = question.rows
    facts = rows.between(event, Scope(), *span)
    happened = {fact.conversation_id for fact in facts} & rows.conversations.keys()
    return int(len(happened) / of * 100) if of else 0


def _with_previous(question: Question, metrics: tuple[str, ...]) -> object:
    scope = question.scope
    told = values(question, scope, question.span, metrics)
    told["previous"] = values(question, scope, question.previous, metrics)
    return told


def _group(question: Question) -> str:
    group = question.get("group_by")
    if group is None or (group not in GROUPS and question.new):
        return DAY
    if group not in GROUPS:
        raise broken()
    return group
