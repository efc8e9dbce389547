"""Charts as SVG: well-formed, readable aloud, inside their frame, only text and shapes."""

from __future__ import annotations

import re
from random import Random
from xml.etree import ElementTree

import pytest

from revivatui.state.charts.data import (
    Bar,
    BarData,
    HeatData,
    LineData,
    RatingData,
    Series,
    Slot,
)
from revivatui.state.charts.svg import WIDE, Drawable, svg
from tests.charts import given

SVG = "{http://www.w3.org/2000/svg}"
DATA: dict[str, Drawable] = {
    "line": given.two_lines(90),
    "lines": given.three_lines(),
    "gaps": given.response_line(),
    "bars": given.agents(),
    "heat": given.week(),
    "ratings": given.ratings(),
}
every = pytest.mark.parametrize("kind", DATA)
HOSTILE = "<script>alert(1)</script>&\"'\x00\x1b]]>\ud800 {{name}}"


def parsed(data: Drawable) -> ElementTree.Element:
    return ElementTree.fromstring(svg(data))


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


@every
def test_it_names_and_describes_itself(kind: str) -> None:
    root = parsed(DATA[kind])
    title, told = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert told is not None
    assert title.text == DATA[kind].title
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"
    assert told.text
    assert DATA[kind].title in texts(root)


@every
def test_it_brings_nothing_from_outside_and_runs_nothing(kind: str) -> None:
    root = parsed(DATA[kind])
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "rect", "text", "path", "circle"}
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert "href" not in name
            assert "url(" not in value
    assert len(svg(DATA[kind])) < 40_000


@every
def test_nothing_is_drawn_outside_the_frame(kind: str) -> None:
    root = parsed(DATA[kind])
    high = float(root.get("height", "0"))
    for element in root.iter(f"{SVG}rect"):
        x, y = float(element.get("x", "0")), float(element.get("y", "0"))
        assert x >= 0
        assert x + float(element.get("width", "0")) <= WIDE
        assert y + float(element.get("height", "0")) <= high
    for element in root.iter(f"{SVG}path"):
        for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", element.get("d", "")):
            assert 0 <= float(x) <= WIDE
            assert 0 <= float(y) <= high


@pytest.mark.parametrize("seed", range(40))
def test_random_data_stays_in_the_frame(seed: int) -> None:
    values = tuple(given.random_values(Random(seed)))
    slots = given.days(len(values))
    root = parsed(LineData("Title", slots, (Series(given.CONVERSATIONS, values),)))
    high = float(root.get("height", "0"))
    for element in root.iter(f"{SVG}path"):
        for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", element.get("d", "")):
            assert 0 <= float(x) <= WIDE
            assert 0 <= float(y) <= high


def test_text_from_outside_stays_text() -> None:
    slots = (Slot(HOSTILE, HOSTILE), Slot("b", "b"))
    series = (
        Series(given.CONVERSATIONS, (1.0, 2.0), HOSTILE),
        Series(given.CONVERSATIONS, (2.0, 1.0), "x"),
    )
    hours = HeatData(HOSTILE, given.CONVERSATIONS, slots, slots, ((1.0, 2.0), (None, 0.0)))
    for data in (
        LineData(HOSTILE, slots, series),
        BarData(HOSTILE, given.CONVERSATIONS, (Bar(HOSTILE, 3.0, HOSTILE),)),
        hours,
        RatingData(HOSTILE, (1, 2, 3, 4, 5)),
        RatingData(HOSTILE, (0, 0, 0, 0, 0)),
    ):
        written = svg(data)
        assert "<script" not in written
        assert "\x00" not in written
        assert "\x1b" not in written
        written.encode("utf-8")
        title = ElementTree.fromstring(written).find(f"{SVG}title")
        assert title is not None
        assert title.text == "<script>alert(1)</script>&\"'" + "]]> {{name}}"


def test_all_values_are_in_the_description_and_bars_in_the_labels() -> None:
    bars = given.agents()
    root = parsed(bars)
    told = root.find(f"{SVG}desc")
    assert told is not None
    assert told.text is not None
    for bar in bars.bars:
        assert f"{bar.name}: " in told.text
    assert "no data" in texts(root)
    assert "126" in texts(root)


def test_lines_differ_in_their_dashes_too() -> None:
    root = parsed(given.three_lines())
    dashes = {element.get("stroke-dasharray") for element in root.iter(f"{SVG}path")}
    assert len(dashes - {None}) == 2
    assert [text for text in texts(root) if text == "Resolved"]


def test_a_gap_breaks_the_line() -> None:
    series = Series(given.CONVERSATIONS, (1.0, 2.0, None, 4.0, 3.0, None, 5.0))
    root = parsed(LineData("Title", given.days(7), (series,)))
    lines = [e for e in root.iter(f"{SVG}path") if e.get("stroke-width") == "2"]
    assert len(lines) == 2
    assert len(list(root.iter(f"{SVG}circle"))) == 1


def test_without_data_it_says_so() -> None:
    root = parsed(LineData("Title", (), (Series(given.CONVERSATIONS, ()),)))
    assert "No conversations in this range" in texts(root)


def test_a_name_that_is_none_is_refused() -> None:
    assert 'id="by-agent-title"' in svg(given.agents(), "by-agent")
    with pytest.raises(ValueError, match="no name for an element"):
        svg(given.agents(), 'x" onload="y')
