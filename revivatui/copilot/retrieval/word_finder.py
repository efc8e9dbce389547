"""Finding all patterns of a language in a text, in one walk over its words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from revivatui.copilot.retrieval.word_forms import CANNOT, STOP, TONGUES, Word, words_of
from revivatui.copilot.retrieval.word_patterns import SHORTEST_PREFIX, Element, Pattern
from revivatui.state.records import dataclass

SHORTEST_GUESS: Final = 6
"""Letters of a word from which on one wrong letter is forgiven."""
LONGEST_GUESS: Final = 40
"""No word that is looked for is as long."""

LONGEST_ENDING: Final = 3
"""Letters behind a known beginning with which a word is taken for right."""

_DENIALS: Final = frozenset(("not", "no", "never", "without", "sem", "nem"))
_ABLE: Final = frozenset(("can", "could", "able", "consigo", "consegue", "consegui", "posso"))


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern found."""

    concept: str
    start: int
    end: int
    negated: bool
    """"not", "never", "no" stands right before it and is not part of it."""


class _Index:
    """Patterns by their first word."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._by_stem: dict[str, list[Pattern]] = {}
        self._by_beginning: dict[str, list[tuple[str, Pattern]]] = {}
        for one in patterns:
            for stem in one.elements[0].stems:
                self._by_stem.setdefault(stem, []).append(one)
            for beginning in one.elements[0].beginnings:
                key = beginning[:SHORTEST_PREFIX]
                self._by_beginning.setdefault(key, []).append((beginning, one))

    def beginning_with(self, one: Word) -> Iterable[Pattern]:
        yield from self._by_stem.get(one.stem, ())
        if one.word != one.stem:
            yield from self._by_stem.get(one.word, ())
        for beginning, pattern in self._by_beginning.get(one.word[:SHORTEST_PREFIX], ()):
            if one.word.startswith(beginning):
                yield pattern


class Matcher:
    """All patterns of one language."""

    def __init__(
        self, patterns: Iterable[Pattern], language: str, spelled: Iterable[str] = ()
    ) -> None:
        """`spelled`: whole words that are found with one wrong letter; a word that begins with
        "!" is right as it stands and is never taken for another."""
        self._tongue = TONGUES[language]
        every = list(patterns)
        self._index = _Index(one for one in every if not one.whole)
        self._whole_index = _Index(one for one in every if one.whole)
        elements = [element for one in every for element in one.elements]
        self._known = {stem for one in elements for stem in one.stems}
        self._beginnings: dict[str, set[str]] = {}
        for begin in (begin for one in elements for begin in one.beginnings):
            self._beginnings.setdefault(begin[:SHORTEST_PREFIX], set()).add(begin)
        self._right = {one.lstrip("!") for one in spelled}
        self._near: dict[str, list[str]] = {}
        for word in spelled:
            if len(word) >= SHORTEST_GUESS and not word.startswith("!"):
                for part in _shortened(word):
                    self._near.setdefault(part, []).append(word)

    def hits(self, text: str) -> list[Hit]:
        """Everything found, in the order of the text; longest first where two begin together."""
        every = [self._meant(one) for one in words_of(text, self._tongue, small=True)]
        counting = [one for one in every if one.word not in self._tongue.small]
        found: dict[tuple[str, int], Hit] = {}
        for words, index in ((counting, self._index), (every, self._whole_index)):
            for hit in _hits(words, index):
                before = found.get((hit.concept, hit.start))
                if before is None or before.end < hit.end:
                    found[hit.concept, hit.start] = hit
        return _sorted_out(found.values())

    def _begins_as_known(self, word: str) -> bool:
        return any(
            word.startswith(one) and len(word) - len(one) <= LONGEST_ENDING
            for one in self._beginnings.get(word[:SHORTEST_PREFIX], ())
        )

    def _meant(self, one: Word) -> Word:
        """The word that was meant, where one letter is wrong."""
        word = one.word
        if not SHORTEST_GUESS - 1 <= len(word) <= LONGEST_GUESS or not word.isalpha():
            return one
        if one.stem in self._known or word in self._right or self._begins_as_known(word):
            return one
        for part in (word, *_shortened(word)):
            for other in self._near.get(part, ()):
                if other[0] == word[0] and _is_near(word, other):
                    return Word(other, self._tongue.stem(other), one.start, one.end)
        return one


def _hits(words: list[Word], index: _Index) -> Iterable[Hit]:
    for place, one in enumerate(words):
        for pattern in index.beginning_with(one):
            end = _end(pattern.elements, 1, words, place + 1)
            if end < 0:
                continue
            negated = not pattern.negates and _is_negated(words, place)
            last = words[end - 1] if words[end - 1].word != STOP else words[end - 2]
            first = words[place + 1] if one.word == STOP else one
            yield Hit(pattern.concept, first.start, last.end, negated)


def _sorted_out(hits: Iterable[Hit]) -> list[Hit]:
    """In the order of the text. What lies in a longer find of the same concept is no second one,
    what is denied within a longer find ("no signal") is meant by that one alone, and what is said
    to be so elsewhere is not denied."""
    kept: list[Hit] = []
    open_ones: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.concept)):
        open_ones = [one for one in open_ones if one.end > hit.start]
        around = [one for one in open_ones if one.end >= hit.end and _is_longer(one, hit)]
        open_ones.append(hit)
        if any(one.concept == hit.concept or hit.negated > one.negated for one in around):
            continue
        kept.append(hit)
    so = {one.concept for one in kept if not one.negated}
    return [one for one in kept if not one.negated or one.concept not in so]


def _is_longer(one: Hit, other: Hit) -> bool:
    return one.end - one.start > other.end - other.start


def _end(elements: tuple[Element, ...], at: int, words: list[Word], place: int) -> int:
    """The place behind the pattern's last word; -1 where it does not go on."""
    if at == len(elements):
        return place
    element = elements[at]
    if element.gap:
        for skipped in range(element.gap + 1):
            end = _end(elements, at + 1, words, place + skipped)
            if end >= 0:
                return end
            if place + skipped >= len(words) or words[place + skipped].word == STOP:
                return -1
        return -1
    if place >= len(words) or not element.takes(words[place]):
        return -1
    return _end(elements, at + 1, words, place + 1)


def _is_negated(words: list[Word], place: int) -> bool:
    before = words[max(0, place - 2) : place]
    while any(one.word == STOP for one in before):
        before = before[1:]
    if any(one.stem == CANNOT or one.word in _ABLE for one in before):
        return False
    return any(one.word in _DENIALS for one in before)


def _shortened(word: str) -> Iterable[str]:
    """The word with one letter less, in every way, and as it is."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def _is_near(one: str, other: str) -> bool:
    """One letter more, less or other, or two next to each other changed round."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, others = one[start:], other[start:]
    return (
        rest[1:] == others[1:]
        or rest[1:] == others
        or rest == others[1:]
        or (rest[:2] == others[:2][::-1] and rest[2:] == others[2:])
    )
