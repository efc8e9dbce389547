"""The figures' core over random stretches: what has to add up adds up, in every zone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revivatui.state.figures.answers import answer
from revivatui.state.figures.buckets import DAY, GROUPS, HOUR, MONTH, WEEK, midnight, starts
from revivatui.state.figures.counting import (
    AVERAGES,
    AVG_FIRST_RESPONSE,
    BOT_HANDOFFS,
    CONVERSATIONS,
    KIND_OF,
    METRICS,
    RESOLUTIONS,
    figure,
    once_a_conversation,
    series,
)
from revivatui.state.figures.definitions import DEFINITIONS
from revivatui.state.figures.names import ZONE_NAMES
from revivatui.state.figures.rows import rows_of
from revivatui.state.figures.scopes import AGENT, INBOX, LABEL, TEAM, Scope, Span
from revivatui.state.figures.zones import Zone, ordered_zones, standard_offset, zone_of
from tests.api.recordings import VERSIONS, rows
from tests.state.figures_help import ASKED, REPORTS, differences, ids, is_number, recorded

FIRST, LAST = 1_784_000_000, 1_796_000_000
NAMED: Final = st.sampled_from(sorted(ZONE_NAMES.items())).map(
    lambda one: Zone(one[0], ZoneInfo(one[1]))
)
MOMENTS: Final = st.integers(FIRST, LAST)
STRETCHES: Final = st.builds(Span, MOMENTS, MOMENTS)
VERSION: Final = st.sampled_from(VERSIONS)
METRIC: Final = st.sampled_from(METRICS)


def _scopes(version: str) -> list[Scope]:
    held = recorded(version)
    return [
        Scope(),
        *(Scope(AGENT, one) for one in ids(version, "users")),
        *(Scope(INBOX, one) for one in ids(version, "inboxes")),
        *(Scope(TEAM, one) for one in ids(version, "teams")),
        *(Scope(LABEL, title=str(row["title"])) for row in held.table("labels")),
    ]


# --- totals and buckets ----------------------------------------------------------------------


@given(VERSION, METRIC, STRETCHES, st.sampled_from(GROUPS), NAMED, st.data())
def test_the_buckets_of_a_stretch_hold_what_the_stretch_holds(
    version: str, metric: str, span: Span, group: str, zone: Zone, data: st.DataObject
) -> None:
    scope = data.draw(st.sampled_from(_scopes(version)))
    if group == HOUR:
        span = Span(span.since, min(span.until, span.since + 90 * 86400))
    total = figure(recorded(version), metric, scope, span, version)
    points = series(recorded(version), metric, scope, span, group, zone, version)
    held = sum(point.count for point in points)
    if once_a_conversation(metric, version):
        assert max(point.count for point in points) <= total.count <= held
        return
    if group == HOUR and _clock_goes_back_at(span.until, zone):
        assert held <= total.count  # what shows the last hour twice is counted in neither
        return
    assert held == total.count
    if metric in AVERAGES and total.value is not None:
        mean = sum(point.value * point.count for point in points) / held
        assert mean == pytest.approx(total.value)


def _clock_goes_back_at(at: float, zone: Zone) -> bool:
    """Whether an hour is shown twice within two hours of a moment."""
    offsets = [
        datetime.fromtimestamp(at + step * 3600, zone.info).utcoffset() for step in (-2, 0, 2)
    ]
    return len(set(offsets)) > 1


@given(VERSION, METRIC, st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
def test_two_stretches_side_by_side_hold_what_the_whole_holds(
    version: str, metric: str, ends: list[int]
) -> None:
    held, (since, middle, until) = recorded(version), ends
    first, second, whole = (
        figure(held, metric, Scope(), Span(*one), version).count
        for one in ((since, middle), (middle, until), (since, until))
    )
    if once_a_conversation(metric, version):
        assert max(first, second) <= whole <= first + second
    else:
        assert whole == first + second


@given(VERSION, STRETCHES)
def test_agents_and_nobody_together_hold_the_accounts_conversations(
    version: str, span: Span
) -> None:
    held = recorded(version)
    agents = sum(
        figure(held, CONVERSATIONS, Scope(AGENT, one), span, version).count
        for one in ids(version, "users")
    )
    nobody = [
        row
        for row in held.conversations.values()
        if row.assignee_id is None and span.since <= row.created_at < span.until
    ]
    assert agents + len(nobody) == figure(held, CONVERSATIONS, Scope(), span, version).count


@given(VERSION, METRIC, STRETCHES)
def test_inboxes_together_hold_the_accounts_figure(version: str, metric: str, span: Span) -> None:
    held = recorded(version)
    inboxes = [Scope(INBOX, one) for one in ids(version, "inboxes")]
    counts = [figure(held, metric, one, span, version).count for one in inboxes]
    assert sum(counts) == figure(held, metric, Scope(), span, version).count


@given(VERSION, st.sampled_from([m for m in METRICS if "messages" not in m]), STRETCHES)
def test_a_figure_is_what_going_through_the_raw_rows_gives(
    version: str, metric: str, span: Span
) -> None:
    """Nothing of the calculation is used here but its answer."""
    since, until = (datetime.fromtimestamp(at, UTC).isoformat() for at in span)
    raw = rows(version, "figures-raw")
    states = {row["id"]: row["status"] for row in raw if row["table"] == "conversations"}
    table = "conversations" if metric == CONVERSATIONS else "reporting_events"
    found = [
        row
        for row in raw
        if row["table"] == table
        and since <= row["created_at"].replace("Z", "+00:00") < until
        and row.get("name") in (None, KIND_OF[metric])
    ]
    own = figure(recorded(version), metric, Scope(), span, version)
    if metric in AVERAGES:
        mean = sum(row["value"] for row in found) / len(found) if found else None
        assert own.value == (None if mean is None else pytest.approx(mean))
    elif once_a_conversation(metric, version):
        only = [row["conversation_id"] for row in found]
        if metric != BOT_HANDOFFS:
            only = [one for one in only if states[one] == "resolved"]
        assert own.value == len(set(only))
    else:
        assert own.value == len(found)


# --- zones and days of 23 and 25 hours -------------------------------------------------------


@given(STRETCHES, st.sampled_from(GROUPS), NAMED)
def test_buckets_begin_in_order_and_cover_the_stretch(span: Span, group: str, zone: Zone) -> None:
    begins = starts(Span(span.since, min(span.until, span.since + 40 * 86400)), group, zone.info)
    assert list(begins) == sorted(set(begins))
    assert begins[0] <= span.since
    assert all(span.since <= begin < span.until for begin in begins[1:])
    for begin in begins[:1] if group == HOUR else begins:
        local = datetime.fromtimestamp(begin, zone.info)
        assert (local.minute, local.second) == (0, 0)
        assert group == HOUR or local.hour == 0 or begin == midnight(local.date(), zone.info)
        assert group != WEEK or local.isoweekday() == 7
        assert group != MONTH or local.day == 1


@given(st.integers(-11, 12), STRETCHES, st.sampled_from([DAY, WEEK, MONTH]))
def test_a_zone_without_summer_time_shows_utc_moved_by_its_offset(
    hours: int, span: Span, group: str
) -> None:
    ahead = hours * 3600
    zone = ZoneInfo(f"Etc/GMT{-hours:+d}")
    moved = starts(Span(span.since + ahead, span.until + ahead), group, ZoneInfo("Etc/UTC"))
    assert starts(span, group, zone) == tuple(begin - ahead for begin in moved)


LONDON: Final = Zone("London", ZoneInfo("Europe/London"))


def _day(day: date, zone: Zone) -> Span:
    return Span(midnight(day, zone.info), midnight(day + timedelta(days=1), zone.info))


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)],
)
def test_a_day_has_the_hours_that_its_clock_shows(day: date, hours: int) -> None:
    span = _day(day, LONDON)
    assert span.until - span.since == hours * 3600
    assert len(starts(span, HOUR, LONDON.info)) == hours
    assert len(starts(span, DAY, LONDON.info)) == 1


def _opened(*times: str) -> Any:
    return rows_of(
        {
            "table": "conversations",
            "id": one,
            "display_id": one,
            "inbox_id": 1,
            "status": "open",
            "created_at": at,
        }
        for one, at in enumerate(times, 1)
    )


def test_an_hour_that_the_clock_shows_twice_is_counted_in_the_second() -> None:
    """As the real server's database does it: 01:30 in summer time joins 01:30 in winter time."""
    held = _opened("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z")
    points = series(
        held, CONVERSATIONS, Scope(), _day(date(2026, 10, 25), LONDON), HOUR, LONDON, "4.10.1"
    )
    counts = {datetime.fromtimestamp(one.begin, UTC).hour: one.count for one in points}
    assert (counts[0], counts[1], counts[2]) == (0, 2, 1)
    assert sum(counts.values()) == 3


def test_a_day_without_midnight_begins_with_its_first_hour() -> None:
    santiago = ZoneInfo("America/Santiago")
    begin = datetime.fromtimestamp(midnight(date(2026, 9, 6), santiago), santiago)
    assert (begin.day, begin.hour) == (6, 1)
    span = Span(midnight(date(2026, 9, 5), santiago), midnight(date(2026, 9, 8), santiago))
    days = [datetime.fromtimestamp(one, santiago).day for one in starts(span, DAY, santiago)]
    assert days == [5, 6, 7]


@pytest.mark.parametrize(
    ("offset", "when", "old", "new"),
    [
        (0, ASKED, "Edinburgh", "Edinburgh"),
        (1, ASKED, "Amsterdam", "Amsterdam"),
        ("-3", ASKED, "Brasilia", "Santiago"),
        (13, ASKED, "Nuku'alofa", "Auckland"),
        ("5.5", ASKED, "Chennai", "Chennai"),
        (None, ASKED, "Edinburgh", "UTC"),
        ("", ASKED, "Edinburgh", "UTC"),
        ("nonsense", ASKED, "Edinburgh", "Edinburgh"),
        (1, datetime(2026, 7, 1, tzinfo=UTC), "Amsterdam", "Edinburgh"),
        (10.5, ASKED, "UTC", "Adelaide"),
        (27, ASKED, "UTC", "UTC"),
        (-12, ASKED, "International Date Line West", "International Date Line West"),
    ],
)
def test_an_offset_means_the_zone_that_each_version_finds_first(
    offset: str | float | None, when: datetime, old: str, new: str
) -> None:
    assert zone_of(offset, "3.9.0", when).name == old
    assert zone_of(offset, "4.10.1", when).name == new


def test_every_zone_that_the_server_knows_is_known_here() -> None:
    zones = ordered_zones(ASKED.date().toordinal())
    assert {zone.name for zone in zones} == set(ZONE_NAMES)
    offsets = [standard_offset(zone.info, ASKED) for zone in zones]
    assert offsets == sorted(offsets)
    assert standard_offset(ZoneInfo("Europe/Dublin"), ASKED) == timedelta(hours=1)


# --- questions that go wrong -----------------------------------------------------------------

WEEKLY: Final = {"since": 1794700800, "until": 1795305600}


def _ask(version: str, name: str, **params: object) -> tuple[int, Any]:
    told = answer(recorded(version), version, f"{REPORTS}{name}", params, ASKED)
    return told.status, told.body


@pytest.mark.parametrize("name", ["", "/summary", "/bot_summary"])
def test_a_question_without_type_breaks_the_server(version: str, name: str) -> None:
    status, body = _ask(version, name, metric=CONVERSATIONS, **WEEKLY)
    assert (status, body["error"]) == (500, "Internal Server Error")


def test_a_stretch_that_lacks_an_end_is_empty_and_one_of_words_breaks(version: str) -> None:
    asked = {"metric": CONVERSATIONS, "type": "account"}
    assert _ask(version, "", **asked, since=WEEKLY["since"]) == (200, [])
    assert _ask(version, "", **asked, since="soon", until=WEEKLY["until"])[0] == 500
    status, told = _ask(version, "/summary", type="account", until=WEEKLY["until"])
    assert (status, told["conversations_count"], told["outgoing_messages_count"]) == (200, 0, 0)
    assert told["reply_time"] == (0 if version == "3.9.0" else None)
    assert _ask(version, "/agents", since=WEEKLY["since"])[0] == 500


def test_where_an_end_is_missing_3_9_averages_all_there_is(version: str) -> None:
    asked = {"metric": AVG_FIRST_RESPONSE, "type": "account", "group_by": "month"}
    told = _ask(version, "", **asked, since=WEEKLY["since"])[1]
    facts = recorded(version).facts(KIND_OF[AVG_FIRST_RESPONSE], Scope())
    assert sum(row["count"] for row in told) == (len(facts) if version == "3.9.0" else 0)


@pytest.mark.parametrize("kind", ["agent", "inbox", "label", "team"])
def test_whom_the_account_does_not_have_is_not_found(version: str, kind: str) -> None:
    asked = {"metric": CONVERSATIONS, "type": kind, **WEEKLY}
    assert _ask(version, "", **asked, id=99999)[0] == 404
    assert _ask(version, "", **asked)[0] == 404


def test_unknown_words_are_taken_as_each_version_takes_them(version: str) -> None:
    old = version == "3.9.0"
    asked = {"type": "account", **WEEKLY}
    assert _ask(version, "", **asked, metric="nonsense") == (200, [] if old else {})
    status, told = _ask(version, "", **asked, metric=CONVERSATIONS, group_by="nonsense")
    assert status == (500 if old else 200)
    if not old:
        assert told == _ask(version, "", **asked, metric=CONVERSATIONS, group_by="day")[1]


def test_a_backwards_stretch_is_one_empty_bucket(version: str) -> None:
    asked = {"metric": AVG_FIRST_RESPONSE, "type": "account", "timezone_offset": "0"}
    told = _ask(version, "", **asked, since=WEEKLY["until"], until=WEEKLY["since"])
    assert told == (200, [{"value": 0, "timestamp": 1795305600, "count": 0}])


def test_channels_of_more_than_half_a_year_are_refused() -> None:
    path, day = "/api/v2/accounts/2/summary_reports/channel", 86400
    for days, status in ((182, 200), (183, 422)):
        params = {"since": str(FIRST), "until": str(FIRST + days * day)}
        assert answer(recorded("4.10.1"), "4.10.1", path, params, ASKED).status == status


# --- answers that no recording holds ---------------------------------------------------------

CSAT: Final = "/api/v1/accounts/2/csat_survey_responses"


def test_the_survey_answers_as_csv_are_those_of_the_list(version: str) -> None:
    held = recorded(version)
    params = {"since": FIRST, "until": LAST, "rating": 5}
    text: Any = answer(held, version, f"{CSAT}/download", params, ASKED).body
    counted: Any = answer(held, version, f"{CSAT}/metrics", params, ASKED).body
    lines = text["_text"].splitlines()
    assert lines[0].startswith("Agent Name,Rating,Feedback Comment,Contact Name")
    assert lines[-1].startswith("Reporting period 2026-")
    assert len(lines) - 2 == counted["total_count"] == counted["ratings_count"]["5"]
    assert {line.split(",")[1] for line in lines[1:-1]} == {"5"}
    assert answer(held, version, f"{CSAT}/download", {}, ASKED).status == 500


def test_reporting_events_come_by_pages_newest_first_and_only_from_4() -> None:
    path, asked = "/api/v1/accounts/2/reporting_events", {"name": "reply_time", "page": "2"}
    told: Any = answer(recorded("4.10.1"), "4.10.1", path, asked, ASKED).body
    dates = [row["created_at"] for row in told["payload"]]
    assert dates == sorted(dates, reverse=True)
    assert (len(dates), told["meta"]) == (
        25,
        {"count": 345, "current_page": 2, "total_pages": 14},
    )
    assert answer(recorded("3.9.0"), "3.9.0", path, asked, ASKED).status == 404


def test_a_conversations_events_come_oldest_first() -> None:
    held = recorded("4.10.1")
    talk_id, many = Counter(row.conversation_id for row in held.events).most_common(1)[0]
    shown = held.conversations[talk_id].display_id
    path = f"/api/v1/accounts/2/conversations/{shown}/reporting_events"
    told: Any = answer(held, "4.10.1", path, {}, ASKED).body
    assert (len(told), {row["conversation_id"] for row in told}) == (many, {talk_id})
    assert [row["created_at"] for row in told] == sorted(row["created_at"] for row in told)
    assert answer(held, "4.10.1", path.replace(f"/{shown}/", "/99999/"), {}, ASKED).status == 404
    assert answer(held, "3.9.0", path, {}, ASKED).status == 404


def test_the_traffic_of_other_days_adds_up_to_the_days_counts() -> None:
    params = {"timezone_offset": "0", "days_before": "30"}
    told: Any = answer(
        recorded("4.10.1"), "4.10.1", f"{REPORTS}/conversation_traffic", params, ASKED
    ).body
    lines = told["_text"].splitlines()
    assert lines[0] == "Timezone,(GMT+00:00) Edinburgh"
    assert len(lines[3].split(",")) == 31
    today = datetime(2026, 11, 22, tzinfo=UTC).timestamp()
    span = Span(today - 30 * 86400, today)
    total = figure(recorded("4.10.1"), CONVERSATIONS, Scope(), span, "4.10.1").count
    assert sum(int(cell) for line in lines[4:] for cell in line.split(",")[1:]) == total > 0


def test_what_stands_open_is_the_same_in_every_live_answer() -> None:
    held, path = recorded("4.10.1"), "/api/v2/accounts/2/live_reports/"
    whole: Any = answer(held, "4.10.1", f"{path}conversation_metrics", {}, ASKED).body
    for group in ("team_id", "assignee_id"):
        asked = {"group_by": group}
        groups: Any = answer(
            held, "4.10.1", f"{path}grouped_conversation_metrics", asked, ASKED
        ).body
        sums: Counter[str] = Counter()
        for row in groups:
            sums.update({name: row[name] for name in ("open", "unattended", "unassigned")})
        assert sums == {name: whole[name] for name in sums}


def test_a_teams_live_figures_are_those_of_its_group(version: str) -> None:
    held, path = recorded(version), "/api/v2/accounts/2/live_reports/"
    team = ids(version, "teams")[0]
    asked = {"group_by": "team_id", "team_id": str(team)}
    named = answer(held, version, f"{path}grouped_conversation_metrics", asked, ASKED)
    alone = answer(held, version, f"{path}conversation_metrics", {"team_id": team}, ASKED)
    nobody = answer(held, version, f"{path}conversation_metrics", {"team_id": 99}, ASKED)
    assert nobody.status == 404
    if version == "3.9.0":
        assert (named.status, alone.status) == (404, 404)
        return
    groups: Any = named.body
    whole: Any = alone.body
    assert [group["team_id"] for group in groups] == [team]
    assert {**groups[0], "pending": whole["pending"]} == {**whole, "team_id": team}


def test_every_metric_is_defined_and_says_where_the_versions_differ() -> None:
    assert set(METRICS) <= set(DEFINITIONS)
    told = {version: DEFINITIONS[RESOLUTIONS].text(version) for version in VERSIONS}
    assert "resolved now" in told["3.9.0"]
    assert "Each time" in told["4.10.1"]
    for metric in METRICS:
        if once_a_conversation(metric, "3.9.0") != once_a_conversation(metric, "4.10.1"):
            assert DEFINITIONS[metric].text("3.9.0") != DEFINITIONS[metric].text("4.10.1")


def test_differences_are_seen() -> None:
    """The comparison that the recorded answers are held against can fail."""
    assert [one.at for one in differences([{"a": 1.0}], [{"a": 1.1}])] == ["/0/a"]
    assert list(differences([1], [1, 2]))
    assert list(differences({"a": None}, {"a": 0}))
    assert not is_number(True)
