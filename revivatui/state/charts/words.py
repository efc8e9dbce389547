"""Every point of every chart as a sentence: what a cursor on it says.

`points` counts the points, `spoken` gives the ways to say one of them, the fullest first, so that
whoever shows it takes the first that fits.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from revivatui.state.charts.data import (
    NO_DATA,
    RATINGS,
    BarData,
    HeatData,
    LineData,
    Measure,
    RatingData,
    SparkData,
    StackData,
    known,
)
from revivatui.state.charts.numbers import difference, plain, said
from revivatui.state.charts.shares import percents

if TYPE_CHECKING:
    from collections.abc import Iterable

    from revivatui.state.charts.data import ChartData, Series, Slot, Value

RATED = Measure("Ratings", one="rating", many="ratings")


def points(data: ChartData) -> int:
    """How many points there are to stand on."""
    match data:
        case LineData() | SparkData():
            return len(data.slots)
        case BarData():
            return len(data.bars)
        case StackData():
            return len(data.rows) * len(data.parts)
        case HeatData():
            return len(data.rows) * len(data.columns)
        case RatingData():
            return RATINGS


def spoken(data: ChartData, index: int, series: int = 0) -> tuple[str, ...]:
    """A point in words, the fullest way first; of a line chart, `series` is told first."""
    match data:
        case LineData():
            return _line(data, index, series)
        case SparkData():
            one = LineData("", data.slots, (data.series,), data.before)
            return _line(one, index, 0)
        case BarData():
            return _bar(data, index)
        case StackData():
            return _stack(data, index)
        case HeatData():
            return _heat(data, index)
        case RatingData():
            return _rating(data, index)


def value_words(value: Value, measure: Measure) -> str:
    """A value with its noun, or that there is none."""
    if value is None or not math.isfinite(value):
        return NO_DATA
    return said(value, measure)


def _line(data: LineData, index: int, series: int) -> tuple[str, ...]:
    told = data.series[series]
    slot = data.slots[index]
    head = f"{_where(slot, told, index)}: {value_words(told.values[index], told.measure)}"
    change = _change(told, index, data.before)
    others = [
        _other(other, told, slot, index) for n, other in enumerate(data.series) if n != series
    ]
    full = "; ".join((head + change, *others))
    return _different((full, head + change, "; ".join((head, *others)), head))


def _where(slot: Slot, told: Series, index: int) -> str:
    return told.slots[index].words if told.slots else slot.words


def _change(told: Series, index: int, before: str) -> str:
    """ ", 3 more than the day before", where both are known."""
    if not index or told.is_previous:
        return ""
    pair = known(told.values[index - 1 : index + 1])
    return f", {difference(pair[1], pair[0], told.measure)} {before}" if len(pair) == 2 else ""


def _other(other: Series, told: Series, slot: Slot, index: int) -> str:
    """Another series at the same place, by its name, or by its own day if it is an earlier one."""
    same = other.measure == told.measure
    noun = Measure("", other.measure.unit) if same else other.measure
    value = value_words(other.values[index], noun)
    where = _where(slot, other, index)
    if where != _where(slot, told, index):
        return f"{where}: {value}"
    return f"{other.label.lower()}: {value}" if same or not other.measure.many else value


def _bar(data: BarData, index: int) -> tuple[str, ...]:
    bar = data.bars[index]
    head = f"{bar.name}: {value_words(bar.value, data.measure)}"
    note = f" ({bar.note})" if bar.note else ""
    place = _place(bar.value, [other.value for other in data.bars])
    return _different((head + note + place, head + note, head))


def _place(value: Value, values: Iterable[Value]) -> str:
    """Where a value stands among others: ", the most of 12", ", place 3 of 12"."""
    there = known(values)
    if value is None or not known((value,)) or len(there) < 2:
        return ""
    above = sum(other > value for other in there)
    return f", place {above + 1} of {len(there)}" if above else f", the most of {len(there)}"


def _stack(data: StackData, index: int) -> tuple[str, ...]:
    row_number, part = divmod(index, len(data.parts))
    row = data.rows[row_number]
    value = row.values[part]
    total = sum(known(row.values))
    head = f"{row.name}, {data.parts[part]}: "
    if value is None or not known((value,)):
        return (head + NO_DATA,)
    words = head + said(value, data.measure)
    share = percents(row.values)[part]
    whole = said(total, Measure("", data.measure.unit))
    return _different((f"{words}, {share} % of {whole}", f"{words}, {share} %", words))


def _heat(data: HeatData, index: int) -> tuple[str, ...]:
    row, column = divmod(index, len(data.columns))
    value = data.values[row][column]
    day, hour = data.rows[row], data.columns[column]
    told = value_words(value, data.measure)
    words = f"{day.words}, {hour.words}: {told}"
    ways = [words, f"{day.short}, {hour.words}: {told}", f"{day.short} {hour.short}: {told}"]
    there = known(cell for line in data.values for cell in line)
    if value is not None and known((value,)) and value > 0 and value == max(there):
        ways.insert(0, f"{words}, the most of all")
    return _different(ways)


def _rating(data: RatingData, index: int) -> tuple[str, ...]:
    count = data.counts[index]
    head = f"{index + 1} of {RATINGS}: {said(count, RATED)}"
    if not data.total:
        return (f"{index + 1} of {RATINGS}: {NO_DATA}",)
    share = f"{head}, {percents(data.counts)[index]} % of {plain(data.total)}"
    return _different((share, head))


def _different(ways: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ways))
