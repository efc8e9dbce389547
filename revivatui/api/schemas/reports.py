"""Reports, live figures and satisfaction (contract 6)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from revivatui.api.schemas.base import Line, Stamp, Text, Wire
from revivatui.api.schemas.people import Agent, Contact


def _none_if_odd(value: Any) -> Any:
    """4.x answers an object where it knows no such metric."""
    return [] if isinstance(value, dict) else value


class Bucket(Wire):
    value: float | None = None
    timestamp: float
    count: int | None = None


Series = Annotated[list[Bucket], BeforeValidator(_none_if_odd)]


class Totals(Wire):
    conversations_count: int | None = None
    incoming_messages_count: int | None = None
    outgoing_messages_count: int | None = None
    avg_first_response_time: float | None = None
    avg_resolution_time: float | None = None
    resolutions_count: int | None = None
    reply_time: float | None = None


class Summary(Totals):
    previous: Totals


class BotTotals(Wire):
    bot_resolutions_count: int | None = None
    bot_handoffs_count: int | None = None


class BotSummary(BotTotals):
    previous: BotTotals


class LiveCounts(Wire):
    open: int | None = None
    unattended: int | None = None
    unassigned: int | None = None
    pending: int | None = None
    team_id: int | None = None
    assignee_id: int | None = None


class AgentCounts(Wire):
    open: int | None = None
    unattended: int | None = None


class AgentLive(Wire):
    id: int
    name: Line | None = None
    email: Line | None = None
    thumbnail: object = None
    availability: Line | None = None
    metric: AgentCounts


class SummaryRow(Wire):
    id: int
    name: Line | None = None
    conversations_count: int | None = None
    resolved_conversations_count: int | None = None
    avg_resolution_time: float | None = None
    avg_first_response_time: float | None = None
    avg_reply_time: float | None = None


class ChannelCounts(Wire):
    open: int = 0
    resolved: int = 0
    pending: int = 0
    snoozed: int = 0
    total: int = 0


class Noter(Wire):
    id: int | None = None
    name: Line | None = None


class Rating(Wire):
    id: int
    rating: int
    feedback_message: Text | None = None
    csat_review_notes: Text | None = None
    review_notes_updated_at: Stamp = None
    review_notes_updated_by: Noter | None = None
    account_id: int | None = None
    message_id: int | None = None
    contact: Contact | None = None
    conversation_id: int
    assigned_agent: Agent | None = None
    created_at: Stamp = None


class Satisfaction(Wire):
    total_count: int = 0
    ratings_count: dict[int, int] = {}
    total_sent_messages_count: int = 0


class ReportingEvent(Wire):
    id: int
    name: Line
    value: float | None = None
    value_in_business_hours: float | None = None
    event_start_time: Stamp = None
    event_end_time: Stamp = None
    account_id: int | None = None
    inbox_id: int | None = None
    user_id: int | None = None
    conversation_id: int | None = None
    created_at: Stamp = None
    updated_at: Stamp = None


class EventsMeta(Wire):
    count: int | None = None
    current_page: int | None = None
    total_pages: int | None = None


class ReportingEvents(Wire):
    payload: list[ReportingEvent]
    meta: EventsMeta
