"""A bar of one line: words and clickable chips at its left and right ends.

One widget a bar, however many chips: what changes is repainted and nothing else. When the room is
short, chips first say their short form, then the least important ones leave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.geometry import Region
from textual.message import Message

from revivatui.text.width import truncate, width
from revivatui.widgets.line_diff import changed_cells
from revivatui.widgets.pieces import Line, Piece, PieceStyles
from revivatui.widgets.symbols import symbols

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
    shortens: int | None = None
    """The weight at which the short form comes, where that is before its own."""

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
        ground: str = "",
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        """An empty bar; `gap` stands between chips, `edge` at both ends, or `end` at the right.

        `ground` is the command of a click that meets no chip with one of its own.
        """
        super().__init__(id=id, classes=classes)
        self._gap = gap
        self._edge = edge
        self._end = edge if end is None else end
        self._ground = ground
        self._left: tuple[Chip, ...] = ()
        self._right: tuple[Chip, ...] = ()
        self._leads = False
        self._painted: Strip | None = None

    @property
    def leads(self) -> bool:
        """The pane that it heads has the focus: marked, on the cursor's ground."""
        return self._leads

    @leads.setter
    def leads(self, leads: bool) -> None:
        if leads != self._leads:
            self._leads = leads
            self._repaint()

    def show(self, left: Iterable[Chip], right: Iterable[Chip] = ()) -> None:
        """Show these chips; only cells that change are painted."""
        chips = tuple(left), tuple(right)
        if chips == (self._left, self._right):
            return
        self._left, self._right = chips
        self._repaint()

    def _repaint(self) -> None:
        """Send the cells that look different now."""
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
        ground = "cursor" if self._leads and not self.has_class("-note") else ""
        return self.strip_of(self._line(), self.size.width, ground)

    def _line(self) -> Line:
        left, right = self._made_to_fit()
        start, end = self._pieces(left), self._pieces(right)
        used = sum(width(piece.text) for piece in (*start, *end))
        used += len(self._edge) + len(self._end)
        fill = Piece(" " * max(1 if end else 0, self.size.width - used))
        mark = Piece(f"{symbols.cursor}{self._edge[1:]}", "accent")
        first = mark if self._leads else Piece(self._edge)
        return (first, *start, fill, *end, Piece(self._end)) if end else (first, *start)

    def _pieces(self, chips: Sequence[Chip]) -> Line:
        pieces: list[Piece] = []
        for chip in chips:
            if pieces:
                pieces.append(Piece(self._gap))
            pieces.extend(chip.pieces)
        return tuple(pieces)

    def _made_to_fit(self) -> tuple[list[Chip], list[Chip]]:
        room = self.size.width - len(self._edge) - len(self._end)
        return fit_chips(self._left, self._right, room, width(self._gap), APART)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        x = 0
        for piece in self._line():
            x += width(piece.text)
            if event.x - self.gutter.left < x:
                command = piece.command or self._ground
                break
        else:
            command = self._ground
        if command:
            self.post_message(self.Chosen(self, command))


class _Fitting:
    """Chips of both sides giving way until they fit."""

    def __init__(
        self, left: Sequence[Chip], right: Sequence[Chip], room: int, gap: int, apart: int
    ) -> None:
        self.all = (*left, *right)
        self.kept: list[Chip | None] = list(self.all)
        self._first_right = len(left)
        self._room = room
        self._gap = gap
        self._apart = apart

    @property
    def sides(self) -> tuple[list[Chip], list[Chip]]:
        left, right = self.kept[: self._first_right], self.kept[self._first_right :]
        return [chip for chip in left if chip], [chip for chip in right if chip]

    @property
    def over(self) -> int:
        """How many cells there are too many."""
        sides = self.sides
        needed = self._apart if all(sides) else 0
        for side in sides:
            needed += sum(width(piece.text) for chip in side for piece in chip.pieces)
            needed += max(0, len(side) - 1) * self._gap
        return needed - self._room

    def give_way(self) -> None:
        """Shorten chips and take them out, the least important first."""
        steps = []
        for place, chip in enumerate(self.all):
            if chip.short is not None:
                weight = chip.weight if chip.shortens is None else chip.shortens
                steps.append((weight, 0, -place, _shortened(chip)))
            if chip.weight < NEVER:
                steps.append((chip.weight, 1, -place, None))
        for _weight, _out, place, shorter in sorted(steps, key=lambda step: step[:3]):
            if self.over <= 0:
                return
            self.kept[-place] = shorter

    def put_back(self) -> None:
        """What went and still fits comes back, the most important first."""
        gone = [place for place, chip in enumerate(self.kept) if chip is None]
        for place in sorted(gone, key=lambda place: -self.all[place].weight):
            for form in (self.all[place], _shortened(self.all[place])):
                self.kept[place] = form
                if form is not None and self.over <= 0:
                    break
                self.kept[place] = None

    def cut(self) -> None:
        """Nothing more can go: the longest words lose their end, so that no chip is pushed out."""
        over = self.over
        places = [place for place, chip in enumerate(self.kept) if chip is not None]
        if over <= 0 or not places:
            return
        longest = max(places, key=lambda place: width(self.all[place].text))
        chip = self.kept[longest]
        assert chip is not None
        room = max(1, width(chip.text) - over)
        self.kept[longest] = chip._replace(text=truncate(chip.text, room, symbols.ellipsis))


def _shortened(chip: Chip) -> Chip | None:
    return chip._replace(text=chip.short) if chip.short else None


def fit_chips(
    left: Sequence[Chip], right: Sequence[Chip], room: int, gap: int, apart: int = 0
) -> tuple[list[Chip], list[Chip]]:
    """The chips that `room` cells have room for: `gap` between chips, `apart` between the sides."""
    fitting = _Fitting(left, right, room, gap, apart)
    fitting.give_way()
    fitting.put_back()
    fitting.cut()
    return fitting.sides
