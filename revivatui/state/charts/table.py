"""The data of a chart as lines of plain text: what a key shows instead of it, and what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.state.charts.data import (
    EMPTY,
    NO_DATA,
    RATINGS,
    BarData,
    HeatData,
    LineData,
    Measure,
    RatingData,
    SparkData,
    StackData,
    is_empty,
)
from revivatui.state.charts.numbers import plain, short
from revivatui.state.charts.shares import percents
from revivatui.state.charts.words import value_words
from revivatui.text.width import pad, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from revivatui.state.charts.data import ChartData, Value

Row = tuple[str, ...]
_GAP: Final = "  "
_NONE: Final = "-"


def as_text(data: ChartData, empty: str = EMPTY) -> tuple[str, ...]:
    """The title, a line of heads and a line for each row; the numbers stand below each other."""
    title = data.series.label if isinstance(data, SparkData) else data.title
    if is_empty(data):
        return (title, empty)
    lines = _aligned(rows(data))
    if isinstance(data, HeatData) and any(value is None for row in data.values for value in row):
        lines.append(f"{_NONE}: {NO_DATA}")
    return (title, *lines)


def rows(data: ChartData) -> list[Row]:
    """The heads and the rows, each with a name first: as a table, for whoever writes one."""
    match data:
        case LineData():
            return _line(data)
        case SparkData():
            return _line(LineData("", data.slots, (data.series,)))
        case BarData():
            return _bars(data)
        case StackData():
            return _stack(data)
        case HeatData():
            heads = ("", *(slot.short for slot in data.columns))
            lines = zip(data.rows, data.values, strict=True)
            return [
                heads,
                *((slot.words, *(_cell(v, data.measure) for v in row)) for slot, row in lines),
            ]
        case RatingData():
            shares = percents(data.counts)
            counted = [
                (f"{n} of {RATINGS}", plain(data.counts[n - 1]), f"{shares[n - 1]} %")
                for n in range(RATINGS, 0, -1)
            ]
            return [("Rating", "Times", "Share"), *counted]


def _line(data: LineData) -> list[Row]:
    heads = [""]
    for series in data.series:
        heads += ["", series.label] if series.slots else [series.label]
    made: list[Row] = [tuple(heads)]
    for index, slot in enumerate(data.slots):
        cells = [slot.words]
        for series in data.series:
            if series.slots:
                cells.append(series.slots[index].words)
            cells.append(value_words(series.values[index], Measure("", series.measure.unit)))
        made.append(tuple(cells))
    return made


def _bars(data: BarData) -> list[Row]:
    noted = any(bar.note for bar in data.bars)
    made: list[Row] = [("", data.measure.name, *([""] if noted else []))]
    unit = Measure("", data.measure.unit)
    for bar in data.bars:
        cells = (bar.name, value_words(bar.value, unit))
        made.append((*cells, bar.note) if noted else cells)
    return made


def _stack(data: StackData) -> list[Row]:
    unit = Measure("", data.measure.unit)
    made: list[Row] = [("", *data.parts)]
    for row in data.rows:
        shares = percents(row.values)
        cells = [
            NO_DATA if value is None else f"{value_words(value, unit)} ({share} %)"
            for value, share in zip(row.values, shares, strict=True)
        ]
        made.append((row.name, *cells))
    return made


def _cell(value: Value, measure: Measure) -> str:
    """A value of a table that has many: short; no data is a dash, which no number is."""
    return _NONE if value is None else short(value, measure.unit)


def _aligned(table: Sequence[Row]) -> list[str]:
    """The first column to the left, the others to the right."""
    widths = [max(width(row[n]) for row in table) for n in range(len(table[0]))]
    lines = []
    for row in table:
        cells = [pad(row[0], widths[0])]
        cells += [" " * (widths[n] - width(cell)) + cell for n, cell in enumerate(row) if n]
        lines.append(_GAP.join(cells).rstrip())
    return lines
