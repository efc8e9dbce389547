"""Conversations: an older state never overwrites a newer one, of either version of the server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from revivatui.state import topics
from revivatui.state.events import (
    CacheKeysSeen,
    ContactDeleted,
    ContactSeen,
    ConversationGone,
    InboxesLoaded,
)
from revivatui.state.reduce import apply
from revivatui.state.select import visible_ids
from revivatui.state.state import State
from tests.state.build import (
    ALL,
    NOON,
    arrived,
    contact,
    conversation,
    desk,
    message,
    page,
    pushed,
    read,
)

# --- 4.x: one version for the whole record ---------------------------------------------------


def test_an_older_payload_is_dropped_and_a_newer_one_taken() -> None:
    state = desk(conversation(updated_at=NOON + 10))
    apply(state, pushed(conversation(status="resolved", updated_at=NOON + 9.99)))
    assert state.conversations[1].status == "open"
    apply(state, pushed(conversation(status="resolved", updated_at=NOON + 10.01)))
    assert state.conversations[1].status == "resolved"


@pytest.mark.parametrize("apart", [0.0, 0.95e-6, -0.95e-6])
def test_two_renderings_of_one_save_count_as_the_same(apart: float) -> None:
    state = desk(conversation(updated_at=NOON + 10))
    apply(state, pushed(conversation(status="resolved", updated_at=NOON + 10 + apart)))
    assert state.conversations[1].status == "resolved"
    assert state.conversations[1].updated_at == max(NOON + 10, NOON + 10 + apart)


def test_a_late_read_does_not_take_back_what_the_cable_told() -> None:
    state = desk(conversation(updated_at=NOON))
    asked = state.sequence
    apply(state, pushed(conversation(assignee_id=3, updated_at=NOON + 1)))
    apply(state, read(conversation(updated_at=NOON), asked=asked))
    assert state.conversations[1].assignee_id == 3


def test_what_only_rest_tells_is_kept_when_the_cable_speaks() -> None:
    state = desk(conversation(muted=True, updated_at=NOON))
    apply(state, pushed(conversation(priority="high", updated_at=NOON + 1)))
    row = state.conversations[1]
    assert (row.muted, row.priority) == (True, "high")


def test_activity_and_the_customers_reading_only_grow() -> None:
    state = desk(conversation(updated_at=NOON, contact_last_seen_at=NOON + 5))
    apply(state, arrived(message(30)))
    older = conversation(
        updated_at=NOON + 1, last_activity_at=NOON + 20, contact_last_seen_at=NOON + 4
    )
    apply(state, pushed(older))
    row = state.conversations[1]
    assert (row.last_activity_at, row.contact_last_seen_at) == (NOON + 30, NOON + 5)


def test_an_older_unread_count_does_not_come_back_after_a_reading() -> None:
    state = desk(conversation(updated_at=NOON, unread_count=3, preview=message(9)))
    seen = conversation(updated_at=NOON, preview=message(9), agent_last_seen_at=NOON + 60)
    apply(state, read(seen, asked=state.sequence))
    assert state.conversations[1].unread_count == 0
    late = conversation(updated_at=NOON, unread_count=3, preview=message(9))
    apply(state, pushed(late))
    assert state.conversations[1].unread_count == 0


def test_a_read_that_nothing_overtook_is_believed_when_somebody_marked_it_unread() -> None:
    seen = conversation(updated_at=NOON, preview=message(9), agent_last_seen_at=NOON + 60)
    state = desk(seen)
    unread = replace(seen, unread_count=1, agent_last_seen_at=NOON + 8)
    apply(state, read(unread, asked=state.sequence))
    assert state.conversations[1].unread_count == 1


def test_of_two_answers_under_way_the_later_reading_stands() -> None:
    unseen = conversation(updated_at=NOON, unread_count=3, preview=message(9))
    state = desk(unseen)
    asked = state.sequence
    seen = replace(unseen, unread_count=0, agent_last_seen_at=NOON + 60)
    apply(state, read(seen, asked=asked))
    apply(state, page(ALL, unseen, asked=asked))
    assert state.conversations[1].unread_count == 0


# --- 3.9: snapshots without a version --------------------------------------------------------


def old_desk() -> State:
    return desk(conversation(), version="3.9.0")


def test_each_event_of_3_9_tells_only_what_it_is_about() -> None:
    state = old_desk()
    snapshot = conversation(status="resolved", assignee_id=3, team_id=4, priority="high")
    apply(state, pushed(snapshot, "assignee.changed"))
    row = state.conversations[1]
    assert (row.status, row.assignee_id, row.team_id, row.priority) == ("open", 3, None, None)
    apply(state, pushed(snapshot, "team.changed"))
    apply(state, pushed(snapshot, "conversation.status_changed"))
    row = state.conversations[1]
    assert (row.status, row.assignee_id, row.team_id, row.priority) == ("resolved", 3, 4, None)
    apply(state, pushed(snapshot, "conversation.updated"))
    assert state.conversations[1].priority == "high"


def test_a_snapshot_from_before_the_newest_one_is_dropped_and_still_doubted() -> None:
    state = old_desk()
    apply(state, pushed(conversation(status="resolved", last_activity_at=NOON + 9)))
    apply(state, read(state.conversations[1], asked=state.sequence))
    assert state.doubts == {}
    dirty = apply(state, pushed(conversation(status="open", last_activity_at=NOON + 3)))
    assert state.conversations[1].status == "resolved"
    assert 1 in state.doubts
    assert topics.REREAD in dirty


def test_the_customers_reading_raises_no_doubt() -> None:
    state = old_desk()
    apply(state, pushed(conversation(contact_last_seen_at=NOON), "conversation.read"))
    assert state.conversations[1].contact_last_seen_at == NOON
    assert state.doubts == {}


def test_a_read_asked_for_before_an_event_leaves_its_aspect_and_the_doubt_standing() -> None:
    state = old_desk()
    asked = state.sequence
    apply(state, pushed(conversation(assignee_id=3), "assignee.changed"))
    apply(state, read(conversation(assignee_id=2, priority="low"), asked=asked))
    row = state.conversations[1]
    assert (row.assignee_id, row.priority) == (3, "low")
    assert 1 in state.doubts
    apply(state, read(conversation(assignee_id=2), asked=state.sequence))
    assert state.conversations[1].assignee_id == 2
    assert state.doubts == {}


def test_two_reads_under_way_that_differ_are_doubted() -> None:
    state = old_desk()
    asked = state.sequence
    apply(state, read(conversation(priority="high"), asked=asked))
    apply(state, read(conversation(priority="low"), asked=asked))
    assert state.conversations[1].priority == "high"
    assert 1 in state.doubts


# --- unknown, gone, contacts -----------------------------------------------------------------


def test_a_new_conversation_shows_at_once_and_is_read_for_the_rest() -> None:
    state = desk()
    apply(state, page(ALL, last=True))
    new = conversation(7, updated_at=NOON)
    dirty = apply(state, pushed(new, "conversation.created"))
    assert {topics.ROW(7), topics.REREAD} <= dirty
    assert visible_ids(state, ALL) == [7]
    assert 7 in state.unknown
    apply(state, read(new, asked=state.sequence))
    assert state.unknown == {}


def test_a_refused_conversation_is_hidden_with_its_thread_and_stays_so_for_a_while() -> None:
    state = desk(conversation(updated_at=NOON))
    apply(state, page(ALL, conversation(updated_at=NOON), last=True))
    apply(state, arrived(message(1)))
    asked = state.sequence
    apply(state, ConversationGone(1, "not for you"))
    assert visible_ids(state, ALL) == []
    assert (state.threads, state.messages_held) == ({}, 0)
    apply(state, arrived(message(2)))
    apply(state, pushed(conversation(updated_at=NOON + 1)))
    apply(state, read(conversation(updated_at=NOON), asked=asked))
    assert state.conversations == {}
    assert state.unknown == {}
    apply(state, replace(arrived(message(3)), at=NOON + 120))
    assert 1 in state.unknown
    apply(state, read(conversation(updated_at=NOON), asked=state.sequence))
    assert visible_ids(state, ALL) == [1]


def test_the_cable_tells_a_contact_without_taking_what_only_rest_knows() -> None:
    known = contact(availability="online", blocked=True, created_at=NOON)
    state = desk(conversation())
    apply(state, read(conversation(), asked=state.sequence, contacts=(known,)))
    assert topics.CONTACT(101) in apply(state, ContactSeen(contact(name="Ana Sousa"), NOON))
    held = state.contacts[101]
    assert (held.name, held.availability, held.blocked) == ("Ana Sousa", "online", True)
    assert apply(state, ContactSeen(contact(name="Ana Sousa"), NOON)) == set()


def test_a_contact_told_in_an_unknown_order_is_doubted_until_read() -> None:
    state = desk(conversation())
    apply(state, ContactSeen(contact(name="Ana"), NOON))
    asked = state.sequence
    apply(state, ContactSeen(contact(name="Ana Silva"), NOON))
    late = contact(name="Ana")
    apply(state, read(conversation(), asked=asked, contacts=(late,)))
    assert state.contacts[101].name == "Ana Silva"
    assert 101 in state.contact_doubts
    apply(state, read(conversation(), asked=state.sequence, contacts=(late,)))
    assert state.contacts[101].name == "Ana"
    assert state.contact_doubts == {}


def test_a_deleted_contact_puts_its_conversations_in_doubt() -> None:
    state = desk(conversation(1, contact_id=5), conversation(2))
    apply(state, ContactSeen(contact(5), NOON))
    apply(state, ContactDeleted(5))
    assert list(state.doubts) == [1]
    assert 5 not in state.contacts


# --- lists named by keys ---------------------------------------------------------------------


def test_a_key_that_changed_or_names_the_present_second_asks_for_its_list() -> None:
    state = desk()
    keys = {"inbox": "1790000000", "team": "1790000000", "label": "1789990000"}
    apply(state, CacheKeysSeen(keys))
    assert set(state.stale_lists) == {"inboxes", "teams", "labels"}
    state.stale_lists.clear()
    apply(state, CacheKeysSeen(keys))
    assert set(state.stale_lists) == {"inboxes", "teams"}


def test_a_list_asked_for_before_its_key_changed_is_asked_for_again() -> None:
    state = desk()
    asked = state.sequence
    apply(state, CacheKeysSeen({"inbox": "1790000000"}))
    apply(state, InboxesLoaded((), asked=asked))
    assert "inboxes" in state.stale_lists
    apply(state, InboxesLoaded((), asked=state.sequence))
    assert state.stale_lists == {}
