"""What is reckoned from the answers: shares with their intervals, and latency."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from evaluation.rows import Query

RESAMPLES: Final = 1_000
BOOTSTRAP_SEED: Final = 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What the pane would show for a query, best first, and how sure it is."""

    query: Query
    shown: tuple[frozenset[str], ...]
    """Of each suggestion the ids of its sources."""
    abstained: bool
    ranked: tuple[str, ...]
    """The ten best ids of the ranking behind it."""
    seconds: float
    busy_seconds: float
    """Of the processor: what is left of it where nothing else wants the machine."""
    score: float
    """Of the first suggestion; 0 where there is none."""
    kind: str
    """Of the expected source; "none" where nothing should be said."""
    language: str

    def rank(self, accepted: frozenset[str]) -> int:
        """The place of the first suggestion with an accepted source, from 1; 0 where none is."""
        found = (place for place, ids in enumerate(self.shown, 1) if not ids.isdisjoint(accepted))
        return next(found, 0)

    @property
    def strict(self) -> frozenset[str]:
        expected = self.query.expected
        return frozenset() if expected is None else frozenset({expected})

    @property
    def lenient(self) -> frozenset[str]:
        return self.strict | self.query.also

    @property
    def should_answer(self) -> bool:
        return self.query.expected is not None


@dataclass(frozen=True, slots=True)
class Run:
    """The answers to a set, and what it took to make the library."""

    answers: tuple[Answer, ...]
    sources: int
    build_seconds: float


@dataclass(frozen=True, slots=True)
class Share:
    """A share of some answers, with the interval that 95 % of the resamples fall into."""

    value: float
    low: float
    high: float
    of: int

    @property
    def percent(self) -> float:
        return 100 * self.value


_Judge = Callable[[Answer], float]


def share(answers: Sequence[Answer], judge: _Judge, *, interval: bool = True) -> Share:
    """The mean of what `judge` says of each answer."""
    values = [judge(one) for one in answers]
    if not values:
        return Share(0.0, 0.0, 0.0, 0)
    mean = sum(values) / len(values)
    if not interval:
        return Share(mean, mean, mean, len(values))
    random = Random(BOOTSTRAP_SEED)
    means = sorted(
        sum(random.choices(values, k=len(values))) / len(values) for _ in range(RESAMPLES)
    )
    return Share(mean, means[RESAMPLES // 40], means[-RESAMPLES // 40], len(values))


def within(places: int, *, lenient: bool = False) -> _Judge:
    """Whether an accepted source is among the first `places` suggestions."""
    return lambda one: float(0 < one.rank(one.lenient if lenient else one.strict) <= places)


def reciprocal_rank(one: Answer) -> float:
    """One over the place of the expected source among the ten best, 0 where it is not there."""
    expected = one.query.expected
    return 1 / (one.ranked.index(expected) + 1) if expected in one.ranked else 0.0


def should_answer(answers: Sequence[Answer]) -> list[Answer]:
    return [one for one in answers if one.should_answer]


def answered(answers: Sequence[Answer]) -> list[Answer]:
    return [one for one in answers if not one.abstained]


def precision(answers: Sequence[Answer], *, lenient: bool = False) -> Share:
    """Right first suggestions among all queries that it did not abstain on: an answer to what
    should not be answered is a wrong one."""
    return share(answered(answers), within(1, lenient=lenient))


def precision_of_surest(answers: Sequence[Answer], part: float) -> Share:
    """Right first suggestions if only this part of all queries were answered, the surest ones:
    how well the scores tell good answers from bad ones, wherever the line is drawn."""
    ordered = sorted(answers, key=lambda one: (one.abstained, -one.score))
    return share(ordered[: round(part * len(ordered))], within(1))


def abstained_rightly(answers: Sequence[Answer]) -> Share:
    """Of the queries that should not be answered."""
    return share([one for one in answers if not one.should_answer], lambda one: one.abstained)


def abstained_wrongly(answers: Sequence[Answer]) -> Share:
    """Of the queries that should be answered."""
    return share(should_answer(answers), lambda one: one.abstained)


def share_answered(answers: Sequence[Answer]) -> Share:
    return share(answers, lambda one: not one.abstained)
