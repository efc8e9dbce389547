"""Which line of a long thread shows what, when only what was seen has been wrapped.

Heights of items that were never on screen are estimates. They become true when the items come
near the screen; whoever scrolls holds on to an item (`settle`), so nothing jumps when estimates
above it turn out wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.widgets.height_index import HeightIndex
from revivatui.widgets.thread_items import Item
from revivatui.widgets.thread_lines import Block, BlockView, block, estimate, names_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_BLOCKS: Final = 128
"""Items whose lines are kept: a few screens."""


class ThreadLayout:
    """The items of one thread and where they are."""

    def __init__(self) -> None:
        self.items: Sequence[Item] = ()
        self.heights = HeightIndex()
        self._view = BlockView(80)
        self._measured: list[bool] = []
        self._known: dict[str, tuple[Item, int]] = {}
        self._blocks: dict[str, tuple[Item, Block]] = {}
        self._unfolded: set[str] = set()
        self._places: dict[str, int] | None = None
        self._acted_on: str | None = None

    @property
    def acted_on(self) -> str | None:
        """The key of the item that the agent's keys act on now: it may name them."""
        return self._acted_on

    @acted_on.setter
    def acted_on(self, key: str | None) -> None:
        before, self._acted_on = self._acted_on, key
        for one in {before, key} - {None}:
            place = self.place_of(one) if one is not None else None
            if place is not None and before != key and names_keys(self.items[place]):
                self._forget(place)
                self.block(place)

    @property
    def view(self) -> BlockView:
        return self._view

    @view.setter
    def view(self, view: BlockView) -> None:
        if view != self._view:
            self._view = view
            self._known.clear()
            self._blocks.clear()
            self.set_items(self.items)

    @property
    def total(self) -> int:
        """Lines of the whole thread, as far as known."""
        return self.heights.total

    def set_items(self, items: Sequence[Item], kept: int = 0) -> None:
        """Show these items; what is known of those that stay is kept.

        `kept` items at the start are the same objects as before.
        """
        heights = self.heights.heights[:kept]
        measured = self._measured[:kept]
        for item in items[kept:]:
            known = self._known.get(item.key)
            if known is not None and known[0].same(item):
                heights.append(known[1])
                measured.append(True)
            else:
                heights.append(estimate(item, self._view))
                measured.append(False)
        self.items = items
        self.heights = HeightIndex(heights)
        self._measured = measured
        self._places = None

    def place_of(self, key: str) -> int | None:
        """Where the item of a key is, or None."""
        if self._places is None:
            self._places = {item.key: place for place, item in enumerate(self.items)}
        return self._places.get(key)

    def block(self, place: int) -> Block:
        """The lines of an item."""
        item = self.items[place]
        kept = self._blocks.get(item.key)
        if kept is not None and kept[0].same(item):
            return kept[1]
        acts = item.key == self._acted_on
        lines = block(item, self._view, item.key in self._unfolded, acts)
        self._blocks.pop(item.key, None)
        self._blocks[item.key] = (item, lines)
        if len(self._blocks) > _MOST_BLOCKS:
            del self._blocks[next(iter(self._blocks))]
        self._note_height(place, len(lines))
        return lines

    def _note_height(self, place: int, height: int) -> None:
        item = self.items[place]
        self.heights[place] = height
        self._measured[place] = True
        self._known[item.key] = (item, height)

    def toggle_fold(self, place: int) -> None:
        """Show all of a folded item, or fold it again."""
        self._unfolded ^= {self.items[place].key}
        self._forget(place)

    def _forget(self, place: int) -> None:
        """Its lines are not what they were."""
        key = self.items[place].key
        self._blocks.pop(key, None)
        self._known.pop(key, None)
        self._measured[place] = False

    def is_unfolded(self, place: int) -> bool:
        return self.items[place].key in self._unfolded

    def measure(self, place: int) -> int:
        """The true height of an item."""
        if not self._measured[place]:
            self.block(place)
        return self.heights[place]

    def measure_window(self, top: int, lines: int) -> bool:
        """Make the heights true of all items that touch these lines. True: one was wrong."""
        if not self.items:
            return False
        place, _offset = self.heights.find(top)
        line = self.heights.start(place)
        before = self.heights.total
        changed = False
        while place < len(self.items) and line < top + lines:
            estimated = self.heights[place]
            changed |= self.measure(place) != estimated
            line += self.heights[place]
            place += 1
        return changed or self.heights.total != before

    def settle(self, place: int, row: int, lines: int) -> int:
        """The top line that puts an item's first line `row` lines below it, all around it true."""
        top = self.heights.start(place) - row
        for _ in range(len(self.items)):
            if not self.measure_window(max(0, top), lines):
                break
            top = self.heights.start(place) - row
        return self._within(top, lines)

    def settle_end(self, lines: int) -> int:
        """The top line that shows the end."""
        place, filled = len(self.items), 0
        while place > 0 and filled < lines:
            place -= 1
            filled += self.measure(place)
        return max(0, self.heights.total - lines)

    def _within(self, top: int, lines: int) -> int:
        end = max(0, self.heights.total - lines)
        return self.settle_end(lines) if top >= end else max(0, top)
