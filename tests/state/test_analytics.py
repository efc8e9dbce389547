"""What the analytics ask for and what they make of it: ranges, targets, trends, what is behind."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from revivatui.state import analytics_behind as behind
from revivatui.state import analytics_board as parts
from revivatui.state.analytics import (
    MOST_BUCKETS,
    PRESETS,
    Span,
    Wanted,
    day_in,
    group_of,
    groups_for,
    midnight,
    offset_of,
    question_of,
    range_trouble,
    span_of,
)
from revivatui.state.analytics_board import Board, Boards, Part, series
from revivatui.state.analytics_charts import course, shares, slot_of, traffic
from revivatui.state.analytics_export import as_csv, as_json, figure_rows, file_stem
from revivatui.state.analytics_tiles import (
    BY_ID,
    KINDS,
    definition_of,
    load_of,
    satisfaction_of,
    tiles_of,
    trend_of,
)
from revivatui.state.analytics_zone import zone_words
from revivatui.state.bridge_health import Uptime
from revivatui.state.models import Conversation
from revivatui.state.reports import AgentLive, Bucket, LiveCounts, Satisfaction, Summary, Totals

LISBON = ZoneInfo("Europe/Lisbon")
NOW = datetime(2026, 11, 26, 12, 30, tzinfo=LISBON).timestamp()
NEW, OLD = "4.10.1", "3.9.0"
NOTHING = Totals(0, 0, 0, 0, None, None, None)


def at(*when: int) -> float:
    return datetime(*when, tzinfo=LISBON).timestamp()  # type: ignore[arg-type, misc]


def board(version: str = NEW, **wanted: Any) -> Board:
    return Board(Wanted(**wanted), NOW, LISBON, version)


def with_totals(now: Totals, was: Totals = NOTHING, version: str = NEW) -> Board:
    made = board(version)
    made.parts[parts.SUMMARY] = Part(Summary(now, was), NOW)
    return made


# --- ranges --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preset", "since", "until"),
    [
        ("today", (2026, 11, 26), None),
        ("yesterday", (2026, 11, 25), (2026, 11, 26)),
        ("last_7", (2026, 11, 20), None),
        ("last_14", (2026, 11, 13), None),
        ("last_30", (2026, 10, 28), None),
        ("last_90", (2026, 8, 29), None),
        ("this_week", (2026, 11, 23), None),
        ("last_week", (2026, 11, 16), (2026, 11, 23)),
        ("this_month", (2026, 11, 1), None),
        ("last_month", (2026, 10, 1), (2026, 11, 1)),
    ],
)
def test_a_range_by_name_is_whole_days_of_the_reader_up_to_now(
    preset: str, since: tuple[int, ...], until: tuple[int, ...] | None
) -> None:
    span = span_of(Wanted(preset), NOW, LISBON)
    assert span == Span(at(*since), NOW if until is None else at(*until))


def test_what_it_is_compared_with_is_as_long_and_ends_where_it_begins() -> None:
    for preset in PRESETS:
        asked = question_of(Wanted(preset.id), NOW, LISBON, NEW)
        before = asked.before()
        assert before.until == asked.since
        assert before.until - before.since == asked.until - asked.since > 0


def test_days_on_which_clocks_change_are_as_long_as_they_are() -> None:
    day = Wanted("custom", date(2026, 10, 25), date(2026, 10, 25))
    assert span_of(day, NOW, LISBON).days == pytest.approx(25 / 24)
    day = Wanted("custom", date(2026, 3, 29), date(2026, 3, 29))
    assert span_of(day, NOW, LISBON).days == pytest.approx(23 / 24)


def test_random_ranges_are_cut_up_into_no_more_points_than_can_be_read() -> None:
    dice = random.Random(4)
    for _ in range(500):
        first = date(2024, 1, 1) + timedelta(days=dice.randrange(1000))
        wanted = Wanted(
            "custom",
            first,
            first + timedelta(days=dice.randrange(1100)),
            group=dice.choice((None, "hour", "day", "week", "month", "year")),
        )
        span = span_of(wanted, NOW, LISBON)
        group = group_of(wanted, span)
        assert group in groups_for(span)
        hours = {"hour": 1, "day": 24, "week": 168, "month": 672, "year": 8760}[group]
        assert span.days * 24 / hours <= MOST_BUCKETS * 1.1
        if wanted.group in groups_for(span):
            assert group == wanted.group


def test_the_reader_chooses_the_steps_or_the_range_does() -> None:
    for preset, group in (("today", "hour"), ("last_7", "day"), ("last_90", "week")):
        assert group_of(Wanted(preset), span_of(Wanted(preset), NOW, LISBON)) == group
    year = Wanted("custom", date(2024, 1, 1), date(2026, 6, 1), group="hour")
    assert group_of(year, span_of(year, NOW, LISBON)) == "month"


def test_the_offset_is_that_of_winter_for_3_9_and_of_now_for_4() -> None:
    berlin, summer = ZoneInfo("Europe/Berlin"), datetime(2026, 7, 1).timestamp()
    assert offset_of(summer, berlin, OLD) == 1.0
    assert offset_of(summer, berlin, NEW) == 2.0
    assert offset_of(NOW, berlin, NEW) == 1.0
    assert offset_of(NOW, ZoneInfo("Asia/Kolkata"), OLD) == 5.5


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("24.11.2026", date(2026, 11, 24)),
        ("24/11/2026", date(2026, 11, 24)),
        ("24.11.", date(2026, 11, 24)),
        ("27.11.", date(2025, 11, 27)),
        ("31.2.", None),
        ("29.2.", None),
        ("soon", None),
        ("", None),
        ("²4.11.2026", None),
        ("1.1.99999999999999999999", None),
    ],
)
def test_a_day_is_read_as_people_type_it(text: str, day: date | None) -> None:
    assert day_in(text, date(2026, 11, 26)) == day


def test_a_range_that_cannot_be_says_why() -> None:
    today = date(2026, 11, 26)
    assert range_trouble("1.11.", "24.11.", today) == ""
    assert "first day" in range_trouble("x", "24.11.", today)
    assert "last day" in range_trouble("1.11.", "x", today)
    assert "after the last" in range_trouble("2026-11-24", "2026-11-01", today)
    assert "not begun" in range_trouble("2027-01-01", "2027-01-02", today)
    assert "three years" in range_trouble("2010-01-01", "2026-01-01", today)


def test_the_zone_says_where_the_server_counts_other_days() -> None:
    assert zone_words(board()) == "Europe/Lisbon"
    paulo = Board(Wanted("last_90"), NOW, ZoneInfo("America/Sao_Paulo"), NEW)
    assert zone_words(paulo) == "America/Sao_Paulo; the server's steps are Santiago's"


# --- tiles ---------------------------------------------------------------------------------------


def test_targets_are_met_or_missed_at_their_edges() -> None:
    for kind_id, met, missed in (
        ("first_response", 119.9, 120.0),
        ("rate", 85.1, 85.0),
        ("satisfaction", 90.1, 90.0),
        ("utilisation", 80.0, 80.1),
        ("uptime", 99.9, 99.89),
    ):
        target = BY_ID[kind_id].target
        assert target is not None
        assert target.is_met(met), kind_id
        assert not target.is_met(missed), kind_id
    utilisation = BY_ID["utilisation"].target
    assert utilisation is not None
    assert not utilisation.is_met(69.9)


def test_nothing_to_average_is_no_data_and_never_zero_or_met() -> None:
    tiles = {tile.kind.id: tile for tile in tiles_of(with_totals(NOTHING))}
    for kind_id in ("first_response", "reply", "resolution", "rate"):
        assert tiles[kind_id].verdict == "no data"
        assert tiles[kind_id].words == "no data"
    assert tiles["conversations"].words == "0"


def test_a_figure_that_is_awaited_says_so_and_one_that_failed_says_why() -> None:
    made = board()
    assert {tile.verdict for tile in tiles_of(made)} == {"asking"}
    made.parts[parts.SUMMARY] = Part(trouble="The server is busy.", why="unreachable")
    tile = tiles_of(made)[0]
    assert (tile.verdict, tile.note) == ("not known", "The server is busy.")


def test_a_trend_says_how_much_and_whether_that_is_good() -> None:
    first, rate = BY_ID["first_response"], BY_ID["rate"]
    slower = trend_of(first, 130.0, 100.0)
    assert slower is not None
    assert (slower.words, slower.direction, slower.is_good) == ("30 s longer than before", "up",
                                                                False)  # fmt: skip
    better = trend_of(rate, 90.0, 80.0)
    assert better is not None
    assert (better.words, better.short, better.is_good) == ("10 points more than before", "10 pt",
                                                            True)  # fmt: skip
    many = trend_of(BY_ID["conversations"], 12, 10)
    assert many is not None
    assert many.is_good is None
    for value, was in ((None, 3.0), (3.0, None)):
        assert trend_of(first, value, was) is None
    same = trend_of(BY_ID["first_response"], 3.0, 3.0)
    assert same is not None
    assert same.direction == "same"


def test_satisfaction_is_the_share_of_fours_and_fives() -> None:
    assert satisfaction_of(Satisfaction(4, 9, {5: 1, 4: 1, 3: 1, 1: 1})) == 50.0
    assert satisfaction_of(Satisfaction(0, 9, {})) is None


def test_a_rate_over_a_hundred_is_shown_as_it_is() -> None:
    totals = replace(NOTHING, conversations=2, resolutions=5)
    tile = next(one for one in tiles_of(with_totals(totals)) if one.kind.id == "rate")
    assert tile.value == 250.0
    assert tile.note == "5 of 2"


def test_uptime_is_never_rounded_up_and_no_bridge_is_said() -> None:
    made = board()
    made.parts[parts.UPTIME] = Part(Uptime(0.0, 43_200, 1), NOW)
    tile = tiles_of(made)[-1]
    assert (tile.words, tile.verdict) == ("99.99 %", "met")
    made.parts[parts.UPTIME] = Part(Uptime(0.0, 43_200, 44), NOW)
    assert tiles_of(made)[-1].verdict == "missed"
    made.parts[parts.UPTIME] = Part(None, NOW)
    assert tiles_of(made)[-1].verdict == "not known"
    assert "no bridge" in tiles_of(made)[-1].note


def test_every_figure_is_defined_and_the_versions_differ_where_they_count_differently() -> None:
    for kind in KINDS:
        assert definition_of(kind, board(NEW))
    for kind_id in ("resolved", "rate"):
        kind = BY_ID[kind_id]
        assert definition_of(kind, board(NEW)) != definition_of(kind, board(OLD))


def live(open_: int, availability: str = "online", id_: int = 1) -> AgentLive:
    return AgentLive(id_, "Ben", "", availability, open_, 0)


def test_utilisation_is_of_those_online_and_not_known_where_one_holds_without_end() -> None:
    assert load_of([live(7), live(3, "busy", 2), live(8, id_=3)], {1: 10, 3: 10}).percent == 75.0
    assert load_of([live(7, "offline")], {1: 10}).percent is None
    endless = load_of([live(7), live(3, id_=2)], {1: 10, 2: 0})
    assert endless.percent is None
    assert "capacity" in endless.note


# --- charts --------------------------------------------------------------------------------------


def days(*values: float | None) -> tuple[Bucket, ...]:
    start = date(2026, 11, 20)
    return tuple(
        Bucket(midnight(start + timedelta(days=n), LISBON), value) for n, value in enumerate(values)
    )


def test_the_course_has_both_lines_and_the_time_before_beside_them() -> None:
    made = board()
    made.parts[series("conversations_count")] = Part(days(1, 2, 3, 4, 5, 6, 7), NOW)
    made.parts[series("resolutions_count")] = Part(days(0, 1, 1, 1, 1, 1, 1), NOW)
    made.parts[parts.before("conversations_count")] = Part(days(3, 3, 3), NOW)
    data = course(made)
    assert data is not None
    assert [one.label for one in data.series] == ["Conversations", "Resolved", "the 7 days before"]
    assert list(data.series[2].values) == [3, 3, 3, None, None, None, None]
    assert data.slots[0].words == "Fri 20 Nov"


def test_a_chart_without_all_its_parts_is_awaited() -> None:
    made = board()
    made.parts[series("conversations_count")] = Part(days(1, 2, 3, 4, 5, 6, 7), NOW)
    assert course(made) is None


def test_days_of_a_zone_an_hour_apart_keep_the_readers_name() -> None:
    begin = midnight(date(2026, 11, 24), LISBON)
    for shift in (-3600, 0, 3600):
        assert slot_of(begin + shift, "day", LISBON).words == "Tue 24 Nov"
    assert slot_of(begin, "hour", LISBON).words == "Tue 24 Nov 00:00"
    assert slot_of(midnight(date(2026, 11, 1), LISBON), "month", LISBON).words == "November 2026"


def test_traffic_adds_up_and_days_that_the_range_has_not_are_no_data() -> None:
    made = board(preset="yesterday")
    begin = midnight(date(2026, 11, 25), LISBON)
    made.parts[parts.HOURS] = Part(tuple(Bucket(begin + 3600 * n, n) for n in range(24)), NOW)
    data = traffic(made)
    assert data is not None
    wednesday = data.values[2]
    assert wednesday == tuple(range(24))
    assert all(value is None for row in (*data.values[:2], *data.values[3:]) for value in row)


def test_shares_say_by_what_they_are() -> None:
    for version, word in ((NEW, "channel"), (OLD, "inbox")):
        made = board(version)
        assert shares(made) is None
        made.parts[parts.SHARES] = Part((), NOW)
        data = shares(made)
        assert data is not None
        assert word in data.title


# --- what is behind ------------------------------------------------------------------------------


def conversation(created: float, **more: object) -> Conversation:
    fields: dict[str, object] = {
        "id": 1, "inbox_id": 2, "status": "open", "contact_id": 3, "created_at": created,
        "last_activity_at": created,
    }  # fmt: skip
    return Conversation(**{**fields, **more})  # type: ignore[arg-type]


def test_a_point_takes_what_began_in_its_step_and_nothing_beside_it() -> None:
    made = board()
    made.parts[series("conversations_count")] = Part(days(1, 2, 3, 4, 5, 6, 7), NOW)
    found = behind.of_bucket(made, 0, 4)
    assert found is not None
    begin = midnight(date(2026, 11, 24), LISBON)
    assert (found.since, found.until) == (begin, begin + 86400)
    assert found.takes(conversation(begin), LISBON)
    assert not found.takes(conversation(begin - 0.5), LISBON)
    assert not found.takes(conversation(begin + 86400), LISBON)


def test_the_last_step_ends_with_the_range() -> None:
    made = board()
    made.parts[series("conversations_count")] = Part(days(1, 2, 3, 4, 5, 6, 7), NOW)
    found = behind.of_bucket(made, 0, 6)
    assert found is not None
    assert found.until == NOW
    assert behind.of_bucket(made, 0, 7) is None
    assert behind.of_bucket(made, 1, 0) is None


@pytest.mark.parametrize(
    ("wanted", "inside", "outside"),
    [
        ({"scope": "agent", "scope_id": 7}, {"assignee_id": 7}, {"assignee_id": 8}),
        ({"scope": "inbox", "scope_id": 2}, {"inbox_id": 2}, {"inbox_id": 3}),
        ({"scope": "team", "scope_id": 5}, {"team_id": 5}, {}),
        ({"scope": "label", "scope_id": 9, "scope_name": "late"}, {"labels": ("late",)}, {}),
    ],
)
def test_the_scope_narrows_what_is_behind_and_what_is_asked_for(
    wanted: dict[str, Any], inside: dict[str, object], outside: dict[str, object]
) -> None:
    found = behind.whole(board(**wanted))
    begin = found.since + 60
    assert found.takes(conversation(begin, **inside), LISBON)
    assert not found.takes(conversation(begin, **outside), LISBON)
    asked = behind.conditions(found)
    assert len(asked) == 3
    assert [one["query_operator"] for one in asked] == ["AND", "AND", None]


def test_what_is_asked_for_begins_a_day_early_and_ends_a_day_late() -> None:
    asked = behind.conditions(behind.whole(board(preset="yesterday")))
    assert [(one["filter_operator"], one["values"]) for one in asked] == [
        ("is_greater_than", ["2026-11-23"]),
        ("is_less_than", ["2026-11-28"]),
    ]


# --- boards and files ----------------------------------------------------------------------------


def test_going_back_to_a_choice_shows_what_was_known_but_not_of_yesterday() -> None:
    boards = Boards()
    first = boards.find(Wanted(), NOW, LISBON, NEW)
    boards.find(Wanted("today"), NOW, LISBON, NEW)
    assert boards.find(Wanted(), NOW + 600, LISBON, NEW) is first
    assert boards.find(Wanted(), NOW + 86400, LISBON, NEW) is not first
    for days_back in range(40):
        boards.find(Wanted("custom", date(2026, 1, 1), date(2026, 1, 2 + days_back % 28)), NOW,
                    LISBON, NEW)  # fmt: skip
    assert len(boards._kept) <= Boards.MOST


def test_exported_figures_have_every_tile_and_keep_what_is_missing_empty() -> None:
    made = with_totals(replace(NOTHING, conversations=3))
    rows = figure_rows(made, [])
    table = list(csv.DictReader(io.StringIO(as_csv(rows, ("name", "value", "unit")))))
    values = {row["name"]: row["value"] for row in table}
    assert values["Conversations"] == "3"
    assert values["First response"] == ""
    told = json.loads(as_json({"range": "last 7 days"}, rows))
    assert told["range"] == "last 7 days"
    assert next(row for row in told["rows"] if row["name"] == "First response")["value"] is None


def test_no_cell_is_taken_for_a_formula_and_no_name_leaves_its_folder() -> None:
    for text in ("=1+1", "+1", "-1", "@x", "\t=1", " =1"):
        assert as_csv([{"a": text}], ("a",)).splitlines()[1].lstrip('"').startswith("'")
    assert as_csv([{"a": -1.5}], ("a",)).splitlines()[1] == "-1.5"
    for text in ("../../etc/passwd", "C:\\x", "a/b", "\x1b[2J", "..."):
        stem = file_stem(text)
        assert stem
        assert not set(stem) - set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(file_stem("x" * 500)) <= 80


def test_live_counts_show_what_waits_unattended() -> None:
    made = board()
    made.parts[parts.LIVE] = Part(LiveCounts(9, 4, 2, 1), NOW)
    tile = next(one for one in tiles_of(made) if one.kind.id == "unattended")
    assert tile.value == 4
