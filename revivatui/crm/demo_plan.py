"""Which repairs the demo tells of, in the order in which they came in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from revivatui.crm.demo_affairs import DemoAffair, first_repair
from revivatui.crm.workflow import STATUSES, RepairStatus
from revivatui.state.records import dataclass

LONG_AGO: Final = timedelta(days=100)
"""A quote that was sent then and never answered has expired."""

_OFTEN: Final = (0, 1, 1, 2, 3, 5)
_SELDOM: Final = (0, 0, 1, 2)
"""How much history somebody has, without chats and beside what their chats tell."""

_QUOTED: Final[tuple[RepairStatus, ...]] = ("received", "diagnosing", "awaiting_approval")
_DONE: Final[tuple[RepairStatus, ...]] = ("in_repair", "testing", "ready", "completed")
_WAYS: Final[dict[RepairStatus, tuple[RepairStatus, ...]]] = {
    "booked": ("booked",),
    "received": ("received",),
    "diagnosing": ("received", "diagnosing"),
    "awaiting_approval": _QUOTED,
    "approved": (*_QUOTED, "approved"),
    "awaiting_parts": (*_QUOTED, "approved", "awaiting_parts"),
    "in_repair": (*_QUOTED, "approved", "awaiting_parts", "in_repair"),
    "testing": (*_QUOTED, "approved", *_DONE[:2]),
    "ready": (*_QUOTED, "approved", *_DONE[:3]),
    "completed": (*_QUOTED, "approved", *_DONE),
    "unrepairable": ("received", "diagnosing", "unrepairable"),
    "ready_unrepaired": (*_QUOTED, "ready_unrepaired"),
    "cancelled": ("booked", "cancelled"),
}
_UNDER_WARRANTY: Final[tuple[RepairStatus, ...]] = ("received", "diagnosing", *_DONE)


@dataclass(frozen=True, slots=True)
class Case:
    """One repair to be told: whose, of what, when it came in, how far it got."""

    starts: datetime
    ends: datetime
    goal: RepairStatus
    customer: int
    device: int
    under_warranty: bool
    affair: DemoAffair | None = None


def way_of(case: Case, *, is_claim: bool) -> tuple[RepairStatus, ...]:
    """The states it went through; of what is under warranty nothing is quoted."""
    if not is_claim or case.goal not in _UNDER_WARRANTY:
        return _WAYS[case.goal]
    return _UNDER_WARRANTY[: _UNDER_WARRANTY.index(case.goal) + 1]


class Planner:
    """Chance makes what no chat tells."""

    def __init__(self, random: Random, end: datetime) -> None:
        self.random, self.end = random, end

    def cases(
        self, devices: Sequence[Sequence[str]], affairs: Sequence[Sequence[DemoAffair]]
    ) -> list[Case]:
        """What there was with every customer's devices, given as models.

        Of those whose chat goes on, that is what is under way. Of the others every state at least
        once for every so many; the rest is history.
        """
        cases = []
        for customer, models in enumerate(devices):
            theirs = affairs[customer]
            claimed = {models.index(one.model) for one in theirs if one.is_warranty}
            for _ in range(self.random.choice(_OFTEN if not theirs else _SELDOM)):
                past = self._past(customer, self.random.randrange(len(models)))
                if past.device not in claimed:  # the newest repair of it is the one claimed
                    cases.append(past)
            for affair in theirs:
                cases += self._told(customer, models.index(affair.model), affair)
            if customer % 2 == 0 and not any(one.chat for one in theirs):
                status = STATUSES[customer // 2 % len(STATUSES)]
                device = self.random.randrange(len(models))
                cases.append(self._present(customer, device, status))
        if any(affairs):
            cases += self._still_missing(cases, devices, affairs)
        return sorted(cases, key=lambda one: one.starts)

    def _told(self, customer: int, device: int, affair: DemoAffair) -> list[Case]:
        told = [affair] if not affair.is_warranty else [first_repair(affair), affair]
        return [
            Case(one.starts, one.ends, one.goal, customer, device, one.is_warranty, one)
            for one in told
        ]

    def _still_missing(
        self,
        cases: Sequence[Case],
        devices: Sequence[Sequence[str]],
        affairs: Sequence[Sequence[DemoAffair]],
    ) -> list[Case]:
        """The states that no repair is in, and a quote that expired; with whom fewest goes on."""
        busy = [sum(1 for one in theirs if one.chat) for theirs in affairs]
        quiet = sorted(range(len(devices)), key=lambda customer: (busy[customer], customer))
        at_last = {one.goal for one in cases}
        missing = [status for status in STATUSES if status not in at_last]
        made = []
        for place, status in enumerate(missing):
            customer = quiet[place % len(quiet)]
            made.append(self._present(customer, len(devices[customer]) - 1, status))
        customer = quiet[len(missing) % len(quiet)]
        sent = self._opening(self.end - LONG_AGO)
        device = len(devices[customer]) - 1
        forgotten = Case(
            sent, sent + timedelta(days=2), "awaiting_approval", customer, device, False
        )
        return [*made, forgotten]

    def _past(self, customer: int, device: int) -> Case:
        starts = self._opening(self.end - timedelta(days=self.random.randint(25, 580)))
        ends = starts + timedelta(days=self.random.randint(2, 14), hours=self.random.randint(1, 7))
        goal: RepairStatus = "cancelled" if self.random.random() < 0.07 else "completed"
        return Case(starts, ends, goal, customer, device, self.random.random() < 0.1)

    def _present(self, customer: int, device: int, goal: RepairStatus) -> Case:
        days = self.random.randint(2, 45 if goal in ("awaiting_parts", "ready") else 9)
        starts = self._opening(self.end - timedelta(days=days))
        latest = self.end - timedelta(minutes=self.random.randint(5, 300))
        return Case(starts, max(latest, starts), goal, customer, device, under_warranty=False)

    def _opening(self, moment: datetime) -> datetime:
        moment -= timedelta(days=1) if moment.weekday() == 6 else timedelta()
        return moment.replace(
            hour=self.random.randint(9, 15),
            minute=self.random.randint(0, 59),
            second=0,
            microsecond=0,
        )
