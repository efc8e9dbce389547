"""How captain is: whether it may answer, and what it did. Read from its tables, shown by command
line and desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Final

from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.state.bridge_health import Fact, When

DAYS: Final = 7
"""Over how many days its deeds are counted."""


@dataclass(frozen=True, slots=True)
class CaptainReport:
    """`off`: who switched it off and when, "" where it may answer. Counts are of the last days."""

    off: str = ""
    listens: bool = False
    """A bridge with captain on runs, as far as its heartbeat says."""
    answered: int = 0
    held_back: int = 0
    """Answers that were ready and not said: switched off, overtaken, or people had it."""
    handed_off: Mapping[str, int] = field(default_factory=dict)
    """By reason."""
    waiting: int = 0
    """Turns and sayings."""
    paused: str = ""
    """Why nothing is said at all, though it may."""
    tokens_today: int = 0

    @property
    def handed(self) -> int:
        return sum(self.handed_off.values())


def captain_facts(report: CaptainReport, when: When) -> Iterator[Fact]:
    from revivatui.state.bridge_health import Fact

    if report.off:
        yield Fact("captain", f"switched off {report.off}; people get every customer", "warning")
    elif report.listens:
        yield Fact("captain", "on: it answers pending conversations first", "success")
    else:
        yield Fact("captain", "no bridge runs it: [bridge.captain] on = true", "muted")
    if report.paused:
        yield Fact("captain says", f"nothing, the server refuses: {report.paused}", "error")
    told = f"{report.answered} answered, {report.handed} handed off, {report.held_back} held back"
    yield Fact(f"in {DAYS} days", told)
    if report.handed_off:
        most = sorted(report.handed_off.items(), key=lambda one: (-one[1], one[0]))
        yield Fact("handed off", ", ".join(f"{count} {reason}" for reason, count in most))
    if report.waiting:
        yield Fact("captain waits", f"{report.waiting} to be answered or said")
    if report.tokens_today:
        yield Fact("tokens today", f"{report.tokens_today}")
