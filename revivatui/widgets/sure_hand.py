"""Whether a hand can have meant what stands there now: news may have moved it a moment ago.

A key or a click answers to what an eye saw a moment before. What news put under the cursor or
under the pointer since then was not meant.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SURE_AFTER: Final = 0.4
"""Seconds that a hand needs at least to answer to what an eye saw."""
_NEVER: Final = float("-inf")


class SureHand:
    """When news moved the cursor or the lines of one list."""

    def __init__(self) -> None:
        self.clock: Callable[[], float] = monotonic
        self._cursor_at = _NEVER
        self._lines: dict[int, float] = {}

    def cursor_was_moved(self) -> None:
        """The cursor stands on something that the agent did not choose."""
        self._cursor_at = self.clock()

    def lines_were_moved(self, lines: Iterable[int]) -> None:
        """These lines of the view show something else, by no wish of the agent."""
        now = self.clock()
        self._lines |= dict.fromkeys(lines, now)

    def agent_moved(self, *, cursor: bool) -> None:
        """The agent scrolled, or moved the cursor too: what they see is what they wanted."""
        self._lines.clear()
        if cursor:
            self._cursor_at = _NEVER

    @property
    def cursor_is_sure(self) -> bool:
        return self.clock() - self._cursor_at >= SURE_AFTER

    def line_is_sure(self, y: int) -> bool:
        return self.clock() - self._lines.get(y, _NEVER) >= SURE_AFTER

    @property
    def is_sure(self) -> bool:
        """Nothing has moved a moment ago."""
        return self.cursor_is_sure and all(map(self.line_is_sure, self._lines))
