"""What a shop wants to be told at once: thresholds that do not flap, what is over one, since when.

Plain and without a clock: `looked` takes what was measured at a moment and gives the board after
it. Times are epoch seconds, durations seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import Final

from revivatui.state.records import dataclass

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nobody": "Nobody online",
        "waiting": "Customers wait",
        "answer": "Answers due",
        "queue": "Long queue",
        "bridge": "Bridge behind",
        "csat": "Satisfaction drops",
    }
)
"""Every kind of alert in words, the most pressing first."""
MUTED_FOR: Final = 3600.0
LEFT_OFF: Final = "no longer watched"
"""How an alert ends that the settings, or the end of the working hours, put an end to."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When an alert begins and ends: at `above` or more for `raise_after` seconds it begins, under
    `below` for `clear_after` seconds it ends. In between it stays as it is."""

    kind: str
    above: float
    below: float
    raise_after: float = 0.0
    clear_after: float = 0.0

    def __post_init__(self) -> None:
        if not self.below <= self.above:
            raise ValueError(f"{self.kind}: it would end above where it begins")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured. `value` None: it cannot be known now, and `words` say why."""

    kind: str
    value: float | None
    words: str
    leads_to: str = ""
    """Where one sees to it: "conversation:42", "list:unassigned" or "room:team"."""
    due_at: float | None = None
    """When the value will reach the threshold by time alone, where it will."""
    bare: str = ""
    """The words without the name of a customer, for files and other systems; "": `words` has
    none."""
    began_at: float | None = None
    """When it was over the threshold first, where that is known better than by looking."""


@dataclass(frozen=True, slots=True)
class Latch:
    """One threshold's memory."""

    since: float | None = None
    """Since when the alert is on; None: it is off."""
    over_since: float | None = None
    under_since: float | None = None

    @property
    def is_on(self) -> bool:
        return self.since is not None

    def due_at(self, rule: Rule) -> float | None:
        """When it would turn if the value stayed as it is."""
        if self.is_on:
            return None if self.under_since is None else self.under_since + rule.clear_after
        return None if self.over_since is None else self.over_since + rule.raise_after


def moved(latch: Latch, rule: Rule, value: float | None, now: float) -> Latch:
    """The latch after a value was seen. What is not known begins and ends nothing."""
    over = value is not None and value >= rule.above
    under = value is not None and value < rule.below
    over_since = _kept(latch.over_since, now) if over else None
    under_since = _kept(latch.under_since, now) if under else None
    since = latch.since
    if since is None and over_since is not None and now >= over_since + rule.raise_after:
        since = over_since
    elif since is not None and under_since is not None and now >= under_since + rule.clear_after:
        since = None
    return Latch(since, over_since, under_since)


def _kept(since: float | None, now: float) -> float:
    """A clock that was put back starts the wait anew."""
    return now if since is None or since > now else since


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that is, or was, over its threshold."""

    kind: str
    since: float
    """When it was over the threshold first."""
    words: str
    """The reason, as it was last known."""
    leads_to: str = ""
    until: float | None = None
    """When it ended; None: it is on."""
    why_over: str = ""
    """How it ended, where that was not by itself."""
    bare: str = ""
    """The reason without the name of a customer."""
    seen_at: float | None = None
    """When the desk saw it first, which may be later."""

    @property
    def last_at(self) -> float:
        """The last moment at which it is known to have been on."""
        return self.until or self.seen_at or self.since

    @property
    def name(self) -> str:
        return NAMES.get(self.kind, self.kind)


NO_LATCHES: Final[Mapping[str, Latch]] = MappingProxyType({})
NO_MUTES: Final[Mapping[str, float]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Board:
    """All alerts of a desk."""

    active: tuple[Alert, ...] = ()
    """The most pressing first."""
    past: tuple[Alert, ...] = ()
    """Those that ended, the newest first, as far back as `KEPT`."""
    unknown: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Kind -> why it cannot be told now."""
    muted: Mapping[str, float] = field(default_factory=lambda: NO_MUTES)
    """Kind -> until when nobody wants to hear of it."""
    latches: Mapping[str, Latch] = field(default_factory=lambda: NO_LATCHES)
    at: float | None = None
    """When it was last looked; None: never."""

    def loud(self, now: float) -> tuple[Alert, ...]:
        """Those that are on and not muted."""
        return tuple(one for one in self.active if now >= self.muted.get(one.kind, 0.0))

    def of(self, kind: str) -> Alert | None:
        return next((one for one in self.active if one.kind == kind), None)


KEPT: Final = 200
"""Alerts that ended and are remembered on the board."""


@dataclass(frozen=True, slots=True)
class Look:
    """The board after a look, and what the look changed."""

    board: Board
    raised: tuple[Alert, ...] = ()
    """Those that began and are not muted."""
    begun: tuple[Alert, ...] = ()
    """All that began."""
    ended: tuple[Alert, ...] = ()
    next_at: float | None = None
    """When time alone may change something; None: it cannot."""


def looked(
    board: Board, rules: Iterable[Rule], readings: Mapping[str, Reading], now: float
) -> Look:
    """The board after these were measured. A kind without a rule is watched no more."""
    wanted = {rule.kind: rule for rule in rules}
    latches, active, begun, ended, due = {}, {}, [], [], []
    for kind, rule in wanted.items():
        reading = readings.get(kind) or Reading(kind, None, "not measured")
        before = board.latches.get(kind, Latch())
        latch = latches[kind] = moved(before, rule, reading.value, now)
        held = board.of(kind)
        if latch.since is not None:
            alert = _told(held, latch.since, reading)
            active[kind] = alert
            if held is None:
                begun.append(alert)
        elif held is not None:
            ended.append(replace(held, until=now))
        due += [at for at in (latch.due_at(rule), reading.due_at) if at is not None and at > now]
    for one in board.active:
        if one.kind not in wanted:
            ended.append(replace(one, until=now, why_over=LEFT_OFF))
    muted = {kind: at for kind, at in board.muted.items() if at > now}
    after = Board(
        active=tuple(active[kind] for kind in NAMES if kind in active),
        past=(*reversed(ended), *board.past)[:KEPT],
        unknown={kind: readings[kind].words for kind in wanted if _is_unknown(readings, kind)},
        muted=muted,
        latches=latches,
        at=now,
    )
    raised = tuple(one for one in begun if one.kind not in muted)
    due += muted.values()
    return Look(after, raised, tuple(begun), tuple(ended), min(due, default=None))


def _told(held: Alert | None, since: float, reading: Reading) -> Alert:
    """What is not known now keeps the words it had."""
    if held is not None and reading.value is None:
        return held
    began = since if reading.began_at is None else min(since, reading.began_at)
    return Alert(
        reading.kind,
        held.since if held is not None else began,
        reading.words,
        reading.leads_to,
        bare=reading.bare or reading.words,
        seen_at=since,
    )


def _is_unknown(readings: Mapping[str, Reading], kind: str) -> bool:
    return kind in readings and readings[kind].value is None


def mute(board: Board, kind: str, now: float) -> Board:
    """Nobody wants to hear of this kind for an hour; where it is muted, they do again."""
    muted = {one: at for one, at in board.muted.items() if at > now}
    if muted.pop(kind, None) is None:
        muted[kind] = now + MUTED_FOR
    return replace(board, muted=muted)


def recalled(board: Board, noted: Iterable[Alert]) -> Board:
    """The board with what earlier desks noted."""
    known = {(one.kind, one.since) for one in (*board.active, *board.past)}
    new = [one for one in noted if (one.kind, one.since) not in known]
    past = sorted((*board.past, *new), key=lambda one: -one.last_at)
    return replace(board, past=tuple(past[:KEPT]))
