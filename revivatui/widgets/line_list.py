"""Lines to read and to choose from: pickers, menus, the contact pane, the canned responses.

Drawn line by line; the cursor stands on lines that can be chosen and skips the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView

from revivatui.text.width import width
from revivatui.widgets.line_diff import changed_cells
from revivatui.widgets.pieces import Line, Piece, PieceStyles
from revivatui.widgets.quiet_focus import QuietFocus
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.strip import Strip


class ListLine(NamedTuple):
    """A line; `choice` is what choosing it means ("" for a line that is only read)."""

    pieces: Line
    choice: str = ""


def words(text: str, style: str = "") -> ListLine:
    """A line that is only read."""
    return ListLine((Piece(text, style),))


class LineList(QuietFocus, PieceStyles, ScrollView, can_focus=True):
    """Lines of pieces with a cursor over those that can be chosen."""

    DEFAULT_CSS = """
    LineList {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(-1)", show=False),
        Binding("end", "edge(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class Chosen(Message):
        """A line was chosen, by enter or a click."""

        def __init__(self, sender: LineList, choice: str) -> None:
            super().__init__()
            self.list = sender
            self.choice = choice

        @property
        def control(self) -> LineList:
            return self.list

    def __init__(
        self,
        *,
        gutter: bool = True,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        """An empty list; `gutter` keeps two cells at the left for the cursor's mark."""
        super().__init__(id=id, classes=classes)
        self._lines: Sequence[ListLine] = ()
        self._cursor: int | None = None
        self._gutter = gutter
        self._cursor_shown = True
        self._steered = False
        """The cursor was put where it is, so it is to be seen; else it is on what comes first."""
        self._painted: dict[int, Strip] = {}

    @property
    def lines(self) -> Sequence[ListLine]:
        return self._lines

    @property
    def choice(self) -> str:
        """What the cursor stands on, "" where it stands on nothing."""
        return "" if self._cursor is None else self._lines[self._cursor].choice

    def show(self, lines: Sequence[ListLine], cursor_on: str | None = None) -> None:
        """Show these lines. The cursor stays on its choice, or goes to `cursor_on`, or the top."""
        wanted = self.choice if cursor_on is None else cursor_on
        top = self.scroll_offset.y
        self._lines = lines
        self._cursor = None
        for place, line in enumerate(lines):
            if line.choice and (self._cursor is None or line.choice == wanted):
                self._cursor = place
                if line.choice == wanted:
                    break
        is_lost = self._steered and self.choice != wanted
        self._steered = cursor_on is not None or (self._steered and not is_lost)
        self.virtual_size = Size(self.scrollable_content_region.width, len(lines))
        if cursor_on is not None:
            self._keep_cursor_visible()
        elif is_lost or top > len(lines):
            self.scroll_to(y=0, animate=False)
        self._repaint()

    def cursor_always(self) -> None:
        """Draw the cursor as if focused: for lists that are steered from an input beside them."""
        self._cursor_shown = False
        self._repaint()

    def action_move(self, by: int) -> None:
        """To the next line that can be chosen, or a line on where there is more to read before."""
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        first, last = top, top + height - 1
        here = -1 if self._cursor is None else self._cursor
        if height and not self._is_any_seen:
            here = last if by > 0 else first
        ahead = [place for place in self._choices() if (place - here) * by > 0]
        place = min(ahead, key=lambda one: abs(one - here), default=None)
        if place is None:
            self.scroll_to(y=top + by, animate=False)
            return
        beyond = place - last if by > 0 else first - place
        if height and beyond > 1 and (abs(place - here) >= height or not self._is_any_seen):
            self.scroll_to(y=top + by, animate=False)
        else:
            self._steer(place)

    def action_page(self, by: int) -> None:
        height = max(1, self.scrollable_content_region.height - 1)
        target = (self._cursor or 0) + by * height
        place = min(self._choices(), key=lambda one: abs(one - target), default=None)
        if place is None or place == self._cursor or not self._is_any_seen:
            self.scroll_to(y=self.scroll_offset.y + by * height, animate=False)
        else:
            self._steer(place)

    def action_edge(self, by: int) -> None:
        """To the first line or the last, and the cursor to the first choice or the last."""
        if choices := self._choices():
            self._steer(choices[0 if by < 0 else -1])
        self.scroll_to(y=0 if by < 0 else self.max_scroll_y, animate=False)

    def to_top(self) -> None:
        """What is shown now is about somebody else: from its beginning."""
        self._steered = False
        self.scroll_to(y=0, animate=False)

    def _steer(self, place: int) -> None:
        self._cursor, self._steered = place, True
        self._keep_cursor_visible()
        self._repaint()

    def _choices(self) -> list[int]:
        return [place for place, line in enumerate(self._lines) if line.choice]

    @property
    def _is_any_seen(self) -> bool:
        """Whether any line that can be chosen is on the screen."""
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        return any(line.choice for line in self._lines[top : top + height])

    @property
    def _is_cursor_seen(self) -> bool:
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        return self._cursor is not None and (not height or top <= self._cursor < top + height)

    def action_choose(self) -> None:
        """Choose what the cursor is on; where that is off the screen it comes back first."""
        if self._cursor is not None and not self._is_cursor_seen:
            self._steer(self._cursor)
        elif choice := self.choice:
            self.post_message(self.Chosen(self, choice))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        place = event.y - self.gutter.top + self.scroll_offset.y
        if not 0 <= place < len(self._lines):
            return
        line = self._lines[place]
        x = 2 if self._gutter else 0
        for piece in line.pieces:
            x += width(piece.text)
            if event.x - self.gutter.left < x:
                if piece.command:
                    self.post_message(self.Chosen(self, piece.command))
                    return
                break
        self.clicked(place)

    def clicked(self, place: int) -> None:
        """A line was clicked, on no words with a meaning of their own."""
        if self._lines[place].choice:
            self._cursor = place
            self._repaint()
            self.action_choose()

    def under_cursor(self, place: int) -> bool:
        """Whether a line stands on the cursor's ground."""
        return place == self._cursor

    def focus_changed(self) -> None:
        self._repaint()

    def on_resize(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._lines))
        if self._steered:
            self._keep_cursor_visible()

    def on_hide(self) -> None:
        self._forget_painted()

    def _forget_painted(self) -> None:
        """Not on screen: nothing that was painted counts any more."""
        self._painted.clear()
        self.refresh()

    def _keep_cursor_visible(self) -> None:
        height = self.scrollable_content_region.height
        if self._cursor is None or not height:
            return
        top = self.scroll_offset.y
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False)
        elif self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False)

    def render_line(self, y: int) -> Strip:
        strip = self._draw(y + self.scroll_offset.y)
        self._painted[y] = strip
        return strip

    def _draw(self, place: int) -> Strip:
        cells = self.scrollable_content_region.width
        if place >= len(self._lines):
            return self.strip_of((), cells)
        line = self._lines[place]
        on_it = self.under_cursor(place)
        ground = ""
        if on_it:
            focused = self.has_focus or not self._cursor_shown
            ground = "cursor" if focused else "cursor-blurred"
        if not self._gutter:
            return self.strip_of(line.pieces, cells, ground)
        mark = symbols.cursor if on_it and ground == "cursor" else " "
        return self.strip_of((Piece(f"{mark} ", "accent"), *line.pieces), cells, ground)

    def _repaint(self) -> None:
        if not self.is_mounted:
            return
        if not self.scrollable_content_region.height:
            self._forget_painted()
            return
        for y in range(self.scrollable_content_region.height):
            painted = self._painted.get(y)
            if painted is None:
                self.refresh(Region(0, y, self.size.width, 1))
                continue
            cells = changed_cells(painted, self._draw(y + self.scroll_offset.y))
            if cells is not None:
                self.refresh(Region(cells[0], y, cells[1] - cells[0], 1))


class FittingList(LineList):
    """Lines that are broken where the list ends."""

    def __init__(self, fits: Callable[[], object], *, id: str) -> None:  # noqa: A002
        """An empty list; `fits` is called when it has another size, to show its lines again."""
        super().__init__(id=id)
        self._fits = fits

    @property
    def cells(self) -> int:
        """Room for a line behind the cursor's mark; a cell stays free at the end."""
        return self.scrollable_content_region.width - len("| ") - 1

    def on_resize(self) -> None:
        super().on_resize()
        self._fits()
