"""What comes over a connection, handed on as it comes; who stops reading closes it.

The connection is a task of its own and given up in the way that the HTTP library understands
(`revivatui.tidily` says why). Whoever reads slowly gets what came meanwhile, and holds nothing up.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import TypeVar, cast

import anyio

T = TypeVar("T")


class Clock:
    """How long may be waited: for each sign of life, and for everything."""

    def __init__(self, quiet: float, total: float) -> None:
        self.scope = anyio.CancelScope()
        self._quiet, self._total = quiet, total
        self._end = math.inf

    def start(self) -> None:
        self._end = anyio.current_time() + self._total
        self.heard()

    def heard(self) -> None:
        """Something came."""
        self.scope.deadline = min(self._end, anyio.current_time() + self._quiet)

    @property
    def is_over(self) -> bool:
        """Whether the time for everything is."""
        return anyio.current_time() >= self._end


async def flowing(begin: Callable[[], AsyncIterator[T]], clock: Clock) -> AsyncGenerator[T, None]:
    """What `begin` gives. Raises what it raises, and TimeoutError where the clock ran out."""
    came: deque[T] = deque()
    news = asyncio.Event()

    async def read() -> None:
        with clock.scope:
            clock.start()
            async with aclosing(cast("AsyncGenerator[T, None]", begin())) as source:
                async for one in source:
                    came.append(one)
                    news.set()
            return
        raise TimeoutError

    work = asyncio.create_task(read())
    work.add_done_callback(lambda _: news.set())
    try:
        while True:
            while came:
                yield came.popleft()
            if work.done():
                break
            news.clear()
            if not came and not work.done():
                await news.wait()
        await work
    finally:
        await _given_up(work, clock.scope)


async def _given_up(work: asyncio.Task[None], scope: anyio.CancelScope) -> None:
    scope.cancel()
    while not work.done():
        try:
            await asyncio.wait({work})
        except asyncio.CancelledError:
            continue  # a second time changes nothing: closing does not wait for the other side
    if not work.cancelled():
        work.exception()  # nobody waits for it any more
