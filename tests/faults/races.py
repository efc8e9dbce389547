"""Injected races for the reply gate: somebody else's message between a look and the enter key.

    python -m tests.faults races --seed 1 --count 1000 --chatwoot 4.10.1

A reply is bound to the last message its writer saw. Whatever the server had stored by the time of
the key, from a customer or a colleague, holds it, whether or not the live feed told of it already;
own echoes and activity lines never do, and a note is never held.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from revivatui.shop.db import Row
from revivatui.state.select import thread
from tests.faults import gate_seam
from tests.faults.crowd import Crowd
from tests.faults.cut_stage import Scene, prepare, scene
from tests.faults.desks import Stuck
from tests.faults.plans import FrameFault
from tests.faults.tally import Tally

MUST_BE_ZERO: Final = ("not held", "held for nothing", "sent though held", "not sent", "stuck")
AT_ONCE: Final = 10

MOVES: Final = ("customer writes", "colleague writes", "colleague notes")
"""These hold a reply."""
STAYS: Final = ("nothing", "own echo", "status line", "assignment line", "customer reads")
"""These do not."""


@dataclass(frozen=True, slots=True)
class RacePlan:
    """One reply, and what happens between the look and the key. Times in seconds."""

    number: int
    happens: str
    before_key: float
    """How long before the key it is stored."""
    feed: str
    """whole, late (told after the key) or dropped (never told)."""
    private: bool
    text: str

    @property
    def must_hold(self) -> bool:
        return self.happens in MOVES and not self.private


def race_plan(seed: int, number: int) -> RacePlan:
    dice = Random(f"race {seed} {number}")
    return RacePlan(
        number=number,
        happens=dice.choice((*MOVES, *MOVES, *STAYS)),
        before_key=dice.choice((0.0, 0.005, 0.05, 0.4)),
        feed=dice.choice(("whole", "whole", "late", "dropped")),
        private=dice.random() < 0.2,
        text=f"Race {seed}-{number}: as you wish",
    )


@dataclass
class Races:
    """One desk, and a conversation for each race that is under way."""

    scene: Scene
    tally: Tally
    seed: int
    feeds: dict[bytes, str]

    def spoil(self, payload: bytes) -> FrameFault | None:
        """What happens to the news of a race, by the mark that its texts carry."""
        for mark, feed in self.feeds.items():
            if mark in payload:
                return {"late": FrameFault("late", 0.8), "dropped": FrameFault("drop")}.get(feed)
        return None

    async def race(self, plan: RacePlan, row: Row) -> None:
        desk, number = self.scene.desk, row["display_id"]
        await desk.follows(self.scene.proxy)
        desk.engine.open(number)
        # Not until it is sealed: a feed that lost an own echo is called late until the next one.
        await desk.until(lambda: self._is_read(number), "the thread")
        shown = thread(desk.state, number).messages
        seen = shown[-1].id if shown else 0
        mark = f"race-{plan.number}."
        self.feeds[mark.encode()] = plan.feed
        await self._happen(plan, row, mark)
        await asyncio.sleep(plan.before_key)
        answer = await gate_seam.send_through_gate(
            desk, number, plan.text, private=plan.private, seen=seen
        )
        self._judge(plan, answer)
        if answer.held:
            desk.engine.take_back(answer.reference)
        await asyncio.sleep(0.9 if plan.feed == "late" else 0.1)  # its news are through
        self.feeds.pop(mark.encode(), None)
        self.tally.runs += 1
        self.tally.counts[f"race {plan.happens}, feed {plan.feed}"] += 1

    def _is_read(self, number: int) -> bool:
        state = self.scene.desk.state
        held = state.threads.get(number)
        return held is not None and held.epoch == state.epoch and held.complete_to is None

    async def _happen(self, plan: RacePlan, row: Row, mark: str) -> None:
        stage = self.scene.stage
        crowd = Crowd(stage.shop, stage.agent["id"], Random(f"{self.seed} {plan.number}"))
        what: dict[str, Callable[[], object]] = {
            "customer writes": lambda: stage.customer_writes(row, f"{mark} wait"),
            "colleague writes": lambda: stage.colleague_writes(row, f"{mark} I take it"),
            "colleague notes": lambda: stage.colleague_writes(row, f"{mark} careful", private=True),
            "status line": lambda: stage.colleague_sets_status(row, "pending"),
            "assignment line": lambda: crowd.assignment(row),
            "customer reads": lambda: crowd.customer_reads(row),
        }
        if plan.happens == "own echo":
            desk = self.scene.desk
            reference = desk.engine.send(row["display_id"], f"{mark} one moment", False)
            await desk.until(lambda: desk.send_state(reference) == "sent", "own message")
        elif plan.happens in what:
            what[plan.happens]()

    def _judge(self, plan: RacePlan, answer: gate_seam.GateAnswer) -> None:
        stored = len(self.scene.stage.messages_saying(plan.text))
        if plan.must_hold and not answer.held:
            self.tally.fail("not held", f"race {plan}")
        if answer.held and not plan.must_hold:
            self.tally.fail("held for nothing", f"race {plan}: {answer.said}")
        if answer.held and stored:
            self.tally.fail("sent though held", f"race {plan}")
        if not answer.held and stored != 1:
            self.tally.fail("not sent", f"race {plan}: stored {stored}")


async def races(version: str, seed: int, count: int, first: int = 0) -> Tally:
    """`count` races against one version, a few conversations at once."""
    tally = Tally("races", version, seed, MUST_BE_ZERO)
    with tempfile.TemporaryDirectory(prefix="revivatui-races-") as place:
        prepared = await prepare(version, Path(place))
        async with scene(prepared, Path(place) / "races") as made:
            await made.proxy.accept()
            await made.desk.live()
            made.stage.watched.set_pace("real")
            feeds: dict[bytes, str] = {}
            lane = Races(made, tally, seed, feeds)
            made.proxy.spoil = lane.spoil
            rows = made.stage.shop.db.all("SELECT * FROM conversations WHERE status = 'open'")
            waiting = iter(range(first, first + count))

            async def work(row: Row) -> None:
                for number in waiting:
                    plan = race_plan(seed, number)
                    try:
                        await lane.race(plan, row)
                    except Stuck as error:
                        tally.fail("stuck", f"race {plan}: {error}")

            await asyncio.gather(*(work(row) for row in rows[:AT_ONCE]))
    return tally
