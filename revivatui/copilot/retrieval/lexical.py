"""The words of the sources in an FTS5 index in memory: which source has how many of a question's.

Each word is looked up alone, so that it is known what was found by what, and how much of the
question found nothing anywhere.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import Final

from revivatui.copilot.retrieval.terms import content_words, indexed
from revivatui.copilot.sources import Source
from revivatui.state.records import dataclass

_TABLE: Final = (
    "CREATE VIRTUAL TABLE sources USING fts5"
    "(title, category, body, aliases, tokenize = 'porter unicode61 remove_diacritics 2')"
)
_INSERT: Final = (
    "INSERT INTO sources (rowid, title, category, body, aliases) VALUES (?, ?, ?, ?, ?)"
)
_FIND: Final = "SELECT rowid, bm25(sources, 3.0, 2.0, 1.0, 3.0) FROM sources WHERE sources MATCH ?"
_SATURATED: Final = 2.2
"""What FTS5's bm25 gives at most, as multiples of a word's rarity (k1 + 1)."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the words of a question found."""

    scores: Mapping[int, float]
    """0 to 1 for each place in the list of sources that has any of them."""
    matched: Mapping[int, tuple[str, ...]]
    unknown: float
    """The share of the question's words that no source has, by weight."""


NOTHING_FOUND: Final = Found({}, {}, 1.0)


class LexicalIndex:
    """Belongs to one thread at a time; `Library` holds the lock."""

    def __init__(self, sources: Sequence[Source], aliases: Mapping[str, str]) -> None:
        self._size = len(sources)
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.execute(_TABLE)
        self._base.executemany(
            _INSERT, (_row(place, one, aliases) for place, one in enumerate(sources))
        )

    def find(self, text: str, language: str) -> Found:
        """By the words of the text that mean something."""
        hits = {word: self._hits(word) for word in content_words(text, language)}
        if not hits:
            return NOTHING_FOUND
        rarity = {word: self._rarity(len(found)) for word, found in hits.items()}
        whole = sum(rarity.values())
        scores: dict[int, float] = {}
        matched: dict[int, tuple[str, ...]] = {}
        for word, found in hits.items():
            for place, score in found.items():
                share = min(score / _SATURATED, rarity[word])
                scores[place] = scores.get(place, 0.0) + share / whole
                matched[place] = (*matched.get(place, ()), word)
        missing = sum(rarity[word] for word, found in hits.items() if not found)
        return Found(scores, matched, missing / whole)

    def _hits(self, word: str) -> dict[int, float]:
        rows: Iterable[tuple[int, float]] = self._base.execute(_FIND, (f'"{word}"',))
        return {place - 1: -score for place, score in rows}

    def _rarity(self, rows: int) -> float:
        return max(log((self._size - rows + 0.5) / (rows + 0.5)), 0.2)


def _row(place: int, one: Source, aliases: Mapping[str, str]) -> tuple[int, str, str, str, str]:
    parts = (
        one.title.replace("_", " "),
        one.category.replace("_", " "),
        one.text,
        aliases.get(one.id, ""),
    )
    title, category, body, learned = (indexed(part, one.language) for part in parts)
    return place + 1, title, category, body, learned
