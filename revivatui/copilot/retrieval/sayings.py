"""Wordings of topics, and which topics' wordings a text is nearest to.

Vectors are compared in two steps: by their first quarter with one of each bunch of sayings that are
alike, whole with those of the bunches that come out best. The table's directions are sorted by how
much words differ in them, so the quarter tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from heapq import nlargest
from math import log
from operator import mul
from typing import Final

from revivatui.copilot.retrieval.gloss import both_stems
from revivatui.copilot.retrieval.language import language_of
from revivatui.copilot.retrieval.vectors import Vector, nearness
from revivatui.state.records import dataclass

NEAR: Final = 0.65
"""How much the vectors count beside the shared words."""
OTHERS: Final = 0.4
"""How much the next nearest sayings of a topic count: one alone may be near by chance."""
NEXT: Final = 2
"""How many of those are looked at."""
HEAD: Final = 64
COMPARED_WHOLE: Final = 1 / 18
"""Of all sayings, those of the likeliest bunches, and not fewer than the next."""
AT_LEAST: Final = 120
OF_SHARED: Final = 200
"""Sayings that are looked at for the words they share, the most first."""
ONE_BUNCH: Final = 0.6
"""How near a saying of a topic is to the first of a bunch to belong to it."""
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
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Bunch:
    """Sayings of one topic that are alike."""

    middle: Vector
    """Of what is compared first, of length 1."""
    places: list[int]


class SayingIndex:
    """Some sayings, ready to be compared with."""

    def __init__(self, sayings: Sequence[Saying], vectors: Sequence[Vector], topics: int) -> None:
        self._topics = [one.topic for one in sayings]
        self._alone = {one.topic for one in sayings if one.side == "none"}
        self._vectors = vectors
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
        for place in {*self._likely(vector), *nlargest(OF_SHARED, shared, key=shared.__getitem__)}:
            near = NEAR * nearness(vector, self._vectors[place])
            near += (1 - NEAR) * shared.get(place, 0.0)
            if near > 0:
                found.setdefault(self._topics[place], []).append(near)
        return found

    def _likely(self, vector: Vector) -> list[int]:
        head = vector[:HEAD]
        if not head:
            return []
        rough = [sum(map(mul, head, bunch.middle)) for bunch in self._bunches]
        count = max(AT_LEAST, int(len(self._vectors) * COMPARED_WHOLE))
        found: list[int] = []
        for place in sorted(range(len(rough)), key=rough.__getitem__, reverse=True):
            found += self._bunches[place].places
            if len(found) >= count:
                break
        return found

    @cached_property
    def _bunches(self) -> list[Bunch]:
        """The sayings that have a vector, those of a topic that are alike together."""
        of_topic: dict[int, list[Bunch]] = {}
        for place, vector in enumerate(self._vectors):
            if vector:
                _put_into(of_topic.setdefault(self._topics[place], []), place, vector[:HEAD])
        return [one for bunches in of_topic.values() for one in bunches]

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


def _put_into(bunches: list[Bunch], place: int, head: Vector) -> None:
    """Where it is near enough, else on its own."""
    near = [sum(map(mul, head, one.middle)) for one in bunches]
    best = max(range(len(near)), key=near.__getitem__, default=-1)
    length = sum(map(mul, head, head)) ** 0.5 or 1.0
    if best >= 0 and near[best] >= ONE_BUNCH * length:
        bunches[best].places.append(place)
        return
    bunches.append(Bunch(tuple(one / length for one in head), [place]))


def _support(near: Sequence[float]) -> float:
    best, *others = nlargest(1 + NEXT, near)
    return (1 - OTHERS) * best + OTHERS * sum(others) / NEXT


def read_wider(texts: Iterable[str]) -> dict[str, str]:
    """The wider topic of each finer one."""
    heads = (
        line.strip("[] ").partition(" < ")
        for text in texts
        for line in text.splitlines()
        if line.startswith("[")
    )
    return {finer: wider for finer, _, wider in heads if wider}


def read_sayings(texts: Iterable[str]) -> tuple[list[Saying], list[str]]:
    """The sayings of some files, and the names of their topics; a topic may go on in another."""
    sayings: list[Saying] = []
    places: dict[str, int] = {}
    place = -1
    for line in (line for text in texts for line in text.splitlines()):
        if line.startswith("["):
            name, _, _ = line.strip("[] ").partition(" < ")
            place = places.setdefault(name, len(places))
        elif line.strip() and not line.startswith("#"):
            side, _, said = line.partition(":")
            for one in map(str.strip, said.split("|")):
                language = (
                    "pt" if side == "pt" or (side, language_of(one)) == ("none", "pt") else "en"
                )
                sayings.append(Saying(place, side, one, both_stems(one, language), language))
    return sayings, list(places)
