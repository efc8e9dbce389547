"""Real ActionCable: who hears what, and who hears nothing (contract 7, observed 2.5)."""

from __future__ import annotations

import asyncio

import pytest
from websockets.asyncio.client import connect

from revivatui.shop.clock import Clock
from tests.shop.counter import USER_IDS, A, Counter, running

VERSIONS = ("3.9.0", "4.10.1")
both = pytest.mark.parametrize("version", VERSIONS)


@both
async def test_the_socket_speaks_actioncable_and_pings(version: str) -> None:
    async with running(version) as counter:
        socket = await connect(
            f"ws{counter.server.url[4:]}/cable",
            subprotocols=["actioncable-v1-json"],  # type: ignore[list-item]
            proxy=None,
        )
        assert socket.subprotocol == "actioncable-v1-json"
        assert await socket.recv() == '{"type":"welcome"}'
        async with asyncio.timeout(30):
            ping = await socket.recv()
        assert str(ping).startswith('{"type":"ping","message":')
        await socket.close()


@both
async def test_a_bad_token_is_met_with_silence(version: str) -> None:
    async with running(version) as counter:
        desk = await counter.desk()
        bad = await desk.subscribe(pubsub_token="nonsense", account_id=1, user_id=2)
        wrong = await desk.subscribe(pubsub_token="ben-cable", account_id=1, user_id=3)
        good = await desk.subscribe(pubsub_token="ben-cable", account_id=1, user_id=2)
        await desk.heard("presence.update")
        assert desk.confirmed(good)
        about = [
            frame["identifier"]
            for frame in desk.frames
            if "identifier" in frame and "message" not in frame
        ]
        assert about == [good]
        assert bad not in about
        assert wrong not in about


async def test_3_9_streams_a_token_that_it_never_confirms_and_4_10_does_not() -> None:
    heard: dict[str, bool] = {}
    for version in VERSIONS:
        async with running(version) as counter:
            await counter.open_counter()
            desk = await counter.desk()
            identifier = await desk.subscribe(pubsub_token="ben-cable", account_id=1, user_id=999)
            proper = await counter.desk("ben")
            await counter.customer()
            await proper.heard("message.created")
            assert not desk.confirmed(identifier)
            heard[version] = "message.created" in desk.names()
    assert heard == {"3.9.0": True, "4.10.1": False}


@both
async def test_presence_lasts_twenty_seconds_of_the_shops_clock(version: str) -> None:
    clock = Clock(frozen=True)
    async with running(version, clock) as counter:
        await counter.desk("ben")
        desk = await counter.desk("cleo")
        identifier = desk.frames[-1]["identifier"]
        assert desk.events("presence.update")[-1]["users"] == {"2": "online", "3": "online"}
        clock.advance(19)
        await desk.tick(identifier)
        assert (await desk.heard("presence.update", 2))[-1]["users"] == {
            "2": "online",
            "3": "online",
        }
        clock.advance(2)
        await desk.tick(identifier)
        assert (await desk.heard("presence.update", 3))[-1]["users"] == {"3": "online"}
        agents = {row["id"]: row for row in await counter.get("cleo", "/agents")}
        assert agents[2]["availability_status"] == "offline"
        assert agents[3]["availability_status"] == "online"


@both
async def test_a_tick_is_answered_to_the_callers_desks_alone(version: str) -> None:
    async with running(version) as counter:
        first, second = await counter.desk("ben"), await counter.desk("ben")
        other = await counter.desk("cleo")
        await first.until(lambda: len(first.events("presence.update")) == 2)
        before = len(other.events("presence.update"))
        await second.tick(second.frames[-1]["identifier"])
        await first.heard("presence.update", 3)
        await second.heard("presence.update", 2)
        await other.tick(other.frames[-1]["identifier"])
        await other.heard("presence.update", before + 1)
        assert len(other.events("presence.update")) == before + 1
        assert len(first.events("presence.update")) == 3


@both
async def test_typing_reaches_all_but_the_typists_own_desks(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        typist, also = await counter.desk("ben"), await counter.desk("ben")
        ada, dara = await counter.desk("ada"), await counter.desk("dara")
        await counter.post(
            "ben",
            f"/conversations/{customer.number}/toggle_typing_status",
            {"typing_status": "on", "is_private": True},
        )
        heard = await ada.heard("conversation.typing_on")
        assert heard[0]["user"]["id"] == USER_IDS["ben"]
        assert heard[0]["is_private"] is True
        await counter.settle()
        for silent in (typist, also, dara):
            assert "conversation.typing_on" not in silent.names()


@both
async def test_the_event_may_come_before_its_answer_and_carries_the_echo(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        ben, cleo = await counter.desk("ben"), await counter.desk("cleo")
        path = f"/conversations/{customer.number}/messages"
        for _ in range(2):
            answer = await counter.post("ben", path, {"content": "On it", "echo_id": "e-1"})
            assert answer["echo_id"] == "e-1"
        for desk in (ben, cleo):
            heard = await desk.heard("message.created", 2)
            assert [one["echo_id"] for one in heard] == ["e-1", "e-1"]
            assert heard[0]["id"] != heard[1]["id"]
            assert heard[0]["performer"]["id"] == USER_IDS["ben"]
        listed = (await counter.get("ben", path))["payload"]
        assert all("echo_id" not in one for one in listed)


async def test_only_3_9_names_the_performer_of_an_assignment() -> None:
    names: dict[str, list[bool]] = {}
    for version in VERSIONS:
        async with running(version) as counter:
            await counter.open_counter()
            customer = await counter.customer()
            desk = await counter.desk("cleo")
            await counter.post(
                "ben", f"/conversations/{customer.number}/assignments", {"assignee_id": 2}
            )
            line = (await desk.heard("message.created"))[0]
            assert line["content"] == "Ben Counter self-assigned this conversation"
            assert line["message_type"] == 2
            assert "sender" not in line
            events = await desk.heard("conversation.updated")
            events += await desk.heard("assignee.changed")
            names[version] = ["performer" in one for one in events]
    assert names == {"3.9.0": [True, True], "4.10.1": [False, False]}


@both
async def test_an_agent_without_inbox_hears_of_contacts_only(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        dara, ben = await counter.desk("dara"), await counter.desk("ben")
        customer = await counter.customer()
        await ben.heard("contact.updated")
        await dara.heard("contact.updated")
        assert set(dara.names()) == {"contact.created", "contact.updated"}
        assert customer.number == 1


@both
async def test_with_the_worker_down_rest_answers_and_the_cable_is_silent(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        desk = await counter.desk("cleo")
        counter.shop.worker.stop()
        path = f"/conversations/{customer.number}"
        for number in range(3):
            await counter.post("ben", f"{path}/messages", {"content": f"late {number}"})
        await counter.post("ben", f"{path}/toggle_status", {"status": "resolved"})
        await counter.get("cleo", path)
        assert desk.names() == []
        counter.shop.worker.start()
        heard = await desk.heard("message.created", 4)
        assert [one["content"] for one in heard[:3]] == ["late 0", "late 1", "late 2"]
        assert heard[3]["content"] == "Conversation was marked resolved by Ben Counter"


async def _notified(counter: Counter, who: str) -> list[str]:
    listed = await counter.get(who, "/notifications")
    return [one["notification_type"] for one in listed["data"]["payload"]]


@both
async def test_one_notification_per_conversation_the_newest(version: str) -> None:
    async with running(version) as counter:
        await counter.open_counter()
        customer = await counter.customer()
        desk = await counter.desk("cleo")
        path = f"/conversations/{customer.number}"
        note = "[@cleo](mention://user/3/Cleo) please look"
        await counter.post("ben", f"{path}/messages", {"content": note, "private": True})
        await counter.settle()
        mention = (
            "conversation_mention"
            if version == "4.10.1"
            else ("participating_conversation_new_message")
        )
        assert await _notified(counter, "cleo") == [mention]
        assert "conversation.mentioned" in desk.names()
        await customer.write("Any news?")
        await counter.settle()
        assert await _notified(counter, "cleo") == ["participating_conversation_new_message"]
        assert "notification.deleted" in desk.names()
        count = await counter.get("cleo", "/notifications/unread_count")
        assert count == 1
        assert await _notified(counter, "ben") == []
        answer = await counter.call("ben", "POST", f"{A}/notifications/read_all", {})
        assert answer.status_code == 200
