"""Few steps for many values: the levels of a heat map and of a sparkline."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from revivatui.state.charts.columns import buckets
from revivatui.state.charts.data import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from revivatui.state.charts.data import Value

HEAT_LEVELS: Final = 4
SPARK_LEVELS: Final = 8


def level(value: float, top: float, levels: int = HEAT_LEVELS) -> int:
    """0 for nothing, else 1 to `levels` in equal steps up to `top`."""
    if value <= 0 or top <= 0:
        return 0
    return max(1, min(levels, math.ceil(value / top * levels - 1e-9)))


class Range(NamedTuple):
    """The values that one level stands for."""

    level: int
    low: float
    high: float


def ranges(values: Sequence[Value], levels: int = HEAT_LEVELS) -> list[Range]:
    """What each level that there is stands for: whole numbers where all values are whole."""
    there = known(values)
    top = max(there, default=0.0)
    if top <= 0:
        return []
    if any(value != int(value) for value in there):
        return [Range(n, top * (n - 1) / levels, top * n / levels) for n in range(1, levels + 1)]
    made = []
    for n in range(1, levels + 1):
        low = math.floor(top * (n - 1) / levels + 1e-9) + 1
        high = math.floor(top * n / levels + 1e-9)
        if low <= high:
            made.append(Range(n, low, high))
    return made


def spark(values: Sequence[Value], cells: int) -> list[int | None]:
    """For each cell the level from 1 (lowest) to 8; None where there is no data.

    From zero up, so that a rise looks as large as it is; points that share a cell are averaged.
    """
    means = [bucket.mean for bucket in buckets(values, cells)]
    there = known(means)
    low, high = min((0.0, *there)), max((0.0, *there))
    if high == low:
        return [None if mean is None else 1 for mean in means]
    step = (SPARK_LEVELS - 1) / (high - low)
    return [None if mean is None else 1 + round((mean - low) * step) for mean in means]
