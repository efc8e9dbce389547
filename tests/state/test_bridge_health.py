"""What is said of a bridge by what it recorded: no better than it was, no more than is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from revivatui.state.bridge_health import QUIET, Report, Target, Uptime, facts, long

MONTH = 30 * 1440
NOW = 1_800_000_000.0
RUNS = Report(at=NOW, started_at=NOW - 9000, beat_at=NOW - 30)


def said(report: Report) -> dict[str, str]:
    return {one.name: one.words for one in facts(report, lambda at: f"@{NOW - at:.0f}")}


@pytest.mark.parametrize(
    ("missed", "percent", "is_met"),
    [(0, "100 %", True), (1, "99.99 %", True), (43, "99.90 %", True), (44, "99.89 %", False)],
)
def test_a_missed_minute_is_never_rounded_away(missed: int, percent: str, is_met: bool) -> None:
    uptime = Uptime(NOW - MONTH * 60, MONTH, missed)
    assert (uptime.percent, uptime.is_met) == (percent, is_met)
    assert (uptime.allowed, uptime.is_whole) == (43, True)


def test_of_less_than_thirty_days_it_is_said_since_when() -> None:
    words = said(replace(RUNS, uptime=Uptime(NOW - 600, 10, 1)))["uptime"]
    assert words.startswith("90.00 % since @600, nothing is known of before")
    assert "99.9 % allows 0" in words


def test_a_bridge_is_gone_when_two_heartbeats_are_missing_and_at_once_when_it_said_so() -> None:
    assert RUNS.is_running
    assert replace(RUNS, at=RUNS.at + QUIET - 31).is_running
    late = replace(RUNS, at=RUNS.at + QUIET)
    assert (late.is_running, late.gone_since) == (False, RUNS.beat_at)
    ended = replace(RUNS, stopped_at=NOW - 10)
    assert (ended.is_running, ended.gone_since) == (False, NOW - 10)
    again = replace(RUNS, stopped_at=NOW - 9500)
    assert again.is_running, "it started after that end"


def test_without_a_heartbeat_nothing_is_claimed() -> None:
    nothing = Report(at=NOW)
    assert not nothing.is_running
    assert nothing.gone_since is None
    words = said(nothing)
    assert "no heartbeat yet" in words["bridge"]
    assert words["uptime"].startswith("not known")
    assert words["caught up"] == "never"


def test_breakers_and_pauses_are_told_of_a_bridge_that_runs_only() -> None:
    target = Target("chatwoot", written=3, open_until=NOW + 20, paused="The token is refused.")
    words = said(replace(RUNS, targets=(target,)))
    assert words["chatwoot"].startswith("breaker open: no call until @-20")
    assert words["paused"] == "The token is refused."
    gone = replace(RUNS, at=NOW + 600, targets=(target,))
    assert "breaker" not in said(gone)["chatwoot"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3 * 3600 + 300, "3 h 05 min"),
     (2 * 86_400 + 4 * 3600, "2 d 4 h")],
)  # fmt: skip
def test_durations_are_short_words(seconds: float, words: str) -> None:
    assert long(seconds) == words
