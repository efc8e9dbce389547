"""What is likely to be opened next, thought about while the agent rests: the row under the list's
cursor and those beside it. Whatever the agent does first ends it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

RESTS: Final = 0.15
"""Seconds without a step of the cursor before anything is thought, and between two rows."""


class Ahead:
    """One row at a time, each after a rest."""

    def __init__(
        self,
        think: Callable[[int], Coroutine[Any, Any, None]],
        begin: Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]],
    ) -> None:
        """Make it; `think` thinks about one conversation, `begin` begins a task."""
        self._think = think
        self._begin = begin
        self._task: asyncio.Task[None] | None = None
        self.rows: Sequence[int] = ()
        """The conversations that are likely to be opened next, the likeliest first."""

    def near(self, rows: Sequence[int]) -> None:
        """The cursor is here now."""
        self.rows = rows
        self.again()

    def again(self) -> None:
        """Something changed for these rows, or the agent did something else."""
        self.stop()
        if self.rows:
            self._task = self._begin(self._run(self.rows))

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _run(self, rows: Sequence[int]) -> None:
        for row in rows:
            await asyncio.sleep(RESTS)
            await self._think(row)
