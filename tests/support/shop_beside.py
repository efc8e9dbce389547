"""A running shop on a loop and a thread of its own, for what brings a loop of its own too."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from tests.support.shops import Stage, Template, running_shop


class ShopBeside:
    """Runs from its making until `close`."""

    def __init__(self, template: Template, folder: Path) -> None:
        self._ready = threading.Event()
        self._ends: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.stage: Stage | None = None
        self._thread = threading.Thread(target=asyncio.run, args=(self._run(template, folder),))
        self._thread.start()
        assert self._ready.wait(30)

    async def _run(self, template: Template, folder: Path) -> None:
        self._loop, self._ends = asyncio.get_running_loop(), asyncio.Event()
        async with running_shop(template, folder) as self.stage:
            self._ready.set()
            await self._ends.wait()

    def close(self) -> None:
        assert self._loop is not None
        assert self._ends is not None
        self._loop.call_soon_threadsafe(self._ends.set)
        self._thread.join(30)
