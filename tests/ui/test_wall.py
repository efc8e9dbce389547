"""The wallboard: what is on it is the server's, and what is old says so within one interval."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from revivatui import cli, config
from revivatui.screens.inbox import InboxScreen
from revivatui.screens.team import TeamScreen
from revivatui.screens.wall import WallScreen
from revivatui.state import wallboard
from revivatui.widgets.big_digits import HEIGHT, big, big_width
from revivatui.widgets.symbols import symbols
from tests.support.shops import Stage
from tests.ui.copilot_help import copilot, copilot_is_there
from tests.ui.desk_help import OnScreen, desk_on, make_app
from tests.ui.team_help import team_of

INTERVAL = 1.2
"""Seconds: nobody waits thirty here."""
LONGER = 10.0
"""The same where its length counts: a busy machine draws late, which is not to matter."""
DRAWN = 1.5
"""Seconds for drawing it."""


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wallboard, "INTERVAL", INTERVAL)


@asynccontextmanager
async def wall_of(
    stage: Stage, folder: Path, size: tuple[int, int] = (80, 24), who: str = "administrator"
) -> AsyncIterator[tuple[OnScreen, WallScreen]]:
    async with team_of(stage, folder, size, who) as (desk, _screen):
        await desk.press("w")
        await desk.until(lambda: isinstance(desk.app.screen, WallScreen))
        wall = desk.app.screen
        assert isinstance(wall, WallScreen)
        await desk.until(lambda: wall._asked is not None)
        yield desk, wall


def figure(stage: Stage, what: str) -> int:
    row = stage.shop.db.one(f"SELECT count(*) AS n FROM conversations WHERE {what}", ())
    assert row is not None
    return int(row["n"])


async def test_the_figures_are_the_servers_and_escape_ends_it(stage: Stage, tmp_path: Path) -> None:
    async with wall_of(stage, tmp_path) as (desk, wall):
        assert wall._asked is not None
        assert wall._asked.open == figure(stage, "status = 'open'")
        assert wall._asked.unattended is not None
        shown = desk.text()
        for line in big(str(wall._asked.open)):
            assert line.strip() in shown
        assert "unattended" in shown
        assert "no connection" not in shown.lower()
        stage.colleague_sets_status(stage.conversation(), "resolved")
        await desk.until(
            lambda: (
                wall._asked is not None and wall._asked.open == figure(stage, "status = 'open'")
            ),
            "the figures of now",
        )
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, TeamScreen))


async def test_the_command_begins_with_the_wallboard_and_the_inbox_is_under_it(
    stage: Stage, tmp_path: Path
) -> None:
    settings = config.Settings(crm_url="")
    app = make_app(stage.url, stage.administrator["token"], tmp_path, settings)
    cli.hung_up(app)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        desk = OnScreen(app, pilot)
        await desk.until(lambda: isinstance(app.screen, WallScreen))
        await desk.sees("unattended")
        await desk.until(lambda: not app.screen.doubt)  # type: ignore[attr-defined]
        await pilot.press("escape")
        await desk.until(lambda: isinstance(app.screen, InboxScreen))


async def test_a_wallboard_lets_the_texts_go_that_suggestions_are_made_from(
    stage: Stage, tmp_path: Path
) -> None:
    async with desk_on(stage, tmp_path, copilot=True) as desk:
        assert desk.app.session is not None
        await desk.until(lambda: copilot_is_there(desk), "the copilot")
        thinker = copilot(desk)._thinker
        assert thinker._library is None
        desk.inbox.commands.open(desk.inbox.list.ids[0])
        await desk.until(lambda: thinker._library is not None, "the shop's texts")
        wall = WallScreen(desk.app.session)
        await desk.app.push_screen(wall)
        await desk.until(lambda: thinker._library is None, "the texts let go")
        await desk.pilot.press("escape")
        await desk.until(lambda: thinker._library is not None, "the texts again")


async def test_a_server_that_is_cut_off_is_marked_within_one_interval(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wallboard, "INTERVAL", LONGER)
    async with wall_of(stage, tmp_path) as (desk, wall):
        await desk.until(lambda: not wall.doubt)
        await stage.order("/listen", accept=False)
        await stage.order("/cable", close="silently")
        began = time.monotonic()
        await desk.sees("OLD")
        assert time.monotonic() - began <= LONGER + DRAWN
        await stage.order("/listen", accept=True)
        await desk.sees_no("OLD")


async def test_a_server_that_no_longer_answers_while_the_feed_lives_is_marked_too(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wallboard, "INTERVAL", LONGER)
    async with wall_of(stage, tmp_path) as (desk, wall):
        await desk.until(lambda: not wall.doubt)
        await stage.order(fault="500", path="*/conversations*", count=50)
        began = time.monotonic()
        await desk.sees("NO ANSWER SINCE")
        assert time.monotonic() - began <= LONGER + DRAWN
        await stage.no_more_trouble()
        await desk.sees_no("NO ANSWER SINCE")


async def test_who_is_no_administrator_is_told_what_is_missing(
    stage: Stage, tmp_path: Path
) -> None:
    async with wall_of(stage, tmp_path, who="agent") as (desk, wall):
        await desk.sees("some figures are for administrators")
        assert wall._asked is not None
        assert wall._asked.unattended is None
        assert not stage.asked("GET", "*/reports/*")


async def test_nothing_is_painted_while_nothing_changes(stage: Stage, tmp_path: Path) -> None:
    async with wall_of(stage, tmp_path) as (desk, wall):
        await desk.until(lambda: not wall.doubt)
        painted: list[object] = []
        drawn = wall.lines.refresh

        def counting(*given: Any, **more: Any) -> Any:
            painted.append(given)
            return drawn(*given, **more)

        wall.lines.refresh = counting  # type: ignore[method-assign]
        asked = len(stage.asked("GET", "*/conversations?*"))
        await desk.until(lambda: len(stage.asked("GET", "*/conversations?*")) >= asked + 4)
        assert painted == []


@pytest.mark.parametrize("ascii_only", [False, True])
def test_every_digit_is_five_lines_and_has_an_ascii_twin(
    ascii_only: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = symbols.use_ascii
    symbols.use_ascii = ascii_only
    try:
        for text in ("0123456789", "1:05", "25+", "-"):
            lines = big(text)
            assert len(lines) == HEIGHT
            assert {len(line) for line in lines} == {big_width(text)}
            assert not ascii_only or "".join(lines).isascii()
        assert len({big(digit) for digit in "0123456789:-+"}) == 13, "no two look alike"
    finally:
        symbols.use_ascii = before
