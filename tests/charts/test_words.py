"""Every point in words, and the same data as a table of text."""

from __future__ import annotations

import pytest

from revivatui.state.charts.data import (
    Bar,
    BarData,
    ChartData,
    HeatData,
    LineData,
    RatingData,
    Series,
    Slot,
    StackData,
    StackRow,
    is_empty,
)
from revivatui.state.charts.table import as_text, rows
from revivatui.state.charts.words import points, spoken
from revivatui.text.width import width
from tests.charts import given
from tests.charts.given import CONVERSATIONS, FIRST_RESPONSE, RESOLVED, days

EVERY: list[ChartData] = [
    given.two_lines(14), given.three_lines(), given.response_line(), given.agents(),
    given.stacked(), given.week(), given.ratings(), given.spark(),
]  # fmt: skip
every = pytest.mark.parametrize("data", EVERY, ids=lambda data: type(data).__name__)


def line(*values: float | None, before: str = "the day before") -> LineData:
    return LineData("Conversations", days(len(values)), (Series(CONVERSATIONS, values),), before)


def test_a_point_is_said_with_its_day_its_value_and_the_change() -> None:
    data = line(9, 12, 12, 11)
    assert spoken(data, 0)[0] == "Sun 22 Nov: 9 conversations"
    assert spoken(data, 1)[0] == "Mon 23 Nov: 12 conversations, 3 more than the day before"
    assert spoken(data, 2)[0] == "Tue 24 Nov: 12 conversations, the same as the day before"
    assert spoken(data, 3)[0] == "Wed 25 Nov: 11 conversations, 1 fewer than the day before"


def test_no_data_is_said_and_nothing_is_compared_with_it() -> None:
    data = line(9, None, 0)
    assert spoken(data, 1) == ("Tue 24 Nov: no data",)
    assert spoken(data, 2) == ("Wed 25 Nov: 0 conversations",)
    assert spoken(line(9, float("nan")), 1) == ("Wed 25 Nov: no data",)


def test_an_earlier_time_is_told_by_its_own_day() -> None:
    series = (
        Series(CONVERSATIONS, (12.0,)),
        Series(RESOLVED, (9.0,)),
        Series(CONVERSATIONS, (14.0,), "Time before", True, (Slot("18 Nov", "Wed 18 Nov"),)),
    )
    data = LineData("Conversations", days(1), series)
    assert spoken(data, 0)[0] == "Wed 25 Nov: 12 conversations; 9 resolved; Wed 18 Nov: 14"
    told = "Wed 25 Nov: 9 resolved; 12 conversations; Wed 18 Nov: 14 conversations"
    assert spoken(data, 0, 1)[0] == told
    told = "Wed 18 Nov: 14 conversations; Wed 25 Nov: 12; Wed 25 Nov: 9 resolved"
    assert spoken(data, 0, 2)[0] == told


def test_a_duration_is_compared_as_a_duration() -> None:
    data = LineData("", days(2), (Series(FIRST_RESPONSE, (60.0, 112.0)),), "the day before")
    assert spoken(data, 1)[0] == "Wed 25 Nov: 1 min 52 s, 52 s longer than the day before"


def test_bars_parts_hours_and_ratings_are_said_in_place() -> None:
    bars = BarData("", CONVERSATIONS, (Bar("Ben", 12, "34 %"), Bar("Cleo", None), Bar("Dara", 1)))
    assert spoken(bars, 0)[0] == "Ben: 12 conversations (34 %), the most of 2"
    assert spoken(bars, 1) == ("Cleo: no data",)
    assert spoken(bars, 2)[0] == "Dara: 1 conversation, place 2 of 2"
    stack = StackData("", CONVERSATIONS, ("open", "resolved"), (StackRow("Ben", (1, 2)),))
    assert spoken(stack, 1)[0] == "Ben, resolved: 2 conversations, 67 % of 3"
    hours = HeatData(
        "", CONVERSATIONS, (Slot("Mo", "Monday"),), (Slot("09", "09:00"), Slot("10", "10:00")),
        ((4.0, None),),
    )  # fmt: skip
    assert spoken(hours, 0)[0] == "Monday, 09:00: 4 conversations, the most of all"
    assert spoken(hours, 1)[0] == "Monday, 10:00: no data"
    assert spoken(RatingData("", (1, 0, 0, 0, 2)), 4)[0] == "5 of 5: 2 ratings, 67 % of 3"
    assert spoken(RatingData("", (0, 0, 0, 0, 0)), 4) == ("5 of 5: no data",)


@every
def test_every_point_has_words_that_get_shorter_on_one_line(data: ChartData) -> None:
    said = [spoken(data, index) for index in range(points(data))]
    assert said
    for ways in said:
        assert all(ways)
        assert len(ways[0]) == max(map(len, ways))
        assert len(ways[-1]) == min(map(len, ways))
        assert not any("\n" in way or "None" in way or "nan" in way for way in ways)


@every
def test_a_table_has_all_values_below_each_other(data: ChartData) -> None:
    lines = as_text(data)
    table = rows(data)
    assert len({len(row) for row in table}) == 1
    assert len(lines) >= len(table) + 1
    for row, text in zip(table, lines[1:], strict=False):
        place = 0
        for cell in row:
            place = text.index(cell, place) + len(cell)
    if len(table[0]) == 2:
        assert len({width(text) for text in lines[1 : len(table) + 1]}) == 1


def test_a_table_says_where_there_is_no_data() -> None:
    assert "no data" in as_text(given.agents())[-2]
    assert as_text(given.week())[-1] == "-: no data"


def test_a_chart_without_data_says_so_and_one_of_zeros_is_none() -> None:
    assert as_text(line(None, None)) == ("Conversations", "No conversations in this range")
    assert is_empty(LineData("", (), (Series(CONVERSATIONS, ()),)))
    assert is_empty(RatingData("", (0, 0, 0, 0, 0)))
    assert not is_empty(line(0, None))


def test_data_that_does_not_fit_together_is_refused_in_a_sentence() -> None:
    one = Series(CONVERSATIONS, (1.0,))
    with pytest.raises(ValueError, match="1 to 3 series, not 4"):
        LineData("", days(1), (one, one, one, one))
    with pytest.raises(ValueError, match="Conversations: 1 values for 2 slots"):
        LineData("", days(2), (one,))
    with pytest.raises(ValueError, match="1 to 5 parts, not 6"):
        StackData("", CONVERSATIONS, tuple("abcdef"), ())
    with pytest.raises(ValueError, match="Ben: a part cannot be less than nothing"):
        StackData("", CONVERSATIONS, ("a",), (StackRow("Ben", (-1.0,)),))
    with pytest.raises(ValueError, match="5 counts"):
        RatingData("", (1, 2))
