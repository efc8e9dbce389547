"""Reports made without a server, for tests of what becomes of answers."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from revivatui.state.alerts import Alert
from revivatui.state.report_build import build
from revivatui.state.report_data import Answers, Row, ShopReport
from revivatui.state.report_period import Every, Period, period_of
from revivatui.state.reports import Bucket, Rating, Satisfaction, Totals

LISBON = ZoneInfo("Europe/Lisbon")
HOUR = 3600.0


def totals(conversations: int = 0, resolutions: int = 0, **more: Any) -> Totals:
    return Totals(
        conversations=conversations,
        incoming=0,
        outgoing=0,
        resolutions=resolutions,
        first_response=more.get("first_response"),
        resolution=more.get("resolution"),
        reply=more.get("reply"),
    )


def hours(period: Period, values: dict[float, int]) -> tuple[Bucket, ...]:
    """A bucket for every hour of a period; `values` by hours since its beginning."""
    many = int((period.until - period.since) // HOUR)
    return tuple(
        Bucket(period.since + n * HOUR, float(values.get(float(n), 0))) for n in range(many)
    )


def answers(period: Period, **more: Any) -> Answers:
    given: dict[str, Any] = {
        "account": "Reviva",
        "version": "4.10.1",
        "as_of": period.until + HOUR,
        "now": totals(10, 9, first_response=60.0, resolution=7200.0),
        "before": totals(5, 4, first_response=180.0),
        "created": hours(period, {9.0: 4, 30.0: 6}),
        "resolved": hours(period, {10.0: 9}),
        "agents": (Row("Ana", 6, 5, 60.0, 7200.0), Row("Bo", 0, 0, None, None)),
        "inboxes": (Row("Website", 10, 9, 60.0, 7200.0),),
        "satisfaction": Satisfaction(3, 5, {5: 2, 1: 1}),
        "satisfaction_before": Satisfaction(0, 0, {}),
        "ratings": (Rating(1, 1, 7, period.since + HOUR, "Slow", "Rui"),),
        "alerts": (Alert("queue", period.since + HOUR, "", bare="12 are nobody's"),),
    }
    return Answers(**{**given, **more})


def made(every: Every = "weekly", day: date = date(2026, 11, 18), **more: Any) -> ShopReport:
    period = period_of(every, day, LISBON)
    return build(answers(period, **more), period, LISBON, "Europe/Lisbon")
