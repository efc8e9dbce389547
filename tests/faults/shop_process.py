"""An embedded shop in a process of its own: it can be killed, and started again on its port."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import IO, Any, Final

import httpx

from revivatui.engine.engine import Profile
from revivatui.shop.main import open_shop

ROOT: Final = Path(__file__).parents[2]
SEED: Final = 7
START_WITHIN: Final = 60.0
"""Seconds."""

Row = dict[str, Any]


def seeded(version: str, folder: Path) -> Path:
    """A folder with a freshly seeded shop, to be copied."""
    shop = open_shop(version, folder, "demo", SEED)
    shop.worker.discard()
    shop.clock.close()
    shop.db.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shop.db.close()
    return folder


class ShopProcess:
    """One shop, one folder, one port; its database can be read from here."""

    def __init__(self, version: str, folder: Path, pace: str = "real") -> None:
        self.version = version
        self.folder = folder
        self.port = 0
        self.control_url = ""
        self.about: dict[str, Any] = {}
        self._pace = pace
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, on the port it had before; returns when it answers."""
        pace = "real" if self._pace == "real" else "none"
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / "shop.log", "ab") as log:  # noqa: ASYNC230 - a moment, once
            self._process = await self._spawn(pace, log)
        assert self._process.stdout is not None
        async with asyncio.timeout(START_WITHIN):
            self.about = json.loads(await self._process.stdout.readline())
        self.port = int(self.about["url"].rsplit(":", 1)[1])
        self.control_url = self.about["control_url"]

    async def _spawn(self, pace: str, log: IO[bytes]) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "revivatui", "shop", "--chatwoot", self.version),
            *("--data", str(self.folder), "--pace", pace, "--port", str(self.port)),
            *("--control-port", "0", "--stop-with-stdin"),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
        )

    async def kill(self) -> None:
        """kill -9; what was committed is on the disk."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGKILL)
        await self._end()

    async def stop(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            await self._end()

    async def _end(self) -> None:
        assert self._process is not None
        await self._process.wait()
        self._process._transport.close()  # type: ignore[attr-defined]
        self._process = None

    @property
    def running(self) -> bool:
        return self._process is not None

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    def profile(self, url: str) -> Profile:
        """The demo agent's, at this address."""
        return Profile("faults", url, str(self.about["agent"]["token"]), 1)

    def rows(self, question: str, values: Sequence[object] = ()) -> list[Row]:
        """Ask its database, past everything."""
        path = self.folder / f"shop-{self.version}.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(question, values)]

    async def jobs(self) -> int:
        """Background jobs that wait or run."""
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            return int((await client.get(self.control_url)).json()["jobs"])


@asynccontextmanager
async def shop_process(
    version: str, template: Path, folder: Path, pace: str = "real"
) -> AsyncIterator[ShopProcess]:
    """A copy of a seeded shop, running until the block ends."""
    await asyncio.to_thread(shutil.copytree, template, folder, dirs_exist_ok=True)
    shop = ShopProcess(version, folder, pace)
    await shop.start()
    try:
        yield shop
    finally:
        await shop.stop()
