"""What customers of a repair shop write about, by example: some hundred topics in many wordings.

A question is like some of the customers' sayings, a source is like some of the shop's; where both
belong to one topic they belong together, though they may share no word. This is what a thesaurus
of words cannot do for a saying that nobody thought of, and it is weighed as the guess that it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import as_file, files
from itertools import chain
from math import exp, log, sqrt
from pathlib import Path
from types import MappingProxyType
from typing import Final

from revivatui.copilot.retrieval.concepts import Meaning, Meanings
from revivatui.copilot.retrieval.gloss import both_stems
from revivatui.copilot.retrieval.read_ahead import ReadAhead, SpokenOf, read, spoken_of, vector_of
from revivatui.copilot.retrieval.sayings import (
    Saying,
    SayingIndex,
    read_sayings,
    read_wider,
)
from revivatui.copilot.retrieval.terms import stems
from revivatui.copilot.retrieval.thesaurus import Thesaurus
from revivatui.copilot.retrieval.vectors import Table, Vector
from revivatui.copilot.retrieval.wordings import Wordings, wording
from revivatui.copilot.sources import Source

FILES: Final = (
    "topics_devices.txt", "topics_shop.txt", "topics_more.txt", "topics_wide.txt",
    "topics_answers.txt", "topics_everyday.txt", "topics_finer.txt", "topics_said.txt",
    "topics_said_devices.txt",
)  # fmt: skip
TEXT_SHARE: Final = 0.5
KEPT: Final = 5000
"""Sources whose topics are remembered from one library to the next."""
CONCEPTS: Final = 0.6
"""How much what both speak of counts beside the wording."""
WORDING: Final = 0.1
"""The same of how it is worded, small words and all."""
SHARP: Final = 0.12
"""The smaller, the more the nearest topic takes of the whole."""
SHARP_ASKED: Final = 0.18
"""The same for what customers say."""
LEAST: Final = 0.04
FILLED: Final = 0.6
"""How far what goes to unlikely topics is given to the likely ones where an order is sought: none
need be near for one to be the nearest. At 1 all of it is."""
FILLED_SOURCE: Final = 0.5

NO_FINER: Final[Mapping[str, str]] = MappingProxyType({})

Shares = Mapping[int, float]
"""The topics of a text by their places, together at most 1."""


class Topics:
    """The topics, and which of them a text is about."""

    def __init__(
        self,
        sayings: Sequence[Saying],
        names: Sequence[str],
        table: Table,
        meanings: Meanings,
        wider: Mapping[str, str] = NO_FINER,
        ahead: ReadAhead | None = None,
    ) -> None:
        self.names = tuple(names)
        self._places = {name: place for place, name in enumerate(names)}
        self._wider = [self._places[wider.get(name, name)] for name in names]
        self._table = table
        self._sources: dict[tuple[str, str, str], Shares] = {}
        self._lines: dict[str, tuple[Vector, Shares]] = {}
        vectors = ahead.vectors if ahead else [vector_of(one, table) for one in sayings]
        self._customers = _index(sayings, vectors, ("shop", "en", "pt", "none"), len(names))
        self._shop = {
            "en": _index(sayings, vectors, ("shop",), len(names)),
            "pt": _index(sayings, vectors, ("shop", "pt"), len(names)),
        }
        self._words = {language: _words_in(language, sayings) for language in ("en", "pt")}
        self._wordings = Wordings(
            ((one.topic, wording(one.text, one.language)) for one in sayings), len(names)
        )
        is_shipped = ahead is not None and meanings.thesaurus is Thesaurus.shipped()
        self._concepts = _concepts_of(
            ahead.spoken_of
            if ahead is not None and is_shipped
            else spoken_of(sayings, len(names), meanings)
        )
        self._of_none = {one.topic for one in sayings if one.side == "none"}

    @classmethod
    def shipped(cls, thesaurus: Thesaurus) -> Topics:
        """Those of the package, read by one thesaurus and kept for the next library."""
        return _shipped(thesaurus)

    def asked(self, vector: Vector, text: str, language: str, meaning: Meaning) -> Shares:
        """What a customer's words are about."""
        near = self._customers.supported(vector, both_stems(text, language))
        near = self._with_concepts(near, meaning)
        for topic, told in self._wordings.of(wording(text, language)).items():
            near[topic] = near.get(topic, 0.0) + WORDING * told
        return _as_shares(near, SHARP_ASKED)

    def answered(self, vector: Vector, text: str, language: str, meaning: Meaning) -> Shares:
        """What a text of the shop's is about."""
        index = self._shop["pt" if language == "pt" else "en"]
        near = index.nearest(vector, both_stems(text, language))
        return _as_shares(self._with_concepts(near, meaning), SHARP)

    def source(
        self, title: Vector, text: Vector, one: Source, language: str, meaning: Meaning
    ) -> Shares:
        """What a source is about: by its title first, by its text where that does not tell."""
        key = (one.title, one.text, language)
        if (known := self._sources.get(key)) is not None:
            return known
        if len(self._sources) >= KEPT:
            self._sources.clear()
        by_title = filled(
            self.answered(title, one.title.replace("_", " "), language, meaning), FILLED_SOURCE
        )
        by_text = filled(self.answered(text, one.text, language, meaning), FILLED_SOURCE)
        shares = self._sources[key] = {
            topic: max(by_title.get(topic, 0.0), TEXT_SHARE * by_text.get(topic, 0.0))
            for topic in by_title.keys() | by_text.keys()
        }
        return shares

    def line(self, words: str, meaning: Meaning) -> tuple[Vector, Shares]:
        """What a line of the price list is for, told without its device."""
        if words not in self._lines:
            vector = self._table.vector(words)
            self._lines[words] = vector, self.answered(vector, words, "en", meaning)
        return self._lines[words]

    def is_rather_portuguese(self, text: str) -> bool:
        """Whether more of its words stand in Portuguese sayings than in English ones."""
        portuguese, english = (len(stems(text, one) & self._words[one]) for one in ("pt", "en"))
        return portuguese > english

    def knows(self, words: frozenset[str]) -> bool:
        """Whether any of these stems stands in a saying."""
        return any(words & known for known in self._words.values())

    def widened(self, shares: Shares) -> Shares:
        """The shares with the finer topics as the wider ones that they are part of."""
        wide: dict[int, float] = {}
        for topic, share in shares.items():
            wider = self._wider[topic]
            wide[wider] = wide.get(wider, 0.0) + share
        return wide

    def named(self, shares: Shares) -> dict[str, float]:
        """The shares by the names of their topics."""
        return {self.names[topic]: share for topic, share in shares.items()}

    def numbered(self, named: Mapping[str, float]) -> Shares:
        """Shares by name as shares by place."""
        return {self._places[name]: share for name, share in named.items() if name in self._places}

    def foreign(self, shares: Shares) -> float:
        """The share of what no repair shop would answer."""
        return sum(share for topic, share in shares.items() if topic in self._of_none)

    def _with_concepts(self, near: dict[int, float], meaning: Meaning) -> dict[int, float]:
        """Topics that speak of the same are nearer."""
        length = _length(meaning.weights)
        for topic, concepts in enumerate(self._concepts):
            shared = sum(weight * concepts.get(one, 0.0) for one, weight in meaning.weights.items())
            if shared:
                near[topic] = near.get(topic, 0.0) + CONCEPTS * shared / length
        return near


def _index(
    sayings: Sequence[Saying], vectors: Sequence[Vector], sides: tuple[str, ...], topics: int
) -> SayingIndex:
    own = [place for place, one in enumerate(sayings) if one.side in sides]
    return SayingIndex([sayings[place] for place in own], [vectors[place] for place in own], topics)


def _words_in(language: str, sayings: Sequence[Saying]) -> frozenset[str]:
    """Content words of the sayings in a language, as stems."""
    own = (stems(one.text, language) for one in sayings if one.language == language)
    return frozenset(chain.from_iterable(own))


def _concepts_of(counted: SpokenOf) -> list[dict[str, float]]:
    """What each topic speaks of, as a vector of length 1; what all speak of counts less."""
    spread: dict[str, int] = {}
    for at in counted:
        for one in at:
            spread[one] = spread.get(one, 0) + 1
    weighed = [
        {one: sqrt(weight) * log(1 + len(counted) / spread[one]) for one, weight in at.items()}
        for at in counted
    ]
    return [{one: weight / _length(at) for one, weight in at.items()} for at in weighed]


def _length(weights: Mapping[str, float]) -> float:
    return sqrt(sum(one * one for one in weights.values())) or 1.0


def _as_shares(nearest: Mapping[int, float], sharp: float) -> Shares:
    if not nearest:
        return {}
    best = max(nearest.values())
    raw = {topic: exp((near - best) / sharp) for topic, near in nearest.items()}
    whole = sum(raw.values())
    return {topic: one / whole for topic, one in raw.items() if one / whole >= LEAST}


def filled(shares: Shares, how_far: float = FILLED) -> Shares:
    """The shares with some of what went to topics too unlikely to be kept."""
    whole = sum(shares.values()) ** how_far
    return {topic: share / whole for topic, share in shares.items()} if whole else shares


def agreement(asked: Shares, answered: Shares) -> float:
    """How far both are about the same, 0 to 1."""
    return sum(min(share, answered.get(topic, 0.0)) for topic, share in asked.items())


@lru_cache(maxsize=2)
def _shipped(thesaurus: Thesaurus) -> Topics:
    with as_file(files("revivatui.copilot.retrieval") / "data") as folder:
        texts = texts_in(folder)
        ahead = read(folder, texts)
    sayings, names = read_sayings(texts)
    wider = read_wider(texts)
    return Topics(sayings, names, Table.shipped(), Meanings(thesaurus), wider, ahead)


def texts_in(folder: Path) -> list[str]:
    """The sayings as they are shipped."""
    return [(folder / name).read_text("utf-8") for name in FILES]
