"""Each id rings exactly once: through repeats, disorder, cuts and restarts of the desk."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from revivatui.cache.store import Cache
from revivatui.shop.actions import conversations as conversation_actions
from revivatui.shop.db import Row
from revivatui.state import bell
from revivatui.state.bell import Ring, Rules
from revivatui.state.models import ListView
from tests.support.desks import QUICK, Desk, profile_of, running_desk
from tests.support.shops import Stage

FAST = dataclasses.replace(QUICK, bell_gathers=0.05, bell_apart=0.1)
ALL = Rules(rule="all")


class Belfry:
    """A desk and everything that rang at it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.bells: list[tuple[float, list[Ring]]] = []
        desk.engine.rings = self._rang

    def _rang(self, rings: Sequence[Ring]) -> None:
        self.bells.append((time.monotonic(), list(rings)))

    @property
    def keys(self) -> Counter[str]:
        return Counter(ring.key for _at, rings in self.bells for ring in rings)

    async def rings_for(self, *message_ids: int) -> None:
        """Wait until exactly these messages rang, each once."""
        wanted = Counter(f"message {one}" for one in message_ids)
        await self.desk.until(lambda: set(wanted) <= set(self.keys), f"rings for {wanted}")
        assert self.keys == wanted

    async def barrier(self, stage: Stage, conversation: Row) -> int:
        """Wait until a message that is told after everything so far rang; gives its id."""
        last = stage.customer_writes(conversation, "the last one")
        await self.desk.until(lambda: self.keys[f"message {last}"], "the last message rings")
        return last


@asynccontextmanager
async def belfry(
    stage: Stage, rules: Rules = ALL, cache: Cache | None = None, **timing: Any
) -> AsyncIterator[Belfry]:
    quick = dataclasses.replace(FAST, **timing)
    async with running_desk(profile_of(stage), cache, quick) as desk:
        desk.engine.ring_by(rules)
        made = Belfry(desk)
        await desk.live()
        await desk.until(lambda: desk.state.conversations)
        yield made


def conversations(stage: Stage) -> list[Row]:
    """Three open conversations that the agent may see, of two channels."""
    first, second = stage.conversation(), stage.conversation("Channel::WebWidget")
    third = stage.shop.db.one(
        "SELECT * FROM conversations WHERE inbox_id = ? AND id <> ? AND status = 'open'"
        " ORDER BY id DESC",
        (first["inbox_id"], first["id"]),
    )
    assert third is not None
    return [first, second, third]


def assign(stage: Stage, conversation: Row, user_id: int | None) -> None:
    with stage.shop.acting(stage.colleague()):
        conversation_actions.update(stage.shop, stage.reread(conversation), assignee_id=user_id)


@pytest.mark.parametrize("fault", ["duplicate", "reorder"])
async def test_each_message_rings_once_whatever_the_feed_does(stage: Stage, fault: str) -> None:
    rows = conversations(stage)
    async with belfry(stage) as tower:
        await stage.order(fault=fault, event="message.created", seconds=0.2, chance=0.6)
        written = [stage.customer_writes(rows[n % 3], f"News {n}") for n in range(12)]
        await tower.rings_for(*written)
        await stage.no_more_trouble()
        written.append(await tower.barrier(stage, rows[0]))
        await tower.rings_for(*written)


async def test_what_came_during_a_cut_rings_once_and_late_frames_of_it_not_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = conversations(stage)
    frames: list[str] = []
    tell = stage.watched.frames

    def recorded(connection: Any, text: str) -> Any:
        if '"message":{"event":"message.created"' in text:
            frames.append(text)
        return tell(connection, text)

    monkeypatch.setattr(stage.watched, "frames", recorded)
    async with belfry(stage) as tower:
        desk = tower.desk
        for row in rows:
            desk.engine.open(row["display_id"])
            await desk.until(lambda: desk.thread(row["display_id"]).complete_from is not None)  # noqa: B023
        desk.engine.look(False)
        before = stage.customer_writes(rows[0], "Before the cut")
        await tower.rings_for(before)
        await stage.order("/listen", accept=False)
        await stage.order("/cable", close="silently")
        await desk.until(lambda: desk.state.link.state == "offline")
        missed = [stage.customer_writes(rows[n % 3], f"Missed {n}") for n in range(6)]
        await stage.order("/listen", accept=True)
        await desk.live()
        await tower.rings_for(before, *missed)
        assert len(tower.bells) == 2, "what was missed rings together"
        words = bell.joined(tower.bells[1][1])
        assert words == "6 new messages in 3 conversations"
        late = stage.customer_writes(rows[0], "As a frame, for its shape")
        await tower.rings_for(before, *missed, late)
        template = next(text for text in frames if f'"id":{late},' in text)
        for one in (before, *missed, late):
            await stage.order("/cable", say=template.replace(f'"id":{late},', f'"id":{one},'))
        last = await tower.barrier(stage, rows[1])
        await tower.rings_for(before, *missed, late, last)


async def test_a_restart_does_not_ring_again_for_what_rang(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = conversations(stage)
    frames: list[str] = []
    tell = stage.watched.frames

    def recorded(connection: Any, text: str) -> Any:
        if '"message":{"event":"message.created"' in text:
            frames.append(text)
        return tell(connection, text)

    monkeypatch.setattr(stage.watched, "frames", recorded)
    cache = Cache.open(tmp_path / "cache.sqlite3")
    async with belfry(stage, cache=cache) as tower:
        rang = stage.customer_writes(rows[0], "Before the restart")
        await tower.rings_for(rang)
    closed = stage.customer_writes(rows[1], "While the desk was closed")
    async with belfry(stage, cache=cache) as tower:
        for text in list(frames):
            await stage.order("/cable", say=text)
        tower.desk.engine.choose_view(ListView(tab="all", status="all"))
        tower.desk.engine.open(rows[1]["display_id"])
        await tower.desk.until(lambda: closed in tower.desk.thread(rows[1]["display_id"]).ids)
        last = await tower.barrier(stage, rows[2])
        await tower.rings_for(last)
    cache.close()


async def test_bells_are_a_second_apart_and_a_burst_is_one(stage: Stage) -> None:
    rows = conversations(stage)
    async with belfry(stage, bell_apart=0.5) as tower:
        written = [stage.customer_writes(rows[n % 3], f"Burst {n}") for n in range(20)]
        await tower.rings_for(*written)
        written += [stage.customer_writes(rows[n % 3], f"Again {n}") for n in range(20)]
        await tower.rings_for(*written)
        times = [at for at, _rings in tower.bells]
        assert len(times) <= 4
        assert all(later - at >= 0.5 for at, later in pairwise(times))


async def test_own_messages_activity_and_what_is_on_screen_are_silent(stage: Stage) -> None:
    rows = conversations(stage)
    async with belfry(stage) as tower:
        desk, number = tower.desk, rows[0]["display_id"]
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        reference = desk.engine.send(number, "Our own words", private=False)
        await desk.until(lambda: desk.send_state(reference) == "sent")
        seen = stage.customer_writes(rows[0], "On screen")
        stage.colleague_sets_status(rows[1], "pending")
        await desk.until(lambda: desk.thread(number).find(seen))
        desk.engine.look(False)
        unseen = stage.customer_writes(rows[0], "Nobody looks")
        last = await tower.barrier(stage, rows[2])
        await tower.rings_for(unseen, last)


async def test_the_rule_of_mine_rings_for_what_the_server_counts_as_mine(stage: Stage) -> None:
    """Assigned, mentioned, taking part: by message and notification, in any order, once each."""
    me = int(stage.agent["id"])
    mine, other, third = conversations(stage)
    for row in (mine, other, third):
        assign(stage, row, stage.colleague()["id"])
    await stage.shop.worker.drain()
    async with belfry(stage, Rules(rule="mine")) as tower:
        stage.customer_writes(other, "Not for this desk")
        assign(stage, mine, me)
        await tower.desk.until(lambda: any(key.startswith("notif") for key in tower.keys))
        first = stage.customer_writes(mine, "For this desk")
        await tower.desk.until(lambda: tower.keys[f"message {first}"])
        mention = f"[@Me](mention://user/{me}/Me) please look"
        told = stage.colleague_writes(third, mention, private=True)
        await tower.desk.until(lambda: tower.keys[f"message {told}"])
        later = stage.customer_writes(third, "Now the desk takes part")
        await tower.desk.until(lambda: tower.keys[f"message {later}"])
        last = await tower.barrier(stage, mine)
        counted = tower.keys
        assert set(counted.values()) == {1}, counted
        messages = {key for key in counted if key.startswith("message")}
        assert messages == {f"message {one}" for one in (first, told, later, last)}
        assert len(counted) == len(messages) + 1, "one assignment"


async def test_a_message_of_an_unknown_conversation_rings_when_it_is_known(stage: Stage) -> None:
    row = stage.conversation(status="resolved")
    async with belfry(stage) as tower:
        assert row["display_id"] not in tower.desk.state.conversations
        stage.colleague_sets_status(row, "open")
        written = stage.customer_writes(row, "Me again")
        await tower.rings_for(written)
