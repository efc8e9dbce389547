"""What drawing the two main charts costs: processor time of this process, in a headless app.

    python -m bench charts

A redraw is other data shown: laid out anew, every line of it drawn, painted and put on its way to
the terminal. The baseline is the same app painting as many lines of plain text.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from random import Random
from typing import Any, ClassVar, Final
from unittest.mock import patch

from rich.segment import Segment
from textual import constants
from textual.app import App, ComposeResult
from textual.drivers import headless_driver
from textual.drivers.headless_driver import HeadlessDriver
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from bench.table import Figure, median, percentile
from revivatui.screens.sheets import FIRST, LATER
from revivatui.state.charts.data import Bar, BarData, LineData, Measure, Series, Slot
from revivatui.themes import THEMES, VARIABLE_DEFAULTS
from revivatui.widgets.charts.bar_chart import BarChart
from revivatui.widgets.charts.chart import Chart, D, P
from revivatui.widgets.charts.line_chart import LineChart
from revivatui.widgets.charts.look import CHART_CLASSES

WIDE, HIGH = 160, 20
POINTS, BARS = 90, 12
WARM_UP, ROUNDS = 5, 60
PATIENCE: Final = 30.0
BOUND_MS: Final = 15.0
_MEASURE: Final = Measure("Conversations", "count", "conversation", "conversations")


def lines(seed: int) -> LineData:
    """Two series of 90 points, one of them what is compared with."""
    random = Random(seed)
    slots = tuple(Slot(f"{n % 28 + 1} Nov", f"Tue {n % 28 + 1} Nov") for n in range(POINTS))
    series = tuple(
        Series(_MEASURE, tuple(float(random.randint(0, 40)) for _ in slots), is_previous=previous)
        for previous in (False, True)
    )
    return LineData("Conversations", slots, series, "the day before")


def bars(seed: int) -> BarData:
    random = Random(seed)
    shown = tuple(Bar(f"Agent {n}", float(random.randint(0, 140))) for n in range(BARS))
    return BarData("Conversations by agent", _MEASURE, shown)


class Written(HeadlessDriver):
    """Takes what a terminal would get, so that all of it is made."""

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        pass

    def flush(self) -> None:
        pass


class Plain(Widget):
    """As many lines of plain text, others each time."""

    turn = 0

    def show(self, turn: int) -> None:
        self.turn = turn
        self.refresh()

    def render_line(self, y: int) -> Strip:
        return Strip([Segment(f"{self.turn} {y} ".ljust(WIDE, "x"), self.rich_style)])


class Page(Screen[None]):
    COMPONENT_CLASSES: ClassVar[set[str]] = CHART_CLASSES

    def __init__(self, shown: Widget) -> None:
        super().__init__()
        self._shown = shown

    def compose(self) -> ComposeResult:
        yield self._shown


class Alone(App[None]):
    """A chart, or plain lines, as large as the terminal."""

    CSS_PATH = [*FIRST, *LATER]
    CSS = "Page > * { height: 1fr; width: 1fr; }"

    def __init__(self, shown: Widget) -> None:
        super().__init__()
        self._shown = shown
        for look in THEMES:
            self.register_theme(look)
        self.theme = "nordic"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return VARIABLE_DEFAULTS

    def get_default_screen(self) -> Screen[Any]:
        return Page(self._shown)


class Watch:
    """Knows when so many lines of a widget are painted."""

    def __init__(self, widget: Widget, lines_each: int) -> None:
        self._render = widget.render_line
        self._lines_each = lines_each
        self._seen: set[int] = set()
        self._done = asyncio.Event()
        widget.render_line = self._render_line  # type: ignore[method-assign]

    def _render_line(self, y: int) -> Strip:
        self._seen.add(y)
        if len(self._seen) >= self._lines_each:
            self._done.set()
        return self._render(y)

    async def painted(self, change: Callable[[], None]) -> None:
        """Make a change and wait for its paint, which goes on to its end before we do."""
        self._seen.clear()
        self._done.clear()
        change()
        await asyncio.wait_for(self._done.wait(), PATIENCE)


async def redraws(widget: Widget, change: Callable[[int], None], lines_each: int) -> list[float]:
    """Processor seconds from each change to the last of its lines painted."""
    took = []
    async with Alone(widget).run_test(size=(WIDE, HIGH)) as pilot:
        widget.focus()
        await pilot.pause(0.2)
        watch = Watch(widget, lines_each)
        for turn in range(WARM_UP + ROUNDS):
            start = time.process_time()
            await watch.painted(partial(change, turn))
            took.append(time.process_time() - start)
    return took[WARM_UP:]


def in_milliseconds(
    name: str, took: list[float], baseline: float | None = None, bound: float | None = None
) -> Iterator[Figure]:
    note = f"median of {len(took)}; p95 {percentile(took, 0.95) * 1000:.1f}"
    yield Figure(name, median(took) * 1000, "ms CPU", baseline, bound, note)


def drawn_whole(chart: Chart[D, P], data: Sequence[D]) -> Callable[[int], None]:
    """Shows the next data and has every line painted, also those that look the same."""

    def change(turn: int) -> None:
        chart.show(data[turn % len(data)])
        chart.refresh()

    return change


def chart_figures() -> Iterator[Figure]:
    """Both main charts at 160 by 20, and a step of the cursor."""
    with (
        patch.object(headless_driver, "HeadlessDriver", Written),
        patch.object(constants, "COLOR_SYSTEM", "truecolor"),
    ):
        plain = Plain(id="plain")
        bare = asyncio.run(redraws(plain, plain.show, HIGH))
        baseline = median(bare) * 1000
        yield from in_milliseconds(f"{HIGH} lines of plain text painted", bare)
        chart = LineChart(lines(0))
        change = drawn_whole(chart, [lines(seed) for seed in range(8)])
        took = asyncio.run(redraws(chart, change, HIGH))
        name = f"line chart redrawn, 2 x {POINTS} points"
        yield from in_milliseconds(name, took, baseline, BOUND_MS)
        rows = BarChart(bars(0))
        change = drawn_whole(rows, [bars(seed) for seed in range(8)])
        took = asyncio.run(redraws(rows, change, HIGH))
        yield from in_milliseconds(f"bars redrawn, {BARS} rows", took, baseline, BOUND_MS)
        stepped = LineChart(lines(0))
        took = asyncio.run(redraws(stepped, lambda turn: stepped.point(turn % POINTS), 2))
        yield from in_milliseconds("line chart, a step of the cursor", took, baseline)
