"""What is sent and what goes wrong on the way, drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from tests.faults.desks import READ_SECONDS, SHORT
from tests.faults.plans import BAD_GATEWAY, CRASHED, GARBLED, GATEWAY, Fault

CHANNELS: Final = ("Channel::Api", "Channel::WebWidget", "Channel::Email")
FEEDS: Final = ("whole", "whole", "dropped", "dropped", "late", "double")
"""What becomes of `message.created` of this message on the live feed."""

GROUP: Final = ("network off", "black hole", "shop killed", "feed cut")
"""Faults of whole connections: they strike every send of a round at once."""
GROUP_EVERY: Final = 4
"""One round in so many."""
IN_A_ROUND: Final = 20


LOOKS_UNTIL: Final = READ_SECONDS + sum(SHORT.lookups)
"""Seconds after leaving at which the desk stops looking for a message without an answer. What
reaches the server later than that can be doubled by whoever presses retry before: no desk can tell
a lost request from one that is still on its way. Such runs leave the message as it is shown."""


@dataclass(frozen=True, slots=True)
class SendPlan:
    """One run: a message, its fault, and what the agent does where the desk cannot go on."""

    number: int
    channel: str
    private: bool
    text: str
    fault: Fault | None
    feed: str
    behind: bool
    """Another message right behind it in the same conversation."""
    twin: bool
    """And that says the very same."""
    agent: str
    """leave, retry (at once), or look (read the thread, then retry or take it back)."""
    after: float
    """Seconds into the round at which it is sent."""

    @property
    def mark(self) -> str:
        return self.text.split(":", 1)[0]

    @property
    def phase(self) -> str:
        return self.fault.name if self.fault is not None else "nothing"


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """Runs that are under way at once, each in a conversation of its own."""

    number: int
    runs: tuple[SendPlan, ...]
    group: str | None
    strikes: float
    """Seconds into the round; `lasts` seconds long."""
    lasts: float


def _cuts(dice: Random) -> list[Fault]:
    """A cut in each part of request and answer, at a byte drawn by chance."""
    ending = ("reset", "close", "half close", "stall")
    places = [
        ("before the request", "request", "start"),
        ("in the request line", "request", "line"),
        ("in the headers", "request", "head"),
        ("in the body", "request", "body"),
        ("after the request", "request", "end"),
        ("in the answer's first line", "answer", "line"),
        ("in the answer's headers", "answer", "head"),
        ("in the answer's body", "answer", "body"),
        ("before the answer", "answer", "start"),
        ("after the answer", "answer", "end"),
    ]
    return [
        Fault(name, side, part, dice.random(), dice.choice(ending)) for name, side, part in places
    ]


def _late(dice: Random) -> list[Fault]:
    """Handed over when the desk has given up: while it looks, or after it has looked."""
    while_looking = dice.uniform(READ_SECONDS * 1.02, LOOKS_UNTIL * 0.95)
    later = LOOKS_UNTIL * dice.uniform(1.0, 1.6)
    part = dice.choice(("start", "line", "head", "body"))
    return [
        Fault("late request", "request", part, dice.random(), "late", while_looking),
        Fault("very late request", "request", part, dice.random(), "late", later),
        Fault("late answer", "answer", "start", 0.0, "late", while_looking),
        Fault("pause", dice.choice(("request", "answer")), "body", dice.random(), "pause", 0.4),
    ]


def _other_answers() -> list[Fault]:
    return [
        Fault("500 after storing", "answer", instead=CRASHED),
        Fault("502 after storing", "answer", instead=BAD_GATEWAY),
        Fault("504 after storing", "answer", instead=GATEWAY),
        Fault("garbled answer", "answer", instead=GARBLED),
        Fault("500 before storing", "request", instead=CRASHED),
        Fault("502 before storing", "request", instead=BAD_GATEWAY),
    ]


def fault_for(dice: Random, number: int) -> Fault | None:
    """Every phase comes up in turn; the rest is chance."""
    choices: list[Fault | None] = [*_cuts(dice), *_late(dice), *_other_answers(), None]
    return choices[number % len(choices)]


def send_plan(seed: int, number: int, *, faulty: bool) -> SendPlan:
    dice = Random(f"send {seed} {number}")
    fault = fault_for(dice, number)
    words = dice.choice(
        (
            "your laptop is ready.",
            "Olá! 🔧 a peça chegou – 45 €",
            "two\nlines, and a  gap",
            "hello {{ contact.name }}, it is done",
            "x" * dice.choice((10, 2000, 20_000)),
        )
    )
    return SendPlan(
        number=number,
        channel=CHANNELS[number // 3 % 3],
        private=dice.random() < 0.25,
        text=f"Run {seed}-{number}: {words}",
        fault=fault if faulty else None,
        feed=dice.choice(FEEDS),
        behind=dice.random() < 0.4,
        twin=dice.random() < 0.4,
        agent=_agent(dice, fault),
        after=dice.uniform(0.0, 0.5),
    )


def _agent(dice: Random, fault: Fault | None) -> str:
    does = dice.choice(("leave", "retry", "retry", "look"))
    return "leave" if fault is not None and fault.name == "very late request" else does


def round_plan(seed: int, number: int, size: int) -> RoundPlan:
    dice = Random(f"round {seed} {number}")
    group = GROUP[number // GROUP_EVERY % len(GROUP)] if number % GROUP_EVERY == 3 else None
    first = number * IN_A_ROUND
    runs = tuple(send_plan(seed, first + one, faulty=group is None) for one in range(size))
    return RoundPlan(number, runs, group, dice.uniform(0.0, 0.6), dice.uniform(0.3, 4.0))


def rounds(seed: int, count: int, first: int = 0) -> list[RoundPlan]:
    """`count` runs in all, from the round that holds the run `first`."""
    sizes = [min(IN_A_ROUND, count - at) for at in range(0, count, IN_A_ROUND)]
    begins = first // IN_A_ROUND
    return [round_plan(seed, begins + place, size) for place, size in enumerate(sizes)]
