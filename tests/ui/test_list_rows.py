"""The words of a conversation's row: every state in words or glyphs, at every width."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revivatui.state.select import Row
from revivatui.text.width import width
from revivatui.widgets.conversation_rows import RowView, initials, row_lines
from revivatui.widgets.symbols import symbols
from tests.ui.hostile import HOSTILE_LINES

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC).timestamp()
VIEW = RowView(44, NOW, UTC)
ROW = Row(7, "Ana Sousa", "mais uma pergunta", last_activity_at=NOW - 840)


def drawn(row: Row, view: RowView = VIEW) -> list[str]:
    return ["".join(text for text, _style in line) for line in row_lines(row, view)]


def test_a_waiting_customer_shows_how_long() -> None:
    waiting = replace(ROW, waiting_since=NOW - 840, unread=2, priority="urgent")
    assert drawn(waiting) == [
        "Ana Sousa                    2  !!  ◷ 14 min",
        "mais uma pergunta                           ",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "snoozed", "snoozed_until": NOW + 86400}, "snoozed Tue 15:30"),
        ({"status": "snoozed"}, "snoozed"),
        ({"status": "pending"}, "pending"),
        ({"status": "resolved"}, "resolved"),
        ({"status": "on_fire"}, "on_fire"),
        ({"pending": "resolving"}, "resolving"),
        ({"unread": 10}, " 9+ "),
        ({"priority": "high"}, "  ! "),
        ({"preview_by": "You"}, "You: mais"),
        ({"preview_by": "Cleo", "preview_private": True}, "note · Cleo: mais"),
        ({"typing": True}, "typing… mais uma pergunta"),
        ({"typing": True, "preview_by": "You"}, "typing… You: mais"),
        ({"failed": 1}, "✗ not sent: your reply "),
        ({"failed": 1, "unsent": "Olá!"}, "✗ not sent: Olá! "),
        ({"sending": 1}, "○ mais"),
        ({"labels": ("quote", "vip")}, "#quote +1"),
    ],
)
def test_every_state_is_told_in_words_or_glyphs(changes: dict[str, Any], words: str) -> None:
    row = replace(ROW, **changes)
    assert any(words in line for line in drawn(row))


def test_the_all_tab_tells_who_has_it() -> None:
    row = replace(ROW, assignee="Ben Counter", inbox="Website")
    view = VIEW._replace(show_assignee=True, show_inbox=True)
    assert drawn(row, view)[1].endswith("Website BC")
    assert "BC" not in drawn(row)[1]


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ben Counter", "BC"), ("李雷", "李"), ("", ""), ("(x) Cleo", "C"), ("ana de sousa", "AS")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_short_list_draws_one_line_a_row() -> None:
    view = VIEW._replace(two_lines=False, width=70)
    (line,) = drawn(replace(ROW, unread=3, priority="urgent", waiting_since=NOW - 60), view)
    assert line.startswith("Ana Sousa")
    assert "mais uma" in line
    assert line.endswith("  3 !!   ◷ 1 min")


@given(
    st.sampled_from(HOSTILE_LINES),
    st.sampled_from(HOSTILE_LINES),
    st.integers(4, 130),
    st.booleans(),
    st.booleans(),
)
def test_a_row_is_exactly_as_wide_as_its_pane(
    name: str, preview: str, cells: int, two_lines: bool, more: bool
) -> None:
    row = Row(
        1,
        name,
        preview,
        preview_by="Ben" if more else "",
        preview_private=more,
        last_activity_at=NOW - 9000,
        waiting_since=NOW - 9e6 if more else None,
        unread=10 if more else 0,
        labels=(preview, name) if more else (),
        inbox=name,
        assignee=preview,
    )
    view = RowView(cells, NOW, UTC, two_lines, show_assignee=True, show_inbox=True)
    for line in drawn(row, view):
        assert width(line) == cells


def test_with_ascii_only_a_row_of_ascii_text_is_ascii() -> None:
    symbols.use_ascii = True
    try:
        row = replace(ROW, waiting_since=NOW - 840, preview="x" * 200, preview_private=True)
        for changes in ({}, {"typing": True}, {"failed": 1}, {"sending": 1}):
            assert all(line.isascii() for line in drawn(replace(row, **changes)))
    finally:
        symbols.use_ascii = False
