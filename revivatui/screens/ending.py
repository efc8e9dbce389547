"""The end of the desk by a signal or with its terminal, as by quitting."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial

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
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            loop.call_soon_threadsafe(leave, 128 + number)

    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, ended)
    if sys.__stdin__ is not None and sys.__stdin__.isatty():
        watch = partial(_wait_for_hang_up, sys.__stdin__.fileno(), partial(ended, signal.SIGHUP))
        threading.Thread(target=watch, name="terminal is there", daemon=True).start()


def _wait_for_hang_up(terminal: int, gone: Callable[[None], object]) -> None:
    """The kernel tells only who leads the session, and a `make` or a launcher tells nobody."""
    poll = select.poll()
    poll.register(terminal, 0)  # nothing but its end
    if any(told & select.POLLHUP for _, told in poll.poll()):
        gone(None)
