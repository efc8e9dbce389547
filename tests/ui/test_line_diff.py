"""What is not sent again was already there: patching the changed cells gives the new line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import split_graphemes
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from revivatui.widgets.line_diff import changed_cells

STYLES = [Style(), Style(bold=True), Style(color="red")]
TEXTS = st.lists(
    st.sampled_from(["a", "b", " ", "屏", "e\u0301", "😀", "❤\ufe0f"]), min_size=1, max_size=8
).map("".join)
LINES = st.lists(st.tuples(TEXTS, st.sampled_from(STYLES)), max_size=6).map(
    lambda parts: Strip([Segment(text, style) for text, style in parts])
)
Cell = tuple[str, Style | None, int]


def cells(strip: Strip) -> list[Cell]:
    found: list[Cell] = []
    for text, style, _control in strip:
        for start, end, size in split_graphemes(text)[0]:
            found.extend((text[start:end], style, part) for part in range(size))
    return found


@given(LINES, LINES)
def test_patching_the_changed_cells_gives_the_new_line(before: Strip, after: Strip) -> None:
    width = max(before.cell_length, after.cell_length)
    before, after = before.adjust_cell_length(width), after.adjust_cell_length(width)
    old, new = cells(before), cells(after)
    changed = changed_cells(before, after)
    if changed is None:
        assert old == new
        return
    start, end = changed
    assert 0 <= start < end <= width
    assert old[:start] + new[start:end] + old[end:] == new


@given(LINES)
def test_an_equal_line_is_not_sent_again(line: Strip) -> None:
    assert changed_cells(line, Strip(list(line))) is None


def test_only_what_changed_is_sent() -> None:
    before = Strip([Segment("name      ", Style()), Segment("14 min", Style(bold=True))])
    after = Strip([Segment("name      ", Style()), Segment("15 min", Style(bold=True))])
    assert changed_cells(before, after) == (11, 12)
