"""Rows made of the same parts, each shown as its share of the row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.state.charts.data import NO_DATA, StackData, known
from revivatui.state.charts.numbers import short
from revivatui.state.charts.shares import part_cells
from revivatui.widgets.charts.bar_rows import RowsChart, RowsPlan, RowText
from revivatui.widgets.charts.chart import Runs, cells, legend, narrowed, spread
from revivatui.widgets.charts.look import Run, alphabet
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Sequence


class StackedBars(RowsChart[StackData]):
    """Left and right go from part to part, up and down from row to row.

    A point is a row's part: row times parts plus part.
    """

    def row_of(self, data: StackData, index: int) -> int:
        return index // len(data.parts)

    def row_texts(self, data: StackData) -> Sequence[RowText]:
        return [
            RowText(
                row.name,
                short(sum(known(row.values)), data.measure.unit) if known(row.values) else NO_DATA,
            )
            for row in data.rows
        ]

    def row_bars(self, data: StackData, room: int) -> Sequence[Runs]:
        letters = alphabet()
        return [
            [
                Run(letters.parts[n] * size, (f"hue-{n + 1}",))
                for n, size in enumerate(part_cells(row.values, room))
            ]
            for row in data.rows
        ]

    def marked_bar(self, plan: RowsPlan, data: StackData, row: int) -> Runs:
        """The part that the cursor is on stands between brackets, or under a mark."""
        part = self._index % len(data.parts)
        runs = list(plan.bars[row])
        run = runs[part]
        if len(run.text) > 2:
            text = f"{symbols.left_of}{run.text[1:-1]}{symbols.right_of}"
        else:
            text = symbols.here * len(run.text)
        runs[part] = Run(text, (*run.styles, "bold"))
        return runs

    def head(self, data: StackData, room: int, top_room: int) -> Sequence[Runs]:
        title: Runs = [Run(data.title, ("title",))]
        letters = alphabet()
        entries = [
            (Run(letters.parts[n] * 2, (f"hue-{n + 1}",)), part)
            for n, part in enumerate(data.parts)
        ]
        told = legend(entries)
        if cells(title) + cells(told) + 3 <= top_room:
            return (spread(title, told, top_room),)
        return (title, narrowed(entries, room))

    def stepped(self, data: StackData, across: int, down: int) -> int:
        row, part = divmod(self._index, len(data.parts))
        row = max(0, min(len(data.rows) - 1, row + down))
        part = max(0, min(len(data.parts) - 1, part + across))
        return row * len(data.parts) + part

    def index_in(self, plan: RowsPlan, data: StackData, row: int, x: int) -> int:
        """The part under the pointer; beside the bar, the one that the cursor is in already."""
        begin = row * len(data.parts)
        place = x - plan.bar_left
        for part, run in enumerate(plan.bars[row]):
            if 0 <= place < len(run.text):
                return begin + part
            place -= len(run.text)
        return begin + self._index % len(data.parts)
