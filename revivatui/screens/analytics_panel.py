"""A chart of the analytics with what stands for it while there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from textual.containers import Vertical

from revivatui.widgets.charts.bar_chart import BarChart, Distribution
from revivatui.widgets.charts.heat_map import HeatMap
from revivatui.widgets.charts.line_chart import LineChart
from revivatui.widgets.charts.stacked_bars import StackedBars
from revivatui.widgets.line_list import LineList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from revivatui.state.charts.data import ChartData
    from revivatui.widgets.line_list import ListLine

_WIDGETS: Final[dict[str, Any]] = {
    "course": LineChart,
    "agents": BarChart,
    "shares": StackedBars,
    "traffic": HeatMap,
    "ratings": Distribution,
    "waits": LineChart,
}


class Panel(Vertical):
    """One chart, or lines in its place: what is awaited, what went wrong, or what is listed."""

    def __init__(self, chart_id: str) -> None:
        super().__init__(classes="panel")
        self.chart_id = chart_id
        self.chart: Any = _WIDGETS[chart_id]() if chart_id in _WIDGETS else None
        self.lines = LineList(classes="panel-lines")
        self.lines.display = self.chart is None

    def compose(self) -> ComposeResult:
        if self.chart is not None:
            yield self.chart
        yield self.lines

    @property
    def body(self) -> Widget:
        """What is seen of it, and takes the focus."""
        return self.lines if self.lines.display else self.chart

    def show_chart(self, data: ChartData) -> None:
        self._turn_to(lines=False)
        self.chart.show(data)

    def show_lines(self, lines: Sequence[ListLine]) -> None:
        self._turn_to(lines=True)
        self.lines.show(lines)

    def _turn_to(self, *, lines: bool) -> None:
        if self.lines.display == lines:
            return
        # The screen knows at once who has the keys; a widget learns it from an event to come.
        had_focus = self.screen.focused is self.body
        self.lines.display = lines
        if self.chart is not None:
            self.chart.display = not lines
        if had_focus:
            self.screen.set_focus(self.body)
