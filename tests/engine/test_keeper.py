"""What waits for the disk when the desk closes is written all the same."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

from revivatui.cache.store import Cache
from revivatui.engine.context import Desk, Profile
from revivatui.engine.keeper import Keeper
from revivatui.state.store import Store
from tests.state.build import NOON, conversation, desk, message, read, thread_page
from tests.support.desks import QUICK


async def test_a_save_that_waits_for_the_disk_survives_the_closing(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    cache = Cache.open(path)
    store = Store(desk(), lambda flush: flush())
    shared = Desk(store, Profile("test", "http://127.0.0.1", "t", 1), time.time, QUICK)
    keeper = Keeper(shared, cache)
    keeper.listen()
    busy = threading.Event()
    keeper._disk.submit(busy.wait)
    saving = [
        asyncio.create_task(keeper.save_changes()),
        asyncio.create_task(keeper.save_drafts()),
    ]
    store.dispatch(read(conversation(1), asked=store.state.sequence))
    store.dispatch(thread_page(message(1), message(2), start=True))
    keeper.draft(1, False, "Dear Ana,")
    keeper.draft(1, True, "half a thought")
    async with asyncio.timeout(60):
        while keeper._disk._work_queue.qsize() < 2 or keeper._dirty:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    for task in saving:
        task.cancel()
    await asyncio.gather(*saving, return_exceptions=True)
    busy.set()
    await keeper.close()
    cache.close()
    again = Cache.open(path)
    thread = again.thread(1)
    assert thread is not None
    assert [one.id for one in thread.messages] == [1, 2]
    assert sorted(one.text for one in again.drafts()) == ["Dear Ana,", "half a thought"]
    assert thread.as_of == NOON
    again.close()
