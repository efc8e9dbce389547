"""The recordings of real servers, row by row."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parents[1] / "data" / "recordings"
VERSIONS: Final = ("3.9.0", "4.10.1")
LIVE: Final = (
    "http",
    "cable",
    "webhooks",
    "widget-http",
    "widget-cable",
    "widget-webhooks",
    "burst",
    "worker",
    "restart",
    "auth",
    "presence",
    "odd",
    "receipts",
    "mailbot",
    "admin-http",
    "admin-cable",
)
"""What a server said while somebody worked on it, in the order of the recording."""


@cache
def rows(version: str, name: str) -> tuple[Any, ...]:
    with gzip.open(FOLDER / version / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return tuple(json.loads(line) for line in lines)


def live_rows(version: str) -> Iterator[Any]:
    for name in LIVE:
        yield from rows(version, name)


def event_frames(version: str) -> Iterator[Any]:
    """Every frame that carries an event, for whomever it was."""
    for row in live_rows(version):
        frame = row.get("frame")
        if isinstance(frame, dict) and isinstance(frame.get("message"), dict):
            yield frame


def answers(version: str, method: str, path_end: str) -> Iterator[Any]:
    """Every recorded success of a call, by the end of its path."""
    for row in live_rows(version):
        if (
            row.get("method") == method
            and row.get("status") == 200
            and str(row.get("path", "")).endswith(path_end)
        ):
            yield row["answer"]
