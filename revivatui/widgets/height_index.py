"""Where things of different heights begin, when any height may change at any time.

A tree of partial sums (Fenwick): building is linear; changing one height, finding where an item
begins and finding the item at a line take logarithmic time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class HeightIndex:
    """Heights in lines of items in order, counted from 0."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self.heights = list(heights)
        """The heights in order: to read, not to change."""
        self._sums = [0, *self.heights]
        for place in range(1, len(self._sums)):
            parent = place + (place & -place)
            if parent < len(self._sums):
                self._sums[parent] += self._sums[place]
        self.total = sum(self.heights)
        """Lines of all items together."""
        self._highest_step = 1 << (len(self.heights).bit_length() - 1) if self.heights else 0

    def __len__(self) -> int:
        return len(self.heights)

    def __getitem__(self, item: int) -> int:
        return self.heights[item]

    def __setitem__(self, item: int, height: int) -> None:
        grown = height - self.heights[item]
        if not grown:
            return
        self.heights[item] = height
        self.total += grown
        place = item + 1
        while place < len(self._sums):
            self._sums[place] += grown
            place += place & -place

    def start(self, item: int) -> int:
        """The first line of an item; of the one past the last: the total."""
        line = 0
        while item > 0:
            line += self._sums[item]
            item &= item - 1
        return line

    def find(self, line: int) -> tuple[int, int]:
        """The item that has a line, and the line's number within it.

        Lines before the first or after the last are taken for the first and the last one.

        Raises:
            IndexError: There are no items.
        """
        if not self.heights:
            raise IndexError("no items")
        line = max(0, min(line, self.total - 1))
        item, step, left = 0, self._highest_step, line
        while step:
            ahead = item + step
            if ahead < len(self._sums) and self._sums[ahead] <= left:
                item = ahead
                left -= self._sums[ahead]
            step >>= 1
        return min(item, len(self.heights) - 1), left
