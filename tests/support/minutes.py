"""Desks whose minute passes several times a second: what begins with every minute of the clock
meets every test, instead of one in so many runs the test that happened to cross one.

Not part of the suite. It finds tests (and code) that hold only within a minute:

    make test ARGS="-p tests.support.minutes"

What a change waits for before it is given up, a whole minute, is as long as ever.
"""

from __future__ import annotations

import asyncio
from typing import Final

from revivatui.engine.engine import Engine
from revivatui.state.events import MinutePassed

EVERY: Final = 0.15
"""Seconds."""


async def _often(engine: Engine) -> None:
    desk = engine._desk
    while True:
        await asyncio.sleep(EVERY)
        begun = desk.state.minute_at
        desk.dispatch(MinutePassed(desk.now()))
        desk.state.minute_at = begun


# For every engine, those included that the app makes in tests of screens. To the type checker a
# method is not to be put in another's place; here that is the purpose.
Engine._minutes = _often  # type: ignore[assignment,method-assign]


def pytest_report_header() -> str:
    return f"minutes: one in {EVERY} s"
