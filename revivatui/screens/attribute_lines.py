"""What is known about a customer, in short lines: values of any shape, as JSON brought them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from revivatui.text.when import stamp
from revivatui.text.width import width, wrap
from revivatui.widgets.line_list import ListLine
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

MOST_ENTRIES: Final = 6
"""Entries of a list that are shown."""
MOST_LETTERS: Final = 1_000
"""Characters of a value that are shown: the pane is made anew with every change."""
LEAST_ROOM: Final = 12
"""Cells that a text gets, however narrow the pane."""
_EMPTY: Final[tuple[object, ...]] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class AttributeLines:
    """Attributes as somebody reads them who is there `now` (epoch seconds), in lines of at most
    `room` cells."""

    now: float
    tz: tzinfo | None
    room: int

    def facts(self, attributes: Mapping[str, object]) -> list[tuple[str, str]]:
        """Name and value of everything that is said in one line."""
        return [
            (_name(key), self._entry(value))
            for key, value in attributes.items()
            if value not in _EMPTY and not _is_nested(value)
        ]

    def nested(self, attributes: Mapping[str, object]) -> list[ListLine]:
        """Lists of records and records, each under its name."""
        lines: list[ListLine] = []
        for key, value in attributes.items():
            if value in _EMPTY or not _is_nested(value):
                continue
            lines.append(ListLine((Piece(_name(key), "muted"),)))
            entries = list(self._entries(value))
            for entry in entries[:MOST_ENTRIES]:
                lines += hanging(Piece(f"{symbols.bullet} ", "muted"), entry, self.room)
            if len(entries) > MOST_ENTRIES:
                more = f"{symbols.ellipsis} and {len(entries) - MOST_ENTRIES} more"
                lines.append(ListLine((Piece(more, "muted"),)))
        return lines

    def _entries(self, value: object) -> Iterator[str]:
        """A line for each entry of a list, for each value of a record and, where that is a list of
        records, for each of those."""
        if not isinstance(value, Mapping):
            assert isinstance(value, list)
            yield from map(self._entry, value)
            return
        for key, one in value.items():
            if one in _EMPTY:
                continue
            parts = one if isinstance(one, list) and _is_nested(one) else [one]
            yield from (f"{_name(str(key))}: {self._entry(part)}" for part in parts)

    def _entry(self, value: object) -> str:
        """A record as its words; numbers and yes or no keep their names."""
        if isinstance(value, Mapping):
            dot = f" {symbols.dot} "
            told = (self._named(str(key), one) for key, one in value.items() if one not in _EMPTY)
            return dot.join(told)
        if isinstance(value, list):
            return self._joined(value)
        return self._scalar(value)

    def _named(self, key: str, value: object) -> str:
        if isinstance(value, str):
            return self._scalar(value)
        if isinstance(value, (Mapping, list)):
            return f"{_name(key)}: {len(value)}"
        return f"{_name(key)} {self._scalar(value)}"

    def _joined(self, values: Sequence[object]) -> str:
        return ", ".join(self._entry(one) for one in values if one not in _EMPTY)

    def _scalar(self, value: object) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        if isinstance(value, str) and (at := _moment(value)) is not None:
            return stamp(at, self.now, self.tz)
        return str(value)


def hanging(head: Piece, text: str, room: int) -> Iterator[ListLine]:
    """A text behind its head, the further lines of it below its first one; `room` in cells."""
    indent = width(head.text)
    more = symbols.ellipsis if len(text) > MOST_LETTERS else ""
    text = " ".join(text[:MOST_LETTERS].split()) + more
    for start, end in wrap(text, max(LEAST_ROOM, room - indent)):
        first = head if start == 0 else Piece(" " * indent)
        yield ListLine((first, Piece(text[start:end])))


def _name(key: str) -> str:
    return key.replace("_", " ")


def _is_nested(value: object) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, list) and any(isinstance(one, (Mapping, list)) for one in value)


def _moment(text: str) -> float | None:
    """Epoch seconds of a date with time and zone, as programs write them; days stay days."""
    if len(text) < len("2026-01-01T00:00Z") or text[10] not in "T ":
        return None
    try:
        at = datetime.fromisoformat(text)
        return None if at.tzinfo is None or at.year < 1970 else at.timestamp()
    except (ValueError, OverflowError):
        return None
