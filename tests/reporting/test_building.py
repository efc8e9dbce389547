"""Reports from answers: periods in the shop's time, targets, and text that stays text."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revivatui.reporting import files
from revivatui.reporting.errors import ReportError
from revivatui.state.report_csv import as_csv
from revivatui.state.report_data import Row
from revivatui.state.report_html import html
from revivatui.state.report_markdown import markdown, short
from revivatui.state.report_period import EVERY, compared_with, last_whole, period_of
from revivatui.state.reports import Bucket, Rating
from tests.reporting.made import HOUR, LISBON, hours, made, totals

HOSTILE = "<script>alert(1)</script> | *b* [x](http://evil) =1+1 {{ contact.email }} &amp; \"'"


@given(
    st.sampled_from(EVERY),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.integers(0, 86_399),
)
@settings(max_examples=200, deadline=None)
def test_periods_hold_their_day_and_follow_one_another_without_a_gap(
    every: str, day: date, second: int
) -> None:
    period = period_of(every, day, LISBON)  # type: ignore[arg-type]
    assert period.first <= day <= period.last
    after = period_of(period.every, period.last + timedelta(days=1), LISBON)
    assert after.since == period.until
    now = datetime(day.year, day.month, day.day, tzinfo=LISBON).timestamp() + second
    done = last_whole(period.every, now, LISBON)
    assert done.until <= now + HOUR
    assert compared_with(done, now + HOUR, LISBON).until == done.since
    running = compared_with(period, now, LISBON)
    assert running.until - running.since <= max(0.0, now - period.since) + 1e-6


def test_a_week_begins_on_monday_and_a_day_of_changing_clocks_is_a_day() -> None:
    week = period_of("weekly", date(2026, 10, 25), LISBON)
    assert (week.first.weekday(), week.name) == (0, "weekly-2026-10-19")
    assert week.until - week.since == (7 * 24 + 1) * HOUR
    assert period_of("monthly", date(2024, 2, 10), LISBON).last == date(2024, 2, 29)


def test_targets_are_met_or_missed_in_words_and_compared_with_the_period_before() -> None:
    by_id = {one.kind.id: one for one in made().figures}
    assert by_id["first_response"].verdict == "met"
    assert by_id["rate"].verdict == "met"
    assert by_id["satisfaction"].verdict == "missed"
    assert by_id["uptime"].verdict == "not known"
    trend = by_id["first_response"].trend
    assert trend is not None
    assert (trend.words, trend.is_good) == ("2 min shorter than before", True)
    assert {one.kind.id: one for one in made(now=totals()).figures}["rate"].verdict == "no data"


@given(st.dictionaries(st.integers(0, 167), st.integers(0, 50), max_size=40))
@settings(max_examples=60, deadline=None)
def test_the_days_and_the_traffic_add_up_to_the_hours(values: dict[int, int]) -> None:
    period = period_of("weekly", date(2026, 11, 18), LISBON)
    created = hours(period, {float(hour): many for hour, many in values.items()})
    report = made(created=created)
    total = sum(values.values())
    assert sum(one.conversations or 0 for one in report.days) == total
    assert sum(value or 0 for row in report.traffic.values for value in row) == total
    assert sum(report.course.series[0].values) == total  # type: ignore[arg-type]


def test_a_day_that_has_not_come_is_no_zero() -> None:
    period = period_of("weekly", date(2026, 11, 18), LISBON)
    report = made(as_of=period.since + 50 * HOUR)
    assert [one.conversations for one in report.days] == [4, 6, 0, None, None, None, None]
    assert "The week is not over" in markdown(report)


def test_a_day_is_shown_by_its_hours_also_the_one_that_has_an_hour_twice() -> None:
    day = period_of("daily", date(2026, 10, 25), LISBON)
    twice = [Bucket(day.since + n * HOUR, 1.0) for n in range(25)]
    report = made("daily", day.first, created=tuple(twice))
    assert report.course.series[0].values == (1, 2, *[1] * 22)
    lacks = period_of("daily", date(2026, 3, 29), LISBON)
    spring = made("daily", lacks.first, created=hours(lacks, {}))
    assert spring.course.series[0].values[1] is None


def test_each_version_says_how_it_counts() -> None:
    old, new = markdown(made(version="3.9.0")), markdown(made())
    assert "only while it is resolved now" in old
    assert "Each time counts" in new
    for text in (old, new, html(made())):
        assert "As of 2026-11-23 01:00, Europe/Lisbon, counted by Chatwoot" in text


# --- forms ---------------------------------------------------------------------------------------


class Checked(HTMLParser):
    """Open elements, and what would be fetched from elsewhere or run."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.bad: list[str] = []
        self.charts = 0
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        if tag in ("script", "link", "img", "iframe", "a", "object"):
            self.bad.append(tag)
        self.bad += [name for name, _ in attrs if name.startswith("on") or name in ("src", "href")]
        if tag == "svg":
            assert dict(attrs)["role"] == "img"
            self.charts += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.bad += [name for name, _ in attrs if name.startswith("on") or name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_is_whole_stands_alone_and_runs_nothing_whatever_names_say() -> None:
    report = made(
        account=HOSTILE,
        agents=(Row(HOSTILE, 3, None, None, None),),
        ratings=(Rating(1, 1, 7, None, HOSTILE + "\nsecond", HOSTILE),),
    )
    page = Checked()
    page.feed(html(report))
    assert (page.open, page.bad, page.charts) == ([], [], 5)
    assert HOSTILE in "".join(page.text)
    assert "prefers-color-scheme: dark" in html(report)
    assert "@media print" in html(report)
    assert "http" not in re.sub(r'xmlns="[^"]*"|http-equiv', "", html(made()))


def test_names_mark_nothing_up_in_markdown_and_run_nothing_in_a_note() -> None:
    report = made(account=HOSTILE, agents=(Row(HOSTILE, 3, 1, None, None),))
    lines = markdown(report).splitlines()
    assert all(line.count(" | ") - line.count("\\| ") <= 4 for line in lines if "evil" in line)
    assert "\\<script\\>" in markdown(report)
    assert "{{" not in short(report)
    assert "{%" not in short(made(account="{% raw %}"))


def test_csv_has_every_value_and_no_formula() -> None:
    report = made(agents=(Row("=SUM(A1)", 3, 1, None, None),))
    rows = list(csv.DictReader(io.StringIO(as_csv(report))))
    assert {row["section"] for row in rows} == {
        "report", "figure", "day", "agent", "inbox", "traffic", "rating", "comment", "alert",
    }  # fmt: skip
    assert not [value for row in rows for value in row.values() if value.startswith("=")]
    response = next(row for row in rows if row["name"] == "First response")
    assert (response["value"], response["unit"]) == ("60", "seconds")
    assert (
        next(row for row in rows if row["name"] == "'=SUM(A1)" and row["of"] == "first response")[
            "value"
        ]
        == ""
    )


def test_nothing_is_written_over_and_what_is_written_is_whole(tmp_path: Path) -> None:
    report = made()
    written = files.write(report, tmp_path / "new", files.FORMATS)
    assert [file.name for file in written] == [
        f"report-weekly-2026-11-16.{kind}" for kind in files.FORMATS
    ]
    assert sorted(tmp_path.glob("new/*")) == sorted(written)
    written[0].write_text("mine")
    with pytest.raises(ReportError, match="already"):
        files.write(report, tmp_path / "new", ["md"])
    assert written[0].read_text() == "mine"
    files.write(report, tmp_path / "new", ["md"], replace=True)
    assert written[0].read_text() == markdown(report)
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match="cannot be made"):
        files.write(report, tmp_path / "file", ["md"])


def test_what_is_left_out_of_the_comments_is_said() -> None:
    many = tuple(Rating(n, 5, n, None, f"word {n}", "Ana") for n in range(40))
    assert "15 older comments are left out." in markdown(made(ratings=many))
    assert "the newest stand here" in html(made(ratings=many, has_more_ratings=True))
