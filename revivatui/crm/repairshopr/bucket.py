"""How many requests leave in a minute: a bucket of tokens that refills evenly.

The vendor allows 180 a minute for one address, whoever in the shop asks. A full bucket holds a
fifth of a minute's tokens, so that 150 a minute and a full bucket together stay at 180.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

PER_MINUTE: Final = 150
_MINUTE: Final = 60.0
_BURST: Final = 5


class Bucket:
    """Hands out tokens in the order in which they were asked for."""

    def __init__(
        self,
        per_minute: int = PER_MINUTE,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._rate = max(1, per_minute) / _MINUTE
        self._most = max(1.0, per_minute / _BURST)
        self._tokens = self._most
        self._clock = clock
        self._sleep = sleep
        self._filled_at = clock()
        self._line = asyncio.Lock()

    async def take(self) -> None:
        """Wait until a request may leave."""
        async with self._line:
            self._fill()
            if self._tokens < 1:
                await self._sleep((1 - self._tokens) / self._rate)
                self._fill()
            self._tokens = max(0.0, self._tokens - 1)

    def empty(self) -> None:
        """The vendor says that it was too much: others behind this address ask too."""
        self._fill()
        self._tokens = 0.0

    def _fill(self) -> None:
        now = self._clock()
        self._tokens = min(self._most, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
