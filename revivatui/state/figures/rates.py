"""Figures that are made of others: the share of resolutions and the satisfaction, in percent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from revivatui.state.figures.counting import CONVERSATIONS, RESOLUTIONS, Figure, figure
from revivatui.state.figures.rows import Rows, maybe_whole, moment, whole
from revivatui.state.figures.scopes import ACCOUNT, AGENT, LABEL, TEAM, Scope, Span

CONTENT: Final = 4
"""The rating from which a customer counts as satisfied."""


def resolution_rate(rows: Rows, scope: Scope, span: Span, version: str) -> Figure:
    """Resolutions for every hundred conversations created; None where none was created."""
    created = figure(rows, CONVERSATIONS, scope, span, version).count
    resolved = figure(rows, RESOLUTIONS, scope, span, version).count
    return Figure(resolved / created * 100 if created else None, created)


def satisfaction(ratings: Mapping[int, int]) -> Figure:
    """The share of ratings of 4 and 5, from how often each was given; None without any."""
    total = sum(ratings.values())
    content = sum(many for rating, many in ratings.items() if rating >= CONTENT)
    return Figure(content / total * 100 if total else None, total)


def ratings(rows: Rows, scope: Scope, span: Span) -> dict[int, int]:
    """How often each rating was given in a stretch, by agent who was assigned then, or by what
    the conversation is now."""
    told: dict[int, int] = {}
    for row in rows.table("csat_survey_responses"):
        if not span.since <= moment(row["created_at"]) < span.until:
            continue
        talk_id, agent = whole(row["conversation_id"]), maybe_whole(row.get("assigned_agent_id"))
        if agent == scope.id if scope.kind == AGENT else _in(rows, talk_id, scope):
            rating = whole(row["rating"])
            told[rating] = told.get(rating, 0) + 1
    return told


def _in(rows: Rows, talk_id: int, scope: Scope) -> bool:
    talk = rows.conversations.get(talk_id)
    if scope.kind == ACCOUNT or talk is None:
        return scope.kind == ACCOUNT
    if scope.kind == LABEL:
        return scope.title in rows.labels_of.get(talk_id, ())
    return scope.id == (talk.team_id if scope.kind == TEAM else talk.inbox_id)
