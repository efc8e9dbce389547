"""Alerts: they begin and end by their thresholds, hold still in between, and guess nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revivatui.state import alerts
from revivatui.state.alerts import Alert, Board, Latch, Look, Reading, Rule, looked, moved

RULE = Rule("queue", above=10.0, below=8.0, raise_after=30.0, clear_after=60.0)

steps = st.lists(
    st.tuples(
        st.floats(0.0, 40.0, allow_nan=False),
        st.one_of(st.none(), st.floats(0.0, 20.0, allow_nan=False)),
    ),
    max_size=120,
)


def run(rule: Rule, series: list[tuple[float, float | None]]) -> list[tuple[float, Latch]]:
    """The latch after each step of (seconds since the last one, value)."""
    latch, now, seen = Latch(), 1000.0, []
    for after, value in series:
        now += after
        latch = moved(latch, rule, value, now)
        seen.append((now, latch))
    return seen


@given(steps)
@settings(max_examples=300, deadline=None)
def test_a_latch_turns_only_after_its_time_and_never_flaps(
    series: list[tuple[float, float | None]],
) -> None:
    seen = run(RULE, series)
    was_on, turned_at = False, None
    for (now, latch), (_, value) in zip(seen, series, strict=True):
        if latch.is_on != was_on:
            if latch.is_on:
                assert value is not None
                assert value >= RULE.above
                assert latch.since is not None
                assert now >= latch.since + RULE.raise_after
            else:
                assert value is not None
                assert value < RULE.below
            if turned_at is not None:
                least = RULE.raise_after if latch.is_on else RULE.clear_after
                assert now - turned_at >= least - 1e-6
            was_on, turned_at = latch.is_on, now


@given(st.floats(8.0, 10.0, exclude_max=True), steps)
@settings(max_examples=100, deadline=None)
def test_between_the_thresholds_nothing_changes(
    value: float, series: list[tuple[float, float | None]]
) -> None:
    before = run(RULE, series)
    start = before[-1][1] if before else Latch()
    latch, now = start, (before[-1][0] if before else 1000.0)
    for _ in range(20):
        now += 30.0
        latch = moved(latch, RULE, value, now)
        assert latch.since == start.since


@given(steps)
@settings(max_examples=100, deadline=None)
def test_long_over_is_on_and_long_under_is_off_whatever_was_before(
    series: list[tuple[float, float | None]],
) -> None:
    assert run(RULE, [*series, (1.0, 12.0), (31.0, 11.0)])[-1][1].is_on
    assert not run(RULE, [*series, (1.0, 3.0), (61.0, 7.9)])[-1][1].is_on


@given(steps)
@settings(max_examples=100, deadline=None)
def test_what_is_not_known_turns_nothing(series: list[tuple[float, float | None]]) -> None:
    before = run(RULE, series)
    after = run(RULE, [*series, *[(1000.0, None)] * 3])
    assert after[-1][1].since == (before[-1][1].since if before else None)


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(0, 20)), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_looking_at_changes_and_at_the_time_it_names_is_as_good_as_every_second(
    series: list[tuple[int, int]],
) -> None:
    rarely, always = Board(), Board()
    looks, now, due = 0, 1000.0, float("inf")
    for lasts, value in series:
        readings = {"queue": Reading("queue", float(value), "")}
        due = now
        for second in range(lasts):
            at = now + second
            always = looked(always, [RULE], readings, at).board
            if at >= due:
                seen = looked(rarely, [RULE], readings, at)
                rarely, due = seen.board, seen.next_at or float("inf")
                looks += 1
            assert rarely.active == always.active
        now += lasts
    assert looks <= 2 * len(series)


def look(board: Board, now: float, words: str = "12 wait", **values: float | None) -> Look:
    readings = {
        kind: Reading(kind, value, words, "list:unassigned") for kind, value in values.items()
    }
    return looked(board, [RULE, replace(RULE, kind="nobody")], readings, now)


def test_an_alert_says_why_and_since_when_and_when_it_ended() -> None:
    first = look(Board(), 100.0, queue=12.0)
    assert first.board.active == ()
    assert first.next_at == 130.0
    second = look(first.board, 130.0, queue=12.0)
    assert second.raised == (
        Alert("queue", 100.0, "12 wait", "list:unassigned", bare="12 wait", seen_at=100.0),
    )
    third = look(second.board, 140.0, "13 wait", queue=13.0)
    assert (third.raised, third.board.active[0].words) == ((), "13 wait")
    fourth = look(third.board, 150.0, queue=2.0)
    assert fourth.board.active
    fifth = look(fourth.board, 210.0, queue=2.0)
    assert [(one.kind, one.since, one.until) for one in fifth.ended] == [("queue", 100.0, 210.0)]
    assert fifth.board.past == fifth.ended
    assert fifth.board.active == ()


def test_an_alert_is_as_old_as_what_it_is_about_where_that_is_known() -> None:
    reading = Reading("queue", 12.0, "12 wait", began_at=40.0)
    now = [looked(Board(), [RULE], {"queue": reading}, 100.0)]
    now.append(looked(now[0].board, [RULE], {"queue": reading}, 130.0))
    later = replace(reading, began_at=90.0)
    now.append(looked(now[1].board, [RULE], {"queue": later}, 140.0))
    assert [(one.since, one.seen_at) for one in now[2].board.active] == [(40.0, 100.0)]


def test_what_becomes_unknown_keeps_its_words_and_is_said_to_be_unknown() -> None:
    on = look(look(Board(), 100.0, queue=12.0).board, 130.0, queue=12.0)
    after = look(on.board, 500.0, "the server is not heard now", queue=None)
    assert after.board.active[0].words == "12 wait"
    assert after.board.unknown["queue"] == "the server is not heard now"


def test_a_muted_kind_is_on_but_not_loud_and_comes_back_after_an_hour() -> None:
    on = look(look(Board(), 100.0, queue=12.0).board, 130.0, queue=12.0).board
    muted = alerts.mute(on, "queue", 200.0)
    assert (muted.active, muted.loud(200.0)) == (on.active, ())
    assert muted.loud(200.0 + alerts.MUTED_FOR) == on.active
    assert alerts.mute(muted, "queue", 300.0).loud(300.0) == on.active
    assert look(muted, 210.0, queue=12.0).next_at == 200.0 + alerts.MUTED_FOR


def test_a_muted_kind_begins_without_being_told() -> None:
    muted = alerts.mute(Board(), "queue", 90.0)
    begun = look(look(muted, 100.0, queue=12.0).board, 130.0, queue=12.0)
    assert (begun.raised, len(begun.begun)) == ((), 1)


def test_the_most_pressing_stands_first() -> None:
    board = look(look(Board(), 0.0, queue=12.0, nobody=12.0).board, 30.0, queue=12.0, nobody=12.0)
    assert [one.kind for one in board.board.active] == ["nobody", "queue"]


def test_a_kind_that_is_watched_no_more_ends_and_says_so() -> None:
    on = look(look(Board(), 100.0, queue=12.0).board, 130.0, queue=12.0).board
    off = looked(on, [], {}, 140.0)
    assert [one.why_over for one in off.ended] == [alerts.LEFT_OFF]
    assert off.board.active == ()


def test_a_rule_that_would_end_above_its_beginning_is_refused() -> None:
    with pytest.raises(ValueError, match="above where it begins"):
        Rule("queue", 5.0, 6.0)
