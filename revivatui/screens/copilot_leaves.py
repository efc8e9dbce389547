"""The exact bytes that would leave for a model, on a page of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from revivatui.screens.page import Page
from revivatui.text.width import wrap
from revivatui.widgets.chip_bar import NEVER, Chip
from revivatui.widgets.line_list import ListLine, words

if TYPE_CHECKING:
    from collections.abc import Sequence


class LeavesPage(Page):
    """Nothing was sent by looking at it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,v,q", "leave", "Close", show=False),
        Binding("y", "copy", "Copy", show=False),
    ]

    def __init__(self, leaves: str, preview: str, many: int) -> None:
        """`leaves`: where it would go, in words; `many`: bytes of the body."""
        super().__init__(
            f"What a reply would be asked with: {many:,} bytes, {leaves}", gutter=False
        )
        self._preview = preview

    def hints(self) -> list[Chip]:
        return [Chip("copy", "button", "copy", NEVER, lead="y")]

    def page(self) -> Sequence[ListLine]:
        lines = [words("Nothing was sent. Double brackets stand for what does not leave.", "muted")]
        for line in self._preview.split("\n"):
            lines += [words(line[start:end]) for start, end in wrap(line, self.room)] or [words("")]
        return lines

    def act(self, command: str) -> None:
        if command == "copy":
            self.action_copy()
        else:
            self.action_leave()

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._preview)
        self.app.notify("Copied.", markup=False, timeout=3)
