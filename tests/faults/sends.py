"""Send runs: a fault at every phase of the request, and then every message is accounted for.

python -m tests.faults sends --seed 1 --count 1000 --chatwoot 4.10.1
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from revivatui.cache.store import Cache
from revivatui.engine.outbox import UNSURE
from revivatui.state import journal
from revivatui.state.models import SendEntry
from revivatui.state.select import thread
from tests.faults.desks import FaultDesk, fault_desk
from tests.faults.http_bytes import Request
from tests.faults.plans import Fault, FrameFault
from tests.faults.proxy import Proxy
from tests.faults.send_plans import RoundPlan, SendPlan, rounds
from tests.faults.shop_process import Row, ShopProcess, seeded, shop_process
from tests.faults.tally import Tally

MUST_BE_ZERO: Final = (
    *("lost", "doubled", "silent", "misdirected", "out of order", "taken back and sent"),
    *("twice on screen", "left in the journal"),
)
SETTLES_WITHIN: Final = 40.0
"""Seconds for everything of a round to come to rest."""
_POST: Final = re.compile(r"^/api/v1/accounts/1/conversations/(\d+)/messages$")
_MARK: Final = re.compile(rb"Run \d+-\d+(?: behind)?:")

Failing = Callable[[str], None]

TALK: Final = (
    "SELECT conversations.display_id AS number FROM conversations JOIN inboxes"
    " ON inbox_id = inboxes.id WHERE channel_type = ? AND status = 'open'"
    " ORDER BY conversations.id DESC LIMIT 40"
)


def once_each(faults: dict[int, Fault]) -> Callable[[Request], Fault | None]:
    """Faults for the next message into each of these conversations."""

    def choose(request: Request) -> Fault | None:
        found = _POST.match(request.path)
        if request.method != "POST" or found is None:
            return None
        return faults.pop(int(found[1]), None)

    return choose


@dataclass
class Intent:
    """One message that somebody pressed enter for."""

    plan: SendPlan
    number: int
    """The conversation."""
    text: str
    private: bool
    behind: bool = False
    reference: str = ""
    taken_back: bool = False
    asked: bool = False
    """The desk put it before the agent: it was shown as failed or unsure."""

    @property
    def mark(self) -> str:
        return self.text.split(":", 1)[0] + ":"


@dataclass
class Lane:
    """One shop, proxy and desk, and what is planned for them."""

    shop: ShopProcess
    proxy: Proxy
    desk: FaultDesk
    cache: Cache
    tally: Tally
    talk: dict[str, list[int]]
    faults: dict[int, Fault] = field(default_factory=dict)
    feeds: dict[bytes, str] = field(default_factory=dict)

    def spoil(self, payload: bytes) -> FrameFault | None:
        mark = _MARK.search(payload)
        feed = self.feeds.get(mark[0], "whole") if mark is not None else "whole"
        return {
            "dropped": FrameFault("drop"),
            "late": FrameFault("late", 0.4),
            "double": FrameFault("double"),
        }.get(feed)

    # --- a round ------------------------------------------------------------------------------

    async def round(self, plan: RoundPlan) -> None:
        await self.desk.follows(self.proxy)
        newest = self.shop.rows("SELECT max(id) AS id FROM messages")[0]["id"]
        intents = self._prepare(plan)
        working = [asyncio.create_task(self._send(one)) for one in intents]
        if plan.group is not None:
            working.append(asyncio.create_task(self._strike(plan)))
        await asyncio.gather(*working)
        await self._at_rest(intents)
        await self._decide(intents)
        await self._at_rest(intents)
        await self._all_delivered()
        self._judge(plan, intents, newest)
        self._clear(intents)
        await self.desk.until(lambda: not self.desk.state.sends or self._proved(intents))

    def _prepare(self, plan: RoundPlan) -> list[Intent]:
        """A conversation for each run; its fault waits for its POST."""
        self.faults.clear()
        self.feeds.clear()
        used: dict[str, int] = defaultdict(int)
        intents = []
        for run in plan.runs:
            number = self.talk[run.channel][used[run.channel]]
            used[run.channel] += 1
            intents.append(Intent(run, number, run.text, run.private))
            if run.behind:
                text = run.text if run.twin else f"{run.mark} behind: and this"
                intents.append(Intent(run, number, text, run.private, behind=True))
            if run.fault is not None:
                self.faults[number] = run.fault
        for one in intents:
            self.feeds[one.mark.encode()] = one.plan.feed
        return intents

    async def _send(self, intent: Intent) -> None:
        await asyncio.sleep(intent.plan.after + (0.001 if intent.behind else 0.0))
        intent.reference = self.desk.engine.send(intent.number, intent.text, intent.private)

    async def _strike(self, plan: RoundPlan) -> None:
        """What happens to every connection at once."""
        await asyncio.sleep(plan.strikes)
        if plan.group == "feed cut":
            self.proxy.cut("cable")
        elif plan.group == "black hole":
            self.proxy.hold()
            await asyncio.sleep(plan.lasts)
            self.proxy.release()
        elif plan.group == "network off":
            await self.proxy.refuse()
            await asyncio.sleep(plan.lasts)
            await self.proxy.accept()
        else:
            await self.shop.kill()
            await self.proxy.refuse()
            await asyncio.sleep(plan.lasts / 4)
            await self.shop.start()
            await self.proxy.accept()

    # --- the agent ----------------------------------------------------------------------------

    def _entry(self, intent: Intent) -> SendEntry | None:
        return self.desk.state.sends.get(intent.reference)

    def _rests(self, intent: Intent) -> bool:
        """Nothing will become of it without the agent."""
        entry = self._entry(intent)
        if entry is None or entry.state in (journal.SENT, journal.FAILED):
            return True
        if entry.state == journal.UNCONFIRMED:
            return entry.reason == UNSURE
        # Behind one that waits for the agent it waits too.
        return any(
            other.conversation_id == entry.conversation_id and other.reason == UNSURE
            for other in self.desk.state.sends.values()
        )

    async def _at_rest(self, intents: list[Intent]) -> None:
        try:
            async with asyncio.timeout(SETTLES_WITHIN):
                while not all(self._rests(one) for one in intents):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        except TimeoutError:
            for one in intents:
                if not self._rests(one):
                    self.tally.counts["still on its way"] += 1
                    print(f"still on its way: {one} {self._entry(one)}", flush=True)

    async def _decide(self, intents: Sequence[Intent]) -> None:
        """The agent does what the screen asks for, or leaves it as it is."""
        for one in intents:
            entry = self._entry(one)
            if entry is None or entry.state not in (journal.FAILED, journal.UNCONFIRMED):
                continue
            self.tally.counts[f"shown {entry.state}"] += 1
            one.asked = True
            if one.plan.agent == "leave":
                continue
            if one.plan.agent == "look" or entry.state == journal.UNCONFIRMED:
                others = [other for other in intents if other.mark == one.mark and other is not one]
                await self._look(one, others)
            else:
                self.desk.engine.retry(one.reference)

    async def _look(self, intent: Intent, same: list[Intent]) -> None:
        """Read the thread: what stands there is taken back, what does not is sent again. Those of
        the `same` text that are sent account for a copy each."""
        asked = self.desk.state.sequence
        self.desk.engine.open(intent.number)
        await self.desk.until(lambda: self._read_since(intent.number, asked))
        messages = thread(self.desk.state, intent.number).messages
        copies = sum(intent.mark in one.content for one in messages)
        if copies > sum(self._entry_is_sent(one) for one in same):
            intent.taken_back = bool(self.desk.engine.take_back(intent.reference))
            self.tally.counts["seen there and taken back"] += 1
        else:
            self.desk.engine.retry(intent.reference)

    def _read_since(self, number: int, asked: int) -> bool:
        held = self.desk.state.threads.get(number)
        return held is not None and held.as_of is not None and self.desk.state.sequence > asked + 1

    # --- the verdict --------------------------------------------------------------------------

    async def _all_delivered(self) -> None:
        """Until nothing is held on the way, the shop has nothing left to do, and the disk has
        heard of what was proved (or a second went by)."""
        async with asyncio.timeout(SETTLES_WITHIN):
            while self.proxy.held or await self.shop.jobs():  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        for _ in range(20):
            states = self.desk.state.sends
            kept = (states.get(one.reference) for one in self.cache.journal_open())
            if all(one is not None and one.state != journal.SENT for one in kept):
                return
            await asyncio.sleep(0.05)

    def _judge(self, plan: RoundPlan, intents: list[Intent], newest: int) -> None:
        stored: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.shop.rows(
            "SELECT messages.*, display_id FROM messages JOIN conversations"
            " ON conversations.id = conversation_id WHERE messages.id > ? ORDER BY messages.id",
            (newest,),
        ):
            mark = _MARK.match((row["content"] or "").encode())
            if mark is not None:
                stored[mark[0].decode()].append(row)
        kept = {one.reference: one for one in self.cache.journal_open()}
        by_mark: defaultdict[str, list[Intent]] = defaultdict(list)
        for one in intents:
            by_mark[one.mark].append(one)
        for text, same in by_mark.items():
            self._judge_same(plan, same, stored[text], kept)
        self._judge_order(plan, intents, stored)
        self.tally.runs += len(plan.runs)
        for run in plan.runs:
            phase = plan.group or run.phase
            self.tally.counts[f"phase {phase}"] += 1

    def _judge_same(
        self, plan: RoundPlan, same: list[Intent], rows: list[Row], kept: dict[str, SendEntry]
    ) -> None:
        """Messages with one text, mostly one: as many are stored as are called sent or seen, and
        no more than were written."""
        fail = self._failing(plan, same, rows)
        if len(rows) > len(same):
            fail("doubled")
        for row in rows:
            if (row["display_id"], bool(row["private"])) != (same[0].number, same[0].private):
                fail("misdirected")
        missing = len(rows)
        for one in same:
            entry, line = self._entry(one), kept.get(one.reference)
            visible = entry is not None and entry.state != journal.SENT
            missing -= not visible
            if visible and [entry and entry.content, line and line.content] != [one.text] * 2:
                fail("silent")
            if not visible and line is not None:
                fail("left in the journal")
            if visible and entry is not None and len(rows) >= len(same):
                self.tally.counts[f"there, but shown {entry.state}"] += 1
        if missing < 0:
            fail("taken back and sent" if any(one.taken_back for one in same) else "lost")
        self._judge_screen(same, len(rows), fail)

    def _judge_screen(self, same: list[Intent], stored: int, fail: Failing) -> None:
        """A message that stands in the thread does not wait beside it as well."""
        shown = thread(self.desk.state, same[0].number)
        copies = sum(one.content.startswith(same[0].mark) for one in shown.messages)
        sent = {one.reference for one in same if self._entry_is_sent(one)}
        waiting = sum(one.reference in sent for one in shown.sends)
        if copies > stored or copies + waiting > max(len(same), stored):
            fail("twice on screen")

    def _entry_is_sent(self, intent: Intent) -> bool:
        entry = self._entry(intent)
        return entry is None or entry.state == journal.SENT

    def _judge_order(
        self, plan: RoundPlan, intents: list[Intent], stored: dict[str, list[Row]]
    ) -> None:
        """Of two in one conversation the first one is stored first, unless the agent was asked."""
        by_run: defaultdict[int, list[Intent]] = defaultdict(list)
        for one in intents:
            by_run[one.plan.number].append(one)
        for pair in by_run.values():
            ids = [rows[0]["id"] for one in pair if (rows := stored[one.mark])]
            if pair[0].plan.twin or len(ids) < 2 or ids == sorted(ids):
                continue
            if pair[0].asked:
                self.tally.counts["sent again behind the next one"] += 1
            else:
                self.tally.fail("out of order", f"run {pair[0].plan.number} stored {ids}")

    def _failing(self, plan: RoundPlan, same: list[Intent], rows: list[Row]) -> Failing:
        def fail(what: str) -> None:
            entries = [self._entry(one) for one in same]
            states = [
                "forgotten" if one is None else f"{one.state} {one.reason}" for one in entries
            ]
            stored = [(row["id"], row["display_id"]) for row in rows]
            run = same[0].plan
            self.tally.fail(
                what,
                f"run {run.number} round {plan.number} {plan.group or run.fault},"
                f" {run.channel} private={run.private} feed {run.feed} agent {run.agent},"
                f" {len(same)} of {same[0].mark} stored {stored}, shown {states}",
            )

        return fail

    def _clear(self, intents: list[Intent]) -> None:
        """Leave nothing behind for the next round."""
        for one in reversed(intents):
            self.desk.engine.take_back(one.reference)

    def _proved(self, intents: list[Intent]) -> bool:
        return all(self._entry_is_sent(one) for one in intents)


async def sends(version: str, seed: int, count: int, first: int = 0) -> Tally:
    """`count` runs against one version of the shop, in a process of its own; from the round on
    that holds the run `first`."""
    tally = Tally("sends", version, seed, MUST_BE_ZERO)
    with tempfile.TemporaryDirectory(prefix="revivatui-sends-") as place:
        folder = Path(place)
        template = await asyncio.to_thread(seeded, version, folder / "template")
        cache = Cache.open(folder / "cache.sqlite3")
        async with (
            shop_process(version, template, folder / "shop") as shop,
            Proxy(shop.address) as proxy,
            fault_desk(shop.profile(proxy.url), cache) as desk,
        ):
            talk = {
                channel: [row["number"] for row in shop.rows(TALK, (channel,))]
                for channel in ("Channel::Api", "Channel::WebWidget", "Channel::Email")
            }
            lane = Lane(shop, proxy, desk, cache, tally, talk)
            proxy.choose, proxy.spoil = once_each(lane.faults), lane.spoil
            for plan in rounds(seed, count, first):
                await lane.round(plan)
        cache.close()
    return tally
