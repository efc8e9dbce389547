"""Cards side by side, as many columns as fit: drawn line by line, one of them under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from revivatui.widgets.line_diff import changed_cells
from revivatui.widgets.pieces import Line, Piece, PieceStyles
from revivatui.widgets.quiet_focus import QuietFocus
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

NARROWEST = 36
"""Cells of a card, the cursor's mark and the gap beside it not counted."""
BROADEST = 46
_BESIDE = 3
"""Cells of the cursor's mark at the left of a card, and of the gap at its right."""


class GridCard(NamedTuple):
    """A card: what it is called, and its lines. All cards of a grid are equally high."""

    id: str
    lines: tuple[Line, ...]


class CardGrid(QuietFocus, PieceStyles, ScrollView, can_focus=True):
    """Cards with a cursor; arrows go to the neighbours, enter and a click choose."""

    DEFAULT_CSS = """
    CardGrid {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1, 0)", show=False),
        Binding("right,l", "move(1, 0)", show=False),
        Binding("up,k", "move(0, -1)", show=False),
        Binding("down,j", "move(0, 1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(-1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Chosen(Message):
        """A card was chosen, by enter or a click."""

        def __init__(self, sender: CardGrid, choice: str) -> None:
            super().__init__()
            self.grid = sender
            self.choice = choice

        @property
        def control(self) -> CardGrid:
            return self.grid

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._cards: Sequence[GridCard] = ()
        self._cursor = 0
        self._was_moved = False
        self._painted: dict[int, Strip] = {}

    @property
    def choice(self) -> str:
        """The card under the cursor, "" where there is none."""
        return self._cards[self._cursor].id if self._cards else ""

    @property
    def _room(self) -> int:
        """The cells of a line; before the grid has been laid out, those of the terminal."""
        return self.scrollable_content_region.width or self.app.size.width - 1

    @property
    def _fits(self) -> int:
        return max(1, self._room // (NARROWEST + _BESIDE))

    @property
    def columns(self) -> int:
        return max(1, min(self._fits, len(self._cards) or 1))

    @property
    def card_cells(self) -> int:
        """The cells that a card's lines have."""
        return max(10, min(BROADEST, self._room // self._fits - _BESIDE))

    @property
    def _height(self) -> int:
        return len(self._cards[0].lines) + 1 if self._cards else 1

    def show(self, cards: Sequence[GridCard], cursor_on: str | None = None) -> None:
        """Show these cards; the cursor stays on its card once somebody put it there, or goes to
        `cursor_on`."""
        stays = self.choice if self._was_moved else ""
        wanted = stays if cursor_on is None else cursor_on
        self._cards = cards
        found = [place for place, card in enumerate(cards) if card.id == wanted]
        lost = self._cursor if self._was_moved else 0
        self._cursor = found[0] if found else min(lost, max(0, len(cards) - 1))
        self._fit()
        self._repaint()

    def _fit(self) -> None:
        rows = -(-len(self._cards) // self.columns)
        self.virtual_size = Size(self.scrollable_content_region.width, rows * self._height)

    # --- moving and choosing -------------------------------------------------------------------

    def action_move(self, across: int, down: int) -> None:
        self._go(self._cursor + across + down * self.columns)

    def action_edge(self, place: int) -> None:
        self._go(len(self._cards) - 1 if place < 0 else place)

    def _go(self, place: int) -> None:
        if 0 <= place < len(self._cards) and place != self._cursor:
            self._cursor, self._was_moved = place, True
            self._keep_cursor_visible()
            self._repaint()

    def action_choose(self) -> None:
        if choice := self.choice:
            self.post_message(self.Chosen(self, choice))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        column = event.x // (self.card_cells + _BESIDE)
        row = (event.y + self.scroll_offset.y) // self._height
        place = row * self.columns + column
        if column < self.columns and place < len(self._cards):
            self._cursor, self._was_moved = place, True
            self._repaint()
            self.action_choose()

    def _keep_cursor_visible(self) -> None:
        height = self.scrollable_content_region.height
        top = self._cursor // self.columns * self._height
        if not height:
            return
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False)
        elif top + self._height > self.scroll_offset.y + height:
            self.scroll_to(y=top + self._height - height, animate=False)

    # --- drawing -------------------------------------------------------------------------------

    def focus_changed(self) -> None:
        self._repaint()

    def on_resize(self) -> None:
        self._painted.clear()
        self._fit()

    def on_hide(self) -> None:
        self._painted.clear()

    def render_line(self, y: int) -> Strip:
        strip = self._draw(y + self.scroll_offset.y)
        self._painted[y] = strip
        return strip

    def _draw(self, line: int) -> Strip:
        row, within = divmod(line, self._height)
        first = row * self.columns
        strips = [
            self._part(place, within)
            for place in range(first, min(first + self.columns, len(self._cards)))
        ]
        cells = self.scrollable_content_region.width
        return Strip.join(strips).adjust_cell_length(cells, self.piece_style("")).simplify()

    def _part(self, place: int, within: int) -> Strip:
        cells = self.card_cells
        lines = self._cards[place].lines
        if within >= len(lines):
            return self.strip_of((), cells + _BESIDE)
        on_it = place == self._cursor
        ground = ("cursor" if self.has_focus else "cursor-blurred") if on_it else ""
        mark = symbols.cursor if on_it and self.has_focus else " "
        card = self.strip_of((Piece(mark, "accent"), *lines[within]), cells + 1, ground)
        return Strip.join([card, self.strip_of((), _BESIDE - 1)])

    def _repaint(self) -> None:
        if not self.is_mounted or not self.scrollable_content_region.height:
            self._painted.clear()
            self.refresh()
            return
        for y in range(self.scrollable_content_region.height):
            painted = self._painted.get(y)
            if painted is None:
                self.refresh(Region(0, y, self.size.width, 1))
                continue
            cells = changed_cells(painted, self._draw(y + self.scroll_offset.y))
            if cells is not None:
                self.refresh(Region(cells[0], y, cells[1] - cells[0], 1))
