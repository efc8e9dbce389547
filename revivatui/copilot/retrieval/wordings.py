"""Which topic's sayings a text is worded like: the small words tell, which all else leaves out.

"When can I", "do you", "how long" say what is wanted where the nouns are common to many topics. By
the sayings themselves, each left out in turn, the right topic is the first one in ten of a hundred
cases more than without.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log, sqrt
from typing import Final

from revivatui.copilot.retrieval.gloss import in_english
from revivatui.copilot.retrieval.terms import portuguese_stem, words
from revivatui.copilot.retrieval.word_forms import stem_en

UNSEEN: Final = 0.0005
"""The share of a topic's sayings that a word is taken to be in which is in none of them."""


class Wordings:
    """How much each word speaks for each topic."""

    def __init__(self, sayings: Iterable[tuple[int, frozenset[str]]], topics: int) -> None:
        """`sayings`: the topic of each, and its words as `wording` gives them."""
        sizes = [0] * topics
        counted: dict[str, dict[int, int]] = {}
        for topic, said in sayings:
            sizes[topic] += 1
            for word in said:
                at = counted.setdefault(word, {})
                at[topic] = at.get(topic, 0) + 1
        self._speaks_for = {word: _speaks_for(at, sizes) for word, at in counted.items()}

    def of(self, said: frozenset[str]) -> dict[int, float]:
        """For each topic how much the words speak for it; a long text is no surer than a short."""
        told: dict[int, float] = {}
        for word in said:
            for topic, weight in self._speaks_for.get(word, _NOTHING).items():
                told[topic] = told.get(topic, 0.0) + weight
        length = sqrt(len(said) or 1)
        return {topic: weight / length for topic, weight in told.items()}


_NOTHING: Final[Mapping[int, float]] = {}


def _speaks_for(at: Mapping[int, int], sizes: list[int]) -> dict[int, float]:
    shares = {topic: count / sizes[topic] for topic, count in at.items()}
    usual = sum(shares.values()) / len(sizes)
    without = log(UNSEEN / (usual + UNSEEN))
    return {
        topic: log((share + UNSEEN) / (usual + UNSEEN)) - without for topic, share in shares.items()
    }


def wording(text: str, language: str) -> frozenset[str]:
    """The stems of all words of a text, and of what Portuguese ones mean in English."""
    if language != "pt":
        return frozenset(map(stem_en, words(text)))
    meant = map(stem_en, in_english(text, "pt").split())
    return frozenset((*map(portuguese_stem, words(text)), *meant))
