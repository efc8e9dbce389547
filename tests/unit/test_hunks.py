"""Changes of a draft: all taken is the new text, none taken is the old one."""

from __future__ import annotations

from random import Random

import pytest

from revivatui.copilot.hunks import joined, pieces_of

SEED = 20261126
WORDS = [
    "your",
    "iPad",
    "is",
    "ready",
    "149",
    "€",
    "1.299,00",
    "Monday,",
    "R-2041",
    "\n",
    "ok!",
    "não",
]


def hunks(before: str, after: str) -> list[tuple[str, str]]:
    return [(one.before, one.after) for one in pieces_of(before, after) if one.is_hunk]


@pytest.mark.parametrize("number", range(200))
def test_all_taken_is_the_new_text_and_none_taken_the_old_one(number: int) -> None:
    print(f"seed {SEED} {number}")
    dice = Random(f"{SEED} {number}")
    before = " ".join(dice.choices(WORDS, k=dice.randrange(30)))
    after = " ".join(dice.choices(WORDS, k=dice.randrange(30)))
    pieces = pieces_of(before, after)
    places = range(len(pieces))
    assert joined(pieces, places) == after
    assert joined(pieces, ()) == before


def test_equal_texts_have_nothing_to_decide() -> None:
    assert hunks("The screen is ready.", "The screen is ready.") == []


def test_a_figure_is_one_piece_and_never_half_taken() -> None:
    assert hunks("It costs 1.299,00 € in all.", "It costs 1.399,00 € in all.") == [
        ("1.299,00", "1.399,00")
    ]


def test_words_that_changed_side_by_side_are_decided_together() -> None:
    assert hunks("we will fix the thing soon", "we shall repair the device soon")[0] == (
        "will fix", "shall repair",
    )  # fmt: skip


def test_changes_of_two_lines_are_two() -> None:
    assert len(hunks("Hello Ana\nBye", "Hi Ana\nGoodbye")) == 2


def test_what_the_agent_wrote_goes_over_both() -> None:
    pieces = pieces_of("ready on Monday", "ready on Tuesday")
    place = next(place for place, one in enumerate(pieces) if one.is_hunk)
    assert joined(pieces, {place}, {place: "Friday"}) == "ready on Friday"


def test_a_very_long_text_is_compared_line_by_line() -> None:
    before = "".join(f"line {number}\n" for number in range(5000))
    after = before.replace("line 2500\n", "another\n")
    pieces = pieces_of(before, after)
    assert joined(pieces, range(len(pieces))) == after
    assert hunks(before, after) == [("line 2500\n", "another\n")]
