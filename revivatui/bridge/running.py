"""`bridge run` and `bridge work`, from their first look for Chatwoot until they are told to end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from revivatui.api.errors import Offline, ServerDown, Timeout
from revivatui.bridge import known, opening
from revivatui.bridge.daemon import Bridge, bound, open_bridge, serving
from revivatui.bridge.errors import BridgeError
from revivatui.bridge.receiver import stopped
from revivatui.bridge.settings import BridgeSettings

LOG: Final = logging.getLogger("revivatui.bridge")

AGAIN_SECONDS: Final = 5.0
"""How long a Chatwoot that is away at the start is left before it is tried again."""
PLACE: Final = "bridge:place"
"""Which Chatwoot and account the events in the inbox are of."""


async def run(
    where: str | Path,
    base: str,
    token: str,
    account_id: int,
    settings: BridgeSettings,
    *,
    ready: Callable[[str], None],
    stop: asyncio.Event,
    arrange: Callable[[Bridge, str], Awaitable[None]] | None = None,
) -> None:
    """Run until `stop`; `ready` is told where the door is. A Chatwoot that is not there yet is
    waited for.

    `arrange` is given the bridge and the address of its door before the work begins: who delivers
    from then on is let wait until it has. Raises AlreadyRunning, and what else it and
    `open_bridge` raise.
    """
    async with AsyncExitStack() as stack:
        bridge = await _opened(stack, where, base, token, account_id, settings, stop)
        if bridge is None:
            return
        bridge.receiver()  # no door, no bridge: found out before anything listens
        lost = asyncio.Event()
        if bridge.shared is not None:

            def leave() -> None:
                lost.set()
                stop.set()

            await stack.enter_async_context(bridge.shared.locks.alone(leave))
        listening = bound(settings.host, settings.port)
        stack.callback(listening.close)
        address = f"http://{settings.host}:{listening.getsockname()[1]}"
        if arrange is not None:
            listening.listen()
            await arrange(bridge, address)
        async with serving(bridge, listening, stop):
            async with bridge.store.unit_of_work() as work:
                await known.keep_fact(work, PLACE, _place(bridge))
            ready(address)
            await stop.wait()
        if lost.is_set():
            raise BridgeError("Another bridge took over while the database was away.")


async def work(
    where: str | Path,
    base: str,
    token: str,
    account_id: int,
    settings: BridgeSettings,
    *,
    ready: Callable[[], None],
    stop: asyncio.Event,
) -> None:
    """Work on what waits beside a `run`, here or elsewhere, until `stop`.

    Raises BridgeError where the CRM cannot be shared or is of another Chatwoot, and what else
    `open_bridge` raises.
    """
    if not opening.is_shared(where):
        raise BridgeError(
            "Only a CRM in PostgreSQL has several workers; with a SQLite file `revivatui bridge"
            " run` does all of the work."
        )
    async with AsyncExitStack() as stack:
        bridge = await _opened(stack, where, base, token, account_id, settings, stop)
        if bridge is None:
            return
        async with bridge.store.reading() as reader:
            there = await known.fact(reader, PLACE)
        if there not in ("", _place(bridge)):
            raise BridgeError(
                f"The bridge of this CRM serves {there}, and this profile is of {_place(bridge)}:"
                " give both the same address and account."
            )
        helping = asyncio.create_task(bridge.help())
        helping.add_done_callback(lambda _: stop.set())
        ready()
        await stop.wait()
        if helping.done():
            LOG.critical("the work ended by itself", exc_info=helping.exception())
            raise BridgeError("A part of the bridge failed for good; its log says which.")
        await stopped(helping)


def _place(bridge: Bridge) -> str:
    return f"{bridge.place.installation}, account {bridge.place.account_id}"


async def _opened(
    stack: AsyncExitStack,
    where: str | Path,
    base: str,
    token: str,
    account_id: int,
    settings: BridgeSettings,
    stop: asyncio.Event,
) -> Bridge | None:
    """None where `stop` came before Chatwoot did."""
    while True:
        opening_now = open_bridge(where, base, token, account_id, settings)
        try:
            return await stack.enter_async_context(opening_now)
        except (Offline, Timeout, ServerDown) as error:
            LOG.warning("the bridge waits for Chatwoot: %s", error)
        if await _is_set_within(stop, AGAIN_SECONDS):
            return None


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
