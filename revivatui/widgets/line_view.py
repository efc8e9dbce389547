"""The ground that the list and the thread stand on: lines, drawn when seen, sent when changed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from revivatui.widgets.line_diff import changed_cells
from revivatui.widgets.quiet_focus import QuietFocus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class LineView(QuietFocus, ScrollView):
    """A scrolling view of lines that repaints the cells that changed and no others.

    A subclass draws single lines (`draw_line`) and calls `repaint` after a change; what looks the
    same as before is not sent again, also when the view scrolls.
    """

    DEFAULT_CSS = """
    LineView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """
    STYLE_PREFIX: ClassVar[str] = ""
    """What the names of the component classes begin with."""
    GROUNDED: ClassVar[frozenset[str]] = frozenset()
    """Styles that bring their own background."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._painted: dict[int, Strip] = {}
        self._fitted: tuple[int, int] = (0, 0)
        self._part_styles: dict[tuple[str, ...], Style] = {}
        self._drawn_at: tuple[int, int] | None = None
        """The view's size while its lines are drawn: to work it out takes as long as a line."""

    def draw_line(self, y: int) -> Strip:
        """The line that is `y` lines below the top of the view, as wide as the view."""
        raise NotImplementedError

    def forget_drawn(self) -> None:
        """Called when colours or the size changed: drop what was drawn."""

    @property
    def view_size(self) -> tuple[int, int]:
        """Cells that show lines: width, height."""
        if self._drawn_at is not None:
            return self._drawn_at
        region = self.scrollable_content_region
        return region.width, region.height

    @property
    def view_width(self) -> int:
        return self.view_size[0]

    @property
    def view_height(self) -> int:
        return self.view_size[1]

    def fitted(self) -> None:
        """Called when the view has another size or is shown again, before anything is drawn."""

    @property
    def is_fitted(self) -> bool:
        """Whether the view is on screen and laid out for the size it has there."""
        size = self.view_size
        return size == self._fitted and all(size)

    def _fit(self) -> bool:
        """Take over a new size; False where it is not new. The first paint comes before Resize."""
        size = self.view_size
        if size == self._fitted or not all(size):
            return False
        self._fitted = size
        self._painted.clear()
        self.forget_drawn()
        self.fitted()
        return True

    def on_resize(self) -> None:
        if self._fit():
            self.refresh()

    def on_hide(self) -> None:
        self._forget_painted()

    def _forget_painted(self) -> None:
        """Not on screen: nothing that was painted counts any more, nor the size it had."""
        self._fitted = (0, 0)
        self._painted.clear()
        self.refresh()

    def focus_changed(self) -> None:
        self.repaint()

    @contextmanager
    def _drawing(self) -> Iterator[None]:
        """The size stays while lines are drawn."""
        before, self._drawn_at = self._drawn_at, self.view_size
        try:
            yield
        finally:
            self._drawn_at = before

    def render_lines(self, crop: Region) -> list[Strip]:
        self._fit()
        with self._drawing():
            return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        strip = self._painted[y] = self.draw_line(y)
        return strip

    def set_line_count(self, lines: int) -> None:
        """Say how many lines there are. Costs no layout and no repaint of what stays."""
        size = Size(self.view_width, lines)
        if size != self.virtual_size:
            self.set_reactive(ScrollView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = lines
            self.vertical_scrollbar.window_size = self.view_height
            if self.scroll_y > self.max_scroll_y:
                self.scroll_to(y=self.max_scroll_y, animate=False)

    def repaint(self, lines: Iterable[int] | None = None) -> None:
        """Repaint what looks different now, in the given lines of the view or in all."""
        if not self.is_mounted:
            return
        if not self.view_height:
            self._forget_painted()
            return
        with self._drawing():
            for y in range(self.view_height) if lines is None else lines:
                painted = self._painted.get(y)
                if painted is None:
                    self.refresh(Region(0, y, self.size.width, 1))
                elif (cells := changed_cells(painted, self.draw_line(y))) is not None:
                    self.refresh(Region(cells[0], y, cells[1] - cells[0], 1))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        # Not the base's own way, which sends every cell of the view.
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        if round(old_value) != round(new_value):
            self.scrolled(round(old_value), round(new_value))
            self.repaint()

    def scrolled(self, old: int, new: int) -> None:
        """Called when the view moved to another line, before it is repainted."""

    def part_style(self, *names: str) -> Style:
        """The style of a piece of text: names in order, on the ground that the first may give."""
        style = self._part_styles.get(names)
        if style is None:
            style = self.rich_style
            for name in names:
                style = style + self._named_style(name)
            self._part_styles[names] = style
        return style

    def _named_style(self, name: str) -> Style:
        if name in ("bold", "italic", "strike"):
            return Style.parse(name)
        # The full style has mixed transparent colours; the ground is the line's own.
        full = self.get_component_rich_style(f"{self.STYLE_PREFIX}--{name}")
        if name in self.GROUNDED:
            return full
        return full.without_color + Style(color=full.color)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._part_styles.clear()
        self.forget_drawn()
