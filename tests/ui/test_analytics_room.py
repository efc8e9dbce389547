"""The room of analytics at work: what it shows, to whom, and what leads where."""

from __future__ import annotations

import csv
import io
import json
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from revivatui.screens.analytics import AnalyticsScreen
from revivatui.screens.analytics_pages import BehindPage, MeaningPage
from revivatui.state import analytics_board as parts
from revivatui.state.analytics_board import series
from revivatui.state.analytics_charts import CHARTS, chart_of
from revivatui.state.analytics_tiles import tiles_of
from revivatui.widgets.line_list import words
from revivatui.widgets.symbols import symbols
from tests.support.shops import Stage
from tests.ui.analytics_help import analytics, count_of, read
from tests.ui.bridge_scene import make_bridge
from tests.ui.crm_help import WITH_CRM
from tests.ui.desk_help import OnScreen, make_app

SIZES = ((80, 24), (120, 30), (200, 50))
sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
new_only = pytest.mark.parametrize("version", ["4.10.1"])
WIDE = (200, 50)


@sizes
async def test_figures_targets_and_charts_show_at_every_size(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with analytics(stage, tmp_path, size) as (desk, screen):
        span = screen.board.question
        created = count_of(
            stage,
            "SELECT count(*) AS n FROM conversations WHERE created_at >= ? AND created_at < ?",
            span.since * 1_000_000, span.until * 1_000_000,
        )  # fmt: skip
        assert created > 0
        for words in ("last 7 days", "account", "by day", str(created), "missed", "as of",
                      "Satisfaction", "70 to 80 %"):  # fmt: skip
            await desk.sees(words)
        shown = [panel for panel in screen.panels if panel.display]
        assert len(shown) == {80: 1, 120: 1, 200: 4}[size[0]]
        for panel in shown:
            assert panel.chart.display
            assert not panel.chart.is_empty
        assert all(len(line.rstrip()) <= size[0] for line in desk.lines())


async def test_every_chart_is_reached_by_its_number_and_by_brackets(
    stage: Stage, tmp_path: Path
) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        for number, chart in enumerate(CHARTS, 1):
            await desk.press(str(number))
            await read(desk, screen)
            await desk.until(lambda: screen.panel.body.has_focus, "the focus on the chart")
            assert screen.panel.chart_id == chart.id
            assert not screen.board.troubles(chart.parts)
            await desk.sees_no("asking the server")
        await desk.press("right_square_bracket")
        await desk.until(lambda: screen.panel.chart_id == CHARTS[0].id)
        await desk.press("left_square_bracket")
        await desk.until(lambda: screen.panel.chart_id == CHARTS[-1].id)
        await desk.click("Agents")
        await desk.until(lambda: screen.panel.chart_id == "agents")


async def test_the_keys_stay_with_a_chart_whose_figures_come_at_once(
    stage: Stage, tmp_path: Path
) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        panel = screen.panel
        data = chart_of(panel.chart_id, screen.board, desk.state.agents)
        assert data is not None
        screen.to_tiles()
        await desk.until(lambda: screen.tiles.has_focus)
        panel.show_lines([words("asking the server")])
        screen.go_to(0)
        assert panel.body is panel.chart, "nothing is asked for, so the chart is back at once"
        await desk.still()
        assert screen.focused is panel.chart
        panel.show_lines([words("asking the server")])
        panel.show_chart(data)
        await desk.still()
        assert screen.focused is panel.chart


async def test_a_point_says_its_value_and_leads_to_its_conversations_and_they_to_the_inbox(
    stage: Stage, tmp_path: Path
) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        buckets = screen.board.value(series("conversations_count"))
        place = max(range(len(buckets) - 1), key=lambda n: buckets[n].value)
        await desk.press("home", *["right"] * place)
        await desk.sees(f": {buckets[place].value:.0f} conversations")
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, BehindPage))
        await desk.sees(f"{buckets[place].value:.0f} conversations")
        page = desk.app.screen
        assert isinstance(page, BehindPage)
        await desk.until(lambda: page.lines.choice, "a row under the cursor")
        assert sum(bool(line.choice) for line in page.lines.lines) == buckets[place].value
        wanted = int(page.lines.choice)
        created = count_of(
            stage, "SELECT created_at / 1000000 AS n FROM conversations WHERE display_id = ?",
            wanted,
        )  # fmt: skip
        assert buckets[place].at <= created < buckets[place + 1].at
        await desk.press("enter")
        await desk.until(lambda: len(desk.app.screen_stack) == 1)
        await desk.until(lambda: desk.state.open_id == wanted)


@pytest.mark.parametrize(
    ("chart_id", "keys"),
    [("agents", ["2"]), ("shares", ["3"]), ("traffic", ["4"]), ("ratings", ["5", "down"])],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_each_chart_leads_to_as_many_conversations_as_its_point_says(
    stage: Stage, tmp_path: Path, chart_id: str, keys: list[str]
) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        await desk.press(keys[0])
        await read(desk, screen)
        await desk.press(*keys[1:])
        assert screen.panel.chart_id == chart_id
        screen.panel.chart.point(point_of(chart_id, screen, desk))
        said = screen.panel.chart.words
        count = int(said.partition(": ")[2].split(" ")[0].replace(",", ""))
        assert count > 0
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, BehindPage))
        page = desk.app.screen
        assert isinstance(page, BehindPage)
        await desk.until(lambda: page.result is not None, "found")
        assert page.result is not None
        if chart_id == "ratings":  # somebody may have rated one conversation twice
            assert 0 < len(page.result.conversations) <= count
        else:
            assert len(page.result.conversations) == count, said


def point_of(chart_id: str, screen: AnalyticsScreen, desk: OnScreen) -> int:
    """The point with the most behind it."""
    data: Any = chart_of(chart_id, screen.board, desk.state.agents)
    if chart_id == "agents":
        values = [bar.value for bar in data.bars]
    elif chart_id == "ratings":
        values = list(data.counts)
    else:
        lines = data.rows if chart_id == "shares" else data.values
        values = [v for row in lines for v in (row.values if chart_id == "shares" else row)]
    return max(range(len(values)), key=lambda n: values[n] or 0)


async def test_resolved_ones_are_found_too(stage: Stage, tmp_path: Path) -> None:
    """Nothing in a conversation's record says when it was resolved: its lines or events do."""
    async with analytics(stage, tmp_path) as (desk, screen):
        conversation = stage.conversation()
        stage.colleague_sets_status(conversation, "resolved")
        second = int(time.time())  # the server knows whole seconds, and leaves the last one out
        await desk.until(lambda: time.time() > second + 1)
        await desk.press("f5")
        await read(desk, screen)
        await desk.press("1", "end", "down")
        await desk.sees("resolved")
        assert screen.panel.chart.series == 1
        await desk.press("enter")
        await desk.until(lambda: isinstance(desk.app.screen, BehindPage))
        page = desk.app.screen
        assert isinstance(page, BehindPage)
        await desk.until(lambda: page.result is not None, "found")
        assert page.result is not None
        ids = {one.id for one in page.result.conversations}
        assert conversation["display_id"] in ids


async def test_what_is_picked_changes_the_figures_and_coming_back_asks_nothing_anew(
    stage: Stage, tmp_path: Path
) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        first = screen.board
        await desk.press("p")
        await desk.sees("last 30 days")
        await desk.type("last 30")
        await desk.press("enter")
        await desk.sees("last 30 days")
        await read(desk, screen)
        assert screen.board.wanted.preset == "last_30"
        await desk.press("b", "c")
        await desk.sees("working hours")
        await desk.sees("not compared")
        await read(desk, screen)
        assert any("business_hours=true" in asked for asked in stage.asked(path="*/summary*"))
        await desk.press("b", "c", "p")
        await desk.type("last 7")
        await desk.press("enter")
        await read(desk, screen)
        assert screen.board is first
        stage.forget_asked()
        await desk.press("escape")
        await desk.until(lambda: len(desk.app.screen_stack) == 1)
        await desk.press("N")
        await desk.until(lambda: isinstance(desk.app.screen, AnalyticsScreen))
        await desk.sees("last 7 days")
        assert not stage.asked(path="/api/v2/*")


async def test_a_range_of_ones_own_is_typed_and_a_wrong_one_says_why(
    stage: Stage, tmp_path: Path
) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        await desk.press("p")
        await desk.type("from")
        await desk.press("enter")
        await desk.sees("both included")
        await desk.type("40.40.")
        await desk.press("ctrl+s")
        await desk.sees("The first day is none")
        await desk.press(*["backspace"] * 6)
        await desk.type("2026-01-01")
        await desk.press("ctrl+s")
        await desk.sees("1 Jan")
        await read(desk, screen)
        assert screen.board.wanted.preset == "custom"


async def test_the_figures_of_one_inbox_are_asked_for_it_alone(
    stage: Stage, tmp_path: Path
) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        inbox = next(iter(desk.state.inboxes.values()))
        await desk.press("w")
        await desk.sees("whole account")
        await desk.type(inbox.name)
        await desk.press("enter")
        await desk.sees(f"inbox {inbox.name}")
        await read(desk, screen)
        asked = stage.asked(path=f"*/reports/summary?*id={inbox.id}*")
        assert len(asked) == 1
        span = screen.board.question
        created = count_of(
            stage,
            "SELECT count(*) AS n FROM conversations WHERE inbox_id = ? AND created_at >= ?"
            " AND created_at < ?",
            inbox.id, span.since * 1_000_000, span.until * 1_000_000,
        )  # fmt: skip
        assert screen.board.value(parts.SUMMARY).now.conversations == created


async def test_one_part_that_fails_leaves_the_others_and_says_what_to_do(
    stage: Stage, tmp_path: Path
) -> None:
    await stage.order(fault="500", path="*/summary_reports/agent*", count=50)
    async with analytics(stage, tmp_path, WIDE) as (desk, screen):
        agents = screen.panels[1]
        assert agents.lines.display
        await desk.sees("f5 asks again")
        assert not screen.panels[0].lines.display
        await stage.no_more_trouble()
        await desk.press("f5")
        await read(desk, screen)
        await desk.until(lambda: not agents.lines.display, "the chart")


@new_only
async def test_a_server_that_takes_no_more_questions_is_waited_for(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.order(fault="429", path="*/reports/summary*", count=1)
    app = make_app(stage.url, stage.administrator["token"], tmp_path)
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        desk = OnScreen(app, pilot)
        await desk.until(lambda: app.session is not None and desk.state.link.state == "live")
        await desk.press("N")
        await desk.sees("takes no more questions")


async def test_figures_and_rows_are_written_into_new_files(stage: Stage, tmp_path: Path) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        folder = tmp_path / "downloads"
        for ending, keys in (("csv", ["enter"]), ("csv", ["enter"]), ("json", ["down", "enter"])):
            already = len(list(folder.glob(f"*.{ending}")))
            await desk.press("x")
            await desk.sees("A new file in")
            await desk.press(*keys)
            await desk.until(partial(is_one_more, folder, ending, already))
        text = min(folder.glob("*.csv")).read_text(encoding="utf-8")
        table = list(csv.DictReader(io.StringIO(text)))
        told = json.loads(next(folder.glob("*.json")).read_text(encoding="utf-8"))
        count = screen.board.value(parts.SUMMARY).now.conversations
        assert {row["name"]: row["value"] for row in table}["Conversations"] == str(count)
        assert told["rows"][0]["value"] == count
        await desk.press("1", "end", "enter")
        await desk.until(lambda: isinstance(desk.app.screen, BehindPage))
        page = desk.app.screen
        assert isinstance(page, BehindPage)
        await desk.until(lambda: page.result is not None, "found")
        await desk.press("x")
        await desk.sees("A new file in")
        await desk.press("enter")
        await desk.until(lambda: any("conversations" in one.name for one in folder.iterdir()))


def is_one_more(folder: Path, ending: str, already: int) -> bool:
    return len(list(folder.glob(f"*.{ending}"))) == already + 1


async def test_the_same_data_as_text_and_the_chart_again(stage: Stage, tmp_path: Path) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        lines = screen.panel.chart.as_text()
        await desk.press("t")
        await desk.sees(" ".join(lines[2].split()[:3]))
        await desk.press("t")
        await desk.sees_no(lines[3])


async def test_comments_lead_to_their_conversations(stage: Stage, tmp_path: Path) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        await desk.press("p")
        await desk.type("last 90")
        await desk.press("enter", "8")
        await read(desk, screen)
        await desk.sees(symbols.star)
        await desk.until(lambda: screen.panel.lines.choice, "a comment")
        wanted = int(screen.panel.lines.choice)
        await desk.press("enter")
        await desk.until(lambda: desk.state.open_id == wanted)


async def test_offline_the_figures_say_so_and_come_when_the_server_is_back(
    stage: Stage, tmp_path: Path
) -> None:
    await stage.order(fault="500", path="/api/v2/*")
    async with analytics(stage, tmp_path) as (desk, screen):
        await desk.sees("not known")
        await desk.sees("f5 asks again")
        await stage.no_more_trouble()
        await desk.press("f5")
        await read(desk, screen)
        await desk.sees_no("not known; ")


async def test_everything_that_is_picked_is_clicked_too(stage: Stage, tmp_path: Path) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        await desk.click("by day")
        await desk.sees("Steps")
        await desk.click("hours", from_line=5)
        await desk.sees("by hour")
        await read(desk, screen)
        assert screen.board.question.group_by == "hour"
        await desk.click("all hours")
        await desk.sees("working hours")
        await desk.click("Reply time")
        await desk.until(lambda: isinstance(desk.app.screen, MeaningPage))
        await desk.click("close")
        await desk.until(lambda: isinstance(desk.app.screen, AnalyticsScreen))
        await desk.click("Traffic")
        await read(desk, screen)
        await desk.click("░░░")  # three: a cell of the map, not its legend
        await desk.until(lambda: isinstance(desk.app.screen, BehindPage))


async def test_the_room_follows_the_terminals_size(stage: Stage, tmp_path: Path) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        for size, many in ((WIDE, 4), ((80, 24), 1), ((160, 42), 4)):
            await desk.pilot.resize_terminal(*size)
            await desk.until(partial(has_size, desk, size), "the new size")
            await read(desk, screen)
            shown = [panel for panel in screen.panels if panel.display]
            assert len(shown) == many
            assert screen.panel in shown
            for panel in shown:
                assert panel.size.height >= 10
                assert panel.size.width >= 70
            await desk.sees("1 Over time")


def has_size(desk: OnScreen, size: tuple[int, int]) -> bool:
    return tuple(desk.app.size) == size


@new_only
async def test_the_bridge_tells_the_uptime(stage: Stage, tmp_path: Path) -> None:
    await make_bridge(tmp_path, now=time.time())
    async with analytics(stage, tmp_path, settings=WITH_CRM) as (desk, screen):
        await desk.sees("99.97 %")
        tile = next(one for one in tiles_of(screen.board) if one.kind.id == "uptime")
        assert tile.verdict == "met"


@new_only
async def test_utilisation_is_how_full_those_are_who_are_online(
    stage: Stage, tmp_path: Path
) -> None:
    async with analytics(stage, tmp_path) as (desk, screen):
        tile = next(one for one in tiles_of(screen.board) if one.kind.id == "utilisation")
        assert tile.verdict == "not known"
        assert "online" in tile.note
        assert desk.app.session is not None
        desk.app.session.team_capacity = 10
        await desk.press("f5")
        await read(desk, screen)
        tile = next(one for one in tiles_of(screen.board) if one.kind.id == "utilisation")
        me = stage.administrator["id"]
        held = count_of(
            stage,
            "SELECT count(*) AS n FROM conversations WHERE assignee_id = ? AND status = 'open'",
            me,
        )
        assert tile.value == held * 10


async def test_a_server_that_is_gone_is_not_asked_for_every_part(
    stage: Stage, tmp_path: Path
) -> None:
    async with analytics(stage, tmp_path, WIDE) as (desk, screen):
        await stage.order(fault="500", path="/api/*")
        stage.forget_asked()
        await desk.press("f5")
        await read(desk, screen)
        assert len({asked.partition("?")[0] for asked in stage.asked(path="/api/v2/*")}) <= 3
        for panel in screen.panels[:4]:
            assert "f5 asks again." in "".join(
                piece.text for line in panel.lines.lines for piece in line.pieces
            )
