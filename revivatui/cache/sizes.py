"""How much is kept on this machine, for people who wonder about their disk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple


class Kept(NamedTuple):
    """The size of the file with its log (bytes), and what it holds."""

    size: int
    threads: int
    messages: int


def kept(path: Path) -> Kept | None:
    """Look into a cache file without changing it; None where there is none or it is unreadable."""
    if not path.exists():
        return None
    beside = (path, path.with_name(f"{path.name}-wal"))
    size = sum(one.stat().st_size for one in beside if one.exists())
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            threads = file.execute("SELECT count(*) FROM threads").fetchone()[0]
            messages = file.execute("SELECT count(*) FROM messages").fetchone()[0]
    except sqlite3.Error:
        return None
    return Kept(size, threads, messages)
