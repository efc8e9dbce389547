"""The shop's only clock: everything that depends on time asks it, so tests can turn it."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable

MICROS = 1_000_000


class Timer:
    """A promise to call back at a wall time; ``cancel`` takes it back."""

    __slots__ = ("callback", "cancelled", "due")

    def __init__(self, due: float, callback: Callable[[], None]) -> None:
        self.due = due
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Clock:
    """Wall time in seconds since the epoch (UTC), settable, running or frozen.

    Timers belong to the clock, not to the machine: turning the clock forward fires those that
    become due, in their order, each with ``now()`` at its own due time.
    """

    def __init__(self, start: float | None = None, *, frozen: bool = False) -> None:
        self._offset = 0.0 if start is None else start - time.time()
        self._frozen_at: float | None = None
        if frozen:
            self._frozen_at = time.time() if start is None else start
        self._last_micros = 0
        self._timers: list[tuple[float, int, Timer]] = []
        self._numbers = itertools.count()
        self._wake: asyncio.TimerHandle | None = None

    def now(self) -> float:
        if self._frozen_at is not None:
            return self._frozen_at
        return time.time() + self._offset

    def micros(self) -> int:
        """Now in whole microseconds; never the same value twice, so rows keep their order."""
        value = int(self.now() * MICROS)
        if self._last_micros - MICROS < value <= self._last_micros:
            value = self._last_micros + 1
        self._last_micros = value
        return value

    def freeze(self) -> None:
        self._frozen_at = self.now()
        self._arm()

    def run(self) -> None:
        if self._frozen_at is not None:
            self._offset = self._frozen_at - time.time()
            self._frozen_at = None
            self._arm()

    def set(self, moment: float) -> None:
        """Turn the clock to ``moment`` (epoch seconds), firing what becomes due on the way.

        Turned back, timers keep the time that they still have to wait.
        """
        if moment < self.now():
            self._delay_timers(moment - self.now())
        while (timer := self._pop_due(moment)) is not None:
            if timer.due > self.now():
                self._jump(timer.due)
            timer.callback()
        self._jump(moment)
        self._arm()

    def _delay_timers(self, seconds: float) -> None:
        for _, _, timer in self._timers:
            timer.due += seconds
        self._timers = [(timer.due, number, timer) for _, number, timer in self._timers]
        heapq.heapify(self._timers)

    def advance(self, seconds: float) -> None:
        self.set(self.now() + seconds)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call ``callback`` once ``seconds`` of this clock have passed (needs a running loop)."""
        timer = Timer(self.now() + seconds, callback)
        heapq.heappush(self._timers, (timer.due, next(self._numbers), timer))
        self._arm()
        return timer

    def close(self) -> None:
        self._timers.clear()
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None

    def _jump(self, moment: float) -> None:
        if self._frozen_at is not None:
            self._frozen_at = moment
        else:
            self._offset = moment - time.time()

    def _pop_due(self, moment: float) -> Timer | None:
        while self._timers and self._timers[0][0] <= moment:
            timer = heapq.heappop(self._timers)[2]
            if not timer.cancelled:
                return timer
        return None

    def _fire(self) -> None:
        while (timer := self._pop_due(self.now())) is not None:
            timer.callback()
        self._arm()

    def _arm(self) -> None:
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None
        if not self._timers or self._frozen_at is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        delay = max(0.0, self._timers[0][0] - self.now())
        self._wake = loop.call_later(min(delay, 3600.0), self._fire)
