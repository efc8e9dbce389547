"""Schedules of cuts and heals, drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from revivatui.state.models import ListView
from tests.faults.plans import BAD_GATEWAY, CRASHED, Fault

CONDITIONS: Final = (
    "network off", "network off", "connections reset", "connections closed", "feed cut",
    "feed refused", "feed torn", "black hole", "feed black hole", "worker down", "answers spoiled",
    "feed disordered", "calm",
)  # fmt: skip

EVERYTHING: Final = ListView(tab="all", status="all")
VIEWS: Final = (
    ListView(),
    ListView(tab="unassigned"),
    ListView(tab="all"),
    EVERYTHING,
    ListView(tab="all", status="resolved"),
    ListView(tab="mine", status="all", sort="created_at_desc"),
    ListView(tab="all", sort="waiting_since_asc"),
    ListView(tab="all", inbox_id=1),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A condition of the network, for how many seconds, and how busy people are meanwhile."""

    condition: str
    seconds: float
    acts_per_second: float


@dataclass(frozen=True, slots=True)
class CutPlan:
    """One schedule."""

    number: int
    seed: int
    reseal: bool
    """A measured one: all threads held, the network off, 20 conversations changed."""
    still: bool
    """People stop before the network heals: from then on nothing but the desk's own questions is
    under way, and every seal is judged at once."""
    threads: int
    """Held in memory."""
    view: ListView
    seen_before: float
    """Seconds since the cache was complete, at the start."""
    steps: tuple[Step, ...]

    @property
    def words(self) -> str:
        steps = ", ".join(f"{one.condition} {one.seconds:.1f} s" for one in self.steps)
        return f"schedule {self.number}{' still' if self.still else ''}: {steps}"


def cut_plan(seed: int, number: int) -> CutPlan:
    dice = Random(f"cut {seed} {number}")
    reseal = number % 5 == 4
    steps = tuple(_step(dice) for _ in range(dice.randint(1, 4)))
    if reseal:
        steps = (Step("network off", dice.uniform(0.5, 3.0), 0.0),)
    return CutPlan(
        number=number,
        seed=seed,
        reseal=reseal,
        still=reseal or dice.random() < 0.6,
        threads=200 if reseal else dice.choice((10, 40)),
        view=EVERYTHING if reseal else dice.choice(VIEWS),
        seen_before=dice.choice((20.0, 20.0, 20.0, 900.0)),
        steps=steps,
    )


def _step(dice: Random) -> Step:
    condition = dice.choice(CONDITIONS)
    hole = "black hole" in condition
    seconds = dice.uniform(7.5, 9.0) if hole and dice.random() < 0.3 else dice.uniform(0.2, 2.5)
    return Step(condition, seconds, dice.choice((4.0, 15.0, 40.0)))


def spoiled_answer(dice: Random) -> Fault | None:
    """Three in ten of the desk's questions go wrong."""
    if dice.random() > 0.3:
        return None
    return dice.choice(
        (
            Fault("reset", "answer", "body", dice.random(), "reset"),
            Fault("reset", "request", "head", dice.random(), "reset"),
            Fault("closed", "answer", "head", dice.random(), "close"),
            Fault("500", "answer", instead=CRASHED),
            Fault("502", "answer", instead=BAD_GATEWAY),
            Fault("slow", "answer", "body", dice.random(), "pause", dice.uniform(0.1, 1.5)),
        )
    )
