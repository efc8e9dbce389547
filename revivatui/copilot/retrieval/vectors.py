"""Vectors of texts from the table the program ships: the average of their pieces' vectors.

The table is not read but mapped: a page of it comes into memory when a word of that page is met.
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from math import sqrt
from operator import add, mul
from pathlib import Path
from typing import Final

from revivatui.copilot.retrieval.terms import STOP_WORDS
from revivatui.copilot.retrieval.wordpiece import WordPieces, basic_words

WIDTH: Final = 256
MOST_KEPT: Final = 4_000
"""Pieces whose vectors are kept, some kilobytes each, while many texts are read."""
TABLE_NAME: Final = "static256"
POOLING: Final = "content words"
"""Goes with the table's name into the key of what is cached: what was averaged otherwise is not
comparable."""

_SAYS_NOTHING: Final = STOP_WORDS["en"] | STOP_WORDS["pt"]

Vector = Sequence[float]
NO_VECTOR: Final[Vector] = ()


class Table:
    """One row of bytes and one scale a piece."""

    def __init__(self, folder: Path) -> None:
        words = (folder / "vocab.txt").read_text("utf-8").rstrip("\n").split("\n")
        self.pieces = WordPieces(dict(zip(words, range(len(words)), strict=True)))
        self._known: dict[int, Vector] = {}
        self._scales = array("f", (folder / f"{TABLE_NAME}.f4").read_bytes())
        with (folder / f"{TABLE_NAME}.i8").open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._rows = memoryview(self._map).cast("b")
        if len(self._scales) != len(words) or len(self._rows) != len(words) * WIDTH:
            raise ValueError(f"the table of vectors in {folder} is not whole")

    @classmethod
    def shipped(cls) -> Table:
        """The one of the package, opened once."""
        return _shipped()

    def let_go(self) -> None:
        """Let the pages that were read leave memory; they come back when they are met again."""
        self._known.clear()
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def vector(self, text: str) -> Vector:
        """Of length 1; empty where no word of the text is known.

        Of words like "my" and "it" nothing is taken, unless there are no others: they make all
        chat alike (on four sets of questions, right first answers rise by half without them).
        """
        words = [one for one in basic_words(text) if one[0].isalnum()]
        told = [one for one in words if one not in _SAYS_NOTHING]
        pieces = [piece for word in told or words for piece in self.pieces.of_word(word)]
        total = [0.0] * WIDTH
        for piece in pieces:
            total = list(map(add, total, self._scaled(piece)))
        length = sqrt(sum(map(mul, total, total)))
        return [one / length for one in total] if length > 1e-6 else NO_VECTOR

    def _scaled(self, piece: int) -> Vector:
        """The vector of a piece; words come again, so some are kept until the table is let go."""
        if (known := self._known.get(piece)) is None:
            row = self._rows[piece * WIDTH : (piece + 1) * WIDTH].tolist()
            known = array("f", map(self._scales[piece].__mul__, row))
            if len(self._known) < MOST_KEPT:
                self._known[piece] = known
        return known


@cache
def _shipped() -> Table:
    with as_file(files("revivatui.copilot.retrieval") / "data") as folder:
        return Table(folder)


def kept(vector: Vector) -> Vector:
    """As it is kept: an eighth of the room."""
    return array("f", vector)


def nearness(one: Vector, other: Vector) -> float:
    """The cosine of two vectors of length 1; 0 where one of them is empty."""
    total: float = sum(map(mul, one, other))
    return total
