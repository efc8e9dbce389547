"""Reading times that callers send."""

from __future__ import annotations

from typing import Any

from revivatui.shop.render.times import MICROS, parse_iso


def read_moment(value: Any) -> int | None:
    """Epoch seconds (number or digits) or ISO text as microseconds; None where unreadable."""
    if value is None or isinstance(value, bool) or value == "":
        return None
    text = str(int(value) if isinstance(value, int | float) else value).strip()
    if text.lstrip("-").isdigit() and len(text) < 13:
        return int(text) * MICROS
    try:
        return parse_iso(text)
    except ValueError:
        return None
