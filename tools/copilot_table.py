"""Make the table of word vectors that the copilot ships, from the weights of all-MiniLM-L6-v2.

    python -m tools.copilot_table model.safetensors vocab.txt folder

Wants numpy, which the program itself does not. Every entry of the vocabulary goes alone through
the encoder; its vectors are averaged, centred, turned onto their 256 main directions, weighed by
how common the word is, and rounded to one byte a number and one scale a word. The weights are
taken from the file whose hash the desk knows (`minilm_file`) and from no other.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

from revivatui.copilot.retrieval.minilm import END, START, Encoder, Weights
from revivatui.copilot.retrieval.minilm_file import SHA256, hash_of
from revivatui.copilot.retrieval.tensors import arrays

WIDTH: Final = 256
SIF: Final = 1e-4
BATCH: Final = 512
TINY: Final = 1e-12


def weights_of(file: Path, np: Any) -> Weights:
    """The tensors of a safetensors file that is the one meant."""
    if (found := hash_of(file)) != SHA256:
        raise SystemExit(f"{file} is another file than the one this was made for: {found}")
    return arrays(file, np)


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
