"""Which file is whose: each profile, server, account and agent has one of its own.

The first agent of a desk has the desk's file, every further one a file beside it; the first file
remembers who was there last.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from revivatui.cache.schema import is_damage, move
from revivatui.cache.store import Cache, CacheError
from revivatui.cache.windows import leave


def open_for(first: Path, user_id: int = 0) -> Cache:
    """Open the file of an agent of the desk whose file is `first`; 0: of whoever was there last.

    Raises CacheError.
    """
    cache = Cache.open(first)
    try:
        owner = cache.owner()
        wanted = user_id or cache.last_user() or owner
        if user_id and owner:
            cache.note_last_user(user_id)
        if not wanted or cache.claim(wanted):
            return cache
        said = cache.message
    except BaseException:
        cache.close()
        raise
    cache.close()
    other = Cache.open(file_of(first, wanted))
    other.message = " ".join(filter(None, (said, other.message)))
    other.claim(wanted)
    return other


def file_of(first: Path, user_id: int) -> Path:
    """The file of an agent who is not the first of the desk."""
    return first.with_name(f"{first.stem}-agent{user_id}{first.suffix}")


def take_over(old: Path, new: Path) -> None:
    """Give a file the name it has now. Raises CacheError while another window has it open."""
    if new.exists() or not old.exists():
        return
    try:
        with closing(sqlite3.connect(old, timeout=0.2, isolation_level=None)) as connection:
            # Everything into the one file, which another window would not allow.
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        if not is_damage(error):
            raise CacheError(
                f"What was kept on this machine ({old.name}) is open in another window of the "
                "desk. Nothing is kept until that is closed and this one started again."
            ) from error
    try:
        move(old, new)
        leave(old)
    except OSError as error:
        raise CacheError(f"{old} cannot be renamed: {error.strerror}.") from error
