"""Charts of one line a row: a name, something as long as its value, numbers at the right edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.text.width import fit, truncate, width
from revivatui.widgets.charts.chart import HEAD_FROM, Chart, D, Runs, spread
from revivatui.widgets.charts.look import Run
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MARK: Final = 2
"""Cells before the names, for the cursor's mark."""
_WIDEST_NAME: Final = 32
_NARROWEST_BAR: Final = 6


class RowText(NamedTuple):
    """What a row says before its bar and behind it."""

    name: str
    numbers: str


class RowsPlan(NamedTuple):
    """Where everything is: the head, then the rows, `every` lines apart."""

    head: tuple[Runs, ...]
    rows: tuple[RowText, ...]
    bars: tuple[Runs, ...]
    """What stands between name and numbers, of each row."""
    name_cells: int
    bar_cells: int
    every: int
    shown: int
    """How many rows are seen at once."""

    @property
    def bar_left(self) -> int:
        return _MARK + self.name_cells + 1


class RowsChart(Chart[D, RowsPlan]):
    """Rows under each other; where they do not all fit, those around the cursor are shown."""

    def __init__(self, data: D | None = None, **how: str) -> None:
        self._top = 0
        """The first row that is seen."""
        super().__init__(data, **how)

    # What each kind of rows is.

    def row_texts(self, data: D) -> Sequence[RowText]:
        raise NotImplementedError

    def row_bars(self, data: D, room: int) -> Sequence[Runs]:
        """Each row's bar, of at most `room` cells."""
        raise NotImplementedError

    def head(self, data: D, room: int, top_room: int) -> Sequence[Runs]:
        """The lines above the rows; the first of them has less room where not all rows fit."""
        raise NotImplementedError

    def row_of(self, data: D, index: int) -> int:
        return index

    def index_in(self, plan: RowsPlan, data: D, row: int, x: int) -> int:
        """The point of a row at a cell of its line."""
        return row

    def marked_bar(self, plan: RowsPlan, data: D, row: int) -> Runs:
        """The bar of the row that the cursor is on."""
        return plan.bars[row]

    # What all of them do.

    def lay_out(self, data: D, room: int, height: int) -> RowsPlan:
        rows = tuple(self.row_texts(data))
        head = self._head_for(data, len(rows), room, height)
        names = max(width(row.name) for row in rows)
        numbers = max(width(row.numbers) for row in rows)
        free = max(0, room - _MARK - 2 - numbers)
        name_cells = min(names, _WIDEST_NAME, max(free - _NARROWEST_BAR, free // 3))
        if names > room // 3:
            name_cells = min(name_cells, max(8, room // 3))
        bar_cells = max(0, free - name_cells)
        lines = max(1, height - len(head) - 1)
        every = 2 if len(rows) * 2 - 1 < lines - 1 else 1
        shown = min(len(rows), (lines + every - 1) // every)
        if every == 2 or (head and len(rows) < lines):
            head = (*head, [])
            shown = min(shown, max(1, (lines - 1 + every - 1) // every))
        bars = tuple(self.row_bars(data, bar_cells))
        self._top = self._top_for(self.row_of(data, self._index), shown, len(rows))
        return RowsPlan(head, rows, bars, name_cells, bar_cells, every, shown)

    def paged(self, data: D, by: int) -> int:
        return self.stepped(data, 0, by * self.plan(data).shown)

    def _head_for(self, data: D, rows: int, room: int, height: int) -> tuple[Runs, ...]:
        """The head; where not all rows fit below, with room for which ones do."""
        if height < HEAD_FROM:
            return ()
        head = tuple(self.head(data, room, room))
        if rows > height - len(head) - 1:
            head = tuple(self.head(data, room, room - len(_place(rows, rows, rows)) - 3))
        return head

    def _top_for(self, row: int, shown: int, rows: int) -> int:
        """The first row to show, moved as little as brings `row` into sight."""
        top = min(self._top, row, max(0, rows - shown))
        return max(top, row - shown + 1)

    def brought_in(self) -> None:
        data = self._data
        if data is None or not all(self.view_size):
            return
        plan = self.plan(data)
        top = self._top_for(self.row_of(data, self._index), plan.shown, len(plan.rows))
        if top != self._top:
            self._top = top
            self.repaint()

    def line(self, plan: RowsPlan, data: D, y: int) -> Runs:
        if y < len(plan.head):
            return self._with_place(plan, plan.head[0]) if y == 0 else plan.head[y]
        seen, between = divmod(y - len(plan.head), plan.every)
        row = self._top + seen
        if between or seen >= plan.shown or row >= len(plan.rows):
            return []
        on_it = self.marked and row == self.row_of(data, self._index)
        return self._row(plan, data, row, on_it)

    def _row(self, plan: RowsPlan, data: D, row: int, on_it: bool) -> Runs:
        text = plan.rows[row]
        bar = self.marked_bar(plan, data, row) if on_it else plan.bars[row]
        filled = sum(width(run.text) for run in bar)
        rest = plan.bar_cells - filled
        room = self.view_width - plan.bar_left - plan.bar_cells
        name = fit(text.name, plan.name_cells, symbols.ellipsis)
        numbers = truncate(text.numbers, max(0, room), symbols.ellipsis)
        runs = [
            Run(f"{symbols.cursor} " if on_it else "  ", ("hue-1",)),
            Run(f"{name} ", ("told",) if on_it else ()),
            *bar,
            Run(" " * (rest + room - width(numbers))),
            Run(numbers, ("told",) if on_it else ()),
        ]
        if not on_it:
            return runs
        return [Run(run.text, ("cursor", *run.styles)) for run in runs]

    def _with_place(self, plan: RowsPlan, head: Runs) -> Runs:
        """The head, and which rows these are where there are more."""
        if plan.shown >= len(plan.rows):
            return head
        place = _place(self._top + 1, self._top + plan.shown, len(plan.rows))
        return spread(head, [Run(place, ("muted",))], self.view_width)

    def lines_of(self, plan: RowsPlan, data: D, index: int) -> Iterable[int]:
        seen = self.row_of(data, index) - self._top
        if 0 <= seen < plan.shown:
            yield len(plan.head) + seen * plan.every

    def index_at(self, plan: RowsPlan, data: D, x: int, y: int) -> int | None:
        seen, between = divmod(y - len(plan.head), plan.every)
        row = self._top + seen
        if between or not 0 <= seen < plan.shown or row >= len(plan.rows):
            return None
        return self.index_in(plan, data, row, x)


def _place(first: int, last: int, rows: int) -> str:
    return f"{first} to {last} of {rows}"
