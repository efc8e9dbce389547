"""Cuts text into the pieces of words that the table of vectors knows (WordPiece, uncased)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST: Final = 100
"""Letters of a word that is looked up; a longer one is no word."""

CONTINUED: Final = "##"
_CJK: Final = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2CEAF), (0x2F800, 0x2FA1F),
)  # fmt: skip


class WordPieces:
    """The longest pieces first, from the left; an unknown word is no piece at all."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        self._ids = ids
        self._known: dict[str, tuple[int, ...]] = {}

    def of(self, text: str) -> list[int]:
        """The numbers of the text's pieces, in order."""
        found: list[int] = []
        for word in basic_words(text):
            found += self.of_word(word)
        return found

    def of_word(self, word: str) -> tuple[int, ...]:
        """The pieces of one word; none where some part of it is unknown."""
        if (known := self._known.get(word)) is None:
            known = self._known[word] = self._cut(word)
            if len(self._known) > 20_000:
                self._known.clear()
        return known

    def _cut(self, word: str) -> tuple[int, ...]:
        pieces: list[int] = []
        start, end = 0, len(word)
        while start < end <= LONGEST:
            for stop in range(end, start, -1):
                piece = word[start:stop] if not start else CONTINUED + word[start:stop]
                if (found := self._ids.get(piece)) is not None:
                    pieces.append(found)
                    start = stop
                    break
            else:
                return ()
        return tuple(pieces)


def basic_words(text: str) -> Iterator[str]:
    """Lower case, no accents, every mark and every Chinese character a word of its own."""
    word: list[str] = []
    for letter in unicodedata.normalize("NFD", text.lower()):
        if letter.isalnum() and not (letter > "\u33ff" and _is_cjk(letter)):
            word.append(letter)
            continue
        kind = unicodedata.category(letter)
        if kind in {"Mn", "Cc", "Cf"} and letter not in "\t\n\r":
            continue
        if kind[0] in "PS" or _is_cjk(letter):
            if word:
                yield "".join(word)
                word.clear()
            yield letter
        elif letter.isspace():
            if word:
                yield "".join(word)
                word.clear()
        else:
            word.append(letter)
    if word:
        yield "".join(word)


def _is_cjk(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _CJK)
