"""What a person in front of the desk sees: read from what was painted, never from the state."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from textual.errors import NoWidget
from textual.widget import Widget

from revivatui.app import DeskApp
from revivatui.screens.choose import Choose
from revivatui.screens.inbox import InboxScreen
from revivatui.screens.sends import SendsScreen
from revivatui.widgets.symbols import symbols
from tests.ui.binding_world import NUMBERS, name_of

_NUMBER: Final = re.compile(r"#(\d+)")
_PERSON: Final = re.compile(r"Person(\d\d)")
PANES: Final = ("list", "thread", "composer", "contact")


class Sight(NamedTuple):
    """What was on the screen when a key went down."""

    place: str
    """list, find, thread, composer, contact, dialog, sends, other, or "" where no pane is marked"""
    whom: int | None
    """The conversation that is named where the keys act; None: none is."""
    thread: int | None = None
    """The conversation that the thread's title names."""
    bar: int | None = None
    """The customer that the bar over the key bar names."""
    title: int | None = None
    """The conversation that a dialog's title names."""
    rows: tuple[int, ...] = ()
    """The rows of the list as they stand, from the top."""


class Eyes:
    def __init__(self, app: DeskApp) -> None:
        self._app = app

    def look(self) -> Sight:
        screen = self._app.screen
        if isinstance(screen, SendsScreen):
            return Sight("sends", self._named_sends(screen))
        if isinstance(screen, Choose):
            inbox = self._inbox
            under = self._bar_names(inbox.side.composer_bar) if inbox is not None else None
            named = _number(_painted(screen.head))
            return Sight("dialog", under if named is None else named, title=named)
        if not isinstance(screen, InboxScreen):
            return Sight("other", None)
        return self._look_at(screen)

    @property
    def _inbox(self) -> InboxScreen | None:
        found = [one for one in self._app.screen_stack if isinstance(one, InboxScreen)]
        return found[0] if found else None

    def _look_at(self, inbox: InboxScreen) -> Sight:
        side = inbox.side
        title = _number(_painted(side.title_bar)) if _shown(side.title_bar) else None
        composer = self._bar_names(side.composer_bar)
        contact = None
        if _shown(inbox.contact):
            contact = _person(_strip_text(inbox.contact, 0))
        heads = (inbox.tabs, side.title_bar, side.composer_bar, inbox.contact_title)
        marked = [
            pane
            for pane, bar in zip(PANES, heads, strict=True)
            if _shown(bar) and _painted(bar).startswith(symbols.cursor)
        ]
        place = marked[0] if len(marked) == 1 else ""
        if place == "list" and inbox.focused is inbox.find:
            place = "find"
        rows = self._rows(inbox)
        whom = {
            # Beside an empty list there is the thread alone.
            "list": self._cursor_row(inbox) if rows else title,
            "thread": title,
            "composer": composer,
            "contact": contact,
        }.get(place)
        bar = _person(_painted(inbox.held)) if _shown(inbox.held) else None
        return Sight(place, whom, title, bar, rows=rows)

    def _bar_names(self, bar: Any) -> int | None:
        return _person(_painted(bar)) if _shown(bar) else None

    def _cursor_row(self, inbox: InboxScreen) -> int | None:
        if not _shown(inbox.list):
            return None
        # While the terminal is not looked at the cursor rests, or is the mark of the open one.
        for mark in (symbols.cursor, symbols.resting, symbols.opened):
            for y in range(inbox.list.view_height):
                text = _strip_text(inbox.list, y)
                if text.startswith(mark) and (found := _person(text)) is not None:
                    return found
        return None

    def _rows(self, inbox: InboxScreen) -> tuple[int, ...]:
        if not _shown(inbox.list):
            return ()
        named = (_person(_strip_text(inbox.list, y)) for y in range(inbox.list.view_height))
        return tuple(dict.fromkeys(one for one in named if one is not None))

    def row_at(self, y: int) -> int | None:
        """The row painted at a line of the list."""
        inbox = self._inbox
        assert inbox is not None
        for line in (y, y - 1):
            if line >= 0 and (found := _person(_strip_text(inbox.list, line))) is not None:
                return found
        return None

    def _named_sends(self, screen: SendsScreen) -> int | None:
        for y in range(screen.lines.region.height):
            text = _strip_text(screen.lines, y)
            if text.startswith(symbols.cursor):
                return _number(text)
        return None


def _shown(widget: Widget) -> bool:
    try:
        return widget.screen.find_widget(widget).visible_region.area > 0
    except NoWidget:
        return False


def _painted(bar: Any) -> str:
    return bar._painted.text if bar._painted is not None else ""


def _strip_text(view: Any, y: int) -> str:
    strip = view._painted.get(y)
    return strip.text if strip is not None else ""


def _number(text: str) -> int | None:
    found = _NUMBER.search(text)
    return int(found[1]) if found else None


def _person(text: str) -> int | None:
    found = _PERSON.search(text)
    number = NUMBERS[0] - int(found[1]) if found else None
    assert number is None or name_of(number) == (found[0] if found else "")
    return number
