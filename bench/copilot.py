"""From opening a chat to suggestions on screen: the real desk, the demo shop's texts and repairs.

Each chat is opened for the first time, and no model takes part. Two ways of an agent: down the list
with the keys, a chat after the other, where the desk has the time of a glance to think ahead; and a
click anywhere, where nothing was thought and the CRM is asked. The first chats are opened while the
shop's texts are read for the first time on this machine; they are in the figure of all of them, and
told apart below it.
"""

from __future__ import annotations

import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from bench.loaded import to_top_of_all
from bench.measures import HEAD_LINES, milliseconds
from bench.repairs import IN_THE_LIST, fill_crm
from bench.setting import RunningShop, desk, home, leave, shop
from bench.table import Figure, percentile
from tools.terminal import Gone, Terminal

SAMPLES: Final = 40
CLICKS: Final = 20
FIRST: Final = 5
"""Chats that are opened while the shop's texts are read."""
ROW_LINES: Final = 2
APART: Final = 4
"""Rows between two clicks, so that none is beside a chat that was open before."""
P50_MS: Final = 30.0
P95_MS: Final = 100.0
SIZE: Final = (200, 50)
TITLE: Final = 64
"""Where the thread begins."""
COLUMN: Final = 158
"""Where the column beside the thread begins."""
_FIRST: Final = re.compile(r"\b1 (record|answer|price|perhaps) ")


Took = list[tuple[float, float]]
"""Of each chat: the seconds to the chat itself, and to its suggestions."""


def copilot_figures(data: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="revivatui-bench-copilot-") as folder:
        file = Path(folder) / "crm.sqlite3"
        with shop(data / "copilot", "demo") as running, home() as place:
            fill_crm(running, file)
            yield Figure("texts that suggestions come from", _texts(running, file), "")
            with desk(place, running, REVIVATUI_CRM=str(file)) as terminal:
                terminal.resize(*SIZE)
                terminal.wait_for("live", 60)
                terminal.settle(8.0, 90)
                to_top_of_all(terminal)
                by_keys = _by_keys(terminal)
                yield from _told("opening a chat by keys", by_keys, P50_MS, P95_MS)
                for name, part in (("first", by_keys[:FIRST]), ("later", by_keys[FIRST:])):
                    yield from milliseconds(
                        f"of these the {name} ones to suggestions", [took for _, took in part], None
                    )
                yield from _told("opening a chat by a click", _by_clicks(terminal), None, None)
                leave(terminal)


def _told(name: str, chats: Took, p50: float | None, p95: float | None) -> Iterator[Figure]:
    titled, took = ([one[at] for one in chats] for at in (0, 1))
    yield from milliseconds(f"{name} to the chat itself", titled, None)
    yield Figure(
        f"{name} to suggestions on screen, median", percentile(took, 0.5) * 1000, "ms", bound=p50
    )
    yield from milliseconds(f"{name} to suggestions on screen", took, p95)


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


def _opened(terminal: Terminal, act: Callable[[], None]) -> tuple[float, float] | None:
    """Open a chat; seconds to its title and to its suggestions on screen, None where there are
    none."""
    before, title = _pane(terminal), terminal.rows[1][TITLE:COLUMN]
    titled: list[float] = []

    def seen() -> bool:
        if not titled and terminal.rows[1][TITLE:COLUMN] != title:
            titled.append(terminal.last_write)
        now = _pane(terminal)
        return bool(titled) and now != before and _FIRST.search(now) is not None

    start = time.monotonic()
    act()
    try:
        terminal.until(seen, 3, "suggestions on the screen")
        took = terminal.last_write - start
    except Gone:
        took = 0.0
    terminal.settle(0.4)
    terminal.send("\x1b")
    terminal.wait_for(IN_THE_LIST)
    return (titled[0] - start, took) if titled and took else None


def _by_keys(terminal: Terminal) -> Took:
    """Down the list, each row looked at for a moment."""
    chats: Took = []
    for turn in range(4 * SAMPLES):
        if turn:
            terminal.send("j")
            terminal.settle(0.2)
        one = _opened(terminal, lambda: terminal.send("\r"))
        if one is not None:
            chats.append(one)
        if len(chats) == SAMPLES:
            break
    return chats


def _by_clicks(terminal: Terminal) -> Took:
    """Further down, a chat here and a chat there."""
    chats: Took = []
    for _page in range(CLICKS):
        terminal.send("\x1b[6~")
        terminal.settle(0.5)
        for line in range(HEAD_LINES + APART * ROW_LINES, SIZE[1] - APART, APART * ROW_LINES):
            one = _opened(terminal, lambda line=line: terminal.click(8, line))  # type: ignore[misc]
            if one is not None:
                chats.append(one)
            if len(chats) == CLICKS:
                return chats
    return chats
