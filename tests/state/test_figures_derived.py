"""Figures from what a desk reads, and what is said of their agreement with the server's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from revivatui.state.figures.agreement import (
    AGREES,
    DIFFERS,
    ESTIMATE,
    EXACT,
    UNCHECKED,
    UNKNOWN,
    Basis,
    basis,
    compare,
    exact_duration,
)
from revivatui.state.figures.answers import answer
from revivatui.state.figures.conversations import People, rows_from
from revivatui.state.figures.counting import (
    AVG_FIRST_RESPONSE,
    AVG_REPLY,
    AVG_RESOLUTION,
    BOT_HANDOFFS,
    BOT_RESOLUTIONS,
    CONVERSATIONS,
    MESSAGES_OUT,
    RESOLUTIONS,
    figure,
)
from revivatui.state.figures.rows import Rows
from revivatui.state.figures.scopes import AGENT, Scope, Span
from revivatui.state.figures.working import working_hours_of, working_seconds
from revivatui.state.models import (
    ACTIVITY,
    INCOMING,
    OUTGOING,
    Agent,
    Conversation,
    Message,
    Sender,
)
from revivatui.state.reports import Rating
from tests.api.recordings import VERSIONS
from tests.state.build import conversation

BEGIN: Final = datetime(2026, 11, 23, 9, tzinfo=UTC).timestamp()
"""A Monday, nine o'clock."""
MINUTE: Final = 60.0
DAY: Final = Span(BEGIN - 86400, BEGIN + 86400)
BEN: Final = Sender("user", 2, "Ben Counter")
CLEO: Final = Sender("user", 3, "Cleo Bench")
ANA: Final = Sender("contact", 9, "Ana")
BOT: Final = Sender("agent_bot", 1, "Bot")
PEOPLE: Final = People(agents=[Agent(2, "Ben Counter"), Agent(3, "Cleo Bench")])


class Talk:
    """A conversation as it went on, minute by minute."""

    def __init__(self, **fields: Any) -> None:
        given = {"created_at": BEGIN, "last_activity_at": BEGIN, **fields}
        self.row: Conversation = conversation(1, **given)
        self.thread: list[Message] = []

    def says(self, minute: float, kind: int, sender: Sender | None, **fields: Any) -> Talk:
        message = Message(
            id=len(self.thread) + 1,
            conversation_id=self.row.id,
            inbox_id=self.row.inbox_id,
            message_type=kind,
            content=fields.pop("content", "hello"),
            created_at=BEGIN + minute * MINUTE,
            sender=sender,
            **fields,
        )
        self.thread.append(message)
        return self

    def customer(self, minute: float) -> Talk:
        return self.says(minute, INCOMING, ANA)

    def agent(self, minute: float, who: Sender = BEN, **fields: Any) -> Talk:
        return self.says(minute, OUTGOING, who, **fields)

    def line(self, minute: float, content: str) -> Talk:
        return self.says(minute, ACTIVITY, None, content=content)

    def rows(self, version: str, **more: Any) -> Rows:
        return rows_from([self.row], reversed(self.thread), version=version, people=PEOPLE, **more)


def _value(held: Rows, metric: str, version: str, scope: Scope | None = None) -> float | None:
    return figure(held, metric, scope or Scope(), DAY, version).value


def test_the_first_public_answer_of_a_person_is_the_first_response(version: str) -> None:
    talk = Talk().customer(1).agent(2, private=True).agent(3, BOT).agent(5).agent(7)
    held = talk.rows(version)
    assert _value(held, AVG_FIRST_RESPONSE, version) == 5 * MINUTE
    assert figure(held, AVG_FIRST_RESPONSE, Scope(), DAY, version).count == 1
    assert _value(held, MESSAGES_OUT, version) == 4


def test_an_automations_message_answers_nothing(version: str) -> None:
    rule = {"automation_rule_id": 4}
    held = Talk().customer(1).agent(2, content_attributes=rule).agent(4).rows(version)
    assert _value(held, AVG_FIRST_RESPONSE, version) == 4 * MINUTE


def test_a_reply_counts_from_the_customers_first_unanswered_message(version: str) -> None:
    talk = Talk().customer(1).agent(2).customer(10).customer(12).agent(15).agent(20)
    held = talk.rows(version)
    assert _value(held, AVG_REPLY, version) == 5 * MINUTE
    assert figure(held, AVG_REPLY, Scope(), DAY, version).count == 1


def test_a_bots_answer_ends_the_waiting_only_on_4(version: str) -> None:
    held = Talk().customer(1).agent(2).customer(10).agent(11, BOT).agent(14).rows(version)
    assert _value(held, AVG_REPLY, version) == (4 * MINUTE if version == "3.9.0" else None)


def test_who_is_credited_with_the_first_response(version: str) -> None:
    """3.9 credits the assignee of that time, 4.x the writer."""
    talk = Talk(assignee_id=3).customer(1).line(2, "Ben Counter self-assigned this conversation")
    talk.agent(4, CLEO).line(6, "Assigned to Cleo Bench by Ben Counter")
    held = talk.rows(version)
    credited, other = (2, 3) if version == "3.9.0" else (3, 2)
    assert _value(held, AVG_FIRST_RESPONSE, version, Scope(AGENT, credited)) == 4 * MINUTE
    assert _value(held, AVG_FIRST_RESPONSE, version, Scope(AGENT, other)) is None


def test_resolutions_are_counted_as_each_version_counts_them(version: str) -> None:
    talk = Talk(status="resolved").customer(1).agent(2)
    talk.line(10, "Conversation was marked resolved by Ben Counter")
    talk.line(20, "Conversation was reopened by Ben Counter")
    talk.line(40, "Conversation was marked resolved by Ben Counter")
    held = talk.rows(version)
    assert _value(held, RESOLUTIONS, version) == (1 if version == "3.9.0" else 2)
    assert _value(held, AVG_RESOLUTION, version) == 25 * MINUTE
    open_again = Talk(status="open")
    open_again.thread = talk.thread[:4]
    assert _value(open_again.rows(version), RESOLUTIONS, version) == (
        0 if version == "3.9.0" else 1
    )


def test_a_resolution_in_another_language_is_taken_from_the_state(version: str) -> None:
    talk = Talk(status="resolved", last_activity_at=BEGIN + 30 * MINUTE)
    talk.customer(1).line(30, "A conversa foi marcada como resolvida por Ben Counter")
    held = talk.rows(version)
    assert _value(held, RESOLUTIONS, version) == 1
    assert _value(held, AVG_RESOLUTION, version) == 30 * MINUTE


def test_resolving_ends_the_waiting_only_on_4(version: str) -> None:
    talk = Talk().customer(1).agent(2).customer(3)
    talk.line(5, "Conversation was marked resolved by Ben Counter").agent(9)
    own = _value(talk.rows(version), AVG_REPLY, version)
    assert own == (6 * MINUTE if version == "3.9.0" else None)


@pytest.mark.parametrize(
    ("line", "handoffs"),
    [
        ("Conversation was reopened by Captain", 1),
        ("Conversation was marked open by Repair helper (needs a person)", 1),
        ("Conversation was marked open by system due to an error with the agent bot.", 0),
        ("Conversation was reopened by Ben Counter", 0),
        ("System reopened the conversation due to a new incoming message.", 0),
    ],
)
def test_only_a_bots_reopening_is_a_handoff(version: str, line: str, handoffs: int) -> None:
    held = Talk().customer(0).agent(1, BOT).line(8, line).rows(version, bots={1})
    assert _value(held, BOT_HANDOFFS, version) == handoffs


def test_a_bots_handoff_starts_the_clock_of_the_first_response_anew(version: str) -> None:
    talk = (
        Talk().customer(0).agent(1, BOT).line(8, "Conversation was reopened by Captain").agent(10)
    )
    held = talk.rows(version, bots={1})
    assert _value(held, BOT_HANDOFFS, version) == 1
    assert _value(held, AVG_FIRST_RESPONSE, version) == 2 * MINUTE
    assert _value(talk.rows(version), BOT_HANDOFFS, version) == 0


def test_a_bot_resolves_what_no_person_wrote_in(version: str) -> None:
    ended = "Conversation was marked resolved by Captain"
    alone = Talk(status="resolved").customer(0).agent(1, BOT).line(2, ended)
    helped = Talk(status="resolved").customer(0).agent(1, BEN).line(2, ended)
    assert _value(alone.rows(version, bots={1}), BOT_RESOLUTIONS, version) == 1
    assert _value(helped.rows(version, bots={1}), BOT_RESOLUTIONS, version) == 0
    assert _value(alone.rows(version), BOT_RESOLUTIONS, version) == 0


def test_the_servers_own_events_stand_where_it_gives_them() -> None:
    talk = Talk().customer(1).agent(5)
    event = {
        "name": "first_response",
        "value": 77.0,
        "value_in_business_hours": 11.0,
        "inbox_id": 1,
        "user_id": 3,
        "conversation_id": 900,
        "created_at": "2026-11-23T09:06:17.500Z",
    }
    held = talk.rows("4.10.1", events={1: [event]})
    assert _value(held, AVG_FIRST_RESPONSE, "4.10.1") == 77.0
    scope = Scope(AGENT, 3)
    found = figure(held, AVG_FIRST_RESPONSE, scope, DAY, "4.10.1", business_hours=True)
    assert (found.value, found.count) == (11.0, 1)


def test_survey_answers_are_counted_as_the_server_counts_them() -> None:
    given = ((1, 5), (2, 4), (3, 5))
    answers = [Rating(one, stars, 1, BEGIN + one, agent_id=2) for one, stars in given]
    held = Talk().rows("4.10.1", csat=answers)
    path = "/api/v1/accounts/1/csat_survey_responses/metrics"
    told: Any = answer(held, "4.10.1", path, {"user_ids[]": ["2"]}, datetime.now(UTC)).body
    assert told["ratings_count"] == {"5": 2, "4": 1}
    other: Any = answer(held, "4.10.1", path, {"user_ids[]": ["3"]}, datetime.now(UTC)).body
    assert other["total_count"] == 0


# --- working hours ---------------------------------------------------------------------------


def _inbox(**fields: Any) -> dict[str, Any]:
    days = [
        {
            "day_of_week": day,
            "closed_all_day": day in (0, 6),
            "open_hour": 9,
            "open_minutes": 0,
            "close_hour": 17,
            "close_minutes": 30,
            "open_all_day": False,
        }
        for day in range(7)
    ]
    zone = "Europe/Lisbon"
    return {"working_hours_enabled": True, "timezone": zone, "working_hours": days, **fields}


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("2026-11-23 10:00", "2026-11-23 12:00", 2.0),
        ("2026-11-23 16:30", "2026-11-24 10:00", 2.0),
        ("2026-11-20 17:00", "2026-11-23 09:30", 1.0),
        ("2026-11-21 08:00", "2026-11-22 20:00", 0.0),
        ("2026-07-01 07:30", "2026-07-01 09:00", 1.0),
    ],
)
def test_only_time_within_the_working_hours_counts(since: str, until: str, hours: float) -> None:
    """Times in UTC; in July Lisbon is an hour ahead."""
    begin, end = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (since, until))
    own = working_seconds(begin.timestamp(), end.timestamp(), working_hours_of(_inbox()))
    assert own == hours * 3600


def test_without_working_hours_the_business_value_is_nothing(version: str) -> None:
    assert working_hours_of(_inbox(working_hours_enabled=False)) is None
    talk = Talk(created_at=BEGIN - 30 * MINUTE).customer(0).agent(10)
    for hours, seconds in ({}, 0.0), ({1: working_hours_of(_inbox())}, 10 * MINUTE):
        held = talk.rows(version, hours=hours)
        found = figure(held, AVG_FIRST_RESPONSE, Scope(), DAY, version, business_hours=True)
        assert (found.value, found.count) == (seconds, 1)


# --- agreement -------------------------------------------------------------------------------


def test_figures_that_are_one_agree(version: str) -> None:
    assert compare(CONVERSATIONS, 83, 83).verdict == AGREES
    assert compare(AVG_REPLY, 4754.5306122448965, 4754.530612244898).verdict == AGREES
    assert compare(AVG_REPLY, 0 if version == "3.9.0" else None, None).verdict == AGREES


def test_a_difference_is_said_with_both_figures() -> None:
    told = compare(CONVERSATIONS, 83, 85)
    assert (told.verdict, told.difference) == (DIFFERS, 2)
    assert told.sentence == "Differs by 2: the server says 83, we count 85."
    told = compare(AVG_FIRST_RESPONSE, 14297.0, 14357.4)
    assert told.sentence == (
        "Differs by 1 min 0 s: the server says 3 h 58 min 17 s, we count 3 h 59 min 17 s."
    )
    assert compare(AVG_FIRST_RESPONSE, 12.0, None).verdict == DIFFERS
    assert compare(RESOLUTIONS, 0, 1).verdict == DIFFERS


def test_what_was_not_read_cannot_be_checked_and_says_why() -> None:
    told = compare(MESSAGES_OUT, 5, 5, basis(MESSAGES_OUT, "4.10.1", unread=3))
    assert told.verdict == UNCHECKED
    assert told.sentence == ("Cannot be checked: 3 conversations were not read to the beginning.")


def test_a_basis_says_what_is_exact_and_what_is_estimated() -> None:
    for version in VERSIONS:
        assert basis(CONVERSATIONS, version).kind == EXACT
        assert basis(RESOLUTIONS, version).kind == ESTIMATE
        assert basis(RESOLUTIONS, version, events_told=True).kind == EXACT
        assert basis(CONVERSATIONS, version, unread=1).kind == UNKNOWN
    old, new = (basis(AVG_FIRST_RESPONSE, one, scope=AGENT).why for one in VERSIONS)
    assert "assigned at the time" in old
    assert "assigned" not in new


def test_an_estimate_agrees_to_the_second_and_says_that_it_is_one() -> None:
    near = Basis(ESTIMATE, "Because.")
    told = compare(AVG_RESOLUTION, 18.0, 18.5, near)
    assert told.verdict == AGREES
    assert told.sentence.endswith("Ours is an estimate: Because.")
    assert compare(AVG_RESOLUTION, 18.0, 18.5).verdict == DIFFERS
    assert compare(RESOLUTIONS, 18, 19, near).verdict == DIFFERS


def test_durations_are_said_to_the_second() -> None:
    said = [exact_duration(one) for one in (0, 0.25, 59.6, 3600, 90061)]
    assert said == ["0 s", "0.250 s", "1 min 0 s", "1 h 0 min 0 s", "1 d 1 h 1 min 1 s"]
