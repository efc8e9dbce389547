"""The downloads of reports: lines of CSV as the server's templates write them (contract 6.6)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

_UNITS = (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1))
# A spreadsheet would take these for formulas.
_FORMULA = ("-", "=", "+", "@", "%", "|", "\t", "\r")


def duration(seconds: float | None, *, v4: bool) -> str:
    """The two largest units, cut off: ``3 hours 39 minutes``; nothing is ``--`` or ``N/A``."""
    rest = int(seconds or 0)
    if rest == 0:
        return "N/A" if v4 else "--"
    words = []
    for unit, size in _UNITS:
        number, rest = divmod(rest, size)
        if number:
            words.append(f"{number} {unit}{'' if number == 1 else 's'}")
    return " ".join(words[:2])


def line(cells: Iterable[Any]) -> str:
    """One row: cells made harmless for spreadsheets, then all of it escaped as HTML."""
    return escape(plain_line(cells), quote=True).replace("&#x27;", "&#39;")


def plain_line(cells: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([_harmless(cell) for cell in cells])
    return text.getvalue()


def _harmless(cell: Any) -> Any:
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell


def day(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d}"


def period(since: int, until: int) -> str:
    return f"Reporting period {day(since)} to {day(until)}"


def sheet(title: Sequence[Any], header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> str:
    """The first line, two blank ones, the header, the rows."""
    return line(title) + "\n\n" + line(header) + "".join(line(row) for row in rows)
