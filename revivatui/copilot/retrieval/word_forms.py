"""The words of a text as they are looked for: folded, without endings, negations all alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from revivatui.state.records import dataclass
from revivatui.text.fold import folded

STOP: Final = "."
"""The end of a sentence, which no pattern reaches over."""

MOST: Final = 20_000
"""Letters of a text that are looked at."""

_WORD: Final = re.compile(r"[a-z0-9]+(?:['’`´][a-z]+)?|[.!?;\n]+")
_FILLED_IN: Final = re.compile(r"\{\{.{0,200}?\}\}|\{%.{0,200}?%\}")
"""Variables of canned responses: "{{contact.name}}" says nothing of contacts."""
_LONG: Final = re.compile(r"([a-z])\1{2,}")
CANNOT: Final = "cannot"
"""The stem of "can't": a denial that denies no fault ("can't uninstall it")."""
_NOT: Final = frozenset(
    re.findall(
        r"\S+",
        """
    wont dont cant cannot doesnt isnt arent aint didnt wasnt wouldnt couldnt hasnt havent nt not
    nao naum nunca
""",
    )
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
    "td": "tudo", "n": "not", "pfv": "favor", "tlm": "telemovel", "tlmv": "telemovel",
    "mt": "muito", "mto": "muito", "blz": "beleza", "pf": "favor", "sff": "favor",
}  # fmt: skip
_SMALL: Final = frozenset(
    re.findall(
        r"\S+",
        """
    the a an my our his her their its it this that these those just even really so very quite
    pretty kinda literally actually please damn damned bloody fucking freaking stupid also still
    will would does do did is are was were am be been being has have had i me we they he she im
    ive thats to simply totally completely lol hey well then only bit there keeps keep kept
    properly basically somehow suddenly
""",
    )
)
_SMALL_PT: Final = frozenset(
    re.findall(
        r"\S+",
        """
    o a os as um uma uns umas de do da dos das no na nos nas ao aos em num numa meu minha meus
    minhas seu sua seus suas teu tua este esta estes estas isso isto esse essa ele ela eles elas
    e ta tao estao foi era ser estar muito mesmo so ja me se eu lhe la ai pra para ca entao tipo
    bem completamente totalmente simplesmente favor
""",
    )
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, with its place in it."""

    word: str
    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tongue:
    """What differs between languages."""

    stem: Callable[[str], str]
    small: frozenset[str]
    shorthand: Mapping[str, str]


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
    """The words of a text that count (`small`: all words), with a stop before the first, between
    sentences and behind the last."""
    plain, places = folded(_FILLED_IN.sub(_blank, text[:MOST]))
    found = [Word(STOP, STOP, 0, 0)]
    for one in _WORD.finditer(plain):
        start, end = one.span()
        word = _plain(one.group(), tongue)
        if word == STOP and found[-1].word == STOP:
            continue
        if not word or (not small and word in tongue.small):
            continue
        if places is not None:
            start, end = places[start], places[end - 1] + 1
        found.append(Word(word, _stem(word, one.group(), tongue), start, end))
    if found[-1].word != STOP:
        found.append(Word(STOP, STOP, len(text), len(text)))
    return found


def _stem(word: str, written: str, tongue: Tongue) -> str:
    if word == "not" and written.startswith(("can", "could")):
        return CANNOT
    return word if word == STOP else tongue.stem(word)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def single_word(text: str, tongue: Tongue) -> Word | None:
    """A folded text that is one word; None where it is none or several."""
    found = _WORD.fullmatch(text)
    word = _plain(text, tongue) if found is not None else STOP
    return None if word == STOP else Word(word, tongue.stem(word), 0, len(text))


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
