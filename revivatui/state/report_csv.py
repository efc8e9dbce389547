"""A report as CSV in long form: one row a value, whatever it is of."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from revivatui.state.report_data import Row, ShopReport

COLUMNS: Final = ("section", "name", "of", "value", "unit", "note")
_FORMULA: Final = re.compile(r"^\s*[=+\-@\t\r]")
"""What a spreadsheet would take for a formula."""
Cells = tuple[str, str, str, object, str, str]


def as_csv(report: ShopReport) -> str:
    """Comma-separated, with a head. What is not known is an empty value."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _rows(report):
        writer.writerow([_cell(value) for value in row])
    return made.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, float):
        return int(value) if value == int(value) else round(value, 3)
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value


def _rows(report: ShopReport) -> Iterator[Cells]:
    period = report.period
    for name, about in (
        ("account", report.account),
        ("period", period.every),
        ("from", period.first.isoformat()),
        ("to", period.last.isoformat()),
        ("zone", report.zone),
        ("as of", _iso(report.as_of)),
        ("chatwoot", report.version),
    ):
        yield "report", name, "", about, "", ""
    for one in report.figures:
        target = f"target {one.kind.target.words}: {one.verdict}" if one.kind.target else ""
        trend = one.trend.words if one.trend is not None else ""
        note = "; ".join(part for part in (target, trend, one.note) if part)
        yield "figure", one.kind.name, "", one.value, one.kind.unit, note
    for day in report.days:
        yield "day", day.day.isoformat(), "conversations", day.conversations, "count", ""
        yield "day", day.day.isoformat(), "resolved", day.resolved, "count", ""
    for agent in report.agents:
        yield from _of("agent", agent)
    for inbox in report.inboxes:
        yield from _of("inbox", inbox)
    for slot, values in zip(report.traffic.rows, report.traffic.values, strict=True):
        for hour, value in zip(report.traffic.columns, values, strict=True):
            yield "traffic", slot.words, hour.short, value, "count", ""
    for rating, many in enumerate(report.rated.counts, 1):
        yield "rating", str(rating), "", many, "count", ""
    for said in report.comments:
        text = " ".join(said.comment.split())
        yield "comment", said.contact_name, f"#{said.conversation_id}", said.rating, "", text
    for alert in report.alerts or ():
        until = "" if alert.until is None else _iso(alert.until)
        yield "alert", alert.name, _iso(alert.since), until, "", alert.bare or alert.words


def _of(section: str, row: Row) -> Iterator[Cells]:
    yield section, row.name, "conversations", row.conversations, "count", ""
    yield section, row.name, "resolved", row.resolved, "count", ""
    yield section, row.name, "first response", row.first_response, "seconds", ""
    yield section, row.name, "resolution time", row.resolution, "seconds", ""


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
