"""kill -9 of the desk (and of the shop) at chosen journal states and while somebody types.

python -m tests.faults kills --seed 1 --count 200 --chatwoot 4.10.1
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from revivatui.cache.store import Cache
from revivatui.engine.outbox import UNSURE
from revivatui.state import journal
from revivatui.state.models import SendEntry
from tests.faults.desks import FaultDesk, fault_desk
from tests.faults.kill_plans import KillPlan, Texts, kill_plan
from tests.faults.kill_screen import screen_kills
from tests.faults.proxy import Proxy
from tests.faults.sends import TALK, once_each
from tests.faults.shop_process import ROOT, ShopProcess, seeded, shop_process
from tests.faults.tally import Tally

MUST_BE_ZERO: Final = (
    *("typing lost", "lost", "doubled", "silent", "misdirected"),
    *("left in the journal", "broken", "not shown again", "sent and a draft"),
)
AT_ONCE: Final = 3
"""Desks that live at the same time."""
TYPING_KEPT: Final = 1.0
"""Seconds of typing that a kill may cost."""
PATIENCE: Final = 40.0


class Victim:
    """A desk process that will be killed."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.reference = ""
        self.states: list[str] = []
        self.ended = asyncio.Event()
        self._heard = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, url: str, token: str, path: Path) -> Victim:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.desk_child", url, token, str(path)),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        victim = cls(process)
        await victim.until(lambda: victim.states, "live")
        return victim

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            self.reference = said.get("sent", self.reference)
            self.states.append("live" if "live" in said else said.get("state", ""))
            self._heard.set()
        self.ended.set()
        self._heard.set()

    async def until(self, true: Any, what: str) -> bool:
        """Wait until it said so; False where it died before."""
        async with asyncio.timeout(PATIENCE):
            while not true() and not self.ended.is_set():
                self._heard.clear()
                await self._heard.wait()
        if self.ended.is_set() and what == "live":
            raise RuntimeError("the desk did not start")
        return bool(true())

    def tell(self, **order: Any) -> None:
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(json.dumps(order).encode() + b"\n")

    async def kill(self) -> None:
        with suppress(ProcessLookupError):  # it may have killed itself
            os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        await self._listening
        self._process._transport.close()  # type: ignore[attr-defined]


@dataclass
class Lane:
    """The shop that all desks talk to, and where each keeps its cache."""

    shop: ShopProcess
    folder: Path
    tally: Tally
    talk: dict[str, list[int]]
    shop_turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    proxies: list[Proxy] = field(default_factory=list)

    async def run(self, plan: KillPlan) -> None:
        path = self.folder / f"desk-{plan.number}.sqlite3"
        numbers = self.talk[plan.channel]
        number = numbers[plan.number % len(numbers)]
        async with Proxy(self.shop.address) as proxy:
            self.proxies.append(proxy)
            proxy.choose = once_each({number: plan.fault} if plan.fault else {})
            profile = self.shop.profile(proxy.url)
            victim = await Victim.start(proxy.url, profile.token, path)
            try:
                texts = await self._live_and_die(plan, victim, proxy, number)
            finally:
                await victim.kill()
                self.proxies.remove(proxy)
            texts.killed_at = min(texts.killed_at, time.monotonic())
            proxy.choose = lambda request: None
            await proxy.accept()
            self._judge_drafts(plan, path, texts, number)
            if plan.sends:
                with closing(Cache.open(path)) as cache:
                    async with fault_desk(profile, cache) as desk:
                        await self._account_for(plan, desk, cache, texts, number)
        self.tally.runs += 1
        self.tally.counts[f"killed {plan.moment}"] += 1

    # --- the life of a desk -------------------------------------------------------------------

    async def _live_and_die(
        self, plan: KillPlan, victim: Victim, proxy: Proxy, number: int
    ) -> Texts:
        texts = Texts(plan.text)
        victim.tell(do="open", id=number)
        deadline = time.monotonic() + plan.types_for
        for typed in texts.growing():
            if not plan.sends and time.monotonic() >= deadline:
                break
            victim.tell(do="draft", id=number, private=plan.private, text=typed)
            texts.note(typed, time.monotonic())
            await asyncio.sleep(plan.key_every)
        if plan.sends:
            await self._send_and_die(plan, victim, proxy, number, texts)
        texts.killed_at = time.monotonic()
        await victim.kill()
        if plan.shop_too:
            await self._kill_shop()
        return texts

    async def _send_and_die(
        self, plan: KillPlan, victim: Victim, proxy: Proxy, number: int, texts: Texts
    ) -> None:
        await asyncio.sleep(plan.pause)
        if plan.network_off:
            await proxy.refuse()
        if plan.die_at:
            victim.tell(do="die", at=plan.die_at)
        victim.tell(do="send", id=number, private=plan.private, text=plan.text)
        texts.sent_at = time.monotonic()
        if plan.die_at:
            try:
                async with asyncio.timeout(plan.waits):
                    await victim.ended.wait()
            except TimeoutError:
                self.tally.counts[f"never came to {plan.die_at}"] += 1
        else:
            await asyncio.sleep(plan.waits)

    async def _kill_shop(self) -> None:
        async with self.shop_turn:
            await self.shop.kill()
            self.tally.counts["shop killed too"] += 1
            await self.shop.start()

    # --- what is left -------------------------------------------------------------------------

    def _judge_drafts(self, plan: KillPlan, path: Path, texts: Texts, number: int) -> None:
        """Where it was never sent, the draft on the disk is at most a second old."""
        with closing(Cache.open(path)) as cache:
            drafts = {(one.conversation_id, one.private): one.text for one in cache.drafts()}
            texts.on_disk = drafts.get((number, plan.private), "")
            texts.in_journal = [one.content for one in cache.journal_open()]
            if cache.message:
                self.tally.fail("broken", f"run {plan.number} {plan}: {cache.message}")
        if plan.sends:
            return
        allowed = texts.since(texts.killed_at - TYPING_KEPT)
        if texts.on_disk not in allowed:
            self.tally.fail(
                "typing lost",
                f"run {plan.number} {plan}: {texts.on_disk!r} is none of {allowed!r}",
            )

    async def _account_for(
        self, plan: KillPlan, desk: FaultDesk, cache: Cache, texts: Texts, number: int
    ) -> None:
        """Start again, let everything come to rest, and look where the message is."""
        await desk.live()
        await desk.until(lambda: all(map(_rests, desk.state.sends.values())), "sends at rest")
        if plan.retries:
            for entry in list(desk.state.sends.values()):
                if entry.state == journal.FAILED:
                    desk.engine.retry(entry.reference)
            await desk.until(lambda: all(map(_rests, desk.state.sends.values())), "sends at rest")
        async with asyncio.timeout(PATIENCE):
            while await self.shop_jobs():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        for _ in range(20):  # the disk hears of what was proved
            if len(cache.journal_open()) <= sum(
                one.state != journal.SENT for one in desk.state.sends.values()
            ):
                break
            await asyncio.sleep(0.05)
        self._judge(plan, desk.state.sends.values(), cache.journal_open(), texts, number)

    async def shop_jobs(self) -> int:
        async with self.shop_turn:
            return await self.shop.jobs()

    def _judge(
        self,
        plan: KillPlan,
        entries: Iterable[SendEntry],
        kept: list[SendEntry],
        texts: Texts,
        number: int,
    ) -> None:
        rows = self.shop.rows(
            "SELECT messages.id, display_id, private FROM messages JOIN conversations"
            " ON conversations.id = conversation_id WHERE content LIKE ?",
            (f"{texts.mark}%",),
        )
        shown = [one for one in entries if one.content == plan.text]
        waiting = [one for one in shown if one.state != journal.SENT]
        details = (
            f"run {plan.number} {plan}: stored {rows}, shown {[one.state for one in shown]},"
            f" journal {[one.state for one in kept]}, draft {texts.on_disk[:40]!r}"
        )
        if len(rows) > 1:
            self.tally.fail("doubled", details)
        if any((row["display_id"], bool(row["private"])) != (number, plan.private) for row in rows):
            self.tally.fail("misdirected", details)
        on_paper = texts.on_disk == plan.text or texts.sent_at is None
        if not rows and not waiting and not on_paper:
            self.tally.fail("lost", details)
        if texts.on_disk and plan.text.startswith(texts.on_disk) and (rows or shown):
            self.tally.fail("sent and a draft", details)
        if waiting and plan.text not in [one.content for one in kept]:
            self.tally.fail("silent", details)
        if rows and not waiting and kept:
            self.tally.fail("left in the journal", details)
        where = "sent" if rows else "shown" if waiting else "a draft"
        self.tally.counts[f"after the kill: {where}"] += 1


def _rests(entry: SendEntry) -> bool:
    if entry.state == journal.UNCONFIRMED:
        return entry.reason == UNSURE
    return entry.state in (journal.SENT, journal.FAILED, journal.HELD)


async def kills(version: str, seed: int, count: int, first: int = 0) -> Tally:
    """`count` kills against one version: nine of ten of a desk without a screen."""
    tally = Tally("kills", version, seed, MUST_BE_ZERO)
    on_screen = count // 10
    with tempfile.TemporaryDirectory(prefix="revivatui-kills-") as place:
        folder = Path(place)
        template = await asyncio.to_thread(seeded, version, folder / "template")
        async with shop_process(version, template, folder / "shop") as shop:
            talk = {
                channel: [row["number"] for row in shop.rows(TALK, (channel,))]
                for channel in ("Channel::Api", "Channel::WebWidget", "Channel::Email")
            }
            lane = Lane(shop, folder, tally, talk)
            waiting = iter(range(first, first + count - on_screen))

            async def work() -> None:
                for number in waiting:
                    await lane.run(kill_plan(seed, number))

            screens = asyncio.create_task(
                screen_kills(version, template, folder / "screens", seed, on_screen, tally)
            )
            await asyncio.gather(*(work() for _ in range(AT_ONCE)), screens)
    return tally
