"""Enumerations as Rails takes them."""

from __future__ import annotations

from typing import Any

from revivatui.shop.rest.base import crash
from revivatui.shop.rest.params import integer


def enum_name(value: Any, names: tuple[str, ...]) -> str:
    """A Rails enum by number or name; anything else is an unhandled error."""
    if isinstance(value, str) and value in names:
        return value
    number = integer(value) if not isinstance(value, str) or value.isdigit() else None
    if number is None or not 0 <= number < len(names):
        crash()
    return names[number]
