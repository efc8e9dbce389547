"""A model's text made safe piece by piece, exactly as the whole of it would be."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from revivatui.text.safe import safe

_LONE: Final = re.compile("[\ud800-\udfff]")
_LEAD: Final = re.compile("[\ud800-\udbff]$")


class SafeStream:
    """`feed` gives back what no later piece can change any more, `end` the rest.

    All that it gives back, in one, is `safe` of all that it was given, in one.
    """

    def __init__(self) -> None:
        self._line = ""
        """The line that has not ended, as it came."""
        self._given = 0
        """How many characters of it, made safe, were given back."""

    def feed(self, piece: str) -> str:
        self._line = _joined(self._line + piece)
        out = []
        if (at := self._line.rfind("\n")) >= 0:
            out.append(safe(self._line[: at + 1])[self._given :])
            self._line, self._given = self._line[at + 1 :], 0
        done = safe(self._line[: _settled(self._line)])
        out.append(done[self._given :])
        self._given = max(self._given, len(done))
        return "".join(out)

    def end(self) -> str:
        rest, self._line, given, self._given = self._line, "", self._given, 0
        return safe(rest)[given:]


def _joined(text: str) -> str:
    """Halves of a character that came in two frames, put together."""
    if not _LONE.search(text):
        return text
    tail = text[-1] if _LEAD.search(text) else ""
    whole = text[: len(text) - len(tail)]
    return whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") + tail


def _settled(line: str) -> int:
    """Up to where what follows changes nothing: behind the last character that stands alone."""
    for at in range(len(line), 0, -1):
        if _stands_alone(line[at - 1]):
            return at
    return 0


def _stands_alone(char: str) -> bool:
    """A letter, figure, mark of punctuation or sign; no space, joiner, accent or control."""
    return unicodedata.category(char)[0] in "LNPS" and char not in "\ufffc\u2028\u2029"
