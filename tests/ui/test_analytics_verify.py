"""Verifying in the room of analytics: figures and charts worked out anew, and what is said."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from revivatui.screens import analytics_verifying
from revivatui.screens.analytics import AnalyticsScreen
from revivatui.screens.analytics_pages import MeaningPage
from revivatui.screens.analytics_verifying import VerifyPage
from revivatui.state import analytics_board as parts
from revivatui.state.analytics_tiles import tiles_of
from tests.support.shops import Stage
from tests.ui.analytics_help import analytics, read


async def test_a_figure_says_what_it_means_and_is_worked_out_anew(
    stage: Stage, tmp_path: Path
) -> None:
    async with analytics(stage, tmp_path) as (desk, _screen):
        await desk.press("0", "home", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, MeaningPage))
        await desk.sees("created in this time")
        await desk.press("v")
        await desk.until(lambda: isinstance(desk.app.screen, VerifyPage))
        await desk.sees("Agrees:")
        await desk.sees("exact")
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, AnalyticsScreen))


async def test_what_does_not_agree_is_said_with_both_values(stage: Stage, tmp_path: Path) -> None:
    """A conversation that began after the figure was read makes the difference."""
    async with analytics(stage, tmp_path) as (desk, screen):
        before = screen.board.value(parts.SUMMARY).now.conversations
        row = stage.shop.db.one("SELECT id, created_at FROM conversations ORDER BY created_at DESC")
        assert row is not None
        stage.shop.db.execute("UPDATE conversations SET created_at = 0 WHERE id = ?", (row["id"],))
        await desk.press("0", "home", "v")
        await desk.until(lambda: isinstance(desk.app.screen, VerifyPage))
        await desk.sees("Differs by 1")
        await desk.sees(f"the server says {before}, we count {before - 1}")


@pytest.mark.parametrize("within", ["all hours", "working hours"])
async def test_every_figure_that_conversations_tell_is_worked_out_anew_and_agrees(
    stage: Stage, tmp_path: Path, within: str
) -> None:
    """On 3.9, which keeps no events for others, all of it from the messages."""
    async with analytics(stage, tmp_path) as (desk, screen):
        if within == "working hours":
            await desk.press("b")
            await read(desk, screen)
        told = [tile.kind.id for tile in tiles_of(screen.board)]
        for kind_id in ("first_response", "reply", "resolution", "resolved", "rate",
                        "satisfaction", "unattended"):  # fmt: skip
            await desk.press("0", "home", *["right"] * told.index(kind_id), "v")
            await desk.until(lambda: isinstance(desk.app.screen, VerifyPage))
            page = desk.app.screen
            assert isinstance(page, VerifyPage)
            await desk.until(partial(is_checked, page), "checked")
            assert page.result is not None
            assert page.result.verdict == "agrees", (kind_id, page.result)
            is_estimate = (
                kind_id not in ("satisfaction", "unattended") and stage.shop.version[0] == "3"
            )
            await desk.sees("an estimate" if is_estimate else "exact")
            await desk.press("escape")
            await desk.until(lambda: isinstance(desk.app.screen, AnalyticsScreen))


def is_checked(page: VerifyPage) -> bool:
    return page.result is not None


@pytest.mark.parametrize("chart", ["1", "2", "3", "4", "5", "6"])
async def test_every_point_of_a_chart_is_verified(stage: Stage, tmp_path: Path, chart: str) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        await desk.press(chart)
        await read(desk, screen)
        await desk.press("v")
        await desk.until(lambda: isinstance(desk.app.screen, VerifyPage))
        page = desk.app.screen
        assert isinstance(page, VerifyPage)
        await desk.until(lambda: page.result is not None, "checked")
        assert page.result is not None
        assert page.result.verdict == "agrees", page.result


async def test_stopping_a_verification_asks_no_more(stage: Stage, tmp_path: Path) -> None:
    async with analytics(stage, tmp_path) as (desk, _screen):
        await stage.order(fault="slow", path="*/conversations/*", seconds=0.3)
        await desk.press("0", "home", "right", "v")
        await desk.until(lambda: isinstance(desk.app.screen, VerifyPage))
        await desk.sees("read 1 of")
        await desk.sees("stop")
        await desk.press("escape")
        await desk.until(lambda: isinstance(desk.app.screen, AnalyticsScreen))
        stage.forget_asked()
        await desk.pilot.pause(1.0)
        assert not stage.asked(path="*/messages*")
        assert not stage.asked(path="*/reporting_events*")


async def test_an_agent_is_told_why_there_are_no_figures_and_sees_what_there_is(
    stage: Stage, tmp_path: Path
) -> None:
    async with analytics(stage, tmp_path, who="agent") as (desk, _screen):
        await desk.sees("administrators only")
        await desk.sees("unassigned")
        assert len(stage.asked(path="/api/v2/*")) == 1
        await desk.press("v")
        await desk.until(lambda: isinstance(desk.app.screen, VerifyPage))
        page = desk.app.screen
        assert isinstance(page, VerifyPage)
        await desk.until(lambda: page.result is not None, "worked out")
        await desk.sees("that you can see")
        await desk.sees("First response" if desk.app.size.width > 200 else "1st response")


async def test_more_conversations_than_are_read_one_by_one_are_said_and_not_read(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analytics_verifying, "MOST_THREADS", 10)
    async with analytics(stage, tmp_path) as (desk, _screen):
        stage.forget_asked()
        await desk.press("0", "home", "right", "v")
        await desk.sees("up to 10 are")
        await desk.sees("A shorter range has fewer")
        assert not stage.asked(path="*/messages*")
        assert not stage.asked(path="*/reporting_events*")
