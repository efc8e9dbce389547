"""What is being looked for while text is typed: a canned response after `/`, a name after `@`."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

Place = tuple[int, int]
"""Row and column of a text area."""

CANNED: Final = "canned"
MENTION: Final = "mention"

_SLASH: Final = re.compile(r"/(\S*)")
_AT: Final = re.compile(r"(?:^|(?<=[\s(]))@([^\s@]*)$")


class Query(NamedTuple):
    """Something looked for; the text from `start` to the cursor makes way for what is found."""

    kind: str
    text: str
    start: Place


def query_at(line: str, cursor: Place, asked_at: Place | None, *, private: bool) -> Query | None:
    """What is looked for with the cursor there, or None.

    Args:
        line: The cursor's line.
        cursor: Where the cursor is.
        asked_at: Where canned responses were asked for by their key, while they are shown.
        private: A note is written: only its readers can be mentioned.
    """
    row, column = cursor
    if asked_at is not None:
        inside = asked_at[0] == row and asked_at[1] <= column
        return Query(CANNED, line[asked_at[1] : column], asked_at) if inside else None
    before = line[:column]
    if found := _SLASH.fullmatch(before):
        return Query(CANNED, found[1], (row, 0))
    if private and (found := _AT.search(before)):
        return Query(MENTION, found[1], (row, found.start()))
    return None
