"""Lines as dots: 2 by 4 of them in a cell for braille, one in a cell for ASCII."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.charts.columns import buckets, column_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from revivatui.state.charts.data import Value
    from revivatui.state.charts.scale import Scale

Dot = tuple[int, int]
"""Dots from the left, dots from the bottom."""


class Grain(NamedTuple):
    """Dots of a cell: across and up."""

    across: int
    up: int


class Dash(NamedTuple):
    """How many dots of a line are drawn, and how many then are not."""

    on: int
    off: int


BRAILLE: Final = Grain(2, 4)
CELLS: Final = Grain(1, 1)
SOLID: Final = Dash(1, 0)
_BITS: Final = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
"""The bit of a braille pattern by column and by row from the bottom."""
NOBODY: Final = -1


class Raster:
    """A field of cells that lines are drawn on. `masks` are the dots of each cell, `owners` the
    line that was first in it; both by row from the top. A dot outside is not drawn."""

    def __init__(self, cells: int, lines: int, grain: Grain) -> None:
        self.cells = max(0, cells)
        self.lines = max(0, lines)
        self.grain = grain
        self.masks = [bytearray(self.cells) for _ in range(self.lines)]
        self.owners = [[NOBODY] * self.cells for _ in range(self.lines)]

    @property
    def size(self) -> tuple[int, int]:
        """Dots across and up."""
        return self.cells * self.grain.across, self.lines * self.grain.up

    def dot(self, x: int, y: int, owner: int) -> None:
        across, up = self.grain
        cell, column = divmod(x, across)
        above, row = divmod(y, up)
        line = self.lines - 1 - above
        if not (0 <= cell < self.cells and 0 <= line < self.lines):
            return
        bit = _BITS[column][row] if self.grain is BRAILLE else 1
        self.masks[line][cell] |= bit
        if self.owners[line][cell] == NOBODY:
            self.owners[line][cell] = owner

    def draw(self, runs: Sequence[Sequence[Dot]], owner: int, dash: Dash = SOLID) -> None:
        """Draw a line of several runs with gaps between them."""
        period = dash.on + dash.off
        for run in runs:
            for step, (x, y) in enumerate(path(run)):
                if step % period < dash.on:
                    self.dot(x, y, owner)


def path(points: Sequence[Dot]) -> Iterator[Dot]:
    """Every dot from point to point, each once where the line does not cross itself."""
    if points:
        yield points[0]
    for (x, y), (to_x, to_y) in pairwise(points):
        yield from _segment(x, y, to_x, to_y)


def _segment(x: int, y: int, to_x: int, to_y: int) -> Iterator[Dot]:
    """The dots behind (x, y) up to the other end (Bresenham)."""
    wide, high = abs(to_x - x), -abs(to_y - y)
    step_x = 1 if to_x > x else -1
    step_y = 1 if to_y > y else -1
    error = wide + high
    while (x, y) != (to_x, to_y):
        twice = 2 * error
        if twice >= high:
            error += high
            x += step_x
        if twice <= wide:
            error += wide
            y += step_y
        yield x, y


def runs_of(values: Sequence[Value], scale: Scale, wide: int, high: int) -> list[list[Dot]]:
    """The dots that a series goes through, in runs without a gap, on `wide` by `high` dots.

    Where more than one point shares a column the line goes through the lowest and the highest of
    them, so that no peak is lost.
    """
    if wide <= 0 or high <= 0:
        return []
    made: list[list[Dot]] = []
    run: list[Dot] = []
    columns = buckets(values, wide)
    for place, bucket in enumerate(columns):
        if bucket.low is None or bucket.high is None:
            run = []
            continue
        if not run:
            made.append(run)
        x = column_of(place, len(columns), wide)
        ends = [(x, scale.place(bucket.low, high)), (x, scale.place(bucket.high, high))]
        if run and abs(run[-1][1] - ends[1][1]) < abs(run[-1][1] - ends[0][1]):
            ends.reverse()
        run.extend(ends if ends[0] != ends[1] else ends[:1])
    return made
