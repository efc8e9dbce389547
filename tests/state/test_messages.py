"""Messages: by id, never doubled, never older over newer, and gaps that say so."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from revivatui.state import reduce_messages, select, topics
from revivatui.state.events import (
    ContactSeen,
    ConversationOpened,
    LinkChanged,
    SendChanged,
    SendForgotten,
    ThreadCached,
    ThreadsSealed,
)
from revivatui.state.events_desk import HungUp
from revivatui.state.models import ACTIVITY, OUTGOING
from revivatui.state.reduce import apply
from revivatui.state.state import State
from tests.state.build import (
    NOON,
    arrived,
    contact,
    conversation,
    desk,
    entry,
    message,
    read,
    thread_page,
    updated,
)


def ids(state: State) -> list[int]:
    return [one.id for one in state.threads[1].messages]


def test_messages_stand_by_id_whatever_order_they_came_in() -> None:
    for order in itertools.permutations(range(1, 5)):
        state = desk(conversation())
        for one in order:
            apply(state, arrived(message(one)))
        assert ids(state) == [1, 2, 3, 4]


def test_a_message_told_twice_stands_once_and_dirties_nothing_the_second_time() -> None:
    state = desk(conversation())
    assert topics.THREAD(1) in apply(state, arrived(message(1)))
    assert apply(state, arrived(message(1))) == set()
    assert ids(state) == [1]
    assert state.messages_held == 1


def test_a_late_creation_never_overwrites_an_update() -> None:
    state = desk(conversation())
    failed = message(1, status="failed", updated_at=NOON + 50)
    apply(state, updated(failed))
    apply(state, arrived(message(1, echo_id="e")))
    held = state.threads[1].find(1)
    assert held == replace(failed, echo_id="e")


def test_a_late_older_update_never_overwrites_a_newer_one() -> None:
    state = desk(conversation())
    apply(state, updated(message(1, content="third", updated_at=NOON + 3)))
    apply(state, updated(message(1, content="second", updated_at=NOON + 2)))
    held = state.threads[1].find(1)
    assert held is not None
    assert held.content == "third"


def test_an_update_of_an_unknown_message_is_kept() -> None:
    state = desk(conversation())
    apply(state, updated(message(7)))
    assert ids(state) == [7]


def test_a_deleted_message_stays_deleted_whatever_comes_after() -> None:
    state = desk(conversation())
    tombstone = message(1, content="gone", content_attributes={"deleted": True, "x": None})
    apply(state, updated(replace(tombstone, updated_at=NOON + 2)))
    apply(state, updated(message(1, content="back", updated_at=NOON + 9)))
    apply(state, thread_page(message(1, content="back")))
    held = state.threads[1].find(1)
    assert held is not None
    assert held.deleted


def test_an_answer_asked_for_before_an_update_came_does_not_take_it_back() -> None:
    state = desk(conversation())
    asked = state.sequence
    apply(state, updated(message(1, status="failed", updated_at=NOON + 5)))
    apply(state, thread_page(message(1, updated_at=None), asked=asked))
    held = state.threads[1].find(1)
    assert held is not None
    assert held.status == "failed"
    apply(state, thread_page(message(1, status="read", updated_at=None), asked=state.sequence))
    held = state.threads[1].find(1)
    assert held is not None
    assert (held.status, held.updated_at) == ("read", NOON + 5)


# --- unread, preview, activity ---------------------------------------------------------------


def test_unread_counts_what_came_after_the_servers_own_number() -> None:
    state = desk(conversation(unread_count=2, preview=message(10)))
    apply(state, arrived(message(12)))
    apply(state, arrived(message(11)))
    apply(state, arrived(message(11)))
    apply(state, arrived(message(13, message_type=OUTGOING)))
    apply(state, arrived(message(9)))
    assert state.conversations[1].unread_count == 4


def test_unread_is_the_servers_again_with_its_next_word() -> None:
    state = desk(conversation(unread_count=0, preview=message(10)))
    apply(state, arrived(message(11)))
    apply(state, arrived(message(12)))
    asked = state.sequence
    apply(state, arrived(message(13)))
    seen = conversation(unread_count=0, preview=message(12), agent_last_seen_at=NOON + 12)
    apply(state, read(seen, asked=asked))
    assert state.conversations[1].unread_count == 1


def test_unread_stops_at_ten_like_the_servers() -> None:
    state = desk(conversation(unread_count=9, preview=message(1)))
    for one in range(2, 9):
        apply(state, arrived(message(one)))
    assert state.conversations[1].unread_count == 10


def test_the_preview_is_the_newest_message_that_is_no_activity_line() -> None:
    state = desk(conversation(preview=message(4)))
    apply(state, arrived(message(6, content="newest")))
    apply(state, arrived(message(5)))
    apply(state, arrived(message(7, message_type=ACTIVITY)))
    preview = state.conversations[1].preview
    assert preview is not None
    assert preview.content == "newest"
    assert state.conversations[1].last_activity_at == NOON + 7


def test_a_preview_keeps_the_beginning_of_a_long_message_only() -> None:
    state = desk(conversation())
    apply(state, arrived(message(1, content="x" * 100_000)))
    preview = state.conversations[1].preview
    assert preview is not None
    assert len(preview.content) == 200
    assert len(state.threads[1].messages[0].content) == 100_000


def test_a_message_of_an_unknown_conversation_is_kept_and_asks_for_it() -> None:
    state = desk()
    assert topics.REREAD in apply(state, arrived(message(1)))
    assert 1 in state.unknown
    assert 1 not in state.conversations
    apply(state, read(conversation(), asked=state.sequence))
    assert state.unknown == {}
    row = state.conversations[1]
    assert (row.unread_count, row.last_activity_at) == (1, NOON + 1)
    assert ids(state) == [1]


# --- own messages ----------------------------------------------------------------------------


def sent(state: State) -> list[tuple[str, int | None]]:
    return [(one.state, one.message_id) for one in state.sends.values()]


@pytest.mark.parametrize("mark", ["reference", "echo_id"])
def test_an_echo_before_the_answer_proves_the_send_and_the_answer_changes_nothing(
    mark: str,
) -> None:
    state = desk(conversation())
    apply(state, SendChanged(entry(state="sending")))
    marked: dict[str, Any] = {mark: "r1"}
    own = message(5, message_type=OUTGOING, content="on my way", **marked)
    apply(state, arrived(own))
    assert sent(state) == [("sent", 5)]
    assert select.thread(state, 1).sends == ()
    apply(state, SendChanged(entry(state="unconfirmed", reason="no answer")))
    assert sent(state) == [("sent", 5)]
    apply(state, SendChanged(entry(state="sent", message_id=5), replace(own, updated_at=None)))
    assert ids(state) == [5]
    assert sent(state) == [("sent", 5)]


def test_an_answer_before_the_echo_leaves_one_message() -> None:
    state = desk(conversation())
    apply(state, SendChanged(entry(state="sending")))
    own = message(5, message_type=OUTGOING, reference="r1")
    apply(state, SendChanged(entry(state="sent"), replace(own, updated_at=None)))
    assert ids(state) == [5]
    apply(state, arrived(own))
    assert ids(state) == [5]
    assert sent(state) == [("sent", 5)]


def test_somebody_elses_echo_id_proves_nothing() -> None:
    state = desk(conversation())
    apply(state, SendChanged(entry(state="sending")))
    apply(state, arrived(message(5, echo_id="r1")))
    other = message(6, conversation_id=2, message_type=OUTGOING, echo_id="r1")
    apply(state, arrived(other))
    assert sent(state) == [("sending", None)]


def test_a_send_stands_in_its_thread_until_its_message_does() -> None:
    state = desk(conversation())
    apply(state, SendChanged(entry("r2", created_at=NOON + 2)))
    apply(state, SendChanged(entry("r1", state="failed")))
    assert [one.reference for one in select.thread(state, 1).sends] == ["r1", "r2"]
    row = select.row(state, 1, NOON)
    assert row is not None
    assert (row.sending, row.failed) == (1, 1)
    apply(state, SendForgotten("r1"))
    assert [one.reference for one in select.thread(state, 1).sends] == ["r2"]


# --- gaps ------------------------------------------------------------------------------------


def shown(state: State) -> tuple[list[int], int | None, bool]:
    view = select.thread(state, 1)
    return [one.id for one in view.messages], view.gap_after, view.sealed


def cut(state: State) -> None:
    apply(state, LinkChanged("offline", NOON))
    apply(state, LinkChanged("catching_up", NOON))
    apply(state, LinkChanged("live", NOON))


def test_messages_below_a_gap_are_not_shown_as_if_they_joined() -> None:
    state = desk(conversation())
    apply(state, arrived(message(3)))
    apply(state, thread_page(message(8), message(9)))
    assert shown(state) == ([8, 9], None, True)
    older = [message(one) for one in (4, 6)]
    apply(state, thread_page(*older, edge="older"))
    assert shown(state) == ([4, 6, 8, 9], None, True)
    apply(state, thread_page(message(3), edge="older", start=True))
    assert shown(state) == ([3, 4, 6, 8, 9], None, True)
    assert select.thread(state, 1).start_reached


def test_an_older_page_that_does_not_join_closes_no_gap() -> None:
    state = desk(conversation())
    apply(state, arrived(message(3)))
    apply(state, thread_page(message(8), message(9)))
    apply(state, thread_page(message(1), message(2), edge="older", start=True))
    assert shown(state) == ([8, 9], None, True)
    assert not select.thread(state, 1).start_reached


def test_after_a_cut_a_thread_is_not_sealed_until_it_was_read_again() -> None:
    state = desk(conversation())
    apply(state, thread_page(message(1), message(2), start=True))
    assert shown(state) == ([1, 2], None, True)
    cut(state)
    assert shown(state) == ([1, 2], None, False)
    apply(state, arrived(message(9)))
    assert shown(state) == ([1, 2, 9], 2, False)
    apply(state, thread_page(message(2), message(5), message(9), edge="newer", since=2))
    assert shown(state) == ([1, 2, 5, 9], None, False)  # 1 may have been deleted meanwhile
    apply(state, thread_page(*map(message, (1, 2, 5, 9)), edge="newer", since=1))
    assert shown(state) == ([1, 2, 5, 9], None, True)


def test_a_full_page_of_newer_messages_does_not_promise_the_newest() -> None:
    state = desk(conversation())
    apply(state, thread_page(message(1), start=True))
    cut(state)
    apply(state, arrived(message(500)))
    apply(state, thread_page(*(message(one) for one in range(1, 101)), edge="newer", since=1))
    assert shown(state)[1:] == (100, False)
    apply(state, thread_page(message(101), message(500), edge="newer", since=1))
    assert shown(state)[1:] == (None, True)


def test_a_page_of_the_newest_seals_only_what_it_holds() -> None:
    state = desk(conversation())
    apply(state, thread_page(*(message(one) for one in range(1, 41)), start=True))
    cut(state)
    apply(state, thread_page(*(message(one) for one in range(21, 42))))
    assert shown(state)[2] is False
    apply(state, thread_page(*(message(one) for one in range(1, 21)), edge="older", start=True))
    assert shown(state)[2] is True


def test_a_thread_the_server_calls_unchanged_is_sealed_if_it_was_before_the_cut() -> None:
    state = desk(conversation())
    apply(state, thread_page(message(1), message(2), start=True))
    cut(state)
    apply(state, ThreadsSealed((1,), NOON + 5))
    assert shown(state) == ([1, 2], None, True)
    cut(state)
    cut(state)  # nobody knows what happened before the last one
    apply(state, ThreadsSealed((1,), NOON + 9))
    assert shown(state)[2] is False


def test_a_newest_page_beyond_what_is_held_starts_over() -> None:
    state = desk(conversation())
    apply(state, thread_page(message(1), message(2), start=True))
    cut(state)
    apply(state, thread_page(message(50), message(51)))
    assert shown(state) == ([50, 51], None, True)
    assert not select.thread(state, 1).start_reached


def test_a_cached_thread_never_overwrites_what_was_heard_since() -> None:
    state = desk(conversation())
    apply(state, arrived(message(3, content="fresh", updated_at=NOON + 99)))
    kept = (message(1), message(2), message(3, content="old"))
    apply(state, ThreadCached(1, kept, 1, True, as_of=NOON - 60))
    held = state.threads[1].find(3)
    assert held is not None
    assert held.content == "fresh"
    assert shown(state) == ([1, 2, 3], None, False)


def test_the_new_divider_stands_before_the_first_message_nobody_saw() -> None:
    state = desk(conversation(unread_count=2, agent_last_seen_at=NOON + 2, preview=message(4)))
    apply(state, thread_page(*(message(one) for one in range(1, 5)), start=True))
    assert select.thread(state, 1).new_from == 3


def test_old_threads_make_room_and_the_open_one_never_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reduce_messages, "THREADS_HELD", 5)
    monkeypatch.setattr(reduce_messages, "MESSAGES_HELD", 20)
    state = desk()
    apply(state, ConversationOpened(1))
    for one in range(1, 40):
        apply(state, arrived(message(one)))
    for one in range(40, 70):
        apply(state, arrived(message(one, conversation_id=one)))
    assert len(ids(state)) == 39
    assert len(state.threads) <= 5
    assert state.messages_held == sum(len(thread.ids) for thread in state.threads.values())


def test_a_wallboard_holds_few_messages_however_many_arrive() -> None:
    state = desk()
    for one in range(1, 2_000):
        apply(state, arrived(message(one, conversation_id=1 + one % 30)))
    before = state.messages_held
    apply(state, HungUp(on=True))
    for one in range(2_000, 4_000):
        apply(state, arrived(message(one, conversation_id=1 + one % 30)))
    assert before == 1_999
    assert state.messages_held <= reduce_messages.MESSAGES_ON_A_WALL
    assert state.messages_held == sum(len(thread.ids) for thread in state.threads.values())
    apply(state, HungUp(on=False))
    for one in range(4_000, 6_000):
        apply(state, arrived(message(one, conversation_id=1 + one % 30)))
    assert state.messages_held > 2_000


def test_a_customer_who_changes_the_name_is_called_by_it_in_what_was_said_before() -> None:
    state = desk(conversation())
    apply(state, ContactSeen(contact(), NOON))
    apply(state, thread_page(message(1), start=True))
    held = state.threads[1].messages[0].sender
    assert held is not None
    renamed = replace(contact(), name="Another Name")
    apply(state, ContactSeen(renamed, NOON))
    after = state.threads[1].messages[0].sender
    assert after is not None
    assert (after.id, after.name) == (held.id, "Another Name")


def test_an_answer_that_was_asked_for_before_a_new_name_does_not_bring_the_old_one_back() -> None:
    state = desk(conversation())
    apply(state, ContactSeen(contact(name="Another Name"), NOON))
    apply(state, thread_page(message(1), start=True))
    apply(state, arrived(message(2)))
    apply(state, updated(message(2, content="changed", updated_at=NOON + 9)))
    names = [one.sender.name for one in state.threads[1].messages if one.sender is not None]
    assert names == ["Another Name", "Another Name"]
