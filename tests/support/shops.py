"""A running embedded shop for tests: seeded, with its control port, and everything it is asked.

    async with running_shop(template) as stage:
        await stage.order(fault="500", path="*/messages", count=1)

The shop runs on the test's own loop; `stage.shop.db` says what the server really holds.
"""

from __future__ import annotations

import asyncio
import fnmatch
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import Response

from revivatui.shop.actions import conversations as conversation_actions
from revivatui.shop.actions import messages as message_actions
from revivatui.shop.clock import Clock
from revivatui.shop.control import ControlServer
from revivatui.shop.db import Row
from revivatui.shop.presence import Presence
from revivatui.shop.seed import make_people, seed_shop, sign_ins
from revivatui.shop.server import ShopServer
from revivatui.shop.trouble import Trouble
from revivatui.shop.world import create_shop

SEED = 7

NONE_IDLE = httpx.Limits(max_keepalive_connections=0)
"""For who asks again seconds later: the server may just be putting their connection away."""


@dataclass(frozen=True, slots=True)
class Template:
    """A seeded shop on disk, copied for every test."""

    version: str
    folder: Path


def make_template(version: str, folder: Path) -> Template:
    """Seed a shop once; a copy of its folder is a fresh shop in milliseconds."""
    folder.mkdir(parents=True, exist_ok=True)
    shop = create_shop(version, folder / "shop.sqlite3", people=make_people(SEED))
    seed_shop(shop, seed=SEED)
    shop.worker.discard()
    shop.clock.close()
    shop.db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shop.db.close()
    return Template(version, folder)


class Watched(Trouble):
    """The shop's troubles, and a list of what it was asked."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.asked: list[tuple[str, str]] = []
        self.answers_late = 0.0
        """Seconds by which the answers to POSTs are held back after the server acted."""

    async def before_request(self, request: Request) -> Response | None:
        query = f"?{request.url.query}" if request.url.query else ""
        self.asked.append((request.method, f"{request.url.path}{query}"))
        return await super().before_request(request)

    async def after_request(self, request: Request, response: Response) -> Response:
        if request.method == "POST" and self.answers_late:
            await asyncio.sleep(self.answers_late)
        return await super().after_request(request, response)


class WatchedPresence(Presence):
    """The shop's presence, and when each tick came (seconds of a running clock)."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.ticks: list[float] = []

    def see_user(self, user_id: int) -> None:
        self.ticks.append(time.monotonic())
        super().see_user(user_id)


class Stage:
    """One running shop: its address, its people, its troubles and what it was asked."""

    def __init__(self, server: ShopServer, control: ControlServer, watched: Watched) -> None:
        self.server = server
        self.shop = server.shop
        self.url = server.url
        self.control = control
        self.watched = watched
        people = sign_ins(server.shop)
        assert people is not None
        self.agent = people["agent"]
        self.administrator = people["administrator"]
        self.presence = server.shop.presence = WatchedPresence(server.shop.clock)
        self._orders = httpx.AsyncClient(base_url=control.url, limits=NONE_IDLE, trust_env=False)

    async def close(self) -> None:
        await self._orders.aclose()

    async def order(self, to: str = "/orders", **wanted: Any) -> Any:
        """Give the control port an order; the answer as JSON."""
        answer = await self._orders.post(to, json=wanted)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def no_more_trouble(self) -> None:
        await self._orders.delete("/orders")

    def asked(self, method: str = "*", path: str = "*") -> list[str]:
        """The paths (with query) of the requests so far that fit these shell patterns."""
        return [
            asked
            for verb, asked in self.watched.asked
            if fnmatch.fnmatchcase(verb, method) and fnmatch.fnmatchcase(asked, path)
        ]

    def forget_asked(self) -> None:
        self.watched.asked.clear()

    def colleague(self) -> Row:
        """An agent of every inbox who is not the one at the desk."""
        row = self.shop.db.one(
            "SELECT * FROM users WHERE id NOT IN (?, ?) ORDER BY id",
            (self.agent["id"], self.administrator["id"]),
        )
        assert row is not None
        return row

    def conversation(self, channel: str = "Channel::Api", status: str = "open") -> Row:
        """The newest conversation of a channel in this status."""
        row = self.shop.db.one(
            "SELECT conversations.* FROM conversations JOIN inboxes ON inbox_id = inboxes.id"
            " WHERE channel_type = ? AND status = ? ORDER BY conversations.id DESC",
            (channel, status),
        )
        assert row is not None
        return row

    def reread(self, conversation: Row) -> Row:
        row = self.shop.db.get("conversations", conversation["id"])
        assert row is not None
        return row

    def customer_writes(self, conversation: Row, text: str) -> int:
        """The customer of a conversation says something; returns the message's id."""
        with self.shop.acting(None, in_account=False):
            message = message_actions.create_message(
                self.shop,
                self.reread(conversation),
                sender=("Contact", conversation["contact_id"]),
                content=text,
                message_type="incoming",
            )
        return int(message["id"])

    def colleague_writes(self, conversation: Row, text: str, private: bool = False) -> int:
        colleague = self.colleague()
        with self.shop.acting(colleague):
            message = message_actions.create_message(
                self.shop,
                self.reread(conversation),
                sender=("User", colleague["id"]),
                content=text,
                private=private,
            )
        return int(message["id"])

    def colleague_sets_status(self, conversation: Row, status: str) -> None:
        with self.shop.acting(self.colleague()):
            conversation_actions.toggle_status(self.shop, self.reread(conversation), status)

    def delete_message(self, message_id: int) -> None:
        """Somebody deletes a message: call it inside `shop.acting`."""
        row = self.shop.db.get("messages", message_id)
        assert row is not None
        message_actions.delete_message(self.shop, row)

    def visitor_labels(self, conversation: Row, label: str) -> None:
        """A website visitor's page labels the conversation, of which no event tells."""
        row = self.reread(conversation)
        conversation_actions.set_labels(self.shop, row, [label], silent=True)

    def messages_saying(self, text: str) -> list[Row]:
        """Every message with exactly this text that the server holds."""
        return self.shop.db.all("SELECT * FROM messages WHERE content = ? ORDER BY id", (text,))


@asynccontextmanager
async def running_shop(template: Template, folder: Path, port: int = 0) -> AsyncIterator[Stage]:
    """A copy of a template, running, with its control port."""
    shutil.copytree(template.folder, folder, dirs_exist_ok=True)
    shop = create_shop(template.version, folder / "shop.sqlite3")
    async with ShopServer(shop, port) as server, ControlServer(server) as control:
        watched = Watched(shop, SEED)
        control.control.trouble = watched
        shop.faults = watched
        stage = Stage(server, control, watched)
        try:
            yield stage
        finally:
            await stage.close()
            await asyncio.gather(control.stop(), server.stop())  # each waits for its own ticks
