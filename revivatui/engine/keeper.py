"""The disk: everything that must outlive the engine, written by one thread and never by the loop.

One thread, so what is asked first is written first: a message is in the journal before its draft
is gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from revivatui.cache.snapshot import Snapshot, Snapshots, ThreadPart
from revivatui.cache.store import CacheError
from revivatui.engine.context import LOG, Desk
from revivatui.state import drafts
from revivatui.state.events import DraftChanged
from revivatui.state.models import Draft, OtherDraft, SendEntry
from revivatui.state.topics import Topic

if TYPE_CHECKING:
    from revivatui.cache.store import Cache
    from revivatui.state.events import CacheFilled
    from revivatui.state.searching import Hit, Query
    from revivatui.state.store import Subscription

T = TypeVar("T")

INDEX_PAUSE = 0.02
"""Seconds between two steps of indexing: the disk's thread has other work."""

UNKEPT = "What is on screen stays there, but would not outlive a crash."


class Keeper:
    """Everything between the engine and the cache. Without a cache it keeps nothing."""

    def __init__(self, desk: Desk, cache: Cache | None) -> None:
        self._desk = desk
        self._cache = cache
        self._disk = ThreadPoolExecutor(1, "revivatui-disk")
        self._snapshots = Snapshots()
        self._dirty: set[Topic] = set()
        self._drafts: dict[tuple[int, bool], Draft] = {}
        self._changed = asyncio.Event()
        self._drafted = asyncio.Event()
        self.drafted: Callable[[], None] = lambda: None
        """Called when drafts of ours went to the disk."""
        self._failing = False
        self._listening: Subscription | None = None

    async def _on_disk(self, work: Callable[..., T], *given: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._disk, work, *given)

    # --- what was last seen -------------------------------------------------------------------

    def load(self) -> None:
        """Show what was last seen, unless the program did so before the first frame."""
        state = self._desk.state
        if self._cache is None or state.from_cache or state.account is not None:
            return
        try:
            seen = self._cache.load()
        except CacheError as error:
            self._desk.tell("warning", str(error), "The server still has it.")
            return
        if seen is not None:
            self._desk.dispatch(seen)

    async def claim(self, user_id: int) -> bool:
        """Whether what is held and kept may be this agent's; what is nobody's becomes theirs."""
        me = self._desk.state.me
        if me is not None and me.id != user_id:
            return False
        try:
            return self._cache is None or await self._on_disk(self._cache.claim, user_id)
        except CacheError as error:
            LOG.warning("whose it is: %s", error)
            return True

    async def load_rest(self) -> None:
        """The conversations beyond the first screens, a few hundred at a time."""
        if self._cache is None:
            return
        rest = self._cache.load_rest()
        try:
            while (some := await self._on_disk(_next, rest)) is not None:
                self._desk.dispatch(some)
        except CacheError as error:
            LOG.warning("the rest of the cache: %s", error)

    async def index_rest(self) -> None:
        """Index what an older version of the desk kept, a little at a time."""
        if self._cache is None:
            return
        try:
            while True:
                if not await self._on_disk(self._cache.index_some):
                    return
                await asyncio.sleep(INDEX_PAUSE)
        except CacheError as error:
            LOG.warning("indexing what was kept: %s", error)

    async def load_thread(self, conversation_id: int) -> None:
        """Put a thread as it was last seen into the state, if it was kept."""
        if self._cache is None:
            return
        try:
            seen = await self._on_disk(self._cache.thread, conversation_id)
        except CacheError as error:
            LOG.warning("thread %d: %s", conversation_id, error)
            return
        if seen is not None:
            self._desk.dispatch(seen)

    async def load_down_to(self, conversation_id: int, message_id: int) -> None:
        """Put a thread into the state from an older message on, if that message was kept."""
        if self._cache is None:
            return
        try:
            seen = await self._on_disk(self._cache.thread_down_to, conversation_id, message_id)
        except CacheError as error:
            LOG.warning("thread %d: %s", conversation_id, error)
            return
        if seen is not None:
            self._desk.dispatch(seen)

    # --- searching, reading ahead, forgetting -------------------------------------------------

    @property
    def keeps(self) -> bool:
        """Whether anything outlives the desk."""
        return self._cache is not None

    async def find(self, query: Query, conversation_id: int | None) -> tuple[Hit, ...]:
        """What is kept that fits. Raises CacheError, also where nothing is kept."""
        if self._cache is None:
            raise CacheError("Nothing is kept on this machine.")
        return await self._on_disk(self._cache.find, query, conversation_id)

    async def kept_threads(self) -> set[int]:
        """The conversations whose messages were read once. Raises CacheError."""
        return await self._on_disk(self._cache.kept_threads) if self._cache else set()

    async def keep_thread(self, part: ThreadPart) -> None:
        """Keep a thread that does not go through the state."""
        if self._cache is not None:
            await self._guarded(self._cache.save, Snapshot(threads=(part,)))

    async def forget_contact(self, contact_id: int, conversation_ids: tuple[int, ...]) -> bool:
        """Take a customer off the disk, so that no byte of the text is left in the file. False:
        another window still reads the log beside it. Raises CacheError."""
        if self._cache is None:
            return True
        for key in [key for key in self._drafts if key[0] in conversation_ids]:
            del self._drafts[key]
        await self._on_disk(self._cache.forget_contact, contact_id, conversation_ids)
        begin = True
        while await self._on_disk(partial(self._cache.scrub, begin=begin)):
            begin = False
        return await self._on_disk(self._cache.checkpoint)

    async def shrink(self) -> None:
        """Hold nothing of the file in memory but what is used."""
        if self._cache is not None:
            await self._guarded(self._cache.shrink)

    # --- drafts and the journal ---------------------------------------------------------------

    def draft(self, conversation_id: int, private: bool, text: str) -> None:
        """Take what is in the composer; it is on disk a moment later."""
        draft = drafts.written(conversation_id, private, text, self._desk.now())
        self._desk.dispatch(DraftChanged(draft))
        self._drafts[(conversation_id, private)] = draft
        self._drafted.set()

    async def other_drafts(self) -> list[OtherDraft]:
        """What other windows of this machine hold. Raises CacheError."""
        return await self._on_disk(self._cache.other_drafts) if self._cache else []

    def swap_draft(self, now: Draft, before: Draft | None, taken: OtherDraft | None) -> None:
        """Keep a draft, with what stood there before beside it; after that, what a closed window
        held of the new one is nobody's any more. On the disk even if the engine closes now."""
        if self._cache is None:
            return
        if before is not None and before.text not in ("", now.text):
            self._soon(self._cache.draft_aside, before)
        self._soon(self._cache.draft_write, now)
        if taken is not None:
            self.drop_draft(taken)

    def drop_draft(self, other: OtherDraft) -> None:
        """Forget what a closed window held; an open one keeps it."""
        if self._cache is not None and not other.open:
            self._soon(self._cache.draft_drop, other)

    async def journal(self, entry: SendEntry) -> None:
        """Write an entry and wait until it is on the disk for sure. Raises CacheError."""
        if self._cache is not None:
            await self._on_disk(self._cache.journal_write, entry)

    def journal_soon(self, entry: SendEntry) -> None:
        """Write an entry while it waits; on the disk even if the engine closes now."""
        if self._cache is not None:
            self._soon(self._cache.journal_write, entry)

    def forget_soon(self, reference: str) -> None:
        """It was proved or taken back; forgotten even if the engine closes now.

        What was taken back is a draft now, which is on the disk before.
        """
        if self._cache is not None:
            for draft in self._drafts.values():
                self._soon(self._cache.draft_write, draft)
            self._soon(self._cache.journal_forget, reference)

    # --- single facts -------------------------------------------------------------------------

    def fact(self, name: str) -> str:
        """A fact that an earlier desk kept; "" where there is none or it cannot be read."""
        if self._cache is None:
            return ""
        try:
            return self._cache.fact(name)
        except CacheError as error:
            LOG.warning("%s: %s", name, error)
            return ""

    async def keep_fact(self, name: str, value: str) -> None:
        """Keep a fact; on the disk when this returns. An empty one is forgotten."""
        if self._cache is not None:
            await self._guarded(self._cache.keep_fact, name, value)

    def _soon(self, work: Callable[..., object], *given: object) -> None:
        def done(future: Future[object]) -> None:
            if (error := future.exception()) is not None:
                LOG.warning("not kept: %s", error)

        self._disk.submit(work, *given).add_done_callback(done)

    # --- saving -------------------------------------------------------------------------------

    def listen(self) -> None:
        """From now on note what changes."""
        if self._cache is not None:
            self._listening = self._desk.store.subscribe(self._note)

    def _note(self, topics: set[Topic]) -> None:
        self._dirty |= topics
        self._changed.set()

    async def save_changes(self) -> None:
        """Save what changed, a moment later (loop)."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(self._desk.timing.save_quiet)
            await self._save()

    async def save_drafts(self) -> None:
        """On disk well within a second of the key (loop)."""
        while True:
            await self._drafted.wait()
            await asyncio.sleep(self._desk.timing.draft_quiet)
            await self._save_drafts()
            self.drafted()

    async def _save(self) -> None:
        self._changed.clear()
        if self._cache is None or not self._dirty:
            return
        dirty, self._dirty = self._dirty, set()
        state = self._desk.state
        seen_at = self._desk.now() if state.link.state == "live" else None
        snapshot = self._snapshots.take(state, dirty, seen_at)
        if not snapshot.empty:
            await self._guarded(self._cache.save, snapshot)

    async def _save_drafts(self) -> None:
        self._drafted.clear()
        while self._cache is not None and self._drafts:
            draft = self._drafts.pop(next(iter(self._drafts)))
            await self._guarded(self._cache.draft_write, draft)

    async def _guarded(self, work: Callable[..., object], *given: object) -> None:
        """A disk that fails is said once, until it works again. What waits for its turn is
        written also where nobody waits for it any more: the desk may be closing."""
        try:
            await asyncio.shield(self._on_disk(work, *given))
        except CacheError as error:
            LOG.warning("not kept: %s", error)
            if not self._failing:
                self._desk.tell("warning", str(error), UNKEPT)
            self._failing = True
        else:
            self._failing = False

    async def close(self) -> None:
        """Save what is left and end the thread."""
        if self._listening is not None:
            self._listening.close()
        await self._save_drafts()
        await self._save()
        await asyncio.to_thread(self._disk.shutdown)


def _next(rest: Iterator[CacheFilled]) -> CacheFilled | None:
    return next(rest, None)
