"""The repair pane, all repairs and the services as pictures, each looked at when it was taken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from revivatui.widgets.symbols import symbols
from tests.ui.crm_help import crm_answered
from tests.ui.crm_scene import CRM, make_crm
from tests.ui.pictures import mounted, pressed
from tests.ui.scene import SceneApp

SIZES = ((80, 24), (120, 30), (200, 50))
Compare = Callable[..., bool]
sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def shown_by(*keys: str) -> Callable[[Pilot[None]], Any]:
    """Open the first conversation's repair pane, then press keys."""

    async def show(pilot: Pilot[None]) -> None:
        desk = await mounted(pilot)
        desk.inbox.go_to("thread")
        await crm_answered(desk)
        await desk.until(lambda: desk.crm.house.as_of, "the catalogue is known")
        await pressed(desk, *keys)

    return show


@sizes
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("thread", ()),
        ("pane", ("ctrl+r",)),
        ("status", ("ctrl+r", "s")),
        ("quote", ("ctrl+r", "q")),
        ("history", ("ctrl+r", "o")),
        ("intake", ("escape", "I", "enter")),
        ("repairs", ("escape", "R")),
        ("overdue", ("escape", "R", "tab", "space")),
        ("services", ("escape", "S")),
        ("service", ("escape", "S", "e")),
        ("room-help", ("escape", "R", "question_mark")),
        ("nothing", ("escape", "R", "f", "c", "a", "n", "c", "e", "l", "enter")),
        ("no-service", ("escape", "S", "slash", "x", "y", "z")),
    ],
)
def test_repairs(
    snap_compare: Compare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    keys: tuple[str, ...],
    size: tuple[int, int],
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    asyncio.run(make_crm(tmp_path))
    app = SceneApp(tmp_path, "nordic", opened=True, crm_url=CRM)
    assert snap_compare(app, terminal_size=size, run_before=shown_by(*keys))


@pytest.mark.parametrize("look", ["nordic-dark", "no-colour", "ascii"])
def test_pane_in_other_looks(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, look: str
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    if look == "no-colour":
        monkeypatch.setenv("NO_COLOR", "1")
    asyncio.run(make_crm(tmp_path))
    theme = look if look.startswith("nordic") else "nordic"
    app = SceneApp(tmp_path, theme, opened=True, crm_url=CRM)
    if look == "ascii":
        app.settings = replace(app.settings, ascii_only=True)
        symbols.use_ascii = True
    try:
        assert snap_compare(app, terminal_size=SIZES[2], run_before=shown_by("ctrl+r"))
    finally:
        symbols.use_ascii = False
