"""The end of the desk by a signal, as by quitting."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable

WATCHDOG = 2.0
"""Seconds after which a desk that was told to end by a signal ends, whatever hangs."""


def end_with_signals(leave: Callable[[int], object]) -> None:
    """HUP and TERM end the desk as quitting does; drafts and the journal are on disk already.

    `leave` is called on the loop with the exit code. The loop may hang on a terminal that is
    gone, so a thread ends the process if it must.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()

    def ended(number: int, _frame: object) -> None:
        watchdog = threading.Timer(WATCHDOG, os._exit, (128 + number,))
        watchdog.daemon = True
        watchdog.start()
        loop.call_soon_threadsafe(leave, 128 + number)

    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, ended)
