"""Bars beside names, and how often each rating was given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.state.charts.data import NO_DATA, RATINGS, BarData, RatingData, known
from revivatui.state.charts.numbers import plain, short
from revivatui.state.charts.shares import eighths, percents
from revivatui.widgets.charts.bar_rows import RowsChart, RowsPlan, RowText
from revivatui.widgets.charts.chart import Runs, cells, spread
from revivatui.widgets.charts.look import Run, alphabet
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Sequence

_LOW: Final = 2
"""The highest rating that is a complaint."""


class BarChart(RowsChart[BarData]):
    """Up and down go from bar to bar."""

    def row_texts(self, data: BarData) -> Sequence[RowText]:
        notes = max((len(bar.note) for bar in data.bars), default=0)
        rows = []
        for bar in data.bars:
            there = bool(known((bar.value,))) and bar.value is not None
            value = short(bar.value or 0.0, data.measure.unit) if there else NO_DATA
            rows.append(RowText(bar.name, f"{value}  {bar.note:>{notes}}" if notes else value))
        return rows

    def row_bars(self, data: BarData, room: int) -> Sequence[Runs]:
        top = max(known(bar.value for bar in data.bars), default=0.0)
        letters = alphabet()
        return [
            [Run(letters.bar(eighths(value, top, room)), ("hue-1",))]
            for value in (max(known((bar.value,)), default=0.0) for bar in data.bars)
        ]

    def head(self, data: BarData, room: int, top_room: int) -> Sequence[Runs]:
        return (spread([Run(data.title, ("title",))], [], top_room),)

    def stepped(self, data: BarData, across: int, down: int) -> int:
        return max(0, min(len(data.bars) - 1, self._index + (down or across)))


class Distribution(RowsChart[RatingData]):
    """Ratings from 5 down to 1. Right is to the better one, as up is."""

    def first_index(self, data: RatingData) -> int:
        return RATINGS - 1

    def row_of(self, data: RatingData, index: int) -> int:
        return RATINGS - 1 - index

    def index_in(self, plan: RowsPlan, data: RatingData, row: int, x: int) -> int:
        return RATINGS - 1 - row

    def row_texts(self, data: RatingData) -> Sequence[RowText]:
        counts = [plain(count) for count in data.counts]
        widest = max(map(len, counts))
        shares = percents(data.counts)
        return [
            RowText(f"{n} {symbols.star}", f"{counts[n - 1]:>{widest}}  {shares[n - 1]:>3} %")
            for n in range(RATINGS, 0, -1)
        ]

    def row_bars(self, data: RatingData, room: int) -> Sequence[Runs]:
        top = max(data.counts)
        letters = alphabet()
        return [
            [Run(letters.bar(eighths(data.counts[n - 1], top, room)), (_hue(data, n),))]
            for n in range(RATINGS, 0, -1)
        ]

    def head(self, data: RatingData, room: int, top_room: int) -> Sequence[Runs]:
        title: Runs = [Run(data.title, ("title",))]
        for told in _summaries(data):
            summary: Runs = [Run(told, ("muted",))]
            if cells(title) + cells(summary) + 3 <= top_room:
                return (spread(title, summary, top_room),)
        return (spread(title, [], top_room),)

    def stepped(self, data: RatingData, across: int, down: int) -> int:
        return max(0, min(RATINGS - 1, self._index + across - down))


def _summaries(data: RatingData) -> Sequence[str]:
    """All ratings in a few words, the fullest way first."""
    average, happy = data.average, data.satisfaction
    if average is None or happy is None:
        return ()
    share, mean = f"{plain(happy)} % satisfied", f"average {plain(average, 2)}"
    return (f"{share}   {mean}   {plain(data.total)} ratings", f"{share}   {mean}", share)


def _hue(data: RatingData, rating: int) -> str:
    if rating >= data.satisfied:
        return "hue-2"
    return "hue-5" if rating <= _LOW else "hue-3"
