"""What local suggestions cost: made ready and ranked, on 300 sources, in this process.

The sources and questions are made of the shop's words by chance (the seed is printed), as many as a
shop has: half answers, a third prices, the rest replies that resolved something.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from bench.table import Figure, median, percentile
from revivatui.copilot.retrieval.library import Library
from revivatui.copilot.retrieval.vector_cache import VectorCache
from revivatui.copilot.sources import Source, SourceKind
from revivatui.copilot.suggestion import Question

SEED: Final = 7
SOURCES: Final = 300
QUESTIONS: Final = 200
BOUND_P50_MS: Final = 30.0
BOUND_P95_MS: Final = 100.0
_KINDS: Final[tuple[SourceKind, ...]] = (
    "canned",
    "canned",
    "canned",
    "price",
    "price",
    "resolved",
)
_DEVICES: Final = ("iPhone 13", "iPhone 12 Pro", "Galaxy S22", "MacBook Air M1", "ThinkPad T14")
_WORDS: Final = tuple(
    word
    for text in (
        "screen battery port camera speaker keyboard fan board drive data backup warranty invoice",
        "quote approve part order ready collect delay appointment open closed parking address card",
        "broken wet slow hot loud dead cracked loose stuck lost price cost long today tomorrow",
        "please device repair check replace clean test customer technician shop number email",
    )
    for word in text.split()
)
_STATES: Final = ("", "", "ready", "awaiting_parts", "in_repair", "awaiting_approval")


def sources(random: Random) -> list[Source]:
    """As many as a shop has, in two languages."""
    return [_source(number, random) for number in range(SOURCES)]


def _source(number: int, random: Random) -> Source:
    kind = _KINDS[number % len(_KINDS)]
    title = " ".join(random.sample(_WORDS, 3))
    if kind == "price":
        title = f"{random.choice(_DEVICES)} {random.choice(_WORDS)} replacement"
    text = " ".join(random.choices(_WORDS, k=25)) + "."
    return Source(f"{kind}:{number}", kind, "en", random.choice(_WORDS), title, text)


def questions(random: Random) -> list[Question]:
    return [
        Question(
            " ".join(random.choices(_WORDS, k=random.randint(2, 14))) + "?",
            "en",
            random.choice(("", *_DEVICES)),
            random.choice(_STATES),
        )
        for _ in range(QUESTIONS)
    ]


def ranking_figures() -> Iterator[Figure]:
    random = Random(SEED)
    found = sources(random)
    asked = questions(random)
    with tempfile.TemporaryDirectory(prefix="revivatui-bench-copilot-") as folder:
        cache = VectorCache(Path(folder) / "vectors.sqlite3")
        first, _ = _built(found, cache)
        again, library = _built(found, cache)
        note = f"seed {SEED}"
        yield Figure("library of 300 sources, first", first, "s", note=note)
        yield Figure("library of 300 sources, vectors kept", again, "s", first)
        ranked = [_ranked(library, one) for one in asked]
    spent = [wall for wall, _ in ranked]
    yield Figure("rank, 300 sources, p50", median(spent), "ms", bound=BOUND_P50_MS, note=note)
    yield Figure("rank, 300 sources, p95", percentile(spent, 0.95), "ms", bound=BOUND_P95_MS)
    yield Figure("rank, 300 sources, processor, p50", median([one for _, one in ranked]), "ms")


def _built(found: list[Source], cache: VectorCache) -> tuple[float, Library]:
    start = time.perf_counter()
    library = Library.build(found, vectors=cache)
    return time.perf_counter() - start, library


def _ranked(library: Library, question: Question) -> tuple[float, float]:
    """Milliseconds by the clock, and of the processor."""
    start, busy = time.perf_counter(), time.process_time()
    library.rank(question)
    return (time.perf_counter() - start) * 1000.0, (time.process_time() - busy) * 1000.0
