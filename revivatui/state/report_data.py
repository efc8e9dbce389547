"""What a report is made from, as it was answered, and what it says: plain records."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, tzinfo

    from revivatui.state.alerts import Alert
    from revivatui.state.analytics_tiles import Tile
    from revivatui.state.bridge_health import Uptime
    from revivatui.state.charts.data import BarData, HeatData, LineData, RatingData
    from revivatui.state.report_period import Period
    from revivatui.state.reports import Bucket, Rating, Satisfaction, Totals


@dataclass(frozen=True, slots=True)
class Row:
    """An agent or an inbox over the period. Durations in seconds; None: nothing to average, or
    not said by this server."""

    name: str
    conversations: int
    resolved: int | None
    first_response: float | None
    resolution: float | None


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that was asked for one report."""

    account: str
    version: str
    as_of: float
    now: Totals
    before: Totals
    created: tuple[Bucket, ...]
    """Conversations by the hour."""
    resolved: tuple[Bucket, ...]
    """Resolutions by the hour."""
    agents: tuple[Row, ...]
    inboxes: tuple[Row, ...]
    satisfaction: Satisfaction
    satisfaction_before: Satisfaction
    ratings: tuple[Rating, ...]
    """Newest first, as many as were read."""
    has_more_ratings: bool = False
    alerts: tuple[Alert, ...] | None = None
    """None: nobody notes them where the report was made."""
    uptime: Uptime | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the shop's; None: it has not come yet."""

    day: date
    conversations: int | None
    resolved: int | None


@dataclass(frozen=True, slots=True)
class ShopReport:
    """A report as it is read, in whatever form."""

    period: Period
    account: str
    version: str
    as_of: float
    zone: str
    tz: tzinfo | None
    is_whole: bool
    """The period was over when it was asked for."""
    figures: tuple[Tile, ...]
    days: tuple[Day, ...]
    course: LineData
    by_agent: BarData
    by_inbox: BarData
    traffic: HeatData
    rated: RatingData
    agents: tuple[Row, ...]
    inboxes: tuple[Row, ...]
    comments: tuple[Rating, ...]
    """Those with a comment, newest first."""
    comments_left_out: int
    has_more_ratings: bool
    """There are more answers than were read: comments may be missing."""
    alerts: tuple[Alert, ...] | None
    definitions: Mapping[str, str] = field(default_factory=dict)
    """Name of a figure -> what it counts, as this version does."""
    footnotes: tuple[str, ...] = ()
