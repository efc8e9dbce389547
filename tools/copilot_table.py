"""Make the table of word vectors that the copilot ships, from the weights of all-MiniLM-L6-v2.

    python tools/copilot_table.py model.safetensors vocab.txt folder

Wants numpy, which the program itself does not. Every entry of the vocabulary goes alone through
the encoder; its vectors are averaged, centred, turned onto their 256 main directions, weighed by
how common the word is, and rounded to one byte a number and one scale a word. The weights are
taken from the file whose hash stands below and from no other.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import struct
import sys
from pathlib import Path
from typing import Any, Final

SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""`model.safetensors` of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)."""

WIDTH: Final = 256
HEADS: Final = 12
LAYERS: Final = 6
START, END = 101, 102
SIF: Final = 1e-4
BATCH: Final = 512
TINY: Final = 1e-12

Weights = dict[str, Any]


def weights_of(file: Path, np: Any) -> Weights:
    """The tensors of a safetensors file that is the one meant."""
    held = file.read_bytes()
    if (found := hashlib.sha256(held).hexdigest()) != SHA256:
        raise SystemExit(f"{file} is another file than the one this was made for: {found}")
    (size,) = struct.unpack("<Q", held[:8])
    named = json.loads(held[8 : 8 + size])
    body = held[8 + size :]
    return {
        name: np.frombuffer(body[slice(*one["data_offsets"])], dtype="<f4").reshape(one["shape"])
        for name, one in named.items()
        if name != "__metadata__" and one["dtype"] == "F32"
    }


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
        x = table["embeddings.word_embeddings.weight"][ids]
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
        near = query @ key.transpose(0, 1, 3, 2) / np.sqrt(wide // HEADS)
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
        size = np.abs(x) / np.sqrt(2.0)
        t = 1.0 / (1.0 + 0.3275911 * size)
        last = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (
            -1.453152027 + t * 1.061405429))))  # fmt: skip
        erf = np.sign(x) * (1.0 - last * np.exp(-size * size))
        return 0.5 * x * (1.0 + erf)


def words_alone(weights: Weights, entries: int, np: Any) -> Any:
    """One vector an entry of the vocabulary."""
    encoder = Encoder(weights, np)
    parts = []
    for first in range(0, entries, BATCH):
        middle = np.arange(first, min(first + BATCH, entries))
        ids = np.stack([np.full_like(middle, START), middle, np.full_like(middle, END)], axis=1)
        parts.append(encoder.mean(ids))
        print(f"\r{first + len(middle)} of {entries}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return np.concatenate(parts).astype("<f4")


def main_directions(vectors: Any, np: Any) -> Any:
    """Centred, and turned onto the directions in which they differ most."""
    centred = vectors - vectors.mean(axis=0)
    _, turned = np.linalg.eigh(centred.T.astype("<f8") @ centred.astype("<f8"))
    return centred @ turned[:, ::-1][:, :WIDTH].astype("<f4")


def weighed(vectors: Any, np: Any) -> Any:
    """Common words count less; the vocabulary stands in the order of how common they are."""
    share = 1.0 / np.arange(1, len(vectors) + 1)
    share = share / share.sum()
    return vectors * (SIF / (SIF + share))[:, None]


def rounded(vectors: Any, np: Any) -> tuple[Any, Any]:
    """One byte a number, and what a row's bytes are multiplied with."""
    scales = np.maximum(np.abs(vectors).max(axis=1) / 127.0, TINY)
    return np.rint(vectors / scales[:, None]).astype("i1"), scales.astype("<f4")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("weights", type=Path, help="model.safetensors")
    options.add_argument("vocabulary", type=Path, help="vocab.txt beside it")
    options.add_argument("folder", type=Path, help="where to put the table")
    given = options.parse_args()
    try:
        import numpy as np
    except ImportError:
        raise SystemExit("this wants numpy: python -m pip install numpy") from None
    words = given.vocabulary.read_text("utf-8").rstrip("\n").split("\n")
    vectors = words_alone(weights_of(given.weights, np), len(words), np)
    numbers, scales = rounded(weighed(main_directions(vectors, np), np), np)
    given.folder.mkdir(parents=True, exist_ok=True)
    (given.folder / "static256.i8").write_bytes(numbers.tobytes())
    (given.folder / "static256.f4").write_bytes(scales.tobytes())
    (given.folder / "vocab.txt").write_text("\n".join(words) + "\n", "utf-8")
    print(f"{len(words)} words, {WIDTH} numbers each, in {given.folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
