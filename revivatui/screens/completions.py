"""The popup over the composer: canned responses after `/` or their key, people after `@`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.screens import inbox_view as view_of
from revivatui.state import mentions
from revivatui.text.width import fit
from revivatui.widgets.completing import CANNED, Query
from revivatui.widgets.line_list import ListLine
from revivatui.widgets.pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from revivatui.screens.inbox import InboxScreen

_MOST_LINES: Final = 7
_NAME_WIDE: Final = 28


class Completions:
    """Shows what fits, and puts the chosen one in place of what was typed."""

    def __init__(self, screen: InboxScreen, say: Callable[[str, str], None]) -> None:
        self._screen = screen
        self._say = say
        self._kind = CANNED

    def show(self, query: Query | None) -> None:
        """The list for what is being typed; None takes it away."""
        screen = self._screen
        lines = [] if query is None else self._lines(query)
        shown = bool(lines)
        if query is not None:
            self._kind = query.kind
        screen.canned.display = shown
        screen.composer.popup = screen.canned if shown else None
        if shown:
            screen.canned.styles.height = min(_MOST_LINES, len(lines))
            screen.canned.show(lines, "")
        screen.show_keys()

    def _lines(self, query: Query) -> list[ListLine]:
        state = self._screen.session.state
        if query.kind == CANNED:
            return view_of.canned_lines(state, query.text)
        return [
            ListLine(
                (
                    Piece(fit(f"@{one.name}", _NAME_WIDE), "accent"),
                    Piece("team" if one.kind == "team" else "", "muted"),
                ),
                one.name,
            )
            for one in mentions.matches(state, query.text)
        ]

    def take(self, choice: str) -> None:
        """Put in what was chosen."""
        screen = self._screen
        if self._kind != CANNED:
            screen.composer.take_completion(f"@{choice} ")
        elif screen.open_id is not None:
            self._take_canned(int(choice), screen.open_id)
        self.show(None)
        screen.set_focus(screen.composer)

    def _take_canned(self, canned_id: int, conversation_id: int) -> None:
        composer = self._screen.composer
        filled = view_of.filled_canned(self._screen.session.state, canned_id, conversation_id)
        if filled is None:
            return
        text, unfilled = filled
        composer.take_completion(text)
        composer.select_unfilled()
        if unfilled:
            self._say(f"Not known, fill in: {', '.join(unfilled)}", "warning")
