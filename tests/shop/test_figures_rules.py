"""How reports read their parameters: zones, buckets, ranges, roles, what is missing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from revivatui.shop.figures.business import Hours, business_seconds
from revivatui.shop.figures.periods import BadRange, Span, bucket_stored, buckets
from revivatui.shop.figures.sheets import duration, line
from revivatui.shop.figures.zones import current_zone, standard_zone, zones
from tests.shop.counter import Counter, running

VERSIONS = ("3.9.0", "4.10.1")
both = pytest.mark.parametrize("version", VERSIONS)
R = "/api/v2/accounts/1/reports"
NOVEMBER = datetime(2026, 11, 22, 20, 20, tzinfo=UTC).timestamp()
JULY = datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp()


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("offset", "standard", "in_november", "in_july"),
    [
        ("0", "Edinburgh", "Edinburgh", "Azores"),
        ("1", "Amsterdam", "Amsterdam", "Edinburgh"),
        ("-3", "Brasilia", "Santiago", "Atlantic Time (Canada)"),
        ("13", "Nuku'alofa", "Auckland", "Nuku'alofa"),
        ("5.5", "Chennai", "Chennai", "Chennai"),
        ("5.75", "Kathmandu", "Kathmandu", "Kathmandu"),
        ("-8", "Pacific Time (US & Canada)", "Pacific Time (US & Canada)", "Alaska"),
        ("nonsense", "Edinburgh", "Edinburgh", "Azores"),
        ("14", None, None, None),
    ],
)
def test_an_offset_means_its_first_zone_of_standard_or_current_time(
    offset: str, standard: str | None, in_november: str | None, in_july: str | None
) -> None:
    found = (
        standard_zone(offset),
        current_zone(offset, NOVEMBER),
        current_zone(offset, JULY),
    )
    assert tuple(zone.name if zone else None for zone in found) == (standard, in_november, in_july)


def test_every_zone_has_rules_and_a_label() -> None:
    labels = [zone.label for zone in zones()]
    assert len(labels) == len(set(labels)) == 151
    assert labels[0] == "(GMT-12:00) International Date Line West"
    assert "(GMT+05:45) Kathmandu" in labels
    moment = datetime.fromtimestamp(JULY, UTC)
    for zone in zones():
        shift = moment.astimezone(zone.rules).utcoffset()
        assert shift is not None
        assert abs(shift.total_seconds() / 60 - zone.standard) in (0, 60)


def test_days_weeks_and_months_begin_at_local_midnight_across_the_end_of_summer_time() -> None:
    amsterdam = ZoneInfo("Europe/Amsterdam")
    span = Span(at("2026-10-24T12:00"), at("2026-10-26T12:00"))
    assert buckets(span, "day", amsterdam) == [
        at("2026-10-23T22:00"),
        at("2026-10-24T22:00"),
        at("2026-10-25T23:00"),
    ]
    assert buckets(span, "week", amsterdam) == [at("2026-10-17T22:00"), at("2026-10-24T22:00")]
    assert buckets(span, "month", amsterdam) == [at("2026-09-30T22:00")]
    assert buckets(span, "year", amsterdam) == [at("2025-12-31T23:00")]


def test_the_hour_that_comes_twice_is_two_buckets_and_the_later_has_all() -> None:
    amsterdam = ZoneInfo("Europe/Amsterdam")
    span = Span(at("2026-10-24T23:00"), at("2026-10-25T03:00"))
    hours = buckets(span, "hour", amsterdam)
    assert hours == [at(f"2026-10-2{day}T{hour}:00") for day, hour in
                     ((4, "23"), (5, "00"), (5, "01"), (5, "02"))]  # fmt: skip
    for minute in ("00:10", "01:10"):
        moment = at(f"2026-10-25T{minute}")
        assert bucket_stored(moment, "hour", amsterdam) == at("2026-10-25T01:00")


def test_a_range_that_is_empty_or_backwards_has_the_bucket_it_begins_in() -> None:
    zone = ZoneInfo("Etc/UTC")
    moment = at("2026-10-24T12:00")
    assert buckets(Span(moment, moment), "day", zone) == [at("2026-10-24T00:00")]
    assert buckets(Span(moment, moment - 10_000), "month", zone) == [at("2026-10-01T00:00")]
    with pytest.raises(BadRange):
        buckets(Span(0, 9_999_999_999), "hour", zone)


def test_durations_are_the_two_largest_units_cut_off() -> None:
    said = [duration(value, v4=True) for value in (None, 0.4, 1, 61.9, 3600, 14_446.1, 90_061)]
    assert said == [
        "N/A",
        "N/A",
        "1 second",
        "1 minute 1 second",
        "1 hour",
        "4 hours 46 seconds",
        "1 day 1 hour",
    ]
    assert line([duration(None, v4=False), 'Tom & "Jerry"', "=1+1", None]) == (
        "&#39;--,&quot;Tom &amp; &quot;&quot;Jerry&quot;&quot;&quot;,&#39;=1+1,\n"
    )


def test_working_time_is_what_falls_into_the_inboxs_hours() -> None:
    hours = Hours(ZoneInfo("Europe/Lisbon"), dict.fromkeys(range(1, 6), (9 * 60, 17 * 60)))

    def between(since: str, until: str) -> float:
        return business_seconds(hours, at(since) * 1_000_000, at(until) * 1_000_000)

    assert between("2026-11-20T16:00", "2026-11-23T09:30") == 1.5 * 3600
    assert between("2026-11-21T10:00", "2026-11-22T10:00") == 0
    # Summer time ended on the Sunday between: the same wall hours are an hour later in UTC.
    assert between("2026-10-23T15:00", "2026-10-26T10:00") == 2 * 3600
    assert business_seconds(None, 0, 10_000_000) == 0


async def ask(counter: Counter, path: str, who: str = "ada", **params: Any) -> tuple[int, Any]:
    answer = await counter.call(who, "GET", path, params=params or None)
    return answer.status_code, answer.json() if answer.content else None


FAILED = (500, {"status": 500, "error": "Internal Server Error"})
DENIED = (401, {"error": "You are not authorized to do this action"})
UNKNOWN = (404, {"error": "Resource could not be found"})


@both
async def test_figures_are_for_administrators(version: str) -> None:
    async with running(version) as counter:
        paths = [R, *(f"{R}/{name}" for name in ("summary", "bot_summary", "bot_metrics"))]
        paths += [f"{R}/{name}" for name in ("conversations", "agents", "conversation_traffic")]
        paths.append("/api/v2/accounts/1/summary_reports/agent")
        paths += ["/api/v1/accounts/1/csat_survey_responses" + end for end in ("", "/metrics")]
        for path in paths:
            assert await ask(counter, path, "ben", type="account", since=0, until=9) == DENIED, path


@both
async def test_odd_parameters_are_answered_as_the_server_does(version: str) -> None:
    v4 = version.startswith("4.")
    span = {"since": "1795300000", "until": "1795400000"}
    async with running(version, None) as counter:
        metric = {"metric": "conversations_count"}
        assert await ask(counter, R, **metric, **span) == FAILED
        assert await ask(counter, f"{R}/summary", **span) == FAILED
        assert await ask(counter, R, **metric, type="nonsense", **span) == FAILED
        assert await ask(counter, R, **metric, type="inbox", id=99, **span) == UNKNOWN
        assert await ask(counter, R, **metric, type="agent", **span) == UNKNOWN
        assert await ask(counter, R, **metric, type="account", since="x", until="9") == FAILED
        assert await ask(counter, R, **metric, type="agent", since="x", until="9") == UNKNOWN
        assert await ask(counter, R, **metric, type="account", since="9") == (200, [])
        nonsense = await ask(counter, R, metric="nonsense", type="account", **span)
        assert nonsense == (200, {} if v4 else [])
        status, told = await ask(counter, R, **metric, type="account", group_by="eon", **span)
        if v4:
            assert (status, len(told)) == (200, 3)
        else:
            assert (status, told) == FAILED
        assert await ask(counter, f"{R}/conversations") == (422, None)
        assert await ask(counter, f"{R}/agents") == FAILED
        assert await ask(counter, f"{R}/conversation_traffic") == FAILED
        _, empty = await ask(counter, f"{R}/summary", type="account")
        nothing = None if v4 else 0
        assert (empty["conversations_count"], empty["reply_time"]) == (0, nothing)
        assert empty["previous"]["avg_first_response_time"] == nothing


async def test_only_4_x_has_live_reports_channels_and_the_year() -> None:
    base = "/api/v2/accounts/1"
    paths = (
        f"{base}/live_reports/conversation_metrics",
        f"{base}/live_reports/grouped_conversation_metrics?group_by=team_id",
        f"{base}/summary_reports/inbox",
        f"{base}/summary_reports/label",
        f"{base}/summary_reports/channel",
        f"{base}/year_in_review",
        "/api/v1/accounts/1/reporting_events",
    )
    for version, status in (("3.9.0", 404), ("4.10.1", 200)):
        async with running(version) as counter:
            assert [(await ask(counter, path))[0] for path in paths] == [status] * len(paths)
    async with running("4.10.1") as counter:
        grouped = f"{base}/live_reports/grouped_conversation_metrics"
        assert await ask(counter, grouped) == (422, {"error": "invalid group_by"})
        assert (await ask(counter, grouped, "ben"))[0] == 422
        assert await ask(counter, grouped, "ben", team_id=99) == UNKNOWN
        assert await ask(counter, grouped, "ben", group_by="team_id") == DENIED
        since, path = at("2026-01-01T00:00"), f"{base}/summary_reports/channel"
        for until, status in (("2026-07-02T00:00", 200), ("2026-07-03T00:00", 422)):
            assert (await ask(counter, path, since=since, until=at(until)))[0] == status


async def test_4_x_refuses_the_101st_report_of_a_minute_from_elsewhere() -> None:
    for version, refused in (("3.9.0", False), ("4.10.1", True)):
        async with running(version) as counter:
            counter.shop.throttle.safe = ()
            counter.shop.clock.freeze()
            params = {"type": "account"}
            path = f"{R}/conversations"
            answers = [await counter.call("ada", "GET", path, params=params) for _ in range(101)]
            assert [one.status_code for one in answers[:100]] == [200] * 100
            assert (answers[100].status_code == 429) is refused
            assert (answers[100].text == "Retry later\n") is refused
            other = await counter.call("ben", "GET", path, params=params)
            assert other.status_code == 401
