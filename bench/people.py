"""Those who make the desk work during a measurement: customers who write, a second ear on the feed.

    python -m bench.people URL TOKEN RATE SECONDS

runs customers of the API inbox who write RATE messages a second into chats of their own.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.sync.client import connect

WRITERS = 8


class Customer:
    """A customer of the API inbox, through the public client API."""

    def __init__(self, url: str, token: str, name: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=30)
        self._agent = {"api_access_token": token}
        inbox = next(
            box
            for box in self.agent("GET", "inboxes")["payload"]
            if box["channel_type"] == "Channel::Api"
        )
        base = f"/public/api/v1/inboxes/{inbox['inbox_identifier']}/contacts"
        contact = self._ask("POST", base, {"name": name})
        self._chats = f"{base}/{contact['source_id']}/conversations"
        self.chat = int(self._ask("POST", self._chats, {})["id"])

    def agent(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the agent whose token was given, on account 1."""
        answer = self.http.request(
            method, f"/api/v1/accounts/1/{path}", json=body, headers=self._agent
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def write(self, text: str) -> None:
        self._ask("POST", f"{self._chats}/{self.chat}/messages", {"content": text})

    def _ask(self, method: str, path: str, body: Any) -> Any:
        answer = self.http.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json()


@dataclass
class Ear:
    """A second connection of the same agent: knows when each message's frame was on the wire."""

    url: str
    token: str
    heard: dict[str, float] = field(default_factory=dict)
    """When a message with this text was received, on the monotonic clock."""
    frames: int = 0

    def __post_init__(self) -> None:
        answer = httpx.get(
            f"{self.url}/api/v1/profile", headers={"api_access_token": self.token}, timeout=30
        )
        answer.raise_for_status()
        profile = answer.json()
        self._identifier = json.dumps(
            {
                "channel": "RoomChannel",
                "pubsub_token": profile["pubsub_token"],
                "account_id": 1,
                "user_id": profile["id"],
            }
        )
        self._socket = connect(
            self.url.replace("http", "ws", 1) + "/cable",
            subprotocols=["actioncable-v1-json"],  # type: ignore[list-item]
        )
        self._socket.send(json.dumps({"command": "subscribe", "identifier": self._identifier}))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for text in self._socket:
            now = time.monotonic()
            message = json.loads(text).get("message")
            if not isinstance(message, dict):
                continue
            self.frames += 1
            if message["event"] == "message.created":
                self.heard.setdefault(message["data"]["content"], now)

    def close(self) -> None:
        self._socket.close()


async def write_steadily(url: str, token: str, rate: float, seconds: float) -> None:
    """WRITERS customers write `rate` messages a second together, for `seconds`."""
    customers = [
        await asyncio.to_thread(Customer, url, token, f"Load {number}") for number in range(WRITERS)
    ]
    start = time.monotonic()
    print("writing", flush=True)

    async def write(customer: Customer, number: int) -> None:
        turn = 0
        while (due := (turn * WRITERS + number) / rate) < seconds:
            await asyncio.sleep(max(0.0, start + due - time.monotonic()))
            await asyncio.to_thread(customer.write, f"any news? {number}.{turn}")
            turn += 1

    async with asyncio.TaskGroup() as group:
        for number, customer in enumerate(customers):
            group.create_task(write(customer, number))


if __name__ == "__main__":
    address, access_token, rate_text, seconds_text = sys.argv[1:]
    asyncio.run(write_steadily(address, access_token, float(rate_text), float(seconds_text)))
