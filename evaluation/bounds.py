"""What must hold, and what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from evaluation import figures
from evaluation.figures import Answer
from evaluation.rows import UnreadableSet


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure with the most or the least that it may be."""

    name: str
    value: float
    limit: float
    way: Literal["at most", "at least", "below"]
    note: str = ""

    @property
    def held(self) -> bool:
        if self.way == "at least":
            return self.value >= self.limit
        return self.value <= self.limit if self.way == "at most" else self.value < self.limit

    def line(self) -> str:
        verdict = "held" if self.held else "BROKEN"
        text = f"{self.name:<46} {self.value:>8.4g}  {self.way} {self.limit:<8g} {verdict}"
        return f"{text}  {self.note}".rstrip()


def ranking_bounds(answers: Iterable[Answer]) -> Iterator[Bound]:
    """The bounds on what was held out.

    Raises:
        UnreadableSet: nothing was held out.
    """
    held_out = list(answers)
    if not held_out:
        raise UnreadableSet("Nothing was held out: the bounds say nothing.")
    top3 = figures.share(figures.should_answer(held_out), figures.within(3))
    precision = figures.precision(held_out)
    answered = figures.share_answered(held_out)
    yield Bound("held out: top-3 strict, percent", top3.percent, 75, "at least", f"of {top3.of}")
    yield Bound(
        "held out: answer precision, strict",
        precision.value,
        0.85,
        "at least",
        f"at {answered.percent:.0f} % answered",
    )
