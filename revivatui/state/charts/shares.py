"""Bars and their parts: eighths of a cell, and rounding that adds up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from revivatui.state.charts.data import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from revivatui.state.charts.data import Value


def largest_remainder(values: Sequence[Value], whole: int) -> list[int]:
    """Whole numbers in proportion to the values that add up to `whole`; no data gets nothing.

    All zero where the values add up to nothing. What is below zero counts as nothing.
    """
    there = [max(0.0, value) if known((value,)) and value is not None else 0.0 for value in values]
    total = sum(there)
    if total <= 0:
        return [0] * len(there)
    exact = [whole * (value / total) for value in there]
    shares = [math.floor(part) for part in exact]
    rest = whole - sum(shares)
    by_rest = sorted(range(len(there)), key=lambda n: (shares[n] - exact[n], -there[n], n))
    for n in [n for n in by_rest if there[n] > 0][:rest]:
        shares[n] += 1
    return shares


def percents(values: Sequence[Value]) -> list[int]:
    """Whole percents that add up to 100."""
    return largest_remainder(values, 100)


def part_cells(values: Sequence[Value], cells: int) -> list[int]:
    """Cells of each part of a stacked bar: all of them are used, and a part that there is has one
    wherever there is room for it."""
    shares = largest_remainder(values, cells)
    there = {n for n, value in enumerate(values) if value is not None and value > 0}
    if cells < len(there):
        return shares
    for n in there:
        if not shares[n]:
            widest = max(range(len(shares)), key=lambda m: (shares[m], -m))
            shares[widest] -= 1
            shares[n] = 1
    return shares


def eighths(value: float, top: float, cells: int) -> int:
    """The length of a bar in eighths of a cell: a value above zero is never shown as nothing."""
    if value <= 0 or top <= 0 or cells <= 0:
        return 0
    return max(1, min(cells * 8, round(min(1.0, value / top) * cells * 8)))
