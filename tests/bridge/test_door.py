"""Who may deliver, and what becomes of junk: over a real socket, against a bridge at work."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from revivatui.bridge import receiver
from revivatui.bridge.errors import BadBridgeSettings
from revivatui.bridge.signing import Door, signature
from revivatui.bridge.tables import INBOX
from tests.bridge.desks import PATH_SECRET, SETTINGS, There, forget_the_past, running_bridge
from tests.support.shops import Stage

SECRET = "what-chatwoot-signs-with"
SIGNED = replace(SETTINGS, secrets=(SECRET, "the-one-before"), path_secret="")
BODY = json.dumps(
    {
        "event": "contact_created",
        "id": 4711,
        "name": "Ana",
        "account": {"id": 1, "name": "shop"},
    }
).encode()


@pytest.fixture
def version() -> str:
    """The door is the same for both."""
    return "4.10.1"


@contextlib.asynccontextmanager
async def at_the_door(stage: Stage, folder: Path, signed: bool) -> AsyncIterator[Knocker]:
    settings = SIGNED if signed else SETTINGS
    forget_the_past(stage)
    async with (
        running_bridge(stage, folder, settings, hooked=False) as there,
        httpx.AsyncClient(base_url=there.url, trust_env=False) as client,
    ):
        yield Knocker(there, client)


class Knocker:
    """Delivers as Chatwoot does, or not quite."""

    def __init__(self, there: There, client: httpx.AsyncClient) -> None:
        self.there = there
        self.client = client

    async def knock(
        self,
        body: bytes = BODY,
        *,
        path: str = "",
        secret: str | None = SECRET,
        age: float = 0.0,
        delivery: str = "",
    ) -> int:
        told = {"X-Chatwoot-Delivery": delivery} if delivery else {}
        if secret is not None:
            moment = str(int(time.time() - age))
            told["X-Chatwoot-Timestamp"] = moment
            told["X-Chatwoot-Signature"] = signature(secret.encode(), moment, body).decode()
        where = f"/hooks/chatwoot{path}"
        return (await self.client.post(where, content=body, headers=told)).status_code

    async def kept(self) -> int:
        return len([row for row in await self.there.rows(INBOX) if row.source == "webhook"])


async def test_a_signed_door_takes_what_is_signed_and_fresh(stage: Stage, tmp_path: Path) -> None:
    async with at_the_door(stage, tmp_path, signed=True) as door:
        assert await door.knock() == 200
        assert await door.knock(secret="the-one-before") == 200
        assert await door.knock(secret=None) == 401
        assert await door.knock(secret="another") == 401
        assert await door.knock(age=299) == 200
        assert await door.knock(age=-290) == 200
        assert await door.knock(age=310) == 401
        assert await door.knock(age=-310) == 401
        assert await door.knock(age=600) == 401
        assert await door.knock(secret=None, path=f"/{PATH_SECRET}") == 401
        assert await door.kept() == 1


async def test_the_moment_is_signed_too(stage: Stage, tmp_path: Path) -> None:
    """A stale delivery cannot be made fresh by another timestamp, nor by none."""
    async with at_the_door(stage, tmp_path, signed=True) as door:
        old = str(int(time.time()) - 4000)
        right = signature(SECRET.encode(), old, BODY).decode()
        for moment in (str(int(time.time())), "", "never", old):
            headers = {"X-Chatwoot-Timestamp": moment, "X-Chatwoot-Signature": right}
            answer = await door.client.post("/hooks/chatwoot", content=BODY, headers=headers)
            assert answer.status_code == 401, moment
        assert await door.kept() == 0


async def test_a_secret_in_the_path_is_needed_where_it_is_set(stage: Stage, tmp_path: Path) -> None:
    async with at_the_door(stage, tmp_path, signed=False) as door:
        assert await door.knock(secret=None, path=f"/{PATH_SECRET}") == 200
        assert await door.knock(secret=None, path="/guess") == 401
        assert await door.knock(secret=None, path=f"/{PATH_SECRET}x") == 401
        assert await door.knock(secret=None) == 401
        assert await door.kept() == 1


async def test_junk_is_told_from_a_webhook(stage: Stage, tmp_path: Path) -> None:
    async with at_the_door(stage, tmp_path, signed=True) as door:
        assert await door.knock(b"") == 400
        assert await door.knock(b"nonsense") == 400
        assert await door.knock(b"\xff\xfe{}") == 400
        assert await door.knock(b"[1, 2]") == 400
        assert await door.knock(b"[" * 200_000) == 400
        assert await door.knock(b'{"no": "event"}') == 400
        assert await door.knock(b'{"event": "message_created", "id": 5}') == 400
        assert await door.knock(b'{"event": "contact_updated", "id": "5"}') == 400
        assert await door.knock(b'{"event": "conversation_typing_on"}') == 200
        assert await door.knock(b'{"event": "of another time"}') == 200
        assert await door.knock(b"x" * (receiver.MOST_BYTES + 1)) == 413
        assert await door.kept() == 0


async def test_a_body_without_a_length_is_not_read_for_ever(stage: Stage, tmp_path: Path) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    async with at_the_door(stage, tmp_path, signed=True) as door:
        answer = await door.client.post("/hooks/chatwoot", content=endless())
        assert answer.status_code == 413


async def test_repeats_are_kept_once(stage: Stage, tmp_path: Path) -> None:
    async with at_the_door(stage, tmp_path, signed=False) as door:
        path = f"/{PATH_SECRET}"
        for _ in range(3):
            assert await door.knock(secret=None, path=path) == 200
        body = BODY.replace(b"contact_created", b"contact_updated")
        for _ in range(3):
            told = "0b6f6d3e-77a8-4d36-a95b-6ed4f8a0a5a1"
            assert await door.knock(body, secret=None, path=path, delivery=told) == 200
        assert await door.kept() == 2


async def test_only_listed_addresses_may_deliver(stage: Stage, tmp_path: Path) -> None:
    settings = replace(SIGNED, allow=("10.0.0.0/8",))
    async with (
        running_bridge(stage, tmp_path, settings, hooked=False) as there,
        httpx.AsyncClient(base_url=there.url, trust_env=False) as client,
    ):
        assert await Knocker(there, client).knock() == 403
    settings = replace(SIGNED, allow=("10.0.0.0/8", "127.0.0.1"))
    async with (
        running_bridge(stage, tmp_path, settings, hooked=False) as there,
        httpx.AsyncClient(base_url=there.url, trust_env=False) as client,
    ):
        assert await Knocker(there, client).knock() == 200


async def test_nothing_is_acknowledged_that_cannot_be_kept(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm = tmp_path / "crm.sqlite3"
    async with at_the_door(stage, tmp_path, signed=True) as door:
        assert await door.knock() == 200
        other = sqlite3.connect(crm, isolation_level=None, check_same_thread=False)
        # Somebody else has the database for themselves.
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        started = time.monotonic()
        with monkeypatch.context() as patched:
            patched.setattr(receiver, "KEEP_WITHIN", 0.5)
            assert await door.knock(BODY.replace(b"4711", b"4712")) == 503
        assert time.monotonic() - started < 4.0
        other.execute("ROLLBACK")
        other.close()
        assert await door.knock(BODY.replace(b"4711", b"4712")) == 200

        gone = tmp_path / "gone.sqlite3"
        crm.rename(gone)
        assert await door.knock(BODY.replace(b"4711", b"4713")) == 503
        gone.rename(crm)
        assert await door.knock(BODY.replace(b"4711", b"4713")) == 200
        await asyncio.sleep(0)
        assert await door.kept() == 3


async def test_a_bridge_without_any_secret_does_not_open() -> None:
    with pytest.raises(BadBridgeSettings):
        Door()
    with pytest.raises(BadBridgeSettings):
        Door(token="short")
    with pytest.raises(BadBridgeSettings):
        Door(secrets=("one", "two", "three"))
    with pytest.raises(BadBridgeSettings):
        Door(secrets=("one",), allowed=("not an address",))


async def test_what_is_secret_shows_nowhere(
    stage: Stage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "revivatui")
    async with at_the_door(stage, tmp_path, signed=False) as door:
        await door.knock(secret=None, path=f"/{PATH_SECRET}")
        await door.knock(secret=None, path=f"/{PATH_SECRET}x")
        assert PATH_SECRET not in caplog.text
        assert PATH_SECRET not in repr(door.there.bridge.settings)
        assert SECRET not in repr(SIGNED)


async def test_the_door_says_how_it_is(stage: Stage, tmp_path: Path) -> None:
    async with at_the_door(stage, tmp_path, signed=True) as door:
        answer = await door.client.get("/health")
        assert (answer.status_code, answer.json()["status"]) == (200, "ok")
        assert (await door.client.get("/hooks/chatwoot")).status_code == 405
        assert (await door.client.post("/elsewhere")).status_code == 404
