"""A captain at work for tests: a real bot in front of a real inbox of the embedded shop, and the
bridge with its door for that bot.

async with running_captain(stage, folder) as there:
    chat = there.new_chat()
    chat.writes("How much is a new screen?")
    await there.quiet()
    assert "estimate" in chat.replies()[-1]
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select, update

from revivatui.api.client import ChatwootClient
from revivatui.bridge import captain_setup, daemon
from revivatui.bridge.captain import Captain
from revivatui.bridge.captain_settings import CaptainSettings
from revivatui.bridge.captain_tables import SAYINGS, TURNS
from revivatui.bridge.daemon import Bridge
from revivatui.bridge.settings import BridgeSettings
from revivatui.crm import demo_catalogue
from revivatui.shop.actions import conversations as conversation_actions
from revivatui.shop.db import Row
from tests.bridge.desks import SETTINGS, caught_up
from tests.support.shops import Stage

CAPTAIN_SECRET: Final = "a-path-secret-for-tests-of-the-captain"
PATIENCE: Final = 60.0
CAPTAIN: Final = CaptainSettings(on=True, wait_seconds=0.05, path_secret=CAPTAIN_SECRET)


class Chat:
    """A customer's chat in the bot's inbox."""

    def __init__(self, stage: Stage, row: Row) -> None:
        self.stage = stage
        self.row = row

    @property
    def number(self) -> int:
        return int(self.row["display_id"])

    @property
    def status(self) -> str:
        return str(self.stage.reread(self.row)["status"])

    def writes(self, text: str) -> int:
        return self.stage.customer_writes(self.row, text)

    def agent_writes(self, text: str, private: bool = False) -> int:
        return self.stage.colleague_writes(self.row, text, private)

    def sets_status(self, status: str) -> None:
        self.stage.colleague_sets_status(self.row, status)

    def messages(self) -> list[Row]:
        return self.stage.shop.db.all(
            "SELECT * FROM messages WHERE conversation_id = ? ORDER BY id", (self.row["id"],)
        )

    def replies(self) -> list[str]:
        """What bots told the customer."""
        return [one["content"] for one in self._of_bots(private=False)]

    def notes(self) -> list[str]:
        return [one["content"] for one in self._of_bots(private=True)]

    def _of_bots(self, *, private: bool) -> list[Row]:
        return [
            one
            for one in self.messages()
            if one["sender_type"] == "AgentBot" and bool(one["private"]) is private
        ]


class There:
    """A running captain, and its inbox in the shop."""

    def __init__(self, stage: Stage, bridge: Bridge, inbox: Row, url: str) -> None:
        self.stage = stage
        self.bridge = bridge
        self.inbox = inbox
        self.url = url
        assert bridge.captain is not None
        self.captain: Captain = bridge.captain
        self.store = bridge.store

    @property
    def hook(self) -> str:
        return f"{self.url}/hooks/captain/{CAPTAIN_SECRET}"

    def new_chat(self, *, verified: bool = False, contact_id: int | None = None) -> Chat:
        """Somebody comes new; nothing is said yet."""
        return Chat(self.stage, new_conversation(self.stage, self.inbox, verified, contact_id))

    async def quiet(self) -> None:
        """Until the shop has told everything and all of it is dealt with."""
        deadline = time.monotonic() + PATIENCE
        calm = 0
        while calm < 3:
            assert time.monotonic() < deadline, f"captain did not come to rest: {await self.left()}"
            await self.stage.shop.worker.drain()
            calm = calm + 1 if not await self.left() else 0
            await asyncio.sleep(0.03)

    async def quiet_soon(self) -> None:
        """As `quiet`, and what was put off after trouble is tried again at once."""
        deadline = time.monotonic() + PATIENCE
        while await self.left():
            assert time.monotonic() < deadline, await self.left()
            await self.stage.shop.worker.drain()
            async with self.store.unit_of_work() as work:
                soon = update(SAYINGS).where(SAYINGS.c.state == "new", SAYINGS.c.attempts > 0)
                await work.run(soon.values(next_at=0.0))
            self.captain.sayings.wake()
            await asyncio.sleep(0.05)
        await self.quiet()

    async def held(self) -> bool:
        """Whether something failed to be said, and waits for another try."""
        return any(getattr(one, "kind", "") and one.attempts for one in await self.left())

    async def left(self) -> list[Any]:
        async with self.store.reading() as reader:
            return [
                row
                for table in (TURNS, SAYINGS)
                for row in await reader.rows(select(table).where(table.c.state == "new"))
            ]

    async def rows(self, table: Any) -> list[Any]:
        async with self.store.reading() as reader:
            return list(await reader.rows(select(table)))

    async def count(self, table: Any, **where: Any) -> int:
        question = select(func.count()).select_from(table)
        for name, value in where.items():
            question = question.where(table.c[name] == value)
        async with self.store.reading() as reader:
            row = await reader.row(question)
        return int(row[0]) if row else 0


def inbox_of(stage: Stage, channel: str = "Channel::Api") -> Row:
    row = stage.shop.db.one("SELECT * FROM inboxes WHERE channel_type = ? ORDER BY id", (channel,))
    assert row is not None
    return row


def new_conversation(
    stage: Stage, inbox: Row, verified: bool = False, contact_id: int | None = None
) -> Row:
    """A conversation as the public API makes it, its contact's page signed or not."""
    from revivatui.shop.actions import contacts

    db = stage.shop.db
    with stage.shop.acting(None, in_account=False):
        if contact_id is None:
            contact_id = contacts.create_contact(stage.shop, 1, name="Rita Example")["id"]
        contact = db.get("contacts", contact_id)
        assert contact is not None
        joined = contacts.create_contact_inbox(stage.shop, contact, inbox, hmac_verified=verified)
        return conversation_actions.create_conversation(stage.shop, joined)


@asynccontextmanager
async def running_captain(
    stage: Stage,
    folder: Path,
    captain: CaptainSettings = CAPTAIN,
    settings: BridgeSettings = SETTINGS,
    *,
    channel: str = "Channel::Api",
    crm: str | Path = "",
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[There]:
    """A bridge with captain at work, its bot made as `setup --captain` makes it."""
    async with AsyncExitStack() as stack:
        inbox = inbox_of(stage, channel)
        admin = await stack.enter_async_context(
            ChatwootClient(stage.url, stage.administrator["token"], 1)
        )
        listening = daemon.bound(settings.host, settings.port)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        done = await captain_setup.arrange(admin, inbox["id"], url, CAPTAIN_SECRET)
        bridge = await stack.enter_async_context(
            daemon.open_bridge(
                crm or folder / "crm.sqlite3",
                stage.url,
                stage.administrator["token"],
                1,
                replace(settings, captain=replace(captain, token=done.token)),
                clock=clock,
                refresh_delay=0.0,
            )
        )
        await caught_up(bridge)
        for service in demo_catalogue.services():
            await bridge.store.save_service(service)
        await stack.enter_async_context(daemon.serving(bridge, listening))
        yield There(stage, bridge, inbox, url)
