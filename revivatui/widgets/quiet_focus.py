"""Getting and losing the focus without sending every cell of the widget again."""

from __future__ import annotations

from textual import events
from textual.widget import Widget


class QuietFocus(Widget):
    """A widget that repaints by itself what looks different with the focus and without it.

    No rule of the style sheets may ask for its `:focus`: styles are not worked out again.
    """

    def on_focus(self, event: events.Focus) -> None:
        self._focus_moved(event, True)

    def on_blur(self, event: events.Blur) -> None:
        self._focus_moved(event, False)

    def _focus_moved(self, event: events.Event, focused: bool) -> None:
        """What the base does, but for its repaint, and that of its scroll bars with new styles."""
        event.prevent_default()
        self.set_reactive(Widget.has_focus, focused)
        self.focus_changed()
        if self.parent is not None:
            told = events.DescendantFocus(self) if focused else events.DescendantBlur(self)
            self.parent.post_message(told)

    def focus_changed(self) -> None:
        """Called when it got or lost the focus."""
