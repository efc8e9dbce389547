"""Text as a search sees it: no capitals, no accents, and scripts without spaces cut into letters.

The same folding marks what was found that SQLite's `unicode61 remove_diacritics 2` finds it with,
so that a mark stands where the match is.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from revivatui.text.later import Pattern

UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Chinese, Japanese, Korean: words are not told by spaces (in Korean
they carry endings), so each letter is found for itself and a word as a run of letters."""

_LETTER: Final = Pattern(f"[{UNSPACED}]")


def letters_apart(text: str) -> str:
    """The text with a space around every letter of a script that is written without spaces."""
    return text if text.isascii() else _LETTER.compiled.sub(r" \g<0> ", text)


def is_unspaced(word: str) -> bool:
    """Whether a word has a letter of a script that is written without spaces."""
    return not word.isascii() and _LETTER.compiled.search(word) is not None


def folded(text: str) -> tuple[str, list[int] | None]:
    """The folded text, and for each of its characters the place in `text` it came from.

    None instead of the places where they are the same, as in plain ASCII.
    """
    if text.isascii():
        return text.lower(), None
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for part in unicodedata.normalize("NFD", letter):
            if not unicodedata.combining(part):
                for low in part.lower():
                    letters.append(low)
                    places.append(place)
    return "".join(letters), places


def fold(text: str) -> str:
    """The folded text alone."""
    return folded(text)[0]
