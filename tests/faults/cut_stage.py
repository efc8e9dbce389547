"""A shop of 200 conversations on this loop, a proxy before it, and a cache that has seen it all."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from revivatui.cache.store import Cache
from revivatui.engine.engine import Timing
from revivatui.shop.control import ControlServer
from revivatui.shop.server import ShopServer
from revivatui.shop.world import create_shop
from revivatui.state.select import list_state, next_page
from tests.faults.cut_plans import EVERYTHING
from tests.faults.desks import FaultDesk, fault_desk
from tests.faults.proxy import Proxy
from tests.support.desks import profile_of
from tests.support.shops import SEED, Stage, Watched, make_template

CONVERSATIONS: Final = 200
READ_SECONDS: Final = 4.0
"""Instead of 20 s: a hole in the network is noticed sooner."""
TIMING: Final = Timing(longest_retry=2.0, probe_after=5.0)
"""The real one, but for two pauses in which the desk only waits (30 and 20 s)."""


@dataclass(frozen=True)
class Prepared:
    """Made once, copied for every schedule."""

    version: str
    folder: Path

    @property
    def cache(self) -> Path:
        return self.folder / "cache.sqlite3"


@dataclass
class Scene:
    """One schedule's shop, proxy and desk."""

    stage: Stage
    proxy: Proxy
    desk: FaultDesk
    cache: Cache


async def prepare(version: str, folder: Path) -> Prepared:
    """Seed a shop, leave 200 conversations in it, and let a desk read all of them."""
    await asyncio.to_thread(make_template, version, folder / "shop")
    await asyncio.to_thread(_thin_out, folder / "shop" / "shop.sqlite3")
    prepared = Prepared(version, folder)
    timing = replace(TIMING, save_quiet=0.1)
    async with scene(prepared, folder / "first", timing) as made:
        await _read_everything(made.desk)
    shutil.copy(folder / "first" / "cache.sqlite3", prepared.cache)
    return prepared


def _thin_out(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        many = database.execute("SELECT count(*) FROM conversations").fetchone()[0]
        every = many // CONVERSATIONS
        gone = "SELECT id FROM conversations WHERE id % ? <> 0 OR id > ?"
        limits = (every, every * CONVERSATIONS)
        for table in ("messages", "conversation_participants", "mentions"):
            database.execute(f"DELETE FROM {table} WHERE conversation_id IN ({gone})", limits)
        database.execute(f"DELETE FROM notifications WHERE primary_actor_id IN ({gone})", limits)
        database.execute(f"DELETE FROM conversations WHERE id IN ({gone})", limits)
        database.commit()


async def _read_everything(desk: FaultDesk) -> None:
    await desk.live()
    desk.engine.choose_view(EVERYTHING)
    while not list_state(desk.state, EVERYTHING).complete:
        page = next_page(desk.state, EVERYTHING)
        await desk.engine._reading.page(EVERYTHING, page or 1)
    numbers = list(desk.state.conversations)
    for start in range(0, len(numbers), 8):
        some = numbers[start : start + 8]
        await asyncio.gather(*(desk.engine._reading.thread(one) for one in some))
    await desk.until(lambda: not desk.state.doubts, "nothing in doubt")


@asynccontextmanager
async def scene(
    prepared: Prepared, folder: Path, timing: Timing = TIMING, seen_before: float = 20.0
) -> AsyncIterator[Scene]:
    """A copy of the shop, with a running desk that closes before its cache does.

    Where there is a cache it was complete `seen_before` seconds ago, and the network is off.
    """
    has_cache = _copied(prepared, folder, time.time() - seen_before)
    shop = create_shop(prepared.version, folder / "shop.sqlite3")
    cache = Cache.open(folder / "cache.sqlite3")
    async with (
        ShopServer(shop) as server,
        ControlServer(server) as control,
        Proxy(("127.0.0.1", server.port)) as proxy,
    ):
        watched = Watched(shop, SEED)
        control.control.trouble = shop.faults = watched
        stage = Stage(server, control, watched)
        profile = replace(profile_of(stage), base_url=proxy.url)
        if has_cache:
            await proxy.refuse()
        try:
            async with fault_desk(profile, cache, timing, READ_SECONDS) as desk:
                yield Scene(stage, proxy, desk, cache)
        finally:
            await stage.close()
            cache.close()


def _copied(prepared: Prepared, folder: Path, seen_at: float) -> bool:
    """Copy shop and cache; whether there is a cache."""
    folder.mkdir(parents=True)
    shutil.copy(prepared.folder / "shop" / "shop.sqlite3", folder / "shop.sqlite3")
    storage = prepared.folder / "shop" / "storage"
    if storage.exists():
        (folder / "storage").symlink_to(storage)
    if not prepared.cache.exists():
        return False
    shutil.copy(prepared.cache, folder / "cache.sqlite3")
    _seen(folder / "cache.sqlite3", seen_at)
    return True


def _seen(path: Path, at: float) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE facts SET value = ? WHERE name = 'seen_at'", (repr(at),))
        database.commit()
