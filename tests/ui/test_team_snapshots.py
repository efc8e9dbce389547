"""The Team screen and the wallboard as pictures, each looked at when it was taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from revivatui.widgets.symbols import symbols
from tests.ui.desk_help import OnScreen
from tests.ui.pictures import pressed
from tests.ui.scene import SceneApp
from tests.ui.team_scene import TeamEngine, told

Compare = Callable[..., bool]
SMALL, MIDDLE, LARGE = (80, 24), (120, 40), (200, 50)


def shown_by(*keys: str, sees: str = "as of 14:05") -> Callable[[Pilot[None]], Any]:
    """Open the room, then press keys."""

    async def show(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, SceneApp)
        desk = OnScreen(pilot.app, pilot)
        await desk.until(lambda: desk.inbox.complete, "everything mounted")
        TeamEngine(pilot.app)
        await desk.press("T")
        await desk.sees("as of 14:05")
        await pressed(desk, *keys)
        await desk.sees(sees)

    return show


@pytest.mark.parametrize(
    ("size", "keys", "sees"),
    [
        (SMALL, (), "at the limit"),
        (MIDDLE, (), "at the limit"),
        (LARGE, (), "at the limit"),
        (MIDDLE, ("t",), "in it for"),
        (SMALL, ("t",), "in it for"),
        (MIDDLE, ("right", "enter"), "came to them"),
        (SMALL, ("w",), "unattended"),
        (LARGE, ("w",), "unattended"),
    ],
    ids=lambda value: "x".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_team(
    snap_compare: Compare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    keys: tuple[str, ...],
    sees: str,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = SceneApp(tmp_path, "nordic", *told())
    assert snap_compare(app, terminal_size=size, run_before=shown_by(*keys, sees=sees))


@pytest.mark.parametrize("look", ["nordic-dark", "ascii", "agent", "ascii-wall"])
def test_team_otherwise(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    theme = look if look.startswith("nordic") else "nordic"
    role = "agent" if look == "agent" else "administrator"
    app = SceneApp(tmp_path, theme, *told(role))
    if look.startswith("ascii"):
        app.settings = replace(app.settings, ascii_only=True)
        symbols.use_ascii = True
    keys = {"ascii": ("right", "enter"), "ascii-wall": ("w",)}.get(look, ())
    size = SMALL if look == "ascii-wall" else MIDDLE
    try:
        assert snap_compare(app, terminal_size=size, run_before=shown_by(*keys, sees="Reviva"
                            if look == "ascii-wall" else "unattended"))  # fmt: skip
    finally:
        symbols.use_ascii = False
