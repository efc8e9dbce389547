"""What is read in a text: stretches that say something which can be true or false."""

from __future__ import annotations

from typing import Literal, NamedTuple

from revivatui.state.records import dataclass

Kind = Literal[
    "price", "percentage", "date", "time", "duration", "number", "reference", "device", "link",
    "e-mail", "phone", "promise",
]  # fmt: skip
Edge = Literal["", "low", "high"]
"""A figure alone, or an end of a range: "from 79", "up to 199"."""


class Reading(NamedTuple):
    """One stretch of a plain text and what it comes to, however it was spelled."""

    kind: Kind
    start: int
    end: int
    keys: tuple[str, ...]
    """What it may come to; more than one where the spelling can be read in two ways."""
    high: tuple[str, ...] = ()
    """The upper end of a range, of which `keys` is the lower one."""
    edge: Edge = ""
    role: str = ""
    """What it is for: "discount", "refund", "deposit", "hours"; "" where nothing is said."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Something in a draft that does not stand in what is known, from `start` up to `end`."""

    start: int
    end: int
    kind: Kind
    text: str
    """As the draft spells it."""
    words: str
    """For the agent: "not in the record: 149 €"."""
