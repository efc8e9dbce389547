"""One conversation as captain has it: webhooks late, doubled and in any order end alike."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from revivatui.bridge import captain_talk
from revivatui.bridge.captain_talk import GRACE, Heard, Talk, Teller, Told

SEED = 20


def told(
    number: int,
    teller: Teller,
    words: str = "hello",
    *,
    status: str = "pending",
    at: float = 0.0,
    version: float = 0.0,
) -> Told:
    heard = Heard(number, teller, words, at or 1000.0 + number)
    return Told(5, 3, "Channel::Api", status, version, 9, "Rita Example", False, heard)


def opened(version: float = 0.0) -> Told:
    return Told(5, 3, "Channel::Api", "open", version, 9, "Rita Example", False, opened=True)


def known(*all_told: Told) -> Talk:
    talk = captain_talk.begun(all_told[0])
    for one in all_told:
        talk = captain_talk.after(talk, one)
    return talk


def test_all_that_a_customer_wrote_is_one_turn() -> None:
    talk = known(told(1, "customer", "Hi"), told(2, "customer", "my phone is broken"))
    turn = captain_talk.turn_of(talk)
    assert turn is not None
    assert (turn.upto, turn.words) == (2, "Hi\nmy phone is broken")


def test_deliveries_in_any_order_and_doubled_end_alike() -> None:
    """By version as 4.x tells it, and without as 3.9 does."""
    random = Random(SEED)
    for versions in (True, False):
        straight = [
            told(number, "customer" if number % 3 else "captain", f"words {number}",
                 version=1000.0 + number if versions else 0.0)
            for number in range(1, 9)
        ]  # fmt: skip
        perfect = known(*straight)
        for _ in range(60):
            mixed = [*straight, *random.choices(straight, k=5)]
            random.shuffle(mixed)
            talk = known(*mixed)
            assert talk.said == perfect.said, f"seed {SEED}"
            assert talk.status == perfect.status, f"seed {SEED}"
            assert captain_talk.turn_of(talk) == captain_talk.turn_of(perfect), f"seed {SEED}"


@pytest.mark.parametrize("teller", ["captain", "bot", "note", "agent", "shop"])
def test_nobody_but_the_customer_is_answered(teller: Teller) -> None:
    assert captain_talk.turn_of(known(told(1, teller))) is None


def test_nothing_is_answered_where_the_conversation_is_not_pending() -> None:
    for status in ("open", "resolved", "snoozed"):
        talk = known(told(1, "customer", status=status))
        assert talk.mode == "away"
        assert captain_talk.turn_of(talk) is None


def test_an_opening_by_a_person_silences_it() -> None:
    talk = known(told(1, "customer"), opened())
    assert talk.mode == "away"
    assert captain_talk.turn_of(talk) is None


def test_what_is_deleted_is_not_to_be_answered() -> None:
    talk = known(told(1, "customer", "my secret"))
    talk = captain_talk.after(talk, replace(told(1, "customer", "gone"), deleted=True))
    assert captain_talk.turn_of(talk) is None


def away(version: float = 0.0) -> Talk:
    """Handed off at the server's second 1010, message 3 the last that was known."""
    talk = known(told(1, "customer"), told(2, "captain"), told(3, "customer"))
    talk = captain_talk.leaving(talk, 3)
    if version:
        talk = captain_talk.after(talk, opened(version))
    return captain_talk.left(talk, 1010.0)


def test_a_message_from_before_the_opening_brings_nobody_back() -> None:
    """It was written while the conversation still was pending, and told late."""
    talk = captain_talk.after(away(), told(4, "customer", at=1010.0))
    assert talk.mode == "away"
    talk = captain_talk.after(away(1010.0), told(4, "customer", at=1009.0, version=1009.5))
    assert talk.mode == "away"


def test_pending_again_and_a_customer_who_writes_bring_it_back() -> None:
    later = 1010.0 + GRACE + 1
    talk = captain_talk.after(away(), told(5, "customer", "again", at=later))
    assert talk.mode == "listening"
    turn = captain_talk.turn_of(talk)
    assert turn is not None
    assert turn.words == "again"
    assert (talk.turns, talk.doubts, talk.introduced) == (0, 0, False)


def test_by_its_version_it_is_back_at_once() -> None:
    talk = captain_talk.after(away(1010.0), told(5, "customer", at=1011.0, version=1011.5))
    assert talk.mode == "listening"


def test_an_agents_words_do_not_bring_it_back() -> None:
    talk = captain_talk.after(away(), told(5, "agent", at=2000.0))
    talk = captain_talk.after(talk, told(6, "note", at=2001.0))
    assert talk.mode == "away"


def test_what_was_said_while_people_had_it_is_theirs() -> None:
    talk = captain_talk.after(away(), told(5, "customer", "to a person", status="open", at=1100.0))
    talk = captain_talk.after(talk, told(6, "customer", "to captain", at=1200.0))
    turn = captain_talk.turn_of(talk)
    assert turn is not None
    assert turn.words == "to captain"


def test_who_answered_since_is_seen() -> None:
    talk = known(told(1, "customer"))
    turn = captain_talk.turn_of(talk)
    assert turn is not None
    assert captain_talk.answered_by_others(talk, turn) is None
    tellers: tuple[Teller, ...] = ("agent", "bot")
    for teller in tellers:
        other = captain_talk.after(talk, told(2, teller))
        assert captain_talk.answered_by_others(other, turn) is not None
