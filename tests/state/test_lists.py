"""Lists: in the server's order, never with a gap that looks like none."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from types import FrameType
from typing import Any

import pytest

from revivatui.state import changes, select, topics
from revivatui.state.events import (
    CacheLoaded,
    ChangeMoved,
    CountsLoaded,
    LinkChanged,
    SignedIn,
    ViewChosen,
)
from revivatui.state.models import Account, Agent, Conversation, Counts, ListView
from revivatui.state.order import SORTS, ViewIndex, sort_key
from revivatui.state.reduce import apply
from revivatui.state.state import State
from tests.state.build import (
    ALL,
    ME,
    NOON,
    OPEN,
    arrived,
    conversation,
    desk,
    message,
    page,
    pushed,
)

PAGE = 5
MINE = ListView(tab="mine", status="open")


def aged(one: int, age: float, **fields: Any) -> Conversation:
    return conversation(one, last_activity_at=NOON - age, updated_at=NOON, **fields)


def rows(first: int, last: int) -> list[Conversation]:
    """Rows whose age is their id: id 1 is on top."""
    return [aged(one, float(one)) for one in range(first, last + 1)]


def ids(state: State, view: ListView = OPEN) -> list[int]:
    return select.visible_ids(state, view)


def with_pages(*numbers: int) -> State:
    state = desk()
    apply(state, ViewChosen(OPEN))
    for number in numbers:
        first = (number - 1) * PAGE + 1
        apply(state, page(OPEN, *rows(first, first + PAGE - 1), number=number))
    return state


# --- how far a list is known -----------------------------------------------------------------


def test_rows_known_from_elsewhere_do_not_stand_below_the_last_row_read() -> None:
    state = with_pages(1)
    apply(state, pushed(aged(40, 40.0)))
    assert ids(state) == [1, 2, 3, 4, 5]
    assert not select.list_state(state, OPEN).complete
    apply(state, pushed(aged(41, 2.5)))
    assert ids(state) == [1, 2, 41, 3, 4, 5]


def test_a_row_that_falls_below_the_edge_is_hidden_and_one_that_rises_shows() -> None:
    state = desk()
    by_priority = replace(OPEN, sort="priority_desc")
    told = [aged(one, float(one), priority="high") for one in range(1, 6)]
    apply(state, page(by_priority, *told))
    apply(state, pushed(replace(told[0], priority=None, updated_at=NOON + 1)))
    assert ids(state, by_priority) == [2, 3, 4, 5]
    apply(state, pushed(aged(9, 9.0, priority="urgent")))
    assert ids(state, by_priority) == [9, 2, 3, 4, 5]


def test_rows_that_tie_with_the_edge_show_only_where_the_server_gave_them() -> None:
    state = desk()
    apply(state, page(OPEN, aged(1, 1.0), aged(2, 2.0), aged(3, 3.0)))
    apply(state, pushed(aged(4, 3.0)))
    assert ids(state) == [1, 2, 3]


def test_the_last_page_makes_the_list_whole() -> None:
    state = with_pages(1, 2)
    apply(state, page(OPEN, *rows(11, 12), number=3, last=True))
    assert ids(state) == list(range(1, 13))
    assert select.list_state(state, OPEN).complete
    assert select.next_page(state, OPEN) is None
    apply(state, pushed(aged(40, 40.0)))
    assert ids(state)[-1] == 40


def test_a_page_that_does_not_join_adds_no_rows_below_the_gap() -> None:
    state = with_pages(1)
    apply(state, page(OPEN, *rows(16, 20), number=4))
    assert ids(state) == [1, 2, 3, 4, 5]
    assert select.next_page(state, OPEN) == 2


def test_a_row_that_left_meanwhile_makes_the_page_be_asked_for_again() -> None:
    state = with_pages(1)
    apply(state, pushed(replace(rows(3, 3)[0], status="resolved", updated_at=NOON + 1)))
    assert select.next_page(state, OPEN) == 1
    apply(state, page(OPEN, *rows(7, 11), number=2))
    assert ids(state) == [1, 2, 4, 5]
    apply(state, page(OPEN, *(row for row in rows(1, 6) if row.id != 3)))
    assert ids(state) == [1, 2, 4, 5, 6]
    assert select.next_page(state, OPEN) == 2


def test_before_the_first_page_known_rows_show_as_provisional() -> None:
    state = with_pages(1)
    apply(state, pushed(aged(9, 9.0, assignee_id=ME.id)))
    assert ids(state, MINE) == [9]
    assert select.list_state(state, MINE).provisional
    assert select.next_page(state, MINE) == 1
    apply(state, page(MINE, last=True))
    assert not select.list_state(state, MINE).provisional


# --- sealed ----------------------------------------------------------------------------------


def cut(state: State) -> None:
    for word in ("offline", "catching_up", "live"):
        apply(state, LinkChanged(word, NOON))


def test_a_list_is_sealed_while_the_feed_lives_and_again_once_read_after_a_cut() -> None:
    state = with_pages(1, 2)
    assert select.list_state(state, OPEN).sealed
    apply(state, LinkChanged("offline", NOON))
    assert not select.list_state(state, OPEN).sealed
    cut(state)
    assert not select.list_state(state, OPEN).sealed
    assert ids(state) == list(range(1, 11))
    assert select.next_page(state, OPEN) == 1
    apply(state, page(OPEN, *rows(1, 5)))
    assert not select.list_state(state, OPEN).sealed
    assert select.next_page(state, OPEN) == 2
    apply(state, page(OPEN, *rows(6, 10), number=2))
    assert select.list_state(state, OPEN).sealed
    assert select.next_page(state, OPEN) == 3


def test_the_top_read_again_leaves_what_was_read_below_it_sealed() -> None:
    state = with_pages(1, 2)
    apply(state, page(OPEN, *rows(11, 12), number=3, last=True))
    apply(state, page(OPEN, *rows(1, 5)))
    assert select.list_state(state, OPEN).sealed
    assert select.list_state(state, OPEN).complete
    assert ids(state) == list(range(1, 13))


def test_an_unknown_conversation_breaks_the_seal_until_it_was_read() -> None:
    state = with_pages(1)
    apply(state, arrived(message(1, conversation_id=77)))
    assert not select.list_state(state, OPEN).sealed


def test_a_list_that_grew_while_the_feed_was_away_is_whole_no_longer() -> None:
    state = desk()
    apply(state, page(OPEN, *rows(1, 3), last=True))
    cut(state)
    apply(state, page(OPEN, *(aged(one, (one - 100) / 10) for one in range(101, 106))))
    assert ids(state)[:5] == [101, 102, 103, 104, 105]
    apply(state, page(OPEN, *rows(1, 5), number=2))
    assert not select.list_state(state, OPEN).complete
    assert ids(state) == [101, 102, 103, 104, 105, 1, 2, 3, 4, 5]


def test_a_row_that_the_server_no_longer_lists_is_read_again() -> None:
    state = with_pages(1, 2)
    listed = [row for row in rows(1, 6) if row.id != 3]
    apply(state, page(OPEN, *listed, asked=state.sequence))
    assert list(state.doubts) == [3]


def test_a_row_heard_of_after_the_page_was_asked_for_is_not_doubted() -> None:
    state = with_pages(1)
    asked = state.sequence
    apply(state, pushed(aged(44, 2.5)))
    apply(state, page(OPEN, *rows(1, 5), asked=asked))
    assert state.doubts == {}


# --- order -----------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", SORTS)
def test_a_list_kept_up_by_single_changes_equals_one_sorted_at_once(sort: str) -> None:
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    dice = random.Random(seed)
    view = ListView(tab="unassigned", status="open", sort=sort, labels=("a", "b"))
    index, known = ViewIndex(view, ME.id), dict[int, Conversation]()
    for _ in range(2000):
        one = dice.randrange(60)
        if dice.random() < 0.1:
            index.remove(one)
            known.pop(one, None)
            continue
        row = conversation(
            one,
            status=dice.choice(("open", "open", "resolved")),
            assignee_id=dice.choice((None, None, 2)),
            labels=dice.choice((("a",), ("b", "c"), ())),
            priority=dice.choice((None, "low", "urgent", "nonsense")),
            waiting_since=dice.choice((None, NOON, NOON - 5)),
            last_activity_at=NOON + dice.randrange(9),
            created_at=NOON + dice.randrange(9),
        )
        index.update(row)
        known[one] = row
    told = ViewIndex(view, ME.id)
    told.fill(known.values())
    everything = (float("inf"),) * 4
    assert index.up_to(everything, frozenset()) == told.up_to(everything, frozenset())
    key_of = sort_key(sort)
    inside = sorted((key_of(row), one) for one, row in known.items() if index.belongs(row))
    assert [one for _, one in inside] == told.up_to(everything, frozenset())


def test_only_a_change_of_ids_or_order_dirties_the_order() -> None:
    state = with_pages(1)
    same = replace(rows(1, 1)[0], priority="high", updated_at=NOON + 1)
    assert topics.ORDER not in apply(state, pushed(same))
    moved = arrived(message(1, conversation_id=4))
    assert {topics.ORDER, topics.ROW(4)} <= apply(state, moved)
    assert ids(state)[0] == 4


def calls_of(work: Callable[[], object]) -> int:
    """How many Python and C functions a piece of work calls: a clock that always agrees."""
    count = 0

    def tick(_frame: FrameType, kind: str, _arg: object) -> None:
        nonlocal count
        count += kind in ("call", "c_call")

    sys.setprofile(tick)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_an_event_costs_the_same_with_ten_thousand_conversations_as_with_a_hundred() -> None:
    apply(desk(*rows(50, 50)), arrived(message(1, conversation_id=50)))  # records are made ready
    costs = []
    for size in (100, 10_000):
        state = desk(*rows(1, size))
        apply(state, ViewChosen(OPEN))
        moved = replace(rows(60, 60)[0], status="pending", updated_at=NOON + 9)
        for event in (arrived(message(1, conversation_id=50)), pushed(moved)):
            costs.append(calls_of(partial(apply, state, event)))
        costs.append(calls_of(partial(select.visible_ids, state, OPEN)))
    assert costs[:3] == costs[3:]
    assert max(costs) < 250


# --- tabs, counts, cache ---------------------------------------------------------------------


def test_mine_means_the_signed_in_agent_and_a_bot_is_nobody() -> None:
    state = desk()
    bot = aged(3, 3.0, assignee_id=ME.id, assignee_kind="AgentBot")
    apply(state, page(ALL, aged(1, 1.0, assignee_id=ME.id), aged(2, 2.0), bot, last=True))
    assert ids(state, replace(ALL, tab="mine")) == [1]
    assert ids(state, replace(ALL, tab="unassigned")) == [2, 3]
    apply(state, SignedIn(Account(1, "Shop"), Agent(9, "Dara"), "4.10.1"))
    assert ids(state, replace(ALL, tab="mine")) == []


def test_counts_are_the_servers_until_the_whole_list_is_known() -> None:
    state = with_pages(1)
    assert select.counts(state, OPEN) is None
    apply(state, CountsLoaded(MINE, Counts(3, 4, 30), NOON))
    assert select.counts(state, OPEN) == Counts(3, 4, 30)
    apply(state, page(OPEN, aged(6, 6.0, assignee_id=ME.id), number=2, last=True))
    assert select.counts(state, MINE) == Counts(1, 5, 6)


def test_an_own_change_moves_the_row_at_once_and_back_where_it_fails() -> None:
    state = with_pages(1)
    change = changes.set_status(state, 3, "resolved")
    assert topics.ORDER in apply(state, ChangeMoved(change))
    assert ids(state) == [1, 2, 4, 5]
    assert state.conversations[3].status == "open"
    apply(state, ChangeMoved(changes.failed(change, "not allowed")))
    assert ids(state) == [1, 2, 3, 4, 5]
    assert state.changes[change.id].reason == "not allowed"


def test_a_held_change_leaves_the_row_where_it_is_until_it_leaves_itself() -> None:
    state = desk()
    apply(state, page(OPEN, *rows(1, 3), last=True))
    apply(state, ViewChosen(OPEN))
    held = changes.waiting(changes.set_status(state, 2, "resolved"), NOON + 5)
    assert topics.ORDER not in apply(state, ChangeMoved(held))
    row = select.row(state, 2, NOON)
    assert row is not None
    assert (row.status, row.pending) == ("open", "resolving")
    assert ids(state) == [1, 2, 3]
    assert select.counts(state, OPEN) == Counts(0, 3, 3)
    assert topics.ORDER in apply(state, ChangeMoved(changes.sending(held)))
    assert ids(state) == [1, 3]
    assert select.counts(state, OPEN) == Counts(0, 2, 2)


def test_what_the_cache_kept_shows_marked_until_the_server_answers() -> None:
    state = State()
    kept = CacheLoaded(
        seen_at=NOON - 600,
        account=Account(1, "Shop"),
        me=ME,
        agents=(),
        inboxes=(),
        teams=(),
        labels=(),
        canned=(),
        contacts=(),
        conversations=tuple(rows(1, 3)),
        view=OPEN,
        order=(1, 2, 3),
        counts=Counts(0, 3, 3),
    )
    apply(state, kept)
    assert (state.view, ids(state), state.from_cache) == (OPEN, [1, 2, 3], True)
    assert select.counts(state, OPEN) == Counts(0, 3, 3)
    told = select.list_state(state, OPEN)
    assert (told.sealed, told.complete, told.as_of) == (False, False, NOON - 600)
    apply(state, LinkChanged("catching_up", NOON))
    apply(state, page(OPEN, *rows(1, 5)))
    assert not state.from_cache
    assert ids(state) == [1, 2, 3, 4, 5]


def test_the_cache_never_overwrites_what_the_server_said() -> None:
    state = with_pages(1)
    stale = replace(rows(1, 1)[0], status="resolved")
    kept = CacheLoaded(
        seen_at=NOON,
        account=None,
        me=None,
        agents=(),
        inboxes=(),
        teams=(),
        labels=(),
        canned=(),
        contacts=(),
        conversations=(stale,),
    )
    apply(state, kept)
    assert state.conversations[1].status == "open"
    assert state.me == ME
