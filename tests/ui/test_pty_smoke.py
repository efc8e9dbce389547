"""The whole program in a real pseudo-terminal, as `make demo` runs it."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from pathlib import Path

from tools.terminal import Terminal

DEMO = [sys.executable, "-m", "revivatui", "demo", "--people", "none"]


def desk(data: Path, columns: int = 120, lines: int = 40) -> Terminal:
    return Terminal([*DEMO, "--data", str(data)], columns, lines)


def replies_in(shop_folder: Path, content: str) -> int:
    """How often the shop's database holds a message with this text."""
    (file,) = shop_folder.rglob("shop-*.sqlite3")
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        found = database.execute("SELECT count(*) FROM messages WHERE content = ?", (content,))
        return int(found.fetchone()[0])
    finally:
        database.close()


def open_first_chat(terminal: Terminal) -> None:
    terminal.wait_for("live", 60)
    terminal.settle(0.7, 30)
    terminal.send("\r")
    terminal.wait_for("Reply to", 60)
    terminal.settle(0.7, 30)


def test_a_reply_typed_in_a_terminal_is_stored_once_and_the_program_leaves_it_clean(
    tmp_path: Path,
) -> None:
    with desk(tmp_path) as terminal:
        terminal.raw = bytearray()
        open_first_chat(terminal)
        terminal.send("r")
        terminal.send("Hello from a real terminal")
        terminal.wait_for("Hello from a real terminal")
        terminal.send("\r")
        terminal.until(lambda: replies_in(tmp_path, "Hello from a real terminal") == 1)
        terminal.resize(80, 24)
        terminal.settle(0.7, 30)
        terminal.wait_for("Hello from a real terminal")
        terminal.send("\x11")  # ctrl+q
        assert terminal.wait_exit(20) == 0
        left = bytes(terminal.raw[-400:])
    assert b"\x1b[?1049l" in left, "the alternate screen was not left"
    assert b"\x1b[?25h" in left, "the cursor was not shown again"
    assert replies_in(tmp_path, "Hello from a real terminal") == 1


def test_a_terminal_that_goes_away_takes_no_draft_with_it(tmp_path: Path) -> None:
    with desk(tmp_path) as terminal:
        open_first_chat(terminal)
        terminal.send("r")
        terminal.send("half a thought")
        terminal.wait_for("half a thought")
        os.kill(terminal.pid, signal.SIGHUP)
        terminal.wait_exit(20)
    with desk(tmp_path) as terminal:
        open_first_chat(terminal)
        terminal.wait_for("half a thought", 60)


WAITS = """
import signal, subprocess, sys
signal.signal(signal.SIGHUP, lambda *_: None)
sys.exit(subprocess.call(sys.argv[1:]))
"""
"""What starts a program and waits for it, as make does: it alone is told of a closed window."""


def test_a_desk_ends_with_its_terminal_though_nobody_tells_it(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", WAITS, *DEMO, "--data", str(tmp_path)]
    with Terminal(argv, 120, 40) as terminal:
        terminal.wait_for("live", 60)
        terminal.hang_up()
        assert terminal.wait_exit(20) == 128 + signal.SIGHUP
