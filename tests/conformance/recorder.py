"""Records our own shop as the real servers were recorded: rows of calls, frames and webhooks.

What it records the replay must then find without a difference, whatever ids and tokens the
shop had given: the recorded shop has seen other customers before, so all its ids are others.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from revivatui.shop.actions import contacts, conversations, messages
from revivatui.shop.clock import Clock
from revivatui.shop.server import ShopServer
from revivatui.shop.world import Person, Shop, create_shop, open_account
from tools.conformance.clients import CableClient, HookListener

Json = Any
PEOPLE = (("ada", "administrator"), ("ben", "agent"), ("cleo", "agent"), ("dara", "agent"))
START = 1_795_000_000.0


def person(name: str, role: str) -> Person:
    return Person(
        name.title(), f"{name}@example.com", role, "Password1!", f"{name}-token-000000000000",
        f"{name}-pubsub-00000000000",
    )  # fmt: skip


def seed() -> Json:
    """The people, as ``seed.json`` names them."""
    made = [
        {
            "id": number, "email": f"{name}@example.com", "password": "Password1!",
            "token": f"{name}-token-000000000000", "pubsub": f"{name}-pubsub-00000000000",
        }
        for number, (name, _) in enumerate(PEOPLE, 1)
    ]  # fmt: skip
    return {"account_id": 1, "admin": made[0], "agents": made[1:]}


def live_before(shop: Shop) -> None:
    """Another account's customers: every id that follows is another than on a fresh shop."""
    account = open_account(shop, "Others")
    inbox_id = shop.db.insert(
        "inboxes", account_id=account, channel_id=0, channel_type="Channel::Api", name="Other"
    )
    inbox = shop.db.get("inboxes", inbox_id)
    assert inbox is not None
    shop.quiet = True
    for number in range(5):
        place = contacts.find_or_create(shop, inbox, {"name": f"Other {number}"})
        chat = conversations.create_conversation(shop, place)
        for text in ("one", "two"):
            messages.create_message(
                shop, chat, sender=("Contact", place["contact_id"]), content=text,
                message_type="incoming",
            )  # fmt: skip
    shop.quiet = False


@dataclass
class Recorder:
    """The callers of one recording, and the rows so far."""

    server: ShopServer
    rest: httpx.AsyncClient
    hooks: HookListener
    clients: list[CableClient] = field(default_factory=list)
    rows: list[Json] = field(default_factory=list)
    calls: list[Json] = field(default_factory=list)

    @property
    def time(self) -> float:
        return round(self.server.shop.clock.now() - START, 3)

    async def listen(self, who: str, token: str, **more: int) -> None:
        """A cable client opens and subscribes."""
        client = CableClient(who)
        await client.open(f"ws{self.server.url[4:]}/cable")
        identifier = json.dumps({"channel": "RoomChannel", "pubsub_token": token, **more})
        frame = {"command": "subscribe", "identifier": identifier}
        self.rows.append({"t": self.time, "who": who, "dir": "open", "frame": {}})
        self.rows.append({"t": self.time, "who": who, "dir": "out", "frame": frame})
        await client.send(frame)
        self.clients.append(client)
        await self.settle()

    async def settle(self) -> None:
        """A second passes: everything that follows from the last action is heard in it."""
        for _ in range(2):
            for client in self.clients:
                await client.caught_up()
            await self.server.shop.worker.drain()
            for connection in list(self.server.shop.cable.connections):
                await connection.flushed()
        self.server.shop.clock.advance(0.4)
        for client in self.clients:
            await client.caught_up()
            for frame in client.frames:
                row = {"t": self.time, "who": client.who, "dir": "in", "frame": frame}
                self.rows.append(row)
            client.frames.clear()
        for path, headers, body in self.hooks.received:
            self.rows.append({"t": self.time, "path": path, "headers": headers, "body": body})
        self.hooks.received.clear()
        self.server.shop.clock.advance(0.6)

    async def call(
        self, who: str, method: str, path: str, body: Json = None, **params: Json
    ) -> Json:
        """One call as a row; returns its answer."""
        names = {"admin": "ada", "agent1": "ben", "agent2": "cleo", "agent3": "dara"}
        headers = {"Accept": "application/json"}
        if who in names:
            headers["api_access_token"] = f"{names[who]}-token-000000000000"
        files = body.pop("files", None) if isinstance(body, dict) else None
        sent: dict[str, Any] = {"json": body}
        if files:
            sent = {"data": body, "files": [("attachments[]", one) for one in files]}
        answer = await self.rest.request(
            method, path, params=params or None, headers=headers, **sent
        )
        try:
            said = answer.json()
        except ValueError:
            said = {"_text": answer.text}
        row = {
            "t": self.time, "who": who, "label": None, "method": method, "path": path,
            "params": params or None, "body": None if files else body, "form": bool(files),
            "status": answer.status_code, "type": answer.headers.get("content-type"),
            "headers": {}, "answer": said,
        }  # fmt: skip
        self.calls.append(row)
        self.rows.append(row)
        await self.settle()
        return said

    def write(self, folder: Path) -> None:
        """``seed.json`` and one file of all rows."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "seed.json").write_text(json.dumps(seed()))
        with (folder / "made.jsonl").open("w") as file:
            file.writelines(json.dumps(row) + "\n" for row in self.rows)


@asynccontextmanager
async def recording(version: str) -> AsyncIterator[Recorder]:
    """A shop that has lived before, being recorded."""
    people = [person(*one) for one in PEOPLE]
    shop = create_shop(version, clock=Clock(START, frozen=True), people=people)
    live_before(shop)
    hooks = HookListener()
    await hooks.listen()
    async with (
        ShopServer(shop) as server,
        httpx.AsyncClient(base_url=server.url, trust_env=False) as rest,
    ):
        made = Recorder(server, rest, hooks)
        try:
            yield made
        finally:
            for client in made.clients:
                await client.close()
            await hooks.refuse()
