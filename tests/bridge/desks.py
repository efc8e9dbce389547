"""A bridge at work for tests: a real shop with a real webhook, a real door, a real SQLite file.

async with running_bridge(stage, folder) as there:
    stage.customer_writes(conversation, "hello")
    await there.quiet()
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from revivatui.bridge import daemon
from revivatui.bridge.daemon import Bridge
from revivatui.bridge.inbox import Delivery
from revivatui.bridge.news import SUBSCRIPTIONS
from revivatui.bridge.receiver import Receiver
from revivatui.bridge.settings import BridgeSettings
from revivatui.bridge.tables import INBOX, OUTBOX
from revivatui.crm.records_tickets import ChatConversation
from revivatui.crm.views import TicketFile
from revivatui.shop.db import Row
from tests.support.shops import Stage

PATH_SECRET = "a-path-secret-for-tests-of-the-bridge"
PATIENCE = 60.0


class There:
    """A running bridge, and what its CRM holds."""

    def __init__(
        self, stage: Stage, bridge: Bridge, receiver: Receiver[Delivery], url: str
    ) -> None:
        self.stage = stage
        self.bridge = bridge
        self.receiver = receiver
        self.url = url
        self.store = bridge.store

    @property
    def hook(self) -> str:
        return f"{self.url}/hooks/chatwoot/{PATH_SECRET}"

    async def quiet(self) -> None:
        """Until the shop has told everything and all of it is worked on."""
        deadline = time.monotonic() + PATIENCE
        calm = 0
        while calm < 3:
            assert time.monotonic() < deadline, "the bridge did not come to rest"
            await self.stage.shop.worker.drain()
            await self.bridge.watch.look()
            calm = calm + 1 if await self._waiting() == 0 else 0
            await asyncio.sleep(0.03)

    async def _waiting(self) -> int:
        count = 0
        async with self.store.reading() as reader:
            for table in (INBOX, OUTBOX):
                row = await reader.row(
                    select(func.count()).select_from(table).where(table.c.state == "new")
                )
                count += row[0] if row else 0
        return count

    async def rows(self, table: Any) -> list[Any]:
        async with self.store.reading() as reader:
            return list(await reader.rows(select(table)))

    async def link(self, display_id: int) -> ChatConversation:
        found = await self.store.conversation(self.bridge.place.conversation(display_id))
        assert found is not None
        return found

    async def ticket(self, display_id: int) -> TicketFile:
        link = await self.link(display_id)
        assert link.crm_ticket_id is not None
        return await self.store.get_ticket(link.crm_ticket_id)


def add_webhook(stage: Stage, url: str) -> int:
    """The account's webhook, as an administrator makes it."""
    now = stage.shop.now()
    return stage.shop.db.insert(
        "webhooks",
        account_id=1,
        url=url,
        subscriptions=list(SUBSCRIPTIONS),
        created_at=now,
        updated_at=now,
    )


def forget_the_past(stage: Stage, but: Row | None = None) -> None:
    """A shop in which nothing was said yet, with one conversation at most."""
    for table in ("attachments", "messages", "notifications", "mentions"):
        stage.shop.db.execute(f"DELETE FROM {table}")
    kept = but["id"] if but is not None else 0
    stage.shop.db.execute("DELETE FROM conversations WHERE id != ?", (kept,))


SETTINGS = BridgeSettings(
    port=0, path_secret=PATH_SECRET, backfill_minutes=60, writes_per_minute=60
)


@asynccontextmanager
async def opened_bridge(
    stage: Stage,
    crm: str | Path,
    settings: BridgeSettings = SETTINGS,
    clock: Callable[[], float] = time.time,
    token: str = "",
) -> AsyncIterator[Bridge]:
    """A bridge that is not at work; its user is the shop's administrator, unless `token` says."""
    async with daemon.open_bridge(
        crm,
        stage.url,
        token or stage.administrator["token"],
        1,
        settings,
        clock=clock,
        refresh_delay=0.0,
    ) as bridge:
        yield bridge


@asynccontextmanager
async def running_bridge(
    stage: Stage,
    folder: Path,
    settings: BridgeSettings = SETTINGS,
    *,
    hooked: bool = True,
    crm: str | Path = "",
) -> AsyncIterator[There]:
    """A bridge at work, with its webhook in the shop."""
    async with opened_bridge(stage, crm or folder / "crm.sqlite3", settings) as bridge:
        await caught_up(bridge)
        listening = daemon.bound(settings.host, settings.port)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with daemon.serving(bridge, listening) as receiver:
            there = There(stage, bridge, receiver, url)
            if hooked:
                add_webhook(stage, there.hook)
            yield there


async def caught_up(bridge: Bridge) -> None:
    """As if the bridge had been there until now: what the seeded shop already holds is past."""
    from revivatui.bridge import known
    from revivatui.bridge.backfill import CURSOR

    async with bridge.store.unit_of_work() as work:
        await known.keep_fact(work, CURSOR, repr(bridge.clock() - 1.0))


def attributes_of(stage: Stage, table: str, row_id: int) -> dict[str, Any]:
    row: Row | None = stage.shop.db.get(table, row_id)
    assert row is not None
    attributes: dict[str, Any] = row["custom_attributes"]
    return attributes
