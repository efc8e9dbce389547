"""Cutting and wrapping never lose text, never overflow and never split a grapheme."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from revivatui.text.safe import safe_line
from revivatui.text.width import fit, take, truncate, width, wrap

FAMILY = "👨\u200d👩\u200d👧\u200d👦"
LETTERS = st.lists(
    st.sampled_from(["a", "b", " ", "é", "e\u0301", "屏", "😀", FAMILY, "ك"]), max_size=60
).map("".join)


@pytest.mark.parametrize(
    ("text", "cells"),
    [("abc", 3), ("屏幕", 4), (FAMILY, 2), ("e\u0301", 1), ("🇵🇹", 2), ("❤\ufe0f", 2), ("", 0)],
)
def test_width_counts_cells(text: str, cells: int) -> None:
    assert width(text) == cells


@given(LETTERS.map(safe_line), st.integers(1, 30))
def test_a_cut_text_fits_and_is_a_beginning(text: str, cells: int) -> None:
    cut = truncate(text, cells)
    assert width(cut) <= cells
    assert cut == text or text.startswith(cut.removesuffix("…"))
    assert width(fit(text, cells)) == cells
    assert width(text[: take(text, cells)]) <= cells


def test_a_cut_never_splits_a_grapheme() -> None:
    assert truncate(FAMILY * 3, 4) == FAMILY + "…"
    assert truncate("屏幕坏了", 4) == "屏…"
    assert fit("屏幕", 3) == "屏…"
    assert fit("屏幕坏", 4) == "屏… "
    assert truncate("abcdef", 1) == "…"
    assert truncate("abcdef", 0) == ""
    assert truncate("abcdef", 4, "...") == "a..."


@example(" 屏", 2, 2)
@given(LETTERS.map(safe_line), st.integers(2, 30), st.integers(2, 30))
def test_wrapped_pieces_fit_and_lose_only_spaces(text: str, cells: int, rest: int) -> None:
    pieces = [text[start:end] for start, end in wrap(text, cells, rest)]
    assert pieces
    for index, piece in enumerate(pieces):
        assert width(piece.rstrip()) <= (rest if index else cells)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "cells", "pieces"),
    [
        ("", 5, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("one two", 3, ["one", "two"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("a   b", 2, ["a", "b"]),
        ("  indented words", 10, ["  indented", "words"]),
        ("olá água não", 8, ["olá água", "não"]),
        ("my 屏幕坏了 now", 7, ["my 屏幕", "坏了", "now"]),
        ("naïvenaïve x", 4, ["naïv", "enaï", "ve x"]),
        ("no\xa0break é x", 6, ["no\xa0bre", "ak é x"]),
    ],
)
def test_lines_break_where_a_reader_expects(text: str, cells: int, pieces: list[str]) -> None:
    assert [text[start:end] for start, end in wrap(text, cells)] == pieces


def test_lines_after_the_first_may_have_another_room() -> None:
    text = "aaa bbb ccc"
    assert [text[a:b] for a, b in wrap(text, 3, 7)] == ["aaa", "bbb ccc"]


def test_a_wide_indent_leaves_room_for_words() -> None:
    text = " " * 50 + "word and é"
    assert [text[a:b].strip() for a, b in wrap(text, 10)] == ["word", "and é"]


@pytest.mark.parametrize("unit", ["x", "word ", "屏", FAMILY, "é "])
def test_a_line_of_a_hundred_thousand_characters_wraps_in_linear_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.process_time()
    assert len(wrap(text, 80)) > 100
    assert time.process_time() - started < 2
