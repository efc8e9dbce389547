"""What stands on the wall: six figures, how old they are, and whether they can be believed.

Pure. Durations in seconds, times epoch seconds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from revivatui.state import select
from revivatui.state.records import dataclass
from revivatui.text.when import clock, duration

if TYPE_CHECKING:
    from datetime import tzinfo

    from revivatui.state.models import Conversation
    from revivatui.state.state import State

INTERVAL: Final = 30.0
"""Seconds within which data that is not of now is marked so. It is asked for twice in that time."""
TARGET: Final = 120.0
"""Seconds within which a first answer is promised (the shop's target)."""

Level = Literal["", "success", "warning", "error", "muted"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the server answered, at one time; None: not told to this agent, or nothing there."""

    at: float
    waiting: int | None = None
    waiting_more: bool = False
    """Others wait, beyond what was read."""
    longest_since: float | None = None
    """Since when the one waits who waits longest."""
    open: int | None = None
    unattended: int | None = None
    first_response: float | None = None


class Tile(NamedTuple):
    """One figure: its name, the digits, what they count, and how good or bad that is."""

    name: str
    digits: str
    unit: str
    level: Level = ""


def waiting_of(rows: Iterable[Conversation], *, last: bool) -> tuple[int, bool, float | None]:
    """How many of a page wait, whether more may, and since when the first does."""
    waits = [row.waiting_since for row in rows if row.waiting_since is not None]
    some_do_not = any(row.waiting_since is None for row in rows)
    return len(waits), not last and not some_do_not, min(waits, default=None)


def tiles(state: State, asked: Asked | None, now: float) -> tuple[Tile, ...]:
    """The six, in the order in which they are read."""
    longest = asked.longest_since if asked else None
    waited = None if longest is None else max(0.0, now - longest)
    online = _online(state)
    waiting = asked.waiting if asked else None
    unattended = asked.unattended if asked else None
    return (
        Tile(
            "waiting",
            _count(waiting, more=bool(asked and asked.waiting_more)),
            "customers",
            "warning" if waiting else "success" if waiting == 0 else "",
        ),
        _time("longest wait", waited, asked is not None and waiting == 0, bad=TARGET),
        Tile(
            "online",
            _count(online),
            "agents: nobody is here" if online == 0 else "agents",
            "error" if online == 0 else "",
        ),
        Tile("open", _count(asked.open if asked else None), "conversations"),
        Tile(
            "unattended",
            _count(unattended),
            "conversations",
            "warning" if unattended else "success" if unattended == 0 else "",
        ),
        _time("first response", asked.first_response if asked else None, False, bad=TARGET),
    )


def _online(state: State) -> int | None:
    if state.presence_at is None:
        return None
    return sum(select.presence_of(state, one) == "online" for one in state.agents.values())


def _count(value: int | None, *, more: bool = False) -> str:
    return "-" if value is None else f"{value}{'+' if more else ''}"


def _time(name: str, seconds: float | None, nothing: bool, *, bad: float) -> Tile:
    """Minutes, or hours and minutes, or days: what is needed to be read from afar."""
    if seconds is None:
        return Tile(name, "0" if nothing else "-", "min", "success" if nothing else "")
    is_bad = seconds > bad
    level: Level = "error" if is_bad else "success"
    told = f", more than {int(bad // 60)} min" if is_bad else ""
    if seconds < 3600:
        return Tile(name, str(int(seconds // 60)), f"min{told}", level)
    if seconds < 48 * 3600:
        digits = f"{int(seconds // 3600)}:{int(seconds % 3600 // 60):02}"
        return Tile(name, digits, f"h{told}", level)
    return Tile(name, str(int(seconds // 86_400)), f"days{told}", level)


def doubt(state: State, asked: Asked | None, trouble: str, now: float, tz: tzinfo | None) -> str:
    """Why the figures cannot be believed as those of now, in a sentence; "" where they can."""
    link = state.link
    since = f" since {clock(link.at, tz)}" if link.at else ""
    if link.state == "refused":
        return f"signed out{since}: these figures are old"
    if link.state not in ("live", "late", "catching_up"):
        return f"no connection{since}: these figures are old"
    if asked is None:
        return trouble or "asking the server"
    age = now - asked.at
    if age > 0.75 * INTERVAL:
        why = f": {trouble}" if trouble else ""
        return f"no answer since {clock(asked.at, tz)}, figures are {duration(age)} old{why}"
    if link.state == "late":
        return "the live feed is late: who is online may have changed"
    return ""
