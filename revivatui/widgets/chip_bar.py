"""A bar of one line: words and clickable chips at its left and right ends.

One widget a bar, however many chips: what changes is repainted and nothing else. When the room is
short, chips first say their short form, then the least important ones leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.geometry import Region
from textual.message import Message

from revivatui.text.width import width
from revivatui.widgets.line_diff import changed_cells
from revivatui.widgets.pieces import Line, Piece, PieceStyles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events
    from textual.strip import Strip

NEVER = 99
"""The weight of a chip that is always there."""
APART = 3
"""Cells at least between the chips at the left and those at the right: more than between chips."""


class Chip(NamedTuple):
    """Some words; `weight` says how long they stay when the room gets short (most: NEVER)."""

    text: str
    style: str = ""
    command: str = ""
    weight: int = 50
    short: str | None = None
    """What is said instead when the room is short; None: nothing shorter."""
    lead: str = ""
    """Words before the text in the style of keys: "f3"."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        words = Piece(self.text, self.style, self.command)
        return (Piece(f"{self.lead} ", "key", self.command), words) if self.lead else (words,)


class ChipBar(PieceStyles):
    """Chips at the left, chips at the right."""

    DEFAULT_CSS = """
    ChipBar { height: 1; }
    """

    class Chosen(Message):
        """A chip was clicked; `command` is a command id, with an argument after a colon."""

        def __init__(self, bar: ChipBar, command: str) -> None:
            super().__init__()
            self.bar = bar
            self.command = command

        @property
        def control(self) -> ChipBar:
            return self.bar

    def __init__(
        self,
        *,
        gap: str = "  ",
        edge: str = " ",
        end: str | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        """An empty bar; `gap` stands between chips, `edge` at both ends, or `end` at the right."""
        super().__init__(id=id, classes=classes)
        self._gap = gap
        self._edge = edge
        self._end = edge if end is None else end
        self._left: tuple[Chip, ...] = ()
        self._right: tuple[Chip, ...] = ()
        self._painted: Strip | None = None

    def show(self, left: Iterable[Chip], right: Iterable[Chip] = ()) -> None:
        """Show these chips; only cells that change are painted."""
        chips = tuple(left), tuple(right)
        if chips == (self._left, self._right):
            return
        self._left, self._right = chips
        if not self.is_mounted or self._painted is None:
            self.refresh()
            return
        cells = changed_cells(self._painted, self._draw())
        if cells is not None:
            self.refresh(Region(cells[0], 0, cells[1] - cells[0], 1))

    @property
    def words(self) -> str:
        """Everything it would say with room enough."""
        chips = (*self._left, *self._right)
        return self._gap.join("".join(p.text for p in chip.pieces) for chip in chips)

    def render_line(self, y: int) -> Strip:
        if y:
            return self.strip_of((), self.size.width)
        self._painted = self._draw()
        return self._painted

    def _draw(self) -> Strip:
        return self.strip_of(self._line(), self.size.width)

    def _line(self) -> Line:
        left, right = self._made_to_fit()
        start, end = self._pieces(left), self._pieces(right)
        used = self._needed(left) + self._needed(right) + len(self._edge) + len(self._end)
        fill = Piece(" " * max(1 if end else 0, self.size.width - used))
        edge = Piece(self._edge)
        return (edge, *start, fill, *end, Piece(self._end)) if end else (edge, *start)

    def _pieces(self, chips: Sequence[Chip]) -> Line:
        pieces: list[Piece] = []
        for chip in chips:
            if pieces:
                pieces.append(Piece(self._gap))
            pieces.extend(chip.pieces)
        return tuple(pieces)

    def _made_to_fit(self) -> tuple[list[Chip], list[Chip]]:
        left, right = list(self._left), list(self._right)
        room = self.size.width - len(self._edge) - len(self._end)
        room -= APART if left and right else 0
        for weight in sorted({chip.weight for chip in (*left, *right)}):
            for shorten in (True, False):
                if self._needed(left) + self._needed(right) <= room:
                    return left, right
                if shorten or weight < NEVER:
                    for side in (left, right):
                        _give_way(side, weight, shorten)
        return left, right

    def _needed(self, chips: Sequence[Chip]) -> int:
        gaps = max(0, len(chips) - 1) * width(self._gap)
        return sum(width(piece.text) for chip in chips for piece in chip.pieces) + gaps

    def on_click(self, event: events.Click) -> None:
        event.stop()
        x = 0
        for piece in self._line():
            x += width(piece.text)
            if event.x - self.gutter.left < x:
                if piece.command:
                    self.post_message(self.Chosen(self, piece.command))
                return


def _give_way(chips: list[Chip], weight: int, shorten: bool) -> None:
    """Shorten, or take out, the chips of one weight."""
    for place in range(len(chips) - 1, -1, -1):
        chip = chips[place]
        if chip.weight != weight:
            continue
        if shorten:
            if chip.short is not None:
                chips[place] = chip._replace(text=chip.short)
        else:
            del chips[place]
    if shorten:
        chips[:] = [chip for chip in chips if chip.text]
