"""A reply waits where somebody wrote after what its writer saw, and for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from revivatui.cache.store import Cache
from tests.support.desks import Desk, profile_of, running_desk
from tests.support.shops import Stage


async def at_the_thread(desk: Desk, number: int) -> int:
    """Open a thread; gives the newest message in it."""
    await desk.live()
    desk.engine.open(number)
    await desk.until(lambda: desk.texts(number))
    await desk.until(lambda: desk.thread(number).epoch == desk.state.epoch)
    return desk.thread(number).newest_id


@pytest.mark.parametrize("who", ["customer", "colleague", "note"])
@pytest.mark.parametrize("heard", [True, False])
async def test_a_reply_overtaken_by_somebody_is_held_until_a_yes(
    stage: Stage, who: str, heard: bool
) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        seen = await at_the_thread(desk, number)
        if not heard:  # the feed is silent: the server itself is asked
            await stage.order("/worker", up=False)
        if who == "customer":
            stage.customer_writes(conversation, "Wait, one more thing")
        else:
            stage.colleague_writes(conversation, "I have called him", private=who == "note")
        reference = desk.engine.send(number, "Bring it in", private=False, seen_id=seen)
        await desk.until(lambda: desk.send_state(reference) == "held")
        assert "wrote meanwhile." in desk.state.sends[reference].reason
        assert stage.messages_saying("Bring it in") == []
        assert desk.texts(number)[-1] in ("Wait, one more thing", "I have called him")
        desk.engine.send_anyway(reference)
        await desk.until(lambda: len(stage.messages_saying("Bring it in")) == 1)


async def test_own_messages_activity_and_surveys_hold_nothing(stage: Stage) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        seen = await at_the_thread(desk, number)
        desk.engine.set_priority(number, "urgent")
        stage.colleague_sets_status(conversation, "resolved")
        stage.colleague_sets_status(conversation, "open")
        await desk.until(lambda: desk.thread(number).newest_id > seen + 2)
        for text in ("One", "Two", "Three"):
            desk.engine.send(number, text, private=False, seen_id=seen)
        await desk.until(lambda: len(stage.messages_saying("Three")) == 1)
        assert [len(stage.messages_saying(one)) for one in ("One", "Two")] == [1, 1]


async def test_a_note_is_never_held_and_what_stands_behind_a_held_reply_waits(
    stage: Stage,
) -> None:
    conversation, other = stage.conversation(), stage.conversation("Channel::WebWidget")
    number = conversation["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        seen = await at_the_thread(desk, number)
        stage.customer_writes(conversation, "Wait")
        first = desk.engine.send(number, "First", private=False, seen_id=seen)
        second = desk.engine.send(number, "Second", private=False, seen_id=seen)
        desk.engine.send(other["display_id"], "Elsewhere", private=True)
        await desk.until(lambda: len(stage.messages_saying("Elsewhere")) == 1)
        await desk.until(lambda: desk.send_state(first) == "held")
        assert desk.send_state(second) == "queued"
        desk.engine.send_anyway(first)
        await desk.until(lambda: len(stage.messages_saying("Second")) == 1)
        ids = [stage.messages_saying(one)[0]["id"] for one in ("First", "Second")]
        assert ids == sorted(ids)


async def test_a_held_reply_outlives_the_desk_and_gives_its_text_back(
    stage: Stage, tmp_path: Path
) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    cache = Cache.open(tmp_path / "cache.sqlite3")
    async with running_desk(profile_of(stage), cache) as desk:
        seen = await at_the_thread(desk, number)
        stage.customer_writes(conversation, "Wait")
        reference = desk.engine.send(number, "Too fast", private=False, seen_id=seen)
        await desk.until(lambda: desk.send_state(reference) == "held")
    async with running_desk(profile_of(stage), cache) as desk:
        await desk.live()
        assert desk.send_state(reference) == "held"
        assert desk.engine.take_back(reference) == "Too fast"
    assert cache.journal_open() == []
    assert stage.messages_saying("Too fast") == []
    cache.close()


async def test_a_reply_queued_offline_is_held_by_what_was_said_meanwhile(stage: Stage) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        seen = await at_the_thread(desk, number)
        await stage.order("/listen", accept=False)
        await stage.order("/cable", close="silently")
        await desk.until(lambda: desk.state.link.state == "offline")
        reference = desk.engine.send(number, "In the tunnel", private=False, seen_id=seen)
        stage.customer_writes(conversation, "Never mind, it works")
        await stage.order("/listen", accept=True)
        await desk.until(lambda: desk.send_state(reference) == "held")
        assert stage.messages_saying("In the tunnel") == []
