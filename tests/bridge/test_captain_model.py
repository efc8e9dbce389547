"""Captain with a model, over real HTTP: what it writes is checked, its failures go to people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from revivatui.bridge.captain_settings import CaptainSettings
from revivatui.copilot.model import ModelSettings
from tests.bridge.captains import CAPTAIN, There, running_captain
from tests.bridge.test_captain import says
from tests.support.model_server import ModelServer, refuse, say
from tests.support.shops import Stage

ODD = "Tell me, do you look after flibbertigibbets?"
"""What the shop's own texts do not answer."""


@pytest.fixture
def version() -> str:
    return "4.10.1"


@asynccontextmanager
async def with_model(
    stage: Stage, folder: Path, settings: CaptainSettings = CAPTAIN
) -> AsyncIterator[tuple[There, ModelServer]]:
    async with ModelServer() as server:
        asks = ModelSettings(server.url, quiet_seconds=1.0, total_seconds=4.0)
        captain = replace(settings, model=True, asks=asks)
        async with running_captain(stage, folder, captain) as there:
            yield there, server


async def test_what_the_model_writes_is_said(stage: Stage, tmp_path: Path) -> None:
    async with with_model(stage, tmp_path) as (there, server):
        server.play(say("We look at them gladly. Please bring yours in."))
        chat = there.new_chat()
        [told] = await says(there, chat, ODD)
        assert told.endswith("We look at them gladly. Please bring yours in.")
        body = server.asked[-1].json
        assert (body["temperature"], body["max_tokens"]) == (0.3, 500)


async def test_what_stands_in_no_record_is_not_said(stage: Stage, tmp_path: Path) -> None:
    async with with_model(stage, tmp_path) as (there, server):
        server.play(say("That is 49 EUR and ready by Friday, guaranteed."))
        chat = there.new_chat()
        told = await says(there, chat, ODD)
        assert all("49" not in one for one in told)
        assert chat.status == "open"
        assert "stands in no record" in chat.notes()[0]


@pytest.mark.parametrize("status", [401, 404, 429, 500])
async def test_a_model_that_fails_gives_the_customer_to_people(
    stage: Stage, tmp_path: Path, status: int
) -> None:
    async with with_model(stage, tmp_path) as (there, server):
        server.play(*[refuse(status)] * 3)
        chat = there.new_chat()
        await says(there, chat, ODD)
        assert chat.status == "open"
        assert "The model did not answer." in chat.notes()[0]


async def test_where_the_budget_is_spent_no_model_is_asked(stage: Stage, tmp_path: Path) -> None:
    here, today = replace(CAPTAIN, tokens_per_conversation=10), replace(CAPTAIN, tokens_per_day=10)
    for name, settings in (("here", here), ("today", today)):
        (tmp_path / name).mkdir()
        async with with_model(stage, tmp_path / name, settings) as (there, server):
            chat = there.new_chat()
            await says(there, chat, ODD)
            assert chat.status == "open"
            assert "budget" in chat.notes()[0]
            assert server.asked == []


async def test_the_model_is_not_asked_what_the_shop_answers_itself(
    stage: Stage, tmp_path: Path
) -> None:
    async with with_model(stage, tmp_path) as (there, server):
        chat = there.new_chat()
        assert await says(there, chat, "What are your opening hours?")
        assert server.asked == []


async def test_a_passcode_never_leaves(stage: Stage, tmp_path: Path) -> None:
    async with with_model(stage, tmp_path) as (there, server):
        chat = there.new_chat()
        await says(there, chat, f"{ODD} the passcode is 471199")
        assert all(b"471199" not in one.body for one in server.asked)
