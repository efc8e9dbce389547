"""The Team screen under test: opened on the embedded shop, with colleagues who come and go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from revivatui import config
from revivatui.screens.team import TeamScreen
from revivatui.shop.people.ear import Ear
from tests.support.shops import Stage
from tests.ui.desk_help import OnScreen, desk_on, make_app


@asynccontextmanager
async def team_of(
    stage: Stage,
    folder: Path,
    size: tuple[int, int] = (120, 36),
    who: str = "administrator",
    **options: Any,
) -> AsyncIterator[tuple[OnScreen, TeamScreen]]:
    """A desk of the administrator, or of the agent, in the room of the team."""
    if who == "agent":
        async with desk_on(stage, folder, size, **options) as desk:
            yield desk, await open_team(desk)
        return
    settings = config.Settings(crm_url="")
    app = make_app(stage.url, stage.administrator["token"], folder, settings, **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = OnScreen(app, pilot)
        await desk.until(
            lambda: app.session is not None and desk.state.link.state == "live", "a live link"
        )
        yield desk, await open_team(desk)


async def open_team(desk: OnScreen) -> TeamScreen:
    await desk.press("T")
    await desk.until(lambda: isinstance(desk.app.screen, TeamScreen))
    screen = desk.app.screen
    assert isinstance(screen, TeamScreen)
    await desk.until(lambda: screen._figures is not None and screen._inboxes is not None)
    return screen


@asynccontextmanager
async def at_desk(stage: Stage, user: Any) -> AsyncIterator[None]:
    """A colleague with a desk open, that ticks as browsers do."""
    identity = {"pubsub_token": user["pubsub_token"], "account_id": 1, "user_id": user["id"]}
    async with Ear(stage.url, identity):
        yield


def held_by(stage: Stage, user_id: int) -> int:
    """Open conversations that the server's database has for an agent."""
    row = stage.shop.db.one(
        "SELECT count(*) AS n FROM conversations WHERE assignee_id = ? AND status = ?",
        (user_id, "open"),
    )
    assert row is not None
    return int(row["n"])


def everybody_goes_with_their_desk(stage: Stage) -> None:
    stage.shop.db.execute("UPDATE account_users SET auto_offline = 1, availability = 'online'")
