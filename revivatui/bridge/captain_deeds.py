"""What captain decides about a customer's turn: it has three verbs, and two records for them.

A reply is said. A handoff gives the conversation to people, with a note that sums up; a customer's
wish for an appointment is told in such a note, and nothing is booked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from revivatui.state.records import dataclass

Reason = Literal[
    "person",
    "anger",
    "money",
    "emergency",
    "legal",
    "minor",
    "passcode",
    "identity",
    "doubt",
    "turns",
    "budget",
    "error",
    "model",
    "ungrounded",
    "unsure",
    "file",
    "hard",
    "appointment",
    "decision",
    "with a person",
    "switched off",
]

WHY: Final[Mapping[Reason, str]] = {
    "person": "The customer asks for a person.",
    "anger": "The customer is angry.",
    "money": "It is about money: a dispute, a refund or a discount.",
    "emergency": "An emergency: liquid in a device, or data at risk.",
    "legal": "Lawyers, a chargeback or a threat are named.",
    "minor": "It may be a child, or a child's device.",
    "passcode": "The customer offered a passcode.",
    "identity": "It is about a repair, and who asks could not be shown.",
    "doubt": "Captain did not know what to answer, twice in a row.",
    "turns": "Captain has said enough here without an end.",
    "budget": "The budget of tokens is spent.",
    "error": "Something went wrong in captain.",
    "model": "The model did not answer.",
    "ungrounded": "The answer would have claimed something that stands in no record.",
    "unsure": "It could not be found out whether an answer reached the customer.",
    "file": "The customer sent a file, which captain cannot look at.",
    "hard": "A technician should look at this.",
    "appointment": "The customer wants an appointment.",
    "decision": "The customer decides on a quote, which only a person can write down.",
    "with a person": "Somebody of the shop wrote here already.",
    "switched off": "Captain is switched off.",
}
NEXT: Final[Mapping[Reason, str]] = {
    "person": "Answer the customer.",
    "anger": "Answer calmly and soon; say what happens next and when.",
    "money": "Look at the quote and the invoice before you answer.",
    "emergency": "Answer at once: each minute that the device is on counts.",
    "legal": "Answer nothing about it before the owner has read this.",
    "minor": "Speak with a parent before anything is agreed.",
    "passcode": "Ask for passcodes at the counter only; delete the message once it is not needed.",
    "identity": "Check who this is before you tell anything about a repair.",
    "doubt": "Read what was asked and answer.",
    "turns": "Read what was asked and answer.",
    "budget": "Read what was asked and answer.",
    "error": "Read what was asked and answer; the bridge's log says what went wrong.",
    "model": "Read what was asked and answer.",
    "ungrounded": "Answer with what the record or the price list says.",
    "unsure": "See in the chat whether the answer is there, and answer if it is not.",
    "file": "Look at the file and answer.",
    "hard": "Ask a technician, then answer.",
    "appointment": "Offer a time and book it.",
    "decision": "Look at the quote, write the decision down and confirm it to the customer.",
    "with a person": "Answer, or set the conversation to pending once captain may go on.",
    "switched off": "Read what was asked and answer.",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A fact or text that was given to the customer, with where it comes from."""

    source: str
    words: str


@dataclass(frozen=True, slots=True)
class Reply:
    words: str
    intent: str
    language: str
    sources: tuple[str, ...] = ()
    """Ids of facts and texts."""
    is_doubt: bool = False
    """It asks what is meant, because captain does not know."""
    identity: str = ""
    """What is known now of who this is; "": nothing new."""
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class HandOff:
    reason: Reason
    intent: str = ""
    language: str = "en"
    farewell: str = ""
    """What the customer is told first; "": nothing."""
    detail: str = ""
    """More of why, for the note."""
    device: str = ""
    tokens: int = 0


Deed = Reply | HandOff
