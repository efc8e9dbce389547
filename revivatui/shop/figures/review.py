"""One member's year (contract 6.7, 4.x)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from revivatui.shop.db import Database
from revivatui.shop.figures.periods import MICROS

DAY = 86_400


def year_in_review(db: Database, account_id: int, user_id: int, year: int) -> dict[str, Any]:
    """What the member's conversations of a year were; the days are those of UTC.

    Raises ValueError for a year that no calendar has.
    """
    begin, end = (int(datetime(y, 1, 1, tzinfo=UTC).timestamp()) for y in (year, year + 1))
    made = db.column(
        "SELECT created_at FROM conversations WHERE account_id = ? AND assignee_id = ?"
        " AND created_at >= ? AND created_at < ? ORDER BY created_at",
        (account_id, user_id, begin * MICROS, end * MICROS),
    )
    response: float | None = db.value(
        "SELECT AVG(value) FROM reporting_events WHERE account_id = ? AND user_id = ?"
        " AND name = 'first_response' AND created_at >= ? AND created_at < ?",
        (account_id, user_id, begin * MICROS, end * MICROS),
    )
    return {
        "total_conversations": len(made),
        "busiest_day": _busiest([moment // MICROS for moment in made]),
        "support_personality": {"avg_response_time_seconds": int(response or 0)},
    }


def _busiest(moments: list[int]) -> dict[str, Any] | None:
    """The day with most, the earliest of several."""
    days = Counter(moment // DAY for moment in moments)
    if not days:
        return None
    day, count = max(days.items(), key=lambda item: (item[1], -item[0]))
    return {"date": f"{datetime.fromtimestamp(day * DAY, UTC):%b %d}", "count": count}
