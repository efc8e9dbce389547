"""The life of a message of ours: queued, held, sending, unconfirmed, sent or failed (rule 3).

Each step makes a new entry from an old one; what may not follow raises `IllegalStep`. The engine
writes an entry to disk before it acts on it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from revivatui.state.models import SendEntry

QUEUED: Final = "queued"
HELD: Final = "held"
"""Somebody wrote after what its writer saw: it waits for a yes."""
SENDING: Final = "sending"
UNCONFIRMED: Final = "unconfirmed"
"""The answer was lost: it may be there. Look it up by its reference before anything else."""
SENT: Final = "sent"
FAILED: Final = "failed"

OPEN: Final = frozenset({QUEUED, SENDING, UNCONFIRMED})
"""Still on its way: the next message of its conversation waits."""

_MAY_FOLLOW: Final[dict[str, frozenset[str]]] = {
    QUEUED: frozenset({SENDING, HELD, FAILED, SENT}),
    HELD: frozenset({QUEUED, SENT}),
    SENDING: frozenset({SENT, FAILED, UNCONFIRMED, QUEUED}),
    UNCONFIRMED: frozenset({SENT, FAILED, QUEUED}),
    FAILED: frozenset({QUEUED, SENT}),
    SENT: frozenset({SENT}),
}


class IllegalStep(ValueError):
    """An entry cannot go from the state it is in to the one asked for."""


def _move(entry: SendEntry, to: str, **fields: object) -> SendEntry:
    if to not in _MAY_FOLLOW[entry.state]:
        raise IllegalStep(f"a {entry.state} message cannot become {to}")
    return replace(entry, state=to, **fields)  # type: ignore[arg-type]


def held(entry: SendEntry, reason: str) -> SendEntry:
    """The thread moved on; the reason says who wrote."""
    return _move(entry, HELD, reason=reason)


def released(entry: SendEntry, seen_id: int, at: float) -> SendEntry:
    """The agent saw what is new up to `seen_id` and said yes at `at` (epoch seconds)."""
    return _move(entry, QUEUED, reason="", seen_id=seen_id, wanted_at=at)


def sending(entry: SendEntry) -> SendEntry:
    """The request leaves now."""
    return _move(entry, SENDING, attempts=entry.attempts + 1, reason="")


def not_sent(entry: SendEntry, reason: str = "") -> SendEntry:
    """The request surely never left: it waits again."""
    return _move(entry, QUEUED, reason=reason)


def unconfirmed(entry: SendEntry, reason: str) -> SendEntry:
    """The request left and no answer came."""
    return _move(entry, UNCONFIRMED, reason=reason)


def sent(entry: SendEntry, message_id: int) -> SendEntry:
    """The server showed the message: by its answer, on the cable, or when looked up."""
    return _move(entry, SENT, message_id=message_id, reason="")


def failed(entry: SendEntry, reason: str) -> SendEntry:
    """The server refused it, or it is known not to be there."""
    return _move(entry, FAILED, reason=reason)


def retried(entry: SendEntry, at: float) -> SendEntry:
    """The agent said yes to another try, at this time (epoch seconds)."""
    return _move(entry, QUEUED, reason="", wanted_at=at)


def stale(entry: SendEntry, now: float, lasts: float) -> bool:
    """Whether it waited too long to leave without another yes. Times in seconds."""
    return entry.state == QUEUED and now - (entry.wanted_at or entry.created_at) > lasts


def after_restart(entry: SendEntry) -> SendEntry:
    """What an entry found on disk means: one that was leaving may have arrived."""
    if entry.state == SENDING:
        return unconfirmed(entry, "The desk stopped while this was being sent.")
    return entry
