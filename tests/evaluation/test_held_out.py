"""A short part of `make eval`: two other shops' queries that nothing was built on.

What is held here is a floor under which nothing may fall; the bounds are those of `make eval`.
"""

from __future__ import annotations

import pytest

from evaluation import figures
from evaluation.figures import Answer
from evaluation.rows import read
from evaluation.running import Desk
from evaluation.shop_corpus import SETS

LEAST_TOP3 = 0.75
LEAST_PRECISION = 0.6
LEAST_ANSWERED = 0.25


@pytest.fixture(scope="module")
def answers() -> list[Answer]:
    found: list[Answer] = []
    for shop in ("other", "third"):
        desk = Desk(read([SETS / f"{shop}_corpus.jsonl"]).corpus)
        found += desk.run(read([SETS / f"{shop}_held_out.jsonl"]).queries).answers
    return found


def test_what_is_expected_is_among_the_first_three(answers: list[Answer]) -> None:
    assert figures.share(figures.should_answer(answers), figures.within(3)).value >= LEAST_TOP3


def test_what_is_answered_is_mostly_right_and_enough_is_answered(answers: list[Answer]) -> None:
    assert figures.precision(answers).value >= LEAST_PRECISION
    assert figures.share_answered(answers).value >= LEAST_ANSWERED


def test_the_same_queries_get_the_same_answers_again(answers: list[Answer]) -> None:
    desk = Desk(read([SETS / "other_corpus.jsonl"]).corpus)
    again = desk.run(read([SETS / "other_held_out.jsonl"]).queries).answers
    assert [(one.shown, one.abstained, one.ranked) for one in again] == [
        (one.shown, one.abstained, one.ranked) for one in answers[: len(again)]
    ]
