"""A desk of the shop's administrator, in the Admin room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from revivatui.screens.admin import AdminScreen
from revivatui.screens.admin_preview import PreviewScreen
from tests.support.shops import Stage
from tests.ui.desk_help import OnScreen, make_app

SIZES = ((80, 24), (120, 30))


@asynccontextmanager
async def admin_on(
    stage: Stage, folder: Path, size: tuple[int, int] = SIZES[1], section: str = "", **options: Any
) -> AsyncIterator[OnScreen]:
    """The room with a section open, read."""
    app = make_app(stage.url, stage.administrator["token"], folder, **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = OnScreen(app, pilot)
        await desk.until(lambda: app.session is not None and desk.state.me, "signed in")
        await desk.until(lambda: desk.state.link.state == "live", "a live link")
        await desk.until(lambda: desk.inbox.complete, "everything mounted")
        await desk.press("D")
        await desk.until(lambda: isinstance(app.screen, AdminScreen), "the room")
        if section:
            room_of(desk).go(section)
        await desk.until(lambda: room_of(desk).current.was_read, "the section read")
        await desk.until(lambda: room_of(desk).lines.lines, "lines")
        yield desk


def room_of(desk: OnScreen) -> AdminScreen:
    found = [one for one in desk.app.screen_stack if isinstance(one, AdminScreen)]
    return found[0]


async def preview(desk: OnScreen) -> PreviewScreen:
    """The preview on the screen."""
    await desk.until(lambda: isinstance(desk.app.screen, PreviewScreen), "a preview")
    screen = desk.app.screen
    assert isinstance(screen, PreviewScreen)
    await desk.until(lambda: screen.is_sure, "time to look")
    return screen


async def choose(desk: OnScreen, text: str) -> None:
    """Put the cursor of the room on the line with this text."""
    room = room_of(desk)
    for _ in range(60):
        place = room.lines._cursor
        line = room.lines.lines[place] if place is not None else None
        if line is not None and text in "".join(piece.text for piece in line.pieces):
            return
        await desk.press("down")
    raise AssertionError(f"no line {text!r}:\n{desk.text()}")
