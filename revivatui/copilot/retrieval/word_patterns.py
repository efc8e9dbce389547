"""Patterns of words, and finding all of them in a text in one walk over its words.

A pattern is words in a row: `charg*` any word that begins so, `[port|jack]` one of these, `~` up to
two words between, `..` up to five, `.` at its end the end of a sentence. Small words ("the", "is",
"um") count neither in the text nor in the pattern, unless it would be left with a single word; then
all count. Plurals and endings are taken off both, and every negation is `not`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from revivatui.state.records import dataclass
from revivatui.text.fold import folded

SHORT_GAP: Final = 2
LONG_GAP: Final = 5
SHORTEST_PREFIX: Final = 3
SHORTEST_GUESS: Final = 6
"""Letters of a word from which on one wrong letter is forgiven."""
STOP: Final = "."
"""The end of a sentence, which no pattern reaches over."""

_WORD: Final = re.compile(r"[a-z0-9]+(?:['’`´][a-z]+)?|[.!?;\n]+")
_LONG: Final = re.compile(r"([a-z])\1{2,}")
_ELEMENT: Final = re.compile(r"\[([^\[\]]*)\]|(\S+)")
_NOT: Final = frozenset(
    "wont dont cant cannot doesnt isnt arent aint didnt wasnt wouldnt couldnt hasnt havent nt not"
    " nao naum nunca".split()
)
_SHORTHAND: Final = {
    "u": "you", "ur": "your", "r": "are", "y": "why", "pls": "please", "plz": "please",
    "thx": "thanks", "tks": "thanks", "ty": "thanks", "2day": "today", "2moro": "tomorrow",
    "tmrw": "tomorrow", "tmr": "tomorrow", "b4": "before", "gonna": "going", "wanna": "want",
    "abt": "about", "bc": "because", "cuz": "because", "asap": "asap", "wifi": "wifi",
}  # fmt: skip
_SHORTHAND_PT: Final = {
    "vc": "voce", "vcs": "voces", "pq": "porque", "qto": "quanto", "qnto": "quanto",
    "qdo": "quando", "qnd": "quando", "tb": "tambem", "tbm": "tambem", "hj": "hoje",
    "amanha": "amanha", "obg": "obrigado", "cel": "celular", "telemovel": "telemovel",
    "td": "tudo", "n": "not", "mt": "muito", "mto": "muito", "blz": "beleza", "pf": "favor", "sff": "favor",
}  # fmt: skip
_SMALL: Final = frozenset(
    "the a an my our his her their its it this that these those just even really so very quite"
    " pretty kinda literally actually please damn damned bloody fucking freaking stupid also still"
    " will would does do did is are was were am be been being has have had i me we they he she im"
    " ive its thats to simply totally completely lol hey well then only bit there keeps keep kept"
    " properly basically somehow suddenly".split()
)
_SMALL_PT: Final = frozenset(
    "o a os as um uma uns umas de do da dos das no na nos nas ao aos em num numa meu minha meus"
    " minhas seu sua seus suas teu tua este esta estes estas isso isto esse essa ele ela eles elas"
    " e esta esta ta tao estao foi era ser estar muito mesmo so ja me se eu lhe nos la ai pra para"
    " ca entao tipo bem completamente totalmente simplesmente favor".split()
)


class PatternError(ValueError):
    """A pattern that cannot be; the text says why."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, with its place in it."""

    word: str
    stem: str
    start: int
    end: int


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
    """It says "not" itself."""
    whole: bool = False
    """It counts the small words too."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern found."""

    concept: str
    start: int
    end: int
    negated: bool
    """"not", "never", "no" stands right before it and is not part of it."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """What differs between languages."""

    stem: Callable[[str], str]
    small: frozenset[str]
    shorthand: Mapping[str, str]


# --- words ---------------------------------------------------------------------------------------


def stem_en(word: str) -> str:
    """An English word without its ending, the same for all its forms where that is cheap."""
    if len(word) <= 3:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    base = word
    if word.endswith("ing") and len(word) > 5:
        base = word[:-3]
    elif word.endswith("ed") and len(word) > 4 and not word.endswith("eed"):
        base = word[:-2]
    if base is not word and not any(one in "aeiouy" for one in base):
        base = word
    if base is not word:
        if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lsz":
            base = base[:-1]
    elif word.endswith(("ses", "xes", "zes", "ches", "shes")):
        base = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        base = word[:-1]
    return base[:-1] if len(base) > 3 and base.endswith("e") else base


def stem_pt(word: str) -> str:
    """A Portuguese word (folded) without plural and gender."""
    if len(word) <= 3:
        return word
    for ending, instead in (("oes", "ao"), ("aes", "ao"), ("ais", "al"), ("eis", "el")):
        if word.endswith(ending) and len(word) > 4:
            return word[: -len(ending)] + instead
    if word.endswith("ns"):
        word = word[:-2] + "m"
    elif word.endswith(("res", "zes", "ses")) and len(word) > 5:
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] in "aoe" else word


TONGUES: Final = {
    "en": Tongue(stem_en, _SMALL, _SHORTHAND),
    "pt": Tongue(stem_pt, _SMALL_PT, _SHORTHAND_PT),
}


def words_of(text: str, tongue: Tongue, *, small: bool = False) -> list[Word]:
    """The words of a text that count, and the ends of its sentences (`small`: all words)."""
    plain, places = folded(text)
    found = []
    for one in _WORD.finditer(plain):
        start, end = one.span()
        word = _plain(one.group(), tongue)
        if word == STOP and found and found[-1].word == STOP:
            continue
        if not word or (not small and word in tongue.small):
            continue
        if places is not None:
            start, end = places[start], places[end - 1] + 1
        found.append(Word(word, word if word == STOP else tongue.stem(word), start, end))
    if not found or found[-1].word != STOP:
        found.append(Word(STOP, STOP, len(text), len(text)))
    return found


def _plain(word: str, tongue: Tongue) -> str:
    if word[0] in ".!?;\n":
        return STOP
    if not word.isalnum():
        head, _, tail = re.split("(['’`´])", word)
        word = "not" if tail == "t" and head.endswith("n") else head
    if word in _NOT:
        return "not"
    if _LONG.search(word):
        word = _LONG.sub(r"\1\1" if word.isalpha() else r"\g<0>", word)
    return tongue.shorthand.get(word, word)


WHOLE: Final = {
    language: Tongue(one.stem, frozenset(), one.shorthand) for language, one in TONGUES.items()
}
"""The same with no word that is too small to count."""


# --- patterns ------------------------------------------------------------------------------------


def patterns_of(
    text: str, concept: str, language: str, sets: Mapping[str, Iterable[str]]
) -> list[Pattern]:
    """A pattern as it is written; several, where a choice in it is of more than one word.

    Raises PatternError.
    """
    rows = _rows(text, TONGUES[language], sets)
    every = _rows(text, WHOLE[language], sets)
    if not every or not all(every):
        raise PatternError(f'"{text}" has no word.')
    whole = not rows or any(_words_in(one) < min(2, _words_in(every[0])) for one in rows)
    return [
        Pattern(concept, one, any("not" in element.stems for element in one), whole)
        for one in (every if whole else rows)
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


def _ways(
    group: str, tongue: Tongue, sets: Mapping[str, Iterable[str]]
) -> list[list[Element]]:
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
    for part in folded(text)[0].replace("-", " ").replace("/", " ").split():
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
        counted = words_of(part, tongue, small=True)[:-1]
        if len(counted) != 1 or counted[0].word == STOP or "*" in part:
            raise PatternError(f'"{part}" is not one word.')
        if counted[0].word not in tongue.small:
            row.append(Element(frozenset((counted[0].stem,))))
    return row


def _trimmed(row: list[Element]) -> tuple[Element, ...]:
    """Without gaps at its ends, which take nothing, and without two in a row."""
    kept: list[Element] = []
    for one in row:
        if one.gap and (not kept or kept[-1].gap):
            continue
        kept.append(one)
    while kept and (kept[-1].gap or kept == [_SPECIAL[STOP]]):
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


# --- finding -------------------------------------------------------------------------------------


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
        self._beginnings = tuple({begin for one in elements for begin in one.beginnings})
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

    def _meant(self, one: Word) -> Word:
        """The word that was meant, where one letter is wrong."""
        word = one.word
        if len(word) < SHORTEST_GUESS - 1 or not word.isalpha():
            return one
        if one.stem in self._known or word in self._right or word.startswith(self._beginnings):
            return one
        for part in (word, *_shortened(word)):
            for other in self._near.get(part, ()):
                if other[0] == word[0] and _is_near(word, other):
                    return Word(other, self._tongue.stem(other), one.start, one.end)
        return one


def _hits(words: list[Word], index: _Index) -> Iterable[Hit]:
    for place, one in enumerate(words):
        if one.word == STOP:
            continue
        for pattern in index.beginning_with(one):
            end = _end(pattern.elements, 1, words, place + 1)
            if end < 0:
                continue
            negated = not pattern.negates and _is_negated(words, place)
            last = words[end - 1] if words[end - 1].word != STOP else words[end - 2]
            yield Hit(pattern.concept, one.start, last.end, negated)


def _sorted_out(hits: Iterable[Hit]) -> list[Hit]:
    """In the order of the text. What lies in a longer find of the same concept is no second one,
    and what lies in a longer find of any ("no signal") is not denied by a word of that."""
    every = sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.concept))
    kept = []
    for hit in every:
        around = [
            one
            for one in every
            if one.start <= hit.start and hit.end <= one.end and one.end - one.start > hit.end - hit.start
        ]
        if any(one.concept == hit.concept for one in around):
            continue
        negated = hit.negated and not any(not one.negated for one in around)
        kept.append(Hit(hit.concept, hit.start, hit.end, negated))
    return kept


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
    before = [one.word for one in words[max(0, place - 2) : place]]
    if STOP in before:
        before = before[before.index(STOP) + 1 :]
    return any(one in ("not", "no", "never", "without", "sem", "nem") for one in before)


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
