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
SURE: Final = 0.8
"""Above it, about nine first answers in ten were the very one expected, on what was kept out."""
SURE_BY_MINILM: Final = 0.75
"""The same where MiniLM tells likeness. Its cosine itself tells nothing more: with it or without,
the surest were right equally often, each time over shops that were not reckoned from."""
SMALL_TALK: Final = 0.5
"""The share of a question that no repair shop would answer, from which on nothing is offered."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the best answer, and what against it."""

    best: float = 0.0
    ahead_of_second: float = 0.0
    ahead_of_fourth: float = 0.0
    agreeing: float = 0.0
    """The share of the lanes that have it first."""
    one_topic: float = 0.0
    """How much of the question belongs to its likeliest topic."""
    foreign: float = 0.0
    """How much of it no repair shop would answer."""


def evidence(
    asked: Asked,
    order: Sequence[int],
    scores: Mapping[int, float],
    opinions: Mapping[int, Opinion],
) -> Evidence:
    """Of the first in order."""
    if not order:
        return Evidence()
    ranked = [scores[place] for place in order]
    best = opinions[order[0]]
    return Evidence(
        ranked[0],
        ranked[0] - (ranked[1] if len(ranked) > 1 else 0.0),
        ranked[0] - (ranked[3] if len(ranked) > 3 else 0.0),
        _agreeing(best, opinions),
        max(asked.shares.values(), default=0.0),
        asked.foreign,
    )


def _agreeing(best: Opinion, opinions: Mapping[int, Opinion]) -> float:
    first = 0
    for lane in ("words", "concepts", "likeness", "topics"):
        mine: float = getattr(best, lane)
        first += mine > 0 and all(mine >= getattr(one, lane) for one in opinions.values())
    return first / 4


def sureness(one: Evidence) -> float:
    """How likely the best answer is right, as it was on questions it was not made from."""
    felt = (
        -1.04
        + 1.64 * one.ahead_of_second
        + 0.63 * one.ahead_of_fourth
        + 0.27 * one.agreeing
        + 0.44 * one.one_topic
        - 2.3 * one.foreign
    )
    return 1.0 / (1.0 + exp(-felt))


def reason_to_abstain(asked: Asked, one: Evidence, sure: float = SURE) -> str:
    """Plain words; "" where the best one is vouched for."""
    if not asked.question.text.strip():
        return "There is nothing to answer yet."
    if one.best < LEAST_SHOWN or one.foreign >= SMALL_TALK:
        return "Nothing fits what was asked."
    if sureness(one) < sure:
        return "Not sure that any of these is meant."
    return ""
