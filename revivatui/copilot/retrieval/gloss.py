"""What a Portuguese text says, word by word in English: enough to be compared by, none to be read.

The table of vectors was made from English. By what its words mean a Portuguese question is compared
with the sayings and the answers of both languages.
"""

from __future__ import annotations

from functools import cache, cached_property
from importlib.resources import files
from typing import Final

from revivatui.copilot.retrieval.terms import STOP_WORDS, portuguese_stem, stems, word_set, words

FILE: Final = "gloss_pt.txt"


_ENGLISH_TOO: Final = word_set(
    "bug chip cover hd net pc sim set top pen pin mail cooler led rom solo par tens come data sure"
    " fax torre micro radio studio massa visa video audio crash app smart hdd ssd pix mb cv tv do"
    " no a as me for ate ma tea sms ram drift router stick sd dock lcd anydesk bot chances malware"
    " mainboard motherboard notebook phones playstation smartwatch software teamviewer mobile"
    " netflix youtube spotify"
)


class Gloss:
    """Words and phrases of one language with what they mean."""

    def __init__(self, text: str) -> None:
        """`text`: a line for each meaning, "meaning: word, other word, some phrase"."""
        self._meanings: dict[str, str] = {}
        self._by_stem: dict[str, str] = {}
        self._most: dict[str, int] = {}
        for line in text.splitlines():
            meaning, colon, said = line.partition(":")
            if not colon or line.startswith("#"):
                continue
            for one in map(str.strip, said.split(",")):
                self._put(one, meaning.strip())

    def _put(self, said: str, meaning: str) -> None:
        first, *rest = said.split()
        self._meanings.setdefault(said, meaning)
        self._most[first] = max(self._most.get(first, 1), 1 + len(rest))
        if not rest:
            self._by_stem.setdefault(portuguese_stem(said), meaning)

    @cached_property
    def portuguese(self) -> frozenset[str]:
        """The words that are of this language alone, as far as its own meanings tell."""
        english = {word for meaning in self._meanings.values() for word in meaning.split()}
        return frozenset(
            one for one in self._meanings if " " not in one and one not in english | _ENGLISH_TOO
        )

    def english(self, text: str) -> str:
        """The meanings of its words, the longest phrases first; what is not known stays."""
        said = words(text)
        found: list[str] = []
        place = 0
        while place < len(said):
            length = self._longest(said, place)
            found.append(self._meaning(" ".join(said[place : place + length])))
            place += length
        return " ".join(one for one in found if one)

    def _longest(self, said: list[str], place: int) -> int:
        for length in range(self._most.get(said[place], 1), 1, -1):
            if " ".join(said[place : place + length]) in self._meanings:
                return length
        return 1

    def _meaning(self, said: str) -> str:
        if (known := self._meanings.get(said)) is not None:
            return known
        if said in STOP_WORDS["pt"]:
            return ""
        return self._by_stem.get(portuguese_stem(said), said)


def text() -> str:
    """What the package says that words mean."""
    return (files("revivatui.copilot.retrieval") / "data" / FILE).read_text("utf-8")


@cache
def shipped() -> Gloss:
    """The one of the package, read once."""
    return Gloss(text())


def both_stems(said: str, language: str) -> frozenset[str]:
    """The stems of a text's words, and of what they mean in English."""
    own = stems(said, language)
    return own | stems(shipped().english(said), "en") if language == "pt" else own


def in_english(said: str, language: str) -> str:
    """A text as it is looked up in the table."""
    return shipped().english(said) if language == "pt" else said
