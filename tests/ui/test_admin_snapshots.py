"""The Admin room as pictures, each looked at when it was taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from revivatui import config
from revivatui.app import DeskApp
from revivatui.widgets.symbols import symbols
from tests.support.shop_beside import ShopBeside
from tests.support.shops import Stage, Template
from tests.ui.admin_help import room_of
from tests.ui.desk_help import OnScreen, make_app

Compare = Callable[..., bool]
SIZES = ((80, 24), (120, 30), (200, 50))
VERSION = "4.10.1"


@pytest.fixture
def beside(shop_template: Callable[[str], Template], tmp_path: Path) -> Iterator[Stage]:
    shop = ShopBeside(shop_template(VERSION), tmp_path / "shop")
    assert shop.stage is not None
    yield shop.stage
    shop.close()


def desk_of(stage: Stage, folder: Path, who: str = "administrator", **looks: Any) -> DeskApp:
    person = stage.administrator if who == "administrator" else stage.agent
    settings = replace(config.Settings(crm_url="", theme="nordic"), **looks)
    return make_app(stage.url, person["token"], folder, settings)


def shown_by(section: str, *keys: str, field: tuple[str, str] | None = None) -> Any:
    """Open the room and a section, fill a field in, then press keys."""

    async def show(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, DeskApp)
        desk = OnScreen(app, pilot)
        await desk.until(lambda: app.session is not None and desk.state.me, "signed in")
        await desk.until(lambda: desk.state.link.state == "live", "a live link")
        await desk.until(lambda: desk.state.agents, "colleagues")
        await desk.press("D")
        if not section:
            await desk.sees("The administration is for")
            return
        room_of(desk).go(section)
        await desk.until(lambda: room_of(desk).current.was_read, "the section read")
        await desk.until(lambda: room_of(desk).lines.lines, "lines")
        for key in keys:
            await desk.press(key)
            await desk.still()
            if field is not None and key in ("a", "enter") and hasattr(app.screen, "_boxes"):
                app.screen._boxes[field[0]].value = field[1]
        await desk.still()

    return show


PICTURES: dict[str, tuple[tuple[int, int], Any]] = {
    "agents-80": (SIZES[0], shown_by("agents")),
    "agents-200": (SIZES[2], shown_by("agents")),
    "canned-120": (SIZES[1], shown_by("canned")),
    "preview-80": (SIZES[0], shown_by("labels", "enter", "ctrl+s", field=("title", "visit"))),
    "remove-120": (SIZES[1], shown_by("teams", "d")),
    "wrong-80": (SIZES[0], shown_by("hours", "enter", "ctrl+s", field=("1", "18-9"))),
    "hours-120": (SIZES[1], shown_by("hours")),
    "empty-80": (SIZES[0], shown_by("macros")),
}


@pytest.mark.parametrize("name", PICTURES)
def test_admin(snap_compare: Compare, beside: Stage, tmp_path: Path, name: str) -> None:
    size, show = PICTURES[name]
    app = desk_of(beside, tmp_path / "desk")
    assert snap_compare(app, terminal_size=size, run_before=show)


@pytest.mark.parametrize("look", ["agent", "nordic-dark", "ascii"])
def test_admin_otherwise(snap_compare: Compare, beside: Stage, tmp_path: Path, look: str) -> None:
    who = "agent" if look == "agent" else "administrator"
    looks: dict[str, Any] = {"nordic-dark": {"theme": look}, "ascii": {"ascii_only": True}}
    app = desk_of(beside, tmp_path / "desk", who, **looks.get(look, {}))
    show = shown_by("") if look == "agent" else shown_by("inboxes", "enter")
    try:
        assert snap_compare(app, terminal_size=SIZES[1], run_before=show)
    finally:
        symbols.use_ascii = False
