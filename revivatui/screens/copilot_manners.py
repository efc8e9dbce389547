"""Long work on a thread that gives way to the agent: Python runs one thread at a time, and what
the agent has just asked for goes first."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from revivatui.copilot.retrieval.vector_cache import VectorCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from revivatui.copilot.retrieval.vectors import Vector

BREATH: Final = 0.001
"""Seconds between two texts in which any other thread may go on."""


class PoliteVectors(VectorCache):
    """Vectors that are worked out text by text, none while `busy` says that somebody waits."""

    def __init__(self, path: Path, busy: Callable[[], float]) -> None:
        """Make it; `busy` gives the seconds that the processor belongs to the agent from now."""
        super().__init__(path)
        self._busy = busy

    def vectors(self, texts: Iterable[str], make: Callable[[str], Vector]) -> list[Vector]:
        def politely(text: str) -> Vector:
            time.sleep(max(BREATH, self._busy()))
            return make(text)

        return super().vectors(texts, politely)
