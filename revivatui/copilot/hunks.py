"""What changed between two texts, in pieces that are taken or left one by one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final

from revivatui.state.records import dataclass

_TOKEN: Final = re.compile(r"\s+|\w+(?:['’.,:/-]\w+)*|[^\w\s]")
MANY: Final = 6000
"""Tokens above which texts are compared line by line."""
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of both texts. Equal in both, or a hunk that is taken or left as a whole."""

    before: str
    after: str

    @property
    def is_hunk(self) -> bool:
        return self.before != self.after


def pieces_of(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces in order: their `before`s make up the one text, their `after`s the other.

    Changes with nothing but blanks between them are one hunk; a figure is never cut in two.
    """
    old, new = _tokens(before), _tokens(after)
    found: list[Piece] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        _add(found, Piece("".join(old[i1:i2]), "".join(new[j1:j2])), is_same=kind == "equal")
    return tuple(found)


def _tokens(text: str) -> list[str]:
    tokens = _TOKEN.findall(text)
    return tokens if len(tokens) <= MANY else _LINE.findall(text)


def _add(found: list[Piece], piece: Piece, *, is_same: bool) -> None:
    is_gap = is_same and not piece.before.strip() and "\n" not in piece.before
    if found and found[-1].is_hunk and (is_gap or not is_same):
        last = found[-1]
        found[-1] = Piece(last.before + piece.before, last.after + piece.after)
    elif piece.before or piece.after:
        found.append(piece)


def joined(
    pieces: Sequence[Piece], taken: Collection[int], edited: Mapping[int, str] | None = None
) -> str:
    """The text with these hunks taken, by their place among the pieces; what an agent wrote for
    one goes over both."""
    own = edited or {}
    return "".join(
        own.get(place, piece.after if place in taken else piece.before)
        for place, piece in enumerate(pieces)
    )
