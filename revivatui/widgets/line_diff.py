"""Which cells of a drawn line changed: what need not be sent again over a slow link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.text.width import wobbles

if TYPE_CHECKING:
    from rich.segment import Segment
    from textual.strip import Strip


def changed_cells(before: Strip, after: Strip) -> tuple[int, int] | None:
    """The first cell that differs and the one after the last, or None where all are equal.

    Whole graphemes: a segment whose text is not plain ASCII counts as changed from end to end. A
    line that holds something of doubtful width is sent whole: where its cells are depends on the
    terminal.
    """
    if before is after:
        return None
    old, new = list(before), list(after)
    if old != new and any(wobbles(segment.text) for segment in (*old, *new)):
        return 0, max(before.cell_length, after.cell_length)
    start = _same_cells(old, new)
    if start == after.cell_length == before.cell_length:
        return None
    if before.cell_length != after.cell_length:
        return start, max(before.cell_length, after.cell_length)
    end = after.cell_length - _same_cells(old[::-1], new[::-1], backwards=True)
    return (start, end) if end > start else None


def _same_cells(old: list[Segment], new: list[Segment], backwards: bool = False) -> int:
    """How many cells two lines share at one end."""
    cells = 0
    for left, right in zip(old, new, strict=False):
        if left == right:
            cells += right.cell_length
            continue
        if left.style == right.style and left.text.isascii() and right.text.isascii():
            pairs = (
                zip(left.text[::-1], right.text[::-1], strict=False)
                if backwards
                else zip(left.text, right.text, strict=False)
            )
            for a, b in pairs:
                if a != b:
                    break
                cells += 1
        break
    return cells
