"""Times in words: every boundary, with the clock and the zone given."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from revivatui.text.when import ago, clock, day_of, day_words, duration, size, stamp, until

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC).timestamp()  # a Monday
MINUTE, HOUR, DAY = 60, 3600, 86400


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (0, "now"),
        (59, "now"),
        (-30, "now"),
        (60, "1 min"),
        (59 * MINUTE + 59, "59 min"),
        (HOUR, "14:30"),
        (15 * HOUR, "00:30"),
        (16 * HOUR, "Sun"),
        (6 * DAY, "Tue"),
        (7 * DAY, "16 Nov"),
        (300 * DAY, "27 Jan"),
        (400 * DAY, "Oct 2025"),
        (-2 * DAY, "25 Nov"),
    ],
)
def test_the_past_is_told_shorter_the_longer_ago(before: float, words: str) -> None:
    assert ago(NOW - before, NOW, UTC) == words
    assert len(words) <= 8


def test_last_autumn_needs_no_year_in_spring() -> None:
    march = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
    assert ago(march - 100 * DAY, march, UTC) == "21 Nov"
    assert day_words(date(2025, 11, 21), date(2026, 3, 1)) == "Friday 21 November"


def test_just_before_midnight_is_still_minutes() -> None:
    midnight = datetime(2026, 11, 23, 0, 5, tzinfo=UTC).timestamp()
    assert ago(midnight - 10 * MINUTE, midnight, UTC) == "10 min"


def test_the_reader_s_zone_decides_the_day_and_the_hour() -> None:
    east = timezone(timedelta(hours=10))
    assert clock(NOW, east) == "01:30"
    assert day_of(NOW, east) == date(2026, 11, 24)
    assert ago(NOW - 2 * HOUR, NOW, east) == "Mon"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "<1 min"),
        (59, "<1 min"),
        (60, "1 min"),
        (840, "14 min"),
        (7500, "2 h 05"),
        (86399, "23 h 59"),
        (3 * DAY, "3 d"),
        (-5, "<1 min"),
    ],
)
def test_durations_fit_a_column(seconds: float, words: str) -> None:
    assert duration(seconds) == words
    assert len(words) <= 7


@pytest.mark.parametrize(
    ("after", "words"),
    [(HOUR, "16:30"), (DAY, "Tue 15:30"), (8 * DAY, "1 Dec"), (400 * DAY, "Dec 2027")],
)
def test_the_future_is_told_to_the_hour_within_a_week(after: float, words: str) -> None:
    assert until(NOW + after, NOW, UTC) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "Today"),
        (date(2026, 11, 22), "Yesterday"),
        (date(2026, 11, 16), "Monday 16 November"),
        (date(2024, 3, 3), "3 March 2024"),
        (date(2026, 11, 24), "Tuesday 24 November"),
    ],
)
def test_day_dividers_read_as_headings(day: date, words: str) -> None:
    assert day_words(day, date(2026, 11, 23)) == words


def test_a_full_stamp_names_the_day_where_it_is_not_today() -> None:
    assert stamp(NOW - HOUR, NOW, UTC) == "14:30"
    assert stamp(NOW - DAY, NOW, UTC) == "Sun 15:30"
    assert stamp(NOW - 8 * DAY, NOW, UTC) == "15 Nov 15:30"
    assert stamp(NOW - 400 * DAY, NOW, UTC) == "19 Oct 2025"


def test_moments_out_of_range_do_not_fail() -> None:
    assert ago(1e18, NOW, UTC) == "Jan 1970"
    assert ago(-1e18, NOW, UTC) == "Jan 1970"


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KB"),
        (2048, "2.0 KB"),
        (48_200, "48 KB"),
        (999_600, "1.0 MB"),
        (1_400_000, "1.4 MB"),
        (3_000_000_000_000, "3000 GB"),
    ],
)
def test_sizes_are_short(count: int, words: str) -> None:
    assert size(count) == words
