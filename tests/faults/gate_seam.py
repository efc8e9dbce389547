"""NOT AVAILABLE YET: where the reply gate will be joined to the races.

The gate binds a reply to the last message the agent saw and holds it where the thread has moved.
Until it is in the engine, `AVAILABLE` is False, `send_through_gate` raises, and the kind `races`
says "not built" and fails. Nothing in here may imitate the gate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.support.desks import Desk

AVAILABLE: Final = False


class NotBuilt(Exception):
    """The gate is not in the engine yet."""


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """What became of a reply at the gate."""

    held: bool
    """It did not leave: the thread moved since the agent looked."""
    reference: str
    """Of its journal entry, where it left; "" where it was held."""
    shown: tuple[int, ...] = ()
    """Messages that the agent is shown as the reason."""


async def send_through_gate(
    desk: Desk, conversation_id: int, text: str, *, private: bool, seen: int
) -> GateAnswer:
    """Press enter on a reply whose writer saw the thread up to the message `seen` (an id).

    Returns when it left or was held. Raises NotBuilt until the gate is there.
    """
    raise NotBuilt("the reply gate is not in the engine yet")
