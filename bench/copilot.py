"""From opening a chat to suggestions on screen: the real desk, the demo shop's texts and repairs.

Each chat is opened for the first time, so that the CRM is asked for every one of them, and no model
nor network takes part.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from bench.loaded import to_top_of_all
from bench.measures import milliseconds
from bench.repairs import IN_THE_LIST, fill_crm
from bench.setting import DeskHome, RunningShop, desk, home, leave, shop
from bench.table import Figure, percentile
from tools.terminal import Gone, Terminal

SAMPLES: Final = 40
P50_MS: Final = 30.0
P95_MS: Final = 100.0
SIZE: Final = (200, 50)
TITLE: Final = 64
"""Where the thread begins."""
COLUMN: Final = 158
"""Where the column beside the thread begins."""
_FIRST: Final = re.compile(r"\b1 (record|answer|price|perhaps) ")


def copilot_figures(data: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="revivatui-bench-copilot-") as folder:
        file = Path(folder) / "crm.sqlite3"
        with shop(data / "copilot", "demo") as running, home() as place:
            fill_crm(running, file)
            yield Figure("texts that suggestions come from", _texts(running, file), "")
            chats, took = _measured(place, running, file)
            yield Figure(
                "opening a chat to the chat itself, p50", percentile(chats, 0.5) * 1000, "ms"
            )
            yield Figure(
                "opening a chat to suggestions on screen, median",
                percentile(took, 0.5) * 1000, "ms", bound=P50_MS,
            )  # fmt: skip
            yield from milliseconds("opening a chat to suggestions on screen", took, P95_MS)


def _texts(running: RunningShop, file: Path) -> int:
    """Canned responses, and the price list in both languages."""
    canned = len(running.agent("GET", "canned_responses"))
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        (prices,) = database.execute("SELECT count(*) FROM services").fetchone()
    return canned + 2 * int(prices)


def _pane(terminal: Terminal) -> str:
    """What stands in the column below the copilot's title."""
    lines = [line[COLUMN:] for line in terminal.rows]
    start = next((n for n, line in enumerate(lines) if "Copilot" in line), len(lines))
    return "\n".join(lines[start:])


def _opened(terminal: Terminal) -> tuple[float, float] | None:
    """Open the chat under the cursor; seconds to its title and to its suggestions on screen, None
    where there are none."""
    before, title = _pane(terminal), terminal.rows[1][TITLE:COLUMN]
    titled: list[float] = []

    def seen() -> bool:
        if not titled and terminal.rows[1][TITLE:COLUMN] != title:
            titled.append(terminal.last_write)
        now = _pane(terminal)
        return now != before and _FIRST.search(now) is not None

    start = time.monotonic()
    terminal.send("\r")
    try:
        terminal.until(seen, 3, "suggestions on the screen")
        took = terminal.last_write - start
    except Gone:
        took = 0.0
    terminal.settle(0.4)
    terminal.send("\x1b")
    terminal.wait_for(IN_THE_LIST)
    return (titled[0] - start, took) if titled and took else None


def _measured(place: DeskHome, running: RunningShop, file: Path) -> tuple[list[float], list[float]]:
    chats: list[float] = []
    took: list[float] = []
    with desk(place, running, REVIVATUI_CRM=str(file)) as terminal:
        terminal.resize(*SIZE)
        terminal.wait_for("live", 60)
        terminal.settle(8.0, 90)  # the texts are read behind the start
        to_top_of_all(terminal)
        for turn in range(4 * SAMPLES):
            if turn:
                terminal.send("j")
                terminal.settle(0.2)
            one = _opened(terminal)
            if one is not None:
                chats.append(one[0])
                took.append(one[1])
            if len(took) == SAMPLES:
                break
        leave(terminal)
    return chats, took
