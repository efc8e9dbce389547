"""When what changed is shown: at once after a pause, else in even steps, slower on a slow link.

The terminal's writer has a queue; while it is filling, more frames would only block the loop, so
the steps get longer until it has emptied (frame governor).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

STEP: Final = 0.05
"""Seconds between two flushes of the store."""
STEP_SSH: Final = 0.1
LONGEST_STEP: Final = 1.0
QUEUE_FULL: Final = 3
"""Writes waiting above which a flush waits."""


def over_ssh() -> bool:
    return bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))


class Pace:
    """Decides when the store's flush runs. Made for one event loop.

    Args:
        call_later: the loop's, (seconds, callback).
        clock: a monotonic clock in seconds.
        step: shortest time between two flushes.
        queued: how many writes wait for the terminal.
    """

    def __init__(
        self,
        call_later: Callable[[float, Callable[[], None]], object],
        clock: Callable[[], float],
        step: float = STEP,
        queued: Callable[[], int] = lambda: 0,
    ) -> None:
        self._call_later = call_later
        self._clock = clock
        self._shortest = step
        self._queued = queued
        self._flushed_at = float("-inf")
        self.step = step
        """The time between two flushes as it is now."""

    @property
    def slow(self) -> bool:
        """The terminal does not keep up."""
        return self.step > self._shortest

    def schedule(self, flush: Callable[[], None]) -> None:
        """Run `flush` once: now when nothing was shown lately, else when its turn comes."""
        wait = max(0.0, self._flushed_at + self.step - self._clock())
        self._call_later(wait, lambda: self._run(flush))

    def _run(self, flush: Callable[[], None]) -> None:
        waiting = self._queued()
        if waiting > QUEUE_FULL:
            self.step = min(LONGEST_STEP, self.step * 2)
            self._call_later(self.step, lambda: self._run(flush))
            return
        if waiting == 0:
            self.step = max(self._shortest, self.step / 2)
        self._flushed_at = self._clock()
        flush()
