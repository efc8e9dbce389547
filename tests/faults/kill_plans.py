"""What somebody types and sends before the desk is killed, and when that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.faults.plans import Fault
from tests.faults.send_plans import CHANNELS

POINTS: Final = (
    *("before queued", "after queued", "before sending", "after sending"),
    *("before unconfirmed", "after unconfirmed", "before failed", "after failed"),
    *("before forgetting", "after forgetting"),
)
"""Writes of the send journal at which the desk dies."""

_REACHED_BY: Final = {
    "unconfirmed": Fault("no answer", "answer", "start", 0.0, "reset"),
    "failed": Fault("not delivered", "request", "body", 0.5, "reset"),
}


@dataclass(frozen=True, slots=True)
class KillPlan:
    """One life of a desk. Times in seconds."""

    number: int
    moment: str
    """typing, a point of the journal, "some time after sending", or "offline"."""
    channel: str
    private: bool
    text: str
    key_every: float
    types_for: float
    """How long somebody types, where nothing is sent."""
    pause: float
    """Between the last key and enter."""
    waits: float
    """Between enter and the kill, or for the point to come."""
    fault: Fault | None
    network_off: bool
    shop_too: bool
    retries: bool
    """After the restart the agent presses retry."""

    @property
    def sends(self) -> bool:
        return self.moment != "typing"

    @property
    def die_at(self) -> str:
        return self.moment if self.moment in POINTS else ""


@dataclass
class Texts:
    """What stood in the composer, and when (seconds of a running clock)."""

    text: str
    typed: list[tuple[float, str]] = field(default_factory=lambda: [(0.0, "")])
    killed_at: float = float("inf")
    sent_at: float | None = None
    on_disk: str = ""
    in_journal: list[str] = field(default_factory=list)

    @property
    def mark(self) -> str:
        return self.text.split(":", 1)[0] + ":"

    def growing(self) -> Iterator[str]:
        """The text as it grows, with a typing mistake now and then."""
        for end in range(1, len(self.text) + 1):
            if end % 7 == 0:
                yield self.text[:end] + "#"
            yield self.text[:end]

    def note(self, text: str, at: float) -> None:
        self.typed.append((at, text))

    def since(self, moment: float) -> list[str]:
        """What may be on the disk where everything up to a moment must be: the text at that
        moment and all later ones."""
        last = max(place for place, (at, _) in enumerate(self.typed) if at <= moment)
        return [text for _, text in self.typed[last:]]


def kill_plan(seed: int, number: int) -> KillPlan:
    dice = Random(f"kill {seed} {number}")
    moments = ("typing", "some time after sending", "offline", *POINTS)
    moment = moments[number % len(moments)]
    if dice.random() < 0.15:
        moment = "typing"
    state = moment.split(" ")[-1]
    fault = _REACHED_BY.get(state)
    if moment == "some time after sending":
        fault = dice.choice((None, *_REACHED_BY.values()))
    words = dice.choice(("the screen is in, come by.", "Olá 🔧 – 45 €", "a b c d e f g h i j k l"))
    typing = moment == "typing"
    return KillPlan(
        number=number,
        moment=moment,
        channel=CHANNELS[number // 4 % 3],
        private=dice.random() < 0.3,
        text=f"Kill {seed}-{number}: {words * (5 if typing else 1)}",
        key_every=dice.uniform(0.03, 0.12) if typing else 0.003,
        types_for=dice.uniform(0.5, 4.0),
        pause=dice.choice((0.0, 0.1, 0.6)) if state != "queued" else 1.1,
        waits=dice.uniform(0.0, 0.3) if not moment.startswith(("before", "after")) else 8.0,
        fault=fault,
        network_off=moment == "offline",
        shop_too=dice.random() < 0.08,
        retries=dice.random() < 0.5,
    )
