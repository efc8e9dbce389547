"""Wordings of topics, and which topics' wordings a text is nearest to.

Vectors are compared in two steps: by their first quarter with all, whole with those that come out
best. The table's directions are sorted by how much words differ in them, so the quarter tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nlargest
from math import log
from operator import mul
from typing import Final

from revivatui.copilot.retrieval.gloss import both_stems
from revivatui.copilot.retrieval.vectors import Vector, nearness
from revivatui.state.records import dataclass

NEAR: Final = 0.65
"""How much the vectors count beside the shared words."""
OTHERS: Final = 0.4
"""How much the next nearest sayings of a topic count: one alone may be near by chance."""
NEXT: Final = 2
"""How many of those are looked at."""
HEAD: Final = 64
COMPARED_WHOLE: Final = 1 / 8
"""Of all, and not fewer than the next."""
AT_LEAST: Final = 60
NEW_WORD: Final = 2.0
"""What a word weighs that no saying has."""
SHORT: Final = 1.5
"""Sharing the one word of a short saying is not sharing all of it."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One wording of a topic."""

    topic: int
    side: str
    """"shop", "en", "pt", or "none": nothing that a shop would answer."""
    text: str
    words: frozenset[str]


def head_of(vector: Vector) -> Vector:
    """What is compared first of a vector: in a form that is quick rather than small."""
    return tuple(vector[:HEAD])


class SayingIndex:
    """Some sayings, ready to be compared with."""

    def __init__(
        self,
        sayings: Sequence[Saying],
        vectors: Sequence[Vector],
        heads: Sequence[Vector],
        topics: int,
    ) -> None:
        """`heads` as `head_of` makes them; several indexes share one."""
        self._topics = [one.topic for one in sayings]
        self._alone = {one.topic for one in sayings if one.side == "none"}
        self._vectors = vectors
        self._told = [place for place, one in enumerate(vectors) if one]
        self._heads = [heads[place] for place in self._told]
        self._by_word: dict[str, list[int]] = {}
        for place, one in enumerate(sayings):
            for word in one.words:
                self._by_word.setdefault(word, []).append(place)
        self._rarity = {
            word: log(1 + topics / len({self._topics[place] for place in at}))
            for word, at in self._by_word.items()
        }
        self._weights = [self._weight(one.words) for one in sayings]

    def nearest(self, vector: Vector, words: frozenset[str]) -> dict[int, float]:
        """For each topic how near its nearest saying is, where any is near at all."""
        return {topic: max(near) for topic, near in self._near(vector, words).items()}

    def supported(self, vector: Vector, words: frozenset[str]) -> dict[int, float]:
        """As `nearest`, the next ones of each topic counted in. What no shop would answer has
        nothing in common, so its nearest stands alone."""
        return {
            topic: max(near) if topic in self._alone else _support(near)
            for topic, near in self._near(vector, words).items()
        }

    def _near(self, vector: Vector, words: frozenset[str]) -> dict[int, list[float]]:
        """For each topic how near its sayings are, those that are near at all."""
        shared = self._shared(words)
        found: dict[int, list[float]] = {}
        for place in {*self._likely(vector), *shared}:
            near = NEAR * nearness(vector, self._vectors[place])
            near += (1 - NEAR) * shared.get(place, 0.0)
            if near > 0:
                found.setdefault(self._topics[place], []).append(near)
        return found

    def known(self, words: frozenset[str]) -> int:
        """How many of the words some saying has."""
        return sum(one in self._by_word for one in words)

    def _likely(self, vector: Vector) -> list[int]:
        head = vector[:HEAD]
        if not head:
            return []
        rough = [sum(map(mul, head, other)) for other in self._heads]
        count = max(AT_LEAST, int(len(rough) * COMPARED_WHOLE))
        best = nlargest(count, range(len(rough)), key=rough.__getitem__)
        return [self._told[place] for place in best]

    def _shared(self, words: frozenset[str]) -> dict[int, float]:
        """The weight of the words both have, by that of the shorter one's and a bit more."""
        both: dict[int, float] = {}
        for word in words:
            for place in self._by_word.get(word, ()):
                both[place] = both.get(place, 0.0) + self._rarity[word]
        own = self._weight(words)
        return {
            place: weight / (min(own, self._weights[place]) + SHORT)
            for place, weight in both.items()
        }

    def _weight(self, words: frozenset[str]) -> float:
        return sum(self._rarity.get(one, NEW_WORD) for one in words)


def _support(near: Sequence[float]) -> float:
    best, *others = nlargest(1 + NEXT, near)
    return (1 - OTHERS) * best + OTHERS * sum(others) / NEXT


def read_sayings(texts: Iterable[str]) -> tuple[list[Saying], list[str]]:
    """The sayings of some files, and the names of their topics; a topic may go on in another."""
    sayings: list[Saying] = []
    places: dict[str, int] = {}
    place = -1
    for line in (line for text in texts for line in text.splitlines()):
        if line.startswith("["):
            place = places.setdefault(line.strip("[] "), len(places))
        elif line.strip() and not line.startswith("#"):
            side, _, said = line.partition(":")
            language = "pt" if side == "pt" else "en"
            for one in map(str.strip, said.split("|")):
                sayings.append(Saying(place, side.strip(), one, both_stems(one, language)))
    return sayings, list(places)
