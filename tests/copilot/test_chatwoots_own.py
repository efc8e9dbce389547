"""Chatwoot's own assistants as providers: found where they are, asked, and never in the way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from revivatui.copilot.model import Delta, ModelError, Task
from revivatui.copilot.model.errors import AnswerBroke, NoModel
from revivatui.screens.copilot_server import ABOUT, REWRITES, ServersOwn, find, stream
from tests.support.desks import Desk, profile_of, running_desk
from tests.support.model_server import ModelServer, once, refuse
from tests.support.shops import Stage, Template, running_shop

KEY = "sk-of-the-server"


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as running:
        yield running


@asynccontextmanager
async def administrator(stage: Stage) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=f"{stage.url}/api/v1/accounts/1",
        headers={"api_access_token": stage.administrator["token"]},
        trust_env=False,
    ) as client:
        yield client


async def switch_on(stage: Stage, server: ModelServer) -> None:
    """As an administrator does it, on a server that was given a model."""
    stage.shop.openai_endpoint = server.url.removesuffix("/v1")
    async with administrator(stage) as client:
        hook = {"app_id": "openai", "settings": {"api_key": KEY}}
        (await client.post("/integrations/hooks", json={"hook": hook})).raise_for_status()


async def read(desk: Desk, own: ServersOwn, task: Task, number: int, **more: str) -> list[Delta]:
    return [one async for one in stream(desk.engine, own, task, number, **more)]


def words(deltas: list[Delta]) -> str:
    return "".join(one.text for one in deltas)


async def test_a_server_with_nothing_switched_on_has_no_assistant(stage: Stage) -> None:
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        own = await find(desk.engine)
        assert own == ServersOwn()
        assert own.tasks == frozenset()
        with pytest.raises(NoModel):
            await read(desk, own, Task.REPLY, 1)
    assert stage.asked("POST", "*process_event*") == []


async def test_the_servers_model_replies_sums_up_and_rewords(
    stage: Stage, server: ModelServer
) -> None:
    await switch_on(stage, server)
    conversation = stage.conversation()
    number = conversation["display_id"]
    stage.customer_writes(conversation, "The hinge squeaks like a duck.")
    stage.colleague_writes(conversation, "They never pay.", private=True)
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        own = await find(desk.engine)
        assert own.tasks == {*REWRITES, *ABOUT}
        for task in ABOUT:
            deltas = await read(desk, own, task, number)
            assert words(deltas)
            assert deltas[-1].finish == "stop"
            shown = server.chats[-1]
            assert "squeaks like a duck" in shown.words
            assert "never pay" not in shown.words
            assert shown.headers["authorization"] == f"Bearer {KEY}"
        for task in REWRITES:
            await read(desk, own, task, number, draft="It are ready.")
            assert server.chats[-1].words.endswith("It are ready.")
            assert "duck" not in server.chats[-1].words
        with pytest.raises(NoModel):
            await read(desk, own, Task.FIX, number, draft=" ")
        with pytest.raises(NoModel):
            await read(desk, own, Task.TRANSLATE, number, draft="x")


async def test_what_the_servers_model_does_wrong_is_a_plain_sentence(
    stage: Stage, server: ModelServer
) -> None:
    await switch_on(stage, server)
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        own = await find(desk.engine)
        server.play(refuse(401, "Incorrect API key"))
        with pytest.raises(AnswerBroke, match="local suggestions stay") as caught:
            await read(desk, own, Task.REPLY, number)
        # 3.9 hides what went wrong behind a null.
        told = "gave no answer" if stage.shop.version.startswith("3.") else "Incorrect API key"
        assert told in str(caught.value)
        stage.shop.openai_endpoint = ""
        with pytest.raises(ModelError):
            await read(desk, own, Task.REPLY, number)


async def test_escape_sequences_of_the_servers_model_do_nothing(
    stage: Stage, server: ModelServer
) -> None:
    await switch_on(stage, server)
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        own = await find(desk.engine)
        server.play(once("Hi\x1b]52;c;eA==\x07 \x1b[2J you"))
        text = words(await read(desk, own, Task.FORMAL, 1, draft="Hi you"))
    assert text.endswith("you")
    assert text.isprintable()


async def test_events_are_answered_as_each_version_does(stage: Stage, server: ModelServer) -> None:
    await switch_on(stage, server)
    is_old = stage.shop.version.startswith("3.")
    async with administrator(stage) as client:
        apps = (await client.get("/integrations/apps")).json()["payload"]
        hook = next(app["hooks"][0]["id"] for app in apps if app["id"] == "openai")
        path = f"/integrations/hooks/{hook}/process_event"
        strange = await client.post(path, json={"event": {"name": "dance", "data": {}}})
        assert (strange.status_code, strange.json()) == (200, {"message": None})
        other = {"app_id": "dyte", "settings": {"api_key": "x", "organization_id": "y"}}
        made = (await client.post("/integrations/hooks", json={"hook": other})).json()
        path = f"/integrations/hooks/{made['id']}/process_event"
        refused = await client.post(path, json={"event": {"name": "rephrase", "data": {}}})
        assert refused.status_code == (200 if is_old else 422)
        assert (
            await client.post("/integrations/hooks/999/process_event", json={})
        ).status_code == 404


async def test_captain_answers_a_question_where_somebody_made_an_assistant(
    shop_template: Callable[[str], Template], tmp_path: Path, server: ModelServer
) -> None:
    async with running_shop(shop_template("4.10.1"), tmp_path / "shop") as stage:
        stage.shop.openai_endpoint = server.url.removesuffix("/v1")
        conversation = stage.conversation()
        stage.customer_writes(conversation, "The hinge squeaks like a duck.")
        async with administrator(stage) as client:
            body = {"assistant": {"name": "Captain", "config": {}}}
            (await client.post("/captain/assistants", json=body)).raise_for_status()
        async with running_desk(profile_of(stage)) as desk:
            await desk.live()
            own = await find(desk.engine)
            assert own.tasks == {Task.ASK}
            number = conversation["display_id"]
            deltas = await read(desk, own, Task.ASK, number, question="What squeaks?")
            assert deltas[0].is_thinking
            assert "Thank you for writing" in words(deltas)
            with pytest.raises(NoModel):
                await read(desk, own, Task.ASK, number, question="")
        assert "What squeaks?" in server.chats[-1].words
        assert "like a duck" in server.chats[-1].words


async def test_before_4_nobody_is_asked_about_captain(
    shop_template: Callable[[str], Template], tmp_path: Path
) -> None:
    async with running_shop(shop_template("3.9.0"), tmp_path / "shop") as stage:
        async with running_desk(profile_of(stage)) as desk:
            await desk.live()
            await find(desk.engine)
        assert stage.asked("*", "*captain*") == []
