"""How wide text is on screen, and how to cut and wrap it.

Widths are terminal cells as Rich's tables know them, which is what Textual measures with. Cuts
never fall inside a grapheme (a letter with its marks, a flag, an emoji sequence).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rich.cells import cell_len, split_graphemes

from revivatui.text.later import Pattern

Span = tuple[int, int]
"""Start and end of a piece of a text, in characters."""

ELLIPSIS: Final = "…"

_WORD: Final = re.compile("[^ ]+")
# Scripts that break between any two letters.
_FREE_BREAKS: Final = Pattern(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef"
    "\U0001f000-\U0001faff\U00020000-\U0003ffff]"
)

# Presentation selectors, joiners, keycaps, flags and skin tones.
_WOBBLES: Final = Pattern("[\u200d\ufe0e\ufe0f\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]")

width = cell_len


def wobbles(text: str) -> bool:
    """Whether terminals disagree on the width of something in here: of one cell, two or more."""
    return not text.isascii() and _WOBBLES.compiled.search(text) is not None


def graphemes(text: str) -> list[tuple[str, int]]:
    """The graphemes of a text, each with its width."""
    return [(text[start:end], cells) for start, end, cells in split_graphemes(text)[0]]


def take(text: str, cells: int) -> int:
    """How many characters of `text` fit into `cells`; whole graphemes only."""
    if cells <= 0:
        return 0
    # No grapheme is narrower than its first character, but many may have no width at all.
    head = text[: cells * 12]
    if cell_len(head) <= cells and len(head) == len(text):
        return len(text)
    if text[: cells + 1].isascii():
        return min(cells, len(text))
    used = 0
    end = 0
    for _start, stop, size in split_graphemes(head)[0]:
        if used + size > cells:
            return end
        used += size
        end = stop
    return end


@lru_cache(maxsize=2048)
def truncate(text: str, cells: int, ellipsis: str = ELLIPSIS) -> str:
    """`text` cut to at most `cells`, ending in `ellipsis` where something was cut."""
    if len(text) <= cells * 12 and cell_len(text) <= cells:
        return text
    mark = ellipsis if cell_len(ellipsis) <= cells else ""
    return text[: take(text, cells - cell_len(mark))].rstrip() + mark


def pad(text: str, cells: int) -> str:
    """`text` with spaces after it to fill `cells`; longer text stays as it is."""
    return text + " " * (cells - cell_len(text))


def fit(text: str, cells: int, ellipsis: str = ELLIPSIS) -> str:
    """`text` cut or padded to exactly `cells`."""
    return pad(truncate(text, cells, ellipsis), cells) if cells > 0 else ""


def wrap(text: str, cells: int, rest: int | None = None) -> list[Span]:
    """Where to break one line of text so that each piece fits.

    Args:
        text: One line, without line feeds.
        cells: Room on the first line; at least one grapheme is put on a line, however narrow.
        rest: Room on the lines after it, where it differs.

    Returns:
        The pieces in order. Spaces at a break belong to no piece; those before the first word do.
    """
    rest = max(1, cells if rest is None else rest)
    cells = max(1, cells)
    if len(text) <= cells and cell_len(text) <= cells:
        return [(0, len(text))]
    # An indent wider than half the room would leave none for the words.
    start = max(0, len(text) - len(text.lstrip(" ")) - cells // 2)
    if text.isascii():
        return _wrap_ascii(text, start, cells, rest)
    return _Wrapper(text, start, cells, rest).spans()


def _wrap_ascii(text: str, start: int, cells: int, rest: int) -> list[Span]:
    spans: list[Span] = []
    length = len(text.rstrip(" "))
    room = cells
    while length - start > room:
        cut = text.rfind(" ", start, start + room + 1)
        if cut <= start or not text[start:cut].strip(" "):
            cut = start + room
        end = cut
        while end > start + 1 and text[end - 1] == " ":
            end -= 1
        spans.append((start, end))
        start = cut
        while start < length and text[start] == " ":
            start += 1
        room = rest
    if start < length or not spans:
        spans.append((start, length))
    return spans


class _Wrapper:
    """Wraps a text that has letters of more or less than one cell."""

    def __init__(self, text: str, start: int, cells: int, rest: int) -> None:
        self.text = text
        self.room = cells
        self.rest = rest
        self.done: list[Span] = []
        self.start = start
        self.end = start
        self.used = 0

    def spans(self) -> list[Span]:
        for match in _WORD.finditer(self.text):
            start, stop = match.span()
            word = self.text[start:stop]
            gap = start - self.end
            size = cell_len(word)
            if self.used + gap + size <= self.room:
                self.used += gap + size
                self.end = stop
                continue
            if _FREE_BREAKS.compiled.search(word):
                self._pour(start, stop, gap)
                continue
            if self.end > self.start:
                self._break(start)
            else:
                self.used += gap
            if self.used + size <= self.room:
                self.used += size
                self.end = stop
            else:
                self._pour(start, stop, 0)
        if self.end > self.start or not self.done:
            self.done.append((self.start, self.end))
        return self.done

    def _break(self, next_start: int) -> None:
        self.done.append((self.start, self.end))
        self.start = self.end = next_start
        self.used = 0
        self.room = self.rest

    def _pour(self, start: int, stop: int, gap: int) -> None:
        """Fill lines with the graphemes of a word that may break anywhere."""
        if self.used + gap < self.room:
            self.used += gap
        elif self.end > self.start:
            self._break(start)
        for left, right, size in split_graphemes(self.text[start:stop])[0]:
            if self.used + size > self.room and self.end > self.start:
                self._break(start + left)
            elif self.used + size > self.room:  # the indent leaves no room
                self.start, self.used = start + left, 0
            self.used += size
            self.end = start + right
