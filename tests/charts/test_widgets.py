"""The chart widgets at work: keys, mouse, words, sizes, alphabets, and what a step repaints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any, ClassVar, cast

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip

from revivatui.screens.sheets import FIRST, LATER
from revivatui.state.charts.data import (
    Bar,
    BarData,
    ChartData,
    HeatData,
    LineData,
    RatingData,
    Series,
    SparkData,
    StackData,
    StackRow,
)
from revivatui.state.charts.words import points, spoken
from revivatui.text.width import width
from revivatui.themes import NORDIC, NORDIC_DARK, VARIABLE_DEFAULTS
from revivatui.widgets.charts.bar_chart import BarChart, Distribution
from revivatui.widgets.charts.chart import Chart
from revivatui.widgets.charts.heat_map import HeatMap
from revivatui.widgets.charts.line_chart import LineChart
from revivatui.widgets.charts.look import CHART_CLASSES, alphabet
from revivatui.widgets.charts.sparkline import Sparkline
from revivatui.widgets.charts.stacked_bars import StackedBars
from revivatui.widgets.symbols import symbols
from tests.charts import given
from tests.ui.recorder import record_terminal

AnyChart = Chart[Any, Any]
SIZES = ((40, 8), (60, 16), (100, 30), (200, 50))
STEP_BYTES = 1500
"""What a key may cost in the desk."""
TOO_SMALL = ((1, 1), (3, 2), (9, 3), (20, 5), (39, 7))


class OneScreen(Screen[None]):
    COMPONENT_CLASSES: ClassVar[set[str]] = CHART_CLASSES

    def __init__(self, chart: AnyChart) -> None:
        super().__init__()
        self._chart = chart

    def compose(self) -> ComposeResult:
        yield self._chart


class One(App[None]):
    """A chart that fills the screen."""

    CSS_PATH = [*FIRST, *LATER]
    CSS = "Chart { width: 1fr; height: 1fr; }"

    def __init__(self, chart: AnyChart) -> None:
        super().__init__()
        self.register_theme(NORDIC)
        self.theme = "nordic"
        self.chart = chart
        self.heard: list[tuple[str, int]] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return VARIABLE_DEFAULTS

    def get_default_screen(self) -> Screen[Any]:
        return OneScreen(self.chart)

    def on_chart_pointed(self, event: Chart.Pointed) -> None:
        self.heard.append(("pointed", event.index))

    def on_chart_chosen(self, event: Chart.Chosen) -> None:
        self.heard.append(("chosen", event.index))


MAKERS: dict[str, Callable[[], AnyChart]] = {
    "line": lambda: LineChart(given.two_lines(90)),
    "lines": lambda: LineChart(given.three_lines()),
    "gaps": lambda: LineChart(given.response_line()),
    "bars": lambda: BarChart(given.agents()),
    "stacks": lambda: StackedBars(given.stacked()),
    "heat": lambda: HeatMap(given.week()),
    "ratings": lambda: Distribution(given.ratings()),
    "spark": lambda: Sparkline(given.spark()),
}
every = pytest.mark.parametrize("kind", MAKERS)


@pytest.fixture
def in_ascii() -> Iterator[None]:
    symbols.use_ascii = True
    yield
    symbols.use_ascii = False


def lines(chart: AnyChart) -> list[str]:
    return [chart.draw_line(y).text for y in range(chart.view_height)]


async def resized(pilot: Pilot[None], chart: AnyChart, size: tuple[int, int]) -> None:
    """Make the terminal so large and wait until the chart has that size."""
    await pilot.resize_terminal(*size)
    while chart.view_size != size:
        await pilot.pause(0.01)


def data_of(chart: AnyChart) -> ChartData:
    assert chart.data is not None
    return cast("ChartData", chart.data)


def random_data(random: Random) -> dict[type[AnyChart], ChartData]:
    """Data of every kind, of any size, with gaps."""
    values = tuple(given.random_values(random))
    slots = given.days(len(values))
    other = tuple(random.choice((None, random.uniform(0, 50))) for _ in values)
    series = (
        Series(given.CONVERSATIONS, values),
        Series(given.RESOLVED, other),
        Series(given.CONVERSATIONS, values[::-1], "Time before", is_previous=True, slots=slots),
    )[: random.randint(1, 3)]
    few = given.random_values(random, 30)
    parts = random.randint(1, 5)
    rows = [
        StackRow(
            f"Agent {n}", tuple(random.choice((None, random.uniform(0, 9))) for _ in range(parts))
        )
        for n in range(random.randint(1, 20))
    ]
    bars = [Bar(f"Agent {n}" * (n % 4), value, "4 %") for n, value in enumerate(few)]
    week = given.week(random.randrange(99))
    hours = tuple(
        tuple(random.choice((None, 0.0, random.uniform(0, 1e4))) for _ in week.columns)
        for _ in week.rows
    )
    counts = tuple(random.choice((0, random.randint(0, 9999))) for _ in range(5))
    return {
        LineChart: LineData("Title", slots, series, "the day before"),
        BarChart: BarData("Title", given.FIRST_RESPONSE, tuple(bars)),
        StackedBars: StackData("Title", given.CONVERSATIONS, tuple("abcde"[:parts]), tuple(rows)),
        HeatMap: HeatData("Title", given.CONVERSATIONS, week.rows, week.columns, hours),
        Distribution: RatingData("Title", counts),
        Sparkline: SparkData(series[0], slots),
    }


@every
async def test_every_line_is_as_wide_as_the_chart_and_the_last_says_the_point(kind: str) -> None:
    app = One(MAKERS[kind]())
    async with app.run_test(size=SIZES[0]) as pilot:
        chart = app.chart
        count = points(data_of(chart))
        for size in (*SIZES, *TOO_SMALL):
            await resized(pilot, chart, size)
            for index in {0, count // 2, count - 1}:
                chart.point(index)
                assert all(chart.draw_line(y).cell_length == size[0] for y in range(size[1]))
                if size in SIZES:
                    ways = chart.ways_to_say(chart.data, index)
                    fitting = [way for way in ways if width(way) <= size[0]]
                    said = lines(chart)[-1].rstrip()
                    assert (
                        said == fitting[0] if fitting else said.endswith(ways[-1].split(": ")[-1])
                    )


@pytest.mark.parametrize("kind", list(random_data(Random(0))), ids=lambda kind: kind.__name__)
async def test_whatever_the_data_no_cell_is_written_outside(kind: type[AnyChart]) -> None:
    chart = kind()
    app = One(chart)
    async with app.run_test(size=(100, 30)) as pilot:
        for seed in range(30):
            random = Random(seed)
            data = random_data(random)[kind]
            chart.show(data)
            size = (random.randint(1, 120), random.randint(1, 40))
            await resized(pilot, chart, size)
            for _ in range(5):
                chart.point(random.randrange(points(data)))
                chart.action_step(*random.choice(((-1, 0), (1, 0), (0, -1), (0, 1))))
                drawn = [chart.draw_line(y) for y in range(size[1])]
                assert all(strip.cell_length == size[0] for strip in drawn)
                assert all(width(strip.text) == size[0] for strip in drawn)


@every
async def test_keys_go_through_all_points_and_say_so(kind: str) -> None:
    app = One(MAKERS[kind]())
    async with app.run_test(size=(100, 30)) as pilot:
        count = points(data_of(app.chart))
        await pilot.press("home", "enter")
        assert app.heard == [("pointed", 0), ("chosen", 0)]
        app.heard.clear()
        await pilot.press("end", "enter", "end")
        assert app.heard == [("pointed", count - 1), ("chosen", count - 1), ("pointed", count - 1)]
        seen: set[int] = set()
        for _ in range(count):
            app.chart.point(0 if not seen else app.chart.index)
            seen.add(app.chart.index)
            app.chart.action_step(1, 0)
        across = {"heat": 24, "stacks": 4}.get(kind, count)
        assert len(seen) == across


async def test_up_and_down_go_through_rows_and_series() -> None:
    heat = One(HeatMap(given.week()))
    async with heat.run_test(size=(100, 30)) as pilot:
        await pilot.press("home", "down", "down", "right", "up")
        assert heat.chart.index == 25
        await heat.run_action("page(1)", heat.chart)
        assert heat.chart.index == 145
    stacks = One(StackedBars(given.stacked()))
    async with stacks.run_test(size=(100, 30)) as pilot:
        await pilot.press("home", "right", "down")
        assert stacks.chart.index == 5
        assert stacks.chart.words.startswith("Cleo Bench, resolved: ")
    several = One(LineChart(given.three_lines()))
    async with several.run_test(size=(100, 30)) as pilot:
        first = several.chart.words
        await pilot.press("down")
        assert " resolved" in several.chart.words.split(";")[0]
        await pilot.press("down", "down")
        assert several.chart.words == first


@every
async def test_a_click_points_and_chooses_what_is_under_it(kind: str) -> None:
    app = One(MAKERS[kind]())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        chart = app.chart
        plan, data = chart.plan(chart.data), chart.data
        found = {
            (x, y): index
            for y in range(30)
            for x in range(0, 100, 7)
            if (index := chart.index_at(plan, data, x, y)) is not None
        }
        assert len(set(found.values())) > 3
        random = Random(1)
        for place in random.sample(sorted(found), 4):
            app.heard.clear()
            index = chart.index_at(plan, data, *place)
            await pilot.click(chart, offset=place)
            assert app.heard == [("pointed", index), ("chosen", index)]
        app.heard.clear()
        await pilot.click(chart, offset=(0, 29))
        assert app.heard == []


@every
async def test_a_click_on_the_cursors_own_cell_finds_its_point(kind: str) -> None:
    app = One(MAKERS[kind]())
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.pause()
        chart, data = app.chart, app.chart.data
        for index in range(points(data_of(chart))):
            chart.point(index)
            plan = chart.plan(data)
            marked = set(chart.lines_of(plan, data, index))
            hits = {chart.index_at(plan, data, x, y) for y in marked for x in range(200)}
            assert index in hits


@pytest.mark.parametrize(
    ("kind", "most"),
    # The words and: the old and the new line or row; per series a line each, and the axis.
    [
        ("line", 6),
        ("gaps", 4),
        ("bars", 3),
        ("stacks", 3),
        ("heat", 5),
        ("ratings", 3),
        ("spark", 2),
    ],
)
async def test_a_step_repaints_only_the_lines_concerned(
    kind: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = One(MAKERS[kind]())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("home", "down")
        chart = app.chart
        painted: list[Region] = []
        monkeypatch.setattr(chart, "refresh", lambda *regions, **_: painted.extend(regions))
        drawn: list[int] = []
        draw = chart.draw_line

        def counted(y: int) -> Strip:
            drawn.append(y)
            return draw(y)

        monkeypatch.setattr(chart, "draw_line", counted)
        before = {y: draw(y) for y in range(30)}
        drawn.clear()
        chart.action_step(1, 0)
        told = chart.view_height - 1
        assert 1 <= len({region.y for region in painted}) <= most
        assert all(region.height == 1 for region in painted)
        assert len(set(drawn)) <= most
        assert told in {region.y for region in painted}
        different = {y for y in range(30) if draw(y) != before[y]}
        assert {region.y for region in painted} == different


async def test_the_focus_repaints_the_lines_of_the_cursor_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = One(LineChart(given.two_lines(90)))
    async with app.run_test(size=(160, 20)) as pilot:
        await pilot.press("left")
        painted: list[Region] = []
        monkeypatch.setattr(app.chart, "refresh", lambda *regions, **_: painted.extend(regions))
        app.screen.set_focus(None)
        await pilot.pause()
        assert 1 <= len({region.y for region in painted}) <= 4


@every
async def test_without_data_it_says_so_and_keys_do_nothing(kind: str) -> None:
    app = One(MAKERS[kind]())
    async with app.run_test(size=(60, 16)) as pilot:
        app.chart.show(None)
        await pilot.press("right", "home", "end", "up", "enter")
        assert app.heard == []
        text = "\n".join(lines(app.chart))
        assert "No conversations in this range" in text
        assert app.chart.words == ""
        assert app.chart.as_text() == ("No conversations in this range",)
        assert await pilot.click(app.chart, offset=(20, 8))
        assert app.heard == []


async def test_other_data_keeps_the_cursor_where_there_are_as_many_points() -> None:
    app = One(LineChart(given.two_lines(30)))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("home", "right", "right")
        app.chart.show(given.two_lines(30, seed=9))
        assert app.chart.index == 2
        app.chart.show(given.two_lines(14))
        assert app.chart.index == 13
        app.chart.show(given.two_lines(14), index=4)
        assert app.chart.index == 4
        assert lines(app.chart)[-1].startswith("Mon 16 Nov: ")


@every
async def test_the_same_data_is_shown_as_text_and_scrolled_to_its_end(kind: str) -> None:
    app = One(MAKERS[kind]())
    async with app.run_test(size=(160, 9)) as pilot:
        chart = app.chart
        text = chart.as_text()
        assert chart.toggle_text()
        assert [line.rstrip() for line in lines(chart)[:8]] == list(text[:8]) + [""] * (
            8 - len(text)
        )
        await pilot.press("end", "enter")
        assert lines(chart)[min(len(text), 8) - 1].rstrip() == text[-1]
        assert app.heard == []
        assert not chart.toggle_text()
        await pilot.press("right")
        assert app.heard


@every
async def test_in_ascii_every_cell_is_ascii(kind: str, in_ascii: None) -> None:
    app = One(MAKERS[kind]())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("end", "left", "up")
        names = "".join(given.NAMES)
        assert all(letter.isascii() or letter in names for letter in "".join(lines(app.chart)))


async def test_without_colour_series_parts_and_shades_differ_by_their_glyphs() -> None:
    for use_ascii in (False, True):
        symbols.use_ascii = use_ascii
        try:
            letters = alphabet()
            pens = [letters.pen(Series(given.CONVERSATIONS, ()), n) for n in range(3)]
            pens.append(letters.pen(Series(given.CONVERSATIONS, (), is_previous=True), 3))
            assert len({pen.mark for pen in pens}) == 4
            for room in (2, 3, 4):
                samples = {letters.sample(pen, room) for pen in pens}
                assert len(samples) == (4 if room == 4 or use_ascii else len(samples))
            assert len(set(letters.parts)) == 5
            assert len(set(letters.heat) | {" "}) == 6
            assert len(set(letters.rises)) == 9
        finally:
            symbols.use_ascii = False


async def test_an_hour_without_data_is_blank_and_one_without_conversations_is_not() -> None:
    week = given.week()
    app = One(HeatMap(week))
    async with app.run_test(size=(100, 30)):
        sunday = next(line for line in lines(app.chart) if line.startswith("Sunday"))
        assert sunday.endswith(" ")
        assert symbols.heat_0 in sunday
        assert sunday.rstrip().count(symbols.heat_0) == 2 * sum(v == 0 for v in week.values[6])


async def test_a_bar_without_data_says_so_and_a_bar_of_nothing_says_nought() -> None:
    app = One(BarChart(given.agents()))
    async with app.run_test(size=(100, 30)):
        drawn = "\n".join(lines(app.chart))
        lena = next(line for line in drawn.splitlines() if "Lena" in line)
        nobody = next(line for line in drawn.splitlines() if "李小明" in line)
        assert lena.rstrip().endswith("no data")
        assert nobody.rstrip().endswith(" 0")
        assert symbols.bar_8 not in lena + nobody


async def test_rows_that_do_not_fit_come_into_sight_with_the_cursor() -> None:
    app = One(BarChart(given.agents()))
    async with app.run_test(size=(60, 8)) as pilot:
        assert lines(app.chart)[0].rstrip().endswith("1 to 6 of 12")
        await pilot.press("end")
        assert lines(app.chart)[0].rstrip().endswith("7 to 12 of 12")
        assert "李小明" in lines(app.chart)[6]
        await pilot.press("up")
        assert lines(app.chart)[0].rstrip().endswith("7 to 12 of 12")
        await pilot.press("pageup")
        assert app.chart.index == 4
        assert lines(app.chart)[0].rstrip().endswith("5 to 10 of 12")
        await pilot.press("home")
        assert "Ben Counter" in lines(app.chart)[1]


async def test_a_tile_says_its_point_beside_the_line() -> None:
    app = One(Sparkline(given.spark()))
    async with app.run_test(size=(60, 1)) as pilot:
        await pilot.press("home")
        chart = app.chart
        assert chart.data is not None
        assert lines(chart)[0].rstrip().endswith(spoken(chart.data, 0)[-1])


@pytest.mark.parametrize("kind", ["line", "bars"])
async def test_a_step_of_a_main_chart_stays_within_the_bytes_of_a_key(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = record_terminal(monkeypatch)
    app = One(MAKERS[kind]())
    async with app.run_test(size=(160, 20)) as pilot:
        await pilot.press("home")
        for key in ("down", "right", "right", "left"):
            await pilot.pause()
            recorder.clear()
            await pilot.press(key)
            await pilot.pause()
            assert 0 < recorder.size <= STEP_BYTES, f"{key}: {recorder.size} bytes"


async def test_a_chart_that_nothing_happens_to_writes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder = record_terminal(monkeypatch)
    app = One(LineChart(given.two_lines(90)))
    async with app.run_test(size=(160, 20)) as pilot:
        await pilot.press("left")
        await recorder.quiet(pilot)
        recorder.clear()
        app.chart.show(given.two_lines(90))
        await pilot.pause(1.0)
        assert recorder.size == 0, recorder.text


async def test_another_theme_or_alphabet_reaches_every_line() -> None:
    app = One(LineChart(given.two_lines(90)))
    app.register_theme(NORDIC_DARK)
    async with app.run_test(size=(100, 20)) as pilot:
        await pilot.pause()
        chart = app.chart
        light = [chart.draw_line(y) for y in range(20)]
        app.theme = "nordic-dark"
        await pilot.pause()
        dark = [chart.draw_line(y) for y in range(20)]
        assert [strip.text for strip in light] == [strip.text for strip in dark]
        assert all(a != b for a, b in zip(light, dark, strict=True))
        symbols.use_ascii = True
        try:
            assert all(line.isascii() for line in lines(chart))
        finally:
            symbols.use_ascii = False
        assert lines(chart) == [strip.text for strip in dark]
