"""Figures side by side: name, value with its verdict, what changed, and a small line of the course.

A cursor walks over them; enter or a click on one asks what it means. One widget, however many
tiles: what looks different is sent and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message

from revivatui.text.width import fit, width
from revivatui.widgets.line_diff import changed_cells
from revivatui.widgets.pieces import Piece, PieceStyles
from revivatui.widgets.quiet_focus import QuietFocus
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.strip import Strip

    from revivatui.widgets.pieces import Line

NARROWEST: Final = 15
"""Cells of a tile, with the gap after it."""
LINES: Final = 3
EDGE: Final = 2
GAP: Final = 2


class TileFace(NamedTuple):
    """What stands on a tile, safe text already; each line of pieces is cut to the room it has.

    `small` is said in the first line where `name` has no room.
    """

    name: str
    small: str
    value: Line
    below: Line
    course: str = ""


class Tiles(QuietFocus, PieceStyles, can_focus=True):
    """A row of tiles, or several where the screen is narrow."""

    DEFAULT_CSS = "Tiles { height: auto; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1, 0)", show=False),
        Binding("right,l", "move(1, 0)", show=False),
        Binding("up,k", "move(0, -1)", show=False),
        Binding("down,j", "move(0, 1)", show=False),
        Binding("home", "edge(-1)", show=False),
        Binding("end", "edge(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Pointed(Message):
        """The cursor went to a tile."""

        def __init__(self, tiles: Tiles, index: int) -> None:
            super().__init__()
            self.tiles = tiles
            self.index = index

        @property
        def control(self) -> Tiles:
            return self.tiles

    class Chosen(Pointed):
        """A tile was chosen, by enter or a click."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._faces: Sequence[TileFace] = ()
        self._index = 0
        self._columns = 1
        self._with_course = False
        self._painted: dict[int, Strip] = {}

    @property
    def index(self) -> int:
        """The tile that the cursor is on."""
        return min(self._index, max(0, len(self._faces) - 1))

    @property
    def tile_cells(self) -> int:
        """The cells that one tile has for its words."""
        return max(8, (self.size.width - EDGE * 2) // self._columns - GAP)

    @property
    def tile_lines(self) -> int:
        return LINES + self._with_course

    def lay_out(self, count: int, cells: int, with_course: bool) -> int:
        """Take over how many tiles there are and the room for them; how many lines that takes."""
        most = max(1, (cells - EDGE * 2) // NARROWEST)
        rows = -(-count // most)
        self._columns = max(1, -(-count // rows)) if count else 1
        self._with_course = with_course
        self.styles.height = max(1, rows * self.tile_lines)
        return max(1, rows * self.tile_lines)

    def show(self, faces: Sequence[TileFace]) -> None:
        self._faces = faces
        self._repaint()

    # Drawing.

    def render_line(self, y: int) -> Strip:
        strip = self._draw(y)
        self._painted[y] = strip
        return strip

    def _draw(self, y: int) -> Strip:
        row, line = divmod(y, self.tile_lines)
        first = row * self._columns
        pieces = [Piece(" " * EDGE)]
        for place in range(first, min(first + self._columns, len(self._faces))):
            pieces += self._tile_line(place, line)
        return self.strip_of(pieces, self.size.width)

    def _tile_line(self, place: int, line: int) -> Line:
        face, room = self._faces[place], self.tile_cells
        on_it = place == self.index and self.has_focus
        mark = Piece(f"{symbols.cursor} " if on_it and line < LINES else "  ", "accent")
        made: Line
        if line == 0:
            name = face.name if width(face.name) <= room else face.small
            made = (Piece(fit(name, room), "accent" if on_it else "muted"),)
        elif line == 1:
            made = _filled(face.value, room)
        elif line == 2:
            made = _filled(face.below, room)
        else:
            made = (Piece(fit(face.course, room), "accent"),)
        return (mark, *made)

    def _repaint(self) -> None:
        if not self.is_mounted or not self.size.height:
            self._painted.clear()
            self.refresh()
            return
        for y in range(self.size.height):
            painted = self._painted.get(y)
            if painted is None:
                self.refresh(Region(0, y, self.size.width, 1))
                continue
            cells = changed_cells(painted, self._draw(y))
            if cells is not None:
                self.refresh(Region(cells[0], y, cells[1] - cells[0], 1))

    def on_resize(self) -> None:
        self._painted.clear()
        self.refresh()

    def focus_changed(self) -> None:
        self._repaint()

    # Keys and the mouse.

    def point(self, index: int) -> None:
        """Put the cursor on a tile and say so."""
        if not self._faces:
            return
        self._index = max(0, min(len(self._faces) - 1, index))
        self._repaint()
        self.post_message(self.Pointed(self, self._index))

    def action_move(self, across: int, down: int) -> None:
        wanted = self.index + across + down * self._columns
        if 0 <= wanted < len(self._faces):
            self.point(wanted)

    def action_edge(self, by: int) -> None:
        self.point(0 if by < 0 else len(self._faces) - 1)

    def action_choose(self) -> None:
        if self._faces:
            self.post_message(self.Chosen(self, self.index))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        row = (event.y - self.gutter.top) // self.tile_lines
        column = (event.x - self.gutter.left - EDGE) // (self.tile_cells + GAP)
        place = row * self._columns + column
        if 0 <= column < self._columns and 0 <= place < len(self._faces):
            self.point(place)
            self.action_choose()


def _filled(line: Line, room: int) -> Line:
    """The pieces that fit as a whole, filled up to the room."""
    kept: list[Piece] = []
    left = room
    for piece in line:
        cells = width(piece.text)
        if cells > left:
            if not kept:
                kept.append(piece._replace(text=fit(piece.text, left)))
                left = 0
            break
        kept.append(piece)
        left -= cells
    return (*kept, Piece(" " * left)) if left else tuple(kept)
