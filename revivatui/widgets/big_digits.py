"""Figures to be read across a room: digits five lines high, three cells wide, in one glyph."""

from __future__ import annotations

from typing import Final

from revivatui.widgets.symbols import symbols

HEIGHT: Final = 5
WIDTH: Final = 3
_FONT: Final = {
    "0": "### #.# #.# #.# ###",
    "1": ".#. ##. .#. .#. ###",
    "2": "### ..# ### #.. ###",
    "3": "### ..# ### ..# ###",
    "4": "#.# #.# ### ..# ..#",
    "5": "### #.. ### ..# ###",
    "6": "### #.. ### #.# ###",
    "7": "### ..# ..# .#. .#.",
    "8": "### #.# ### #.# ###",
    "9": "### #.# ### ..# ###",
    ":": "... .#. ... .#. ...",
    "-": "... ... ### ... ...",
    "+": "... .#. ### .#. ...",
    ".": "... ... ... ... .#.",
    " ": "... ... ... ... ...",
}


def big(text: str) -> tuple[str, ...]:
    """The lines of a figure; what has no big form is left out."""
    rows = [_FONT[letter].split() for letter in text if letter in _FONT]
    gap = " "
    return tuple(
        gap.join(row[line] for row in rows).replace("#", symbols.block).replace(".", " ")
        for line in range(HEIGHT)
    )


def big_width(text: str) -> int:
    """The cells that it takes."""
    letters = sum(letter in _FONT for letter in text)
    return max(0, letters * (WIDTH + 1) - 1)
