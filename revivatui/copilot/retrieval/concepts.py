"""What a text speaks of, in concepts of the thesaurus, with weights; and how near two texts are.

A concept that half of the sources speak of says little; a broader concept says less than the one it
was come to by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import Final

from revivatui.copilot.retrieval.thesaurus import Thesaurus
from revivatui.copilot.sources import Source
from revivatui.state.records import dataclass

TITLE: Final = 1.0
CATEGORY: Final = 0.7
BODY: Final = 0.45
BROADER: Final = 0.4
VAGUE: Final = 1.0
"""One concept alone, found, is not the whole of it."""
KIND_WEIGHTS: Final = {"device": 0.25, "talk": 0.35}
"""What kind of device it is, and what is said out of politeness, tell answers apart least."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Concepts with their weights, 0 to 1."""

    weights: Mapping[str, float]
    words: Mapping[str, str]
    """By which words of the text each concept was told."""

    def covered_by(self, other: Meaning) -> float:
        """The share of this one that the other speaks of."""
        whole = sum(self.weights.values())
        if not whole:
            return 0.0
        shared = sum(
            min(weight, other.weights.get(one, 0.0)) for one, weight in self.weights.items()
        )
        return shared / whole


NO_MEANING: Final = Meaning({}, {})


class Meanings:
    """Reads meanings by one thesaurus."""

    def __init__(self, thesaurus: Thesaurus) -> None:
        self.thesaurus = thesaurus

    def of(self, text: str, language: str = "", weight: float = 1.0) -> Meaning:
        """The concepts of a text; what it says is not the case is not among them."""
        weights: dict[str, float] = {}
        words: dict[str, str] = {}
        for match in self.thesaurus.concepts(text, language):
            if match.negated:
                continue
            self._put(weights, match.concept, weight)
            words.setdefault(match.concept, match.words)
            for above in self.thesaurus.above(match.concept):
                self._put(weights, above, weight * BROADER)
                words.setdefault(above, match.words)
        return Meaning(weights, words)

    def _put(self, weights: dict[str, float], concept: str, weight: float) -> None:
        weight *= KIND_WEIGHTS.get(self.thesaurus.kind(concept), 1.0)
        weights[concept] = max(weights.get(concept, 0.0), weight)

    def source(self, one: Source) -> Meaning:
        """What a source speaks of: its title most, its text least."""
        parts = (
            self.of(spaced(one.title), one.language, TITLE),
            self.of(spaced(one.category), one.language, CATEGORY),
            self.of(one.text, one.language, BODY),
        )
        return joined(parts)

    def service(self, title: str, text: str) -> Meaning:
        """What a line of the price list is for, without its device, in whichever language."""
        found = self.of(spaced(title))
        if not found.weights:
            found = self.of(text)
        kept = {
            name: weight
            for name, weight in found.weights.items()
            if self.thesaurus.kind(name) not in {"device", "talk"}
        }
        return Meaning(kept, {})


def joined(parts: Sequence[Meaning]) -> Meaning:
    """Each concept with the most that any part gives it."""
    weights: dict[str, float] = {}
    words: dict[str, str] = {}
    for part in parts:
        for concept, weight in part.weights.items():
            weights[concept] = max(weights.get(concept, 0.0), weight)
            words.setdefault(concept, part.words.get(concept, ""))
    return Meaning(weights, words)


def spaced(text: str) -> str:
    """ "pickup_ready" is two words."""
    return text.replace("_", " ").replace("-", " ").replace("/", " ")


class ConceptIndex:
    """The meanings of all sources, and how rare each concept is among them."""

    def __init__(self, meanings: Sequence[Meaning]) -> None:
        self.meanings = meanings
        counted: dict[str, int] = {}
        for one in meanings:
            for concept in one.weights:
                counted[concept] = counted.get(concept, 0) + 1
        size = len(meanings)
        self._rarity = {one: log(1 + size / (1 + count)) for one, count in counted.items()}
        self._rarest = log(1 + size)

    def rarity(self, concept: str) -> float:
        return self._rarity.get(concept, self._rarest)

    def find(self, asked: Meaning) -> dict[int, float]:
        """0 to 1 for each place: the share of what is asked that the source speaks of."""
        wanted = {one: weight * self.rarity(one) for one, weight in asked.weights.items()}
        whole = sum(wanted.values())
        if not whole:
            return {}
        found: dict[int, float] = {}
        for place, meaning in enumerate(self.meanings):
            shared = sum(
                weight * min(1.0, meaning.weights[one])
                for one, weight in wanted.items()
                if one in meaning.weights
            )
            if shared:
                found[place] = (
                    shared / (whole + VAGUE) * (0.75 + 0.25 * self._focus(meaning, asked))
                )
        return found

    def _focus(self, meaning: Meaning, asked: Meaning) -> float:
        """The share of what the source is chiefly about that is asked for."""
        chief = {one: weight for one, weight in meaning.weights.items() if weight >= CATEGORY}
        whole = sum(chief.values())
        if not whole:
            return 0.5
        return sum(weight for one, weight in chief.items() if one in asked.weights) / whole

    def known(self, asked: Meaning) -> float:
        """The share of what is asked that some source speaks of."""
        whole = sum(asked.weights.values())
        found = sum(weight for one, weight in asked.weights.items() if one in self._rarity)
        return found / whole if whole else 0.0
