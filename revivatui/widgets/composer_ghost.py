"""A text area that shows, dim behind the cursor, how the text could go on.

What is shown is taken by a key that moves right at the end of the text, and by nothing else; any
other key types as always. It is there only while what is typed begins it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from textual.widgets import TextArea

from revivatui.text.width import truncate, width
from revivatui.widgets.symbols import symbols

if TYPE_CHECKING:
    from textual.strip import Strip
    from textual.widgets.text_area import Selection

_WORD: Final = re.compile(r"\s*\S+")


class GhostArea(TextArea):
    """A text area with a text that it may show before it is typed."""

    _ghost = ""

    def offer_ghost(self, text: str) -> None:
        """Show this where the text begins it; "" for nothing."""
        if text != self._ghost:
            self._ghost = text
            self.update_suggestion()

    @property
    def ghost_rest(self) -> str:
        """What would be taken now; "" where nothing is shown."""
        return self._rest() if self.suggestion else ""

    def may_ghost(self) -> bool:
        """Whether it may be shown at all."""
        return True

    def ghost_taken(self, text: str) -> None:
        """Called when something of it was taken."""

    def _rest(self) -> str:
        if not self._ghost or not self.may_ghost() or not self.selection.is_empty:
            return ""
        typed, whole = self.text, self._ghost
        if self.cursor_location != self.document.end or len(typed) >= len(whole):
            return ""
        begun = whole[: len(typed)].casefold() == typed.casefold()
        return whole[len(typed) :] if begun else ""

    def update_suggestion(self) -> None:
        line, _, below = self._rest().partition("\n")
        shown = truncate(line, self._room(), symbols.ellipsis) if line else ""
        if shown == line and line and below:
            shown = f"{line}{symbols.ellipsis}"
        if shown != self.suggestion:
            self.suggestion = shown

    def _room(self) -> int:
        """Cells behind the cursor, as far as the line goes; about so many where it is broken."""
        cells = self.wrap_width
        return cells - width(self.document.get_line(self.cursor_location[0])) % max(1, cells)

    def on_resize(self) -> None:
        if self._ghost:
            self.call_later(self.update_suggestion)

    def watch_selection(self, before: Selection, now: Selection) -> None:
        if self._ghost:
            self.update_suggestion()

    def action_cursor_right(self, select: bool = False) -> None:
        if not self.suggestion or select:
            self._without_suggestion(select)
        else:
            self._take(self._rest())

    def _without_suggestion(self, select: bool) -> None:
        """The base takes its suggestion whatever was asked for."""
        if self.suggestion:
            self.suggestion = ""
        super().action_cursor_right(select)

    def action_cursor_word_right(self, select: bool = False) -> None:
        found = _WORD.match(self._rest()) if self.suggestion and not select else None
        if found is None:
            super().action_cursor_word_right(select)
        else:
            self._take(found[0])

    def _take(self, text: str) -> None:
        result = self._replace_via_keyboard(text, *self.selection)
        if result is not None:
            self.move_cursor(result.end_location)
            self.ghost_taken(text)

    def render_line(self, y: int) -> Strip:
        if self.text or not (self.suggestion and self.has_focus):
            return super().render_line(y)
        # The base shows a placeholder instead of what would be taken.
        kept = self.placeholder
        self.set_reactive(TextArea.placeholder, "")
        try:
            return super().render_line(y)
        finally:
            self.set_reactive(TextArea.placeholder, kept)
