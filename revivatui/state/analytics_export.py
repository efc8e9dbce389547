"""The figures and the rows of the analytics as files: CSV in long form, or JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from revivatui.state.analytics import range_words, scope_words
from revivatui.state.analytics_tiles import tiles_of
from revivatui.state.charts.data import (
    BarData,
    HeatData,
    LineData,
    RatingData,
    StackData,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from revivatui.state.analytics_board import Board
    from revivatui.state.charts.data import ChartData
    from revivatui.state.models import Contact, Conversation

Row = dict[str, Any]
FIGURE_COLUMNS: Final = ("what", "name", "of", "value", "unit", "note")
CONVERSATION_COLUMNS: Final = (
    "conversation", "customer", "status", "assignee", "inbox", "labels", "created_at",
    "last_activity_at",
)  # fmt: skip
_FORMULA: Final = re.compile(r"^[\s]*[=+\-@\t\r]")
"""What a spreadsheet would take for a formula."""


def about(board: Board, zone: str) -> Row:
    """What the figures are of."""
    asked = board.question
    wanted = board.wanted
    return {
        "range": range_words(wanted, board.asked_at, board.tz),
        "since": iso(asked.since),
        "until": iso(asked.until),
        "steps": asked.group_by,
        "whose": scope_words(wanted),
        "business_hours": wanted.business_hours,
        "zone": zone,
        "chatwoot": board.version,
        "as_of": iso(board.as_of),
    }


def figure_rows(board: Board, charts: Iterable[ChartData]) -> list[Row]:
    """Every tile and every point of the charts that are known; nothing is None."""
    rows = []
    for tile in tiles_of(board):
        if tile.as_of is None:
            continue
        target = f"target {tile.kind.target.words}: {tile.verdict}" if tile.kind.target else ""
        note = "; ".join(part for part in (target, tile.note) if part)
        rows.append(_row("figure", tile.kind.name, "", tile.value, tile.kind.unit, note))
    for data in charts:
        rows += chart_rows(data)
    return rows


def chart_rows(data: ChartData) -> list[Row]:
    """A row for every value of a chart."""
    match data:
        case LineData():
            return [
                _row(data.title, slot.words, _line_name(series), value, series.measure.unit)
                for series in data.series
                for slot, value in zip(series.slots or data.slots, series.values, strict=True)
            ]
        case BarData():
            unit = data.measure.unit
            return [_row(data.title, bar.name, "", bar.value, unit, bar.note) for bar in data.bars]
        case StackData():
            return [
                _row(data.title, row.name, part, value, data.measure.unit)
                for row in data.rows
                for part, value in zip(data.parts, row.values, strict=True)
            ]
        case HeatData():
            return [
                _row(data.title, row.words, column.words, value, data.measure.unit)
                for row, values in zip(data.rows, data.values, strict=True)
                for column, value in zip(data.columns, values, strict=True)
            ]
        case RatingData():
            return [
                _row(data.title, f"{rating} of 5", "", count, "count")
                for rating, count in enumerate(data.counts, 1)
            ]
        case _:
            return []


def _line_name(series: Any) -> str:
    name: str = series.measure.name
    return f"{name}, {series.name}" if series.name else name


def _row(what: str, name: str, of: str, value: float | None, unit: str, note: str = "") -> Row:
    return dict(zip(FIGURE_COLUMNS, (what, name, of, value, unit, note), strict=True))


def conversation_rows(
    found: Sequence[Conversation],
    contacts: Mapping[int, Contact],
    inboxes: Mapping[int, str],
    people: Mapping[int, str],
) -> list[Row]:
    rows = []
    for one in found:
        contact = contacts.get(one.contact_id)
        values = (
            one.id,
            contact.name if contact is not None else "",
            one.status,
            people.get(one.assignee_id or 0, ""),
            inboxes.get(one.inbox_id, ""),
            " ".join(one.labels),
            iso(one.created_at),
            iso(one.last_activity_at),
        )
        rows.append(dict(zip(CONVERSATION_COLUMNS, values, strict=True)))
    return rows


def as_csv(rows: Sequence[Row], columns: Sequence[str]) -> str:
    """The rows with their heads; no cell of text is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return "" if value is None else value


def as_json(head: Row, rows: Sequence[Row]) -> str:
    return json.dumps({**head, "rows": list(rows)}, indent=2, ensure_ascii=False) + "\n"


def file_stem(*parts: str) -> str:
    """A name that every file system takes."""
    plain = re.sub(r"[^a-z0-9]+", "-", "-".join(parts).casefold()).strip("-")
    return plain[:80] or "analytics"


def iso(at: float | None) -> str | None:
    """A moment in UTC."""
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()
