"""Memory that nobody uses any more, given back to the machine."""

from __future__ import annotations

import gc
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def give_memory_back() -> bool:
    """Collect what is unreachable, and let the C library return the pages it keeps for later; it
    keeps ever more of them in a program that runs for weeks. Gives whether it returned any.

    Takes some milliseconds; nothing happens where the C library knows no such thing.
    """
    gc.collect()
    return give_pages_back()


def give_pages_back() -> bool:
    """The same without collecting, which would hold every key up for a moment."""
    trim = _trim()
    return trim is not None and bool(trim(0))


def settle() -> None:
    """What is in memory now is there to stay: the collector does not walk all of it again every
    few chats, which would hold the desk up for a tenth of a second. What nobody refers to any more
    goes as before; only what refers to itself in a circle stays, of what is there now."""
    gc.freeze()


@cache
def _trim() -> Callable[[int], int] | None:
    import ctypes

    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):
        return None  # not glibc
    trim.argtypes, trim.restype = [ctypes.c_size_t], ctypes.c_int
    return lambda pad: int(trim(pad))
