"""What of a thread its reader has seen: computed when asked from when the view showed what.

A message is seen when its end has stood in the view for a second while the terminal had the
focus. No timer runs for it: the view says what ends in it whenever that may have changed.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SEEN_AFTER: Final = 1.0
"""Seconds that an eye needs at least: what was painted a moment before a key was not seen."""


class Sightings:
    """The newest message of one thread that was seen."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        """`clock` in seconds; it never goes back."""
        self.clock = clock
        self._attentive = True
        self.opened(0)

    def opened(self, known: int) -> None:
        """Another thread is shown: what it held up to message `known` counts as seen at once."""
        self._seen = known
        self._since: dict[int, float] = {}
        """Messages that end in the view -> since when."""
        self._late: set[int] = set()
        """Messages that came after newer ones were seen, and were not seen yet."""

    def arrived(self, message_ids: Iterable[int]) -> None:
        """These came after the thread was opened, in whatever order."""
        self._settle()
        self._late.update(one for one in message_ids if one <= self._seen)

    def look(self, message_ids: Iterable[int]) -> None:
        """These messages, and no others, end in the view from now on."""
        now = self._settle()
        self._since = {one: self._since.get(one, now) for one in message_ids}
        self._late &= self._since.keys()  # what never was in the view counts by what was below it

    def attend(self, attentive: bool) -> None:
        """Whether the terminal has the focus and nothing stands before the thread."""
        now = self._settle()
        self._attentive = attentive
        self._since = dict.fromkeys(self._since, now)

    def seen_id(self) -> int:
        """Everything up to this message was seen; 0: nothing was."""
        self._settle()
        return min((self._seen, *(one - 1 for one in self._late)))

    def _settle(self) -> float:
        """Take into account what has been in the view for long enough; gives the present."""
        now = self.clock()
        if self._attentive:
            for one, since in self._since.items():
                if now - since >= SEEN_AFTER:
                    self._seen = max(self._seen, one)
                    self._late.discard(one)
        return now
