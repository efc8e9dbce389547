"""The desk's access to the CRM leaves nothing open behind it, whenever it ends."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from revivatui.crm.chat_keys import Chat
from revivatui.crm.store import Store
from revivatui.screens.crm_desk import CrmDesk
from revivatui.state.models import Contact

KNOWN = Contact(id=1, name="Ana", email="ana@example.org")


class Doors:
    """Opens real stores, when it is let, and counts how many of them are open."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "crm.sqlite3"
        self.asked = asyncio.Event()
        self.may_open = asyncio.Event()
        self.is_open = asyncio.Event()
        self.opened: list[Store] = []
        self.closed: list[Store] = []

    async def open(self) -> Store:
        doors = self

        class Watched(Store):
            async def close(self) -> None:
                doors.closed.append(self)
                await super().close()

        self.asked.set()
        await self.may_open.wait()
        store = await Watched.open(self._file)
        self.opened.append(store)
        self.is_open.set()
        return store


@pytest.mark.parametrize("turns", range(4))
async def test_a_crm_that_opens_while_the_desk_ends_is_closed(tmp_path: Path, turns: int) -> None:
    doors = Doors(tmp_path)
    desk = CrmDesk(doors.open, Chat("shop", 1))
    desk.look_at(1, KNOWN)
    await doors.asked.wait()
    desk.look_at(None, None)  # nobody waits for it any more
    doors.may_open.set()
    await doors.is_open.wait()
    for _ in range(turns):
        await asyncio.sleep(0)
    await desk.close()
    assert doors.opened == doors.closed


async def test_a_desk_that_ends_before_the_crm_is_open_waits_for_what_it_began(
    tmp_path: Path,
) -> None:
    doors = Doors(tmp_path)
    desk = CrmDesk(doors.open, Chat("shop", 1))
    desk.look_at(1, KNOWN)
    desk.look_at(2, KNOWN)
    await doors.asked.wait()
    await desk.close()
    assert not doors.opened
    assert {task for task in asyncio.all_tasks() if task is not asyncio.current_task()} == set()
