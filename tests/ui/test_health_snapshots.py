"""The health room as pictures, each looked at when it was taken."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from revivatui.widgets.symbols import symbols
from tests.ui.bridge_scene import make_bridge
from tests.ui.crm_scene import CRM, make_crm
from tests.ui.pictures import mounted, pressed
from tests.ui.scene import SceneApp

SIZES = ((80, 24), (120, 30), (200, 50))
Compare = Callable[..., bool]
sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def shown_by(*keys: str) -> Callable[[Pilot[None]], Any]:
    """Open the room, then press keys."""

    async def show(pilot: Pilot[None]) -> None:
        desk = await mounted(pilot)
        await desk.until(lambda: desk.crm.house.as_of, "the catalogue is known")
        desk.crm.took = deque([0.01] * 20, maxlen=20)
        await desk.press("escape", "H")
        await desk.sees("This desk")
        await desk.sees_no("asking what")
        await pressed(desk, *keys)

    return show


@sizes
@pytest.mark.parametrize(
    ("name", "keys"),
    [("room", ()), ("letter", ("down", "enter")), ("drop", ("d",))],
)
def test_health(
    snap_compare: Compare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    keys: tuple[str, ...],
    size: tuple[int, int],
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    asyncio.run(make_crm(tmp_path))
    asyncio.run(make_bridge(tmp_path))
    app = SceneApp(tmp_path, "nordic", opened=True, crm_url=CRM)
    assert snap_compare(app, terminal_size=size, run_before=shown_by(*keys))


@pytest.mark.parametrize("look", ["gone", "no-bridge", "nordic-dark", "no-colour", "ascii"])
def test_health_otherwise(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if look == "no-colour":
        monkeypatch.setenv("NO_COLOR", "1")
    asyncio.run(make_crm(tmp_path))
    if look != "no-bridge":
        asyncio.run(make_bridge(tmp_path, days=4, gone=7200.0 if look == "gone" else 0.0))
    theme = look if look.startswith("nordic") else "nordic"
    app = SceneApp(tmp_path, theme, opened=True, crm_url=CRM)
    if look == "ascii":
        app.settings = replace(app.settings, ascii_only=True)
        symbols.use_ascii = True
    try:
        assert snap_compare(app, terminal_size=SIZES[1], run_before=shown_by())
    finally:
        symbols.use_ascii = False
