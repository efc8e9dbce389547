"""The callers of a replay: REST callers, cable clients, and the listener for webhooks."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tools.conformance.forms import Form
from tools.conformance.recording import Call

Json = Any
BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/126.0.0.0 Safari/537.36"
)
WRONG_TOKEN = "wrong-token-wrong-token0"


class Callers:
    """Who calls, and with what: API tokens of the seed, or what an answer gave them."""

    def __init__(self, base_url: str, people: Json) -> None:
        self._client = httpx.AsyncClient(base_url=base_url, timeout=30.0, trust_env=False)
        self._tokens: dict[str, str] = {"admin": people["admin"]["token"]}
        for number, agent in enumerate(people["agents"], 1):
            self._tokens[f"agent{number}"] = agent["token"]
        self._visitors: dict[str, str] = {}

    def person(self, who: str) -> str | None:
        """The person of the seed behind a caller's name (``agent1-second-desk`` is agent1)."""
        if who in self._tokens:
            return who
        found = re.match(r"[a-z]+\d*", who)
        return found[0] if found and found[0] in self._tokens else None

    def headers(self, who: str) -> dict[str, str]:
        """How the caller proves who it is; anonymous callers do not."""
        if (person := self.person(who)) is not None:
            return {"api_access_token": self._tokens[person]}
        if who.startswith("bad"):
            return {"api_access_token": WRONG_TOKEN}
        if who in self._visitors:
            return {"X-Auth-Token": self._visitors[who]}
        return {}

    def learn(self, call: Call, answer: Json) -> None:
        """Keep the token that an answer gave its caller (widget visitors, bots)."""
        if not isinstance(answer, dict):
            return
        channel = answer.get("website_channel_config")
        given = channel.get("auth_token") if isinstance(channel, dict) else None
        given = answer.get("widget_auth_token") or given
        if isinstance(given, str):
            self._visitors[call.who] = given
        if isinstance(answer.get("access_token"), str) and "bot_type" in answer:
            self._tokens["bot"] = answer["access_token"]

    async def send(
        self,
        who: str,
        method: str,
        path: str,
        params: Json = None,
        body: Json = None,
        form: Form | bytes | None = None,
        *,
        accept: str = "application/json",
    ) -> httpx.Response:
        """One request as that caller."""
        headers = {"Accept": accept, "User-Agent": BROWSER, **self.headers(who)}
        request: dict[str, Any] = {}
        if isinstance(form, bytes):
            headers["Content-Type"] = "application/json"
            request["content"] = form
        elif form is not None:
            request["data"] = form.fields
            request["files"] = form.files
        elif body is not None:
            headers["Content-Type"] = "application/json"
            request["content"] = json.dumps(body).encode()
        return await self._client.request(method, path, params=params, headers=headers, **request)

    async def close(self) -> None:
        await self._client.aclose()


class CableClient:
    """One open socket; keeps every frame but pings in the order in which it came."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.frames: list[Json] = []
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None

    async def open(self, url: str) -> None:
        self._socket = await connect(
            url, subprotocols=["actioncable-v1-json"], proxy=None, max_size=None  # type: ignore[list-item]
        )  # fmt: skip
        self._reader = asyncio.create_task(self._read(self._socket))

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for text in socket:
                frame = json.loads(text)
                if frame.get("type") != "ping":
                    self.frames.append(frame)
        except ConnectionClosed:
            return

    async def send(self, frame: Json) -> None:
        assert self._socket is not None
        await self._socket.send(json.dumps(frame))

    async def caught_up(self) -> None:
        """Returns once everything that the server has written so far was read."""
        if self._socket is not None:
            try:
                await (await self._socket.ping())
            except ConnectionClosed:
                return

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader
        self._socket = None

    @property
    def is_open(self) -> bool:
        return self._socket is not None


class HookListener:
    """A real HTTP server for webhooks; it can stop listening and come back on its port."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, str], Json]] = []
        self._server: asyncio.Server | None = None
        self.port = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Stop listening: connections are refused, as when nobody runs there."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            path = head[0].split(" ")[1]
            headers = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
            lowered = {name.lower(): value for name, value in headers.items()}
            body = await reader.readexactly(int(lowered.get("content-length", "0")))
            self.received.append((path, headers, json.loads(body)))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
        except (asyncio.IncompleteReadError, ValueError, ConnectionError):
            return
        finally:
            writer.close()
