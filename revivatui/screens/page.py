"""A page over the inbox: a title, lines no taller than they are, and its keys in the last line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.screen import ModalScreen

from revivatui.widgets.chip_bar import NEVER, Chip, ChipBar
from revivatui.widgets.line_list import LineList
from revivatui.widgets.pieces import PIECE_CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from revivatui.widgets.line_list import ListLine

_AROUND = 6
"""Lines of the border, the title, the keys, and an empty line beside each of the two."""
BESIDE = 5
"""Columns of the border, the space beside the lines and their scroll bar."""
_BROADEST = 110
_CLOSE = Chip("close", "button", "leave", NEVER, lead="esc")
_SHARE = 0.9
"""Of the terminal's height, at most."""


class Page(ModalScreen[None]):
    """Lines to read and to choose from; escape leaves."""

    COMPONENT_CLASSES = PIECE_CLASSES

    def __init__(self, title: str, *, gutter: bool = True) -> None:
        super().__init__()
        self._title = title
        self.head = ChipBar(classes="dialog-head")
        self.lines = LineList(gutter=gutter)
        self.foot = ChipBar(classes="dialog-foot")
        self.scrolls = False
        """There are more lines than room for them."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog page"):
            yield self.head
            yield self.lines
            yield self.foot

    @property
    def broadest(self) -> int:
        """The columns of the page where the terminal has them."""
        return _BROADEST

    @property
    def room(self) -> int:
        """The cells of a line."""
        return max(20, min(self.app.size.width, self.broadest) - BESIDE)

    def hints(self) -> list[Chip]:
        """The keys, for the last line."""
        raise NotImplementedError

    def page(self) -> Sequence[ListLine]:
        """The lines, wrapped to the room there is."""
        raise NotImplementedError

    def show_page(self) -> None:
        lines = self.page()
        dialog = self.lines.parent
        assert isinstance(dialog, Vertical)
        dialog.styles.width = min(self.app.size.width, self.broadest)
        most = max(1, int(self.app.size.height * _SHARE) - _AROUND)
        self.lines.styles.height = max(1, min(len(lines), most))
        self.scrolls = len(lines) > most
        self.lines.show(lines)
        self.foot.show(self.hints(), [_CLOSE])

    def on_mount(self) -> None:
        self.head.show([Chip(self._title, "strong", weight=NEVER)])
        self.show_page()
        self.lines.focus()

    def on_resize(self) -> None:
        self.show_page()

    def on_chip_bar_chosen(self, event: ChipBar.Chosen) -> None:
        event.stop()
        self.act(event.command)

    def act(self, command: str) -> None:
        """A key was clicked."""
        self.action_leave()

    def action_leave(self) -> None:
        self.dismiss()
