"""Tables, outcomes and previews of the administration as lines: nothing is wider than its room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revivatui.screens.admin_agents import Agents
from revivatui.screens.admin_outcome import outcome
from revivatui.screens.admin_preview import preview_lines
from revivatui.screens.admin_section import Cell, table
from revivatui.screens.admin_sections import SECTIONS
from revivatui.state import admin_texts
from revivatui.state.admin import Canned
from revivatui.state.admin_change import Preview
from revivatui.text.width import width

WORDS = st.text(alphabet="aé李 \n.-", max_size=60)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda one: one.NAME)
@given(cells=st.integers(40, 200), data=st.data())
def test_no_line_of_any_section_is_wider_than_its_room(
    section: type[Agents], cells: int, data: st.DataObject
) -> None:
    rows = [(str(number), [Cell(data.draw(WORDS)) for _ in section.COLUMNS]) for number in range(3)]
    head, lines = table(section.COLUMNS, rows, cells)
    assert width(head) <= cells
    assert [line.choice for line in lines] == ["0", "1", "2"]
    for line in lines:
        assert sum(width(piece.text) for piece in line.pieces) <= cells
        assert "\n" not in "".join(piece.text for piece in line.pieces)


@given(before=WORDS, after=WORDS, cells=st.integers(40, 100))
def test_a_preview_fits_and_leaves_nothing_out(before: str, after: str, cells: int) -> None:
    change = admin_texts.change_canned(Canned(1, "k", before), "k", after)
    lines = list(preview_lines(Preview(change, "/a/"), cells))
    told = ["".join(piece.text for piece in line.pieces) for line in lines]
    assert all(width(line) <= cells for line in told)
    assert any(line.startswith("PATCH /a/canned_responses/1") for line in told)


def test_what_the_server_holds_instead_is_said_beside_what_was_wanted() -> None:
    change = admin_texts.change_canned(Canned(1, "k", "old"), "k", "new")
    as_wanted = outcome(change, {"short code": "k", "content": "new"})
    assert as_wanted.is_as_wanted
    assert "content new" in as_wanted.words
    other = outcome(change, {"short code": "k", "content": "mine"})
    assert not other.is_as_wanted
    assert "Now content is mine" in other.words
    assert not outcome(change, None).is_as_wanted
    gone = outcome(admin_texts.remove_canned(Canned(1, "k", "x")), None)
    assert gone.is_as_wanted
