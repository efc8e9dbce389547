"""From opening a chat to its customer's repair on screen: the real desk, a CRM full of repairs.

Each chat is opened for the first time, so that the CRM is asked for every one of them.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.loaded import HEADER_COLUMN, to_top_of_all
from bench.measures import milliseconds
from bench.setting import DeskHome, RunningShop, desk, home, leave, shop
from bench.table import Figure
from revivatui.crm.chat_keys import installation_of
from revivatui.crm_demo import filled_beside
from tools.terminal import Terminal

SAMPLES = 25
REPAIR_MS = 300.0
FILLED_WITHIN = 120.0
IN_THE_LIST = "enter open"
"""What the key bar offers there."""
ONLY_OPEN = """
    SELECT min(number) FROM external_refs JOIN repairs ON customer_id = local_id
    WHERE kind = 'contact' AND external_id = ? AND status NOT IN ('completed', 'cancelled')
    HAVING count(*) = 1
"""
"""The repair of a contact who has one that is not over, and no other."""


def fill_crm(running: RunningShop, file: Path) -> None:
    """The demo's repairs, for the customers of a running shop."""
    told = {
        "url": running.url,
        "account_id": 1,
        "administrator": {"token": running.administrator_token},
    }
    with filled_beside(file, told, installation_of(running.url), nice=0):
        deadline = time.monotonic() + FILLED_WITHIN
        while not file.exists():
            if time.monotonic() > deadline:
                raise RuntimeError("the CRM was not filled")
            time.sleep(0.05)


def repairs_in_order(running: RunningShop, file: Path) -> Iterator[str]:
    """The repair of each open chat's customer, in the order of the list of everything; "" where
    there is none, or not one alone, or where it was told already."""
    told: set[str] = set()
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        for page in range(1, 100):
            path = f"conversations?assignee_type=all&status=open&page={page}"
            rows: list[dict[str, Any]] = running.agent("GET", path)["data"]["payload"]
            if not rows:
                return
            for row in rows:
                contact = row["meta"]["sender"]["id"]
                found = database.execute(ONLY_OPEN, (str(contact),)).fetchone()
                number = found[0] if found and found[0] not in told else ""
                told.add(number)
                yield number


def opened(terminal: Terminal, number: str) -> float:
    """Open the chat under the cursor; seconds to its repair on screen."""

    def seen() -> bool:
        return any(number in line[HEADER_COLUMN:] for line in terminal.rows)

    if seen():
        raise RuntimeError(f"{number} is on the screen already")
    start = time.monotonic()
    terminal.send("\r")
    terminal.until(seen, 10, f"{number} on the screen")
    took = terminal.last_write - start
    terminal.settle(0.3)
    terminal.send("\x1b")
    terminal.wait_for(IN_THE_LIST)
    return took


def repair_figures(data: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="revivatui-bench-crm-") as folder:
        file = Path(folder) / "crm.sqlite3"
        with shop(data / "repairs", "demo") as running, home() as place:
            fill_crm(running, file)
            yield from milliseconds(
                "opening a chat to its repair on screen", _measured(place, running, file), REPAIR_MS
            )


def _measured(place: DeskHome, running: RunningShop, file: Path) -> list[float]:
    took: list[float] = []
    with desk(place, running, REVIVATUI_CRM=str(file)) as terminal:
        terminal.wait_for("live", 60)
        terminal.settle(2.0, 60)  # the CRM is opened behind the start
        to_top_of_all(terminal)
        for turn, number in enumerate(repairs_in_order(running, file)):
            if turn:
                terminal.send("j")
                terminal.settle(0.15)
            if number:
                took.append(opened(terminal, number))
            if len(took) == SAMPLES:
                break
        leave(terminal)
    return took
