"""Writing lines so that a terminal's own idea of an emoji's width moves nothing else.

Terminals draw some graphemes (a heart with its presentation selector, families, flags, keycaps,
skin tones) one cell wide, two, or wider. Each of them is written onto blank cells, and the cursor
is put where the next cell is by its column: only the grapheme itself may look different.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

from revivatui.text.width import graphemes, wobbles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console, ConsoleOptions, RenderResult


def steady(update: CompositorUpdate) -> CompositorUpdate:
    """The update itself, or one that writes the same cells at their columns where it has to."""
    if isinstance(update, LayoutUpdate):
        lines = [list(line) for line in update.strips]
        update.strips = list(lines)
        strips: Iterable[Strip] = (strip for line in lines for strip in line)
    elif isinstance(update, ChopsUpdate):
        rows = {y for y, _start, _end in update.spans}
        strips = (strip for y in rows for strip in update.chops[y].values() if strip is not None)
    else:
        return update
    return SteadyUpdate(update) if any(map(_wobbly, strips)) else update


def _wobbly(strip: Strip) -> bool:
    return any(wobbles(segment.text) for segment in strip)


class SteadyUpdate(CompositorUpdate):
    """The cells of an update, each strip at its own column."""

    def __init__(self, update: LayoutUpdate | ChopsUpdate) -> None:
        self._update = update

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self._update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        update = self._update
        placed = _of_layout(update) if isinstance(update, LayoutUpdate) else _of_chops(update)
        return "".join(
            Control.move_to(x, y).segment.text + _written(strip, x, console)
            for x, y, strip in placed
        )


def _of_layout(update: LayoutUpdate) -> Iterator[tuple[int, int, Strip]]:
    for y, line in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in line:
            yield x, y, strip
            x += strip.cell_length


def _of_chops(update: ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    for y, start, end in update.spans:
        for stop, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > end or stop <= start:
                continue
            yield x, y, strip if stop <= end else strip.crop(0, end - x)


def _written(strip: Strip, x: int, console: Console) -> str:
    if not _wobbly(strip):
        return strip.render(console)
    segments = []
    for segment in strip:
        placed = _on_its_cells(segment.text, x) if wobbles(segment.text) else segment.text
        segments.append(Segment(placed, segment.style))
        x += segment.cell_length
    return Strip(segments).render(console)


def _on_its_cells(text: str, x: int) -> str:
    """The text with every grapheme of doubtful width on blank cells of its own."""
    written = []
    for grapheme, cells in graphemes(text):
        if wobbles(grapheme) and cells:
            blank = " " * cells
            written.append(f"{blank}{_column(x)}{grapheme}{_column(x + cells)}")
        else:
            written.append(grapheme)
        x += cells
    return "".join(written)


def _column(x: int) -> str:
    return f"\x1b[{x + 1}G"
