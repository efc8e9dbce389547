"""Every chart on one screen or two, as the desk would show them."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from revivatui.screens.sheets import FIRST, LATER
from revivatui.state.charts.data import LineData, Series
from revivatui.themes import THEMES, VARIABLE_DEFAULTS
from revivatui.widgets.charts.bar_chart import BarChart, Distribution
from revivatui.widgets.charts.heat_map import HeatMap
from revivatui.widgets.charts.line_chart import LineChart
from revivatui.widgets.charts.look import CHART_CLASSES
from revivatui.widgets.charts.sparkline import Sparkline
from revivatui.widgets.charts.stacked_bars import StackedBars
from revivatui.widgets.pieces import PIECE_CLASSES
from tests.charts import given


class Page(Screen[None]):
    """What every screen with charts must bring along."""

    COMPONENT_CLASSES: ClassVar[set[str]] = PIECE_CLASSES | CHART_CLASSES

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-wide")]

    def __init__(self, kind: str) -> None:
        super().__init__()
        self._kind = kind

    def compose(self) -> ComposeResult:
        if self._kind == "lines":
            yield LineChart(given.two_lines(90), id="main")
            with Horizontal(classes="low"):
                yield LineChart(given.three_lines(), id="three")
                yield LineChart(given.response_line(), id="response")
        elif self._kind == "rows":
            yield BarChart(given.agents(), id="main")
            with Horizontal(classes="low"):
                yield StackedBars(given.stacked(), id="stack")
                yield Distribution(given.ratings(), id="ratings")
        else:
            yield HeatMap(given.week(), id="main")
            with Horizontal(classes="low"):
                with Vertical():
                    yield Sparkline(given.spark(), id="tile")
                    yield Sparkline(given.spark(60, 3), id="long")
                nothing = Series(given.CONVERSATIONS, (None, None))
                yield LineChart(LineData("Resolved", given.days(2), (nothing,)), id="empty")


class Gallery(App[None]):
    """One page of the gallery in one theme."""

    CSS_PATH = [*FIRST, *LATER]
    CSS = """
    .low { height: 40%; min-height: 8; }
    .low Vertical { width: 1fr; }
    Chart { margin: 0 1; width: 1fr; height: 1fr; }
    #tile { height: 1; margin: 1 1; }
    #long { height: 2; }
    #empty { height: 1fr; }
    .-narrow .low { height: 50%; }
    .-narrow #response, .-narrow #ratings, .-narrow #empty { display: none; }
    """

    def __init__(self, kind: str, theme: str = "nordic") -> None:
        super().__init__()
        for look in THEMES:
            self.register_theme(look)
        self.theme = theme
        self._kind = kind
        self.heard: list[tuple[str, str | None, int]] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return VARIABLE_DEFAULTS

    def get_default_screen(self) -> Screen[Any]:
        return Page(self._kind)
