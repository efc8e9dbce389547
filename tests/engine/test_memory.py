"""What outlives the desk: what was seen, drafts, and messages on their way, through a kill -9."""

from __future__ import annotations

import asyncio
import dataclasses
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from revivatui.cache.store import Cache
from revivatui.engine.context import Timing
from revivatui.state.models import ListView
from revivatui.state.select import list_state, visible_ids
from tests.support.desks import QUICK, Desk, eventually, profile_of, running_desk
from tests.support.shops import Stage

ROOT = Path(__file__).parents[2]


def is_old(desk: Desk) -> bool:
    """What is shown is what was last seen."""
    return desk.state.from_cache


@asynccontextmanager
async def desk_with_cache(stage: Stage, path: Path, timing: Timing = QUICK) -> AsyncIterator[Desk]:
    cache = Cache.open(path)
    try:
        async with running_desk(profile_of(stage), cache, timing) as desk:
            yield desk
    finally:
        cache.close()


async def test_what_was_last_seen_is_there_before_the_server_answers(
    stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "cache.sqlite3"
    number = stage.conversation()["display_id"]
    view = ListView(tab="all")
    async with desk_with_cache(stage, path) as desk:
        await desk.live()
        desk.engine.choose_view(view)
        await desk.until(lambda: not list_state(desk.state, view).provisional)
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        desk.engine.draft(number, False, "Dear customer,")
        seen, texts = visible_ids(desk.state, view), desk.texts(number)
    await stage.order("/listen", accept=False)
    async with desk_with_cache(stage, path) as desk:
        await desk.until(lambda: is_old(desk))
        assert visible_ids(desk.state, desk.state.view) == seen
        assert desk.state.drafts[(number, False)].text == "Dear customer,"
        assert desk.state.me is not None
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number) == texts)
        await desk.until(lambda: desk.state.link.state == "offline")
        stage.customer_writes(stage.conversation(), "While you were closed")
        await stage.order("/listen", accept=True)
        await desk.live()
        assert not is_old(desk)
        desk.engine.open(number)
        await desk.until(lambda: "While you were closed" in desk.texts(number))
    windows = stage.asked("GET", "*updated_within*")
    assert windows, "a short absence is asked for as such"


@asynccontextmanager
async def desk_process(stage: Stage, path: Path, number: int, text: str) -> AsyncIterator[int]:
    """Another process whose desk keeps a draft and sends a message; gives its id once it said
    that the message is in the journal. It is killed at the end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.desk_process",
        *(stage.url, stage.agent["token"], str(path), str(number), text),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            assert await process.stdout.readline() == b"on its way\n"
        yield process.pid
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("fault", ["freeze", "drop after"])
async def test_a_message_on_its_way_at_a_kill_9_is_looked_up_and_never_doubled(
    stage: Stage, tmp_path: Path, fault: str
) -> None:
    """Frozen it never arrived and is not called sent; with only the answer lost it is found."""
    path, number = tmp_path / "cache.sqlite3", stage.conversation()["display_id"]
    await stage.order(fault=fault, method="POST", path="*/messages", count=1)
    stored = fault == "drop after"
    async with desk_process(stage, path, number, "Before the lights went out"):
        await eventually(lambda: stage.watched.orders[0].taken)
        if stored:
            await eventually(lambda: stage.messages_saying("Before the lights went out"))
    assert len(stage.messages_saying("Before the lights went out")) == int(stored)
    async with desk_with_cache(stage, path) as desk:
        await desk.until(lambda: desk.state.sends)
        (entry,) = desk.state.sends.values()
        assert entry.content == "Before the lights went out"
        assert entry.state == "unconfirmed"
        assert desk.state.drafts[(number, True)].text == "half a thought"
        wanted = "sent" if stored else "failed"
        await desk.until(lambda: desk.send_state(entry.reference) == wanted)
        if not stored:
            assert desk.engine.take_back(entry.reference) == "Before the lights went out"
    assert len(stage.messages_saying("Before the lights went out")) == int(stored)
    cache = Cache.open(path)
    assert cache.journal_open() == []
    cache.close()


async def test_a_message_queued_offline_long_before_a_restart_waits_for_a_yes(
    stage: Stage, tmp_path: Path
) -> None:
    path, number = tmp_path / "cache.sqlite3", stage.conversation()["display_id"]
    async with desk_with_cache(stage, path) as desk:
        await desk.live()
        await stage.order("/listen", accept=False)
        await stage.order("/cable", close="silently")
        await desk.until(lambda: desk.state.link.state == "offline")
        reference = desk.engine.send(number, "From the tunnel", private=False)
    await stage.order("/listen", accept=True)
    impatient = dataclasses.replace(QUICK, send_lasts=0.0)
    async with desk_with_cache(stage, path, impatient) as desk:
        await desk.live()
        await desk.until(lambda: desk.send_state(reference) == "failed")
        assert "waited so long" in desk.state.sends[reference].reason
        assert stage.messages_saying("From the tunnel") == []
    async with desk_with_cache(stage, path) as desk:
        await desk.live()
        assert "waited so long" in desk.state.sends[reference].reason
        desk.engine.retry(reference)
        await desk.until(lambda: desk.send_state(reference) == "sent")
    assert len(stage.messages_saying("From the tunnel")) == 1
