"""Where the reply gate of the engine is joined to the races."""

from __future__ import annotations

from dataclasses import dataclass

from revivatui.state import journal
from tests.support.desks import Desk


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """What became of a reply at the gate."""

    held: bool
    """It did not leave: the thread moved since the agent looked."""
    reference: str
    """Of its journal entry."""
    said: str
    """What the agent is told."""


async def send_through_gate(
    desk: Desk, conversation_id: int, text: str, *, private: bool, seen: int
) -> GateAnswer:
    """Press enter on a reply whose writer saw the thread up to the message `seen` (an id).

    Returns when it was held or is proved sent. A note answers nobody and is bound to nothing.
    """
    seen_id = None if private else seen
    reference = desk.engine.send(conversation_id, text, private, seen_id=seen_id)

    def decided() -> bool:
        entry = desk.state.sends.get(reference)
        return entry is None or entry.state in (journal.HELD, journal.SENT)

    await desk.until(decided, "the reply held or sent")
    entry = desk.state.sends.get(reference)
    held = entry is not None and entry.state == journal.HELD
    return GateAnswer(held, reference, entry.reason if entry is not None else "")
