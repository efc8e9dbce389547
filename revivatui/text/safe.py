"""Text from outside made fit for a terminal.

Everything that comes from the network, a file, a model or the clipboard passes here once, on the
way in (design rule 1). Textual sends escape sequences in text straight to the terminal, so this is
what stands between a customer's message and the agent's clipboard.

What is taken out: control characters but the line break (C0, DEL, C1), invisible and bidirectional
format characters, line and paragraph separators, interlinear annotations, tag characters, lone
surrogates, joiners where nothing can join, and heaps of combining marks. Each run leaves one
visible `MARK`, so that an agent sees that something was there. U+200C and U+200D stay between
letters that need them (Persian, Indic scripts, emoji).
"""

from __future__ import annotations

import re
from typing import Final

from revivatui.text.later import Pattern

MARK: Final = "\u241b"
"""Stands for a run of characters that were taken out: one cell wide in every terminal."""

TAB_SIZE: Final = 4
MOST_MARKS: Final = 8
"""Combining marks that may pile up on one letter; no script needs more."""

_JOINERS: Final = "\u200c\u200d"
_ACTING: Final = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff"
    "\U000e0000-\U000e0fff"
)
# A joiner after nothing, or after a letter of a script that has no joined forms, goes too.
_FORBIDDEN: Final = f"[{_ACTING}]|(?<![\u0590-\U0010ffff{_JOINERS}])[{_JOINERS}]"
_RUN: Final = Pattern(f"(?:{_FORBIDDEN})(?:[ \xa0]*(?:{_FORBIDDEN}))*")

# Everything of no width of its own that people stack: accents, vowel signs, joiners, selectors.
_STACKED: Final = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0730-\u074a\u07a6-\u07b0\u07eb-\u07f3\u08ca-\u0902\u093a\u093c\u0941-\u0948\u094d"
    "\u0951-\u0957\u0981\u09bc\u09c1-\u09cd\u0a3c-\u0a51\u0abc-\u0acd\u0b3c-\u0b57\u0bc0-\u0bcd"
    "\u0c3c-\u0c56\u0cbc-\u0ccd\u0d3b-\u0d4d\u0dca-\u0dd6\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u0eb1-\u0ebc\u0ec8-\u0ecd\u0f71-\u0fbc\u102d-\u103e\u135d-\u135f\u17b4-\u17d3\u1a17-\u1a7f"
    "\u1ab0-\u1aff\u1b34-\u1b42\u1b6b-\u1b73\u1cd0-\u1ce8\u1dc0-\u1dff\u200c\u200d\u20d0-\u20f0"
    "\u2de0-\u2dff\u302a-\u302d\u3099\u309a\ua66f-\ua67d\ua8e0-\ua8f1\ufe00-\ufe0f\ufe20-\ufe2f"
)
# A class by itself at the start: the matcher skips to it at full speed.
_HEAP: Final = Pattern(f"([{_STACKED}][{_STACKED}]{{{MOST_MARKS - 1}}})[{_STACKED}]+")

_LINE_ENDS: Final = re.compile("\r\n|[\r\u2028\u2029]")
_MAY_GO: Final = Pattern(f"[{_ACTING}{_JOINERS}]")
# Everything that needs a closer look, in one class: the one search that most texts cost.
_SUSPECT: Final = Pattern(f"[\t\xad\u2028\u2029{_ACTING}{_STACKED}]")


def safe(text: str) -> str:
    """Text of many lines, with nothing in it that acts on a terminal.

    Line ends of any kind become line feeds, tabs become spaces up to the next multiple of
    `TAB_SIZE`, soft hyphens vanish (they show nothing anyway).
    """
    if text.isascii():
        if text.replace("\n", "").isprintable():
            return text
    elif not _SUSPECT.compiled.search(text):
        return text
    text = _LINE_ENDS.sub("\n", text).replace("\xad", "")
    if "\t" in text:
        text = text.expandtabs(TAB_SIZE)
    # Heaps first: a run taken out could join two short heaps, never make a forbidden character.
    text = _HEAP.compiled.sub(rf"\1{MARK}", text)
    return _RUN.compiled.sub(MARK, text) if _MAY_GO.compiled.search(text) else text


def safe_line(text: str) -> str:
    """Text for one line: as `safe`, and line breaks become spaces."""
    return safe(text).replace("\n", " ")
