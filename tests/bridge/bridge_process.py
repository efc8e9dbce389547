"""A bridge in a process of its own, as `revivatui bridge run` starts it: it can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from revivatui.shop.server import bound_socket
from tests.bridge.desks import PATH_SECRET, add_webhook
from tests.support.shops import Stage

START_WITHIN: Final = 60.0
TABLES: Final = "bridge_inbox", "bridge_outbox"


class BridgeProcess:
    """One home, one CRM, one port; the CRM's file can be read from here."""

    def __init__(
        self, stage: Stage, home: Path, module: str = "revivatui", *, crm: str = ""
    ) -> None:
        """`module` is what Python runs; `crm` is the address of a CRM that is not in a file of this
        home."""
        self.stage = stage
        self.module = module
        self.home = home
        with closing(bound_socket(0)) as free:
            self.port = free.getsockname()[1]
        home.mkdir(parents=True, exist_ok=True)
        (home / "revivatui.toml").write_text(
            f'profile = "shop"\n\n[profiles.shop]\nurl = "{stage.url}"\naccount_id = 1\n\n'
            f'[bridge]\nlisten = "127.0.0.1:{self.port}"\ncrm = "{crm or home / "crm.sqlite3"}"\n'
            "writes_per_minute = 60\n"
        )
        self._process: asyncio.subprocess.Process | None = None

    @property
    def hook(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks/chatwoot/{PATH_SECRET}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: one for name, one in os.environ.items() if "REVIVATUI" not in name}
        homes = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
        return {
            **kept,
            **dict.fromkeys(homes, str(self.home)),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "REVIVATUI_CONFIG": str(self.home / "revivatui.toml"),
            "REVIVATUI_TOKEN": self.stage.administrator["token"],
            "REVIVATUI_BRIDGE_PATH_SECRET": PATH_SECRET,
        }

    def add_webhook(self) -> None:
        add_webhook(self.stage, self.hook)

    async def start(self, part: str = "run") -> None:
        """Returns when it listens, or works."""
        with open(self.home / "bridge.log", "ab") as log:  # noqa: ASYNC230 - a moment, once
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", self.module, "bridge", part),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=self.environment,
            )
        assert self._process.stdout is not None
        async with asyncio.timeout(START_WITHIN):
            first = await self._process.stdout.readline()
        assert first.startswith(b"The bridge "), self.log()

    def log(self) -> str:
        return (self.home / "bridge.log").read_text(encoding="utf-8")

    async def kill(self) -> None:
        """kill -9."""
        await self._end(signal.SIGKILL)

    async def killed(self) -> int:
        """Until it ends by itself."""
        assert self._process is not None
        async with asyncio.timeout(START_WITHIN):
            return await self._process.wait()

    def send(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    async def stop(self) -> int:
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        if self._process is None:
            return 0
        if self._process.returncode is None:
            self._process.send_signal(number)
        status = await self._process.wait()
        self._process = None
        return status

    def ask(self, question: str, values: Sequence[Any] = ()) -> list[Any]:
        """What the CRM's file says."""
        uri = f"file:{self.home / 'crm.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as database:
            return database.execute(question, values).fetchall()

    def waiting(self) -> int:
        question = "SELECT count(*) FROM {} WHERE state = 'new'"
        return sum(self.ask(question.format(table))[0][0] for table in TABLES)

    async def quiet(self, seconds: float = 30.0) -> None:
        """Until nothing waits any more, on either side."""
        calm = 0
        async with asyncio.timeout(seconds):
            while calm < 5:
                await self.stage.shop.worker.drain()
                calm = calm + 1 if self.waiting() == 0 else 0
                await asyncio.sleep(0.1)
