"""Patterns of words, as the files of a thesaurus have them.

A pattern is words in a row: `charg*` any word that begins so, `news!` this very form,
`[port|jack]` one of these, `~` up to two words between, `..` up to five, `.` the end of a sentence
(before a first word: its beginning). Small words ("the", "is", "um") count neither in the text nor
in the pattern, unless it would be left with a single word or begins with `=`; then all count.
Plurals and endings are taken off both, and every negation is `not`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from revivatui.copilot.retrieval.word_forms import STOP, TONGUES, WHOLE, Tongue, Word, single_word
from revivatui.state.records import dataclass
from revivatui.text.fold import folded

_DENYING: Final = frozenset(("not", "no", "noth", "without", "nada", "sem", "never"))
"""Stems; "noth" is that of "nothing"."""
SHORT_GAP: Final = 2
LONG_GAP: Final = 5
SHORTEST_PREFIX: Final = 3
_MARKS: Final = str.maketrans("-/,:;()?", " " * 8)

_ELEMENT: Final = re.compile(r"\[([^\[\]]*)\]|(\S+)")


class PatternError(ValueError):
    """A pattern that cannot be; the text says why."""


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: its words without endings, beginnings of words, or a gap."""

    stems: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    gap: int = 0

    def takes(self, one: Word) -> bool:
        return (
            one.stem in self.stems
            or one.word in self.stems
            or (bool(self.beginnings) and one.word.startswith(self.beginnings))
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """A row of elements, and what it stands for."""

    concept: str
    elements: tuple[Element, ...]
    negates: bool
    """It says "not" or the like itself."""
    whole: bool = False
    """It counts the small words too."""


# --- patterns ------------------------------------------------------------------------------------


def patterns_of(
    text: str, concept: str, language: str, sets: Mapping[str, Iterable[str]]
) -> list[Pattern]:
    """A pattern as it is written; several, where a choice in it is of more than one word.

    Raises PatternError.
    """
    forced, text = text.startswith("="), text.removeprefix("=")
    rows = _rows(text, TONGUES[language], sets)
    whole = False
    if forced or any(_words_in(one) < 2 for one in rows):
        every = _rows(text, WHOLE[language], sets)
        if not all(every):
            raise PatternError(f'"{text}" has no word.')
        whole = forced or any(_words_in(one) < min(2, _words_in(every[0])) for one in rows)
        rows = every if whole else rows
    return [
        Pattern(concept, one, any(_DENYING & element.stems for element in one), whole)
        for one in rows
    ]


def _rows(
    text: str, tongue: Tongue, sets: Mapping[str, Iterable[str]]
) -> list[tuple[Element, ...]]:
    rows: list[list[Element]] = [[]]
    for one in _ELEMENT.finditer(text):
        group, word = one.groups()
        if group is not None:
            ways = _ways(group, tongue, sets)
        elif word in _SPECIAL:
            ways = [[_SPECIAL[word]]]
        else:
            ways = [_row(word, tongue, sets)]
        rows = [[*row, *way] for row in rows for way in ways or [[]]]
    return [_trimmed(row) for row in rows]


def _words_in(elements: tuple[Element, ...]) -> int:
    return sum(1 for one in elements if not one.gap)


def _ways(group: str, tongue: Tongue, sets: Mapping[str, Iterable[str]]) -> list[list[Element]]:
    """What a choice may be: all its single words in one, and each row of words for itself."""
    stems: set[str] = set()
    beginnings: list[str] = []
    rows = []
    for choice in _opened(group.split("|"), sets):
        row = [_SPECIAL[STOP]] if choice == STOP else _row(choice, tongue, sets)
        if len(row) == 1:
            stems |= row[0].stems
            beginnings += row[0].beginnings
        elif row:
            rows.append(row)
    if stems or beginnings:
        rows.append([Element(frozenset(stems), tuple(beginnings))])
    return rows


def _row(text: str, tongue: Tongue, sets: Mapping[str, Iterable[str]]) -> list[Element]:
    """Plain words in a row, each with its ending off or as a beginning."""
    row = []
    for part in folded(text)[0].translate(_MARKS).split():
        if part.startswith("@"):
            row += _ways(part, tongue, sets)[-1]
            continue
        if part == "~":
            row.append(_SPECIAL["~"])
            continue
        if part.endswith("*"):
            if len(part) <= SHORTEST_PREFIX:
                raise PatternError(f'"{part}" is too short a beginning.')
            row.append(Element(beginnings=(part[:-1],)))
            continue
        exact = part.endswith("!")
        word = single_word(part.rstrip("!"), tongue)
        if word is None:
            raise PatternError(f'"{part}" is not one word.')
        if word.word not in tongue.small:
            row.append(Element(frozenset((word.word if exact else word.stem,))))
    return row


def _trimmed(row: list[Element]) -> tuple[Element, ...]:
    """Without gaps at its ends, which take nothing, and without two in a row."""
    kept: list[Element] = []
    for one in row:
        if one.gap and (not kept or kept[-1].gap):
            continue
        kept.append(one)
    while kept and (kept[-1].gap or all(one == _SPECIAL[STOP] for one in kept)):
        kept.pop()
    return tuple(kept)


def _opened(choices: Iterable[str], sets: Mapping[str, Iterable[str]]) -> Iterable[str]:
    for choice in choices:
        name = choice.strip()
        if name.startswith("@"):
            if name not in sets:
                raise PatternError(f'There is no set "{name}".')
            yield from sets[name]
        else:
            yield name


_SPECIAL: Final = {
    "~": Element(gap=SHORT_GAP), "..": Element(gap=LONG_GAP), STOP: Element(frozenset((STOP,))),
}  # fmt: skip
