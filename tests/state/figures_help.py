"""The recorded account for figures: its rows, and the questions that a real server answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, NamedTuple

from revivatui.state.figures.rows import Rows, rows_of
from tests.api.recordings import rows

ASKED: Final = datetime(2026, 11, 22, 20, 20, tzinfo=UTC)
"""When the recorded questions were put."""
REPORTS: Final = "/api/v2/accounts/2/reports"


@cache
def recorded(version: str) -> Rows:
    return rows_of(rows(version, "figures-raw"))


def ids(version: str, table: str) -> list[int]:
    return [int(row["id"]) for row in rows(version, "figures-raw") if row["table"] == table]


class Difference(NamedTuple):
    """One value that is not the one told, and where in the answer it stands."""

    at: str
    own: Any
    told: Any


def differences(own: Any, told: Any, at: str = "") -> Iterator[Difference]:
    """Where two answers differ, value by value; floats to a millionth."""
    if isinstance(own, dict) and isinstance(told, dict):
        if own.keys() != told.keys():
            yield Difference(at, sorted(own), sorted(told))
        for key in own.keys() & told.keys():
            yield from differences(own[key], told[key], f"{at}/{key}")
    elif isinstance(own, list) and isinstance(told, list):
        if len(own) != len(told):
            yield Difference(at, len(own), len(told))
        for place, (mine, theirs) in enumerate(zip(own, told, strict=False)):
            yield from differences(mine, theirs, f"{at}/{place}")
    elif is_number(own) and is_number(told):
        if abs(own - told) > 1e-6 * max(1.0, abs(told)):
            yield Difference(at, own, told)
    elif own != told:
        yield Difference(at, own, told)


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
