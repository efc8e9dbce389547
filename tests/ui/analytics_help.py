"""The room of analytics in a test's hands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from revivatui.screens.analytics import AnalyticsScreen
from tests.support.shops import Stage
from tests.ui.desk_help import OnScreen, make_app


@asynccontextmanager
async def analytics(
    stage: Stage, folder: Path, size: tuple[int, int] = (120, 30), who: str = "administrator",
    **how: Any,
) -> AsyncIterator[tuple[OnScreen, AnalyticsScreen]]:  # fmt: skip
    """The room, with everything read that it asks for by itself."""
    app = make_app(stage.url, getattr(stage, who)["token"], folder, **how)
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = OnScreen(app, pilot)
        await desk.until(lambda: app.session is not None and desk.state.link.state == "live")
        await desk.until(lambda: desk.state.agents, "the agents known")
        await desk.press("N")
        await desk.until(lambda: isinstance(app.screen, AnalyticsScreen))
        screen = app.screen
        assert isinstance(screen, AnalyticsScreen)
        await read(desk, screen)
        yield desk, screen


async def read(desk: OnScreen, screen: AnalyticsScreen) -> None:
    await desk.until(lambda: not screen.is_reading, "everything read")
    await desk.pilot.pause()


def count_of(stage: Stage, query: str, *given: Any) -> int:
    row = stage.shop.db.one(query, given)
    assert row is not None
    return int(row["n"])
