"""Which chips of a bar stay when room is short."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from revivatui import commands
from revivatui.command import Situation
from revivatui.screens.key_bar import key_chips
from revivatui.state.state import State
from revivatui.text.width import width
from revivatui.widgets.chip_bar import NEVER, Chip, fit_chips

GAP = 2


def said(left: Sequence[Chip], right: Sequence[Chip], room: int) -> list[str]:
    kept = fit_chips(left, right, room, GAP)
    return ["".join(p.text for p in chip.pieces) for side in kept for chip in side]


def cells(chips: Sequence[Chip]) -> int:
    used = sum(width(piece.text) for chip in chips for piece in chip.pieces)
    return used + max(0, len(chips) - 1) * GAP


def test_the_least_important_leave_first_and_what_still_fits_comes_back() -> None:
    bar = [Chip("first", weight=90), Chip("much longer words", weight=60), Chip("tiny", weight=30)]
    assert said(bar, [], 40) == ["first", "much longer words", "tiny"]
    assert said(bar, [], 24) == ["first", "much longer words"]
    assert said(bar, [], 15) == ["first", "tiny"]


def test_a_chip_says_its_short_form_before_others_leave_that_weigh_more() -> None:
    always = Chip("everything", weight=NEVER, short="more", lead="ctrl+p", shortens=55)
    bar = [Chip("open", weight=95), Chip("order", weight=60), Chip("rare", weight=50)]
    assert said(bar, [always], 34) == ["open", "order", "rare", "ctrl+p everything"]
    assert said(bar, [always], 22) == ["open", "order", "ctrl+p more"]


def test_what_must_stay_is_cut_where_nothing_else_can_go() -> None:
    reason, key = Chip("a reason of many words", weight=NEVER), Chip("go", weight=NEVER, lead="f5")
    assert said([reason], [key], 20) == ["a reason of ma…", "f5 go"]


@given(
    st.lists(st.tuples(st.text("ab", max_size=12), st.integers(1, NEVER), st.booleans())),
    st.integers(0, 8),
    st.integers(1, 60),
)
def test_chips_fit_whenever_they_can_and_keep_their_order(
    told: list[tuple[str, int, bool]], left: int, room: int
) -> None:
    chips = [Chip(text, "", str(n), w, short="" if s else None) for n, (text, w, s) in
             enumerate(told)]  # fmt: skip
    kept_left, kept_right = fit_chips(chips[:left], chips[left:], room, GAP)
    order = [int(chip.command) for chip in (*kept_left, *kept_right)]
    assert order == sorted(order)
    if all(chip.weight < NEVER for chip in chips):
        assert cells(kept_left) + cells(kept_right) <= room


def test_one_key_is_named_once_for_what_it_does_now() -> None:
    state = State(open_id=1)
    now = Situation(state, 1, True, frozenset({"retry", "take_back"}))
    left, right = key_chips(commands.Keys(), "thread", now)
    leads = [chip.lead for chip in (*left, *right)]
    assert len(leads) == len(set(leads))
    assert [(chip.lead, chip.text) for chip in left[:2]] == [
        ("r", "send again"),
        ("e", "take back"),
    ]
