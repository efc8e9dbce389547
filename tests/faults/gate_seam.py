"""Where the reply gate is joined to the races: a reply is sent as the composer sends it."""

from __future__ import annotations

from dataclasses import dataclass

from revivatui.state import gate, journal
from tests.support.desks import Desk


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

    Returns when it left or was held; a held one is taken back, as f7 does it, so that the next
    reply of its conversation does not wait behind it. Notes answer nobody: no gate for them.
    """
    engine = desk.engine
    reference = engine.send(conversation_id, text, private, None, None if private else seen)
    waits = (journal.QUEUED,)
    await desk.until(lambda: _state(desk, reference) not in waits, "the gate's decision")
    if _state(desk, reference) != journal.HELD:
        return GateAnswer(held=False, reference=reference)
    shown = tuple(one.id for one in gate.moved(desk.state, conversation_id, seen))
    assert engine.take_back(reference) == text
    return GateAnswer(held=True, reference="", shown=shown)


def _state(desk: Desk, reference: str) -> str:
    entry = desk.state.sends.get(reference)
    return entry.state if entry is not None else journal.SENT
