"""The room of analytics in pictures, each looked at: recorded rows, a fixed day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from revivatui.screens.analytics_own_view import OWN
from revivatui.state import analytics_board as parts
from revivatui.state import events
from revivatui.state.analytics import Wanted
from revivatui.state.analytics_board import Board, Boards, Part
from revivatui.state.analytics_own import own_board
from revivatui.state.analytics_tiles import Load
from revivatui.state.bridge_health import Uptime
from revivatui.state.figures.rows import rows_of
from revivatui.state.models import Account, Agent, Counts, Inbox, Team
from revivatui.state.reports import Rating
from revivatui.widgets.symbols import symbols
from tests.api.recordings import rows as recorded_rows
from tests.ui.pictures import mounted, pressed
from tests.ui.scene import NOW, SceneApp

Compare = Callable[..., bool]
VERSION = "4.10.1"
WANTED = Wanted("custom", date(2026, 10, 24), date(2026, 11, 22))
SAID = ("Recomendo!", "Took longer than promised.", "", "They saved all my photos, thank you!")


def told() -> list[events.Event]:
    """Who and what the recorded account has; its administrator is at the desk."""
    raw = recorded_rows(VERSION, "figures-raw")
    people = [row for row in raw if row["table"] == "users"]
    agents = [Agent(row["id"], row["name"], role=row["role"]) for row in people]
    me = next(one for one in agents if one.role == "administrator")
    inboxes = [row for row in raw if row["table"] == "inboxes"]
    teams = [row for row in raw if row["table"] == "teams"]
    return [
        events.SignedIn(Account(1, "Reviva Repairs"), me, VERSION),
        events.AgentsLoaded(tuple(agents)),
        events.InboxesLoaded(
            tuple(Inbox(row["id"], row["name"], row["channel_type"]) for row in inboxes)
        ),
        events.TeamsLoaded(tuple(Team(row["id"], row["name"]) for row in teams)),
    ]


def whole_board(desk: SceneApp) -> Board:
    """Everything known, worked out of the recorded rows."""
    rows = rows_of(recorded_rows(VERSION, "figures-raw"))
    names = (
        parts.SUMMARY, parts.LIVE, parts.RATINGS, parts.RATINGS_BEFORE, parts.AGENTS, parts.SHARES,
        parts.HOURS, parts.TEAMS, *map(parts.series, parts.DRAWN),
        *map(parts.before, parts.COUNTED),
    )  # fmt: skip
    assert desk.session is not None
    board = own_board(Board(WANTED, NOW, desk.session.tz, VERSION), rows, names)
    board.parts[parts.UPTIME] = Part(Uptime(NOW - 30 * 86400, 43_200, 12), NOW)
    board.parts[parts.LOAD] = Part(Load(76.0, "19 open of 25 that 3 online can hold"), NOW)
    ratings = [
        Rating(n, 5 - n % 4, 100 + n, NOW - 86400 * n, SAID[n % 4], "Ana Sousa", 7, "Ben Counter")
        for n in range(12)
    ]
    board.parts[parts.COMMENTS] = Part(tuple(ratings), NOW)
    return board


def show(desk: SceneApp, change: Callable[[Board], None]) -> None:
    """Let the desk remember a board."""
    boards, board = Boards(), whole_board(desk)
    change(board)
    boards._kept[board.wanted] = board
    assert desk.session is not None
    desk.session.kept["analytics"] = (boards, board.wanted)


def nothing(board: Board) -> None:
    pass


def for_administrators(board: Board) -> None:
    board.parts[parts.SUMMARY] = Part(trouble="You may not.", why="not_allowed")
    counts = {"open": 24, "pending": 3, "snoozed": 5, "resolved": 310}
    board.parts[OWN] = Part({name: Counts(7, 3, many) for name, many in counts.items()}, NOW)


def partly_failed(board: Board) -> None:
    board.parts[parts.AGENTS] = Part(trouble="The server failed (500). The desk keeps trying.")
    board.parts[parts.RATINGS] = Part(trouble="The server failed (500). The desk keeps trying.")


@pytest.mark.parametrize(
    ("name", "size", "look", "change", "keys"),
    [
        ("whole", (80, 24), "nordic", nothing, ()),
        ("whole", (120, 30), "nordic", nothing, ("4",)),
        ("whole", (200, 50), "nordic", nothing, ()),
        ("whole", (200, 50), "nordic-dark", nothing, ("0", "right")),
        ("ascii", (120, 30), "nordic", nothing, ("3",)),
        ("no-colour", (80, 24), "no-colour", nothing, ("0", "end")),
        ("comments", (120, 30), "nordic", nothing, ("8",)),
        ("meaning", (80, 24), "nordic", nothing, ("0", "right", "d")),
        ("agent", (80, 24), "nordic", for_administrators, ()),
        ("failed", (200, 50), "nordic", partly_failed, ()),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_analytics(
    snap_compare: Compare,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    size: tuple[int, int],
    look: str,
    change: Callable[[Board], None],
    keys: tuple[str, ...],
) -> None:
    if look == "no-colour":
        monkeypatch.setenv("NO_COLOR", "1")
    else:
        monkeypatch.delenv("NO_COLOR", raising=False)

    async def look_at_it(pilot: Pilot[Any]) -> None:
        desk = await mounted(pilot)
        assert isinstance(desk.app, SceneApp)
        show(desk.app, change)
        await pressed(desk, "N", *keys)

    app = SceneApp(tmp_path, "nordic" if look == "no-colour" else look, *told())
    monkeypatch.setattr(symbols, "use_ascii", name == "ascii")
    assert snap_compare(app, terminal_size=size, run_before=look_at_it)
