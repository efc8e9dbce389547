"""How much work something is, told in calls: the same on every machine and under any load."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from types import FrameType

_CALLS = ("call", "c_call")


def calls_of(work: Callable[[], object]) -> int:
    """How many functions run while `work` runs, those written in C among them.

    It sees no loop inside of C: what a pattern or a sort costs is for `make bench`. Nothing else's
    garbage is collected meanwhile: what is told of it, and finalizers, would count.
    """
    count = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in _CALLS

    before, collects = sys.getprofile(), gc.isenabled()
    gc.disable()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()
    return count
