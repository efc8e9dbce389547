"""A table of values as shades: weekdays down, hours across."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.charts.columns import thinned
from revivatui.state.charts.data import NO_DATA, HeatData, Value, known
from revivatui.state.charts.levels import level, ranges
from revivatui.state.charts.numbers import short
from revivatui.text.width import fit, width
from revivatui.widgets.charts.chart import Chart, Runs, cells, spread
from revivatui.widgets.charts.look import Run, alphabet
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterable

_GAP_FROM: Final = 3
"""Cells of a value from which the last is left free."""
_HIGHEST: Final = 3
"""Lines of a value at most: the last is for its number."""


class HeatPlan(NamedTuple):
    """Where everything is: head, names of the columns, then the rows, each `high` lines."""

    head: tuple[Runs, ...]
    legend: tuple[Runs, ...]
    side_cells: int
    wide: int
    high: int
    levels: tuple[tuple[int | None, ...], ...]
    shown: int
    """How many rows there is room for."""

    @property
    def filled(self) -> int:
        """Cells of a value that are drawn in."""
        return self.wide - 1 if self.wide >= _GAP_FROM else self.wide

    @property
    def end(self) -> int:
        """The first line below the rows."""
        return len(self.head) + self.shown * self.high


class HeatMap(Chart[HeatData, HeatPlan]):
    """All four arrows go from value to value. A point is row times columns plus column."""

    def first_index(self, data: HeatData) -> int:
        """The highest value."""
        flat = [value for row in data.values for value in row]
        there = known(flat)
        return flat.index(max(there)) if there else 0

    def lay_out(self, data: HeatData, room: int, height: int) -> HeatPlan:
        rows, columns = len(data.rows), len(data.columns)
        long = max(width(slot.words) for slot in data.rows)
        side = long if (room - long - 1) // columns >= _GAP_FROM else 0
        side = side or max(width(slot.short) for slot in data.rows)
        wide = max(1, (room - side - 1) // columns)
        free = height - rows - 1
        legend = _legend(data, room) if free >= 2 else ()
        free -= len(legend)
        title = (spread([Run(data.title, ("title",))], [], room),) if free >= 2 else ()
        names = (_names(data, side + 1, wide),) if free >= 1 else ()
        head = (*title, *names)
        high = max(1, min(_HIGHEST, (height - len(head) - len(legend) - 1) // rows))
        if legend and height - len(head) - len(legend) - 1 > rows * high:
            legend = ([], *legend)
        if title and height - len(head) - len(legend) - 1 > rows * high:
            head = (*title, [], *names)
        shown = max(1, min(rows, (height - len(head) - len(legend) - 1) // high))
        return HeatPlan(head, legend, side, wide, high, _levels(data), shown)

    def line(self, plan: HeatPlan, data: HeatData, y: int) -> Runs:
        if y < len(plan.head):
            return plan.head[y]
        if y >= plan.end:
            place = y - plan.end
            return plan.legend[place] if place < len(plan.legend) else []
        row, part = divmod(y - len(plan.head), plan.high)
        row += self._top(plan, data)
        below = plan.high == _HIGHEST and part == plan.high - 1
        slot = data.rows[row]
        name = slot.words if width(slot.words) <= plan.side_cells else slot.short
        on_it = self.marked and row == self._index // len(data.columns)
        runs = [
            Run(
                fit("" if part else name, plan.side_cells, symbols.ellipsis) + " ",
                ("told",) if on_it else ("muted",),
            )
        ]
        return runs + (self._numbers if below else self._values)(plan, data, row)

    def _top(self, plan: HeatPlan, data: HeatData) -> int:
        """The first row that is seen: the one of the cursor is always among them."""
        return max(0, self._index // len(data.columns) - plan.shown + 1)

    def _values(self, plan: HeatPlan, data: HeatData, row: int) -> Runs:
        """The shades of a row."""
        heat = alphabet().heat
        gap = Run(" " * (plan.wide - plan.filled))
        chosen = self._index if self.marked else None
        runs: Runs = []
        for column, shade in enumerate(plan.levels[row]):
            fill = " " if shade is None else heat[shade]
            hue = "hue-1" if shade else "grid"
            if row * len(data.columns) + column == chosen:
                runs += _marked(fill, plan.filled, hue)
            else:
                runs.append(Run(fill * plan.filled, (hue,)))
            runs.append(gap)
        return runs

    def _numbers(self, plan: HeatPlan, data: HeatData, row: int) -> Runs:
        """The values of a row, each below its shade."""
        chosen = self._index if self.marked else None
        runs: Runs = []
        for column, value in enumerate(data.values[row]):
            number = short(value, data.measure.unit) if plan.levels[row][column] and value else ""
            on_it = row * len(data.columns) + column == chosen
            text = f"{number if len(number) <= plan.filled else '':^{plan.filled}}"
            gap = " " * (plan.wide - plan.filled)
            runs.append(Run(text + gap, ("told",) if on_it else ("muted",)))
        return runs

    def lines_of(self, plan: HeatPlan, data: HeatData, index: int) -> Iterable[int]:
        row = index // len(data.columns) - self._top(plan, data)
        begin = len(plan.head) + row * plan.high
        return range(begin, begin + plan.high)

    def brought_in(self) -> None:
        data = self._data
        if data is not None and all(self.view_size):
            plan = self.plan(data)
            if plan.shown < len(data.rows):
                self.repaint()

    def stepped(self, data: HeatData, across: int, down: int) -> int:
        row, column = divmod(self._index, len(data.columns))
        row = max(0, min(len(data.rows) - 1, row + down))
        column = max(0, min(len(data.columns) - 1, column + across))
        return row * len(data.columns) + column

    def paged(self, data: HeatData, by: int) -> int:
        return self.stepped(data, 0, by * len(data.rows))

    def index_at(self, plan: HeatPlan, data: HeatData, x: int, y: int) -> int | None:
        column, line = (x - plan.side_cells - 1) // plan.wide, y - len(plan.head)
        row = line // plan.high
        if not (0 <= row < plan.shown and 0 <= column < len(data.columns)):
            return None
        return (row + self._top(plan, data)) * len(data.columns) + column


def _marked(fill: str, room: int, hue: str) -> Runs:
    """The value that the cursor is on."""
    if room < 2:
        return [Run(symbols.here * room, ("cursor", "told"))]
    return [
        Run(symbols.left_of, ("cursor", "told")),
        Run(fill * (room - 2), ("cursor", hue)),
        Run(symbols.right_of, ("cursor", "told")),
    ]


def _levels(data: HeatData) -> tuple[tuple[int | None, ...], ...]:
    top = max(known(value for row in data.values for value in row), default=0.0)

    def shade(value: Value) -> int | None:
        return level(value, top) if value is not None and known((value,)) else None

    return tuple(tuple(shade(value) for value in row) for row in data.values)


def _names(data: HeatData, left: int, wide: int) -> Runs:
    """The names of the columns, as many as fit."""
    names = [slot.short for slot in data.columns]
    widths = [width(name) for name in names]
    room = wide * len(names)
    middle = (wide - 1 if wide >= _GAP_FROM else wide) // 2
    centres = [n * wide + max(middle, widths[n] // 2) for n in range(len(names))]
    text = ""
    for label in thinned(widths, centres, room, 1):
        text += " " * (label.start - width(text)) + names[label.number]
    return [Run(" " * left), Run(text, ("muted",))]


def _legend(data: HeatData, room: int) -> tuple[Runs, ...]:
    """Which shade stands for which values; blank is said where there is any."""
    heat = alphabet().heat
    unit = data.measure.unit
    values = [value for row in data.values for value in row]
    runs: Runs = [Run(heat[0] * 2, ("grid",)), Run(" none", ("muted",))]
    for one in ranges(values):
        low, high = short(one.low, unit), short(one.high, unit)
        runs.append(Run("   "))
        runs.append(Run(heat[one.level] * 2, ("hue-1",)))
        runs.append(Run(f" {low}" if low == high else f" {low} to {high}", ("muted",)))
    if len(known(values)) < len(values):
        runs.append(Run(f"   blank: {NO_DATA}", ("muted",)))
    return (runs if cells(runs) <= room else spread(runs, [], room),)
