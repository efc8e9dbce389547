"""Puts every conversation of a shop into the desk's cache, as weeks of use would."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from bench.setting import RunningShop
from revivatui.api.client import ChatwootClient
from revivatui.cache.snapshot import Snapshots
from revivatui.cache.store import Cache
from revivatui.state.events import ConversationsRead
from revivatui.state.models import ListView
from revivatui.state.state import State
from revivatui.state.store import Store
from revivatui.state.topics import Topic

EVERYTHING = ListView(tab="all", status="all")


def fill_cache(running: RunningShop, file: Path) -> int:
    """Read every list page of the shop into the cache; the number of conversations in it."""
    state = State()
    changed: set[Topic] = set()
    store = Store(state, lambda flush: flush())
    store.subscribe(changed.update)
    asyncio.run(_read(running, store))
    cache = Cache.open(file)
    try:
        cache.save(Snapshots().take(state, changed, None))
    finally:
        cache.close()
    return len(state.conversations)


async def _read(running: RunningShop, store: Store) -> None:
    async with ChatwootClient(running.url, running.token, 1) as client:
        number, last = 1, False
        while not last:
            page = await client.conversations(EVERYTHING, number)
            store.dispatch(
                ConversationsRead(
                    page.conversations, page.contacts, store.state.sequence, time.time()
                )
            )
            number, last = number + 1, page.last
