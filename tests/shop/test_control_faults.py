"""The control port makes the trouble that it was asked for, over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK

from revivatui.shop.clock import Clock
from revivatui.shop.control import ControlServer
from revivatui.shop.server import ShopServer
from revivatui.shop.world import Person, create_shop

ADA = Person("Ada", "ada@example.com", "administrator", "Password1!", "ada-token", "ada-pubsub")
TOKEN = {"api_access_token": "ada-token", "Accept": "application/json"}


class Stage:
    """A running shop, its control port, and a client of each."""

    def __init__(self, server: ShopServer, control: ControlServer) -> None:
        self.server = server
        self.control = control
        self.rest = httpx.AsyncClient(base_url=server.url, headers=TOKEN, trust_env=False)
        self.orders = httpx.AsyncClient(base_url=control.url, trust_env=False)

    async def order(self, to: str = "/orders", **wanted: Any) -> Any:
        answer = await self.orders.post(to, json=wanted)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def profile(self) -> httpx.Response:
        return await self.rest.get("/api/v1/profile")

    async def cable(self) -> ClientConnection:
        """A subscribed socket: welcome, confirm and first presence are read."""
        socket = await connect(f"ws{self.server.url[4:]}/cable", proxy=None)
        await socket.recv()
        await socket.send(json.dumps({"command": "subscribe", "identifier": IDENTIFIER}))
        await socket.recv()
        await socket.recv()
        return socket


IDENTIFIER = json.dumps(
    {"channel": "RoomChannel", "pubsub_token": "ada-pubsub", "account_id": 1, "user_id": 1}
)
TICK = json.dumps(
    {
        "command": "message",
        "identifier": IDENTIFIER,
        "data": json.dumps({"action": "update_presence"}),
    }
)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    shop = create_shop("4.10.1", clock=Clock(1_790_000_000.0), people=[ADA])
    async with ShopServer(shop) as server, ControlServer(server, seed=7) as control:
        made = Stage(server, control)
        yield made
        await made.rest.aclose()
        await made.orders.aclose()


@pytest.mark.parametrize(
    ("fault", "status", "text"),
    [("429", 429, "Retry later\n"), ("500", 500, "Internal Server Error"), ("html", 200, "<html>")],
)
async def test_an_ordered_answer_comes_as_often_as_ordered(
    stage: Stage, fault: str, status: int, text: str
) -> None:
    await stage.order(fault=fault, path="/api/v1/prof*", count=2)
    answers = [await stage.profile() for _ in range(3)]
    assert [one.status_code for one in answers] == [status, status, 200]
    assert text in answers[0].text


async def test_an_order_takes_only_its_method_and_path(stage: Stage) -> None:
    await stage.order(fault="500", method="POST", path="*/messages")
    assert (await stage.profile()).status_code == 200


@pytest.mark.parametrize("fault", ["drop before", "drop after"])
async def test_a_dropped_request_gets_no_answer(stage: Stage, fault: str) -> None:
    await stage.order(fault=fault, count=1)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await stage.profile()
    assert (await stage.profile()).status_code == 200


async def test_drop_after_lets_the_server_act_and_drop_before_does_not(stage: Stage) -> None:
    body = {"profile": {"display_name": "Acted"}}
    for fault, name in (("drop before", None), ("drop after", "Acted")):
        await stage.order(fault=fault, method="P*", count=1)
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await stage.rest.put("/api/v1/profile", json=body)
        assert (await stage.profile()).json()["display_name"] == name


async def test_an_answer_cut_in_the_middle_is_seen_as_broken(stage: Stage) -> None:
    await stage.order(fault="drop middle", count=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await stage.profile()


async def test_a_frozen_server_answers_nothing_until_the_order_is_taken_back(stage: Stage) -> None:
    order = await stage.order(fault="freeze")
    asked = asyncio.create_task(stage.profile())
    done, _ = await asyncio.wait({asked}, timeout=0.2)
    assert not done
    await stage.orders.delete(f"/orders/{order['number']}")
    assert (await asked).status_code == 200


async def test_a_slow_answer_takes_at_least_its_seconds(stage: Stage) -> None:
    await stage.order(fault="slow", seconds=0.3, count=1)
    loop = asyncio.get_running_loop()
    start = loop.time()
    assert (await stage.profile()).status_code == 200
    assert loop.time() - start >= 0.3


async def test_refusing_turns_callers_away_while_the_socket_goes_on(stage: Stage) -> None:
    socket = await stage.cable()
    await stage.order("/listen", accept=False)
    with pytest.raises(httpx.ConnectError):
        await stage.profile()
    await socket.send(TICK)
    assert "presence.update" in str(await asyncio.wait_for(socket.recv(), 5))
    await stage.order("/listen", accept=True)
    assert (await stage.profile()).status_code == 200
    await socket.close()


async def test_a_duplicated_frame_comes_twice_and_a_dropped_one_never(stage: Stage) -> None:
    socket = await stage.cable()
    await stage.order(fault="drop frame", event="presence.update", count=1)
    await stage.order(fault="duplicate", event="presence.update", count=1)
    await socket.send(TICK)
    await socket.send(TICK)
    frames = [json.loads(await asyncio.wait_for(socket.recv(), 5)) for _ in range(2)]
    assert frames[0] == frames[1]
    await socket.send(TICK)
    assert "presence.update" in str(await asyncio.wait_for(socket.recv(), 5))
    await socket.close()


async def test_a_reordered_frame_comes_after_the_next(stage: Stage) -> None:
    socket = await stage.cable()
    await stage.order(fault="reorder", event="presence.update", count=1, seconds=0.2)
    await socket.send(TICK)
    await stage.order("/cable", say='{"type":"later"}')
    first, second = [str(await asyncio.wait_for(socket.recv(), 5)) for _ in range(2)]
    assert "later" in first
    assert "presence.update" in second
    await socket.close()


async def test_a_mangled_frame_is_no_json(stage: Stage) -> None:
    socket = await stage.cable()
    await stage.order(fault="mangle", event="presence.update", count=1)
    await socket.send(TICK)
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(await asyncio.wait_for(socket.recv(), 5))
    await socket.close()


async def test_sockets_close_with_a_frame_or_without_as_ordered(stage: Stage) -> None:
    for how, error in (("with frame", ConnectionClosedOK), ("silently", ConnectionClosedError)):
        socket = await stage.cable()
        await stage.order("/cable", close=how)
        with pytest.raises(error):
            await asyncio.wait_for(socket.recv(), 5)


async def test_a_revoked_token_no_longer_opens_the_account(stage: Stage) -> None:
    await stage.order("/tokens", revoke=ADA.email)
    answer = await stage.profile()
    assert (answer.status_code, answer.json()) == (401, {"error": "Invalid Access Token"})


async def test_the_clock_can_be_set_and_advanced(stage: Stage) -> None:
    await stage.order("/clock", freeze=True)
    await stage.order("/clock", set=1_795_000_000)
    await stage.order("/clock", advance=86_400)
    state = (await stage.orders.get("/")).json()
    assert state["now"] == 1_795_086_400


async def test_what_makes_no_sense_is_refused_with_its_reason(stage: Stage) -> None:
    for path, wanted, reason in (
        ("/orders", {"fault": "flood"}, "unknown fault"),
        ("/orders", {"fault": "500", "colour": "red"}, "unknown words"),
        ("/pace", {"pace": "lazy"}, "real or fast"),
        ("/tokens", {"revoke": "nobody@example.com"}, "nobody here"),
        ("/cable", {"close": "somehow"}, "with frame"),
    ):
        answer = await stage.orders.post(path, json=wanted)
        assert answer.status_code == 422
        assert reason in answer.json()["error"]


async def test_with_the_worker_down_rest_answers_and_the_cable_is_silent_until_it_is_up(
    stage: Stage,
) -> None:
    socket = await stage.cable()
    await stage.order("/worker", up=False)
    label = {"label": {"title": "quote"}}
    answer = await stage.rest.post("/api/v1/accounts/1/labels", json=label)
    assert answer.status_code == 200
    await socket.send(TICK)
    assert "presence.update" in str(await asyncio.wait_for(socket.recv(), 5))
    assert (await stage.orders.get("/")).json()["jobs"] > 0
    await stage.order("/worker", up=True)
    assert "cache_invalidated" in str(await asyncio.wait_for(socket.recv(), 5))
    await socket.close()


async def test_an_order_lets_the_first_pass_and_answers_what_it_was_given(stage: Stage) -> None:
    await stage.order(fault="answer", skip=1, count=1, status=202, body={"made": "up"})
    answers = [await stage.profile() for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 202, 200]
    assert answers[1].json() == {"made": "up"}


async def test_chance_is_decided_by_the_seed() -> None:
    async def drawn(seed: int) -> list[int]:
        shop = create_shop("4.10.1", people=[ADA])
        async with ShopServer(shop) as server, ControlServer(server, seed=seed) as control:
            made = Stage(server, control)
            await made.order(fault="500", chance=0.5)
            codes = [(await made.profile()).status_code for _ in range(12)]
            await made.rest.aclose()
            await made.orders.aclose()
        return codes

    first = await drawn(1)
    assert set(first) == {200, 500}
    assert await drawn(1) == first
    assert await drawn(2) != first


async def test_a_closed_socket_takes_no_other_with_it(stage: Stage) -> None:
    first, second = await stage.cable(), await stage.cable()
    await first.close()
    await stage.order("/cable", say='{"type":"hello"}')
    heard = str(await asyncio.wait_for(second.recv(), 5))
    while "presence.update" in heard:
        heard = str(await asyncio.wait_for(second.recv(), 5))
    assert "hello" in heard
    await second.close()
