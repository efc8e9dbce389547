"""The measure of the grounding check holds, and is shown to see a check that lets things by."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from evaluation import clean, grounding, planting
from revivatui.copilot.grounding import Claim, Ground, check

COUNT = 96


def test_planted_errors_are_all_flagged_and_clean_drafts_are_not() -> None:
    found = grounding.figures(20261, COUNT)
    assert found.planted == COUNT
    assert len(found.kinds) >= 12
    assert found.unflagged == []
    assert found.false_percent < grounding.MOST_FALSE, found.false


def test_the_same_seed_plants_the_same_errors() -> None:
    def texts() -> list[str]:
        random = Random(5)
        drafts = clean.drafts(random, 24)
        return [planting.planted(one, at, random).text for at, one in enumerate(drafts)]

    assert texts() == texts()


def without(kind: str) -> Callable[[str, Ground], tuple[Claim, ...]]:
    return lambda text, ground: tuple(one for one in check(text, ground) if one.kind != kind)


@pytest.mark.parametrize(
    ("kind", "planted"),
    [
        ("price", "price"),
        ("date", "date"),
        ("link", "link"),
        ("phone", "phone"),
        ("device", "device"),
    ],
)
def test_a_check_that_overlooks_one_kind_is_found_out(
    kind: str, planted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grounding, "check", without(kind))
    found = grounding.figures(3, 36)
    assert any(one.startswith(planted) for one in found.unflagged)


def test_a_check_that_flags_everything_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def everything(text: str, ground: Ground) -> tuple[Any, ...]:
        return (Claim(0, len(text), "number", text, "all of it"),)

    monkeypatch.setattr(grounding, "check", everything)
    assert grounding.figures(3, 12).false_percent == 100


def test_an_error_stands_where_the_planter_says() -> None:
    random = Random(11)
    for at, draft in enumerate(clean.drafts(random, 48)):
        error = planting.planted(draft, at, random)
        wrong = error.text[error.start : error.end]
        assert wrong
        assert error.text != draft.text
