"""What charts are drawn with: style names, and glyphs by what they stand for.

The styles are component classes of the screen (`chart--hue-1`), coloured in `styles/charts.tcss`;
of the screen and not of each chart for the reason given in `widgets/pieces.py`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.charts.raster import BRAILLE, CELLS, SOLID, Dash, Raster
from revivatui.widgets.symbols import TABLE, symbols

if TYPE_CHECKING:
    from revivatui.state.charts.data import Series
    from revivatui.state.charts.raster import Grain

HUES: Final = 5
CHART_STYLES: Final = (
    *(f"hue-{n}" for n in range(1, HUES + 1)),
    "before",
    "title",
    "muted",
    "axis",
    "grid",
    "told",
    "cursor",
    "cursor-blurred",
)
CHART_CLASSES: Final = {f"chart--{name}" for name in CHART_STYLES}
"""What every screen with charts must have among its COMPONENT_CLASSES."""

GROUNDED: Final = frozenset({"cursor", "cursor-blurred"})
"""Styles that bring their own background."""

_BRAILLE_BLANK: Final = 0x2800
_BEFORE: Final = Dash(1, 2)
_DASHES: Final = (SOLID, Dash(4, 2), Dash(2, 2))


class Run(NamedTuple):
    """Some text in one style: names in order, as of `LineView.part_style`."""

    text: str
    styles: tuple[str, ...] = ()


class Pen(NamedTuple):
    """How a line is told from the others: by its dashes, its glyph, its colour and its name."""

    style: str
    dash: Dash
    mark: str


class Alphabet(NamedTuple):
    """The glyphs of charts in one alphabet, each string from the least to the most."""

    is_ascii: bool
    bars: str
    rises: str
    heat: str
    parts: str
    marks: str
    before: str

    @property
    def grain(self) -> Grain:
        return CELLS if self.is_ascii else BRAILLE

    def pen(self, series: Series, number: int) -> Pen:
        """The pen of the series that is `number`th among those of a chart, from 0."""
        if series.is_previous:
            return Pen("before", SOLID if self.is_ascii else _BEFORE, self.before)
        dash = SOLID if self.is_ascii else _DASHES[number]
        return Pen(f"hue-{number + 1}", dash, self.marks[number])

    def dots(self, mask: int, pen: Pen) -> str:
        """A cell of a line, of the dots in it."""
        return pen.mark if self.is_ascii else chr(_BRAILLE_BLANK + mask)

    def sample(self, pen: Pen, room: int) -> str:
        """A short piece of a line, for the legend."""
        raster = Raster(room, 1, self.grain)
        y = self.grain.up // 3
        raster.draw([[(0, y), (raster.size[0] - 1, y)]], 0, pen.dash)
        return "".join(self.dots(mask, pen) if mask else " " for mask in raster.masks[0]).rstrip()

    def bar(self, eighths: int) -> str:
        """A bar of so many eighths of a cell."""
        full, rest = divmod(eighths, 8)
        return self.bars[8] * full + (self.bars[rest] if rest else "")


def alphabet() -> Alphabet:
    """The glyphs that the terminal can show."""
    return _alphabet(symbols.use_ascii)


@lru_cache(maxsize=2)
def _alphabet(is_ascii: bool) -> Alphabet:
    def glyphs(name: str, first: int, last: int) -> str:
        table = (TABLE[f"{name}_{n}"] for n in range(first, last + 1))
        return "".join(glyph.twin if is_ascii else glyph.glyph for glyph in table)

    before = TABLE["point_before"]
    return Alphabet(
        is_ascii,
        " " + glyphs("bar", 1, 8),
        " " + glyphs("rise", 1, 8),
        glyphs("heat", 0, 4),
        glyphs("part", 1, 5),
        glyphs("point", 1, 3),
        before.twin if is_ascii else before.glyph,
    )
