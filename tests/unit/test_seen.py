"""What counts as seen: what stood in the view for a second, and what was there at the start."""

from __future__ import annotations

from dataclasses import replace

from revivatui.state.models import OUTGOING, Message, Sender
from revivatui.state.select import ThreadView
from revivatui.widgets.seen import SEEN_AFTER, Sightings
from revivatui.widgets.thread_news import ThreadNews, arrived
from tests.ui.thread_help import CUSTOMER, message

CLEO = Sender("user", 3, "Cleo Bench")
ME = 2


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def sightings(known: int) -> tuple[Sightings, Clock]:
    clock = Clock()
    made = Sightings(clock)
    made.opened(known)
    return made, clock


def test_what_was_there_when_the_thread_was_opened_counts_at_once() -> None:
    seen, _clock = sightings(10)
    seen.look([8, 9, 10])
    assert seen.seen_id() == 10


def test_a_message_counts_once_its_end_was_in_view_for_a_second() -> None:
    seen, clock = sightings(10)
    seen.look([9, 10, 11])
    clock.now += SEEN_AFTER * 0.9
    assert seen.seen_id() == 10
    clock.now += SEEN_AFTER * 0.1
    assert seen.seen_id() == 11


def test_a_message_that_left_the_view_too_soon_was_not_seen() -> None:
    seen, clock = sightings(10)
    seen.look([10, 11])
    clock.now += SEEN_AFTER / 2
    seen.look([8, 9])
    clock.now += SEEN_AFTER * 5
    assert seen.seen_id() == 10
    seen.look([10, 11])
    clock.now += SEEN_AFTER / 2
    assert seen.seen_id() == 10


def test_a_message_that_was_seen_stays_seen_when_the_view_moves_on() -> None:
    seen, clock = sightings(10)
    seen.look([10, 11])
    clock.now += SEEN_AFTER
    seen.look([3, 4])
    assert seen.seen_id() == 11


def test_nothing_is_seen_while_the_terminal_has_no_focus() -> None:
    seen, clock = sightings(10)
    seen.attend(False)
    seen.look([10, 11])
    clock.now += SEEN_AFTER * 60
    assert seen.seen_id() == 10
    seen.attend(True)
    assert seen.seen_id() == 10
    clock.now += SEEN_AFTER
    assert seen.seen_id() == 11


def test_what_was_seen_before_the_focus_went_counts() -> None:
    seen, clock = sightings(10)
    seen.look([10, 11])
    clock.now += SEEN_AFTER
    seen.attend(False)
    assert seen.seen_id() == 11


def test_a_message_that_comes_after_a_newer_one_was_seen_has_to_be_seen_itself() -> None:
    seen, clock = sightings(10)
    seen.look([10, 12])
    clock.now += SEEN_AFTER
    seen.arrived([11])
    seen.look([10, 11, 12])
    assert seen.seen_id() == 10
    clock.now += SEEN_AFTER
    assert seen.seen_id() == 12


def test_history_that_is_loaded_while_scrolling_up_takes_nothing_back() -> None:
    before = [message(number) for number in (5, 6, 7)]
    after = [message(number) for number in range(1, 8)]
    assert arrived(before, after, 7) == []


def test_what_arrives_is_told_in_whatever_order_it_comes() -> None:
    before = [message(number) for number in (5, 7)]
    after = [*before[:1], message(6), before[1], message(8)]
    assert [one.id for one in arrived(before, after, 7)] == [6, 8]
    assert [one.id for one in arrived([], after, 6)] == [7, 8]


def colleagues(number: int, **fields: object) -> Message:
    return message(number, "I called him", OUTGOING, sender=CLEO, **fields)


def follow(*messages: Message, writing: bool = True) -> ThreadNews:
    news = ThreadNews()
    news.writing = lambda: writing
    news.opened(5)
    news.take(ThreadView(7, [message(5)]), ME)
    news.take(ThreadView(7, [message(5), *messages]), ME)
    return news


def test_a_colleagues_answer_that_comes_while_one_writes_is_marked_new() -> None:
    content = ThreadView(7, [message(5), colleagues(6)])
    assert follow(colleagues(6)).marked(content).new_from == 6
    assert follow(colleagues(6), writing=False).marked(content).new_from is None
    customers = replace(content, new_from=4)
    assert follow(colleagues(6)).marked(customers).new_from == 4


def test_the_mark_goes_with_the_next_answer_and_own_words_set_none() -> None:
    content = ThreadView(7, [message(5), colleagues(6)])
    news = follow(colleagues(6))
    news.answered()
    assert news.marked(content).new_from is None
    mine = message(6, "mine", OUTGOING, sender=Sender("user", ME, "Ben"))
    assert follow(mine).marked(content).new_from is None


def test_where_nothing_was_known_the_first_reading_counts_at_once() -> None:
    news = ThreadNews()
    news.sightings.clock = Clock()
    news.opened(0)
    news.take(ThreadView(7), ME)
    assert news.sightings.seen_id() == 0
    assert news.take(ThreadView(7, [message(5), message(6)]), ME) == []
    assert news.sightings.seen_id() == 6
    assert [one.id for one in news.take(ThreadView(7, [message(6), message(7)]), ME)] == [7]
    assert news.sightings.seen_id() == 6


def test_the_first_word_in_an_empty_conversation_has_to_be_seen() -> None:
    news = ThreadNews()
    news.opened(0)
    news.take(ThreadView(7, start_reached=True), ME)
    assert news.take(ThreadView(7, [message(1, sender=CUSTOMER)], start_reached=True), ME)
    assert news.sightings.seen_id() == 0
