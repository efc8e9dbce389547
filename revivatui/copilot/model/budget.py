"""How much of each block a model is given, counted without its tokenizer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

BYTES_A_TOKEN: Final = 3.2
HEADROOM: Final = 0.8
"""A fifth is kept free: bytes a token is a bound that some scripts break."""

RULES, RECORD, SNIPPETS, DRAFT, MESSAGES, NOTES = 800, 600, 900, 300, 1500, 400
"""Tokens of each block."""
WORKED_ON: Final = RECORD + SNIPPETS + DRAFT + MESSAGES + NOTES
"""Tokens of a text that is itself worked on: nothing else goes along, and it is never cut."""

CUT: Final = " [...] "
LEAST: Final = 60
"""Bytes below which a part of a message says nothing."""


def room(tokens: int) -> int:
    """Bytes that a block of so many tokens may have."""
    return int(tokens * BYTES_A_TOKEN * HEADROOM)


def size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def tokens_of(text: str) -> int:
    """At most how many tokens a text is."""
    return int(size(text) / BYTES_A_TOKEN) + 1


def fitting(lines: Iterable[str], most: int) -> list[str]:
    """The first lines that fit into `most` bytes; one that is too long by itself is cut."""
    kept: list[str] = []
    for line in lines:
        length = size(line) + 1
        if length > most:
            if not kept:
                kept.append(shortened(line, most - 1))
            break
        kept.append(line)
        most -= length
    return kept


def newest(lines: Iterable[str], most: int) -> list[str]:
    """The last lines that fit, in their order; none of them takes more than half, but the last."""
    kept: list[str] = []
    share = most
    for line in reversed(list(lines)):
        if kept and most < LEAST:
            break
        line = shortened(line, min(share, most - 1))
        length = size(line) + 1
        if length > most:
            break
        kept.append(line)
        most -= length
        share = min(share, max(most // 2, 1))
    return kept[::-1]


def shortened(text: str, most: int) -> str:
    """A text cut in its middle to `most` bytes: how it begins and how it ends says most."""
    data = text.encode("utf-8", "replace")
    if len(data) <= most:
        return data.decode("utf-8")
    left = max(0, most - len(CUT))
    head, tail = data[: left - left // 3], data[len(data) - left // 3 :]
    return head.decode("utf-8", "ignore") + CUT + tail.decode("utf-8", "ignore")
