"""How busy the simulated shop is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Tempo:
    """``factor`` stretches every pause (1.0: a lively shop, smaller is faster).

    ``customers``: how many are in a chat at the same time. ``spare``: how many unassigned chats
    the colleagues leave for the demo's own agent.
    """

    factor: float
    customers: int
    spare: int


TEMPOS: Final = {
    "calm": Tempo(3.0, 2, 12),
    "lively": Tempo(1.0, 4, 10),
    "busy": Tempo(0.35, 10, 6),
}

# Seconds at factor 1.0: (least, most).
THINK: Final = (4.0, 16.0)
TYPE_LETTER: Final = 0.06
READ: Final = (1.0, 5.0)
PATIENCE: Final = (90.0, 240.0)
AWAY: Final = (60.0, 300.0)
ARRIVE_FIRST: Final = (2.0, 12.0)
ARRIVE: Final = (8.0, 45.0)
COLLEAGUE_PAUSE: Final = (12.0, 40.0)
COLLEAGUE_STAYS: Final = (300.0, 1200.0)
COLLEAGUE_AWAY: Final = (40.0, 180.0)
COLLEAGUE_LETS_WAIT: Final = 45.0
