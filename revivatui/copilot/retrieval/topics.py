"""What customers of a repair shop write about, by example: some hundred topics in many wordings.

A question is like some of the customers' sayings, a source is like some of the shop's; where both
belong to one topic they belong together, though they may share no word. This is what a thesaurus
of words cannot do for a saying that nobody thought of, and it is weighed as the guess that it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from math import exp, log, sqrt
from typing import Final

from revivatui.copilot.retrieval.concepts import Meaning, Meanings
from revivatui.copilot.retrieval.terms import content_words
from revivatui.copilot.retrieval.vectors import Table, Vector, nearness
from revivatui.state.records import dataclass

FILES: Final = ("topics_devices.txt", "topics_shop.txt")
NEAR: Final = 0.6
"""How much the vectors count beside the shared words."""
CONCEPTS: Final = 0.8
"""How much what both speak of counts beside the wording."""
SHARP: Final = 0.12
"""The smaller, the more the nearest topic takes of the whole."""
LEAST: Final = 0.04

Shares = Mapping[int, float]
"""The topics of a text by their places, together at most 1."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One wording of a topic."""

    topic: int
    side: str
    """"shop", "en", "pt", or "none": nothing that a shop would answer."""
    text: str
    words: frozenset[str]


class Topics:
    """The topics, and which of them a text is about."""

    def __init__(
        self, sayings: Sequence[Saying], names: Sequence[str], table: Table, meanings: Meanings
    ) -> None:
        self.names = tuple(names)
        self.sayings = tuple(sayings)
        self._vectors = [
            table.vector(one.text) if one.side != "pt" else [] for one in self.sayings
        ]
        counted: dict[str, set[int]] = {}
        for one in self.sayings:
            for word in one.words:
                counted.setdefault(word, set()).add(one.topic)
        self._rarity = {word: log(1 + len(names) / len(at)) for word, at in counted.items()}
        self._concepts = _concepts_of(sayings, len(names), meanings)
        self._of_none = {one.topic for one in self.sayings if one.side == "none"}

    @classmethod
    def shipped(cls, meanings: Meanings) -> Topics:
        """Those of the package, read by one thesaurus."""
        return _shipped(meanings)

    def asked(self, vector: Vector, text: str, language: str, meaning: Meaning) -> Shares:
        """What a customer's words are about."""
        return self._shares(vector, text, language, meaning, ("shop", "en", "pt", "none"))

    def answered(self, vector: Vector, text: str, language: str, meaning: Meaning) -> Shares:
        """What a text of the shop's is about."""
        sides = ("shop", "pt") if language == "pt" else ("shop",)
        return self._shares(vector, text, language, meaning, sides)

    def foreign(self, shares: Shares) -> float:
        """The share of what no repair shop would answer."""
        return sum(share for topic, share in shares.items() if topic in self._of_none)

    def _shares(
        self, vector: Vector, text: str, language: str, meaning: Meaning, sides: tuple[str, ...]
    ) -> Shares:
        words = frozenset(content_words(text, language))
        nearest: dict[int, float] = {}
        for one, other in zip(self.sayings, self._vectors, strict=True):
            if one.side in sides:
                near = NEAR * nearness(vector, other) + (1 - NEAR) * self._shared(words, one.words)
                if near > nearest.get(one.topic, 0.0):
                    nearest[one.topic] = near
        length = _length(meaning.weights)
        for topic, concepts in enumerate(self._concepts):
            shared = sum(weight * concepts.get(one, 0.0) for one, weight in meaning.weights.items())
            if shared:
                nearest[topic] = nearest.get(topic, 0.0) + CONCEPTS * shared / length
        return _as_shares(nearest)

    def _shared(self, words: frozenset[str], others: frozenset[str]) -> float:
        """The weight of the words both have, by that of the shorter one's and a bit more."""
        both = words & others
        if not both:
            return 0.0
        shared = sum(self._rarity.get(one, 1.0) for one in both)
        whole = min(self._weight(words), self._weight(others))
        return shared / (whole + 1.5)

    def _weight(self, words: frozenset[str]) -> float:
        return sum(self._rarity.get(one, 3.0) for one in words)


def _concepts_of(
    sayings: Sequence[Saying], topics: int, meanings: Meanings
) -> list[dict[str, float]]:
    """What each topic speaks of, as a vector of length 1; what all speak of counts less."""
    counted: list[dict[str, float]] = [{} for _ in range(topics)]
    for saying in sayings:
        language = "pt" if saying.side == "pt" else "en"
        at = counted[saying.topic]
        for one, weight in meanings.of(saying.text, language).weights.items():
            at[one] = at.get(one, 0.0) + weight
    spread: dict[str, int] = {}
    for at in counted:
        for one in at:
            spread[one] = spread.get(one, 0) + 1
    weighed = [
        {one: sqrt(weight) * log(1 + topics / spread[one]) for one, weight in at.items()}
        for at in counted
    ]
    return [{one: weight / _length(at) for one, weight in at.items()} for at in weighed]


def _length(weights: Mapping[str, float]) -> float:
    return sqrt(sum(one * one for one in weights.values())) or 1.0


def _as_shares(nearest: Mapping[int, float]) -> Shares:
    if not nearest:
        return {}
    best = max(nearest.values())
    raw = {topic: exp((near - best) / SHARP) for topic, near in nearest.items()}
    whole = sum(raw.values())
    return {topic: one / whole for topic, one in raw.items() if one / whole >= LEAST}


def agreement(asked: Shares, answered: Shares) -> float:
    """How far both are about the same, 0 to 1."""
    return sum(min(share, answered.get(topic, 0.0)) for topic, share in asked.items())


def read_sayings(text: str, first: int) -> tuple[list[Saying], list[str]]:
    """The sayings of one file and the names of its topics; `first` is the first one's place."""
    sayings: list[Saying] = []
    names: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            names.append(line.strip("[] "))
        elif line.strip() and not line.startswith("#"):
            side, _, said = line.partition(":")
            for one in said.split("|"):
                language = "pt" if side == "pt" else "en"
                words = frozenset(content_words(one, language))
                place = first + len(names) - 1
                sayings.append(Saying(place, side.strip(), one.strip(), words))
    return sayings, names


@lru_cache(maxsize=2)
def _shipped(meanings: Meanings) -> Topics:
    folder = files("revivatui.copilot.retrieval") / "data"
    sayings: list[Saying] = []
    names: list[str] = []
    for name in FILES:
        more, named = read_sayings((folder / name).read_text("utf-8"), len(names))
        sayings += more
        names += named
    return Topics(sayings, names, Table.shipped(), meanings)
