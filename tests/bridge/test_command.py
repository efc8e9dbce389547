"""`revivatui bridge ...` as people type it, against a real shop."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from revivatui.api.client import ChatwootClient
from revivatui.bridge import settings as bridge_settings
from revivatui.bridge import setup
from revivatui.bridge.attributes import DEFINITIONS
from revivatui.bridge.errors import BadBridgeSettings
from revivatui.bridge.news import SUBSCRIPTIONS
from tests.bridge.bridge_process import BridgeProcess
from tests.bridge.desks import PATH_SECRET, forget_the_past
from tests.support.shops import Stage


class Answer:
    def __init__(self, status: int, out: str, err: str) -> None:
        self.status = status
        self.out = out
        self.err = err


async def bridge(home: BridgeProcess, *arguments: str, **environment: str) -> Answer:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "revivatui", "bridge", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**home.environment, **environment},
    )
    out, err = await process.communicate()
    return Answer(process.returncode or 0, out.decode(), err.decode())


def is_one_plain_line(text: str) -> bool:
    return text.count("\n") == 1 and "Traceback" not in text


async def test_setup_arranges_once_and_corrects_what_is_old(stage: Stage, tmp_path: Path) -> None:
    home = BridgeProcess(stage, tmp_path)
    first = await bridge(home, "setup", "--public-url", f"http://127.0.0.1:{home.port}")
    assert first.status == 0, first.err
    assert "The webhook made" in first.out
    assert "signs nothing" in first.out
    assert PATH_SECRET not in first.out + first.err
    (webhook,) = stage.shop.db.where("webhooks", account_id=1)
    assert webhook["url"] == home.hook
    assert set(webhook["subscriptions"]) == set(SUBSCRIPTIONS)
    keys = {
        (row["attribute_model"], row["attribute_key"])
        for row in stage.shop.db.where("custom_attribute_definitions", account_id=1)
    }
    assert {(one.model, one.key) for one in DEFINITIONS} <= keys

    again = await bridge(home, "setup", "--public-url", f"http://127.0.0.1:{home.port}")
    assert "The webhook was there; 0 attributes" in again.out
    renewed = "another-secret-for-the-path-of-this-test"
    third = await bridge(
        home, "setup", "--public-url", f"http://127.0.0.1:{home.port}",
        REVIVATUI_BRIDGE_PATH_SECRET=renewed,
    )  # fmt: skip
    assert "The webhook corrected" in third.out
    (webhook,) = stage.shop.db.where("webhooks", account_id=1)
    assert webhook["url"].endswith(renewed)


async def test_setup_makes_and_keeps_a_secret_that_run_uses(stage: Stage, tmp_path: Path) -> None:
    forget_the_past(stage, stage.conversation())
    home = BridgeProcess(stage, tmp_path)
    without = {"REVIVATUI_BRIDGE_PATH_SECRET": ""}
    assert (await bridge(home, "run", **without)).status == 1
    url = f"http://127.0.0.1:{home.port}"
    assert (await bridge(home, "setup", "--public-url", url, **without)).status == 0
    (webhook,) = stage.shop.db.where("webhooks", account_id=1)
    secret = webhook["url"].rpartition("/")[2]
    assert len(secret) >= 32
    assert _mode_of_credentials(tmp_path) == 0o600
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "revivatui", "bridge", "run"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**home.environment, **without},
    )
    assert process.stdout is not None
    assert b"listens" in await process.stdout.readline()
    async with httpx.AsyncClient(trust_env=False) as client:
        body = {"event": "webwidget_triggered"}
        assert (await client.post(webhook["url"], json=body)).status_code == 200
        assert (await client.post(f"{url}/hooks/chatwoot", json=body)).status_code == 401
    process.terminate()
    _, err = await process.communicate()
    assert process.returncode == 0
    assert secret not in err.decode()


def _mode_of_credentials(home: Path) -> int:
    return next(home.rglob("credentials.json")).stat().st_mode & 0o777


async def test_an_agent_cannot_set_up_and_is_told_so(stage: Stage, tmp_path: Path) -> None:
    home = BridgeProcess(stage, tmp_path)
    answer = await bridge(
        home, "setup", "--public-url", "http://127.0.0.1:1", REVIVATUI_TOKEN=stage.agent["token"]
    )
    assert answer.status == 1
    assert is_one_plain_line(answer.err)
    assert "authorized" in answer.err


async def test_status_and_dead_letters(stage: Stage, tmp_path: Path) -> None:
    conversation = stage.conversation()
    forget_the_past(stage, conversation)
    home = BridgeProcess(stage, tmp_path)
    home.add_webhook()
    await home.start()
    refusal = {"message": "Not today", "attributes": []}
    order: dict[str, Any] = {"fault": "answer", "status": 422, "body": refusal}
    await stage.order(method="PUT", path="*/contacts/*", **order)
    stage.customer_writes(conversation, "hello")
    await home.quiet()
    status = await bridge(home, "status")
    assert "1 dead letters" in status.out
    assert "caught up" in status.out
    listed = await bridge(home, "dlq", "list")
    assert "Not today" in listed.out
    letter = listed.out.split()[0]
    assert "contact_attributes" in (await bridge(home, "dlq", "show", letter[:14])).out
    await stage.no_more_trouble()
    assert "waits again" in (await bridge(home, "dlq", "retry", letter)).out
    await home.quiet()
    assert (await bridge(home, "dlq", "list")).out == ""
    missing = await bridge(home, "dlq", "drop", letter)
    assert (missing.status, is_one_plain_line(missing.err)) == (1, True)
    assert await home.stop() == 0
    assert "Traceback" not in home.log()


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('listen = "nowhere"', "listen is 'nowhere'"),
        ('listne = "127.0.0.1:1"', "did you mean 'listen'"),
        ('allow = "10.0.0.0/8"', "must be a list"),
        ("backfill_minutes = 0", "from 1 to 60"),
    ],
)
async def test_a_mistake_in_the_settings_gets_one_line(
    table: str, words: str, version: str, tmp_path: Path
) -> None:
    import tomllib

    with pytest.raises(BadBridgeSettings, match=words):
        bridge_settings.load(tomllib.loads(table), environ={})


async def test_what_cannot_run_says_why(stage: Stage, tmp_path: Path) -> None:
    home = BridgeProcess(stage, tmp_path)
    answer = await bridge(home, "run", REVIVATUI_TOKEN="wrong")
    assert answer.status == 1
    assert is_one_plain_line(answer.err)
    answer = await bridge(home, "run", REVIVATUI_BRIDGE_PATH_SECRET="short")
    assert "32 letters" in answer.err
    answer = await bridge(home, "setup")
    assert "public_url" in answer.err
    answer = await bridge(home, "status", REVIVATUI_CRM="mysql://nowhere")
    assert "SQLite file or PostgreSQL" in answer.err


async def test_secrets_of_a_signing_server_are_taken_over(stage: Stage) -> None:
    """A newer Chatwoot gives the secret with the webhook; ours does not."""
    token = stage.administrator["token"]
    async with ChatwootClient(stage.url, token, 1) as client:
        path = "*/webhooks"
        made = {"id": 9, "url": "https://bridge.example.com/hooks/chatwoot", "subscriptions": []}
        body = {"payload": {"webhook": {**made, "secret": "signing-secret"}}}
        await stage.order(fault="answer", method="POST", path=path, status=200, body=body)
        done = await setup.arrange(client, "https://bridge.example.com", "")
    assert done.secret == "signing-secret"
    assert "signing-secret" not in repr(done)


@pytest.fixture
def version() -> str:
    return "4.10.1"
