"""When what failed is tried again, and when not: the schedule, the breaker and the budget."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from random import Random
from typing import Final, Protocol

SCHEDULE: Final = (5.0, 30.0, 120.0, 600.0, 3600.0, 10_800.0, 21_600.0, 43_200.0, 86_400.0)
"""Seconds after the first, second ... failure of a write; after the last it is a dead letter."""

INBOX_WAITS: Final = (1.0, 5.0, 30.0, 120.0)
"""What comes in cannot wait for days, as everything later of its conversation waits behind it:
the last is repeated while the trouble is not of its own making."""
POISON_TRIES: Final = 3
"""Tries of an event that fails by itself, before it is put aside and the next one comes."""

JITTER: Final = 0.2


def jittered(seconds: float, random: Random) -> float:
    return seconds * random.uniform(1 - JITTER, 1 + JITTER)


def inbox_wait(attempts: int) -> float:
    return INBOX_WAITS[min(attempts, len(INBOX_WAITS) - 1)]


class Breaker:
    """Stops calling a target that fails all the time; lets one call through now and then."""

    FAILURES: Final = 5
    WITHIN: Final = 60.0
    OPEN_FOR: Final = 30.0

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=self.FAILURES)
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        return self._open_until > 0.0

    @property
    def open_until(self) -> float:
        """When the next call may go; 0 where it is closed."""
        return self._open_until

    def wait(self) -> float:
        """Seconds until the next call may go; 0 for now. Who gets 0 from an open breaker is the
        one that tries, and everybody else waits for how that ends."""
        if not self.is_open:
            return 0.0
        now = self._clock()
        if now < self._open_until:
            return self._open_until - now
        self._open_until = now + self.OPEN_FOR
        return 0.0

    def worked(self) -> None:
        self._failures.clear()
        self._open_until = 0.0

    def failed(self) -> None:
        now = self._clock()
        self._failures.append(now)
        often = len(self._failures) == self.FAILURES and now - self._failures[0] <= self.WITHIN
        if self.is_open or often:
            self._open_until = now + self.OPEN_FOR


class Budgeted(Protocol):
    """Says when a conversation may be written to."""

    async def take(self, lane: str) -> float:
        """One write of this minute: 0 where it may go now, else the seconds until the next one."""


class Budget:
    """So many writes of our own a minute to each conversation, so that no loop can run away."""

    WINDOW: Final = 60.0

    def __init__(self, clock: Callable[[], float], most: int) -> None:
        self._clock = clock
        self._most = most
        self._spent: dict[str, deque[float]] = {}
        self.tripped = 0

    def wait(self, lane: str) -> float:
        """Seconds until the next write; 0 where it may go now."""
        spent = self._spent.get(lane)
        if not spent:
            return 0.0
        now = self._clock()
        while spent and spent[0] <= now - self.WINDOW:
            spent.popleft()
        if len(spent) < self._most:
            return 0.0
        self.tripped += 1
        return spent[0] + self.WINDOW - now

    async def take(self, lane: str) -> float:
        """One write of this minute: 0 where it may go now, else the seconds until the next one."""
        wait = self.wait(lane)
        if wait <= 0:
            self.spend(lane)
        return wait

    def spend(self, lane: str) -> None:
        if len(self._spent) > 10_000:
            self._spent = {key: kept for key, kept in self._spent.items() if kept}
        self._spent.setdefault(lane, deque()).append(self._clock())
