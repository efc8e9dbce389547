"""The whole desk on the embedded shop, driven by Pilot: what is on the screen is what counts."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widget import Widget

from revivatui import config
from revivatui.app import DeskApp
from revivatui.paths import Paths
from revivatui.screens.crm_desk import CrmDesk
from revivatui.screens.inbox import InboxScreen
from revivatui.state.state import State
from revivatui.text.width import take
from tests.support.desks import PATIENCE
from tests.support.shops import Stage

LOOKS = 3
SEED = 5


class OnScreen:
    """A desk under test: its screen as text, and hands to use it with."""

    def __init__(self, app: DeskApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def state(self) -> State:
        assert self.app.session is not None
        return self.app.session.state

    @property
    def crm(self) -> CrmDesk:
        assert self.app.session is not None
        return self.app.session.crm

    @property
    def inbox(self) -> InboxScreen:
        found = [screen for screen in self.app.screen_stack if isinstance(screen, InboxScreen)]
        return found[0]

    def lines(self) -> list[str]:
        """What stands on the screen, a line each."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    def text(self) -> str:
        return "\n".join(self.lines())

    async def until(self, true: Callable[[], object], what: str = "") -> None:
        """Wait until something is so."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not true():
                    await self.pilot.pause(0.02)
        except TimeoutError:
            raise AssertionError(f"never happened: {what or true}\n{self.text()}") from None

    async def sees(self, text: str) -> None:
        await self.until(lambda: text in self.text(), f"{text!r} on the screen")

    async def sees_no(self, text: str) -> None:
        await self.until(lambda: text not in self.text(), f"{text!r} gone from the screen")

    async def still(self) -> None:
        """Wait until nothing has changed on the screen for a few looks in a row."""
        seen, times = "", 0
        while times < LOOKS:
            await self.pilot.pause(0.05)
            now = self.text()
            seen, times = now, times + 1 if now == seen else 0

    async def look(self) -> None:
        """A hand is no faster than an eye: wait until the list stands still for a moment."""
        inboxes = [screen for screen in self.app.screen_stack if isinstance(screen, InboxScreen)]
        await self.until(lambda: all(one.list.hand.is_sure for one in inboxes), "a still list")

    def goes_nowhere(self) -> bool:
        """Keys go to something that nobody can see."""
        focused = self.app.screen.focused
        return focused is not None and not all(
            node.display for node in focused.ancestors_with_self if isinstance(node, Widget)
        )

    async def press(self, *keys: str) -> None:
        await self.look()
        await self.until(lambda: not self.goes_nowhere(), "keys that go to what is seen")
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        names = {" ": "space", "\n": "ctrl+j", "/": "slash"}
        await self.pilot.press(*(names.get(letter, letter) for letter in text))

    def find(self, text: str, nth: int = 0, from_line: int = 0) -> tuple[int, int]:
        """Column and line, in cells, of a text on the screen."""
        for number, line in enumerate(self.lines()):
            if number < from_line:
                continue
            at = line.find(text)
            while at >= 0:
                if nth == 0:
                    return _cells(line[:at]), number
                nth -= 1
                at = line.find(text, at + 1)
        raise AssertionError(f"{text!r} is not on the screen:\n{self.text()}")

    async def click(self, text: str, nth: int = 0, from_line: int = 0) -> None:
        """Click the middle of a text on the screen."""
        await self.sees(text)
        await self.look()
        column, line = self.find(text, nth, from_line)
        await self.pilot.click(offset=(column + len(text) // 2, line))

    async def live(self) -> None:
        await self.until(
            lambda: self.app.session is not None and self.state.link.state == "live", "a live link"
        )
        await self.until(lambda: self.inbox.complete, "everything mounted")
        await self.until(lambda: self.inbox.list.ids, "rows in the list")


def _cells(text: str) -> int:
    from revivatui.text.width import width

    assert take(text, 10_000) == len(text)
    return width(text)


def make_app(
    stage_url: str, token: str | None, folder: Path, settings: config.Settings | None = None,
    alerts: bool = False, copilot: bool = False, **options: Any,
) -> DeskApp:  # fmt: skip
    """A desk of account 1 with its files in a folder of its own, and no CRM, no alerts and no
    suggestions unless told of them: the shop's customers wait for days."""
    random.seed(SEED)
    given = replace(settings or config.Settings(crm_url=""), alerts_on=alerts, copilot_on=copilot)
    settings = config.with_profile(given, stage_url, 1)
    paths = Paths.under(folder)
    paths.make()
    return DeskApp(settings, paths, lambda: (token, "There is no token."), **options)


@asynccontextmanager
async def desk_on(
    stage: Stage, folder: Path, size: tuple[int, int] = (120, 30), **options: Any
) -> AsyncIterator[OnScreen]:
    """A desk signed in as the shop's agent, live."""
    app = make_app(stage.url, stage.agent["token"], folder, **options)
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = OnScreen(app, pilot)
        await desk.live()
        yield desk
