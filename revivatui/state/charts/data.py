"""What charts are given: immutable, from whoever knows the figures. Names are safe text already."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Literal

from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

Unit = Literal["count", "seconds", "percent", "points"]
Value = float | None
"""A value, or None where there is no data."""

MOST_SERIES: Final = 3
MOST_PARTS: Final = 5
RATINGS: Final = 5
NO_DATA: Final = "no data"
EMPTY: Final = "No conversations in this range"


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted or measured. `one` and `many` are its nouns ("" where none is said)."""

    name: str
    unit: Unit = "count"
    one: str = ""
    many: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place on the axis: short below the axis ("24 Nov"), in full when it is spoken of."""

    short: str
    words: str


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one measure, one for each slot. `is_previous` ones are what is compared with;
    `slots` are then the places they were taken from ("Tue 17 Nov")."""

    measure: Measure
    values: tuple[Value, ...]
    name: str = ""
    is_previous: bool = False
    slots: tuple[Slot, ...] = ()

    @property
    def label(self) -> str:
        return self.name or self.measure.name


@dataclass(frozen=True, slots=True)
class LineData:
    """One to three series over the same slots. `before` names the slot before another one."""

    title: str
    slots: tuple[Slot, ...]
    series: tuple[Series, ...]
    before: str = "the one before"

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"a line chart has 1 to {MOST_SERIES} series, not {len(self.series)}")
        for series in self.series:
            if len(series.values) != len(self.slots):
                raise ValueError(
                    f"{series.label}: {len(series.values)} values for {len(self.slots)} slots"
                )
            if series.slots and len(series.slots) != len(self.slots):
                raise ValueError(f"{series.label}: other places than the chart has")


@dataclass(frozen=True, slots=True)
class Bar:
    """A named value; `note` is said behind it ("34 %")."""

    name: str
    value: Value
    note: str = ""


@dataclass(frozen=True, slots=True)
class BarData:
    """Values side by side, in the order they are shown."""

    title: str
    measure: Measure
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class StackRow:
    """A named row of a stacked chart: one value for each part."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class StackData:
    """Rows made of the same parts ("open", "resolved", ...), shown as shares of their row."""

    title: str
    measure: Measure
    parts: tuple[str, ...]
    rows: tuple[StackRow, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.parts) <= MOST_PARTS:
            raise ValueError(f"a stacked chart has 1 to {MOST_PARTS} parts, not {len(self.parts)}")
        for row in self.rows:
            if len(row.values) != len(self.parts):
                raise ValueError(f"{row.name}: {len(row.values)} values, {len(self.parts)} parts")
            if any(value is not None and value < 0 for value in row.values):
                raise ValueError(f"{row.name}: a part cannot be less than nothing")


@dataclass(frozen=True, slots=True)
class HeatData:
    """A table of values: weekdays down, hours across. `rows` and `columns` are their names."""

    title: str
    measure: Measure
    rows: tuple[Slot, ...]
    columns: tuple[Slot, ...]
    values: tuple[tuple[Value, ...], ...]

    def __post_init__(self) -> None:
        if len(self.values) != len(self.rows):
            raise ValueError(f"{len(self.values)} rows of values for {len(self.rows)} names")
        for row in self.values:
            if len(row) != len(self.columns):
                raise ValueError(f"{len(row)} values for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class RatingData:
    """How often each rating was given, from 1 to 5. `satisfied` is the lowest that counts so."""

    title: str
    counts: tuple[int, ...]
    satisfied: int = 4

    def __post_init__(self) -> None:
        if len(self.counts) != RATINGS or min(self.counts) < 0:
            raise ValueError(f"{RATINGS} counts of ratings are wanted")

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def average(self) -> float | None:
        """Of 5."""
        if not self.total:
            return None
        return sum(n * count for n, count in enumerate(self.counts, 1)) / self.total

    @property
    def satisfaction(self) -> float | None:
        """Percent of the ratings that are `satisfied` or better."""
        if not self.total:
            return None
        return 100 * sum(self.counts[self.satisfied - 1 :]) / self.total


@dataclass(frozen=True, slots=True)
class SparkData:
    """A small line of one series."""

    series: Series
    slots: tuple[Slot, ...]
    before: str = "the one before"

    def __post_init__(self) -> None:
        if len(self.series.values) != len(self.slots):
            raise ValueError(f"{len(self.series.values)} values for {len(self.slots)} slots")


ChartData = LineData | BarData | StackData | HeatData | RatingData | SparkData


def known(values: Iterable[Value]) -> list[float]:
    """The values that are there. What is no number (nan, infinite) is no data."""
    return [value for value in values if value is not None and math.isfinite(value)]


def all_values(data: ChartData) -> list[float]:
    """Every value there is in a chart."""
    match data:
        case LineData():
            return known(value for series in data.series for value in series.values)
        case SparkData():
            return known(data.series.values)
        case BarData():
            return known(bar.value for bar in data.bars)
        case StackData():
            return known(value for row in data.rows for value in row.values)
        case HeatData():
            return known(value for row in data.values for value in row)
        case RatingData():
            return [float(count) for count in data.counts] if data.total else []


def is_empty(data: ChartData) -> bool:
    """Whether there is nothing to draw. Zeros are something."""
    return not all_values(data)
