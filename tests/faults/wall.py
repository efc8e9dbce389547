"""A wallboard that hangs for a week, compressed: the desk's clock runs hundreds of times as fast.

    python -m tests.faults wall --minutes 30 --seed 1 --chatwoot 4.10.1

The real desk at 80x24 in ASCII, the wallboard on it, customers and colleagues at work in the shop.
The server is cut off again and again, in four ways, and each time the figures must say that they
are old within one interval of the wallboard. Memory, tasks and the log are judged from the end of
the warm-up on, a third of the time.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from textual.pilot import Pilot
from textual.screen import Screen

from revivatui import config
from revivatui.app import DeskApp
from revivatui.cache.floor_log import FloorLog
from revivatui.engine import engine
from revivatui.engine.context import Timing
from revivatui.paths import Paths
from revivatui.screens.team import TeamScreen
from revivatui.screens.wall import WallScreen
from revivatui.state import presence_log, wallboard
from tests.faults.proxy import Proxy
from tests.faults.soak import GROWTH, SoakShop, _engine_tasks, _memory_mib
from tests.faults.tally import Tally, percentile

WEEK: Final = 7 * 86_400.0
EVENTS_PER_SECOND: Final = 10.0
SIZE: Final = (80, 24)
WAYS: Final = ("network off", "reset", "feed cut", "black hole")
SLACK: Final = 0.15
"""Seconds of the machine's own that a busy loop may add: a compressed interval is half of one."""
FASTEST: Final = 336.0
"""Times as fast as a clock: a week in half an hour. A shorter run is a part of a week."""
STRETCH: Final = 6.0
"""Times as long as in a shop are the wallboard's interval, the pause between two ticks and the time
that a map stands: six figures are not asked for in the tenth of a second that would be left."""
SHORTEST: Final = 6
"""Minutes below which memory is told and not judged."""
MOST_LINES_A_DAY: Final = 700
"""Of the log: a mark every ten minutes is 144, a cut some ten, colleagues come and go."""
MUST_BE_ZERO: Final = ("not marked", "memory grew", "tasks leaked", "log grew", "stayed old")


class FastClock:
    """Epoch seconds that pass `pace` times as fast."""

    def __init__(self, pace: float) -> None:
        self._pace = pace
        self._began, self._at = time.time(), time.monotonic()

    def __call__(self) -> float:
        return self._began + (time.monotonic() - self._at) * self._pace


@dataclass
class Week:
    """One wallboard that lives through it."""

    wall: WallScreen
    pilot: Pilot[None]
    proxy: Proxy
    tally: Tally
    dice: Random
    pace: float
    ends: float
    memory: list[float] = field(default_factory=list)
    tasks: list[int] = field(default_factory=list)
    marked: list[float] = field(default_factory=list)
    """Seconds of the desk's clock from a cut to the mark."""

    @property
    def interval(self) -> float:
        return wallboard.INTERVAL / self.pace

    async def live(self) -> None:
        number = 0
        while time.monotonic() < self.ends:
            await self._fresh()
            await asyncio.sleep(self.dice.uniform(1.0, 6.0))
            await self._cut(WAYS[number % len(WAYS)])
            number += 1
            self.tally.runs += 1
            gc.collect()
            self.memory.append(_memory_mib())
            self.tasks.append(_engine_tasks())
            if number % 10 == 0:
                state = self.wall._session.state
                print(f"{number} cuts, {self.memory[-1]:.1f} MiB, {self.tasks[-1]} tasks,"
                      f" {state.messages_held} messages in {len(state.threads)} threads,"
                      f" {len(state.conversations)} conversations,"
                      f" worst mark after {max(self.marked):.0f} s of"
                      f" {wallboard.INTERVAL:.0f} s", flush=True)  # fmt: skip

    async def _fresh(self) -> None:
        try:
            async with asyncio.timeout(30):
                while self.wall.doubt:  # noqa: ASYNC110 - a screen is looked at
                    await asyncio.sleep(0.01)
        except TimeoutError:
            self.tally.fail("stayed old", self.wall.doubt)

    async def _cut(self, how: str) -> None:
        self.tally.counts[f"cut by {how}"] += 1
        if how == "black hole":
            self.proxy.hold()
        elif how == "network off":
            await self.proxy.refuse()
        else:
            await self.proxy.refuse()
            self.proxy.cut(*(("cable",) if how == "feed cut" else ()))
        began = time.monotonic()
        try:
            async with asyncio.timeout(self.interval + SLACK):
                while not self._says_old():  # noqa: ASYNC110 - a screen is looked at
                    await asyncio.sleep(0.002)
            self.marked.append((time.monotonic() - began) * self.pace)
        except TimeoutError:
            self.tally.fail("not marked", f"{how}: {self.wall.doubt!r}")
        await asyncio.sleep(self.dice.uniform(0.0, 1.0))
        if how == "black hole":
            self.proxy.release()
        else:
            await self.proxy.accept()

    def _says_old(self) -> bool:
        """As it stands on the screen."""
        first = self.wall.lines.lines[0].pieces[0].text if self.wall.lines.lines else ""
        return "OLD" in first or "NO ANSWER" in first

    def judge(self, log: FloorLog, minutes: float) -> None:
        warm = max(1, len(self.memory) // 3)
        before, most = self.memory[warm - 1], max(self.memory[warm - 1 :])
        words = f"from {before:.1f} to {most:.1f} MiB after the warm-up"
        days = (minutes * 60 * self.pace) / 86_400
        lines = log.count()
        print(f"memory {words}; tasks {min(self.tasks)} to {max(self.tasks)};"
              f" {lines} lines of the log in {days:.1f} days;"
              f" marked after {percentile(self.marked, 0.5):.0f} s (half),"
              f" {max(self.marked, default=0):.0f} s (all)", flush=True)  # fmt: skip
        if most > before * GROWTH and minutes >= SHORTEST:
            self.tally.fail("memory grew", words)
        # Right after a cut some come and go: a leak of one a cut would show in what is usual.
        usual = [median(part) for part in (self.tasks[:warm], self.tasks[-warm:])]
        if usual[1] > usual[0] + 2:
            self.tally.fail("tasks leaked", f"{self.tasks}")
        if lines > MOST_LINES_A_DAY * days + 200:
            self.tally.fail("log grew", f"{lines} lines in {days:.1f} days")


async def wall_soak(version: str, seed: int, minutes: float) -> Tally:
    """A week in so many minutes."""
    tally = Tally("wallboard", version, seed, MUST_BE_ZERO)
    pace = min(FASTEST, WEEK / (minutes * 60.0))
    timing = Timing(presence_every=10.0 * STRETCH / pace, longest_retry=0.5)
    engine.Timing = lambda: timing  # type: ignore[misc,assignment]
    WallScreen.PACE = pace
    wallboard.INTERVAL *= STRETCH  # type: ignore[misc]
    presence_log.STANDS *= STRETCH  # type: ignore[misc]
    with tempfile.TemporaryDirectory(prefix="revivatui-wall-") as place:
        folder = Path(place)
        shop = SoakShop(version, folder / "shop", EVENTS_PER_SECOND, seed)
        await shop.start()
        try:
            async with Proxy(shop.address) as proxy:
                paths = Paths.under(folder / "desk")
                paths.make()
                settings = config.Settings(crm_url="", ascii_only=True)
                settings = config.with_profile(settings, proxy.url, 1)
                token = str(shop.about["administrator"]["token"])
                app = DeskApp(settings, paths, lambda: (token, ""), clock=FastClock(pace))
                async with app.run_test(size=SIZE) as pilot:
                    wall = await _hung_up(app, pilot)
                    await shop.people("start")
                    ends = time.monotonic() + minutes * 60.0
                    week = Week(wall, pilot, proxy, tally, Random(seed), pace, ends)
                    await week.live()
                files = list(paths.data.rglob("*-floor*.sqlite3"))
                log = FloorLog(files[0])
                week.judge(log, minutes)
                log.close()
        finally:
            await shop.stop()
    return tally


async def _hung_up(app: DeskApp, pilot: Pilot[None]) -> WallScreen:
    def on_screen(kind: type[Screen[Any]]) -> bool:
        return isinstance(app.screen, kind)

    async with asyncio.timeout(60):
        while app.session is None or app.session.state.link.state != "live":
            await pilot.pause(0.05)
        await pilot.press("T")
        while not on_screen(TeamScreen):
            await pilot.pause(0.05)
        await pilot.press("w")
        while not on_screen(WallScreen):
            await pilot.pause(0.05)
    wall = app.screen
    assert isinstance(wall, WallScreen)
    return wall
