"""When a customer needs a person, told by their words; better once too often than not at all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from revivatui.bridge.captain_deeds import Reason
from revivatui.copilot.cue import Cue, cue
from revivatui.copilot.suggestion import Said
from revivatui.crm.passcodes import MASK
from revivatui.state.records import dataclass
from revivatui.text.fold import fold

_BARGAIN: Final = re.compile(
    r"\b(?:discount\w*|desconto\w*|cheaper|mais barato|refund\w*|reembols\w*)"
)
"""What captain may not promise, even where nobody is angry."""
_PERSON: Final = re.compile(
    r"^(?:(?:a )?(?:person|human|agent)|(?:uma )?pessoa|humano|atendente)"
    r"(?: please| por favor)?\W*$"
)
"""The word that the customer was told."""
_NOW: Final = re.compile(
    r"\b(?:just|now|minutes? ago|today|a moment ago|tonight|agora|hoje|acabei|acabou|minutos)\b"
)
_ASKS_ONLY: Final = frozenset({"price", "do_you_repair", "duration", "warranty", "worth_repairing"})
_BATTERY: Final = frozenset({"battery_swollen", "smoke_burning"})


@dataclass(frozen=True, slots=True)
class Need:
    """Why a person is needed. `first`: which fixed words the customer gets before anything,
    "liquid", "battery" or "disk"."""

    reason: Reason
    first: str = ""
    detail: str = ""


def need(said: Sequence[Said], words: str, concepts: Collection[str]) -> Need | None:
    """The most pressing need of a turn; None where captain may answer. `words` are the customer's
    since the last answer, `concepts` what they speak of."""
    return next(_needs(cue(said), fold(words), words, frozenset(concepts)), None)


def _needs(told: Cue, plain: str, words: str, concepts: frozenset[str]) -> Iterator[Need]:
    """By how much harm it does to wait."""
    detail = "; ".join(told.reasons)
    if told.safety or concepts & _BATTERY:
        yield Need("emergency", "battery", detail)
    if "liquid_damage" in concepts and (_NOW.search(plain) or not concepts & _ASKS_ONLY):
        yield Need("emergency", "liquid", detail)
    if told.data_emergency or "clicking_drive" in concepts:
        yield Need("emergency", "disk", detail)
    if told.passcode or MASK in words:
        yield Need("passcode", "", detail)
    if told.legal or told.public_review:
        yield Need("legal", "", detail)
    if told.minor:
        yield Need("minor", "", detail)
    if told.money_dispute or _BARGAIN.search(plain):
        yield Need("money", "", detail)
    if told.wants_person or _PERSON.match(plain) or "human" in concepts:
        yield Need("person", "", detail)
    if told.tone == "angry" or "complaint" in concepts:
        yield Need("anger", "", detail)
