"""The alerts of a desk, noted for the day's list and for reports: a line of JSON each, only ever
added to, and cut back when it grew. No customer is named in it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from revivatui.state.alerts import Alert
from revivatui.text.safe import safe_line

KEPT_DAYS: Final = 400
MOST_BYTES: Final = 1_000_000
"""Over this the file is written anew, without what is older than `KEPT_DAYS`, or with
its newer half where that is not enough."""
DAY: Final = 86_400.0


def note(file: Path, alerts: Iterable[Alert]) -> None:
    """Add what began or ended. Raises OSError."""
    text = "".join(json.dumps(_line(one), ensure_ascii=False) + "\n" for one in alerts)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as opened:
        opened.write(text)


def between(file: Path, since: float, until: float) -> list[Alert]:
    """The alerts that were on at some time of a range (epoch seconds), the oldest first. One whose
    end nobody noted ended when the desk did, which is not known. Raises OSError."""
    found: dict[tuple[str, float], Alert] = {}
    for one in _lines(file):
        found[one.kind, one.since] = one
    inside = [one for one in found.values() if one.since < until and one.last_at >= since]
    return sorted(inside, key=lambda one: (one.since, one.kind))


def cut_back(file: Path, now: float) -> None:
    """Keep the file small. Raises OSError."""
    if not file.exists() or file.stat().st_size <= MOST_BYTES:
        return
    kept = [one for one in _lines(file) if one.since >= now - KEPT_DAYS * DAY]
    text = [json.dumps(_line(one), ensure_ascii=False) for one in kept]
    while sum(map(len, text)) > MOST_BYTES // 2 and len(text) > 1:
        text = text[len(text) // 2 :]
    beside = file.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write("".join(f"{one}\n" for one in text))
    os.replace(beside, file)


def _line(one: Alert) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "since": one.since,
        "until": one.until,
        "seen_at": one.seen_at,
        "words": one.bare,
        "leads_to": one.leads_to,
        "why_over": one.why_over,
    }


def _lines(file: Path) -> Iterator[Alert]:
    """What can be read of it: a line that a crash cut off is passed over."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    for line in text.splitlines():
        try:
            told = json.loads(line)
            since, until, seen = float(told["since"]), told["until"], told.get("seen_at")
            words = safe_line(str(told["words"]))
            yield Alert(
                safe_line(str(told["kind"])),
                since,
                words,
                safe_line(str(told.get("leads_to", ""))),
                None if until is None else float(until),
                safe_line(str(told.get("why_over", ""))),
                words,
                None if seen is None else float(seen),
            )
        except (ValueError, KeyError, TypeError):
            continue
