"""The page of alerts and the bars beside it as pictures, each looked at when it was taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from revivatui.state.alerts import MUTED_FOR, Alert, Board
from revivatui.widgets.symbols import symbols
from tests.ui.pictures import mounted, pressed
from tests.ui.scene import HOUR, MINUTE, NOW, SceneApp

Compare = Callable[..., bool]
BOARD = Board(
    active=(
        Alert("nobody", NOW - 4 * MINUTE, "no agent is online; only busy agents are there"),
        Alert(
            "waiting",
            NOW - 12 * MINUTE,
            "Ana Sousa waits 14 min; 3 wait longer than 2 min",
            "conversation:12",
        ),
        Alert("queue", NOW - 2 * HOUR, "17 open conversations are nobody's", "list:unassigned"),
    ),
    past=(
        Alert("bridge", NOW - 3 * HOUR, "the bridge is 7 min behind", until=NOW - 2.8 * HOUR),
        Alert("queue", NOW - 4 * HOUR, "11 open conversations are nobody's"),
    ),
    unknown={"csat": "the server tells it to administrators only"},
    muted={"queue": NOW + MUTED_FOR},
    at=NOW,
)


def shown_with(board: Board, *keys: str) -> Callable[[Pilot[None]], Any]:
    async def show(pilot: Pilot[None]) -> None:
        desk = await mounted(pilot)
        assert desk.app.session is not None
        watch = desk.app.session.alerts
        assert watch is not None
        await desk.until(lambda: watch.board.at is not None, "it looked once")
        watch.board = board
        watch._changed()
        desk.app.clear_notifications()
        await desk.sees_no("first answer to")
        await pressed(desk, *keys)

    return show


@pytest.mark.parametrize("size", [(80, 24), (120, 30), (200, 50)], ids=lambda s: f"{s[0]}x{s[1]}")
def test_the_page(
    snap_compare: Compare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = SceneApp(tmp_path, "nordic", opened=True, alerts=True)
    keys = ("escape", "exclamation_mark")
    assert snap_compare(app, terminal_size=size, run_before=shown_with(BOARD, *keys))


def test_the_page_in_the_dark(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = SceneApp(tmp_path, "nordic-dark", opened=True, alerts=True)
    keys = ("escape", "exclamation_mark")
    assert snap_compare(app, terminal_size=(120, 30), run_before=shown_with(BOARD, *keys))


def test_a_room_in_ascii_on_a_narrow_screen(
    snap_compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    app = SceneApp(tmp_path, "nordic", opened=True, alerts=True)
    app.settings = replace(app.settings, ascii_only=True)
    symbols.use_ascii = True
    try:
        shown = shown_with(BOARD, "escape", "H")
        assert snap_compare(app, terminal_size=(80, 24), run_before=shown)
    finally:
        symbols.use_ascii = False
