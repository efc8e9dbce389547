"""Files of tensors made for a test, and MiniLM with weights that mean nothing."""

from __future__ import annotations

import json
import struct
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from revivatui.copilot.retrieval.minilm import HEADS, LAYERS, WIDTH, MiniLM
from revivatui.copilot.retrieval.wordpiece import WordPieces

Tensors = Mapping[str, tuple[tuple[int, ...], Sequence[float]]]
SMALL: Final[Tensors] = {
    "first": ((2, 3), (1.0, 2.0, 3.0, 4.0, 5.0, 6.5)),
    "second": ((2,), (-1.0, 0.25)),
}
INNER: Final = 4 * WIDTH
assert WIDTH % HEADS == 0


def safetensors(tensors: Tensors = SMALL, **changed: Any) -> bytes:
    """The file's bytes; `changed` goes over what its contents say of each tensor."""
    told: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    body = b""
    for name, (shape, numbers) in tensors.items():
        held = array("f", numbers).tobytes()
        place = {"data_offsets": [len(body), len(body) + len(held)], "shape": list(shape)}
        told[name] = {"dtype": "F32", **place, **changed}
        body += held
    contents = json.dumps(told).encode()
    return struct.pack("<Q", len(contents)) + contents + body


def written(file: Path, held: bytes | None = None) -> Path:
    file.write_bytes(safetensors() if held is None else held)
    return file


def made_minilm(np: Any, seed: int, words: Sequence[str]) -> MiniLM:
    """The whole encoder with weights drawn by chance, which knows these words and no others."""
    draw = np.random.default_rng(seed)

    def drawn(*shape: int) -> Any:
        return draw.normal(0.0, 0.05, shape).astype("<f4")

    weights = {
        "embeddings.word_embeddings.weight": drawn(103 + len(words), WIDTH),
        "embeddings.position_embeddings.weight": drawn(512, WIDTH),
        "embeddings.token_type_embeddings.weight": drawn(2, WIDTH),
    }
    lines: dict[str, tuple[int, ...]] = {"embeddings.LayerNorm.": (WIDTH,)}
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        for name in ("query", "key", "value"):
            lines[f"{at}attention.self.{name}."] = (WIDTH, WIDTH)
        lines[f"{at}attention.output.dense."] = (WIDTH, WIDTH)
        lines[f"{at}attention.output.LayerNorm."] = (WIDTH,)
        lines[f"{at}intermediate.dense."] = (INNER, WIDTH)
        lines[f"{at}output.dense."] = (WIDTH, INNER)
        lines[f"{at}output.LayerNorm."] = (WIDTH,)
    for name, shape in lines.items():
        weights[f"{name}weight"] = drawn(*shape) + (1.0 if len(shape) == 1 else 0.0)
        weights[f"{name}bias"] = drawn(shape[0])
    places = {word: 103 + place for place, word in enumerate(words)}
    return MiniLM(
        {name: one.astype("<f4") for name, one in weights.items()}, WordPieces(places), np
    )
