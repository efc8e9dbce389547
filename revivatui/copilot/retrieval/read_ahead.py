"""What is worked out of the shipped sayings beforehand: their vectors, what each topic speaks of.

`tools/copilot_sayings.py` writes it. Where a word of the sayings, of the glossary or of the
thesaurus was changed since, all is worked out anew: the same, half a second later.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final

from revivatui.copilot.retrieval import gloss
from revivatui.copilot.retrieval.concepts import Meanings
from revivatui.copilot.retrieval.sayings import Saying
from revivatui.copilot.retrieval.thesaurus import SHIPPED as WORDS
from revivatui.copilot.retrieval.vectors import WIDTH, Table, Vector, kept
from revivatui.state.records import dataclass

ROWS: Final = "sayings.i8"
SCALES: Final = "sayings.f4"
SPOKEN_OF: Final = "sayings.json"
_FINEST: Final = 127

SpokenOf = Sequence[Mapping[str, float]]
"""For each topic, how often it speaks of which concept."""


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """Of all sayings, in their order."""

    vectors: Sequence[Vector]
    spoken_of: SpokenOf


def vector_of(saying: Saying, table: Table) -> Vector:
    return kept(table.vector(gloss.in_english(saying.text, saying.language)))


def spoken_of(sayings: Sequence[Saying], topics: int, meanings: Meanings) -> SpokenOf:
    """Counted over the sayings of each topic."""
    counted: list[dict[str, float]] = [{} for _ in range(topics)]
    for saying in sayings:
        at = counted[saying.topic]
        for one, weight in meanings.of(saying.text, saying.language).weights.items():
            at[one] = at.get(one, 0.0) + weight
    return counted


def digest(texts: Sequence[str]) -> str:
    """Of all words that what is read ahead was worked out of."""
    words = [one.read_bytes() for one in sorted(WORDS.glob("*.words"))]
    parts = [one.encode() for one in (*texts, gloss.text())]
    return blake2b(b"\0".join((*parts, *words)), digest_size=16).hexdigest()


def read(folder: Path, texts: Sequence[str]) -> ReadAhead | None:
    """None where it was worked out of other words or is not there."""
    try:
        told = json.loads((folder / SPOKEN_OF).read_text("utf-8"))
        if told["digest"] != digest(texts):
            return None
        scales = array("f", (folder / SCALES).read_bytes())
        rows = memoryview((folder / ROWS).read_bytes()).cast("b")
    except (OSError, ValueError, KeyError):
        return None
    return ReadAhead([_row(rows, place, one) for place, one in enumerate(scales)], told["topics"])


def _row(rows: memoryview, place: int, scale: float) -> Vector:
    row = rows[place * WIDTH : (place + 1) * WIDTH].tolist()
    return array("f", map(scale.__mul__, row) if scale else ())


def write(folder: Path, texts: Sequence[str], made: ReadAhead) -> None:
    """One byte a number and one scale a saying; a scale of 0 is no vector."""
    scales = array("f")
    rows = array("b")
    for vector in made.vectors:
        scale = max(map(abs, vector), default=0.0) / _FINEST
        scales.append(scale)
        rows.extend(round(one / scale) for one in vector) if scale else rows.extend([0] * WIDTH)
    topics = [{one: round(count, 3) for one, count in at.items()} for at in made.spoken_of]
    told = json.dumps({"digest": digest(texts), "topics": topics}, separators=(",", ":"))
    (folder / ROWS).write_bytes(rows.tobytes())
    (folder / SCALES).write_bytes(scales.tobytes())
    (folder / SPOKEN_OF).write_text(told + "\n", "utf-8")
