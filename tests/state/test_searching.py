"""Queries taken apart, words marked where they stand, two searches merged into one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revivatui.state import select, topics
from revivatui.state.events import (
    CacheFilled,
    ContactForgotten,
    ConversationOpened,
    DraftChanged,
    LinkChanged,
    ThreadReached,
)
from revivatui.state.events_search import SearchFailed, SearchFound, SearchStarted
from revivatui.state.models import Draft
from revivatui.state.reduce import apply
from revivatui.state.searching import (
    MACHINE,
    SERVER,
    Hit,
    Query,
    hit_of,
    marks_in,
    query_of,
    snippet_of,
)
from revivatui.state.state import State
from tests.state.build import NOON, OPEN, contact, conversation, desk, message, page, thread_page


def marked(line: str, query: str) -> list[str]:
    return [line[start:end] for start, end in marks_in(line, query_of(query))]


@pytest.mark.parametrize(
    ("text", "words", "begun"),
    [
        ("", (), False),
        ("  --- ''", (), False),
        ("battery", ("battery",), True),
        ("battery ", ("battery",), False),
        ("a b", ("a", "b"), False),
        ('"new screen" ple', ("new screen", "ple"), True),
        ('"new screen', ("new screen",), False),
        ("RT-7693", ("RT-7693",), True),
        ("re: quote", ("re:", "quote"), True),
        ("at 14:05", ("at", "14:05"), True),
        ("屏幕", ("屏幕",), False),
    ],
)
def test_a_query_is_taken_apart(text: str, words: tuple[str, ...], begun: bool) -> None:
    assert query_of(text) == Query(words, begun)


def test_a_query_names_who_and_when() -> None:
    query = query_of('from:ana from:"ben c" after:2026-01-31 before:2026-02-28 disk', UTC)
    assert query.who == ("ana", "ben c")
    assert query.words == ("disk",)
    assert query.since == datetime(2026, 1, 31, tzinfo=UTC).timestamp()
    assert query.until == datetime(2026, 2, 28, tzinfo=UTC).timestamp()
    assert query_of("before:tomorrow").words == ("before:tomorrow",)


@pytest.mark.parametrize(
    ("line", "query", "found"),
    [
        ("The Battery is flat", "battery ", ["Battery"]),
        ("The batteries", "batt", ["batt"]),
        ("The batteries", "batt ", []),
        ("A recuperação custa", "recuperacao", ["recuperação"]),
        ("Where is RT-7693?", "rt-7693", ["RT-7693"]),
        ("Where is RT-7693?", "7693", ["7693"]),
        ("屏幕坏了，能修吗", "坏了", ["坏了"]),
        ("İstanbul ẞ ﬁ", "istanbul", ["İstanbul"]),
        ("one two one", "one two ", ["one", "two", "one"]),
        ("a combining é here", "é ", ["é"]),
    ],
)
def test_the_words_are_marked_where_they_stand(line: str, query: str, found: list[str]) -> None:
    assert marked(line, query) == found


@given(st.text(max_size=80), st.text(max_size=20))
def test_marks_lie_in_the_snippet_in_order_and_never_overlap(line: str, text: str) -> None:
    snippet, marks = snippet_of(line, query_of(text))
    end = 0
    for start, stop in marks:
        assert end <= start < stop <= len(snippet)
        end = stop


def test_a_snippet_begins_near_its_first_mark() -> None:
    line = "word " * 100 + "needle and more " + "word " * 100
    snippet, marks = snippet_of(line, query_of("needle"))
    assert marks[0][0] < 30
    assert snippet[slice(*marks[0])] == "needle"
    assert snippet.startswith("… ")
    assert len(snippet) < 250


# --- a search in the state -------------------------------------------------------------------


def hit(one: int, source: str, conversation_id: int = 1) -> Hit:
    return hit_of(message(one, conversation_id), query_of("text"), source=source)


def test_what_both_found_is_told_once_and_said_of_both() -> None:
    state = State()
    apply(state, SearchStarted(1, "text"))
    assert apply(state, SearchFound(1, MACHINE, (hit(9, MACHINE), hit(4, MACHINE)), 0.003, False))
    apply(state, SearchFound(1, SERVER, (hit(9, SERVER), hit(7, SERVER)), 0.2, True))
    assert state.search is not None
    told = [(one.message_id, one.source) for one in state.search.hits]
    assert told == [(9, "both"), (7, "server"), (4, "here")]
    assert not state.search.searching
    assert state.search.sources[SERVER].more


def test_answers_to_an_older_search_are_dropped() -> None:
    state = State()
    apply(state, SearchStarted(1, "text"))
    apply(state, SearchStarted(2, "texts"))
    assert apply(state, SearchFound(1, SERVER, (hit(9, SERVER),), 0.2, False)) == set()
    assert apply(state, SearchFailed(1, SERVER, "No.")) == set()
    assert state.search is not None
    assert state.search.hits == ()
    assert state.search.searching


def test_a_source_that_failed_leaves_the_others_hits() -> None:
    state = State()
    apply(state, SearchStarted(1, "text"))
    apply(state, SearchFound(1, MACHINE, (hit(4, MACHINE),), 0.003, False))
    assert apply(state, SearchFailed(1, SERVER, "It failed.")) == {topics.SEARCH}
    assert state.search is not None
    assert [one.message_id for one in state.search.hits] == [4]
    assert state.search.sources[SERVER].reason == "It failed."


# --- threads that were kept, customers that are forgotten ------------------------------------


def test_an_older_part_joins_with_its_gap_marked_and_is_read_on_from_there() -> None:
    state = desk(conversation())
    apply(state, thread_page(message(50), message(51)))
    assert select.thread(state, 1).sealed
    apply(state, ThreadReached(1, (message(7), message(8), message(50)), whole_to=8))
    shown = select.thread(state, 1)
    assert [one.id for one in shown.messages] == [7, 8, 50, 51]
    assert shown.gap_after == 8
    assert not shown.sealed
    assert state.threads[1].epoch != state.epoch, "the gap is read when it is opened again"


def test_offline_since_is_when_it_was_lost_however_often_it_was_tried() -> None:
    state = desk()
    apply(state, LinkChanged("offline", NOON + 5))
    apply(state, LinkChanged("connecting", NOON + 9))
    apply(state, LinkChanged("offline", NOON + 10))
    assert state.link.at == state.offline_since == NOON + 5
    apply(state, LinkChanged("catching_up", NOON + 20))
    assert state.offline_since is None


def test_nothing_of_a_forgotten_customer_is_held() -> None:
    state = desk()
    rows = (conversation(1, contact_id=101), conversation(2), conversation(3, contact_id=101))
    apply(state, page(OPEN, *rows, last=True))
    apply(state, CacheFilled((), (contact(101), contact(102))))
    apply(state, thread_page(message(5)))
    apply(state, ConversationOpened(1))
    apply(state, DraftChanged(Draft(1, False, "Dear Ana,", NOON)))
    apply(state, SearchStarted(1, "text"))
    apply(state, SearchFound(1, MACHINE, (hit(5, MACHINE), hit(6, MACHINE, 2)), 0.0, False))
    held = state.messages_held
    dirty = apply(state, ContactForgotten(101, (1, 3)))
    assert set(state.conversations) == {2}
    assert set(state.contacts) == {102}
    assert state.open_id is None
    assert state.drafts == {}
    assert 1 not in state.threads
    assert state.messages_held == held - 1
    assert state.search is not None
    assert [one.message_id for one in state.search.hits] == [6]
    assert select.visible_ids(state, OPEN) == [2]
    assert not select.list_state(state, OPEN).sealed, "the server still lists them"
    assert {topics.OPEN, topics.CONTACT(101), topics.DRAFTS} <= dirty
    assert not state.gone, "they may come back"
