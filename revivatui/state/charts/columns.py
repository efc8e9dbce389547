"""Points to columns and back, and which labels fit below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from revivatui.state.charts.data import known

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from revivatui.state.charts.data import Value


def column_of(index: int, points: int, columns: int) -> int:
    """The column of a point: the first stands at the left edge, the last at the right one."""
    if points <= 1:
        return max(0, (columns - 1) // 2)
    return (index * (columns - 1) * 2 + points - 1) // (2 * (points - 1))


def point_at(column: int, points: int, columns: int) -> int:
    """The point whose column is nearest."""
    if points <= 1 or columns <= 1:
        return 0
    guess = round(column * (points - 1) / (columns - 1))
    near = range(max(0, guess - 1), min(points, guess + 2))
    return min(near, key=lambda index: abs(column_of(index, points, columns) - column))


class Bucket(NamedTuple):
    """Points `first` to `last` that share a column: their lowest, highest and middle value."""

    first: int
    last: int
    low: Value
    high: Value
    mean: Value


def buckets(values: Sequence[Value], columns: int) -> list[Bucket]:
    """At most `columns` buckets, each of about as many points; none of them is empty."""
    count = min(len(values), max(0, columns))
    made = []
    for place in range(count):
        first = place * len(values) // count
        last = (place + 1) * len(values) // count - 1
        there = known(values[first : last + 1])
        if there:
            mean = sum(there) / len(there)
            made.append(Bucket(first, last, min(there), max(there), mean))
        else:
            made.append(Bucket(first, last, None, None, None))
    return made


class Label(NamedTuple):
    """A label that is shown: which one, and where it starts."""

    number: int
    start: int


def thinned(widths: Sequence[int], centres: Sequence[int], room: int, gap: int = 2) -> list[Label]:
    """Every n-th label, with the smallest n at which none touches another or leaves the room."""
    for step in _strides(len(widths)):
        if (labels := _placed(widths, centres, room, gap, step)) is not None:
            return labels
    return []


def _strides(count: int) -> Iterator[int]:
    yield from range(1, count + 1)


def _placed(
    widths: Sequence[int], centres: Sequence[int], room: int, gap: int, step: int
) -> list[Label] | None:
    labels: list[Label] = []
    free = 0
    for index in range(0, len(widths), step):
        if widths[index] > room:
            return None
        start = min(max(0, centres[index] - widths[index] // 2), room - widths[index])
        if start < free:
            return None
        labels.append(Label(index, start))
        free = start + widths[index] + gap
    return labels
