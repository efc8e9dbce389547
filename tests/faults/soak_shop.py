"""A shop in a process of its own where something happens so many times a second.

    python -m tests.faults.soak_shop VERSION FOLDER EVENTS_PER_SECOND SEED

Prints a line of JSON with its address; afterwards "stop" on standard input stops the people, and
it says how many events were told once every job is done. It serves until standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from random import Random

from revivatui.shop.main import describe, open_shop
from revivatui.shop.server import ShopServer
from tests.faults.crowd import Crowd

TICK = 0.05
"""Seconds."""
AMONG = 150
"""Conversations in which something happens."""
EVENTS_AN_ACT = 2.0
"""Told to one agent, on average, until it was counted."""


class Told:
    """Counts the events that went out on the feed of one shop, whoever heard them."""

    def __init__(self, server: ShopServer) -> None:
        self.events = 0
        cable = server.shop.cable
        broadcast = cable.broadcast

        def counting(stream: str, event: str, data: dict[str, object]) -> None:
            if cable.listened(stream):
                self.events += 1
            broadcast(stream, event, data)

        cable.broadcast = counting  # type: ignore[method-assign]


async def people(crowd: Crowd, told: Told, events_per_second: float) -> None:
    """Act so often that the feed carries this many events a second while somebody listens."""
    acts, since, told.events = 0, time.monotonic(), 0
    while True:
        await asyncio.sleep(TICK)
        per_act = max(1.0, told.events / acts) if acts > 100 and told.events else EVENTS_AN_ACT
        wanted = (time.monotonic() - since) * events_per_second / per_act
        for _ in range(min(20, int(wanted) - acts)):
            crowd.act()
            acts += 1
        if acts > 20_000:
            acts, since, told.events = 0, time.monotonic(), 0


async def main(version: str, folder: str, events_per_second: float, seed: int) -> None:
    shop = open_shop(version, Path(folder), "demo", 7)
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    async with ShopServer(shop) as server:
        about = describe(server)
        crowd = Crowd(shop, about["agent"]["id"], Random(seed), begins_new=False, among=AMONG)
        told = Told(server)
        print(json.dumps(about), flush=True)
        acting: asyncio.Task[None] | None = None
        while line := await reader.readline():
            if line == b"start\n":
                acting = asyncio.create_task(people(crowd, told, events_per_second))
            elif acting is not None:
                acting.cancel()
                await asyncio.gather(acting, return_exceptions=True)
                await shop.worker.drain()
            print(json.dumps({"acts": len(crowd.did), "events": told.events}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])))
