"""The agent's changes: shown over the truth, settled by it, taken back with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from revivatui.state import changes, select, topics
from revivatui.state.events import AgentsLoaded, ChangeMoved, MinutePassed, TeamsLoaded
from revivatui.state.models import Agent, Change, Conversation, Team
from revivatui.state.reduce import apply
from revivatui.state.state import State
from tests.state.build import COLLEAGUE, ME, NOON, conversation, desk, pushed, read


def shown(state: State, one: int = 1) -> Conversation:
    found = state.shown(one)
    assert found is not None
    return found


def move(state: State, change: Change) -> Change:
    apply(state, ChangeMoved(change))
    return change


def known_desk(**fields: object) -> State:
    state = desk(replace(conversation(updated_at=NOON), **fields))  # type: ignore[arg-type]
    apply(state, AgentsLoaded((ME, COLLEAGUE)))
    return state


def test_a_change_shows_at_once_and_leaves_the_truth_alone() -> None:
    state = known_desk()
    change = changes.assign(state, 1, 3)
    assert topics.ROW(1) in apply(state, ChangeMoved(change))
    assert shown(state).assignee_id == 3
    assert state.conversations[1].assignee_id is None
    row = select.row(state, 1, NOON)
    assert row is not None
    assert row.assignee == "Cleo Bench"


def test_a_confirmed_change_holds_until_the_servers_word_shows_it() -> None:
    state = known_desk()
    change = move(state, changes.sending(changes.set_priority(state, 1, "high")))
    move(state, changes.done(change))
    assert 1 in state.doubts
    assert shown(state).priority == "high"
    before_it = conversation(labels=("x",), updated_at=NOON + 1)
    apply(state, pushed(before_it))
    assert (shown(state).priority, shown(state).labels) == ("high", ("x",))
    apply(state, pushed(conversation(priority="high", labels=("x",), updated_at=NOON + 2)))
    assert state.settling == {}
    assert state.overlays == {}
    assert shown(state).priority == "high"


def test_a_colleague_who_overtook_the_change_wins_with_the_servers_answer() -> None:
    state = known_desk()
    change = move(state, changes.sending(changes.assign(state, 1, ME.id)))
    apply(state, pushed(conversation(assignee_id=3, updated_at=NOON + 1)))
    assert shown(state).assignee_id == ME.id
    asked = state.sequence
    move(state, changes.done(change))
    apply(state, read(conversation(assignee_id=3, updated_at=NOON + 1), asked=asked))
    assert shown(state).assignee_id == ME.id
    now = conversation(assignee_id=3, updated_at=NOON + 3)
    apply(state, read(now, asked=state.sequence))
    assert shown(state).assignee_id == 3
    assert state.settling == {}


def test_two_changes_of_one_conversation_are_shown_together() -> None:
    state = known_desk()
    first = move(state, changes.sending(changes.set_priority(state, 1, "high")))
    second = move(state, changes.sending(changes.set_labels(state, 1, ["a"])))
    assert (shown(state).priority, shown(state).labels) == ("high", ("a",))
    move(state, changes.failed(first, "no"))
    assert (shown(state).priority, shown(state).labels) == (None, ("a",))
    move(state, changes.done(second))
    apply(state, pushed(conversation(labels=("a",), updated_at=NOON + 1)))
    assert state.overlays == {}


def test_taking_back_a_change_made_over_a_failed_one_goes_to_what_really_was() -> None:
    state = known_desk(priority="low")
    first = move(state, changes.sending(changes.set_priority(state, 1, "high")))
    second = move(state, changes.sending(changes.set_priority(state, 1, "urgent")))
    move(state, changes.failed(first, "no"))
    assert shown(state).priority == "urgent"
    back = changes.inverse(state, state.changes[second.id])
    assert back.after == {"priority": "low"}


def test_an_undone_change_that_never_left_is_as_if_it_had_not_been() -> None:
    state = known_desk()
    change = move(state, changes.waiting(changes.set_status(state, 1, "resolved"), NOON + 5))
    row = select.row(state, 1, NOON)
    assert row is not None
    assert (row.status, row.pending) == ("open", "resolving")
    assert changes.all_held(state) == [change]
    assert changes.undoable(state) == change
    move(state, changes.undone(change))
    assert shown(state).status == "open"
    assert changes.undoable(state) is None


def test_resolving_waits_and_nothing_else_does() -> None:
    state = known_desk()
    assert changes.hold_seconds(state, changes.set_status(state, 1, "resolved")) == changes.HOLD
    for change in (
        changes.set_status(state, 1, "pending"),
        changes.assign(state, 1, 3),
        changes.set_labels(state, 1, ["a"]),
        changes.mark_read(state, 1),
    ):
        assert changes.hold_seconds(state, change) == 0
    resolved = known_desk(status="resolved")
    again = changes.set_status(resolved, 1, "resolved")
    assert changes.hold_seconds(resolved, again) == 0
    assert changes.is_noop(again)


def test_an_agent_who_opens_a_conversation_takes_it_and_undo_gives_it_back() -> None:
    state = known_desk(status="resolved", assignee_id=3)
    change = changes.set_status(state, 1, "open")
    assert change.after["assignee_id"] == ME.id
    move(state, changes.done(change))
    back = changes.inverse(state, change)
    assert (back.kind, back.after["status"], back.after["assignee_id"]) == ("status", "resolved", 3)
    admin = known_desk(status="resolved", assignee_id=3)
    assert admin.me is not None
    admin.me = replace(admin.me, role="administrator")
    assert "assignee_id" not in changes.set_status(admin, 1, "open").after


def test_undoing_a_resolve_restores_the_assignee_whom_opening_replaces() -> None:
    state = known_desk(assignee_id=3)
    change = move(state, changes.done(changes.set_status(state, 1, "resolved")))
    back = changes.inverse(state, change)
    assert (back.after["status"], back.after["assignee_id"]) == ("open", 3)


def test_a_confirmation_that_nobody_repeats_is_let_go_after_two_minutes() -> None:
    state = known_desk()
    move(state, changes.done(changes.set_priority(state, 1, "high")))
    apply(state, MinutePassed(NOON + 60))
    assert shown(state).priority == "high"
    apply(state, MinutePassed(NOON + 120))
    assert shown(state).priority is None


def test_only_the_last_changes_are_kept_for_undo() -> None:
    state = known_desk()
    for count in range(200):
        word = ("low", "high")[count % 2]
        change = move(state, changes.sending(changes.set_priority(state, 1, word)))
        move(state, changes.failed(change, "no"))
    assert len(state.changes) == 50


def test_read_and_unread_take_each_other_back() -> None:
    state = known_desk(unread_count=3)
    change = changes.mark_read(state, 1)
    assert change.after == {"unread_count": 0}
    back = changes.inverse(state, change)
    assert (back.kind, back.after) == ("unread", {"unread_count": 3})


def test_changes_say_what_they_do() -> None:
    state = known_desk()
    apply(state, TeamsLoaded((Team(4, "Bench"),)))
    assert changes.words(state, changes.assign(state, 1, 3)) == "assigned to Cleo Bench"
    assert changes.words(state, changes.assign(state, 1, None)) == "assigned to nobody"
    assert changes.words(state, changes.assign_team(state, 1, 4)) == "team Bench"
    assert changes.words(state, changes.set_status(state, 1, "snoozed")) == "snoozed"
    assert changes.words(state, changes.set_labels(state, 1, ["a", "b"])) == "labels a, b"
    assert changes.undo_words(state, changes.set_priority(state, 1, "low")) == "no priority"


def test_a_conversation_that_is_gone_cannot_be_changed() -> None:
    state = desk()
    with pytest.raises(changes.UnknownConversation):
        changes.assign(state, 1, Agent(3, "x").id)
