"""A running shop with a counter (an API inbox), its people, and clients of its doors."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect

from revivatui.shop.clock import Clock
from revivatui.shop.server import ShopServer
from revivatui.shop.world import Person, Shop, create_shop

PEOPLE = (
    Person("Ada Admin", "ada@example.com", "administrator", "Password1!", "ada", "ada-cable"),
    Person("Ben Counter", "ben@example.com", "agent", "Password1!", "ben", "ben-cable"),
    Person("Cleo Bench", "cleo@example.com", "agent", "Password1!", "cleo", "cleo-cable"),
    Person("Dara Desk", "dara@example.com", "agent", "Password1!", "dara", "dara-cable"),
)
USER_IDS = {"ada": 1, "ben": 2, "cleo": 3, "dara": 4}
A = "/api/v1/accounts/1"
PATIENCE = 5.0


class Desk:
    """One websocket: frames are kept as they come."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for text in self.socket:
            self.frames.append(json.loads(text))
            self._news.set()

    async def subscribe(self, **identifier: Any) -> str:
        text = json.dumps({"channel": "RoomChannel", **identifier})
        await self.send("subscribe", text)
        return text

    async def send(self, command: str, identifier: str, **more: Any) -> None:
        await self.socket.send(json.dumps({"command": command, "identifier": identifier, **more}))

    async def tick(self, identifier: str) -> None:
        await self.send("message", identifier, data=json.dumps({"action": "update_presence"}))

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """Data of the Chatwoot events heard so far."""
        messages = [frame["message"] for frame in self.frames if "event" in _message(frame)]
        return [one["data"] for one in messages if name in (None, one["event"])]

    def names(self) -> list[str]:
        """Event names heard so far, presence left out."""
        found = [_message(frame).get("event") for frame in self.frames]
        return [name for name in found if name and name != "presence.update"]

    async def until(self, condition: Any) -> None:
        """Wait until the condition holds, looking after each frame."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._news.clear()
                await self._news.wait()

    async def heard(self, name: str, count: int = 1) -> list[dict[str, Any]]:
        await self.until(lambda: len(self.events(name)) >= count)
        return self.events(name)

    def confirmed(self, identifier: str) -> bool:
        return {"identifier": identifier, "type": "confirm_subscription"} in self.frames

    async def close(self) -> None:
        await self.socket.close()
        await self._reader


def _message(frame: dict[str, Any]) -> dict[str, Any]:
    message = frame.get("message")
    return message if isinstance(message, dict) else {}


class Counter:
    """The shop under test."""

    def __init__(self, server: ShopServer) -> None:
        self.server = server
        self.shop: Shop = server.shop
        self.http = httpx.AsyncClient(base_url=server.url, trust_env=False)
        self.desks: list[Desk] = []
        self.inbox: dict[str, Any] = {}

    async def call(
        self, who: str | None, method: str, path: str, body: Any = None, **more: Any
    ) -> httpx.Response:
        headers = {"Accept": "application/json"}
        if who is not None:
            headers["api_access_token"] = who
        if body is not None:
            more["json"] = body
        return await self.http.request(method, path, headers=headers, **more)

    async def get(self, who: str, path: str, **more: Any) -> Any:
        answer = await self.call(who, "GET", A + path, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, who: str, path: str, body: Any = None, **more: Any) -> Any:
        answer = await self.call(who, "POST", A + path, body, **more)
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.content else None

    async def open_counter(self, **channel: Any) -> None:
        """An API inbox with Ben and Cleo."""
        wanted = {"name": "Counter", "channel": {"type": "api", **channel}}
        self.inbox = await self.post("ada", "/inboxes", wanted)
        changes = {"enable_auto_assignment": False}
        await self.call("ada", "PATCH", f"{A}/inboxes/{self.inbox['id']}", changes)
        members = {"inbox_id": self.inbox["id"], "user_ids": [2, 3]}
        await self.post("ada", "/inbox_members", members)

    async def customer(self, name: str = "Nora", content: str | None = "Hello?") -> Customer:
        door = f"/public/api/v1/inboxes/{self.inbox['inbox_identifier']}/contacts"
        contact = (await self.call(None, "POST", door, {"name": name})).json()
        at = f"{door}/{contact['source_id']}/conversations"
        conversation = (await self.call(None, "POST", at, {})).json()
        made = Customer(self, f"{at}/{conversation['id']}", conversation["id"], contact)
        if content is not None:
            await made.write(content)
        await self.settle()
        return made

    async def desk(self, who: str | None = None) -> Desk:
        """An open socket; with a name, subscribed as that user and told who is here."""
        socket = await connect(f"ws{self.server.url[4:]}/cable", proxy=None)
        made = Desk(socket)
        self.desks.append(made)
        await made.until(lambda: {"type": "welcome"} in made.frames)
        if who is not None:
            await made.subscribe(pubsub_token=f"{who}-cable", account_id=1, user_id=USER_IDS[who])
            await made.heard("presence.update")
        return made

    async def settle(self) -> None:
        """Wait until all jobs are done."""
        await self.shop.worker.drain()

    async def close(self) -> None:
        for desk in self.desks:
            await desk.close()
        await self.http.aclose()


class Customer:
    """A customer of the public API, in one conversation."""

    def __init__(self, counter: Counter, path: str, number: int, contact: dict[str, Any]) -> None:
        self.counter = counter
        self.path = path
        self.number = number
        self.contact = contact

    async def write(self, content: str) -> dict[str, Any]:
        answer = await self.counter.call(
            None, "POST", f"{self.path}/messages", {"content": content}
        )
        assert answer.status_code == 200, answer.text
        made: dict[str, Any] = answer.json()
        return made


@asynccontextmanager
async def running(
    version: str, clock: Clock | None = None, path: str = ":memory:"
) -> AsyncIterator[Counter]:
    async with ShopServer(create_shop(version, path, clock, PEOPLE)) as server:
        counter = Counter(server)
        try:
            yield counter
        finally:
            await counter.close()


class HookEar:
    """A listener for webhooks: keeps what came; answers 200."""

    def __init__(self) -> None:
        self.heard: list[tuple[dict[str, str], dict[str, Any]]] = []
        self._server: asyncio.Server | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/hook"
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = [line.partition(": ") for line in head.split("\r\n")[1:] if line]
        headers = {name.lower(): value for name, _, value in lines}
        body = await reader.readexactly(int(headers["content-length"]))
        self.heard.append((headers, json.loads(body)))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
