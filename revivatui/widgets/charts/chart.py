"""What all charts are: lines with a cursor over points, each of which is said in words below.

A chart is drawn anew when its data, size or alphabet changes; moving the cursor repaints the cells
that look different in the lines of the two points, and no others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from revivatui.state.charts.data import EMPTY, is_empty
from revivatui.state.charts.table import as_text
from revivatui.state.charts.words import points, spoken
from revivatui.text.width import truncate, width
from revivatui.widgets.charts.look import GROUNDED, Run
from revivatui.widgets.line_view import LineView
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events

    from revivatui.state.charts.data import ChartData

D = TypeVar("D", bound="ChartData")
P = TypeVar("P")
Runs = list[Run]
HEAD_FROM: Final = 4
"""Lines of height from which there is a title."""
TOLD_FROM: Final = 2
"""Lines of height from which the point is said in a line of its own."""


def cells(runs: Iterable[Run]) -> int:
    return sum(width(run.text) for run in runs)


def spread(left: Runs, right: Runs, room: int) -> Runs:
    """Runs at both ends of a line; the left ones are cut where both do not fit."""
    space = room - cells(right)
    kept: Runs = []
    for run in left:
        text = truncate(run.text, max(0, space - 2 if right else space), symbols.ellipsis)
        kept.append(run._replace(text=text))
        space -= width(text)
        if text != run.text:
            break
    return [*kept, Run(" " * max(0, space)), *right] if right else kept


def legend(entries: Sequence[tuple[Run, str]], gap: int = 3, most: int = 0) -> Runs:
    """Samples with their words, each word cut to `most` cells where that is not 0."""
    runs: Runs = []
    for sample, word in entries:
        shown = truncate(word, most, symbols.ellipsis) if most else word
        runs += [Run(" " * gap if runs else ""), sample, Run(f" {shown}", ("muted",))]
    return runs


def narrowed(entries: Sequence[tuple[Run, str]], room: int) -> Runs:
    """The widest legend that fits."""
    for gap, most in ((3, 0), (2, 0), (1, 0), (1, 12), (1, 9), (1, 7), (1, 5), (1, 3), (1, 1)):
        runs = legend(entries, gap, most)
        if cells(runs) <= room:
            break
    return runs


class Chart(LineView, Generic[D, P], can_focus=True):
    """A chart of data `D`, laid out as a plan `P` for the size and alphabet it has."""

    ALLOW_SELECT = False
    STYLE_PREFIX = "chart"
    GROUNDED = GROUNDED
    DEFAULT_CSS = "Chart { overflow-y: hidden; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1, 0)", show=False),
        Binding("right,l", "step(1, 0)", show=False),
        Binding("up,k", "step(0, -1)", show=False),
        Binding("down,j", "step(0, 1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(-1)", show=False),
        Binding("end", "edge(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    class _About(Message):
        def __init__(self, chart: Chart[Any, Any], index: int) -> None:
            super().__init__()
            self.chart = chart
            self.index = index

        @property
        def control(self) -> Chart[Any, Any]:
            return self.chart

    class Pointed(_About):
        """The cursor went to a point."""

    class Chosen(_About):
        """A point was chosen, by enter or a click."""

    def __init__(
        self,
        data: D | None = None,
        *,
        empty: str = EMPTY,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        """A chart of `data`; without any it says `empty`."""
        super().__init__(id=id, classes=classes)
        self._data = data
        self._is_empty = data is None or is_empty(data)
        self._empty = empty
        self._index = 0
        self._plan: P | None = None
        self._planned_for: tuple[int, int, bool] | None = None
        self._strips: dict[int, Strip] = {}
        """Lines as they were drawn since the last change of each."""
        self._text: tuple[str, ...] | None = None
        self._text_top = 0
        if data is not None:
            self._index = self.first_index(data)

    # What each kind of chart is.

    def first_index(self, data: D) -> int:
        """Where the cursor begins."""
        return 0

    def lay_out(self, data: D, room: int, height: int) -> P:
        """Everything that does not depend on the cursor, for `room` by `height` cells."""
        raise NotImplementedError

    def line(self, plan: P, data: D, y: int) -> Runs:
        """A line of the chart, with the cursor where `marked` says so."""
        raise NotImplementedError

    def lines_of(self, plan: P, data: D, index: int) -> Iterable[int]:
        """The lines that look different while the cursor is on a point, but for the last."""
        raise NotImplementedError

    def stepped(self, data: D, across: int, down: int) -> int:
        """The point beside the cursor's."""
        raise NotImplementedError

    def paged(self, data: D, by: int) -> int:
        """The point a good way on (1) or back (-1)."""
        count = points(data)
        return max(0, min(count - 1, self._index + by * max(1, count // 10)))

    def index_at(self, plan: P, data: D, x: int, y: int) -> int | None:
        """The point at a cell."""
        raise NotImplementedError

    def ways_to_say(self, data: D, index: int) -> Sequence[str]:
        """A point in words, the fullest first."""
        return spoken(data, index)

    # What is asked of a chart.

    @property
    def data(self) -> D | None:
        return self._data

    @property
    def index(self) -> int:
        """The point that the cursor is on."""
        return self._index

    @property
    def is_empty(self) -> bool:
        return self._is_empty

    @property
    def words(self) -> str:
        """The point that the cursor is on, in full; "" where there is none."""
        if self._data is None or self.is_empty:
            return ""
        return self.ways_to_say(self._data, self._index)[0]

    def as_text(self) -> tuple[str, ...]:
        """The same data as lines of plain text."""
        return (self._empty,) if self._data is None else as_text(self._data, self._empty)

    def show(self, data: D | None, index: int | None = None) -> None:
        """Show other data. The cursor goes to `index`, or stays where there are as many points."""
        before = None if self._data is None else points(self._data)
        if data is not None:
            count = points(data)
            if index is not None:
                self._index = max(0, min(count - 1, index))
            elif count != before:
                self._index = self.first_index(data)
        self._data = data
        self._is_empty = data is None or is_empty(data)
        self._text = None if self._text is None else self.as_text()
        self.forget_drawn()
        self.repaint()

    def toggle_text(self) -> bool:
        """Show the same data as text, or the chart again; whether it is text now."""
        self._text = self.as_text() if self._text is None else None
        self._text_top = 0
        self.repaint()
        return self._text is not None

    def point(self, index: int) -> None:
        """Put the cursor on a point and say so."""
        if self._data is None or self.is_empty or not 0 <= index < points(self._data):
            return
        if index != self._index:
            lines = set(self._cursor_lines())
            self._index = index
            self.brought_in()
            self.repaint(sorted(lines | set(self._cursor_lines())))
        self.post_message(self.Pointed(self, index))

    def brought_in(self) -> None:
        """Called when the cursor went to another point, before it is drawn."""

    # Drawing.

    @property
    def marked(self) -> bool:
        """Whether the cursor is drawn: with the focus."""
        return self.has_focus

    @property
    def told_line(self) -> int | None:
        """The line that says the point, the last; None where the chart is too low for it."""
        return self.view_height - 1 if self.view_height >= TOLD_FROM else None

    def forget_drawn(self) -> None:
        self._planned_for = None
        self._strips.clear()

    def repaint(self, lines: Iterable[int] | None = None) -> None:
        if lines is None:
            self._strips.clear()
        else:
            lines = list(lines)
            for y in lines:
                self._strips.pop(y, None)
        super().repaint(lines)

    def plan(self, data: D) -> P:
        wanted = (*self.view_size, symbols.use_ascii)
        if self._plan is None or self._planned_for != wanted:
            self._plan = self.lay_out(data, *self.view_size)
            self._planned_for = wanted
            self._strips.clear()
        return self._plan

    def draw_line(self, y: int) -> Strip:
        if self._data is not None and not self.is_empty:
            self.plan(self._data)
        strip = self._strips.get(y)
        if strip is None:
            strip = self._strips[y] = self._drawn(y)
        return strip

    def _drawn(self, y: int) -> Strip:
        data = self._data
        if self._text is not None:
            return self.strip(self._text_line(self._text, y))
        if data is None or self.is_empty:
            return self.strip(self._empty_line(y))
        if y == self.told_line:
            return self.strip([self.said(data, self.view_width)])
        return self.strip(self.line(self.plan(data), data, y))

    def strip(self, runs: Iterable[Run]) -> Strip:
        """The runs drawn, cut or filled to the width of the view."""
        segments = [
            Segment(run.text.replace("\n", " "), self.part_style(*run.styles))
            for run in runs
            if run.text
        ]
        return Strip(segments).adjust_cell_length(self.view_width, self.part_style())

    def _named_style(self, name: str) -> Style:
        if name == "bold":
            return Style(bold=True)
        full = self.screen.get_component_rich_style(f"{self.STYLE_PREFIX}--{name}")
        if name in self.GROUNDED:
            return full
        return full.without_color + Style(color=full.color)

    def said(self, data: D, room: int) -> Run:
        """The point that the cursor is on, in as many words as there is room for."""
        ways = self.ways_to_say(data, self._index)
        words = next((way for way in ways if width(way) <= room), None)
        if words is None:
            # What it is of is cut, not what it is.
            where, _, value = ways[-1].rpartition(": ")
            where = truncate(where, max(0, room - width(value) - 2), symbols.ellipsis)
            words = truncate(f"{where}: {value}" if where else value, room, symbols.ellipsis)
        return Run(words, ("told" if self.marked else "muted",))

    def _empty_line(self, y: int) -> Runs:
        title = "" if self._data is None else as_text(self._data)[0]
        height = self.view_height
        if y == 0 and height >= HEAD_FROM:
            return [Run(truncate(title, self.view_width, symbols.ellipsis), ("title",))]
        if y == height // 2:
            text = truncate(self._empty, self.view_width, symbols.ellipsis)
            return [Run(" " * ((self.view_width - width(text)) // 2)), Run(text, ("muted",))]
        return []

    def _text_line(self, lines: tuple[str, ...], y: int) -> Runs:
        shown = self._text_lines
        if y >= shown:
            last = min(len(lines), self._text_top + shown)
            where = f"lines {self._text_top + 1} to {last} of {len(lines)}"
            return [Run(where, ("muted",))] if len(lines) > shown else []
        place = self._text_top + y
        text = lines[place] if place < len(lines) else ""
        text = truncate(text, self.view_width, symbols.ellipsis)
        return [Run(text, ("title",) if place == 0 else ())]

    @property
    def _text_lines(self) -> int:
        """How many lines of text are seen at once."""
        return max(1, self.view_height - 1)

    def _cursor_lines(self) -> Iterable[int]:
        if self._data is None or self.is_empty or not all(self.view_size):
            return ()
        last = () if self.told_line is None else (self.told_line,)
        return (*self.lines_of(self.plan(self._data), self._data, self._index), *last)

    def focus_changed(self) -> None:
        if self._text is None:
            self.repaint(sorted(set(self._cursor_lines())))

    # Keys and the mouse.

    def action_step(self, across: int, down: int) -> None:
        if self._text is not None:
            self._scroll_text(down)
        elif self._data is not None and not self.is_empty:
            self.point(self.stepped(self._data, across, down))

    def action_page(self, by: int) -> None:
        if self._text is not None:
            self._scroll_text(by * self._text_lines)
        elif self._data is not None and not self.is_empty:
            self.point(self.paged(self._data, by))

    def action_edge(self, by: int) -> None:
        if self._text is not None:
            self._scroll_text(by * len(self._text))
        elif self._data is not None and not self.is_empty:
            self.point(0 if by < 0 else points(self._data) - 1)

    def action_choose(self) -> None:
        if self._data is not None and not self.is_empty and self._text is None:
            self.post_message(self.Chosen(self, self._index))

    def _scroll_text(self, by: int) -> None:
        last = max(0, len(self._text or ()) - self._text_lines)
        top = max(0, min(last, self._text_top + by))
        if top != self._text_top:
            self._text_top = top
            self.repaint()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if self._data is None or self.is_empty or self._text is not None:
            return
        x, y = event.x - self.gutter.left, event.y - self.gutter.top
        found = self.index_at(self.plan(self._data), self._data, x, y)
        if found is not None:
            self.point(found)
            self.action_choose()
