"""A cable connection of a simulated person: hears events, ticks presence, comes back when lost."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

TICK_SECONDS: Final = 10.0
_RETRY_SECONDS: Final = 2.0

Event = tuple[str, dict[str, Any]]


class Ear:
    """Listens to one subscription until closed::

    async with Ear(url, {"pubsub_token": token}) as ear:
        name, data = await ear.next()
    """

    def __init__(self, url: str, identity: dict[str, Any], *, ticks: bool = True) -> None:
        """``ticks`` false: listen without being seen at the desk for longer than the TTL."""
        self._ticks = ticks
        self._url = url.replace("http", "ws", 1) + "/cable"
        self._identifier = json.dumps({"channel": "RoomChannel", **identity})
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def next(self, within: float | None = None) -> Event | None:
        """The next event, or None when ``within`` seconds passed without one."""
        try:
            async with asyncio.timeout(within):
                return await self._events.get()
        except TimeoutError:
            return None

    async def _listen(self) -> None:
        while True:
            try:
                async with connect(
                    self._url, subprotocols=None, proxy=None, ping_interval=None, max_size=None
                ) as socket:
                    await self._stay(socket)
            except (WebSocketException, OSError, TimeoutError, ValueError):
                pass
            await asyncio.sleep(_RETRY_SECONDS)

    async def _stay(self, socket: ClientConnection) -> None:
        await socket.send(json.dumps({"command": "subscribe", "identifier": self._identifier}))
        ticking = asyncio.create_task(self._tick(socket) if self._ticks else asyncio.sleep(0))
        try:
            async for text in socket:
                frame = json.loads(text)
                message = frame.get("message")
                if isinstance(message, dict):
                    self._events.put_nowait((message["event"], message["data"]))
        finally:
            ticking.cancel()
            await asyncio.gather(ticking, return_exceptions=True)

    async def _tick(self, socket: ClientConnection) -> None:
        action = json.dumps({"action": "update_presence"})
        tick = {"command": "message", "identifier": self._identifier, "data": action}
        while True:
            await asyncio.sleep(TICK_SECONDS)
            await socket.send(json.dumps(tick))
