"""Shares, precision, intervals and bounds come out as one reckons them by hand."""

from __future__ import annotations

import pytest

from evaluation import figures
from evaluation.bounds import Bound, ranking_bounds
from evaluation.figures import Answer
from evaluation.report import groups, measures, misses
from evaluation.rows import Query, UnreadableSet


def answer(
    expected: str | None,
    *shown: str,
    also: str = "",
    abstained: bool = False,
    device: str = "",
    score: float = 0.5,
) -> Answer:
    query = Query("Q", "words", expected, frozenset(also.split()), device=device)
    kind = "none" if expected is None else "canned"
    return Answer(
        query,
        tuple(frozenset({one}) for one in shown),
        abstained,
        shown,
        0.001,
        0.001,
        score,
        kind,
        "en",
    )


ANSWERS = [
    answer("a", "a", "b", "c"),
    answer("a", "b", "a", "c", also="b"),
    answer("a", "b", "c", "a"),
    answer("a", "b", "c", "d", device="iPhone"),
    answer("a", "a", abstained=True),
    answer(None, abstained=True),
    answer(None, "x"),
]


def test_every_share_is_of_what_it_says() -> None:
    found = {name: (one.value, one.of) for name, one in measures(ANSWERS).items()}
    assert found == {
        "top1_strict": (2 / 5, 5),
        "top1_lenient": (3 / 5, 5),
        "top3_strict": (4 / 5, 5),
        "top3_lenient": (4 / 5, 5),
        "top3_vouched_strict": (3 / 5, 5),
        "mrr10": (pytest.approx((1 + 1 / 2 + 1 / 3 + 0 + 1) / 5), 5),
        "precision_strict": (1 / 5, 5),
        "precision_lenient": (2 / 5, 5),
        "share_answered": (5 / 7, 7),
        "abstained_rightly": (1 / 2, 2),
        "abstained_wrongly": (1 / 5, 5),
    }


def test_a_suggestion_counts_by_any_of_its_sources() -> None:
    one = answer("a")
    merged = Answer(one.query, (frozenset({"z", "a"}),), False, (), 0.0, 0.0, 0.5, "canned", "en")
    assert merged.rank(merged.strict) == 1


def test_the_surest_are_those_with_the_best_scores_that_were_not_abstained_on() -> None:
    answers = [
        answer("a", "a", score=0.9),
        answer("a", "b", score=0.2),
        answer("a", "a", score=0.6),
        answer("a", "b", score=1.0, abstained=True),
    ]
    parts = (0.25, 0.5, 0.75, 1.0)
    found = [figures.precision_of_surest(answers, part).value for part in parts]
    assert found == [1.0, 1.0, pytest.approx(2 / 3), 0.5]


def test_the_interval_holds_the_value_and_narrows_with_more_answers() -> None:
    few = figures.share(ANSWERS[:5], figures.within(3))
    many = figures.share(ANSWERS[:5] * 40, figures.within(3))
    assert few.low <= few.value <= few.high
    assert many.high - many.low < few.high - few.low
    assert figures.share(ANSWERS, figures.within(3)) == figures.share(ANSWERS, figures.within(3))


def test_groups_hold_every_answer_once_by_kind_language_and_context() -> None:
    found = groups(ANSWERS)
    assert len(found["expects canned"]) + len(found["expects none"]) == len(ANSWERS)
    assert [one.query.device for one in found["with context"]] == ["iPhone"]
    assert len(found["language en"]) == len(ANSWERS)


def test_misses_name_what_was_not_answered_as_expected() -> None:
    found = list(misses(ANSWERS))
    assert len(found) == 4
    assert "accepted at 1" in found[0]
    assert "missed; expected a; shown b | c | d" in found[2]
    assert "expected None; shown x" in found[3]


@pytest.mark.parametrize(
    ("value", "way", "held"),
    [
        (75.0, "at least", True),
        (74.9, "at least", False),
        (0.0, "at most", True),
        (1.0, "at most", False),
        (2.0, "below", False),
    ],
)
def test_a_bound_is_held_or_broken(value: float, way: str, held: bool) -> None:
    limit = {"at least": 75.0, "at most": 0.0, "below": 2.0}[way]
    bound = Bound("x", value, limit, way)  # type: ignore[arg-type]
    assert bound.held is held
    assert ("held" if held else "BROKEN") in bound.line()


def test_bounds_break_for_bad_answers_hold_for_good_ones_and_need_some() -> None:
    assert [one.held for one in ranking_bounds(ANSWERS[2:])] == [False, False]
    assert [one.held for one in ranking_bounds(ANSWERS[:1])] == [True, True]
    with pytest.raises(UnreadableSet):
        list(ranking_bounds([]))
