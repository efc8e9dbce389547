"""The way of a repair through the shop: its states, what may follow, and what each move sets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

from revivatui.crm.errors import MoveRefused
from revivatui.state.records import dataclass

RepairStatus = Literal[
    "booked",
    "received",
    "diagnosing",
    "awaiting_approval",
    "approved",
    "awaiting_parts",
    "in_repair",
    "testing",
    "ready",
    "ready_unrepaired",
    "completed",
    "unrepairable",
    "cancelled",
    "unknown",
]
"""The thirteen states of a repair; `unknown` is a word of another CRM that no table names."""

Stamp = Literal[
    "received_at",
    "diagnosed_at",
    "approved_at",
    "started_at",
    "tested_at",
    "ready_at",
    "collected_at",
    "cancelled_at",
]
STAMPS: Final[tuple[Stamp, ...]] = (
    "received_at",
    "diagnosed_at",
    "approved_at",
    "started_at",
    "tested_at",
    "ready_at",
    "collected_at",
    "cancelled_at",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One state: what the shop calls it, what the customer reads, and where it can go."""

    words: str
    customer_words: str
    next: tuple[RepairStatus, ...]


STEPS: Final[Mapping[RepairStatus, Step]] = {
    "booked": Step("Booked", "appointment", ("received", "cancelled")),
    "received": Step("Checked in", "checked in", ("diagnosing", "cancelled")),
    "diagnosing": Step(
        "Diagnosing",
        "being diagnosed",
        ("awaiting_approval", "in_repair", "unrepairable", "cancelled"),
    ),
    "awaiting_approval": Step(
        "Waiting for approval", "quote waiting", ("approved", "ready_unrepaired", "cancelled")
    ),
    "approved": Step("Approved", "approved", ("awaiting_parts", "in_repair")),
    "awaiting_parts": Step("Waiting for parts", "part on order", ("in_repair", "cancelled")),
    "in_repair": Step(
        "In repair",
        "being repaired",
        ("testing", "awaiting_parts", "awaiting_approval", "unrepairable"),
    ),
    "testing": Step("Quality check", "final tests", ("ready", "in_repair")),
    "ready": Step("Ready for collection", "ready", ("completed", "testing")),
    "ready_unrepaired": Step("Ready, not repaired", "ready", ("completed",)),
    "completed": Step("Collected", "collected", ()),
    "unrepairable": Step("Cannot be repaired", "not repairable", ("ready_unrepaired",)),
    "cancelled": Step("Cancelled", "cancelled", ()),
}
STATUSES: Final[tuple[RepairStatus, ...]] = tuple(STEPS)
TERMINAL: Final[frozenset[RepairStatus]] = frozenset({"completed", "cancelled"})
WAITING_TO_BE_COLLECTED: Final[frozenset[RepairStatus]] = frozenset({"ready", "ready_unrepaired"})
NOT_LATE: Final = TERMINAL | WAITING_TO_BE_COLLECTED
NEVER_FORGOTTEN: Final = NOT_LATE | {"booked"}
UNCLAIMED_AFTER: Final = timedelta(days=14)
"""How long a device is ready for collection before it counts as unclaimed."""
FORGOTTEN_AFTER: Final = timedelta(hours=72)
"""How long a repair stands still before it counts as forgotten."""

_SETS: Final[Mapping[RepairStatus, tuple[Stamp, ...]]] = {
    "received": ("received_at",),
    "awaiting_approval": ("diagnosed_at",),
    "approved": ("approved_at",),
    "in_repair": ("started_at",),
    "ready": ("ready_at",),
    "ready_unrepaired": ("ready_at",),
    "completed": ("collected_at",),
    "unrepairable": ("diagnosed_at",),
    "cancelled": ("cancelled_at",),
}
_RENEWED: Final[frozenset[Stamp]] = frozenset({"tested_at", "ready_at"})
"""Moments that a second round through the bench moves; of all others the first one counts."""


def words(status: RepairStatus, verbatim: str = "") -> str:
    """What the shop calls a state; of an unknown one, the other CRM's own word."""
    step = STEPS.get(status)
    return step.words if step else verbatim or "Unknown"


def customer_words(status: RepairStatus, verbatim: str = "") -> str:
    """What the customer is told."""
    step = STEPS.get(status)
    return step.customer_words if step else verbatim or "in our hands"


def next_states(status: RepairStatus) -> tuple[RepairStatus, ...]:
    """Where a repair can go from there; nowhere from a state that nobody here knows."""
    step = STEPS.get(status)
    return step.next if step else ()


def check_move(start: RepairStatus, to: RepairStatus) -> None:
    """Raises MoveRefused, with what is possible, where the way is not there."""
    if to in next_states(start):
        return
    possible = ", ".join(words(one) for one in next_states(start)) or "nothing"
    raise MoveRefused(
        f"A repair that is “{words(start)}” cannot become “{words(to)}”. Possible: {possible}."
    )


def is_terminal(status: RepairStatus) -> bool:
    """Whether nothing follows but a new repair."""
    return status in TERMINAL


def is_overdue(status: RepairStatus, promised_at: datetime | None, now: datetime) -> bool:
    """Whether the promised moment has passed while the device is not ready."""
    return promised_at is not None and promised_at < now and status not in NOT_LATE


def is_unclaimed(
    status: RepairStatus, ready_at: datetime | None, updated_at: datetime, now: datetime
) -> bool:
    """Whether a device has been ready for long and nobody came; without a moment at which it was
    ready, its last change counts."""
    return status in WAITING_TO_BE_COLLECTED and (ready_at or updated_at) < now - UNCLAIMED_AFTER


def is_forgotten(status: RepairStatus, updated_at: datetime, now: datetime) -> bool:
    """Whether a repair that somebody should be at has not moved for long."""
    return status not in NEVER_FORGOTTEN and updated_at < now - FORGOTTEN_AFTER


def stamps_of(start: RepairStatus, to: RepairStatus) -> tuple[tuple[Stamp, bool], ...]:
    """The moments that a move sets, each with whether it replaces an earlier one."""
    stamps = list(_SETS.get(to, ()))
    if start == "testing" and to == "ready":
        stamps.append("tested_at")
    if start == "diagnosing" and to == "in_repair":
        stamps.append("diagnosed_at")
    return tuple((stamp, stamp in _RENEWED) for stamp in stamps)


def way_to(goal: RepairStatus, start: RepairStatus = "booked") -> tuple[RepairStatus, ...]:
    """A shortest way from one state to another, both included. Raises MoveRefused."""
    ways: list[tuple[RepairStatus, ...]] = [(start,)]
    for way in ways:
        if way[-1] == goal:
            return way
        ways += [(*way, one) for one in next_states(way[-1]) if one not in way]
    raise MoveRefused(f"No way leads from “{words(start)}” to “{words(goal)}”.")
