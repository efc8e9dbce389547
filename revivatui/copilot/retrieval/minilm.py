"""What texts mean, by all-MiniLM-L6-v2: six layers, reckoned with numpy, some 30 ms a question.

Better than the table of words that is shipped, for English; wanted by those who put its weights
there (`revivatui copilot minilm`). numpy is imported by nobody else, and only where they are.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from revivatui.copilot.retrieval.tensors import BadTensors, arrays
from revivatui.copilot.retrieval.vectors import NO_VECTOR, Table, Vector
from revivatui.copilot.retrieval.wordpiece import WordPieces, basic_words

NAME: Final = "all-MiniLM-L6-v2"
WIDTH: Final = 384
HEADS: Final = 12
LAYERS: Final = 6
UNKNOWN, START, END = 100, 101, 102
LONGEST: Final = 256
"""Pieces that are read of a text; the rest of a longer one is not looked at."""
TINY: Final = 1e-12
THREADS: Final = "OPENBLAS_NUM_THREADS"
WORDS: Final = "embeddings.word_embeddings.weight"

Weights = Mapping[str, Any]


class NoMiniLM(Exception):
    """It cannot be had here; says why in a sentence."""


class Encoder:
    """The forward way through the six layers, for texts of one length at a time."""

    def __init__(self, weights: Weights, np: Any) -> None:
        self.weights, self.np = weights, np

    def mean(self, ids: Any) -> Any:
        """The average of the last layer's vectors; `ids` is texts x tokens."""
        x = self._start(ids)
        for layer in range(LAYERS):
            x = self._layer(x, f"encoder.layer.{layer}.")
        return x.mean(axis=1)

    def _start(self, ids: Any) -> Any:
        table = self.weights
        x = table[WORDS][ids]
        x = x + table["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = x + table["embeddings.token_type_embeddings.weight"][0]
        return self._norm(x, "embeddings.LayerNorm.")

    def _layer(self, x: Any, at: str) -> Any:
        np = self.np
        texts, tokens, wide = x.shape
        query, key, value = (
            self._line(x, f"{at}attention.self.{one}.")
            .reshape(texts, tokens, HEADS, wide // HEADS)
            .transpose(0, 2, 1, 3)
            for one in ("query", "key", "value")
        )
        near = query @ key.transpose(0, 1, 3, 2) / np.float32((wide // HEADS) ** 0.5)
        near = np.exp(near - near.max(axis=-1, keepdims=True))
        near = near / near.sum(axis=-1, keepdims=True)
        seen = (near @ value).transpose(0, 2, 1, 3).reshape(texts, tokens, wide)
        seen = self._line(seen, f"{at}attention.output.dense.")
        x = self._norm(x + seen, f"{at}attention.output.LayerNorm.")
        inner = self._gelu(self._line(x, f"{at}intermediate.dense."))
        return self._norm(x + self._line(inner, f"{at}output.dense."), f"{at}output.LayerNorm.")

    def _line(self, x: Any, at: str) -> Any:
        return x @ self.weights[f"{at}weight"].T + self.weights[f"{at}bias"]

    def _norm(self, x: Any, at: str) -> Any:
        x = x - x.mean(axis=-1, keepdims=True)
        x = x / self.np.sqrt((x * x).mean(axis=-1, keepdims=True) + TINY)
        return x * self.weights[f"{at}weight"] + self.weights[f"{at}bias"]

    def _gelu(self, x: Any) -> Any:
        """By the error function, told by Abramowitz and Stegun 7.1.26 (1.5e-7 at most)."""
        np = self.np
        size = np.abs(x) * np.float32(0.5**0.5)
        t = 1.0 / (1.0 + 0.3275911 * size)
        last = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (
            -1.453152027 + t * 1.061405429))))  # fmt: skip
        erf = np.sign(x) * (1.0 - last * np.exp(-size * size))
        return 0.5 * x * (1.0 + erf)


class MiniLM:
    """Vectors of length 1 for texts; safe to be called from several threads."""

    def __init__(self, weights: Weights, pieces: WordPieces, np: Any) -> None:
        self._encoder = Encoder(weights, np)
        self._pieces, self._np = pieces, np
        self._lock = Lock()

    @classmethod
    def opened(cls, file: Path) -> MiniLM:
        """The one of a file of weights, opened once. Raises NoMiniLM."""
        if not file.is_file():
            raise NoMiniLM("its weights are not there")
        return _opened(file, file.stat().st_mtime_ns)

    def vector(self, text: str) -> Vector:
        """Of length 1; none where there is no word."""
        ids = self.pieces(text)
        if len(ids) == 2:
            return NO_VECTOR
        mean = self._encoder.mean(self._np.array([ids]))[0]
        whole = mean / self._np.sqrt((mean * mean).sum())
        return array("f", whole.astype("<f4").tobytes())

    def rows(self, vectors: Sequence[Vector]) -> Any:
        """Vectors as one table, to be multiplied with; none is a row of zeros."""
        table = self._np.zeros((len(vectors), WIDTH), "<f4")
        for place, one in enumerate(vectors):
            if one:
                table[place] = one
        return table

    def pieces(self, text: str) -> list[int]:
        """The numbers of its pieces of words, as the model was taught to read them."""
        ids = [START]
        with self._lock:
            for word in basic_words(text):
                ids += self._pieces.of_word(word) or (UNKNOWN,)
                if len(ids) >= LONGEST:
                    break
        return [*ids[: LONGEST - 1], END]


@lru_cache(maxsize=1)
def _opened(file: Path, changed: int) -> MiniLM:
    np = _numpy()
    try:
        weights = arrays(file, np)
    except (BadTensors, OSError) as error:
        raise NoMiniLM(f"its weights cannot be read: {error}") from error
    made = MiniLM(weights, Table.shipped().pieces, np)
    try:
        if len(made.vector("tried once")) == WIDTH:
            return made
    except (KeyError, ValueError, IndexError):
        pass
    raise NoMiniLM("its weights are those of something else")


def _numpy() -> Any:
    """numpy, on one thread: a question is answered sooner so, and the desk keeps the others."""
    was = os.environ.get(THREADS)
    os.environ[THREADS] = "1"
    try:
        import numpy
    except ImportError:
        raise NoMiniLM("numpy is not there (python -m pip install 'revivatui[minilm]')") from None
    finally:
        if was is None:
            del os.environ[THREADS]
        else:
            os.environ[THREADS] = was
    return numpy
