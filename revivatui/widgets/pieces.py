"""Lines made of words with style names: what bars, panes and pickers draw with.

A style name is one of `STYLES`; each is a component class of the screen (`pieces--muted`),
coloured in `styles/base.tcss`, so that a theme reaches every bar. Of the screen and not of each
bar: Textual computes every component class of every widget anew with each change of styles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from revivatui.text.width import truncate, width
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterable

STYLES: Final = (
    "muted",
    "strong",
    "accent",
    "button",
    "active",
    "chosen",
    "key",
    "success",
    "warning",
    "error",
    "note",
    "label",
    "doubt",
    "cursor",
    "cursor-blurred",
)


class Piece(NamedTuple):
    """Some words in one style; `command` is what a click on them asks for ("" for nothing)."""

    text: str
    style: str = ""
    command: str = ""


Line = tuple[Piece, ...]


def line_width(line: Iterable[Piece]) -> int:
    return sum(width(piece.text) for piece in line)


def fitted(line: Iterable[Piece], room: int) -> Line:
    """The pieces cut to at most `room` cells."""
    kept = []
    for piece in line:
        if room <= 0:
            break
        if "\n" in piece.text:
            piece = piece._replace(text=piece.text.replace("\n", " "))
        text = truncate(piece.text, room, symbols.ellipsis)
        kept.append(piece._replace(text=text))
        room -= width(text)
    return tuple(kept)


PIECE_CLASSES: Final = {f"pieces--{name}" for name in STYLES}
"""What every screen with such widgets must have among its COMPONENT_CLASSES."""

_GROUNDED: Final = frozenset({"active", "cursor", "cursor-blurred"})
"""Styles that bring their own background."""


class PieceStyles(Widget):
    """A widget that draws lines of pieces."""

    ALLOW_SELECT = False

    _piece_styles: dict[tuple[str, str], Style] | None = None

    def piece_style(self, name: str, ground: str = "") -> Style:
        """The colours of a style name, on the ground of a cursor line where one is named."""
        if self._piece_styles is None:
            self._piece_styles = {}
        style = self._piece_styles.get((name, ground))
        if style is None:
            style = self.rich_style
            for part in (ground, name):
                if part:
                    own = self.screen.get_component_rich_style(f"pieces--{part}")
                    if part not in _GROUNDED:
                        own = own.without_color + Style(color=own.color)
                    style = style + own
            self._piece_styles[name, ground] = style
        return style

    def strip_of(self, line: Iterable[Piece], cells: int, ground: str = "") -> Strip:
        """The line drawn, cut or filled to exactly `cells`."""
        segments = [
            Segment(piece.text, self.piece_style(piece.style, ground))
            for piece in fitted(line, cells)
        ]
        return Strip(segments).extend_cell_length(cells, self.piece_style("", ground)).simplify()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._piece_styles = None
