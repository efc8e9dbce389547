"""Lines over time: up to three, told apart by dashes (in ASCII by glyphs), colour and a legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.charts.columns import column_of, point_at, thinned
from revivatui.state.charts.data import LineData, known
from revivatui.state.charts.numbers import short
from revivatui.state.charts.raster import NOBODY, Raster, runs_of
from revivatui.state.charts.scale import Scale, scale_of
from revivatui.state.charts.words import spoken
from revivatui.text.width import width
from revivatui.widgets.charts.chart import HEAD_FROM, Chart, Runs, cells, legend, narrowed, spread
from revivatui.widgets.charts.look import Alphabet, Pen, Run, alphabet
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_GRID_EVERY: Final = 4
_MOST_TICKS: Final = 6
_FOOT_FROM: Final = 6
"""Lines of height from which the axis below has labels."""
_TWO_HEADS_FROM: Final = 14
"""Lines of height from which the legend may take a line of its own."""


class LinePlan(NamedTuple):
    """Where everything is: the head, a field of dots beside the side axis, the foot."""

    head: tuple[Runs, ...]
    side: dict[int, str]
    """The numbers at the axis, by line of the field."""
    side_cells: int
    raster: Raster
    scale: Scale
    pens: tuple[Pen, ...]
    lone: dict[tuple[int, int], int]
    """Points without neighbours, by line and cell: which series; a dot would not be seen."""
    foot: tuple[Runs, ...]
    columns: tuple[int, ...]
    """The cell of each point."""

    @property
    def first(self) -> int:
        """The first line of the field."""
        return len(self.head)

    @property
    def foot_line(self) -> int:
        return self.first + self.raster.lines

    @property
    def left(self) -> int:
        """Cells before the field."""
        return self.side_cells + 1


class LineChart(Chart[LineData, LinePlan]):
    """Left and right go from point to point, up and down from series to series."""

    def __init__(self, data: LineData | None = None, **how: str) -> None:
        self._series = 0
        super().__init__(data, **how)

    def first_index(self, data: LineData) -> int:
        """The newest point that anything is known of."""
        for index in range(len(data.slots) - 1, 0, -1):
            if known(series.values[index] for series in data.series):
                return index
        return 0

    @property
    def series(self) -> int:
        """The series that the cursor is on."""
        return self._series

    def ways_to_say(self, data: LineData, index: int) -> Sequence[str]:
        return spoken(data, index, min(self._series, len(data.series) - 1))

    def stepped(self, data: LineData, across: int, down: int) -> int:
        if down:
            self._series = (min(self._series, len(data.series) - 1) + down) % len(data.series)
            self.repaint(sorted(set(self._cursor_lines())))
        return max(0, min(len(data.slots) - 1, self._index + across))

    def lay_out(self, data: LineData, room: int, height: int) -> LinePlan:
        letters = alphabet()
        pens = _pens(data, letters)
        head = _head(data, pens, letters, room, height)
        with_foot = height >= _FOOT_FROM
        lines = max(1, height - len(head) - (2 if with_foot else 0) - 1)
        unit = data.series[0].measure.unit
        values = [value for series in data.series for value in series.values]
        scale = scale_of(values, unit, max(2, min(_MOST_TICKS, lines // 3 + 1)))
        # As many lines between any two numbers; what is over stands free above.
        even = max(1, (lines - 1) // scale.count) * scale.count + 1
        head, lines = head + ([],) * max(0, lines - even), min(lines, even)
        numbers = [short(tick, unit) for tick in scale.ticks]
        side_cells = max(map(width, numbers)) + 1
        raster = Raster(max(1, room - side_cells - 1), lines, letters.grain)
        side = {
            _line_of(tick, scale, raster): number
            for tick, number in zip(scale.ticks, numbers, strict=True)
        }
        lone = _draw(data, raster, scale, pens)
        columns = _columns(len(data.slots), raster)
        foot = _foot(data, side_cells, columns, raster.cells) if with_foot else ()
        return LinePlan(head, side, side_cells, raster, scale, pens, lone, foot, columns)

    def line(self, plan: LinePlan, data: LineData, y: int) -> Runs:
        if y < plan.first:
            return plan.head[y]
        if y >= plan.foot_line:
            place = y - plan.foot_line
            runs = plan.foot[place] if place < len(plan.foot) else []
            if self.marked and place == 0 and runs:
                x = plan.left + plan.columns[self._index]
                return with_cell(runs, x, Run(symbols.here, ("told",)))
            return runs
        line = y - plan.first
        runs = [Run(f"{plan.side.get(line, ''):>{plan.side_cells - 1}} ", ("muted",))]
        runs.append(Run(symbols.axis_tick if line in plan.side else symbols.axis, ("axis",)))
        runs += self._field(plan, data, line)
        return runs

    def _field(self, plan: LinePlan, data: LineData, line: int) -> Runs:
        """The dots of a line of the field, the grid behind them, the cursor's points on top."""
        letters = alphabet()
        raster = plan.raster
        grid = symbols.grid if line in plan.side else " "
        marks = self._marks(plan, data, line)
        runs: Runs = []
        text = ""
        style: tuple[str, ...] = ("grid",)
        for x, (mask, owner) in enumerate(
            zip(raster.masks[line], raster.owners[line], strict=True)
        ):
            if x in marks:
                letter, wanted = marks[x]
            elif owner == NOBODY:
                letter, wanted = (" " if x % _GRID_EVERY else grid), ("grid",)
            elif (line, x) in plan.lone:
                pen = plan.pens[plan.lone[line, x]]
                letter, wanted = pen.mark, (pen.style,)
            else:
                pen = plan.pens[owner]
                letter, wanted = letters.dots(mask, pen), (pen.style,)
            if wanted != style and letter != " ":
                if text:
                    runs.append(Run(text, style))
                text, style = "", wanted
            text += letter
        runs.append(Run(text, style))
        return runs

    def _marks(
        self, plan: LinePlan, data: LineData, line: int
    ) -> dict[int, tuple[str, tuple[str, ...]]]:
        """The cursor's points in a line of the field: the series that is told stands on top."""
        if not self.marked:
            return {}
        marks: dict[int, tuple[str, tuple[str, ...]]] = {}
        told = min(self._series, len(data.series) - 1)
        for number in (*(n for n in range(len(data.series)) if n != told), told):
            value = data.series[number].values[self._index]
            if known((value,)) and value is not None:
                pen = plan.pens[number]
                if _line_of(value, plan.scale, plan.raster) == line:
                    marks[plan.columns[self._index]] = (pen.mark, (pen.style, "bold"))
        return marks

    def lines_of(self, plan: LinePlan, data: LineData, index: int) -> Iterable[int]:
        for series in data.series:
            value = series.values[index]
            if known((value,)) and value is not None:
                yield plan.first + _line_of(value, plan.scale, plan.raster)
        if plan.foot:
            yield plan.foot_line

    def index_at(self, plan: LinePlan, data: LineData, x: int, y: int) -> int | None:
        if not plan.first <= y < plan.foot_line + len(plan.foot) or x < plan.left:
            return None
        across = plan.raster.grain.across
        points, wide = len(data.slots), plan.raster.size[0]
        return min(points - 1, point_at((x - plan.left) * across, points, wide))


def with_cell(runs: Runs, x: int, cell: Run) -> Runs:
    """The runs with one cell of theirs replaced; all of their glyphs take one cell."""
    made: Runs = []
    for run in runs:
        if 0 <= x < len(run.text):
            made += [run._replace(text=run.text[:x]), cell, run._replace(text=run.text[x + 1 :])]
        else:
            made.append(run)
        x -= len(run.text)
    return made


def _pens(data: LineData, letters: Alphabet) -> tuple[Pen, ...]:
    made = []
    number = 0
    for series in data.series:
        made.append(letters.pen(series, number))
        number += not series.is_previous
    return tuple(made)


def _line_of(value: float, scale: Scale, raster: Raster) -> int:
    """The line of the field that a value is drawn in."""
    return raster.lines - 1 - scale.place(value, raster.size[1]) // raster.grain.up


def _columns(points: int, raster: Raster) -> tuple[int, ...]:
    wide, across = raster.size[0], raster.grain.across
    return tuple(column_of(index, points, wide) // across for index in range(points))


def _draw(
    data: LineData, raster: Raster, scale: Scale, pens: Sequence[Pen]
) -> dict[tuple[int, int], int]:
    """Draw every series, those that are compared with last; what stands alone is given back."""
    lone = {}
    wide, high = raster.size
    order = sorted(range(len(data.series)), key=lambda n: data.series[n].is_previous)
    for number in order:
        runs = runs_of(data.series[number].values, scale, wide, high)
        raster.draw(runs, number, pens[number].dash)
        for run in runs:
            if len(run) == 1:
                x, y = run[0]
                line = raster.lines - 1 - y // raster.grain.up
                lone[line, x // raster.grain.across] = number
    return lone


def _head(
    data: LineData, pens: Sequence[Pen], letters: Alphabet, room: int, height: int
) -> tuple[Runs, ...]:
    """The title, and behind or below it which line is which."""
    if height < HEAD_FROM:
        return ()
    title: Runs = [Run(data.title, ("title",))]
    if len(data.series) == 1:
        return (spread(title, [], room),)
    entries = [
        (Run(letters.sample(pen, 4), (pen.style,)), series.label)
        for series, pen in zip(data.series, pens, strict=True)
    ]
    told = legend(entries)
    if cells(title) + cells(told) + 3 <= room:
        return (spread(title, told, room),)
    if height >= _TWO_HEADS_FROM:
        return (spread(title, [], room), narrowed(entries, room))
    return (narrowed(entries, room),)


def _foot(data: LineData, side_cells: int, columns: Sequence[int], room: int) -> tuple[Runs, ...]:
    """The axis below, and as many labels as fit."""
    names = [slot.short for slot in data.slots]
    labels = thinned([width(name) for name in names], columns, room)
    axis = [symbols.axis_foot] * room
    text = ""
    for label in labels:
        axis[columns[label.number]] = symbols.axis_mark
        text += " " * (label.start - width(text)) + names[label.number]
    return (
        [Run(" " * side_cells), Run(symbols.axis_corner + "".join(axis), ("axis",))],
        [Run(" " * (side_cells + 1)), Run(text, ("muted",))],
    )
