"""A desk without a screen in a process of its own, driven over its standard input, to be killed.

    python -m tests.faults.desk_child URL TOKEN CACHE

Takes and gives lines of JSON: {"do": "open", "id": 4}, {"do": "draft", "id": 4, "private": false,
"text": "..."}, {"do": "send", ...}, {"do": "die", "at": "after sending"}. Where it is told to die
it kills itself (SIGKILL) at that very write of the send journal, before or after it reached the
disk.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from revivatui.cache.store import Cache
from revivatui.engine.engine import Profile
from revivatui.state.models import SendEntry
from tests.faults.desks import fault_desk
from tests.support.desks import Desk


class MortalCache(Cache):
    """Kills the process at a chosen write."""

    die_at = ""

    def _at(self, point: str) -> None:
        if point == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def journal_write(self, entry: SendEntry) -> None:
        self._at(f"before {entry.state}")
        super().journal_write(entry)
        self._at(f"after {entry.state}")

    def journal_forget(self, reference: str) -> None:
        self._at("before forgetting")
        super().journal_forget(reference)
        self._at("after forgetting")


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


class Child:
    """Obeys one line after the other."""

    def __init__(self, desk: Desk, cache: MortalCache) -> None:
        self._desk = desk
        self._cache = cache
        self._told: dict[str, str] = {}
        desk.store.subscribe(self._tell, {"sends"})

    def _tell(self, _topics: object) -> None:
        for reference, entry in self._desk.state.sends.items():
            if self._told.get(reference) != entry.state:
                self._told[reference] = entry.state
                say(entry=reference, state=entry.state)

    def obey(self, order: dict[str, Any]) -> None:
        engine, number = self._desk.engine, order.get("id", 0)
        private = bool(order.get("private"))
        if order["do"] == "open":
            engine.open(number)
        elif order["do"] == "draft":
            engine.draft(number, private, order["text"])
        elif order["do"] == "send":
            reference = engine.send(number, order["text"], private)
            engine.draft(number, private, "")  # as the composer does
            say(sent=reference)
        elif order["do"] == "die":
            self._cache.die_at = order["at"]


async def main(url: str, token: str, path: str) -> None:
    cache = MortalCache.open(Path(path))
    assert isinstance(cache, MortalCache)
    reader = asyncio.StreamReader(limit=1 << 20)
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    async with fault_desk(Profile("faults", url, token, 1), cache) as desk:
        await desk.live()
        child = Child(desk, cache)
        say(live=True)
        while line := await reader.readline():
            child.obey(json.loads(line))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
