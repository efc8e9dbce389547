"""What a screen is given of an answer: few states, the last one always, and a budget for hurry."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import pairwise

import pytest

from revivatui.copilot.model import Draft, Model, drafts
from revivatui.copilot.model.frames import Usage
from revivatui.copilot.model.meter import (
    DAY,
    FAILURES,
    HOUR,
    MOST_OF_CONVERSATION,
    MOST_OF_DAY,
    Meter,
)
from tests.copilot.model.scenes import asked, reply_to
from tests.support.desks import PATIENCE
from tests.support.model_server import DONE, ModelServer, Play, refuse, say, usage

TEXT = "Your Mac is ready to collect until 18. " * 8


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as running:
        yield running


async def states(model: Model, every: float = 1 / 15) -> list[Draft]:
    async with aclosing(drafts(model.stream(reply_to(model)), every)) as found:
        return [one async for one in found]


async def test_states_are_few_and_the_last_is_whole(server: ModelServer) -> None:
    server.play(say(TEXT, pace=0.005, tail=usage(7, 9) + DONE))
    async with asked(server) as model:
        begun = time.monotonic()
        found = await states(model)
        took = time.monotonic() - begun
    assert found[-1] == Draft(TEXT.strip(), finish="stop", usage=Usage(7, 9))
    assert 2 <= len(found) <= took * 15 + 3
    for earlier, later in pairwise(found):
        assert later.text.startswith(earlier.text.strip())
    assert (model.meter.requests, model.meter.prompt_tokens) == (1, 7)


async def test_what_came_is_shown_though_nothing_follows_soon(server: ModelServer) -> None:
    server.play(say("Your Mac is", size=2, tail=b"", end="stall"))
    async with asked(server, quiet_seconds=2.0) as model:
        found = await states(model, every=0.1)
    assert [one.is_over for one in found].count(True) == 1
    assert found[-2].text.startswith("Your Mac")
    assert found[-1].text == found[-2].text
    assert "stopped for 2 s" in found[-1].failed


async def test_what_fails_is_told_by_the_last_state(server: ModelServer) -> None:
    server.play(refuse(401, "no"))
    async with asked(server) as model:
        found = await states(model)
    assert len(found) == 1
    assert "key" in found[0].failed


async def test_who_stops_showing_closes_the_connection(server: ModelServer) -> None:
    async with asked(server, quiet_seconds=30.0, total_seconds=30.0) as model:
        for made in (Play(end="stall"), say(TEXT, pace=0.02)):
            server.play(made)
            server.left.clear()
            server.begun.clear()
            showing = asyncio.create_task(states(model))
            await server.begun.wait()
            showing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await showing
            async with asyncio.timeout(PATIENCE):
                await server.left.wait()


def test_without_a_key_press_a_model_is_asked_a_few_times_only() -> None:
    meter = Meter()
    for number in range(MOST_OF_CONVERSATION):
        assert meter.may_ask_at_once(1, number)
        meter.asked(1, number, at_once=True)
    assert not meter.may_ask_at_once(1, 10)
    assert meter.may_ask_at_once(2, 10)
    assert meter.may_ask_at_once(1, HOUR + 10)
    for number in range(MOST_OF_DAY):
        meter.asked(number, 20, at_once=True)
    assert not meter.may_ask_at_once(9999, 30)
    assert meter.may_ask_at_once(9999, DAY + 30)


def test_a_model_that_keeps_failing_waits_for_a_key_press() -> None:
    meter = Meter()
    for _ in range(FAILURES):
        assert meter.may_ask_at_once(1, 0)
        meter.failed()
    assert not meter.may_ask_at_once(1, 0)
    meter.answered(None)
    assert meter.may_ask_at_once(1, 0)


async def test_only_an_inbox_that_somebody_agreed_to_is_asked_for_at_once(
    server: ModelServer,
) -> None:
    async with asked(server, consent=("inbox:Website",)) as model:
        assert model.may_ask_at_once("Website", 1)
        assert not model.may_ask_at_once("E-mail", 1)
    async with asked(server) as model:
        assert not model.may_ask_at_once("Website", 1)
