"""What is known about a customer, in short lines: values of any shape, as JSON brought them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from revivatui.widgets.line_list import ListLine
from revivatui.widgets.pieces import Piece
from revivatui.widgets.symbols import symbols

MOST_ENTRIES: Final = 6
"""Entries of a list that are shown."""
_EMPTY: Final[tuple[object, ...]] = (None, "", [], {})


def facts_of(attributes: Mapping[str, object]) -> list[tuple[str, str]]:
    """Name and value of everything that is said in one line."""
    return [
        (_name(key), _scalar(value) if not isinstance(value, list) else _joined(value))
        for key, value in attributes.items()
        if value not in _EMPTY and not _is_nested(value)
    ]


def nested_lines(attributes: Mapping[str, object]) -> list[ListLine]:
    """Lists of records and records, each under its name."""
    lines: list[ListLine] = []
    for key, value in attributes.items():
        if value in _EMPTY or not _is_nested(value):
            continue
        lines.append(ListLine((Piece(_name(key), "muted"),)))
        entries = value if isinstance(value, list) else list(_pairs(value))
        for entry in entries[:MOST_ENTRIES]:
            lines.append(ListLine((Piece(f"{symbols.bullet} ", "muted"), Piece(_entry(entry)))))
        if len(entries) > MOST_ENTRIES:
            more = f"{symbols.ellipsis} and {len(entries) - MOST_ENTRIES} more"
            lines.append(ListLine((Piece(more, "muted"),)))
    return lines


def _name(key: str) -> str:
    return key.replace("_", " ")


def _is_nested(value: object) -> bool:
    if isinstance(value, Mapping):
        return True
    return isinstance(value, list) and any(isinstance(one, (Mapping, list)) for one in value)


def _pairs(value: object) -> Iterator[str]:
    assert isinstance(value, Mapping)
    for key, one in value.items():
        if one not in _EMPTY:
            yield f"{_name(str(key))}: {_entry(one)}"


def _entry(value: object) -> str:
    """A record as its words; numbers and yes or no keep their names."""
    if isinstance(value, Mapping):
        dot = f" {symbols.dot} "
        return dot.join(_named(str(key), one) for key, one in value.items() if one not in _EMPTY)
    if isinstance(value, list):
        return _joined(value)
    return _scalar(value)


def _named(key: str, value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (Mapping, list)):
        return f"{_name(key)}: {len(value)}"
    return f"{_name(key)} {_scalar(value)}"


def _joined(values: Sequence[object]) -> str:
    return ", ".join(_scalar(one) for one in values if one not in _EMPTY)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
