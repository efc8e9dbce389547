"""The shop and the desk that are measured: real programs, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tools.terminal import Terminal

COLUMNS, LINES = 160, 45


@dataclass(frozen=True)
class RunningShop:
    """An embedded shop in its own process, and how its agent signs in."""

    url: str
    control_url: str
    token: str
    administrator_token: str

    def agent(self, method: str, path: str, body: Any = None) -> Any:
        """A call of the agent on account 1."""
        answer = httpx.request(
            method,
            f"{self.url}/api/v1/accounts/1/{path}",
            json=body,
            headers={"api_access_token": self.token},
            timeout=60,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def order(self, what: str, body: Any) -> None:
        """An order to the shop's control port."""
        httpx.post(f"{self.control_url}/{what}", json=body, timeout=60).raise_for_status()


@contextmanager
def shop(data: Path, size: str, pace: str = "none") -> Iterator[RunningShop]:
    """Run a shop on the data in a folder (made there if it holds none)."""
    argv = [sys.executable, "-m", "revivatui", "shop", "--size", size, "--data", str(data)]
    argv += ["--pace", pace, "--control-port", "0", "--stop-with-stdin"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        about = json.loads(child.stdout.readline())
        try:
            tokens = (str(about[who]["token"]) for who in ("agent", "administrator"))
            yield RunningShop(about["url"], about["control_url"], *tokens)
        finally:
            assert child.stdin is not None
            child.stdin.close()
            child.wait(timeout=20)


@dataclass(frozen=True)
class DeskHome:
    """A home folder of its own for the desk: settings, cache and logs of nobody else."""

    folder: Path

    def environment(self, running: RunningShop) -> dict[str, str]:
        return {
            "HOME": str(self.folder),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "REVIVATUI_URL": running.url,
            "REVIVATUI_ACCOUNT": "1",
            "REVIVATUI_TOKEN": running.token,
        }


@contextmanager
def home() -> Iterator[DeskHome]:
    with tempfile.TemporaryDirectory(prefix="revivatui-bench-") as folder:
        yield DeskHome(Path(folder))


def desk(place: DeskHome, running: RunningShop, **more: str) -> Terminal:
    """The desk in a pseudo-terminal, started now; `more` are variables for it alone."""
    argv = [sys.executable, "-m", "revivatui"]
    return Terminal(argv, COLUMNS, LINES, {**os.environ, **place.environment(running), **more})


def leave(terminal: Terminal) -> None:
    """Quit as a person does, so that everything is saved."""
    terminal.send("\x11")
    terminal.wait_exit(20)
