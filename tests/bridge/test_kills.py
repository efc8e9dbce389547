"""kill -9 at the worst moments, and answers that are lost on the way: nothing doubled, nothing
lost. The bridge is the program itself, in a process of its own."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from revivatui.bridge import running
from revivatui.bridge.errors import BridgeError
from revivatui.bridge.receiver import Keeper
from tests.bridge.bridge_process import BridgeProcess
from tests.bridge.desks import SETTINGS, forget_the_past, running_bridge
from tests.support.shops import Stage

SEED = 20
NOTES = "SELECT * FROM messages WHERE private AND content LIKE 'A passcode was in this%'"


@pytest.fixture
def version() -> str:
    return "4.10.1"


@pytest.fixture
async def bridge(stage: Stage, tmp_path: Path) -> AsyncIterator[BridgeProcess]:
    forget_the_past(stage, stage.conversation())
    made = BridgeProcess(stage, tmp_path / "home")
    made.add_webhook()
    await made.start()
    try:
        yield made
    finally:
        await made.kill()


async def test_killed_between_a_write_and_its_answer(stage: Stage, bridge: BridgeProcess) -> None:
    """The server has the note, the bridge does not know it: it looks before it writes again."""
    conversation = stage.conversation()
    for number in range(1, 4):
        stage.watched.answers_late = 3.0
        stage.customer_writes(conversation, f"The passcode is 47{number}1")
        async with asyncio.timeout(60):
            while len(stage.shop.db.all(NOTES)) < number:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        await bridge.kill()
        stage.watched.answers_late = 0.0
        await bridge.start()
        await bridge.quiet()
        assert len(stage.shop.db.all(NOTES)) == number
    assert bridge.ask("SELECT count(*) FROM bridge_outbox WHERE state != 'done'") == [(0,)]


@pytest.mark.parametrize("moment", ["before the commit", "behind the commit"])
async def test_killed_between_the_call_of_the_crm_and_its_commit(
    stage: Stage, tmp_path: Path, moment: str
) -> None:
    """A new conversation: its customer, its ticket and its comment are there once, or not at all
    until the bridge is back."""
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    made = BridgeProcess(stage, tmp_path / "home", "tests.bridge.dying")
    made.add_webhook()
    await made.start()
    try:
        for number in range(1, 4):
            before = made.ask("SELECT count(*) FROM ticket_comments")
            (made.home / "die").write_text(moment, encoding="utf-8")
            stage.customer_writes(conversation, f"hello {number}")
            assert await made.killed() == -signal.SIGKILL
            await stage.shop.worker.drain()
            if moment == "before the commit":
                assert made.ask("SELECT count(*) FROM ticket_comments") == before
            await made.start()
            await made.quiet()
            told = made.ask("SELECT content FROM ticket_comments ORDER BY chatwoot_message_id")
            assert told == [(f"hello {one}",) for one in range(1, number + 1)]
            for table in ("customers", "tickets", "chat_conversations", "bridge_contacts"):
                assert made.ask(f"SELECT count(*) FROM {table}") == [(1,)]
    finally:
        await made.kill()


async def test_killed_at_any_moment_no_message_is_lost_or_doubled(
    stage: Stage, bridge: BridgeProcess
) -> None:
    random = Random(SEED)
    conversation = stage.conversation()
    sent = []
    for _ in range(4):
        for _ in range(12):
            sent.append(stage.customer_writes(conversation, "Is it ready?"))
            await asyncio.sleep(random.uniform(0.0, 0.02))
        await asyncio.sleep(random.uniform(0.0, 0.15))
        await bridge.kill()
        await stage.shop.worker.drain()
        await bridge.start()
    await bridge.quiet()
    kept = bridge.ask("SELECT chatwoot_message_id, content FROM ticket_comments")
    assert sorted(one for one, _ in kept if one in sent) == sent, f"seed {SEED}"
    title = f"Chat Conversation #{conversation['display_id']}"
    assert bridge.ask("SELECT count(*) FROM tickets WHERE title = ?", [title]) == [(1,)]


async def test_a_lost_answer_is_looked_up_and_nothing_written_twice(
    stage: Stage, tmp_path: Path
) -> None:
    conversation = stage.conversation()
    async with running_bridge(stage, tmp_path) as there:
        await stage.order(fault="drop after", method="POST", path="*/messages", count=1)
        await stage.order(fault="drop after", method="PUT", path="*/contacts/*", count=1)
        stage.customer_writes(conversation, "The passcode is 4711")
        await there.quiet()
        assert len(stage.shop.db.all(NOTES)) == 1


async def test_a_bridge_whose_work_ended_ends_too(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A door behind which nobody works any more would be worse than none."""

    async def fail(self: Keeper[Any]) -> None:
        await asyncio.sleep(0.1)
        raise RuntimeError("broken")

    monkeypatch.setattr(Keeper, "run", fail)
    ready: list[str] = []
    with pytest.raises(BridgeError, match="failed for good"):
        async with asyncio.timeout(60):
            await running.run(
                tmp_path / "crm.sqlite3",
                stage.url,
                stage.administrator["token"],
                1,
                SETTINGS,
                ready=ready.append,
                stop=asyncio.Event(),
            )
    assert len(ready) == 1


async def test_a_chatwoot_that_is_away_is_waited_for(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AGAIN_SECONDS", 0.1)
    ready, stop = asyncio.Event(), asyncio.Event()
    await stage.server.refuse()
    task = asyncio.create_task(
        running.run(
            tmp_path / "crm.sqlite3",
            stage.url,
            stage.administrator["token"],
            1,
            SETTINGS,
            ready=lambda _: ready.set(),
            stop=stop,
        )
    )
    await asyncio.sleep(0.3)
    assert not ready.is_set()
    await stage.server.accept()
    async with asyncio.timeout(60):
        await ready.wait()
    stop.set()
    await task


async def test_it_ends_when_it_is_told_to_and_is_alone(bridge: BridgeProcess) -> None:
    second = BridgeProcess(bridge.stage, bridge.home)
    with pytest.raises(AssertionError, match="works on this CRM already"):
        await second.start()
    assert await bridge.stop() == 0
