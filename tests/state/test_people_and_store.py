"""Typing, presence, notifications, drafts, the journal's steps, canned texts, and the store."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from revivatui.state import canned, drafts, journal, select, topics
from revivatui.state.events import (
    CannedLoaded,
    DraftChanged,
    Event,
    InboxesLoaded,
    LinkChanged,
    MinutePassed,
    NotificationGone,
    NotificationSeen,
    NotificationsLoaded,
    OddFrame,
    PresenceSeen,
    SignedIn,
    TypingChanged,
)
from revivatui.state.models import Account, Agent, CannedResponse, Inbox, Notification
from revivatui.state.reduce import apply
from revivatui.state.state import State
from revivatui.state.store import Store
from revivatui.state.topics import Topic
from tests.state.build import (
    ME,
    NOON,
    arrived,
    contact,
    conversation,
    desk,
    entry,
    message,
    pushed,
    read,
    updated,
)

# --- typing, presence ------------------------------------------------------------------------


def typing(
    on: bool = True, at: float = NOON, who: int = 101, kind: str = "contact"
) -> TypingChanged:
    return TypingChanged(1, kind, who, "Ana Silva", private=False, on=on, at=at)


def typists(state: State, now: float) -> list[int]:
    return [one.who_id for one in select.typing_in(state, 1, now)]


def test_typing_ends_by_word_by_message_and_by_itself_after_30_seconds() -> None:
    state = desk(conversation())
    assert apply(state, typing()) == {topics.TYPING(1), topics.ROW(1)}
    assert typists(state, NOON + 29) == [101]
    assert typists(state, NOON + 31) == []
    row = select.row(state, 1, NOON)
    assert row is not None
    assert row.typing
    assert topics.TYPING(1) in apply(state, MinutePassed(NOON + 31))
    apply(state, typing())
    assert topics.TYPING(1) in apply(state, typing(on=False))
    assert apply(state, typing(on=False)) == set()
    apply(state, typing())
    apply(state, arrived(message(1)))
    assert typists(state, NOON) == []


def test_a_repeated_sign_prolongs_typing_without_a_repaint_and_our_own_is_none() -> None:
    state = desk(conversation())
    apply(state, typing())
    assert apply(state, typing(at=NOON + 20)) == set()
    assert typists(state, NOON + 45) == [101]
    assert apply(state, typing(who=ME.id, kind="user")) == set()


def test_presence_replaces_the_whole_map_and_repeats_change_nothing() -> None:
    state = desk()
    cleo = Agent(3, "Cleo", availability="busy")
    assert select.presence_of(state, cleo) == "busy"
    apply(state, PresenceSeen({2: "online", 3: "online"}, {101: "online"}, NOON))
    assert select.presence_of(state, cleo) == "online"
    assert select.contact_online(state, 101)
    assert (
        apply(state, PresenceSeen({2: "online", 3: "online"}, {101: "online"}, NOON + 10)) == set()
    )
    dirty = apply(state, PresenceSeen({2: "online"}, {}, NOON + 20))
    assert dirty == {topics.PRESENCE, topics.CONTACT(101)}
    assert select.presence_of(state, cleo) == "offline"
    assert not select.contact_online(state, 101)


def test_what_the_agent_has_just_set_shows_before_the_next_map() -> None:
    state = desk()
    apply(state, PresenceSeen({ME.id: "online"}, {}, NOON))
    busy = SignedIn(Account(1, "Shop"), replace(ME, availability="busy"), "4.10.1")
    assert topics.PRESENCE in apply(state, busy)
    assert select.presence_of(state, ME) == "busy"
    assert topics.PRESENCE not in apply(state, busy), "the same again is no news"


def test_presence_and_typing_are_of_the_past_while_the_desk_hears_nothing() -> None:
    state = desk(conversation())
    apply(state, PresenceSeen({}, {101: "online"}, NOON))
    apply(state, typing())
    for link in ("offline", "refused", "connecting", "catching_up"):
        apply(state, LinkChanged(link, NOON))
        row = select.row(state, 1, NOON)
        assert row is not None
        assert not row.typing, link
        assert not select.contact_online(state, 101), link
        assert select.thread(state, 1, NOON).typing == (), link
    apply(state, LinkChanged("late", NOON))
    assert typists(state, NOON) == [101]
    assert select.contact_online(state, 101)


# --- notifications ---------------------------------------------------------------------------


def notification(one: int) -> Notification:
    return Notification(one, "conversation_mention", 1, "Ana: hello", NOON + one)


def test_a_notification_deleted_before_it_came_never_shows() -> None:
    state = desk()
    apply(state, NotificationGone(5))
    assert apply(state, NotificationSeen(notification(5), NOON)) == set()
    apply(state, NotificationsLoaded((notification(5), notification(6)), 1, NOON))
    assert list(state.notifications) == [6]


def test_the_count_is_asked_for_after_each_change_and_never_computed() -> None:
    state = desk()
    apply(state, NotificationsLoaded((notification(1),), 7, NOON))
    assert state.notifications_unread == 7
    assert topics.REREAD in apply(state, NotificationSeen(notification(2), NOON))
    assert state.stale_notifications
    assert state.notifications_unread == 7
    apply(state, NotificationsLoaded((notification(2),), 8, NOON))
    assert not state.stale_notifications
    assert list(state.notifications) == [2]


def test_a_full_page_of_notifications_says_nothing_about_older_ones() -> None:
    state = desk()
    apply(state, NotificationsLoaded((notification(1),), 1, NOON))
    told = tuple(notification(one) for one in range(10, 25))
    apply(state, NotificationSeen(notification(30), NOON))
    apply(state, NotificationsLoaded(told, 17, NOON))
    assert sorted(state.notifications) == [1, *range(10, 25), 30]


# --- drafts, journal -------------------------------------------------------------------------


def test_drafts_are_kept_by_conversation_and_mode_and_end_when_empty() -> None:
    state = desk()
    apply(state, DraftChanged(drafts.written(1, False, "hel", NOON)))
    apply(state, DraftChanged(drafts.written(1, True, "note", NOON)))
    assert select.drafted(state) == {1}
    draft = drafts.draft_of(state, 1, False)
    assert draft is not None
    assert draft.text == "hel"
    assert drafts.newer(draft, replace(draft, saved_at=NOON + 1))
    apply(state, DraftChanged(drafts.written(1, False, "  \n", NOON)))
    apply(state, DraftChanged(drafts.written(1, True, "", NOON)))
    assert state.drafts == {}
    assert apply(state, DraftChanged(drafts.written(1, True, "", NOON))) == set()


def test_the_journal_knows_which_steps_there_are() -> None:
    first = entry()
    leaving = journal.sending(first)
    assert (leaving.state, leaving.attempts) == ("sending", 1)
    lost = journal.unconfirmed(leaving, "no answer")
    assert journal.sent(lost, 9).message_id == 9
    assert journal.retried(journal.failed(lost, "refused"), NOON).state == "queued"
    assert journal.not_sent(leaving).state == "queued"
    assert journal.after_restart(leaving).state == "unconfirmed"
    assert journal.after_restart(first) == first
    for step in (journal.sending, partial(journal.retried, at=NOON)):
        with pytest.raises(journal.IllegalStep):
            step(journal.sent(lost, 9))
    with pytest.raises(journal.IllegalStep):
        journal.unconfirmed(first, "never left")


# --- canned responses ------------------------------------------------------------------------


def canned_desk() -> State:
    state = desk(conversation(inbox_id=1))
    ana = contact(name="Ana Maria Silva", email="ana@example.com", phone_number="+15550100")
    apply(state, read(conversation(), asked=state.sequence, contacts=(ana,)))
    apply(state, InboxesLoaded((Inbox(1, "Website", "Channel::WebWidget"),)))
    return state


def test_canned_variables_are_filled_and_what_is_unknown_is_named() -> None:
    text = (
        "Hi {{contact.first_name}} {{ contact.last_name }} ({{contact.email}}, {{contact.phone}},"
        " {{contact.id}}), #{{conversation.id}} at {{inbox.name}}: {{contact.custom_attribute.vip}}"
        " {{nonsense}} {{agent.name}} {{agent.first_name}} {{agent.last_name}} {{agent.email}}"
    )
    filled = canned.fill(canned_desk(), 1, text)
    assert filled.text == (
        "Hi Ana Silva (ana@example.com, +15550100, 101), #1 at Website:"
        " {{contact.custom_attribute.vip}} {{nonsense}} Ben Counter Ben Counter ben@example.com"
    )
    assert filled.missing == ("contact.custom_attribute.vip", "nonsense")


def test_a_customers_name_is_never_read_as_a_variable_here_or_on_the_server() -> None:
    state = canned_desk()
    state.contacts[101] = contact(name="{{agent.email}} {% for %}")
    assert canned.fill(state, 1, "Hi {{contact.name}}").text == "Hi { {agent.email}} { % for %}"


def test_canned_responses_are_ranked_by_code_then_content() -> None:
    state = desk()
    texts = (
        CannedResponse(1, "thanks", "Thank you for the screen"),
        CannedResponse(2, "screen", "Price of a new one"),
        CannedResponse(3, "screen_lead", "Takes two days"),
        CannedResponse(4, "laptop_screen", "Laptops"),
        CannedResponse(5, "hours", "Nine to five"),
    )
    apply(state, CannedLoaded(texts))
    assert [one.id for one in canned.matches(state.canned, "/screen")] == [2, 3, 4, 1]
    assert [one.short_code for one in canned.matches(state.canned, "")] == sorted(
        one.short_code for one in texts
    )
    assert canned.matches(state.canned, "zzz") == []


# --- the store -------------------------------------------------------------------------------


def store_with_hand() -> tuple[Store, list[Callable[[], None]]]:
    flushes: list[Callable[[], None]] = []
    return Store(desk(conversation()), flushes.append), flushes


def test_subscribers_hear_once_per_flush_and_only_their_kinds() -> None:
    store, flushes = store_with_hand()
    heard: list[set[Topic]] = []
    store.subscribe(heard.append, kinds=("thread",))
    store.dispatch(arrived(message(1)))
    store.dispatch(arrived(message(2)))
    store.dispatch(OddFrame("x", ""))
    assert (len(flushes), heard) == (1, [])
    flushes.pop()()
    assert heard == [{topics.THREAD(1)}]
    store.dispatch(OddFrame("x", ""))
    flushes.pop()()
    assert len(heard) == 1


def test_what_a_callback_dispatches_is_told_in_the_next_flush() -> None:
    store, flushes = store_with_hand()
    heard: list[set[Topic]] = []

    def answer(told: set[Topic]) -> None:
        heard.append(told)
        if len(heard) == 1:
            store.dispatch(OddFrame("again", ""))

    store.subscribe(answer)
    store.dispatch(OddFrame("x", ""))
    flushes.pop(0)()
    assert len(heard) == 1
    flushes.pop(0)()
    assert heard == [{topics.ODD}, {topics.ODD}]


def test_a_closed_subscription_hears_nothing_even_in_the_middle_of_a_flush() -> None:
    store, flushes = store_with_hand()
    heard: list[str] = []

    def first(_told: set[Topic]) -> None:
        heard.append("first")
        second.close()

    store.subscribe(first)
    second = store.subscribe(lambda _told: heard.append("second"))
    store.dispatch(OddFrame("x", ""))
    flushes.pop()()
    assert heard == ["first"]


def test_a_subscriber_that_raises_is_reported_and_the_others_are_told() -> None:
    errors: list[Exception] = []
    flushes: list[Callable[[], None]] = []
    store = Store(desk(), flushes.append, errors.append)
    heard: list[set[Topic]] = []

    def broken(_told: set[Topic]) -> None:
        raise ValueError("broken")

    store.subscribe(broken)
    store.subscribe(heard.append)
    store.dispatch(OddFrame("x", ""))
    flushes.pop()()
    assert [str(error) for error in errors] == ["broken"]
    assert heard == [{topics.ODD}]
    strict, flushes = store_with_hand()
    strict.subscribe(broken)
    strict.dispatch(OddFrame("x", ""))
    with pytest.raises(ValueError, match="broken"):
        flushes.pop()()


def test_odd_frames_are_counted_and_the_link_says_how_it_is() -> None:
    state = desk()
    for _ in range(3):
        apply(state, OddFrame("copilot.message.created", "unknown event"))
    assert state.odd == {"copilot.message.created": 3}
    epoch = state.epoch
    assert topics.LINK in apply(state, LinkChanged("late", NOON, "worker down"))
    apply(state, LinkChanged("live", NOON))
    assert state.epoch == epoch
    apply(state, LinkChanged("offline", NOON))
    apply(state, LinkChanged("live", NOON))
    assert state.epoch == epoch + 1


def test_any_order_of_conversation_news_of_4_x_ends_alike() -> None:
    seed = random.randrange(10**9)
    print(f"seed {seed}")
    dice = random.Random(seed)
    ends = []
    news = [
        pushed(
            conversation(
                status=dice.choice(("open", "pending", "resolved")),
                assignee_id=dice.choice((None, 2, 3)),
                updated_at=NOON + step / 100,
                last_activity_at=NOON + step // 10,
            )
        )
        for step in range(30)
    ]
    texts = [arrived(message(one)) for one in range(1, 20)]
    texts_again = [updated(message(one, status="read", updated_at=NOON + 50)) for one in (3, 9)]
    for _ in range(200):
        order: list[Event] = [
            *news,
            *texts,
            *texts_again,
            *dice.sample(news, 5),
            *dice.sample(texts, 5),
        ]
        dice.shuffle(order)
        state = desk(conversation(updated_at=NOON - 1))
        for event in order:
            apply(state, event)
        ends.append((state.conversations[1], state.threads[1].messages, state.doubts))
    assert all(end == ends[0] for end in ends)
    assert ends[0][0].status == news[-1].conversation.status
