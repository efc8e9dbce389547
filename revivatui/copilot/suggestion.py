"""What is suggested, for which moment of which conversation, and from what it was made."""

from __future__ import annotations

from typing import Literal

from revivatui.copilot.facts import NOTHING_KNOWN, Record
from revivatui.state.records import dataclass

Lane = Literal["record", "answer", "price", "model"]
"""Templates filled from the record; canned responses and resolved replies; the price list; a model
or the server's own assistant."""
Teller = Literal["customer", "agent", "bot", "note"]


@dataclass(frozen=True, slots=True)
class Moment:
    """What a suggestion was made for. Anything newer makes it stale."""

    conversation_id: int
    last_message_id: int
    record_version: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the conversation, as text that was made safe."""

    message_id: int
    teller: Teller
    text: str
    at: float = 0.0
    """Epoch seconds."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be answered, with what is known around it. The typed context steers and is never
    appended to the text that is looked for."""

    text: str
    """What the customer wrote last: all messages since the last answer, in one."""
    language: str = ""
    """"en", "pt"; "" to be found from the text."""
    device: str = ""
    repair_status: str = ""
    quote_status: str = ""
    recent: tuple[str, ...] = ()
    """Earlier messages of the conversation, oldest first."""


@dataclass(frozen=True, slots=True)
class Situation:
    """One conversation at one moment: the whole of what the copilot may look at."""

    moment: Moment
    question: Question
    said: tuple[Said, ...] = ()
    """Oldest first, private notes among them (teller "note")."""
    record: Record = NOTHING_KNOWN


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that an agent may put into the composer."""

    id: str
    """Stable for the same text and sources in the same conversation."""
    lane: Lane
    title: str
    text: str
    moment: Moment
    sources: tuple[str, ...] = ()
    """Ids of sources and facts."""
    why: tuple[str, ...] = ()
    """Plain words, one line each: what matched, what steered."""
    score: float = 0.0
    """0 to 1; comparable within one list only."""
    private: bool = False
    """Made with something that is not meant for the customer."""
    asks: bool = False
    """It asks the customer for what is missing."""
