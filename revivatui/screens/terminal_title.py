"""The terminal itself, and what its own title says: the account, and how many alerts wait."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from revivatui.text.safe import safe_line
from revivatui.text.width import truncate

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import App

    from revivatui.state.models import Account

NAME = "RevivaTUI"
_BROADEST = 60
"""Cells of an account's name."""


class OwnTerminal:
    """The terminal below a program, for what is no part of its screens."""

    def __init__(self, app: App[None]) -> None:
        self._app = app

    def write(self, sequence: str) -> None:
        driver = self._app._driver
        if driver is not None and not self._app.is_headless and sys.__stdout__ is not None:
            driver.write(sequence)

    def writes_waiting(self) -> int:
        """Writes queued for a slow terminal (Textual's writer thread; 0 where there is none)."""
        writer = getattr(self._app._driver, "_writer_thread", None)
        queue = getattr(writer, "_queue", None)
        return queue.qsize() if queue is not None else 0


class TerminalTitle:
    def __init__(self, write: Callable[[str], None]) -> None:
        """`write` sends a sequence to the terminal, where there is one."""
        self._write = write
        self._account = ""
        self._alerts = 0
        self.said = ""
        """The title as it was last set."""

    def keep(self) -> None:
        """Have the terminal remember the title it has, to be put back."""
        self._write("\x1b[22;0t")
        self._say()

    def put_back(self) -> None:
        self._write("\x1b[23;0t")

    def name(self, account: Account | None) -> None:
        if account is not None:
            self._account = truncate(account.name, _BROADEST)
            self._say()

    def count(self, alerts: int) -> None:
        self._alerts = alerts
        self._say()

    def _say(self) -> None:
        title = f"{self._account} - {NAME}" if self._account else NAME
        if self._alerts:
            title = f"(!{self._alerts}) {title}"
        if title != self.said:
            self.said = title
            self._write(f"\x1b]0;{safe_line(title)}\x1b\\")
