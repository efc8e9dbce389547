"""What alerts are made from: whoever knows it best, and nothing that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from revivatui.api.convert import promises as wire_promises
from revivatui.api.schemas.conversations import Conversation as WireConversation
from revivatui.state import events
from revivatui.state.alert_readings import Known, Limits, readings
from revivatui.state.bridge_health import Report
from revivatui.state.models import Account, Agent, Contact, Conversation, Counts
from revivatui.state.reports import Satisfaction
from revivatui.state.state import State

NOW = 1_700_000_000.0
ANA = Contact(1, "Ana")


def row(number: int, waits: float | None = None, **more: Any) -> Conversation:
    """An open conversation; `waits` in minutes."""
    since = None if waits is None else NOW - waits * 60.0
    activity = more.pop("active", NOW - 60.0 * (waits or 0.0))
    return Conversation(
        number, 1, more.pop("status", "open"), 1, NOW - 86_400.0, activity, waiting_since=since,
        **more,
    )  # fmt: skip


def desk(
    *rows: Conversation, link: str = "live", presence: Mapping[int, str] | None = None
) -> State:
    state = State(account=Account(1, "Shop"), me=Agent(7, "Me"))
    state.link = events.LinkChanged(link, NOW)
    state.conversations = {one.id: one for one in rows}
    state.contacts = {1: ANA}
    state.agents = {7: Agent(7, "Me"), 8: Agent(8, "Bo")}
    if presence is not None:
        state.presence, state.presence_at = dict(presence), NOW
    return state


def test_the_longest_wait_counts_with_how_many_wait_too_long() -> None:
    told = readings(desk(row(1, 5), row(2, 12), row(3, 1), row(4)), Known(), Limits(), NOW)
    waiting = told["waiting"]
    assert waiting.value == 12 * 60.0
    assert waiting.words == "Ana waits 12 min; 2 wait longer than 2 min"
    assert waiting.bare == "#2 waits 12 min; 2 wait longer than 2 min"
    assert waiting.leads_to == "conversation:2"


def test_the_moment_at_which_a_wait_gets_too_long_is_named() -> None:
    told = readings(desk(row(1, 0.5)), Known(), Limits(), NOW)
    assert told["waiting"].due_at == NOW + 90.0


def test_who_only_the_server_knows_waits_too_and_who_it_knows_better_does_not() -> None:
    page = (row(9, 30), row(2, None, active=NOW - 5))
    stale = row(2, 700)
    known = Known(longest=page, asked_at=NOW - 10, contacts={1: ANA})
    told = readings(desk(stale), known, Limits(), NOW)
    assert told["waiting"].leads_to == "conversation:9"
    answered = row(9, None, active=NOW - 1)
    told = readings(desk(stale, answered), known, Limits(), NOW)
    assert told["waiting"].value == 0.0


def test_what_was_kept_of_last_week_is_not_believed_over_a_page_that_holds_all() -> None:
    old = row(5, 9000)
    assert readings(desk(old), Known(), Limits(), NOW)["waiting"].leads_to == "conversation:5"
    whole = Known(longest=(), asked_at=NOW - 10)
    assert readings(desk(old), whole, Limits(), NOW)["waiting"].value == 0.0
    behind = Known(longest=(row(6, 9500),), more=True, asked_at=NOW - 10)
    told = readings(desk(old, row(6, 9500)), behind, Limits(), NOW)["waiting"]
    assert "at least 2" in told.words


def test_offline_nothing_of_the_chat_is_known() -> None:
    told = readings(desk(row(1, 5), link="offline"), Known(), Limits(), NOW)
    assert {kind: told[kind].value for kind in ("nobody", "waiting", "answer", "queue")} == {
        "nobody": None, "waiting": None, "answer": None, "queue": None,
    }  # fmt: skip
    assert told["waiting"].words == "the server is not heard now"


def test_nobody_online_says_whether_somebody_is_busy() -> None:
    def nobody(presence: Mapping[int, str] | None) -> tuple[float | None, str]:
        told = readings(desk(presence=presence), Known(), Limits(), NOW)["nobody"]
        return told.value, told.words

    assert nobody(None) == (None, "presence is not known yet")
    assert nobody({8: "online"})[0] == 0.0
    assert nobody({8: "busy"}) == (1.0, "no agent is online; only busy agents are there")
    assert nobody({}) == (1.0, "no agent is online; all are offline")


def test_the_servers_own_promise_goes_before_the_shops_target() -> None:
    promised = row(1, 5, sla={"at": NOW - 300.0, "first": 400.0, "resolution": 36_000.0})
    told = readings(desk(promised), Known(), Limits(answer=10), NOW)["answer"]
    assert told.value == 300.0 / 400.0
    assert told.words == "first answer to Ana is due in 1 min"
    assert told.due_at == NOW - 300.0 + 320.0
    told = readings(desk(row(1, 12)), Known(), Limits(answer=10), NOW)["answer"]
    assert told.words == "first answer to Ana is 2 min late"
    answered = row(1, 12, first_reply_at=NOW - 1000)
    assert readings(desk(answered), Known(), Limits(answer=10), NOW)["answer"].value == 0.0


def test_a_promise_of_the_wire_is_read_and_odd_ones_are_none() -> None:
    told = WireConversation.model_validate(
        {"id": 1, "applied_sla": {"created_at": 100, "sla_first_response_time_threshold": 60.0,
         "sla_next_response_time_threshold": None}}
    )  # fmt: skip
    assert dict(wire_promises(told.applied_sla)) == {"at": 100.0, "first": 60.0}
    odd_ones: tuple[Any, ...] = (None, [], "x", {})
    for odd in odd_ones:
        read = WireConversation.model_validate({"id": 1, "applied_sla": odd})
        assert not wire_promises(read.applied_sla)


def test_the_queue_is_the_newest_count_that_was_told() -> None:
    state = desk()
    assert readings(state, Known(), Limits(), NOW)["queue"].value is None
    known = Known(counts=Counts(0, 12, 20), asked_at=NOW - 10)
    assert readings(state, known, Limits(), NOW)["queue"].value == 12.0


def test_a_bridge_is_behind_by_what_waits_longest_and_by_its_silence() -> None:
    def lag(**told: Any) -> tuple[float | None, str]:
        found = readings(desk(), Known(bridge=Report(at=NOW, **told)), Limits(), NOW)["bridge"]
        return found.value, found.words

    assert lag(beat_at=NOW - 10)[0] == 0.0
    assert lag(beat_at=NOW - 10, oldest_write_at=NOW - 400) == (400.0, "the bridge is 6 min behind")
    assert lag(beat_at=NOW - 600) == (600.0, "the bridge has not run for 10 min")
    assert lag(beat_at=NOW - 30 * 86_400.0)[0] is None
    assert readings(desk(), Known(), Limits(), NOW)["bridge"].value is None


def test_a_drop_of_satisfaction_needs_enough_ratings_on_both_sides() -> None:
    def drop(recent: Mapping[int, int], before: Mapping[int, int]) -> float | None:
        known = Known(recent=Satisfaction(0, 0, recent), before=Satisfaction(0, 0, before))
        return readings(desk(), known, Limits(), NOW)["csat"].value

    assert drop({5: 3, 1: 2}, {5: 9, 4: 1}) == 40.0
    assert drop({5: 2}, {5: 9}) is None


def test_a_threshold_of_nothing_is_not_watched() -> None:
    assert {rule.kind for rule in Limits(waiting=0, csat=0).rules()} == {
        "nobody", "answer", "queue", "bridge",
    }  # fmt: skip
