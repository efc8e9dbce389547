"""A shop's answers as MiniLM reads them, made in slices behind what goes on."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any, Final

from revivatui.copilot.retrieval.minilm import NAME, WIDTH, MiniLM
from revivatui.copilot.retrieval.vector_cache import Kind, VectorCache
from revivatui.copilot.retrieval.vectors import Vector, kept

KIND: Final = Kind(NAME, WIDTH)
SLICE: Final = 4
"""Answers that are read and kept at a time."""
TITLE_SHARE: Final = 0.35


class MiniLMLane:
    """How near each answer is to a question; nothing is told before all of them are read."""

    def __init__(
        self, model: MiniLM, texts: Sequence[tuple[str, str]], cache: VectorCache | None = None
    ) -> None:
        """Make it; `texts` are titles and texts in the order in which likeness is told."""
        self._model = model
        self._texts = texts
        self._cache = cache.of(KIND) if cache is not None else None
        self._made: list[Vector] = []
        self._titles: Any = None
        self._bodies: Any = None
        if not texts:
            self._put_together()

    @property
    def is_whole(self) -> bool:
        return self._titles is not None

    def go_on(self, seconds: float = math.inf) -> bool:
        """Read some more, about so long; whether there are others still."""
        until = time.monotonic() + seconds
        while not self.is_whole:
            self._read_some()
            if time.monotonic() >= until:
                break
        return not self.is_whole

    def _read_some(self) -> None:
        first = len(self._made) // 2
        texts = [one for pair in self._texts[first : first + SLICE] for one in pair]
        make = self._model.vector
        self._made += (
            self._cache.vectors(texts, make) if self._cache else map(kept, map(make, texts))
        )
        if len(self._made) == 2 * len(self._texts):
            self._put_together()

    def likeness(self, text: str) -> list[float]:
        """The cosine of each answer with a question, its title's and its text's together."""
        asked = self._model.vector(text)
        if not self.is_whole or not asked:
            return [0.0] * len(self._texts)
        row = self._model.rows([asked])[0]
        told = TITLE_SHARE * (self._titles @ row) + (1.0 - TITLE_SHARE) * (self._bodies @ row)
        found: list[float] = told.tolist()
        return found

    def _put_together(self) -> None:
        self._bodies = self._model.rows(self._made[1::2])
        self._titles = self._model.rows(self._made[0::2])
