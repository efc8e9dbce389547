"""How much work something is, told in calls: the same on every machine and under any load."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

_CALLS = ("call", "c_call")


def calls_of(work: Callable[[], object]) -> int:
    """How many functions run while `work` runs, those written in C among them.

    It sees no loop inside of C: what a pattern or a sort costs is for `make bench`.
    """
    count = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in _CALLS

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
