"""A message leaves once, in order, whatever happens to its answer."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from revivatui.cache.store import Cache
from tests.support.desks import eventually, profile_of, running_desk
from tests.support.shops import Stage

POST = "*/messages"


async def test_a_reply_is_shown_at_once_and_sent_once(stage: Stage) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.open(number)
        reference = desk.engine.send(number, "Your laptop is ready.", private=False)
        assert desk.send_state(reference) == "queued"
        await desk.until(lambda: desk.send_state(reference) == "sent")
        await desk.until(lambda: "Your laptop is ready." in desk.texts(number))
        assert desk.texts(number).count("Your laptop is ready.") == 1
    (row,) = stage.messages_saying("Your laptop is ready.")
    assert row["conversation_id"] == conversation["id"]
    assert row["sender_id"] == stage.agent["id"]


@pytest.mark.parametrize("channel", ["Channel::Api", "Channel::WebWidget", "Channel::Email"])
@pytest.mark.parametrize("fault", ["drop after", "drop middle"])
async def test_a_message_whose_answer_was_lost_is_found_and_not_sent_again(
    stage: Stage, channel: str, fault: str
) -> None:
    conversation = stage.conversation(channel)
    number = conversation["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await stage.order(fault=fault, method="POST", path=POST, count=1)
        # Without the feed the look-up has to do it alone.
        await stage.order(fault="drop frame", event="message.created")
        reference = desk.engine.send(number, "Only once, please.", private=False)
        await desk.until(lambda: desk.send_state(reference) == "sent")
    assert len(stage.messages_saying("Only once, please.")) == 1
    assert len(stage.asked("POST", POST)) == 1


async def test_a_message_that_never_arrived_is_not_called_sent_and_goes_by_retry(
    stage: Stage,
) -> None:
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await stage.order(fault="drop before", method="POST", path=POST, count=1)
        reference = desk.engine.send(number, "Lost on the way.", private=False)
        await desk.until(lambda: desk.send_state(reference) == "failed")
        assert "does not have it" in desk.state.sends[reference].reason
        assert stage.messages_saying("Lost on the way.") == []
        desk.engine.retry(reference)
        await desk.until(lambda: desk.send_state(reference) == "sent")
    assert len(stage.messages_saying("Lost on the way.")) == 1


async def test_what_was_written_after_a_message_that_never_arrived_does_not_arrive_before_it(
    stage: Stage,
) -> None:
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await stage.order(fault="drop before", method="POST", path=POST, count=1)
        first = desk.engine.send(number, "It costs 80.", private=False)
        second = desk.engine.send(number, "Shall I order it?", private=False)
        await desk.until(lambda: desk.send_state(second) == "failed")
        assert desk.send_state(first) == "failed"
        assert "before it" in desk.state.sends[second].reason
        assert stage.messages_saying("Shall I order it?") == []
        for reference in (first, second):
            desk.engine.retry(reference)
        await desk.until(lambda: desk.send_state(second) == "sent")
    told = [stage.messages_saying(text) for text in ("It costs 80.", "Shall I order it?")]
    assert [len(one) for one in told] == [1, 1]
    assert told[0][0]["id"] < told[1][0]["id"]


async def test_messages_of_one_conversation_leave_in_their_order(stage: Stage) -> None:
    number = stage.conversation()["display_id"]
    texts = [f"Part {part} of 8" for part in range(1, 9)]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await stage.order(fault="slow", method="POST", path=POST, seconds=0.2, count=2)
        references = [desk.engine.send(number, text, private=False) for text in texts]
        await desk.until(lambda: all(desk.send_state(one) == "sent" for one in references))
    ids = [stage.messages_saying(text)[0]["id"] for text in texts]
    assert ids == sorted(ids)
    assert all(len(stage.messages_saying(text)) == 1 for text in texts)


async def test_a_refused_message_says_why_and_keeps_its_text(stage: Stage) -> None:
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        body = {"error": "Validation failed: Too many messages"}
        await stage.order(fault="answer", method="POST", path=POST, status=422, body=body, count=1)
        reference = desk.engine.send(number, "One too many", private=False)
        await desk.until(lambda: desk.send_state(reference) == "failed")
        assert "Too many messages" in desk.state.sends[reference].reason
        assert desk.engine.take_back(reference) == "One too many"
        assert desk.send_state(reference) == "forgotten"


async def test_a_message_written_while_offline_goes_when_the_server_is_back(stage: Stage) -> None:
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await stage.order("/listen", accept=False)
        await stage.order("/cable", close="silently")
        await desk.until(lambda: desk.state.link.state == "offline")
        reference = desk.engine.send(number, "Written in the dark.", private=True)
        assert desk.send_state(reference) == "queued"
        await stage.order("/listen", accept=True)
        await desk.until(lambda: desk.send_state(reference) == "sent")
    assert len(stage.messages_saying("Written in the dark.")) == 1


async def test_the_feed_may_bring_a_message_before_its_answer(stage: Stage) -> None:
    number = stage.conversation()["display_id"]
    stage.watched.answers_late = 0.4
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        reference = desk.engine.send(number, "Heard first", private=False)
        await desk.until(lambda: desk.send_state(reference) == "sent")
        assert desk.texts(number).count("Heard first") == 1
        answered = desk.engine.send(number, "Heard second", private=False)
        await desk.until(lambda: desk.send_state(answered) == "sent")
        assert desk.texts(number)[-2:] == ["Heard first", "Heard second"]
        assert desk.state.link.state == "live"


@pytest.mark.parametrize("channel", ["Channel::Api", "Channel::Email"])
async def test_a_slow_burst_under_real_pace_sends_each_message_once(
    stage: Stage, channel: str
) -> None:
    """Late and early events, answers that take their time, and every third answer lost."""
    number = stage.conversation(channel)["display_id"]
    texts = [f"Burst {part} of 6" for part in range(1, 7)]
    async with running_desk(profile_of(stage)) as desk:
        await stage.order("/pace", pace="real")
        await desk.live()
        await stage.order(fault="drop after", method="POST", path=POST, skip=2, count=1)
        await stage.order(fault="drop after", method="POST", path=POST, skip=2, count=1)
        references = [desk.engine.send(number, text, private=False) for text in texts]
        await desk.until(lambda: all(desk.send_state(one) == "sent" for one in references))
        await stage.order("/pace", pace="fast")
    assert [len(stage.messages_saying(text)) for text in texts] == [1] * 6


@pytest.mark.parametrize("turns", range(0, 24, 3))
async def test_a_message_taken_back_never_leaves_and_one_that_left_is_not_taken_back(
    stage: Stage, tmp_path: Path, turns: int
) -> None:
    """Whatever the moment: the text comes back, or the customer gets it. Never both."""
    number = stage.conversation()["display_id"]
    cache = Cache.open(tmp_path / "cache.sqlite3")
    async with running_desk(profile_of(stage), cache) as desk:
        await desk.live()
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        reference = desk.engine.send(number, "On second thoughts", private=False)
        for _turn in range(turns):
            await asyncio.sleep(0.0005)
        taken_back = desk.engine.take_back(reference) == "On second thoughts"
        marker = desk.engine.send(number, "The one behind", private=False)
        await desk.until(lambda: desk.send_state(marker) == "sent")
        assert len(stage.messages_saying("On second thoughts")) == int(not taken_back)
    assert cache.journal_open() == []
    cache.close()


async def test_a_message_that_was_found_makes_the_feed_no_later(stage: Stage) -> None:
    """What told of it may have come, or been missed, before it was looked for."""
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await stage.order(fault="drop after", method="POST", path=POST, count=1)
        await stage.order(fault="drop frame", event="message.created", count=1)
        found = desk.engine.send(number, "Found by looking.", private=True)
        await desk.until(lambda: desk.send_state(found) == "sent")
        assert not desk.engine._lag._waiting
        assert desk.links[-1] == "live"


async def test_a_message_answered_over_a_cut_of_the_feed_makes_it_no_later(stage: Stage) -> None:
    """Its event fell into the cut: nobody will tell of it again."""
    number = stage.conversation()["display_id"]
    stage.watched.answers_late = 1.0
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await stage.order(fault="drop frame", event="message.created")
        reference = desk.engine.send(number, "Over the cut.", private=True)
        await eventually(lambda: stage.messages_saying("Over the cut."))
        await stage.order("/cable", close="silently")
        await desk.until(lambda: "connecting" in desk.links)
        await desk.until(lambda: not desk.engine._outbox._busy, "the answer")
        assert desk.send_state(reference) == "sent"
        assert not desk.engine._lag._waiting
