"""Since when everybody is what they are, a day's timeline, and recorded presence on the cards."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import pytest

from revivatui.api.wire import frame_to_events
from revivatui.state import select
from revivatui.state.events import PresenceSeen
from revivatui.state.models import Agent
from revivatui.state.presence_log import (
    STANDS,
    Entry,
    Floor,
    Span,
    Standing,
    timeline,
    totals,
)
from revivatui.state.reduce import apply
from tests.api.recordings import VERSIONS, rows
from tests.state.build import NOON, desk

BEN, CLEO, DINA = 2, 3, 4
HOUR: Final = 3600.0


# --- time in a state ---------------------------------------------------------------------------


def test_who_is_there_at_the_first_map_is_there_for_at_least_so_long() -> None:
    floor = Floor()
    floor.see({BEN: "online"}, NOON)
    assert floor.of(BEN) == Standing("online", NOON, exact=False)
    assert floor.of(CLEO) == Standing("offline", NOON, exact=False)


def test_a_change_between_two_maps_is_seen_and_a_repeat_moves_nothing() -> None:
    floor = Floor()
    floor.see({BEN: "online"}, NOON)
    floor.see({BEN: "busy", CLEO: "online"}, NOON + 10)
    floor.see({BEN: "busy", CLEO: "online"}, NOON + 10.2)  # another desk of ours ticked
    floor.see({BEN: "busy"}, NOON + 20)
    assert floor.of(BEN) == Standing("busy", NOON + 10, exact=True)
    assert floor.of(CLEO) == Standing("offline", NOON + 20, exact=True)


def test_one_lost_tick_breaks_nothing_and_a_longer_silence_begins_anew() -> None:
    floor = Floor()
    floor.see({BEN: "online"}, NOON)
    floor.see({BEN: "online"}, NOON + 20)
    assert floor.of(BEN).since == NOON
    floor.see({BEN: "online"}, NOON + 20 + STANDS + 1)
    assert floor.of(BEN) == Standing("online", NOON + 21 + STANDS, exact=False)


def test_what_is_known_grows_old_when_no_map_comes() -> None:
    floor = Floor()
    assert not floor.knows(NOON)
    floor.see({}, NOON)
    assert floor.knows(NOON + STANDS)
    assert not floor.knows(NOON + STANDS + 1)


# --- a day from the log ------------------------------------------------------------------------


def begin(at: float, run: int = 1, **words: str) -> Iterator[Entry]:
    yield Entry(run, at, "begin")
    for who, word in words.items():
        yield Entry(run, at, "presence", int(who[1:]), word)


def test_a_day_is_told_without_a_gap_and_what_nobody_saw_is_not_guessed() -> None:
    log = [
        *begin(NOON + 100, a2="online"),
        Entry(1, NOON + 500, "presence", BEN, "busy"),
        Entry(1, NOON + 600, "presence", CLEO, "online"),
        Entry(1, NOON + 900, "mark"),
        *begin(NOON + 2000, a2="busy"),
        Entry(1, NOON + 2500, "presence", BEN, "offline"),
        Entry(1, NOON + 5000, "mark"),
    ]
    assert timeline(log, BEN, NOON, NOON + HOUR) == [
        Span(NOON, NOON + 100, ""),
        Span(NOON + 100, NOON + 500, "online"),
        Span(NOON + 500, NOON + 900, "busy"),
        Span(NOON + 900, NOON + 2000, ""),
        Span(NOON + 2000, NOON + 2500, "busy"),
        Span(NOON + 2500, NOON + HOUR, "offline"),
    ]
    assert [span.word for span in timeline(log, CLEO, NOON, NOON + HOUR)] == [
        "", "offline", "online", "", "offline",
    ]  # fmt: skip
    assert totals(timeline(log, BEN, NOON, NOON + HOUR)) == {
        "": 1200.0, "online": 400.0, "busy": 900.0, "offline": 1100.0,
    }  # fmt: skip


def test_a_desk_opened_again_at_once_leaves_no_hole() -> None:
    log = [
        *begin(NOON, a2="online"),
        Entry(1, NOON + 100, "mark"),
        *begin(NOON + 115, run=2, a2="online"),
        Entry(2, NOON + 200, "mark"),
    ]
    assert timeline(log, BEN, NOON, NOON + 200) == [Span(NOON, NOON + 200, "online")]


def test_a_picture_in_between_is_where_a_day_can_be_read_from() -> None:
    log = [
        Entry(1, NOON, "still"),
        Entry(1, NOON, "presence", BEN, "busy"),
        Entry(1, NOON + 60, "presence", BEN, "online"),
        Entry(1, NOON + 120, "still"),
        Entry(1, NOON + 120, "presence", BEN, "online"),
        Entry(1, NOON + 300, "mark"),
    ]
    expected = [Span(NOON, NOON + 60, "busy"), Span(NOON + 60, NOON + 300, "online")]
    assert timeline(log, BEN, NOON, NOON + 300) == expected
    assert timeline(log[3:], BEN, NOON + 150, NOON + 300) == [
        Span(NOON + 150, NOON + 300, "online")
    ]


@pytest.mark.parametrize("seed", range(40))
def test_two_windows_that_see_the_same_tell_one_day_whatever_either_missed(seed: int) -> None:
    """A truth that changes at random; two desks that look at it every 10 s, each with holes."""
    dice = random.Random(seed)
    changes = sorted(dice.uniform(0, HOUR) for _ in range(12))
    words = ["offline", *(dice.choice(("online", "busy", "offline")) for _ in changes)]

    def truth(at: float) -> str:
        return words[sum(change <= at for change in changes)]

    log: list[Entry] = []
    seen: set[int] = set()
    for run in (1, 2):
        holes = [(dice.uniform(0, HOUR), dice.uniform(30, 600)) for _ in range(2)]
        floor, since, word, at = Floor(), -1.0, "", dice.uniform(0, 10)
        while at < HOUR:
            if not any(start <= at <= start + lasts for start, lasts in holes):
                floor.see({BEN: truth(at)}, at)
                standing = floor.of(BEN)
                if floor.since != since:
                    since = floor.since
                    log += [Entry(run, at, "begin"), Entry(run, at, "presence", BEN, standing.word)]
                elif standing.word != word:
                    log.append(Entry(run, at, "presence", BEN, standing.word))
                else:
                    log.append(Entry(run, at, "mark"))
                word = standing.word
                seen |= set(range(int(at), int(at + 10)))
            at += 10
    spans = timeline(log, BEN, 0.0, HOUR)
    assert spans[0].start == 0.0
    assert spans[-1].end == HOUR
    assert all(one.end == next_.start for one, next_ in pairwise(spans))
    for second in range(int(HOUR)):
        told = next(one.word for one in spans if one.start <= second < one.end)
        near = {truth(second - back) for back in range(21)} | {truth(second + 1)}
        if told:
            assert told in near, (second, told, near)
        else:
            assert not {second - 10, second + 10} <= seen, f"{second} was seen"


# --- what real servers said --------------------------------------------------------------------


def heard(version: str, who: str) -> Iterator[tuple[float, PresenceSeen]]:
    """The maps that one client of the recording heard, through the wire's own parsing."""
    import json

    for row in rows(version, "presence"):
        if row["what"] == "frame" and row["who"] == who:
            for event in frame_to_events(json.dumps(row["frame"]), 1, NOON + row["t"]):
                if isinstance(event, PresenceSeen):
                    yield row["t"], event


def said_by_rest(version: str, label: str) -> tuple[float, dict[int, str]]:
    """When the agents were asked for by REST, and what each was."""
    row = next(
        one for one in rows(version, "presence")
        if one["what"] == "call" and one["path"].endswith("/agents") and one["label"] == label
    )  # fmt: skip
    return row["t"], {one["id"]: one["availability_status"] for one in row["answer"]}


def at_time(version: str, what: str, who: str = "", before: float = 1e9) -> float:
    """The last such row before a time."""
    times: list[float] = [
        row["t"] for row in rows(version, "presence")
        if row["t"] < before and what in (row["what"], row.get("label")) and who in row["who"]
    ]  # fmt: skip
    return max(times)


@pytest.mark.parametrize("version", VERSIONS)
def test_recorded_presence_replays_into_the_cards(version: str) -> None:
    """The admin's desk: busy by REST, silence, gone after the server's 20 s, back by a setting."""
    state = desk(version=version)
    agents = [Agent(1, "Admin"), Agent(BEN, "Ben"), Agent(CLEO, "Cleo", availability="busy")]
    asked = [said_by_rest(version, label) for label in ("after the silence", "auto_offline off")]
    seen: list[tuple[str, ...]] = []
    checked = 0
    for at, event in heard(version, "admin"):
        while asked and at > asked[0][0]:  # the last map before the question says the same
            words = {one.id: select.presence_of(state, one) for one in agents}
            assert words == {id_: asked[0][1][id_] for id_ in words}
            asked, checked = asked[1:], checked + 1
        apply(state, event)
        words = {one.id: select.presence_of(state, one) for one in agents}
        assert state.floor is not None
        assert words == {one.id: state.floor.of(one.id).word for one in agents}
        if not seen or seen[-1] != tuple(words.values()):
            seen.append(tuple(words.values()))
        if words[BEN] == "offline" and len(seen) > 2:
            silent = at_time(version, "tick", "agent1", 40.0)
            gone = state.floor.of(BEN)
            assert gone.exact
            assert abs(gone.since - NOON - (silent + 20.0)) < 20.0
    assert checked == 1
    assert {id_: select.presence_of(state, agents[id_ - 1]) for id_ in (1, BEN, CLEO)} == {
        id_: asked[0][1][id_] for id_ in (1, BEN, CLEO)
    }
    first = [] if version == "3.9.0" else [("online", "offline", "offline")]
    assert seen[: len(first)] == first, "on 4.10.1 the admin was first"
    assert seen[-4:] == [
        ("online", "online", "busy"),
        ("busy", "online", "busy"),
        ("busy", "offline", "busy"),
        ("busy", "online", "busy"),
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_two_desks_of_one_agent_hear_every_map_twice_and_count_it_once(version: str) -> None:
    one, both = Floor(), Floor()
    first = list(heard(version, "agent1"))
    second = list(heard(version, "agent1-second-desk"))
    for _, event in first:
        one.see(event.users, event.at)
    for _, event in sorted([*first, *second], key=lambda pair: pair[0]):
        both.see(event.users, event.at)
    assert len(second) > 1
    for who in (1, BEN, CLEO):
        assert abs(one.of(who).since - both.of(who).since) < 1.0
        assert one.of(who).word == both.of(who).word
