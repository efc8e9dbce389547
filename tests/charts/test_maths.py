"""The maths of charts: what holds for whatever data, drawn from seeds, and what people read."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

import pytest

from revivatui.state.charts.columns import buckets, column_of, point_at, thinned
from revivatui.state.charts.data import Measure, Unit, known
from revivatui.state.charts.levels import HEAT_LEVELS, SPARK_LEVELS, level, ranges, spark
from revivatui.state.charts.numbers import difference, percent_change, plain, said, short
from revivatui.state.charts.raster import BRAILLE, CELLS, NOBODY, Dash, Raster, runs_of
from revivatui.state.charts.scale import scale_of
from revivatui.state.charts.shares import eighths, largest_remainder, part_cells, percents
from tests.charts.given import CONVERSATIONS, FIRST_RESPONSE, SATISFACTION, random_values

SEEDS = range(60)
UNITS: tuple[Unit, ...] = ("count", "seconds", "percent", "points")


@pytest.mark.parametrize("seed", SEEDS)
def test_an_axis_covers_the_data_in_few_even_rising_ticks(seed: int) -> None:
    random = Random(seed)
    values = random_values(random)
    if seed % 5 == 0:
        values += [-value / 3 for value in known(values)]
    most = random.randint(3, 10)
    scale = scale_of(values, random.choice(UNITS), most)
    there = (0.0, *known(values))
    assert scale.low <= min(there)
    assert scale.high >= max(there)
    assert 2 <= len(scale.ticks) <= most
    apart = [b - a for a, b in pairwise(scale.ticks)]
    assert all(math.isclose(step, scale.step) for step in apart)
    assert any(math.isclose(tick, 0, abs_tol=scale.step * 1e-9) for tick in scale.ticks)
    ordered = sorted(there)
    places = [scale.place(value, 40) for value in ordered]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[-1] <= 39


def test_an_axis_is_no_longer_than_it_need_be() -> None:
    for seed in SEEDS:
        values = [value for value in known(random_values(Random(seed))) if value > 0]
        if values:
            scale = scale_of(values, "count", 5)
            assert scale.high - scale.step < max(values) <= scale.high


@pytest.mark.parametrize(
    ("values", "unit", "ticks"),
    [
        ((3,), "count", ["0", "1", "2", "3"]),
        ((), "count", ["0", "1", "2", "3", "4"]),
        ((0,), "count", ["0", "1", "2", "3", "4"]),
        ((38, 12), "count", ["0", "10", "20", "30", "40"]),
        ((48_000,), "count", ["0", "20 k", "40 k", "60 k"]),
        ((83.3,), "percent", ["0 %", "25 %", "50 %", "75 %", "100 %"]),
        ((95.0,), "seconds", ["0", "30 s", "1 min", "1 min 30", "2 min"]),
        ((7300.0,), "seconds", ["0", "1 h", "2 h", "3 h"]),
        ((200_000.0,), "seconds", ["0", "1 d", "2 d", "3 d"]),
        ((4.6,), "points", ["0", "2", "4", "6"]),
    ],
)
def test_ticks_are_numbers_that_people_count_in(
    values: tuple[float, ...], unit: Unit, ticks: list[str]
) -> None:
    assert [short(tick, unit) for tick in scale_of(values, unit).ticks] == ticks


@pytest.mark.parametrize("seed", SEEDS)
def test_shares_add_up_and_are_never_a_whole_one_off(seed: int) -> None:
    random = Random(seed)
    values = random_values(random, 12)
    whole = random.choice((100, random.randint(1, 200)))
    shares = largest_remainder(values, whole)
    total = sum(known(values))
    assert sum(shares) == (whole if total > 0 else 0)
    for value, share in zip(values, shares, strict=True):
        exact = whole * (value or 0.0) / total if total > 0 else 0.0
        assert abs(share - exact) < 1
    assert sum(percents(values)) == (100 if total > 0 else 0)
    by_size = sorted(zip((value or 0.0 for value in values), shares, strict=True))
    assert [share for _, share in by_size] == sorted(shares)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stacked_bar_fills_its_cells_and_shows_every_part_there_is(seed: int) -> None:
    random = Random(seed)
    values = random_values(random, 5)
    cells = random.randint(len(values), 120)
    parts = part_cells(values, cells)
    assert sum(parts) == (cells if sum(known(values)) > 0 else 0)
    assert all(part >= 0 for part in parts)
    assert [part > 0 for part in parts] == [bool(value) for value in values]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bar_is_no_longer_than_its_cells_and_no_shorter_than_a_smaller_one(seed: int) -> None:
    random = Random(seed)
    values = sorted(known(random_values(random)))
    cells = random.randint(1, 160)
    lengths = [eighths(value, max(values, default=0), cells) for value in values]
    assert lengths == sorted(lengths)
    assert all(0 <= length <= cells * 8 for length in lengths)
    assert [length > 0 for length in lengths] == [value > 0 for value in values]
    if values and values[-1] > 0:
        assert lengths[-1] == cells * 8


@pytest.mark.parametrize("seed", SEEDS)
def test_levels_rise_with_the_values_and_their_ranges_say_which(seed: int) -> None:
    values = sorted(known(random_values(Random(seed))))
    top = max(values, default=0.0)
    levels = [level(value, top) for value in values]
    assert levels == sorted(levels)
    assert all((n == 0) == (value == 0) for n, value in zip(levels, values, strict=True))
    assert not values or top == 0 or levels[-1] == HEAT_LEVELS
    told = {one.level: one for one in ranges(values)}
    for value, n in zip(values, levels, strict=True):
        if n:
            slack = 1e-9 * top
            assert told[n].low - slack <= value <= told[n].high + slack


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sparkline_has_a_level_for_each_cell_and_none_only_where_nothing_is_known(
    seed: int,
) -> None:
    random = Random(seed)
    values = random_values(random)
    cells = random.randint(1, 80)
    drawn = spark(values, cells)
    grouped = buckets(values, cells)
    assert len(drawn) == len(grouped) == min(cells, len(values))
    for shown, bucket in zip(drawn, grouped, strict=True):
        assert (shown is None) == (bucket.mean is None)
        assert shown is None or 1 <= shown <= SPARK_LEVELS
    both = [(b.mean, n) for b, n in zip(grouped, drawn, strict=True) if b.mean is not None]
    assert [n for _, n in sorted(both)] == sorted(n for _, n in both if n is not None)


@pytest.mark.parametrize("seed", SEEDS)
def test_buckets_hold_every_point_once_and_lose_no_peak(seed: int) -> None:
    random = Random(seed)
    values = random_values(random, 400)
    grouped = buckets(values, random.randint(1, 100))
    held = [n for bucket in grouped for n in range(bucket.first, bucket.last + 1)]
    assert held == list(range(len(values)))
    highest = max(known(values), default=None)
    assert max(known(bucket.high for bucket in grouped), default=None) == highest
    lowest = min(known(values), default=None)
    assert min(known(bucket.low for bucket in grouped), default=None) == lowest


@pytest.mark.parametrize("seed", SEEDS)
def test_a_point_is_found_again_where_it_was_put(seed: int) -> None:
    random = Random(seed)
    points, columns = random.randint(1, 200), random.randint(1, 300)
    places = [column_of(index, points, columns) for index in range(points)]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[-1] < columns
    for index, column in enumerate(places):
        found = point_at(column, points, columns)
        assert column_of(found, points, columns) == column
        if points <= columns:
            assert found == index


@pytest.mark.parametrize("seed", SEEDS)
def test_labels_neither_touch_nor_leave_their_room(seed: int) -> None:
    random = Random(seed)
    count, room = random.randint(1, 90), random.randint(8, 200)
    widths = [random.randint(1, 8) for _ in range(count)]
    centres = [column_of(index, count, room) for index in range(count)]
    labels = thinned(widths, centres, room)
    assert labels
    assert labels[0].number == 0
    end = -2
    for label in labels:
        assert label.start >= end + 2
        end = label.start + widths[label.number]
        assert end <= room
    strides = {b.number - a.number for a, b in pairwise(labels)}
    assert len(strides) <= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_no_dot_is_drawn_outside_and_none_where_nothing_is_known(seed: int) -> None:
    random = Random(seed)
    values = random_values(random, 300)
    grain = random.choice((BRAILLE, CELLS))
    raster = Raster(random.randint(0, 100), random.randint(0, 30), grain)
    scale = scale_of(values, "count")
    wide, high = raster.size
    runs = runs_of(values, scale, wide, high)
    assert all(0 <= x < wide and 0 <= y < high for run in runs for x, y in run)
    raster.draw(runs, 0, random.choice((Dash(1, 0), Dash(3, 2))))
    drawn = sum(map(bool, (mask for row in raster.masks for mask in row)))
    owned = sum(owner != NOBODY for row in raster.owners for owner in row)
    assert drawn == owned
    assert (drawn > 0) == bool(known(values) and wide and high)


def test_a_gap_in_the_data_is_a_gap_in_the_line() -> None:
    values = [5.0, 5.0, 5.0, None, None, None, 5.0, 5.0, 5.0]
    raster = Raster(9, 3, CELLS)
    runs = runs_of(values, scale_of(values, "count"), *raster.size)
    raster.draw(runs, 0)
    assert len(runs) == 2
    assert [any(row[x] for row in raster.masks) for x in range(9)] == [
        value is not None for value in values
    ]


def test_a_line_goes_through_each_of_its_points() -> None:
    values = [0.0, 4.0, 1.0, 3.0]
    scale = scale_of(values, "count")
    raster = Raster(20, 5, BRAILLE)
    runs = runs_of(values, scale, *raster.size)
    raster.draw(runs, 0)
    for index, value in enumerate(values):
        x = column_of(index, len(values), raster.size[0])
        line = raster.lines - 1 - scale.place(value, raster.size[1]) // 4
        assert raster.masks[line][x // 2]


def test_dots_that_are_outside_are_left_out() -> None:
    raster = Raster(3, 2, BRAILLE)
    for x, y in ((-1, 0), (0, -1), (6, 0), (0, 8), (99, 99)):
        raster.dot(x, y, 0)
    assert not any(mask for row in raster.masks for mask in row)


@pytest.mark.parametrize(
    ("value", "measure", "words"),
    [
        (1, CONVERSATIONS, "1 conversation"),
        (0, CONVERSATIONS, "0 conversations"),
        (1204, CONVERSATIONS, "1,204 conversations"),
        (12.34, CONVERSATIONS, "12.3 conversations"),
        (0.4, FIRST_RESPONSE, "0.4 s"),
        (59.97, FIRST_RESPONSE, "1 min"),
        (112, FIRST_RESPONSE, "1 min 52 s"),
        (3599.8, FIRST_RESPONSE, "1 h"),
        (7500, FIRST_RESPONSE, "2 h 5 min"),
        (86399, FIRST_RESPONSE, "1 d"),
        (273_600, FIRST_RESPONSE, "3 d 4 h"),
        (83.26, SATISFACTION, "83.3 %"),
        (4.567, Measure("Rating", "points"), "4.57"),
    ],
)
def test_values_are_said_as_people_say_them(value: float, measure: Measure, words: str) -> None:
    assert said(value, measure) == words


def test_differences_are_said_with_their_direction() -> None:
    assert difference(12, 9, CONVERSATIONS) == "3 more than"
    assert difference(8, 9, CONVERSATIONS) == "1 fewer than"
    assert difference(9, 9, CONVERSATIONS) == "the same as"
    assert difference(112, 60, FIRST_RESPONSE) == "52 s longer than"
    assert difference(60, 125, FIRST_RESPONSE) == "1 min 5 s shorter than"
    assert difference(84, 83, SATISFACTION) == "1 point more than"
    assert difference(80, 83, SATISFACTION) == "3 points less than"


def test_a_change_from_nothing_has_no_percentage() -> None:
    assert percent_change(12, 10) == pytest.approx(20)
    assert percent_change(12, 0) is None
    assert percent_change(math.inf, 3) is None


def test_short_numbers_are_short() -> None:
    for seed in SEEDS:
        for value in known(random_values(Random(seed), 30)):
            for unit in UNITS:
                assert len(short(value, unit)) <= 11
    assert plain(-0.01) == "0"
    assert short(999_960, "count") == "1 M"
