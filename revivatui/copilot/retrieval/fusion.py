"""One order out of several opinions, each weighed by how far it could be trusted elsewhere.

The weights were chosen over five shops whose texts have nothing in common but the trade, each time
leaving one out: sayings too like the question were left out too. The optimum is flat (a third more
or less of any weight moves the right first answers by some two in a hundred), so they are round.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from revivatui.state.records import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each lane counts."""

    words: float = 0.8
    concepts: float = 0.3
    likeness: float = 0.45
    topics: float = 1.9
    state: float = 1.5
    recent: float = 0.15
    wider: float = 0.25
    """Of the topics': what to be about the same wider topic counts, beside the very same one."""
    foreign_likeness: float = 0.4
    """What likeness keeps in a language that the table was not made from."""
    minilm: float = 2.0
    """How much more likeness counts where MiniLM tells it."""
    unasked: float = 0.7
    """What the state keeps where the question is not about how things stand."""
    resolved: float = 0.85
    """A reply that was written for somebody else fits a little worse than one written for all."""

    @property
    def whole(self) -> float:
        return self.words + self.concepts + self.likeness + self.topics + self.state


WEIGHTS: Final = Weights()


@dataclass(frozen=True, slots=True)
class Opinion:
    """What each lane gives one source, 0 to 1."""

    words: float = 0.0
    concepts: float = 0.0
    likeness: float = 0.0
    topics: float = 0.0
    state: float = 0.0
    recent: float = 0.0

    def total(self, steering: float, weights: Weights = WEIGHTS) -> float:
        """The score; `steering`: how much the state has to say."""
        return (
            weights.words * self.words
            + weights.concepts * self.concepts
            + weights.likeness * self.likeness
            + weights.topics * self.topics
            + weights.state * self.state * steering
            + weights.recent * self.recent
        )


def standing_out(values: Mapping[int, float]) -> dict[int, float]:
    """How far each value stands out from the rest, 0 to 1: what is like everything says nothing."""
    if len(values) < 3:
        return {place: max(value, 0.0) for place, value in values.items()}
    mean = sum(values.values()) / len(values)
    spread = (sum((one - mean) ** 2 for one in values.values()) / len(values)) ** 0.5
    if spread < 1e-6:
        return {}
    return {
        place: min((value - mean) / spread / 4.0, 1.0)
        for place, value in values.items()
        if value > mean
    }
