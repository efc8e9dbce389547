"""An engine at work for tests, with a store that tells at once and a log of what it saw."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from revivatui.engine.engine import Engine, Notice, Profile, Timing
from revivatui.state.journal import SENT
from revivatui.state.models import SendEntry
from revivatui.state.state import State, Thread
from revivatui.state.store import Store
from tests.support.shops import Stage

if TYPE_CHECKING:
    from revivatui.cache.store import Cache
    from revivatui.state.events import Event
SEED = 11

PATIENCE = 60.0
"""Seconds after which a test gives up waiting for something to become true."""

QUICK = Timing(
    first_retry=0.05,
    longest_retry=0.3,
    refused_retry=0.4,
    reread_quiet=0.1,
    reread_at_most=0.5,
    counts_quiet=0.05,
    counts_apart=0.1,
    late_after=0.6,
    unsealed_after=0.3,
    heard_within=0.4,
    bridge_every=0.1,
    lookups=(0.05, 0.1, 0.2, 0.3),
    probe_after=0.5,
    save_quiet=0.1,
    draft_quiet=0.05,
    change_patience=2.0,
    leave_within=PATIENCE,
)
"""The engine's patience in tests: the same shape, in fractions of the seconds."""

ONLY_ASKED = replace(QUICK, compare_every=1e6, unsealed_after=1e6, probe_after=1e6)
"""The same where nothing is asked of the server by the clock: for tests that count questions, which
a slow machine would otherwise give more of."""


async def eventually(true: Callable[[], object]) -> None:
    """Wait until something about the server is so."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - the shop's database tells nobody
            await asyncio.sleep(0.01)


class RememberingStore(Store):
    """A store that keeps own messages which the state puts away with the minute: the proven."""

    def __init__(self, state: State, schedule: Callable[[Callable[[], None]], None]) -> None:
        super().__init__(state, schedule)
        self.proven: dict[str, SendEntry] = {}

    def dispatch(self, event: Event) -> None:
        super().dispatch(event)
        self.proven |= {
            reference: one for reference, one in self.state.sends.items() if one.state == SENT
        }


class Desk:
    """A running engine and its store."""

    def __init__(self, engine: Engine, store: RememberingStore) -> None:
        self.engine = engine
        self.store = store
        self.notices: list[Notice] = []
        self.links: list[str] = []
        """The states of the connection in the order they came, repeats left out."""
        self._changed = asyncio.Event()
        engine.notices = self._told
        store.subscribe(self._flushed)

    @property
    def state(self) -> State:
        return self.store.state

    def _told(self, notice: Notice) -> None:
        self.notices.append(notice)
        self._changed.set()

    def _flushed(self, _topics: object) -> None:
        link = self.state.link.state
        if not self.links or self.links[-1] != link:
            self.links.append(link)
        self._changed.set()

    def send(self, reference: str) -> SendEntry | None:
        """An own message as it was last known, put away or not."""
        return self.state.sends.get(reference, self.store.proven.get(reference))

    def send_state(self, reference: str) -> str:
        """How far an own message is, or "forgotten"."""
        entry = self.send(reference)
        return entry.state if entry else "forgotten"

    async def until(self, true: Callable[[], object], what: str = "") -> None:
        """Wait until something is so; it is looked at after every change of the state."""
        async with asyncio.timeout(PATIENCE):
            try:
                while not true():
                    self._changed.clear()
                    # The server's side changes without telling the store.
                    try:
                        async with asyncio.timeout(0.05):
                            await self._changed.wait()
                    except TimeoutError:
                        continue
            except asyncio.CancelledError:
                print(f"waited for {what or true}: {self.state.link}, {self.notices}")
                print(self.state.sends, self.state.changes)
                raise

    async def live(self) -> None:
        await self.until(lambda: self.state.link.state == "live", "a live link")

    def thread(self, conversation_id: int) -> Thread:
        return self.state.threads[conversation_id]

    def texts(self, conversation_id: int) -> list[str]:
        thread = self.state.threads.get(conversation_id)
        return [] if thread is None else [message.content for message in thread.messages]


def profile_of(stage: Stage, who: str = "agent", **changed: object) -> Profile:
    person = stage.agent if who == "agent" else stage.administrator
    profile = Profile("test", stage.url, person["token"], 1)
    return replace(profile, **changed)  # type: ignore[arg-type]


@asynccontextmanager
async def running_desk(
    profile: Profile, cache: Cache | None = None, timing: Timing = QUICK
) -> AsyncIterator[Desk]:
    """An engine that runs until the block ends."""
    random.seed(SEED)
    loop = asyncio.get_running_loop()

    def soon(flush: Callable[[], None]) -> None:
        loop.call_soon(flush)

    store = RememberingStore(State(), soon)
    engine = Engine(store, profile, cache, options=timing)
    desk = Desk(engine, store)
    running = asyncio.create_task(engine.run())
    try:
        yield desk
    finally:
        await engine.close()
        await running
