"""When a test may take the program under it for idle.

Pilot looks at the processor's time that the process used. On a busy machine a process gets none
while it has work to do, and looks idle. So the event loop is looked at too: nothing may be ready to
run at any of a few looks in a row.
"""

from __future__ import annotations

import asyncio
from time import monotonic, process_time
from typing import Any, Final, cast

import pytest
from textual import app, pilot

LOOKS: Final = 4
BETWEEN: Final = 0.005
LONGEST: Final = 2.0
"""Seconds between two looks, and after which a program that never rests is taken as it is."""
RESTING: Final = 0.1
"""The share of a processor that a program at rest may take."""


async def wait_for_idle(_least: float = 0, max_sleep: float = LONGEST) -> None:
    """Wait until the loop had nothing to run at a few looks in a row; both in seconds."""
    loop = cast("Any", asyncio.get_running_loop())
    began = monotonic()
    looks, looked_at, used = 0, began, process_time()
    while monotonic() - began < max_sleep:
        await asyncio.sleep(BETWEEN)
        if loop._ready:
            looks, looked_at, used = 0, monotonic(), process_time()
            continue
        looks += 1
        if looks < LOOKS:
            continue
        if process_time() - used < RESTING * (monotonic() - looked_at):
            return
        looks, looked_at, used = 0, monotonic(), process_time()


def look_at_the_loop(patch: pytest.MonkeyPatch) -> None:
    """Let Pilot wait by this. Fails where Textual has no such function any more."""
    for module in (app, pilot):
        patch.setattr(module, "wait_for_idle", wait_for_idle)
