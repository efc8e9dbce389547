"""A line of one line: for tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.charts.columns import buckets
from revivatui.state.charts.data import SparkData, known
from revivatui.state.charts.levels import spark
from revivatui.widgets.charts.chart import Chart, Runs
from revivatui.widgets.charts.look import Run, alphabet
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORDS_FROM: Final = 30
"""Cells beside the line from which the point is said there, where there is no line below."""
_WIDEST: Final = 4
"""Cells of a point at most."""


class SparkPlan(NamedTuple):
    """The heights, the points that share each, and how many cells each takes."""

    levels: tuple[int | None, ...]
    ends: tuple[int, ...]
    """The last point of each height."""
    wide: int
    words_at: int
    """The cell from which the point is said in the same line; 0 where it is not."""

    def place(self, index: int) -> int:
        """Which of the heights a point is in."""
        return next(place for place, end in enumerate(self.ends) if index <= end)


class Sparkline(Chart[SparkData, SparkPlan]):
    """Left and right go from point to point. From two lines of height on, the lower one says it."""

    def first_index(self, data: SparkData) -> int:
        for index in range(len(data.slots) - 1, 0, -1):
            if known((data.series.values[index],)):
                return index
        return 0

    def lay_out(self, data: SparkData, room: int, height: int) -> SparkPlan:
        beside = self.told_line is None and room >= len(data.slots) + _WORDS_FROM
        free = room - _WORDS_FROM if beside else room
        shown = min(len(data.slots), free)
        wide = max(1, min(_WIDEST, free // shown))
        levels = spark(data.series.values, shown)
        ends = tuple(bucket.last for bucket in buckets(data.series.values, shown))
        return SparkPlan(tuple(levels), ends, wide, shown * wide + 2 if beside else 0)

    def line(self, plan: SparkPlan, data: SparkData, y: int) -> Runs:
        if y:
            return []
        rises = alphabet().rises
        here = plan.place(self._index) if self.marked else -1
        runs: Runs = []
        for place, height in enumerate(plan.levels):
            text = rises[height or 0] * plan.wide
            if place == here:
                text = symbols.here + text[1:]
            runs.append(Run(text, ("cursor", "told") if place == here else ("hue-1",)))
        if plan.words_at:
            runs.append(Run("  "))
            runs.append(self.said(data, self.view_width - plan.words_at))
        return runs

    def lines_of(self, plan: SparkPlan, data: SparkData, index: int) -> Iterable[int]:
        return (0,)

    def stepped(self, data: SparkData, across: int, down: int) -> int:
        return max(0, min(len(data.slots) - 1, self._index + across))

    def index_at(self, plan: SparkPlan, data: SparkData, x: int, y: int) -> int | None:
        place = x // plan.wide
        return plan.ends[place] if y == 0 and 0 <= place < len(plan.ends) else None
