"""What is shown is the server's, or says that it may not be: seals, comparing, late feeds."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from revivatui.cache.store import Cache
from revivatui.engine import outbox
from revivatui.shop.db import Row
from revivatui.state import select
from revivatui.state.seals import seals
from tests.support.desks import ONLY_ASKED, QUICK, Desk, profile_of, running_desk
from tests.support.shops import Stage

COMPARING = dataclasses.replace(QUICK, compare_every=0.3)


def sealed(desk: Desk, number: int) -> bool:
    return select.thread(desk.state, number).sealed


async def opened(desk: Desk, number: int) -> None:
    desk.engine.open(number)
    await desk.until(lambda: sealed(desk, number), f"#{number} sealed")


# --- seals after a cut -------------------------------------------------------------------------


async def test_after_a_cut_every_thread_held_is_sealed_again_and_right(stage: Stage) -> None:
    first, second = stage.conversation(), stage.conversation("Channel::WebWidget")
    numbers = [first["display_id"], second["display_id"]]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        for number in numbers:
            await opened(desk, number)
        victim = desk.thread(numbers[0]).ids[-1]
        await stage.order("/listen", accept=False)
        await stage.order("/cable", close="silently")
        await desk.until(lambda: desk.state.link.state == "offline")
        assert not sealed(desk, numbers[0])
        stage.customer_writes(first, "Said while you were away")
        with stage.shop.acting(stage.colleague()):
            stage.delete_message(victim)
        await stage.order("/listen", accept=True)
        await desk.live()
        await desk.until(lambda: all(sealed(desk, number) for number in numbers), "all sealed")
        gone = desk.thread(numbers[0]).find(victim)
        assert gone is not None
        assert gone.deleted
        assert "Said while you were away" in desk.texts(numbers[0])


async def test_a_thread_is_not_read_again_where_the_server_says_that_it_did_not_change(
    stage: Stage,
) -> None:
    quiet = stage.conversation()["display_id"]
    other = stage.conversation("Channel::WebWidget")["display_id"]
    async with running_desk(profile_of(stage), timing=ONLY_ASKED) as desk:
        await desk.live()
        await opened(desk, quiet)
        await opened(desk, other)
        epoch = desk.state.epoch
        stage.forget_asked()
        await stage.order("/cable", close="silently")
        await desk.until(lambda: desk.state.epoch > epoch)
        await desk.live()
        await desk.until(lambda: sealed(desk, quiet), "sealed again")
        assert not stage.asked("GET", f"*/conversations/{quiet}/messages*")


async def test_every_view_says_whether_it_is_complete_and_since_when(stage: Stage) -> None:
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await opened(desk, number)
        desk.engine.load_contact(desk.state.conversations[number].contact_id)
        await desk.until(lambda: all(seal.complete for _, seal in seals(desk.state).named()))
        assert [name for name, _ in seals(desk.state).named()] == [
            "list", "counts", "thread", "contact", "presence",
        ]  # fmt: skip
        assert all(seal.as_of for _, seal in seals(desk.state).named())
        await stage.order("/listen", accept=False)
        await stage.order("/cable", close="silently")
        await desk.until(lambda: desk.state.link.state == "offline")
        broken = dict(seals(desk.state).named())
        assert not any(seal.complete for seal in broken.values())
        assert {seal.why for seal in broken.values()} == {"no connection"}
        since = desk.state.link.at
        await desk.until(lambda: desk.links.count("offline") >= 1 and desk.state.link.retry_at)
        await desk.until(lambda: (desk.state.link.retry_at or 0) > since + 0.3, "another try")
        assert desk.state.link.at == since, "offline since the first moment of it"


async def test_a_list_that_stays_unsealed_on_a_live_feed_is_read_without_being_asked(
    stage: Stage,
) -> None:
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await desk.until(lambda: select.list_state(desk.state, desk.state.view).sealed)
        desk.state.views[desk.state.view].epoch = -1  # as if its reading had been forgotten
        await desk.until(
            lambda: select.list_state(desk.state, desk.state.view).sealed, "sealed again"
        )


# --- comparing ---------------------------------------------------------------------------------


async def test_what_no_event_tells_is_found_put_right_and_said(stage: Stage) -> None:
    labelled = stage.conversation("Channel::WebWidget")
    read, deleted = stage.conversation(), stage.conversation("Channel::Email")
    stage.customer_writes(read, "Unread so far")
    async with running_desk(profile_of(stage), timing=COMPARING) as desk:
        desk.engine.choose_view(dataclasses.replace(desk.state.view, tab="all"))
        await desk.live()
        for conversation in (labelled, read, deleted):
            await opened(desk, conversation["display_id"])
        db = stage.shop.db
        db.update("conversations", read["id"], agent_last_seen_at=stage.shop.now() + 1_000_000)
        stage.visitor_labels(labelled, "liquid")
        db.execute("DELETE FROM conversations WHERE id = ?", (deleted["id"],))

        def found(conversation: Row) -> str:
            number = conversation["display_id"]
            words = [one.what for one in desk.state.healed if one.conversation_id == number]
            return words[0] if words else ""

        for conversation in (deleted, labelled, read):  # the first is open already
            if conversation is not deleted:
                desk.engine.open(conversation["display_id"])
            await desk.until(lambda c=conversation: found(c), f"{conversation['display_id']}")  # type: ignore[misc]
        assert "read by somebody" in found(read)
        assert "labels liquid" in found(labelled)
        assert found(deleted) == "is gone"
        assert desk.state.conversations[read["display_id"]].unread_count == 0


async def test_comparing_costs_a_handful_of_questions_a_round(stage: Stage) -> None:
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage), timing=COMPARING) as desk:
        await desk.live()
        await opened(desk, number)
        stage.forget_asked()
        await desk.until(lambda: len(stage.asked("GET", "*/conversations?*")) >= 4, "rounds")
        rounds = len(stage.asked("GET", "*/conversations?*")) / 2
        assert len(stage.asked()) <= 5 * (rounds + 1)
        assert stage.asked("POST") == []
        assert desk.state.healed == ()


# --- a feed that is behind ---------------------------------------------------------------------


async def test_a_silent_feed_is_noticed_without_a_word_of_ours_and_bridged(stage: Stage) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    async with running_desk(profile_of(stage), timing=COMPARING) as desk:
        desk.engine.choose_view(dataclasses.replace(desk.state.view, tab="all"))
        await desk.live()
        await opened(desk, number)
        await stage.order("/worker", up=False)
        stage.customer_writes(conversation, "Does anybody read this?")
        await desk.until(lambda: desk.state.link.state == "late", "noticed")
        assert "Does anybody read this?" in desk.texts(number)
        stage.customer_writes(conversation, "And this?")
        await desk.until(lambda: "And this?" in desk.texts(number), "bridged")
        assert desk.state.link.state == "late"
        assert not sealed(desk, number)
        await stage.order("/worker", up=True)
        await desk.until(lambda: desk.state.link.state == "live", "live again")
        assert desk.texts(number).count("And this?") == 1


# --- reading is an act -------------------------------------------------------------------------


async def test_looking_notes_and_tidying_mark_nothing_read(stage: Stage) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    stage.customer_writes(conversation, "Please read me")
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await opened(desk, number)
        desk.engine.refresh()
        desk.engine.load_older()
        note = desk.engine.send(number, "Only a note", private=True)
        desk.engine.set_priority(number, "high")
        await desk.until(lambda: len(stage.messages_saying("Only a note")) == 1)
        await desk.until(lambda: desk.send_state(note) == "sent")
    assert stage.asked("POST", "*/update_last_seen") == []


@pytest.mark.parametrize("act", ["reply", "resolve", "key"])
async def test_replying_resolving_and_the_key_mark_read_once(stage: Stage, act: str) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    stage.customer_writes(conversation, "Please read me")
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await opened(desk, number)
        await desk.until(lambda: desk.state.conversations[number].unread_count)
        if act == "reply":
            desk.engine.send(number, "Here I am", private=False)
        elif act == "resolve":
            desk.engine.set_status(number, "resolved")
            for change in list(desk.state.changes.values()):
                desk.engine.send_now(change.id)
        else:
            desk.engine.mark_read(number)
        await desk.until(lambda: desk.state.conversations[number].unread_count == 0, "read")
        assert len(stage.asked("POST", "*/update_last_seen")) == 1


# --- the journal and time ----------------------------------------------------------------------


async def test_what_waited_too_long_asks_before_it_leaves_and_what_is_behind_it_too(
    stage: Stage,
) -> None:
    number = stage.conversation()["display_id"]
    timing = dataclasses.replace(QUICK, send_lasts=0.4)
    async with running_desk(profile_of(stage), timing=timing) as desk:
        await desk.live()
        await stage.order("/listen", accept=False)
        await stage.order("/cable", close="silently")
        await desk.until(lambda: desk.state.link.state == "offline")
        old = desk.engine.send(number, "Come at three today", private=False)
        sent_at = desk.engine._desk.now()
        await desk.until(lambda: desk.engine._desk.now() - sent_at > 0.5)
        young = desk.engine.send(number, "Or at four", private=False)
        await stage.order("/listen", accept=True)
        await desk.until(lambda: desk.send_state(old) == "failed")
        await desk.until(lambda: desk.send_state(young) == "failed")
        assert desk.state.sends[old].reason == outbox.WAITED_LONG
        assert stage.messages_saying("Come at three today") == []
        desk.engine.retry(old)
        await desk.until(lambda: len(stage.messages_saying("Come at three today")) == 1)
        desk.engine.retry(young)
        await desk.until(lambda: len(stage.messages_saying("Or at four")) == 1)


async def test_what_waited_when_the_desk_closed_leaves_at_the_next_start(
    stage: Stage, tmp_path: Path
) -> None:
    number = stage.conversation()["display_id"]
    cache = Cache.open(tmp_path / "cache.sqlite3")
    async with running_desk(profile_of(stage), cache) as desk:
        await desk.live()
        await stage.order("/listen", accept=False)
        await stage.order("/cable", close="silently")
        await desk.until(lambda: desk.state.link.state == "offline")
        desk.engine.send(number, "Good night", private=False)
    await stage.order("/listen", accept=True)
    async with running_desk(profile_of(stage), cache) as desk:
        await desk.until(lambda: len(stage.messages_saying("Good night")) == 1, "it left")
    cache.close()
