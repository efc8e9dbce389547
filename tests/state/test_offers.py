"""Which other texts are offered for a draft, and which are not."""

from __future__ import annotations

from revivatui.state import drafts
from revivatui.state.events import (
    ContactForgotten,
    DraftChanged,
    MessagesLoaded,
    NotificationSeen,
)
from revivatui.state.events_desk import OfferDeclined, OtherDraftsSeen, ServerDraftSeen
from revivatui.state.models import OUTGOING, Notification, OtherDraft
from revivatui.state.offers import offers
from revivatui.state.reduce import apply
from revivatui.state.state import State
from tests.state.build import NOON, conversation, desk, message


def other(text: str, private: bool = False, at: float = NOON, window: str = "w") -> OtherDraft:
    return OtherDraft(1, private, text, at, window, True)


def texts(state: State, private: bool = False) -> list[str]:
    return [one.text for one in offers(state, 1, private)]


def state_with(*others: OtherDraft, server: str = "") -> State:
    state = desk(conversation(1))
    apply(state, OtherDraftsSeen(1, others))
    apply(state, ServerDraftSeen(1, server))
    return state


def test_windows_come_first_the_newest_of_them_before_the_server() -> None:
    state = state_with(
        other("old"), other("new", at=NOON + 1, window="v"), other("note", private=True),
        server="kept",
    )  # fmt: skip
    assert texts(state) == ["new", "old", "kept"]
    assert texts(state, private=True) == ["note", "kept"]
    assert offers(state, None, False) == []
    assert offers(state, 2, False) == []


def test_what_is_written_already_is_no_offer() -> None:
    state = state_with(other("Hello "), server="Hello")
    assert texts(state) == ["Hello "]
    apply(state, DraftChanged(drafts.written(1, False, "Hello", NOON)))
    assert texts(state) == []
    apply(state, DraftChanged(drafts.written(1, False, "Hello A", NOON)))
    assert texts(state) == ["Hello "]


def test_what_was_sent_or_is_not_wanted_is_no_offer() -> None:
    state = state_with(other("sent"), other("unwanted", window="v"), server="also unwanted")
    sent = message(5, message_type=OUTGOING, content="sent")
    apply(state, MessagesLoaded(1, (sent,), "newest", True, 10**9, NOON))
    assert texts(state) == ["unwanted", "also unwanted"]
    apply(state, OfferDeclined(1, "unwanted"))
    apply(state, OfferDeclined(1, "also unwanted"))
    assert texts(state) == []
    apply(state, ServerDraftSeen(1, "another"))
    assert texts(state) == ["another"]


def test_what_is_gone_elsewhere_is_gone_here() -> None:
    state = state_with(other("theirs"), server="kept")
    apply(state, OtherDraftsSeen(1, ()))
    apply(state, ServerDraftSeen(1, ""))
    assert texts(state) == []
    assert apply(state, OtherDraftsSeen(1, ())) == set()
    assert apply(state, ServerDraftSeen(1, "")) == set()


def test_a_forgotten_customer_leaves_no_text_behind() -> None:
    state = state_with(other("theirs"), server="kept")
    apply(state, OfferDeclined(1, "unwanted"))
    note = Notification(7, "conversation_mention", 1, "", NOON, message=message(5))
    apply(state, NotificationSeen(note, NOON))
    apply(state, ContactForgotten(101, (1,)))
    left = (state.other_drafts, state.server_drafts, state.declined, state.notifications)
    assert left == ({}, {}, {}, {})
