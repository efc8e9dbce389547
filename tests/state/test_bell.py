"""What rings and what does not, by every rule; and that the memory of it says yes once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from revivatui.state import bell
from revivatui.state.events import (
    AgentsLoaded,
    ConversationOpened,
    ConversationsRead,
    NotificationGone,
)
from revivatui.state.events_desk import LookChanged
from revivatui.state.models import ACTIVITY, OUTGOING, TEMPLATE, Message, Notification, Sender
from revivatui.state.quiet import DAYS, BadHours, is_quiet, parse
from revivatui.state.reduce import apply
from revivatui.state.state import State
from tests.state.build import COLLEAGUE, ME, NOON, contact, conversation, desk, message

MONDAY_NOON = datetime(2026, 11, 23, 12, 0)
MINE = conversation(1, assignee_id=ME.id)
NOBODYS = conversation(2)
COLLEAGUES = conversation(3, assignee_id=COLLEAGUE.id)
BOTS = conversation(4, status="pending")
COLLEAGUE_SENDER = Sender("user", COLLEAGUE.id, COLLEAGUE.name)


def state_with(*rows: Any) -> State:
    state = desk(*(rows or (MINE, NOBODYS, COLLEAGUES, BOTS)))
    apply(state, AgentsLoaded((ME, COLLEAGUE)))
    return state


def verdict(state: State, told: Message, rules: bell.Rules | None = None, **more: Any) -> str:
    """ "" where it rings, else why not."""
    found = bell.of_message(state, rules or bell.Rules(), told, MONDAY_NOON, **more)
    return "" if found.rings else found.why


@pytest.mark.parametrize(
    ("rule", "rings_for"),
    [
        ("none", set()),
        ("mine", {1}),
        ("unassigned", {1, 2}),
        ("all", {1, 2, 3, 4}),
    ],
)
def test_each_rule_rings_for_its_conversations_and_no_others(
    rule: str, rings_for: set[int]
) -> None:
    state = state_with()
    rules = bell.Rules(rule=rule)
    heard = {one for one in (1, 2, 3, 4) if not verdict(state, message(50 + one, one), rules)}
    assert heard == rings_for


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"message_type": OUTGOING}, "your own"),
        ({"message_type": ACTIVITY, "sender": None}, "written by the server"),
        ({"message_type": TEMPLATE, "sender": None}, "written by the server"),
        ({"message_type": OUTGOING, "sender": Sender("agent_bot", 9, "Bot")}, "written by a bot"),
        ({"message_type": OUTGOING, "sender": None}, "written by a bot"),
        ({"content_attributes": {"deleted": True}}, "deleted"),
    ],
)
def test_what_is_nobodys_news_never_rings(fields: dict[str, Any], why: str) -> None:
    assert verdict(state_with(), message(60, 1, **fields), bell.Rules(rule="all")) == why


def test_what_is_on_screen_does_not_ring_unless_nobody_looks() -> None:
    state = state_with()
    apply(state, ConversationOpened(1))
    assert verdict(state, message(60, 1)) == "on screen"
    apply(state, LookChanged(False))
    assert verdict(state, message(60, 1)) == ""
    apply(state, LookChanged(True))
    apply(state, ConversationOpened(2))
    assert verdict(state, message(60, 1)) == ""


def test_a_colleague_rings_in_our_conversations_only() -> None:
    state = state_with()
    rules = bell.Rules(rule="all")

    def said(number: int) -> str:
        told = message(60, number, message_type=OUTGOING, sender=COLLEAGUE_SENDER, private=True)
        return verdict(state, told, rules)

    assert said(1) == ""
    assert said(3) == bell.NOT_YOURS


def test_what_the_server_counts_as_ours_rings_as_ours() -> None:
    told = message(60, 3)
    assert verdict(state_with(), told) == bell.NOT_YOURS
    assert verdict(state_with(), told, mine=True) == ""
    assert verdict(state_with(), told, bell.Rules(rule="none"), mine=True) == bell.NOT_YOURS


def test_a_muted_conversation_and_a_blocked_customer_are_silent() -> None:
    state = state_with(conversation(1, assignee_id=ME.id, muted=True))
    assert verdict(state, message(60, 1)) == "muted"
    state = state_with(MINE)
    blocked = ConversationsRead((), (contact(101, blocked=True),), asked=10**9, at=NOON)
    apply(state, blocked)
    assert verdict(state, message(60, 1)) == "muted"


@pytest.mark.parametrize("listed", ["vip", "ana silva", "ana@example.com"])
def test_a_vip_rings_by_any_rule_and_in_quiet_hours(listed: str) -> None:
    row = conversation(3, assignee_id=COLLEAGUE.id, labels=("VIP", "battery"))
    state = state_with(row)
    customer = contact(103, email="Ana@Example.com", name="Ana Silva")
    apply(state, ConversationsRead((), (customer,), asked=10**9, at=NOON))
    rules = bell.Rules(rule="none", vip=frozenset({listed}), quiet=parse("00:00-24:00"))
    assert verdict(state, message(60, 3), rules) == ""
    assert verdict(state, message(60, 3), bell.Rules(rule="none")) == bell.NOT_YOURS
    apply(state, ConversationOpened(3))
    assert verdict(state, message(60, 3), rules) == "on screen"


# --- notifications ---------------------------------------------------------------------------


def note(kind: str, **fields: Any) -> Notification:
    given: dict[str, Any] = {"conversation_id": 1, "title": "", "created_at": NOON}
    return Notification(7, kind, **(given | fields))


@pytest.mark.parametrize(
    ("told", "rule", "why"),
    [
        (note(bell.ASSIGNMENT), "mine", ""),
        (note(bell.ASSIGNMENT), "none", bell.NOT_YOURS),
        (note("sla_missed_first_response"), "mine", ""),
        (note(bell.CREATION), "all", "its first message rings"),
        (note(bell.ASSIGNMENT, read_at=NOON), "mine", "read"),
        (note(bell.MENTION, conversation_id=3, message=message(60, 3)), "mine", ""),
        (note("participating_conversation_new_message", conversation_id=3,
              message=message(60, 3)), "mine", ""),
        (note("assigned_conversation_new_message",
              message=message(60, 1, message_type=OUTGOING)), "mine", "your own"),
        (note("assigned_conversation_new_message", message=message(
            60, 1, message_type=OUTGOING, sender=Sender("agent_bot", 9, "Bot"))),
         "mine", "written by a bot"),
    ],
)  # fmt: skip
def test_a_notification_rings_by_the_same_rules(told: Notification, rule: str, why: str) -> None:
    found = bell.of_notification(state_with(), bell.Rules(rule=rule), told, MONDAY_NOON)
    assert ("" if found.rings else found.why) == why


def test_a_notification_deleted_before_it_came_does_not_ring() -> None:
    state = state_with()
    apply(state, NotificationGone(7))
    found = bell.of_notification(state, bell.Rules(), note(bell.ASSIGNMENT), MONDAY_NOON)
    assert found == (False, "taken back")


# --- quiet hours -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "quiet", "loud"),
    [
        ("18:00-09:00", ["mon 18:00", "mon 23:59", "tue 00:00", "tue 08:59"],
         ["mon 09:00", "mon 17:59"]),
        ("12:00-13:00", ["wed 12:00", "wed 12:59"], ["wed 13:00", "wed 11:59"]),
        ("sat sun", ["sat 00:00", "sun 23:59"], ["fri 23:59", "mon 00:00"]),
        ("18:00-09:00, sat sun", ["sat 12:00", "mon 08:00", "mon 19:00"], ["mon 12:00"]),
        ("22:00-06:00 fri", ["fri 22:00", "sat 05:59"], ["fri 05:00", "sat 22:00", "sun 01:00"]),
        ("sun 22:00-06:00", ["sun 23:00", "mon 05:59"], ["sat 23:00", "sun 05:00"]),
        ("", [], ["sun 03:00", "mon 12:00"]),
        ("00:00-24:00", ["thu 00:00", "thu 23:59"], []),
    ],
)  # fmt: skip
def test_quiet_hours_go_across_midnight_and_may_name_days(
    hours: str, quiet: list[str], loud: list[str]
) -> None:
    spans = parse(hours)

    def at(words: str) -> datetime:
        day, clock = words.split()
        hour, minute = map(int, clock.split(":"))
        return datetime(2026, 11, 23 + DAYS.index(day), hour, minute)

    assert [one for one in quiet if not is_quiet(spans, at(one))] == []
    assert [one for one in loud if is_quiet(spans, at(one))] == []


def test_in_quiet_hours_nothing_but_a_vip_rings() -> None:
    rules = bell.Rules(rule="all", quiet=parse("11:00-13:00"))
    assert verdict(state_with(), message(60, 1), rules) == "quiet hours"


@pytest.mark.parametrize(
    ("hours", "says"),
    [
        ("18:00", "'18:00' is neither a time nor a day"),
        ("18-9", "'18-9' is neither a time nor a day"),
        ("25:00-09:00", "names a time that no clock shows"),
        ("18:60-09:00", "names a time that no clock shows"),
        ("saturday", "'saturday' is neither"),
        ("18:00-09:00 12:00-13:00", "'12:00-13:00' is neither"),
    ],
)
def test_hours_that_cannot_be_are_named(hours: str, says: str) -> None:
    with pytest.raises(BadHours, match=says):
        parse(hours)


# --- once ------------------------------------------------------------------------------------


def test_an_id_is_decided_once_and_a_restart_knows_it() -> None:
    heard, other = bell.Heard(), bell.Heard()
    assert 5 not in heard
    heard.note(5, final=False)
    heard.note(6, final=True)
    other.note(9, final=True)
    for known, notified in ((heard, other), bell.heard_of(bell.heard_text(heard, other))):
        assert [one for one in range(4, 8) if one in known] == [5, 6]
        assert not known.is_final(5)
        assert known.is_final(6)
        assert 9 in notified
    heard.note(5, final=True)
    heard.note(5, final=False)
    assert heard.is_final(5)


def test_the_memory_is_bounded_and_forgets_into_decided() -> None:
    heard = bell.Heard()
    for one in range(10, 10 + bell.REMEMBERED + 50):
        heard.note(one, final=True)
    assert len(heard.kept()[1]) == bell.REMEMBERED  # type: ignore[arg-type]
    assert 10 in heard
    assert heard.is_final(59)
    assert 10 + bell.REMEMBERED + 50 not in heard


@pytest.mark.parametrize("text", [None, "", "{", "[1]", "[[1],[2]]", '[["x",[],[]],null]'])
def test_a_broken_memory_is_no_memory(text: str | None) -> None:
    messages, notifications = bell.heard_of(text)
    assert (messages.floor, notifications.floor) == (0, 0)
    assert 1 not in messages


# --- words -----------------------------------------------------------------------------------


def test_many_at_once_are_joined_into_one_line() -> None:
    state = state_with()
    told = [message(60, 1), message(61, 2), message(62, 2), message(63, 3)]
    rings = [bell.ring_of_message(state, one) for one in told]
    assert bell.joined(rings[:1]) == "Ana Silva: text 60"
    assert bell.joined(rings) == "4 new messages in 3 conversations"
    assert bell.joined(rings[1:3]) == "2 new messages in 1 conversation"
    given = bell.ring_of_notification(state, note(bell.ASSIGNMENT, conversation_id=2))
    assert bell.joined([given]) == "Assigned to you: #2"
    both = bell.joined([*rings[:2], given])
    assert both == "2 new messages in 2 conversations, 1 other notification"


def test_a_message_is_told_in_one_short_line() -> None:
    state = state_with()
    long = bell.ring_of_message(state, message(60, 1, content="**word**\n" * 50))
    assert "\n" not in long.text
    assert len(long.text) < 90
    empty = bell.ring_of_message(state, message(61, 1, content=""))
    assert empty.text == "Ana Silva: wrote something"
    mention = message(62, 3, message_type=OUTGOING, sender=COLLEAGUE_SENDER, private=True)
    assert bell.ring_of_message(state, mention).text == "Cleo Bench, a note: text 62"
    told = bell.ring_of_message(state, mention, mention=True)
    assert told.text == "Cleo Bench mentions you: text 62"
