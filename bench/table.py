"""Figures and how they are printed: measured value, baseline of the same run, ratio, bound."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One line of the table. `bound` is the most it may be; None where it is only reported."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    bound: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.baseline if self.baseline else None

    @property
    def held(self) -> bool | None:
        return None if self.bound is None else self.value <= self.bound


@dataclass
class Table:
    figures: list[Figure] = field(default_factory=list)

    def add(self, figure: Figure) -> None:
        self.figures.append(figure)
        print(line(figure), flush=True)

    @property
    def missed(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.held is False]


HEADER = f"{'measure':<52} {'value':>10} {'unit':<9} {'ratio':>7} {'bound':>8}  note"


def line(figure: Figure) -> str:
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}x"
    bound = "" if figure.bound is None else f"{figure.bound:g}"
    verdict = {True: "held", False: "MISSED", None: ""}[figure.held]
    text = (
        f"{figure.name:<52} {figure.value:>10.3g} {figure.unit:<9} {ratio:>7} {bound:>8}  "
        f"{verdict} {figure.note}"
    )
    return text.rstrip()


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie, linear between neighbours."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
