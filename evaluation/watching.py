"""Watches what a piece of work does to the world: connections, processes, files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

_WRITES: Final = os.O_WRONLY | os.O_RDWR
_ACTS: Final = frozenset(
    {
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "webbrowser.open",
        "smtplib.connect",
        "ftplib.connect",
        "os.remove",
        "os.rename",
    }
)


class Watch:
    """What was done while it watched, beside asking the one server that may be asked."""

    def __init__(self) -> None:
        self.allowed: set[int] = set()
        """Ports on this machine."""
        self.acts: list[str] = []
        self.is_on = False

    def note(self, what: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if what == "socket.connect":
            address = arguments[1]
            is_ours = isinstance(address, tuple) and address[0] in ("127.0.0.1", "::1")
            if not is_ours or address[1] not in self.allowed:
                self.acts.append(f"connect {address}")
        elif what == "socket.getaddrinfo":
            if arguments[0] not in ("127.0.0.1", "localhost", None):
                self.acts.append(f"look up {arguments[0]}")
        elif what == "open":
            path, _, flags = arguments
            is_open = isinstance(path, int)  # and was noted when it was opened
            if isinstance(flags, int) and flags & _WRITES and not is_open and not _is_python(path):
                self.acts.append(f"write {path}")
        elif what in _ACTS and not (what == "os.rename" and _is_python(arguments[1])):
            self.acts.append(what)


def _is_python(path: object) -> bool:
    """Whether it is what Python keeps of a module that it imports for the first time."""
    return "__pycache__" in str(path)


_WATCH: Final = Watch()
_HOOKED: list[bool] = []


@contextmanager
def watching(*allowed: int) -> Iterator[Watch]:
    """Everything that this process does meanwhile; hooks of Python itself, which nothing evades
    that is written in Python."""
    if not _HOOKED:
        sys.addaudithook(_WATCH.note)
        _HOOKED.append(True)
    _WATCH.allowed, _WATCH.acts, _WATCH.is_on = set(allowed), [], True
    try:
        yield _WATCH
    finally:
        _WATCH.is_on = False
