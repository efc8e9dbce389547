"""Stands for the engine until it is there: what the agent asks for meanwhile is asked then.

The first frame is painted before the engine's module is even imported; that takes a tenth of a
second, in which a quick hand can press keys.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from revivatui.api.client import ChatwootClient
    from revivatui.engine.engine import Engine


class EngineLater:
    """Takes every call of the engine's intents and repeats it on the engine, in order."""

    def __init__(self) -> None:
        self._asked: list[tuple[str, tuple[Any, ...]]] = []
        self._is_there = asyncio.Event()
        self._engine: Engine | None = None

    async def ask(self, call: Callable[[ChatwootClient], Awaitable[Any]]) -> Any:
        """As the engine's, once it is there."""
        await self._is_there.wait()
        assert self._engine is not None
        return await self._engine.ask(call)

    def __getattr__(self, intent: str) -> Callable[..., None]:
        def ask(*given: Any) -> None:
            self._asked.append((intent, given))

        return ask

    def hand_over(self, engine: Engine) -> None:
        """Ask the engine for everything that was asked for so far."""
        for intent, given in self._asked:
            getattr(engine, intent)(*given)
        self._asked.clear()
        self._engine = engine
        self._is_there.set()
