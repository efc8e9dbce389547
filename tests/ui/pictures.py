"""What pictures of a desk begin and end with."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.ui.desk_help import OnScreen
from tests.ui.quiet_engine import QuietEngine
from tests.ui.scene import SceneApp


async def mounted(pilot: Pilot[None]) -> OnScreen:
    """The desk of a scene when it is whole, and with an engine that changes nothing."""
    assert isinstance(pilot.app, SceneApp)
    desk = OnScreen(pilot.app, pilot)
    await desk.until(lambda: desk.inbox.complete, "everything mounted")
    QuietEngine(pilot.app)
    return desk


async def at_rest(pilot: Pilot[None]) -> None:
    """Nothing changes any more on a scene's screen."""
    assert isinstance(pilot.app, SceneApp)
    await OnScreen(pilot.app, pilot).still()


async def pressed(desk: OnScreen, *keys: str) -> None:
    """Press keys as a person does, who looks after each."""
    for key in keys:
        await desk.press(key)
        await desk.still()
    await desk.pilot.pause()
