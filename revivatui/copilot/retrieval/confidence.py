"""Whether the best answer is good enough to be vouched for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp
from typing import TYPE_CHECKING, Final

from revivatui.copilot.retrieval.fusion import Opinion
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.copilot.retrieval.library import Asked

LEAST_SHOWN: Final = 0.25
"""A score below it is no likeness at all."""
SURE: Final = 0.86
"""Above it, about nine first answers in ten were the very one expected, on what was kept out."""
SURE_BY_MINILM: Final = 0.81
"""The same where MiniLM tells likeness. Its cosine itself tells nothing more: with it or without,
the surest were right equally often, each time over shops that were not reckoned from."""
SMALL_TALK: Final = 0.5
"""The share of a question that no repair shop would answer, from which on nothing is offered."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the best answer, and what against it."""

    best: float = 0.0
    ahead_of_second: float = 0.0
    ahead_of_third: float = 0.0
    ahead_of_fourth: float = 0.0
    """As a share of its own score."""
    by_topics_alone: float = 0.0
    """How far the topics' lane has it before the others: to lead there only is to lead less."""
    foreign: float = 0.0
    """How much of the question no repair shop would answer."""


def evidence(
    asked: Asked,
    order: Sequence[int],
    scores: Mapping[int, float],
    opinions: Mapping[int, Opinion],
) -> Evidence:
    """Of the first in order."""
    if not order:
        return Evidence()
    best, second, third, fourth = ([scores[place] for place in order[:4]] + [0.0] * 3)[:4]
    others = max((opinions[place].topics for place in order[1:]), default=0.0)
    return Evidence(
        best,
        best - second,
        best - third,
        1 - fourth / best if best > 0 else 0.0,
        opinions[order[0]].topics - others,
        asked.foreign,
    )


def sureness(one: Evidence) -> float:
    """How likely the best answer is right, as it was on questions it was not made from."""
    felt = (
        -1.2
        + 1.8 * one.ahead_of_second
        + 0.8 * one.ahead_of_third
        + 0.95 * one.ahead_of_fourth
        - 1.4 * one.by_topics_alone
        - 3.7 * one.foreign
    )
    return 1.0 / (1.0 + exp(-felt))


def reason_to_abstain(asked: Asked, one: Evidence, sure: float = SURE) -> str:
    """Plain words; "" where the best one is vouched for."""
    if not asked.question.text.strip():
        return "There is nothing to answer yet."
    if one.best < LEAST_SHOWN or one.foreign >= SMALL_TALK or asked.is_strange:
        return "Nothing fits what was asked."
    if sureness(one) < sure:
        return "Not sure that any of these is meant."
    return ""
