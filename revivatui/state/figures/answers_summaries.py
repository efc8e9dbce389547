"""One row for every agent, team, inbox or label (contract 6.5), and the channels' states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from revivatui.state.figures.counting import (
    AVG_FIRST_RESPONSE,
    AVG_REPLY,
    AVG_RESOLUTION,
    CONVERSATIONS,
    Figure,
    average,
    figure,
)
from revivatui.state.figures.questions import Question, Refused, scopes
from revivatui.state.figures.rows import (
    CREATED,
    FIRST_RESPONSE,
    REPLY_TIME,
    RESOLVED,
    Fact,
    maybe_whole,
    text,
)
from revivatui.state.figures.scopes import AGENT, INBOX, LABEL, TEAM, Scope

LONGEST: Final = 182.62
"""Days that the channels' report covers at most: six months of the server's calendar."""
STATES: Final = ("open", "resolved", "pending", "snoozed")


def agents(question: Question) -> object:
    return [_row(question, scope) for scope in scopes(question.rows, AGENT)]


def teams(question: Question) -> object:
    return [_row(question, scope) for scope in scopes(question.rows, TEAM)]


def inboxes(question: Question) -> object:
    return [_row(question, scope) for scope in scopes(question.rows, INBOX)]


def labels(question: Question) -> object:
    return [label_row(question, scope) for scope in scopes(question.rows, LABEL)]


def _row(question: Question, scope: Scope) -> dict[str, object]:
    opened = _figure(question, CONVERSATIONS, scope).count
    resolved = _figure(question, AVG_RESOLUTION, scope)
    told: dict[str, object] = {"id": scope.id, "conversations_count": opened}
    if question.new:
        told["resolved_conversations_count"] = resolved.count
    elif not opened:
        told["conversations_count"] = None
    told["avg_resolution_time"] = resolved.value
    told["avg_first_response_time"] = _figure(question, AVG_FIRST_RESPONSE, scope).value
    told["avg_reply_time"] = _figure(question, AVG_REPLY, scope).value
    return told


def label_row(question: Question, scope: Scope) -> dict[str, object]:
    """A label's row: averages are of the conversations created in the stretch, whenever it
    happened to them. With no stretch given everything counts."""
    rows, span = question.rows, question.span
    opened = rows.facts(CREATED, scope) if span is None else rows.between(CREATED, scope, *span)
    ended = rows.facts(RESOLVED, scope) if span is None else rows.between(RESOLVED, scope, *span)
    those = {fact.conversation_id for fact in opened}

    def mean(event: str) -> float:
        facts: Sequence[Fact] = [
            fact for fact in rows.facts(event, scope) if fact.conversation_id in those
        ]
        return average(facts, question.business_hours) or 0

    return {
        "id": scope.id,
        "name": scope.title,
        "conversations_count": len(opened),
        "avg_resolution_time": mean(RESOLVED),
        "avg_first_response_time": mean(FIRST_RESPONSE),
        "avg_reply_time": mean(REPLY_TIME),
        "resolved_conversations_count": len(ended),
    }


def channels(question: Question) -> object:
    """How the conversations created in the stretch stand now, by the channel of their inbox."""
    span = question.span
    if span is None:
        return {}
    if span.until // 86400 - span.since // 86400 > LONGEST:
        raise Refused(422, {"error": "Date range cannot exceed 6 months"})
    kinds = {
        maybe_whole(row["id"]): text(row, "channel_type") for row in question.rows.table("inboxes")
    }
    told: dict[str, dict[str, int]] = {}
    for fact in question.rows.between(CREATED, Scope(), *span):
        row = question.rows.conversations[fact.conversation_id]
        kind = kinds.get(row.inbox_id)
        if kind is not None:
            states = told.setdefault(kind, dict.fromkeys((*STATES, "total"), 0))
            states[row.status] += 1
            states["total"] += 1
    return told


def _figure(question: Question, metric: str, scope: Scope) -> Figure:
    return figure(
        question.rows,
        metric,
        scope,
        question.span,
        question.version,
        business_hours=question.business_hours,
    )
