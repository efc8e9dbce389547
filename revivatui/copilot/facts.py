"""The repair record as the copilot may know it: typed facts of one customer, each with an id."""

from __future__ import annotations

from typing import Literal

from revivatui.state.records import dataclass

FactKind = Literal[
    "name", "device", "number", "status", "date", "time", "money", "duration", "warranty", "tier",
    "address", "phone", "email", "link", "text",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known."""

    id: str
    """What it is cited by: "R-2041/status", "Q-88/total", "shop/hours"."""
    kind: FactKind
    label: str
    """What it is, in a word or two: "promised"."""
    value: str
    """As a customer reads it."""
    also: tuple[str, ...] = ()
    """Other ways to say the same value, which a draft may use: "2026-11-30", "30 Nov", "Monday"."""
    private: bool = False
    """Known to the shop and not meant for the customer."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of the customer of one conversation, and of the shop."""

    facts: tuple[Fact, ...] = ()
    version: str = ""
    """Another one after every change; suggestions made from an older one are stale."""

    def value(self, fact_id: str) -> str:
        """A fact's value; "" where it is not known."""
        return next((one.value for one in self.facts if one.id == fact_id), "")


NOTHING_KNOWN = Record()
