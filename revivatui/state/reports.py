"""What the server's reports answer (contract 6), as every screen and file of ours holds it.

Times are epoch seconds, durations seconds; None where the server has nothing to average.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

Scope = Literal["account", "agent", "inbox", "label", "team"]
GroupBy = Literal["hour", "day", "week", "month", "year"]

METRICS: Final = (
    "conversations_count",
    "incoming_messages_count",
    "outgoing_messages_count",
    "avg_first_response_time",
    "avg_resolution_time",
    "reply_time",
    "resolutions_count",
    "bot_resolutions_count",
    "bot_handoffs_count",
)
AVERAGES: Final = frozenset({"avg_first_response_time", "avg_resolution_time", "reply_time"})
"""Those whose value is a duration."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a range, half-open, of one scope (contract 6.1)."""

    since: float
    until: float
    scope: Scope = "account"
    scope_id: int | None = None
    """Of the agent, inbox, label or team."""
    group_by: GroupBy = "day"
    offset: float = 0.0
    """Hours from UTC, as `timezone_offset`."""
    business_hours: bool = False

    def before(self) -> Question:
        """The equally long range right before this one."""
        return replace(self, since=2 * self.since - self.until, until=self.since)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One step of a series (contract 6.2)."""

    at: float
    value: float | None
    """None: nothing to average."""
    count: int | None = None
    """How many the average is of; None for counts."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of one range (contract 6.3)."""

    conversations: int
    incoming: int
    outgoing: int
    resolutions: int
    first_response: float | None
    resolution: float | None
    reply: float | None


@dataclass(frozen=True, slots=True)
class Summary:
    """A range and the one before it."""

    now: Totals
    previous: Totals


@dataclass(frozen=True, slots=True)
class BotTotals:
    resolutions: int
    handoffs: int


@dataclass(frozen=True, slots=True)
class LiveCounts:
    """Conversations now (contract 6.4)."""

    open: int
    unattended: int
    unassigned: int
    pending: int | None = None
    """None where the server groups and does not say."""


@dataclass(frozen=True, slots=True)
class AgentLive:
    """An agent now: open and unattended conversations (contract 6.4)."""

    id: int
    name: str
    email: str
    availability: str
    open: int
    unattended: int


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One agent, team, inbox or label over a range (contract 6.5)."""

    id: int
    conversations: int
    resolved: int | None
    """None on 3.9, which does not say."""
    resolution: float | None
    first_response: float | None
    reply: float | None
    name: str = ""
    """Labels only; the others are known by id."""


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One kind of channel over a range (contract 6.5, 4.x)."""

    channel: str
    open: int
    resolved: int
    pending: int
    snoozed: int
    total: int


@dataclass(frozen=True, slots=True)
class Rating:
    """One answer to a satisfaction survey (contract 6.7)."""

    id: int
    rating: int
    """1 to 5."""
    conversation_id: int
    created_at: float | None
    comment: str = ""
    contact_name: str = ""
    agent_id: int | None = None
    agent_name: str = ""


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """How many answered, with what, and how many were asked (contract 6.7)."""

    answered: int
    asked: int
    """By the dates alone: no other filter counts."""
    ratings: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportingEvent:
    """What the server's averages are made of (contract 6.7, 4.x enterprise)."""

    id: int
    name: str
    value: float
    value_in_business_hours: float
    created_at: float | None
    ended_at: float | None
    conversation_id: int | None
    """The database's id, not the number that people see."""
    inbox_id: int | None
    user_id: int | None
