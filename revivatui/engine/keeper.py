"""The disk: everything that must outlive the engine, written by one thread and never by the loop.

One thread, so what is asked first is written first: a message is in the journal before its draft
is gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from revivatui.engine.context import LOG, Desk
from revivatui.state.events import DraftChanged
from revivatui.state.models import Draft, SendEntry
from revivatui.state.topics import Topic

if TYPE_CHECKING:
    from revivatui.cache.store import Cache

T = TypeVar("T")

SINK = "What you do now is shown and sent, but would not outlive a crash."


class Keeper:
    """Everything between the engine and the cache. Without a cache it keeps nothing."""

    def __init__(self, desk: Desk, cache: Cache | None) -> None:
        self._desk = desk
        self._cache = cache
        self._disk = ThreadPoolExecutor(1, "revivatui-disk")
        self._dirty: set[Topic] = set()
        self._drafts: dict[tuple[int, bool], Draft] = {}
        self._work = asyncio.Event()
        self._loaded = False
        self._failing = False

    async def _on_disk(self, work: Callable[..., T], *given: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work, *given)

    # --- drafts and the journal ---------------------------------------------------------------

    def draft(self, conversation_id: int, private: bool, text: str) -> None:
        """Take what is in the composer; it is on disk a moment later."""
        draft = Draft(conversation_id, private, text, self._desk.now())
        self._desk.dispatch(DraftChanged(draft))
        self._drafts[(conversation_id, private)] = draft
        self._work.set()

    async def journal(self, entry: SendEntry) -> None:
        """Write an entry and wait until it is on the disk for sure."""
        if self._cache is not None:
            await self._guarded(self._cache.journal_write, entry)

    async def forget_send(self, reference: str) -> None:
        if self._cache is not None:
            await self._guarded(self._cache.journal_forget, reference)

    async def _guarded(self, work: Callable[..., object], *given: object) -> None:
        """A disk that fails must not keep the agent from answering; it is said once."""
        try:
            await self._on_disk(work, *given)
        except Exception as error:
            LOG.exception("the cache could not be written")
            if not self._failing:
                self._failing = True
                said = f"The cache could not be written ({type(error).__name__})."
                self._desk.tell("warning", said, SINK)
        else:
            self._failing = False

    # --- life ---------------------------------------------------------------------------------

    async def load(self) -> None:
        """Show what was last seen, unless the program already did."""

    async def load_thread(self, conversation_id: int) -> None:
        """Put a thread as it was last seen into the state, if it was kept."""

    async def run(self) -> None:
        """Save what changed, a moment later (loop)."""
        while True:
            await self._work.wait()
            self._work.clear()

    async def close(self) -> None:
        """Save what is left."""
        await asyncio.to_thread(self._disk.shutdown)
