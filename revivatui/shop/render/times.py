"""Times on the wire (contract 0): rows hold microseconds, answers seconds or ISO text."""

from __future__ import annotations

from datetime import UTC, datetime

MICROS = 1_000_000


def seconds(micros: int | None) -> int | None:
    """``ts``: whole epoch seconds, or None."""
    return None if micros is None else micros // MICROS


def seconds_or_zero(micros: int | None) -> int:
    """``ts0``: whole epoch seconds, 0 for never."""
    return 0 if micros is None else micros // MICROS


def fraction(micros: int | None) -> float | None:
    """``tsf``: epoch seconds with their fraction."""
    return None if micros is None else micros / MICROS


def iso(micros: int | None) -> str | None:
    """``iso``: UTC with milliseconds, as Rails writes times into JSON."""
    if micros is None:
        return None
    moment = datetime.fromtimestamp(micros // MICROS, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{micros % MICROS // 1000:03d}Z"


def parse_iso(text: str) -> int:
    """ISO text (any precision, "Z" or offset) to microseconds. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp()) * MICROS + moment.microsecond
