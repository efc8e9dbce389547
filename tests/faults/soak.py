"""A week compressed: many events a second, a cut every minute, for half an hour.

    python -m tests.faults soak --minutes 30 --seed 1 --chatwoot 4.10.1

At the end of each minute people pause, the watched threads are opened, and each must hold what the
server's database holds. Memory is judged from the end of the warm-up on, a third of the time.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

from revivatui.cache.store import Cache
from revivatui.engine.engine import Profile, Timing
from revivatui.state.models import ListView
from revivatui.state.select import list_state, thread, visible_ids
from tests.faults.desks import FaultDesk, Stuck, fault_desk
from tests.faults.proxy import Proxy
from tests.faults.shop_process import ROOT, ShopProcess
from tests.faults.tally import Tally

EVENTS_PER_SECOND: Final = 100.0
PAUSE: Final = 10.0
"""Seconds of each minute in which people are quiet and the threads are compared."""
WATCHED: Final = 20
GROWTH: Final = 1.10
"""Times the memory at the end of the warm-up."""
SHORTEST: Final = 9
"""Minutes below which memory is told and not judged: the desk is still filling its threads."""
MUST_BE_ZERO: Final = ("missed", "doubled", "list wrong", "stuck", "memory grew", "tasks leaked")
TIMING: Final = Timing(longest_retry=4.0)
VIEW: Final = ListView(tab="all", status="all")


class SoakShop(ShopProcess):
    """The shop of `soak_shop`, and its people."""

    def __init__(self, version: str, folder: Path, rate: float, seed: int) -> None:
        super().__init__(version, folder)
        self._rate, self._seed = rate, seed

    async def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.soak_shop", self.version, str(self.folder)),
            *(str(self._rate), str(self._seed)),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self.about = await self._line()
        self.port = int(self.about["url"].rsplit(":", 1)[1])

    async def _line(self) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        async with asyncio.timeout(120):
            told: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return told

    async def people(self, do: str) -> dict[str, Any]:
        """start or stop them; gives how much they did."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(f"{do}\n".encode())
        return await self._line()


@dataclass
class Soak:
    """One desk that lives through all of it."""

    shop: SoakShop
    proxy: Proxy
    desk: FaultDesk
    tally: Tally
    dice: Random
    minutes: int
    watched: list[int]
    memory: list[float] = field(default_factory=list)
    tasks: list[int] = field(default_factory=list)

    async def live(self) -> None:
        for minute in range(1, self.minutes + 1):
            began, heard = time.monotonic(), self.desk.state.sequence
            await self.shop.people("start")
            await self._cut()
            await asyncio.sleep(max(0.0, 60.0 - PAUSE - (time.monotonic() - began)))
            await self.shop.people("stop")
            rate = (self.desk.state.sequence - heard) / (time.monotonic() - began)
            await self._compare(minute)
            await self.desk.until(lambda: self.proxy.idle, "no question under way")
            await asyncio.sleep(1.0)  # what was answered is done with
            self._measure(minute, rate)
            await asyncio.sleep(max(0.0, 60.0 - (time.monotonic() - began)))
            self.tally.runs += 1
        self._judge()

    async def _cut(self) -> None:
        await asyncio.sleep(self.dice.uniform(1.0, 15.0))
        how = self.dice.choice(("network off", "feed cut", "reset", "black hole"))
        lasts = self.dice.uniform(0.5, 9.0)
        if how == "network off":
            await self.proxy.refuse()
            await asyncio.sleep(lasts)
            await self.proxy.accept()
        elif how == "black hole":
            self.proxy.hold()
            await asyncio.sleep(lasts)
            self.proxy.release()
        else:
            self.proxy.cut(*(("cable",) if how == "feed cut" else ()))
        self.tally.counts[f"cut by {how}"] += 1

    # --- comparing ----------------------------------------------------------------------------

    async def _compare(self, minute: int) -> None:
        try:
            await self.desk.live()
            for number in self.watched:
                await self._compare_thread(minute, number)
            await self._compare_list(minute)
        except Stuck as error:
            self.tally.fail("stuck", f"minute {minute}: {error}")

    def _stored(self, number: int, from_id: int) -> list[int]:
        rows = self.shop.rows(
            "SELECT messages.id FROM messages JOIN conversations ON conversations.id ="
            " conversation_id WHERE display_id = ? AND messages.id >= ? ORDER BY messages.id",
            (number, from_id),
        )
        return [row["id"] for row in rows]

    async def _compare_thread(self, minute: int, number: int) -> None:
        """Open it as the agent would, and hold its messages against the database."""
        desk = self.desk
        desk.engine.open(number)
        await desk.until(lambda: thread(desk.state, number).sealed, f"thread {number} sealed")
        shown = [one.id for one in thread(desk.state, number).messages]
        start = thread(desk.state, number).start_reached
        stored = self._stored(number, 0 if start or not shown else shown[0])
        self.tally.counts["threads compared"] += 1
        details = f"minute {minute} thread {number}: {len(shown)} shown, {len(stored)} stored"
        if len(shown) != len(set(shown)):
            self.tally.fail("doubled", details)
        if set(shown) != set(stored):
            less, more = sorted(set(stored) - set(shown)), sorted(set(shown) - set(stored))
            self.tally.fail("missed", f"{details}, missing {less[:9]}, too many {more[:9]}")

    async def _compare_list(self, minute: int) -> None:
        desk = self.desk
        await desk.until(lambda: list_state(desk.state, VIEW).sealed, "the list sealed")
        await desk.until(lambda: not desk.state.doubts, "nothing in doubt")
        shown = visible_ids(desk.state, VIEW)
        rows = self.shop.rows(
            "SELECT display_id, last_activity_at / 1000000 AS second FROM conversations"
        )
        second = {row["display_id"]: row["second"] for row in rows}
        seconds = [second[one] for one in shown]
        last = min(seconds, default=0)
        missing = {one for one, at in second.items() if at > last} - set(shown)
        if missing or seconds != sorted(seconds, reverse=True):
            self.tally.fail("list wrong", f"minute {minute}: {sorted(missing)[:9]} missing")

    # --- measuring ----------------------------------------------------------------------------

    def _measure(self, minute: int, rate: float) -> None:
        gc.collect()
        self.memory.append(_memory_mib())
        self.tasks.append(_engine_tasks())
        print(
            f"minute {minute}: {rate:.0f} events/s applied, {self.memory[-1]:.1f} MiB,"
            f" {self.tasks[-1]} tasks, {self.desk.state.messages_held} messages held,"
            f" {self.tally.counts['threads compared']} threads compared,"
            f" missed {self.tally.counts['missed']}, doubled {self.tally.counts['doubled']}",
            flush=True,
        )

    def _judge(self) -> None:
        warm = max(1, len(self.memory) // 3)
        before, most = self.memory[warm - 1], max(self.memory[warm - 1 :])
        words = f"from {before:.1f} to {most:.1f} MiB after {warm} minutes of warm-up"
        print(f"memory {words}; tasks {min(self.tasks)} to {max(self.tasks)}", flush=True)
        if most > before * GROWTH and self.minutes >= SHORTEST:
            self.tally.fail("memory grew", words)
        if max(self.tasks[warm - 1 :]) > self.tasks[warm - 1] + 3:
            names = sorted(task.get_name() for task in asyncio.all_tasks())
            self.tally.fail("tasks leaked", f"{self.tasks}: {names}")


def _memory_mib() -> float:
    """Resident memory of this process: the desk and what drives it."""
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0.0


def _engine_tasks() -> int:
    """Tasks that are not the proxy's: those come and go with the connections."""
    kept = 0
    for task in asyncio.all_tasks():
        name = getattr(task.get_coro(), "__qualname__", "")
        if not name.startswith(("Proxy.", "_Link.", "read_request", "StreamReader.")):
            kept += 1
    return kept


async def soak(version: str, seed: int, minutes: int, first: int = 0) -> Tally:
    """`minutes` of it against one version."""
    tally = Tally("soak", version, seed, MUST_BE_ZERO)
    with tempfile.TemporaryDirectory(prefix="revivatui-soak-") as place:
        folder = Path(place)
        shop = SoakShop(version, folder / "shop", EVENTS_PER_SECOND, seed)
        await shop.start()
        cache = Cache.open(folder / "cache.sqlite3")
        try:
            async with Proxy(shop.address) as proxy:
                token = str(shop.profile(proxy.url).token)
                profile = Profile("soak", proxy.url, token, 1)
                async with fault_desk(profile, cache, TIMING, read_seconds=10.0) as desk:
                    await desk.live()
                    desk.engine.choose_view(VIEW)
                    dice = Random(f"soak {seed}")
                    numbers = shop.rows("SELECT display_id FROM conversations ORDER BY id")
                    watched = [one["display_id"] for one in dice.sample(numbers, WATCHED)]
                    await Soak(shop, proxy, desk, tally, dice, minutes, watched).live()
        finally:
            cache.close()
            await shop.stop()
    return tally
