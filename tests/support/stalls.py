"""A machine that stands still at random moments: what a busy one does to a program, on a quiet one.

Not part of the suite. It finds tests (and code) that hold only while nothing is slow:

    make test ARGS="-p tests.support.stalls"
    REVIVATUI_STALLS=7 make test ARGS="-p tests.support.stalls tests/ui"

Each test has its own sequence of stalls, drawn from the seed and the test's name, and what it left
open is found at its own end.
"""

from __future__ import annotations

import gc
import os
import random
import time
from asyncio import base_events
from typing import Any, Final

import pytest

OFTEN: Final = 0.01
"""How likely a turn of an event loop is preceded by a stall."""
LONG: Final = 0.1
"""How many of the stalls are long ones."""
SHORTEST, SHORT, LONGEST = 0.002, 0.03, 0.3
"""Seconds."""

_SEED: Final = os.environ.get("REVIVATUI_STALLS", "1")
_draw = random.Random(_SEED)
_turn = base_events.BaseEventLoop._run_once  # type: ignore[attr-defined]


def _stalled_turn(loop: Any) -> None:
    if _draw.random() < OFTEN:
        long = _draw.random() < LONG
        time.sleep(_draw.uniform(SHORTEST, LONGEST if long else SHORT))
    _turn(loop)


base_events.BaseEventLoop._run_once = _stalled_turn  # type: ignore[attr-defined]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    _draw.seed(f"{_SEED}:{item.nodeid}")


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    gc.collect()


def pytest_report_header() -> str:
    return f"stalls: seed {_SEED} (REVIVATUI_STALLS)"
