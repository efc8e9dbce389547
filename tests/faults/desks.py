"""Desks for the fault runs: the real engine, with a client of less patience than the real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from revivatui.engine.engine import Engine, Profile, Timing
from revivatui.state.state import State
from tests.faults.proxy import Proxy
from tests.support.desks import Desk, RememberingStore

if TYPE_CHECKING:
    from revivatui.cache.store import Cache

READ_SECONDS: Final = 2.0
"""Instead of 20 s: above the slowest answer at the real pace (1.4 s)."""
CONNECT_SECONDS: Final = 1.0

PATIENCE: Final = 40.0
"""Seconds to wait for something to come about."""

SHORT: Final = Timing(
    first_retry=0.1,
    longest_retry=1.0,
    refused_retry=1.0,
    probe_after=2.0,
    lookups=(0.05, 0.2, 0.5, 1.0, 1.5),
    late_after=1.0,
    save_quiet=0.2,
    draft_quiet=0.3,
)
"""A tenth of the real patience where the engine only waits, in step with `READ_SECONDS`; the order
of what it does is the real one."""


class ImpatientEngine(Engine):
    """The engine, with the client's timeouts of this module."""

    read_seconds = READ_SECONDS

    def _use_profile(self) -> None:
        from revivatui.api.client import ChatwootClient

        profile = self._desk.profile
        self._desk.use_client(
            ChatwootClient(
                profile.base_url,
                profile.token,
                profile.account_id,
                connect_timeout=CONNECT_SECONDS,
                read_timeout=self.read_seconds,
            )
        )


class Stuck(Exception):
    """What was waited for did not come about; says how things stood."""


class FaultDesk(Desk):
    """A running engine, and short words where it gets stuck."""

    async def until(self, true: Callable[[], object], what: str = "") -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not true():  # noqa: ASYNC110 - the other side changes without telling
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise Stuck(f"not within {PATIENCE} s: {what}; {self.state.link}") from None

    async def follows(self, proxy: Proxy) -> None:
        """Live, and so again where a message was lost on the feed: until it is opened anew, or a
        minute has passed, it counts as late."""
        async with asyncio.timeout(PATIENCE):
            while self.state.link.state != "live":
                if self.state.link.state == "late":
                    proxy.cut("cable")
                await asyncio.sleep(0.05)


@asynccontextmanager
async def fault_desk(
    profile: Profile,
    cache: Cache | None,
    timing: Timing = SHORT,
    read_seconds: float = READ_SECONDS,
) -> AsyncIterator[FaultDesk]:
    """An engine that runs until the block ends."""
    loop = asyncio.get_running_loop()
    store = RememberingStore(State(), lambda flush: _soon(loop, flush))
    engine = ImpatientEngine(store, profile, cache, options=timing)
    engine.read_seconds = read_seconds
    desk = FaultDesk(engine, store)
    running = asyncio.create_task(engine.run())
    try:
        yield desk
    finally:
        await engine.close()
        await running


def _soon(loop: asyncio.AbstractEventLoop, flush: Callable[[], None]) -> None:
    loop.call_soon(flush)
