"""Stands for the engine until it is there: what the agent asks for meanwhile is asked then.

The first frame is painted before the engine's module is even imported; that takes a tenth of a
second, in which a quick hand can press keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from revivatui.engine.engine import Engine


class EngineLater:
    """Takes every call of the engine's intents and repeats it on the engine, in order."""

    def __init__(self) -> None:
        self._asked: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, intent: str) -> Callable[..., None]:
        def ask(*given: Any) -> None:
            self._asked.append((intent, given))

        return ask

    def hand_over(self, engine: Engine) -> None:
        """Ask the engine for everything that was asked for so far."""
        for intent, given in self._asked:
            getattr(engine, intent)(*given)
        self._asked.clear()
