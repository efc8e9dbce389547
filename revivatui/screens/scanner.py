"""A barcode scanner types as a keyboard does, only faster: its bursts are told from typing.

Where text is typed nothing waits: the burst is taken out of the text when the enter at its end
shows what it was. Where letters are commands, a capital or a digit is held for a moment, so that
no part of a serial number commands anything.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from textual import _time, events
from textual.widgets import Input, TextArea

from revivatui.crm.devices import from_label
from revivatui.screens.forms import Form
from revivatui.screens.inbox import InboxScreen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.app import App
    from textual.widget import Widget

    from revivatui.screens.key_order import KeyOrder

GAP: Final = 0.035
"""Seconds between two keys of a scanner at most; the fastest hands need twice as long."""
HELD: Final = 0.04
"""Seconds for which a capital or a digit waits, where it is a command, for the next key."""


class Burst:
    """What came without a pause that a hand would make."""

    def __init__(self) -> None:
        self.text = ""
        self._last = float("-inf")

    def add(self, event: events.Event) -> None:
        """Take a key into account; what is no character ends the burst."""
        char = character(event)
        fast = event.time - self._last <= GAP
        self.text = (self.text if fast else "") + char if char else ""
        self._last = event.time

    def ends_with(self, event: events.Event) -> str:
        """The burst that an enter ends, "" where the enter came by hand."""
        is_end = isinstance(event, events.Key) and event.key == "enter"
        return self.text if is_end and event.time - self._last <= GAP else ""


def character(event: events.Event) -> str:
    """What a key types, "" for keys that type nothing."""
    if isinstance(event, events.Key) and event.is_printable and event.character:
        return event.character
    return ""


class Scanner:
    """Stands between the keys in their order and what they do."""

    def __init__(self, app: App[None], order: KeyOrder) -> None:
        self._app = app
        self._order = order
        self._typed = Burst()
        self._considered: events.Event | None = None
        """A held key that turned out to be typed by hand: it is on its way again."""

    def takes(self, event: events.Event) -> bool:
        """Whether the key, whose turn it is, is not to be acted on (now)."""
        if self._is_text(self._app.focused):
            return self._ends_a_burst(event)
        self._typed = Burst()
        if event is self._considered:
            self._considered = None
            return False
        char = character(event)
        if not char or not (char.isdigit() or char.isupper()):
            return False
        self._order.begin()
        asyncio.get_running_loop().call_later(HELD, self._decide, event)
        return True

    @staticmethod
    def _is_text(focused: Widget | None) -> bool:
        return isinstance(focused, (Input, TextArea))

    def _ends_a_burst(self, event: events.Event) -> bool:
        label = from_label(text) if (text := self._typed.ends_with(event)) else ""
        if not label:
            self._typed.add(event)
            return False
        self._typed = Burst()
        self._order.begin()
        take_out(self._app.focused, text)
        self._tell(label)
        return True

    def _decide(self, event: events.Event) -> None:
        """A held key: it began a label, or it is what its hand meant."""
        behind = self._order.waiting
        count, text = _label_length([event, *behind])
        label = from_label(text) if text else ""
        if label:
            self._order.drop(count - 1)
            self._tell(label)
        elif count > len(behind) and _now_of(behind or [event]) <= GAP:
            asyncio.get_running_loop().call_later(GAP, self._decide, event)
        else:
            self._considered = event
            self._order.again(event)

    def _tell(self, label: str) -> None:
        open_label(self._app, label)
        self._order.follow(self._app.focused or self._app.screen)


def open_label(app: App[None], mark: str) -> None:
    """Do with a serial number or IMEI what the screen has use for."""
    if isinstance(app.screen, Form) and app.screen.take_mark(mark):
        return
    inbox = app.screen_stack[0]
    if isinstance(inbox, InboxScreen) and inbox.complete:
        inbox.commands.repairs.scans.scanned(mark)


def _label_length(keys: Sequence[events.Event]) -> tuple[int, str]:
    """How many keys the first of these begins a burst of, and its text once an enter ended it."""
    burst = Burst()
    for count, event in enumerate(keys):
        text = burst.ends_with(event)
        if text:
            return count + 1, text
        burst.add(event)
        if len(burst.text) != count + 1:
            return count, ""
    return len(keys), ""


def _now_of(keys: Iterable[events.Event]) -> float:
    """Seconds since the last of these keys came."""
    return _time.get_time() - max(event.time for event in keys)


def take_out(widget: Widget | None, text: str) -> None:
    """Take a burst out of the text before the cursor, where it was typed."""
    if isinstance(widget, TextArea):
        row, column = widget.cursor_location
        if widget.document.get_line(row)[:column].endswith(text):
            widget.delete((row, column - len(text)), (row, column))
    elif isinstance(widget, Input):
        start = widget.cursor_position - len(text)
        if start >= 0 and widget.value[start : widget.cursor_position] == text:
            widget.delete(start, widget.cursor_position)
