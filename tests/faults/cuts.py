"""Cut and heal schedules while people act: what calls itself sealed is the server's.

    python -m tests.faults cuts --seed 1 --count 500 --chatwoot 4.10.1

Frames that vanish without the connection ending are not among the conditions: nothing but a
comparison now and then can find what only they told.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from revivatui.cache.store import Cache
from revivatui.state.models import ListView
from revivatui.state.select import list_state, thread, visible_ids
from tests.faults.crowd import Crowd
from tests.faults.cut_plans import VIEWS, CutPlan, Step, cut_plan, spoiled_answer
from tests.faults.cut_stage import Prepared, Scene, prepare, scene
from tests.faults.desks import Stuck
from tests.faults.http_bytes import Request
from tests.faults.plans import Fault, FrameDice, FrameFault
from tests.faults.quiet import Quiet
from tests.faults.tally import Tally
from tests.faults.truth import Findings, Truth, judge, wrong_messages, wrong_row

MUST_BE_ZERO: Final = (
    *("sealed and wrong", "old customer in a sealed list", "old name in a sealed thread"),
    *("kept and wrong", "never sealed again", "stuck"),
)
RESEALS_WITHIN: Final = 30.0
"""Seconds after the network is back, before a schedule counts as never sealed again."""
AT_ONCE: Final = 8
MEASURED_AT_ONCE: Final = 2
RESEAL: Final = "200 conversations sealed, 20 changed, from the confirmed feed"


class NeverSealed(Exception):
    """Something stayed unsealed for longer than anybody waits."""


@dataclass
class Schedule:
    """One plan, played on one scene."""

    plan: CutPlan
    scene: Scene
    tally: Tally
    dice: Random
    crowd: Crowd
    truth: Truth
    quiet: Quiet
    sealed: set[object] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    """What went wrong in this schedule: it counts once."""
    people: asyncio.Task[None] | None = None

    async def play(self) -> None:
        desk, watched = self.scene.desk, self.scene.stage.watched
        await self._wake_up()
        watched.set_pace("real")
        if self.plan.reseal:
            await self._reseal()
        else:
            for step in self.plan.steps:
                await self._step(step)
            await self._people_stop()
        await desk.live()
        await self._seal("at the end")
        if not await self.quiet.come(RESEALS_WITHIN):
            self.tally.counts["never quiet"] += 1
            return
        self._judge("at the end")

    async def _wake_up(self) -> None:
        """As after a start: the list and some threads from the cache, then the server."""
        desk = self.scene.desk
        await desk.until(lambda: desk.state.conversations, "what was kept")
        numbers = sorted(desk.state.conversations)
        for one in self.dice.sample(numbers, min(self.plan.threads, len(numbers))):
            await desk.engine._keeper.load_thread(one)
        desk.engine.choose_view(self.plan.view)
        await self.scene.proxy.accept()
        desk.engine.refresh()
        await desk.live()
        await self._seal("at the start")
        if await self.quiet.come(RESEALS_WITHIN):
            self._judge("at the start")

    def _all_sealed(self) -> bool:
        return not self._unsealed()

    def _unsealed(self) -> list[object]:
        """Of the list on screen, and every thread in memory that is known without a gap."""
        state = self.scene.desk.state
        left: list[object] = []
        if not list_state(state, state.view).sealed:
            pages, unknown = state.views.get(state.view), sorted(state.unknown)
            read = pages and (pages.epoch, pages.read_edge, pages.edge, len(pages.known))
            left.append(f"{state.view}, read {read} in epoch {state.epoch}, unknown {unknown}")
        return left + [
            f"thread {one}"
            for one, held in state.threads.items()
            if held.complete_from is not None and not thread(state, one).sealed
        ]

    async def _seal(self, when: str, *, of_list: bool = False) -> None:
        """Wait until everything, or the list on screen, is sealed."""
        state = self.scene.desk.state
        try:
            await self.scene.desk.until(
                (lambda: list_state(state, state.view).sealed) if of_list else self._all_sealed
            )
        except Stuck as error:
            left = self._unsealed()
            raise NeverSealed(
                f"{when}: {left[:3]}, {len(left)} in all; {error};"
                f" told {[one.text for one in self.scene.desk.notices[-3:]]}"
            ) from None

    # --- the steps ----------------------------------------------------------------------------

    async def _step(self, step: Step) -> None:
        self.people = asyncio.create_task(self._people(step.acts_per_second))
        await self._begin(step)
        await asyncio.sleep(step.seconds * self.dice.uniform(0.3, 0.7))
        self._agent_looks_around()
        await asyncio.sleep(step.seconds * 0.5)
        last = step is self.plan.steps[-1]
        if last and self.plan.still:
            await self._people_stop()
            await self._end_still(step)
            return
        await self._end()
        await self._people_stop()
        if not last and self.dice.random() < 0.5 and await self.quiet.come(2.0):
            self._judge(f"after {step.condition}")

    async def _people(self, acts_per_second: float) -> None:
        while True:
            await asyncio.sleep(self.dice.expovariate(acts_per_second))
            self.crowd.act()

    async def _people_stop(self) -> None:
        if self.people is not None:
            self.people.cancel()
            await asyncio.gather(self.people, return_exceptions=True)
            self.people = None

    async def _begin(self, step: Step) -> None:
        proxy = self.scene.proxy
        if step.condition == "network off":
            await proxy.refuse()
        elif step.condition in ("connections reset", "connections closed"):
            proxy.cut(with_reset=step.condition.endswith("reset"))
        elif step.condition == "feed cut":
            proxy.cut("cable")
        elif step.condition == "feed refused":
            proxy.choose = _no_feed
            proxy.cut("cable")
        elif step.condition == "feed torn":
            proxy.spoil = self._tear
        elif step.condition == "black hole":
            proxy.hold()
        elif step.condition == "feed black hole":
            proxy.hold("cable")
        elif step.condition == "worker down":
            self.scene.stage.shop.worker.stop()
        elif step.condition == "answers spoiled":
            proxy.choose = lambda request: spoiled_answer(self.dice)
        elif step.condition == "feed disordered":
            proxy.spoil = FrameDice(self.dice.randrange(1 << 30), double=0.15, late=0.25)

    def _tear(self, payload: bytes) -> FrameFault | None:
        return FrameFault("tear") if self.dice.random() < 0.03 else None

    async def _end(self) -> None:
        """Everything works again."""
        proxy = self.scene.proxy
        self.scene.stage.shop.worker.start()
        proxy.choose = lambda request: None
        proxy.spoil = lambda payload: None
        proxy.release()
        await proxy.accept()

    async def _end_still(self, step: Step) -> None:
        """The same, when nothing new can happen any more. Where the network is off until then,
        whatever is sealed from here on is judged at that very moment."""
        self.scene.stage.shop.worker.start()
        await self._shop_is_done()
        if step.condition == "network off":
            self._watch_seals()
        await self._end()

    async def _shop_is_done(self) -> None:
        await self.scene.stage.shop.worker.drain()

    def _agent_looks_around(self) -> None:
        """Another thread, another list, or more of it."""
        desk, drawn = self.scene.desk, self.dice.random()
        if drawn < 0.4 and desk.state.conversations:
            desk.engine.open(self.dice.choice(sorted(desk.state.conversations)))
        elif drawn < 0.7:
            desk.engine.choose_view(self.dice.choice(VIEWS))
        elif drawn < 0.8:
            desk.engine.load_more()

    # --- measuring ----------------------------------------------------------------------------

    async def _reseal(self) -> None:
        """The network is off, 20 conversations change, it comes back: until all is sealed."""
        desk, proxy = self.scene.desk, self.scene.proxy
        step = self.plan.steps[0]
        await proxy.refuse()
        await asyncio.sleep(step.seconds)
        for row in self.crowd.rows(20):
            self.crowd.act(row)
        await self._shop_is_done()
        self._watch_seals()
        await proxy.accept()
        began = time.monotonic()
        await desk.until(lambda: desk.state.link.state in ("catching_up", "live"), "a feed")
        confirmed = time.monotonic()
        await self._seal("the list, after the network came back", of_list=True)
        self.tally.took("list of 200 sealed, from the confirmed feed", time.monotonic() - confirmed)
        await self._seal("after the network came back")
        ended = time.monotonic()
        self.tally.took(RESEAL, ended - confirmed)
        self.tally.took("the same, from the network's return", ended - began)

    # --- judging ------------------------------------------------------------------------------

    def _watch_seals(self) -> None:
        """From now on judge whatever becomes sealed, at the very moment."""
        self.sealed.clear()
        self.scene.desk.store.subscribe(self._seals_moved, {"link", "view", "thread"})

    def _seals_moved(self, _topics: object) -> None:
        state = self.scene.desk.state
        sealed: set[object] = {one for one in state.views if list_state(state, one).sealed}
        sealed |= {one for one in state.threads if thread(state, one).sealed}
        new = sealed - self.sealed
        lists = [one for one in new if isinstance(one, ListView)]
        # The moment a list is sealed, and some of the threads: each look costs.
        if lists or len(new) >= 50 or (new and self.scene.proxy.idle):
            self.sealed = sealed
            self._judge("when it was sealed")

    def _judge(self, when: str) -> None:
        state = self.scene.desk.state
        findings = judge(state, self.truth, list(state.threads))
        self._note(when, findings)

    def _note(self, when: str, findings: Findings) -> None:
        self.tally.counts["sealed lists judged"] += findings.views
        self.tally.counts["sealed threads judged"] += findings.threads
        if findings.doubted:
            self.tally.counts["sealed and wrong, but already to be read again"] += 1
        for what, found in (
            ("sealed and wrong", findings.wrong),
            ("old customer in a sealed list", findings.names),
            ("old name in a sealed thread", findings.bylines),
        ):
            if found and what not in self.failed:
                self.failed.add(what)
                self.tally.fail(what, self._details(when, found))

    def _details(self, when: str, found: list[str]) -> str:
        numbers = {one for words in found for one in re.findall(r"\d+", words)}
        did = [one for one in self.crowd.did if one.split(" ")[1] in numbers]
        return (
            f"{self.plan.words}, {when}: {'; '.join(found[:4])} ({len(found)} in all;"
            f" link {self.scene.desk.links[-4:]}; done there: {', '.join(did[-12:])})"
        )

    def judge_kept(self, path: Path, truth: Truth, numbers: set[int], threads: set[int]) -> None:
        """What the disk keeps of what was sealed when the desk closed."""
        with closing(Cache.open(path)) as cache:
            wrong = []
            for row in cache._conversations(sorted(numbers)):
                wrong += wrong_row(row, truth.conversation(row.id))
            for one in sorted(threads):
                seen = cache.thread(one)
                if seen is None or not seen.messages:
                    continue
                from_id = 0 if seen.start_reached else seen.messages[0].id
                words = wrong_messages(seen.messages, truth.messages(one, from_id))
                wrong += [f"thread {one}: {word}" for word in words]
        if wrong:
            self.tally.fail("kept and wrong", f"{self.plan.words}: {'; '.join(wrong[:4])}")


def _no_feed(request: Request) -> Fault | None:
    return Fault("no feed", "request", "start") if request.upgrades else None


async def one_schedule(prepared: Prepared, folder: Path, plan: CutPlan, tally: Tally) -> None:
    """Play it, and look at what was kept."""
    dice = Random(f"cut play {plan.seed} {plan.number}")
    began = time.monotonic()
    try:
        async with scene(prepared, folder, seen_before=plan.seen_before) as made:
            stage = made.stage
            crowd = Crowd(stage.shop, stage.agent["id"], dice)
            user = stage.shop.db.get("users", stage.agent["id"])
            assert user is not None
            truth = Truth(stage.shop, user)
            schedule = Schedule(plan, made, tally, dice, crowd, truth, Quiet(made))
            try:
                await schedule.play()
                await _close_and_look(schedule, folder / "cache.sqlite3")
            finally:
                await schedule._people_stop()
    except NeverSealed as error:
        tally.fail("never sealed again", f"{plan.words}: {error}")
    except (Stuck, TimeoutError) as error:
        tally.fail("stuck", f"{plan.words}: {error}")
    tally.runs += 1
    tally.took("a schedule", time.monotonic() - began)


async def _close_and_look(schedule: Schedule, path: Path) -> None:
    state = schedule.scene.desk.state
    sealed = {one for one in state.threads if thread(state, one).sealed}
    rows = visible_ids(state, state.view) if list_state(state, state.view).sealed else []
    await schedule.scene.desk.engine.close()
    async with asyncio.timeout(RESEALS_WITHIN):  # a busy machine may need longer than it is given
        await schedule.scene.desk.engine._ended.wait()
    schedule.truth.refresh()
    schedule.judge_kept(path, schedule.truth, schedule.crowd.touched & {*rows}, sealed)


async def cuts(version: str, seed: int, count: int, first: int = 0) -> Tally:
    """`count` schedules against one version, a few at once."""
    tally = Tally("cuts", version, seed, MUST_BE_ZERO, limits={RESEAL: 5.0})
    with tempfile.TemporaryDirectory(prefix="revivatui-cuts-") as place:
        folder = Path(place)
        prepared = await prepare(version, folder)
        plans = [cut_plan(seed, number) for number in range(first, first + count)]
        measured = [one for one in plans if one.reseal]
        # Those that are measured last, and few at once: they are to wait for the server only.
        await _play_all(prepared, folder, [one for one in plans if not one.reseal], tally, AT_ONCE)
        await _play_all(prepared, folder, measured, tally, MEASURED_AT_ONCE)
    return tally


async def _play_all(
    prepared: Prepared, folder: Path, plans: list[CutPlan], tally: Tally, at_once: int
) -> None:
    waiting = iter(plans)

    async def work() -> None:
        for plan in waiting:
            await one_schedule(prepared, folder / f"cut-{plan.number}", plan, tally)

    await asyncio.gather(*(work() for _ in range(at_once)))
