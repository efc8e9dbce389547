"""Axes: round steps from zero that cover all the data, and where a value lies on them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from revivatui.state.charts.data import known
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from revivatui.state.charts.data import Unit, Value

_SECONDS: Final = (
    *(1, 2, 5, 10, 15, 30),
    *(60 * minutes for minutes in (1, 2, 5, 10, 15, 30)),
    *(3600 * hours for hours in (1, 2, 3, 6, 12)),
)
_DAY: Final = 86400.0
_PERCENT: Final = (1, 2, 5, 10, 20, 25, 50, 100)
_UNITS: Final = (1.0, 60.0, 3600.0, 86400.0)
_FINE_DIGITS: Final = (1, 2, 3, 4, 5, 6, 8)
_FINE_TOPS: Final = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 20, 24, 30, 40, 50, 60)
_WITHOUT_DATA: Final = {"count": 4.0, "seconds": 60.0, "percent": 100.0, "points": 5.0}
_TINY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` to `high` in `count` steps of `step`."""

    low: float
    step: float
    count: int

    @property
    def high(self) -> float:
        return self.low + self.step * self.count

    @property
    def ticks(self) -> tuple[float, ...]:
        return tuple(self.low + self.step * place for place in range(self.count + 1))

    def share(self, value: float) -> float:
        """Where a value lies, from 0 (low) to 1 (high)."""
        return min(1.0, max(0.0, (value - self.low) / (self.step * self.count)))

    def place(self, value: float, places: int) -> int:
        """Which of so many places, counted from the bottom, a value is drawn at."""
        return round(self.share(value) * (places - 1))


def scale_of(values: Iterable[Value], unit: Unit, most: int = 5) -> Scale:
    """The finest scale of at most `most` ticks (2 at least) that has zero and every value on it."""
    there = known(values)
    most = max(2, most)
    high, low = max((0.0, *there)), min((0.0, *there))
    if high == low:
        high = _WITHOUT_DATA[unit]
    whole = unit in ("count", "seconds") and all(value == int(value) for value in there)
    steps = _single_steps if most == 2 and low == 0 else _steps
    for step in steps((high - low) / (most - 1), unit, whole):
        bottom = math.floor(low / step + _TINY)
        top = max(bottom + 1, math.ceil(high / step - _TINY))
        top += top * step < high
        bottom -= bottom * step > low
        if top - bottom + 1 <= most or (most == 2 and step >= max(high, -low)):
            return Scale(bottom * step, step, top - bottom)
    raise AssertionError("unreachable")


def _steps(least: float, unit: Unit, whole: bool) -> Iterator[float]:
    """Round steps that grow, from about `least` on."""
    smallest = least * (1 - 1e-6)
    if unit == "seconds" and least > 0.5:
        yield from (float(step) for step in _SECONDS if step >= smallest)
        yield from (_DAY * step for step in _round_numbers(max(1.0, smallest / _DAY)))
        return
    if unit == "percent":
        yield from (float(step) for step in _PERCENT if step >= smallest >= 0.5)
    yield from _round_numbers(max(1.0, smallest) if whole else smallest)


def _single_steps(least: float, unit: Unit, whole: bool) -> Iterator[float]:
    """Where the top is the only number beside zero it may be less round, to be nearer."""
    if unit == "percent" and least > 50:
        yield from (step for step in (80.0, 100.0) if step >= least)
    if unit == "seconds":
        size = max((one for one in _UNITS if one <= least), default=1.0)
        yield from (size * n for n in _FINE_TOPS if size * n >= least)
    yield from _round_numbers(max(1.0, least) if whole else least, _FINE_DIGITS)


def _round_numbers(least: float, digits: tuple[int, ...] = (1, 2, 5)) -> Iterator[float]:
    """1, 2, 5, 10, 20, 50, ... from `least` on."""
    power = math.floor(math.log10(least))
    while True:
        for digit in digits:
            step = float(f"{digit}e{power}")
            if step >= least:
                yield step
        power += 1
