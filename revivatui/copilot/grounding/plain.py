"""A text in plain letters and digits, which remembers where each of them stood."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from revivatui.text.safe import MARK

TAKEN: Final = "\x00"
"""Stands in for a character that was read already."""

BREAK: Final = "\x01"
"""Stands alone in a line between texts that are read in one."""

_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_SAME: Final = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys("\u2018\u2019\u201a\u02bc\u2032`\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb\u2033", '"'),
    "\u2044": "/",
    "\u2215": "/",
    "\t": " ",
    "\x00": " ",
    MARK: "",
}


_MOST_IN_A_ROW: Final = 4
"""Spaces, and empty lines, that are kept of a run: patterns take long over wide gaps."""
_WIDE_GAP: Final = re.compile(rf" {{{_MOST_IN_A_ROW + 1}}}|(?:\n *){{{_MOST_IN_A_ROW + 1}}}")


class Plain(NamedTuple):
    """`text` has no accents, no fancy digits, spaces, dashes or quotes; capitals stay."""

    text: str
    places: list[int] | None
    """For each character, where it stands in the text it was made of; None: at the same place."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The same stretch in the text it was made of."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def plain(text: str) -> Plain:
    """Digits of any script become 0 to 9; what cannot be seen is gone, and so is most of a gap."""
    is_plain = text.isascii() and text.replace("\n", "").isprintable() and "`" not in text
    if is_plain and not _WIDE_GAP.search(text):
        return Plain(text, None)
    letters: list[str] = []
    places: list[int] = []
    spaces = breaks = 0
    for place, letter in enumerate(text):
        for part in _plain_letter(letter):
            if part == "\n":
                breaks, spaces = breaks + 1, 0
            elif part == " ":
                spaces += 1
            else:
                spaces = breaks = 0
            if spaces <= _MOST_IN_A_ROW and breaks <= _MOST_IN_A_ROW:
                letters.append(part)
                places.append(place)
    return Plain("".join(letters), places)


def _plain_letter(letter: str) -> str:
    if letter in _SAME:
        return _SAME[letter]
    if letter.isascii():
        return letter if letter.isprintable() or letter == "\n" else ""
    parts = []
    for part in unicodedata.normalize("NFKD", letter):
        kind = unicodedata.category(part)
        if kind == "Nd":
            parts.append(str(unicodedata.digit(part)))
        elif kind == "Zs":
            parts.append(" ")
        elif kind[0] != "M" and kind not in ("Cf", "Cc", "Cs", "Co", "Zl", "Zp"):
            parts.append(_SAME.get(part, part))
    return "".join(parts)


def blank(text: str, start: int, end: int) -> str:
    """The text with a stretch of it taken out of what is still to be read."""
    return text[:start] + TAKEN * (end - start) + text[end:]
