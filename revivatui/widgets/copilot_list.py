"""Blocks of lines to choose from: a line that can be chosen and the lines below it belong together.

A block ends at an empty line or where the next one begins. The cursor's ground is under all of it,
and a click anywhere in it chooses it and does nothing else: only words that say so act.
"""

from __future__ import annotations

from revivatui.widgets.line_list import LineList


class BlockList(LineList):
    """A list whose lines stand in blocks."""

    def _block(self, place: int) -> tuple[int, int] | None:
        """The first line of a line's block and the line behind its last; None: it is in none."""
        first = place
        while first >= 0 and not self._lines[first].choice:
            if not self._lines[first].pieces:
                return None
            first -= 1
        if first < 0:
            return None
        end = first + 1
        while end < len(self._lines) and self._lines[end].pieces and not self._lines[end].choice:
            end += 1
        return first, end

    def under_cursor(self, place: int) -> bool:
        if self._cursor is None:
            return False
        block = self._block(self._cursor)
        return block is not None and block[0] <= place < block[1]

    def clicked(self, place: int) -> None:
        block = self._block(place)
        if block is not None:
            self._cursor = block[0]
            self._keep_cursor_visible()
            self._repaint()

    def _keep_cursor_visible(self) -> None:
        """All of the cursor's block where there is room, else its beginning."""
        height = self.scrollable_content_region.height
        block = None if self._cursor is None else self._block(self._cursor)
        if block is None or not height:
            return
        first, end = block
        if first == min(place for place, line in enumerate(self._lines) if line.choice):
            first = 0  # with what stands above the first
        top = self.scroll_offset.y
        if end > top + height:
            top = end - height
        top = min(top, first)
        if top != self.scroll_offset.y:
            self.scroll_to(y=top, animate=False)
