"""Estimates never show: what is on screen is where its true heights put it."""

from __future__ import annotations

from datetime import UTC

from hypothesis import given, settings
from hypothesis import strategies as st

from revivatui.state.select import ThreadView
from revivatui.widgets.thread_items import items_of
from revivatui.widgets.thread_layout import ThreadLayout
from revivatui.widgets.thread_lines import BlockView, block
from tests.ui.thread_help import NOW, message

TEXTS = st.lists(st.text(alphabet="ab \n*", max_size=400), min_size=1, max_size=40)


def laid_out(texts: list[str], cells: int) -> ThreadLayout:
    layout = ThreadLayout()
    layout.view = BlockView(cells, UTC)
    messages = [
        message(n, text, n % 2, created_at=NOW - 1e6 + n * 400) for n, text in enumerate(texts)
    ]
    layout.set_items(items_of(ThreadView(7, messages), NOW, UTC))
    return layout


@settings(deadline=None, max_examples=60)
@given(TEXTS, st.integers(16, 100), st.integers(1, 40), st.data())
def test_a_held_message_stays_on_its_line_and_the_view_is_true(
    texts: list[str], cells: int, lines: int, data: st.DataObject
) -> None:
    layout = laid_out(texts, cells)
    for _ in range(5):
        place = data.draw(st.integers(0, len(layout.items) - 1))
        row = data.draw(st.integers(-20, lines - 1))
        top = layout.settle(place, row, lines)
        wanted = layout.heights.start(place) - row
        end = max(0, layout.total - lines)
        assert top == min(max(0, wanted), end)
        first, _offset = layout.heights.find(top)
        line = layout.heights.start(first)
        while first < len(layout.items) and line < top + lines:
            true = len(block(layout.items[first], layout.view))
            assert layout.heights[first] == true
            line += true
            first += 1


@settings(deadline=None, max_examples=30)
@given(TEXTS, st.integers(16, 100), st.integers(1, 40))
def test_the_end_is_the_true_end(texts: list[str], cells: int, lines: int) -> None:
    layout = laid_out(texts, cells)
    top = layout.settle_end(lines)
    assert top == max(0, layout.total - lines)
    true = [len(block(item, layout.view)) for item in layout.items]
    shown = 0
    for place in reversed(range(len(true))):
        if shown < lines:
            assert layout.heights[place] == true[place]
        shown += true[place]


def test_a_change_keeps_what_is_known_of_the_others() -> None:
    layout = laid_out(["x " * 300] * 10, 40)
    layout.settle_end(1000)
    before = list(layout.heights.heights)
    changed = laid_out(["x " * 300] * 10, 40).items
    layout.set_items([*layout.items[:5], changed[5], *layout.items[6:]])
    assert layout.heights.heights[:5] == before[:5]
    assert layout.heights.heights[6:] == before[6:]
