"""How a bridge is: what it recorded of itself, as plain facts, and what is said of them.

The bridge measures (`revivatui/bridge/report.py`), the command line and the desk show. All moments
are epoch seconds by the clock of whoever recorded them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from typing import Final, NamedTuple

from revivatui.state.captain_health import CaptainReport, captain_facts
from revivatui.state.records import dataclass

MINUTE: Final = 60.0
DAYS: Final = 30
"""Over how many days the uptime counts."""
GOAL: Final = 0.999
QUIET: Final = 130.0
"""Seconds without a heartbeat after which a bridge counts as gone; they come once a minute."""
STARTS_IT: Final = "`revivatui bridge run` starts it"
_WORDS: Final = {"new": "waiting", "done": "done", "skipped": "not needed", "dead": "dead letters"}


@dataclass(frozen=True, slots=True)
class Gap:
    """Whole minutes without a heartbeat, from `begin` to `end`."""

    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Uptime:
    """Whole minutes since the first heartbeat, or in the last 30 days where that is longer ago."""

    since: float
    minutes: int
    missed: int
    last_gap: Gap | None = None
    """The newest gap that is over."""

    @property
    def share(self) -> float:
        """Of 1."""
        return 1.0 - self.missed / self.minutes

    @property
    def allowed(self) -> int:
        """Minutes that may be missed by the goal."""
        return math.floor(self.minutes * (1.0 - GOAL) + 1e-9)

    @property
    def is_met(self) -> bool:
        return self.missed <= self.allowed

    @property
    def is_whole(self) -> bool:
        return self.minutes >= DAYS * 1440

    @property
    def percent(self) -> str:
        """Never rounded up: "100 %" has no minute missed."""
        if not self.missed:
            return "100 %"
        return f"{math.floor(self.share * 10_000 + 1e-9) / 100:.2f} %"


@dataclass(frozen=True, slots=True)
class Target:
    """Somewhere that the bridge writes to. `open_until` is when its breaker lets the next call
    through; None: closed, all calls go. `paused` says why nothing is written at all."""

    name: str
    waiting: int = 0
    dead: int = 0
    written: int = 0
    written_at: float | None = None
    open_until: float | None = None
    paused: str = ""


@dataclass(frozen=True, slots=True)
class ReportMade:
    """How far the bridge came with a report of the shop for one period."""

    every: str
    """daily, weekly or monthly."""
    period: str = ""
    """Its name, "weekly-2026-11-16"; "": none was begun."""
    done: tuple[str, ...] = ()
    """How it was told: files, note, webhook."""
    tries: int = 0
    """How often it failed."""
    error: str = ""
    next_at: float | None = None
    """When it is tried again; None: it need not be."""
    made_at: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about a bridge at the moment `at`. Counts are by state: new, done, skipped, dead;
    what is done is kept for 30 days."""

    at: float
    started_at: float | None = None
    stopped_at: float | None = None
    beat_at: float | None = None
    """The last heartbeat."""
    uptime: Uptime | None = None
    last_hour: int = 0
    """Deliveries that were kept in the last hour."""
    delivered_at: float | None = None
    events: Mapping[str, int] = field(default_factory=dict)
    writes: Mapping[str, int] = field(default_factory=dict)
    oldest_event_at: float | None = None
    oldest_write_at: float | None = None
    caught_up_at: float | None = None
    compared_at: float | None = None
    compared: str = ""
    targets: tuple[Target, ...] = ()
    twins: int = 0
    """Pairs of customers whose contacts were merged in Chatwoot."""
    reports: tuple[ReportMade, ...] = ()
    """Those of the shop that the bridge makes by itself."""
    captain: CaptainReport | None = None
    """None where none ever answered here."""

    @property
    def is_running(self) -> bool:
        return self.beat_at is not None and self.gone_since is None

    @property
    def gone_since(self) -> float | None:
        """Since when it does not run; None where it does, or never did."""
        if self.beat_at is None:
            return None
        stopped, started = self.stopped_at, self.started_at or 0.0
        if stopped is not None and stopped >= max(started, self.beat_at):
            return stopped
        return self.beat_at if self.at - self.beat_at > QUIET else None

    @property
    def dead(self) -> int:
        return self.events.get("dead", 0) + self.writes.get("dead", 0)


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter. `id` is what people type: "in-…" or "out-…"."""

    id: str
    what: str
    where: str
    tries: int
    error: str
    body: str = field(default="", repr=False)


# --- in words ------------------------------------------------------------------------------------


class Fact(NamedTuple):
    """A line: its name, and what is so. `style` is how good that is: "", success, warning, error
    or muted."""

    name: str
    words: str
    style: str = ""


When = Callable[[float], str]
"""A moment in words, as the reader wants it."""


def facts(report: Report, when: When) -> Iterator[Fact]:
    """A report, line by line."""
    yield _running(report, when)
    yield from _uptime(report.uptime, when)
    yield _delivered(report, when)
    yield Fact("events", _counted(report.events), _alarm(report.events))
    yield Fact("writes", _counted(report.writes), _alarm(report.writes))
    yield _oldest("oldest event", report.oldest_event_at, report.at)
    yield _oldest("oldest write", report.oldest_write_at, report.at)
    if report.caught_up_at is None:
        yield Fact("caught up", "never", "warning")
    else:
        yield Fact("caught up", when(report.caught_up_at))
    if report.compared_at is not None:
        style = "" if report.compared.startswith("No drift") else "warning"
        yield Fact("compared", f"{when(report.compared_at)}: {report.compared}", style)
    else:
        yield Fact("compared", "not yet; that is done at night", "muted")
    for target in report.targets:
        yield from _target(target, report, when)
    for made in report.reports:
        yield _report_made(made, when)
    if report.twins:
        words = f"{report.twins} pairs of customers are one contact: `revivatui bridge twins list`"
        yield Fact("twins", words, "warning")
    if report.captain is not None:
        yield from captain_facts(report.captain, when)


def _running(report: Report, when: When) -> Fact:
    gone = report.gone_since
    if gone is not None:
        return Fact("bridge", f"not running since {when(gone)}; {STARTS_IT}", "error")
    if report.beat_at is None:
        return Fact("bridge", f"it has recorded no heartbeat yet; {STARTS_IT}", "warning")
    since = f" since {when(report.started_at)}" if report.started_at is not None else ""
    return Fact("bridge", f"running{since}", "success")


def _uptime(uptime: Uptime | None, when: When) -> Iterator[Fact]:
    if uptime is None:
        yield Fact("uptime", "not known: no whole minute was recorded yet", "muted")
        return
    if uptime.is_whole:
        over = f"of the last {DAYS} days"
    else:
        over = f"since {when(uptime.since)}, nothing is known of before"
    counted = f"{uptime.missed} min missed, {GOAL:.1%} allows {uptime.allowed}".replace("%", " %")
    style = "success" if uptime.is_met else "error"
    yield Fact("uptime", f"{uptime.percent} {over} ({counted})", style)
    if (gap := uptime.last_gap) is not None:
        minutes = round((gap.end - gap.begin) / MINUTE)
        told = f"{when(gap.begin)} to {when(gap.end)}, {long(minutes * MINUTE)}"
        yield Fact("last gap", told, "muted")


def _delivered(report: Report, when: When) -> Fact:
    if report.delivered_at is None:
        return Fact(
            "deliveries", "none so far: `revivatui bridge setup` makes the webhook", "muted"
        )
    last = f"the last at {when(report.delivered_at)}"
    return Fact("deliveries", f"{report.last_hour} in the last hour, {last}")


def _counted(counts: Mapping[str, int]) -> str:
    told = [f"{counts[state]} {word}" for state, word in _WORDS.items() if counts.get(state)]
    return ", ".join(told) or "none"


def _alarm(counts: Mapping[str, int]) -> str:
    return "error" if counts.get("dead") else ""


def _oldest(name: str, since: float | None, now: float) -> Fact:
    if since is None:
        return Fact(name, "none waits", "muted")
    waits = max(0.0, now - since)
    return Fact(name, f"waits {long(waits)}", "warning" if waits > MINUTE else "")


def _report_made(made: ReportMade, when: When) -> Fact:
    name = f"{made.every} report"
    if made.error:
        again = f"; tried again at {when(made.next_at)}" if made.next_at is not None else ""
        return Fact(name, f"{made.period} failed: {made.error}{again}", "error")
    if made.made_at is None:
        return Fact(name, "none was made yet", "muted")
    return Fact(name, f"{made.period} at {when(made.made_at)}, as {', '.join(made.done)}")


def _target(target: Target, report: Report, when: When) -> Iterator[Fact]:
    last = f", the last at {when(target.written_at)}" if target.written_at is not None else ""
    written = f"{target.written} written{last}"
    if not report.is_running:
        yield Fact(target.name, written, "muted")
    elif target.open_until is not None:
        until = when(target.open_until)
        yield Fact(
            target.name, f"breaker open: no call until {until}, then one; {written}", "error"
        )
    else:
        yield Fact(target.name, f"breaker closed, calls go; {written}")
    if target.paused:
        yield Fact("paused", target.paused, "error")


def long(seconds: float) -> str:
    """How long something took or takes: "40 s", "7 min", "3 h 05 min", "2 d 4 h"."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    if whole < 86_400:
        return f"{whole // 3600} h {whole % 3600 // 60:02} min"
    return f"{whole // 86_400} d {whole % 86_400 // 3600} h"
