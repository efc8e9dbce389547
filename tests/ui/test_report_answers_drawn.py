"""Every report that a real server answered is read whole, and drawn without trouble."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from textual.app import App, ComposeResult
from textual.screen import Screen

from revivatui.api.client import ChatwootClient
from revivatui.screens.analytics_lines import face_of, live_lines, rating_lines
from revivatui.screens.analytics_panel import Panel
from revivatui.screens.sheets import FIRST, LATER
from revivatui.state import analytics_board as parts
from revivatui.state.analytics import GROUPS, Wanted
from revivatui.state.analytics_board import Board, Part, series
from revivatui.state.analytics_charts import CHARTS, LISTED, Share, channel_words, chart_of
from revivatui.state.analytics_tiles import tiles_of
from revivatui.state.charts.data import all_values
from revivatui.state.reports import AVERAGES, Question
from revivatui.text.width import width
from revivatui.themes import NORDIC, VARIABLE_DEFAULTS
from revivatui.widgets.charts.look import CHART_CLASSES
from revivatui.widgets.pieces import PIECE_CLASSES
from tests.api.recordings import VERSIONS, rows
from tests.api.servers import Script, client_of, response
from tools.conformance.figures import ASKED_AT

SIZES = (((80, 14), 1), ((160, 40), 7))
"""Of the screen, and every how manieth answer is drawn at it."""
NO_CALL = re.compile(r"/reports/(agents|inboxes|labels|teams|conversation_traffic"
                     r"|conversations_summary|bot_metrics)$|/download$")  # fmt: skip
"""What the desk never asks for: files for spreadsheets, and the bots' rates."""
QUESTION = Question(ASKED_AT - 604800, ASKED_AT)
Call = Callable[[ChatwootClient], Awaitable[Any]]


class Charts(Screen[None]):
    COMPONENT_CLASSES: ClassVar[set[str]] = PIECE_CLASSES | CHART_CLASSES

    def __init__(self) -> None:
        super().__init__()
        self.panels = {chart.id: Panel(chart.id) for chart in CHARTS if chart.id not in LISTED}

    def compose(self) -> ComposeResult:
        yield from self.panels.values()


class Drawing(App[None]):
    """All charts of the room, one of them seen at a time."""

    CSS_PATH = [*FIRST, *LATER]

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(NORDIC)
        self.theme = NORDIC.name
        self.charts = Charts()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(VARIABLE_DEFAULTS)

    def on_mount(self) -> None:
        self.push_screen(self.charts)


def recorded(version: str) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Path, parameters and answer of every report that was answered as JSON."""
    for name in ("http", "figures"):
        for row in rows(version, name):
            path = str(row.get("path"))
            is_report = re.search(r"/(reports|summary_reports|live_reports)\b|/csat_survey_r", path)
            is_text = isinstance(row.get("answer"), dict) and "_text" in row["answer"]
            if is_report and row["status"] == 200 and not is_text and not NO_CALL.search(path):
                yield path, row["params"] or {}, row["answer"]


def call_for(path: str, params: dict[str, Any]) -> tuple[str, Call]:
    """The part of the board that such an answer is, and the call that reads it."""
    asked = replace(QUESTION, group_by=params.get("group_by", "day"))
    end = re.sub(r".*/accounts/\d+/", "", path)
    match end:
        case "reports":
            metric = params.get("metric", "")
            shown = metric if metric in parts.DRAWN else "conversations_count"
            return series(shown), lambda client: client.series(metric, asked)
        case "reports/summary":
            return parts.SUMMARY, lambda client: client.summary(asked)
        case "reports/bot_summary":
            return "bots", lambda client: client.bot_summary(asked)
        case "reports/conversations" if params.get("type") == "agent":
            return "people", lambda client: client.agents_live()
        case "reports/conversations" | "live_reports/conversation_metrics":
            return parts.LIVE, lambda client: client.live_counts()
        case "live_reports/grouped_conversation_metrics":
            by = params["group_by"]
            return parts.TEAMS, lambda client: client.live_groups(by)
        case "summary_reports/channel":
            return parts.SHARES, lambda client: client.channel_rows(asked)
        case "csat_survey_responses/metrics":
            return parts.RATINGS, lambda client: client.satisfaction(None, None)
        case "csat_survey_responses":
            return parts.COMMENTS, lambda client: client.ratings(None, None)
        case _:
            of = end.removeprefix("summary_reports/")
            return parts.AGENTS, lambda client: client.summary_rows(of, asked)


def board_of(version: str, name: str, value: Any, params: dict[str, Any]) -> Board:
    """A board that knows this answer, and for a series the same in place of its companions."""
    group = params.get("group_by")
    wanted = Wanted("last_90", group=group if group in GROUPS else None, compare=False)
    board = Board(wanted, ASKED_AT, ZoneInfo("Europe/Lisbon"), version)
    if name == parts.SHARES:
        value = tuple(
            Share(
                channel_words(row.channel), (row.open, row.pending, row.snoozed, row.resolved), ""
            )
            for row in value
        )
    names = [name]
    if name.startswith("series:"):
        metric = name.partition(":")[2]
        alike = [one for one in parts.DRAWN if (one in AVERAGES) == (metric in AVERAGES)]
        names = [series(one) for one in alike]
        if metric == "conversations_count":
            names.append(parts.HOURS)
    for one in names:
        board.parts[one] = Part(value, ASKED_AT)
    return board


async def boards_of(version: str) -> list[Board]:
    """Every answer, read by the client over a socket."""
    boards = []
    for path, params, answer in recorded(version):
        name, call = call_for(path, params)
        async with client_of(Script(response(200, json.dumps(answer)))) as (client, _):
            boards.append(board_of(version, name, await call(client), params))
    return boards


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_recorded_report_is_read_and_drawn(version: str) -> None:
    boards = await boards_of(version)
    for board in boards:
        _check_lines(board)
    for size, step in SIZES:
        app = Drawing()
        async with app.run_test(size=size) as pilot:
            for chart_id, panel in app.charts.panels.items():
                for other in app.charts.panels.values():
                    other.display = other is panel
                await pilot.pause()
                drawn = 0
                for board in boards[::step]:
                    data = chart_of(chart_id, board, {})
                    if data is not None:
                        _draw(panel, data)
                        drawn += bool(all_values(data))
                is_there = chart_id != "shares" or version != "3.9.0"
                assert (drawn > 0) == is_there, chart_id


def _draw(panel: Panel, data: Any) -> None:
    """Every line of it, as wide as there is room for, and the same as text."""
    chart = panel.chart
    chart.show(data)
    assert chart.view_height > 5
    for step in (0, 400):
        chart.point(step)
        for y in range(chart.view_height):
            assert chart.draw_line(y).cell_length == chart.view_width
    assert len(chart.as_text()) > 1


def _check_lines(board: Board) -> None:
    """Tiles and lists of the same answer fit as well."""
    for tile in tiles_of(board):
        face = face_of(tile, 13)
        assert sum(width(piece.text) for piece in face.below) <= 13
    live, teams = board.value(parts.LIVE), board.value(parts.TEAMS)
    if live is not None or teams is not None:
        assert live_lines(live or next(iter(teams.values())), teams, {}, 20)
    ratings = board.value(parts.COMMENTS)
    if ratings:
        assert len(rating_lines(ratings, 80, ASKED_AT, board.tz)) == len(ratings)


def test_nothing_that_is_a_report_is_left_out() -> None:
    """Of 323 recorded questions the desk reads all but the spreadsheets and the bots' rates."""
    for version in VERSIONS:
        assert len(list(recorded(version))) > 220
