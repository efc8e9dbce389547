"""Reads the shop's texts by MiniLM behind the start, where its weights were put there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from revivatui.copilot.retrieval.library import Library
    from revivatui.copilot.retrieval.minilm_lane import MiniLMLane
    from revivatui.copilot.retrieval.vector_cache import Kind, VectorCache

SLICE: Final = 0.2
"""Seconds that are read at a time."""


class Deeper:
    """For one library at a time; what cannot be had is done without."""

    def __init__(self, weights: Path | None) -> None:
        """Make it; nothing is opened, and nothing of numpy imported, before there is a need."""
        self._weights = weights
        self._waits: tuple[Library, VectorCache | None] | None = None
        self._reads: tuple[Library, MiniLMLane] | None = None

    @property
    def is_there(self) -> bool:
        return self._weights is not None and self._weights.is_file()

    def kinds(self) -> Sequence[Kind]:
        """The kinds of vectors that are worth keeping."""
        from revivatui.copilot.retrieval.vector_cache import STATIC

        if not self.is_there:
            return (STATIC,)
        from revivatui.copilot.retrieval.minilm_lane import KIND

        return (STATIC, KIND)

    def begin(self, library: Library, vectors: VectorCache | None) -> None:
        """This library is read from now on, and no other."""
        self._reads, self._waits = None, (library, vectors) if self.is_there else None

    def go_on(self) -> bool:
        """Read some more; whether there is more to read. It takes its time: on a thread."""
        if self._waits is not None:
            waits, self._waits = self._waits, None
            self._reads = self._opened(*waits)
        if (reads := self._reads) is None:
            return False
        library, lane = reads
        if lane.go_on(SLICE):
            return True
        library.read_by(lane)
        if self._reads is reads:
            self._reads = None
        return False

    def _opened(
        self, library: Library, vectors: VectorCache | None
    ) -> tuple[Library, MiniLMLane] | None:
        from revivatui.copilot.retrieval.minilm import MiniLM, NoMiniLM

        if self._weights is None:
            return None
        try:
            return library, library.reading(MiniLM.opened(self._weights), vectors)
        except NoMiniLM:  # `revivatui doctor` says why
            return None
