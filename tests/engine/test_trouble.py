"""Bad answers: each gives a plain message, keeps what was typed, and passes without a restart."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from revivatui.api.transport import READ_SECONDS
from revivatui.engine.engine import Timing
from revivatui.state.models import ListView
from revivatui.state.select import list_state, visible_ids
from tests.support.desks import ONLY_ASKED, PATIENCE, QUICK, Desk, profile_of, running_desk
from tests.support.shops import Stage

PLAIN_ENOUGH = ("Traceback", "Exception", "Error(", "<!DOCTYPE", "{")


def is_plain(text: str) -> bool:
    return bool(text) and text.endswith(".") and not any(word in text for word in PLAIN_ENOUGH)


def sent(desk: Desk, reference: str) -> bool:
    return desk.send_state(reference) == "sent"


async def test_a_wrong_token_is_said_and_a_right_one_goes_on(stage: Stage) -> None:
    right = profile_of(stage)
    async with running_desk(dataclasses.replace(right, token="x" * 24)) as desk:
        await desk.until(lambda: desk.state.link.state == "refused")
        assert is_plain(desk.state.link.reason)
        assert "Sign in again" in desk.state.link.reason
        desk.engine.sign_in_again(right)
        await desk.live()


async def test_a_token_revoked_mid_shift_keeps_everything_typed(stage: Stage) -> None:
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        desk.engine.draft(number, True, "half a note")
        await stage.order("/tokens", revoke=stage.agent["email"])
        reference = desk.engine.send(number, "Written too late", private=False)
        await desk.until(lambda: desk.state.link.state == "refused")
        assert desk.send_state(reference) == "queued"
        assert desk.state.drafts[(number, True)].text == "half a note"
        user = stage.shop.db.find("users", email=stage.agent["email"])
        assert user is not None
        token = stage.shop.db.find("access_tokens", owner_type="User", owner_id=user["id"])
        assert token is not None
        desk.engine.sign_in_again(dataclasses.replace(desk.engine.profile, token=token["token"]))
        await desk.live()
        await desk.until(lambda: sent(desk, reference))
    assert len(stage.messages_saying("Written too late")) == 1


async def test_a_conversation_denied_by_role_goes_and_the_sign_in_stays(stage: Stage) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        stage.shop.db.update("conversations", conversation["id"], team_id=None)
        stage.shop.db.execute(
            "DELETE FROM inbox_members WHERE user_id = ? AND inbox_id = ?",
            (stage.agent["id"], conversation["inbox_id"]),
        )
        desk.engine.open(number)
        await desk.until(lambda: number in desk.state.gone)
        reference = desk.engine.send(number, "Not mine any more", private=False)
        await desk.until(lambda: desk.send_state(reference) == "failed")
        assert is_plain(desk.state.sends[reference].reason)
        assert desk.engine.take_back(reference) == "Not mine any more"
        assert desk.state.link.state == "live"
        assert "refused" not in desk.links


async def test_html_instead_of_json_is_said_plainly_and_passes(stage: Stage) -> None:
    await stage.order(fault="html", path="/api/v1/*")
    async with running_desk(profile_of(stage)) as desk:
        await desk.until(lambda: desk.state.link.reason)
        assert desk.state.link.state == "offline"
        assert is_plain(desk.state.link.reason)
        assert "web page" in desk.state.link.reason
        await stage.no_more_trouble()
        await desk.live()


async def test_a_wrong_address_is_said_plainly(stage: Stage) -> None:
    profile = profile_of(stage, base_url="http://127.0.0.1:9")
    async with running_desk(profile) as desk:
        await desk.until(lambda: desk.state.link.reason)
        assert "127.0.0.1:9 cannot be reached" in desk.state.link.reason
        assert is_plain(desk.state.link.reason)


async def test_tls_where_there_is_none_is_said_plainly(stage: Stage) -> None:
    profile = profile_of(stage, base_url=stage.url.replace("http:", "https:"))
    async with running_desk(profile) as desk:
        await desk.until(lambda: desk.state.link.reason)
        assert "ncrypted" in desk.state.link.reason
        assert is_plain(desk.state.link.reason)


@pytest.mark.parametrize("path", ["*/conversations", "*/profile", "*/notifications", "*/labels"])
async def test_an_error_500_at_the_start_is_tried_again(stage: Stage, path: str) -> None:
    await stage.order(fault="500", path=path, count=3)
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        assert desk.state.labels
        assert visible_ids(desk.state, desk.state.view)


async def test_a_thread_and_a_list_chosen_while_reading_fails_are_read_once_it_works(
    stage: Stage,
) -> None:
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await stage.order(fault="500", path="*/messages", method="GET", count=3)
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number), "the thread")
        await stage.order(fault="500", path="*/conversations", count=3)
        chosen = ListView(tab="all", status="resolved")
        desk.engine.choose_view(chosen)
        await desk.until(lambda: list_state(desk.state, chosen).sealed, "the list")
        said = [one.text for one in desk.notices if "keeps trying" in one.text]
        assert len(said) == 2, "each is said once"


async def test_nobody_waits_for_what_is_no_longer_looked_at(stage: Stage) -> None:
    first = stage.conversation()["display_id"]
    second = stage.conversation("Channel::WebWidget")["display_id"]
    async with running_desk(profile_of(stage), timing=ONLY_ASKED) as desk:
        await desk.live()
        await stage.order(fault="500", path=f"*/{first}/messages", method="GET")
        desk.engine.open(first)
        await desk.until(lambda: desk.notices, "told")
        desk.engine.open(second)
        await desk.until(lambda: desk.texts(second))
        asked = len(stage.asked("GET", f"*/{first}/messages*"))
        await asyncio.sleep(4 * QUICK.longest_retry)
        assert len(stage.asked("GET", f"*/{first}/messages*")) <= asked + 1


async def test_an_answer_from_before_a_cut_seals_nothing_after_it(stage: Stage) -> None:
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        epoch = desk.state.epoch
        await stage.order(fault="slow", path="*/messages", method="GET", seconds=1.0, count=1)
        desk.engine.open(number)
        await desk.until(lambda: stage.asked("GET", f"*/{number}/messages*"))
        await stage.order("/cable", close="silently")
        await desk.until(lambda: desk.state.epoch > epoch)
        await desk.until(lambda: desk.thread(number).epoch == desk.state.epoch, "sealed")
        assert len(stage.asked("GET", f"*/{number}/messages*")) >= 2


async def test_a_list_that_answers_500_for_long_says_so_while_the_feed_goes_on(
    stage: Stage,
) -> None:
    conversation = stage.conversation()
    number = conversation["display_id"]
    await stage.order(fault="500", path="*/conversations")
    async with running_desk(profile_of(stage)) as desk:
        desk.engine.open(number)
        await desk.until(lambda: "500" in desk.state.link.reason)
        assert desk.state.link.state == "catching_up"
        stage.customer_writes(conversation, "I hear you anyway")
        await desk.until(lambda: "I hear you anyway" in desk.texts(number))
        await stage.no_more_trouble()
        await desk.live()


async def test_too_many_requests_are_waited_out(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The server's windows are whole minutes: here they are half a second.
    from revivatui.api import refusals

    monkeypatch.setattr(refusals, "_WINDOW", 0.5)
    number = stage.conversation()["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        await stage.order(fault="429", count=3, method="POST")
        reference = desk.engine.send(number, "Patience", private=False)
        await desk.until(lambda: sent(desk, reference))
    assert len(stage.messages_saying("Patience")) == 1


async def test_a_slow_answer_holds_up_nothing_else(stage: Stage) -> None:
    conversation, other = stage.conversation(), stage.conversation("Channel::WebWidget")
    slow = conversation["display_id"]
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        order = await stage.order(fault="freeze", method="POST", path=f"*/{slow}/messages", count=1)
        first = desk.engine.send(slow, "The slow one", private=False)
        await desk.until(lambda: desk.send_state(first) == "sending")
        second = desk.engine.send(other["display_id"], "The quick one", private=False)
        await desk.until(lambda: sent(desk, second))
        assert desk.send_state(first) == "sending"
        assert desk.state.link.state == "live"
        await stage._orders.delete(f"/orders/{order['number']}")
        await desk.until(lambda: sent(desk, first))
    assert len(stage.messages_saying("The slow one")) == 1


@pytest.mark.parametrize("moment", range(14))
async def test_a_server_gone_at_any_moment_of_the_start_is_waited_for(
    stage: Stage, moment: int
) -> None:
    """The server hangs up on every request from the n-th one on, and then comes back."""
    order = await stage.order(fault="drop before", skip=moment)
    async with running_desk(profile_of(stage)) as desk:
        dropped = stage.watched.orders[0]
        assert dropped.number == order["number"]
        await desk.until(lambda: dropped.taken >= 1)
        await stage.no_more_trouble()
        await desk.live()
        assert visible_ids(desk.state, desk.state.view)
        assert not [notice for notice in desk.notices if "unexpected" in notice.text]


async def test_an_unknown_word_of_the_server_is_shown_as_it_came(stage: Stage) -> None:
    conversation = stage.conversation()
    stage.shop.db.execute(
        "UPDATE conversations SET priority = 'volcanic' WHERE id = ?", (conversation["id"],)
    )
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.open(conversation["display_id"])
        await desk.until(lambda: conversation["display_id"] in desk.state.conversations)
        assert desk.state.conversations[conversation["display_id"]].priority == "volcanic"


@pytest.mark.parametrize("held_up", ["GET", "POST"])
async def test_closing_waits_for_nothing_that_is_under_way(stage: Stage, held_up: str) -> None:
    """It is given up after two seconds anyhow; here there is a minute for it."""
    assert Timing().close_within <= 2.0
    number = stage.conversation()["display_id"]
    patient = dataclasses.replace(QUICK, close_within=PATIENCE)
    async with running_desk(profile_of(stage), timing=patient) as desk:
        await desk.live()
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        await stage.order(fault="freeze", method=held_up)
        desk.engine.send(number, "Never answered", private=False)
        desk.engine.refresh()
        desk.engine.set_status(number, "resolved")
        await desk.until(lambda: stage.watched.orders[0].taken)
        loop = asyncio.get_running_loop()
        start = loop.time()
        await desk.engine.close()
        assert loop.time() - start < READ_SECONDS / 2
        assert any("Not done" in notice.text for notice in desk.notices)


async def test_a_reply_proved_while_the_desk_closes_ends_nothing_with_an_error(
    stage: Stage,
) -> None:
    row = stage.conversation()
    number = int(row["display_id"])
    async with running_desk(profile_of(stage)) as desk:
        await desk.live()
        desk.engine.open(number)
        await desk.until(lambda: desk.texts(number))
        stage.customer_writes(row, "Anybody there?")
        await desk.until(lambda: desk.state.conversations[number].unread_count)
        outbox = desk.engine._outbox
        outbox.tidy = lambda _topics=None: outbox.answered(number)  # type: ignore[method-assign]
    # `running_desk` waits for the engine, which would raise here.
