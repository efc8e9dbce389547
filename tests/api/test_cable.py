"""The live feed's socket against real sockets: the embedded shop, and servers that misbehave."""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from revivatui.api.cable import Cable
from revivatui.api.errors import (
    ApiError,
    FeedLost,
    FeedRefused,
    NotChatwoot,
    Offline,
    ServerDown,
    Timeout,
    TlsFailed,
)
from revivatui.api.wire import frame_to_events
from revivatui.shop.server import ShopServer
from revivatui.shop.world import Person, create_shop
from revivatui.state import events
from tests.api.servers import raw_server

BEN = Person("Ben Counter", "ben@example.com", token="t" * 24, pubsub_token="p" * 24)

Behaviour = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def misbehaving(behave: Behaviour, **options: object) -> AsyncIterator[str]:
    """A websocket server that does as told; gives its http address."""
    async with serve(behave, "127.0.0.1", 0, close_timeout=0.1, **options) as server:  # type: ignore[arg-type]
        port = next(iter(server.sockets)).getsockname()[1]
        yield f"http://127.0.0.1:{port}"


async def say(socket: ServerConnection, **frame: object) -> None:
    await socket.send(json.dumps(frame))


async def confirm(socket: ServerConnection) -> str:
    """Welcome, wait for the subscription, confirm it; gives its identifier."""
    await say(socket, type="welcome")
    asked = json.loads(await socket.recv())
    identifier: str = asked["identifier"]
    await say(socket, identifier=identifier, type="confirm_subscription")
    return identifier


@pytest.mark.parametrize("version", ["3.9.0", "4.10.1"])
async def test_the_shop_confirms_and_tells_presence_at_every_tick(version: str) -> None:
    async with ShopServer(create_shop(version, people=[BEN])) as server:
        cable = Cable(server.url, "p" * 24, 1, 1)
        await cable.open()
        at, text = await anext(cable)
        (event,) = frame_to_events(text, 1, at)
        assert isinstance(event, events.PresenceSeen)
        assert event.users == {1: "online"}
        await cable.tick()
        _, text = await anext(cable)
        assert "presence.update" in text
        assert cable.silent_for() < 5.0
        assert cable.odd == 0
        await cable.close()


async def test_a_bad_token_is_met_with_silence_and_told_after_a_while() -> None:
    async with ShopServer(create_shop("4.10.1", people=[BEN])) as server:
        cable = Cable(server.url, "wrong" * 5, 1, 1, confirm_within=0.3)
        with pytest.raises(FeedRefused) as raised:
            await cable.open()
        assert "wrong" not in raised.value.plain + repr(raised.value) + repr(cable)


async def test_a_shop_that_stops_ends_the_feed() -> None:
    server = ShopServer(create_shop("3.9.0", people=[BEN]))
    async with server:
        cable = Cable(server.url, "p" * 24, 1, 1)
        await cable.open()
        await anext(cable)
        await server.stop()
        with pytest.raises(FeedLost):
            await anext(cable)
        with pytest.raises(FeedLost):
            await cable.tick()
        await cable.close()
        again = Cable(server.url, "p" * 24, 1, 1)
        with pytest.raises(Offline):
            await again.open()


async def test_events_before_the_confirmation_are_kept_in_order() -> None:
    async def behave(socket: ServerConnection) -> None:
        await say(socket, type="welcome")
        identifier = json.loads(await socket.recv())["identifier"]
        for number in (1, 2):
            await say(socket, identifier=identifier, message={"event": "early", "data": number})
        await say(socket, identifier=identifier, type="confirm_subscription")
        await say(socket, identifier=identifier, message={"event": "late", "data": 3})
        await socket.wait_closed()

    async with misbehaving(behave) as url:
        cable = Cable(url, "token", 1, 1)
        await cable.open()
        heard = [json.loads((await anext(cable))[1])["message"]["data"] for _ in range(3)]
        assert heard == [1, 2, 3]
        await cable.close()


async def test_a_rejected_subscription_is_refused_at_once() -> None:
    async def behave(socket: ServerConnection) -> None:
        await say(socket, type="welcome")
        identifier = json.loads(await socket.recv())["identifier"]
        await say(socket, identifier=identifier, type="reject_subscription")
        await socket.wait_closed()

    async with misbehaving(behave) as url:
        with pytest.raises(FeedRefused):
            await Cable(url, "token", 1, 1).open()


async def test_a_disconnect_frame_carries_its_reason_and_whether_to_return() -> None:
    async def behave(socket: ServerConnection) -> None:
        await confirm(socket)
        await say(socket, type="disconnect", reason="server_restart", reconnect=False)
        await socket.wait_closed()

    async with misbehaving(behave) as url:
        cable = Cable(url, "token", 1, 1)
        await cable.open()
        with pytest.raises(FeedLost, match="server_restart") as raised:
            await anext(cable)
        assert not raised.value.reconnect
        await cable.close()


async def test_silence_after_the_confirmation_is_a_dead_feed() -> None:
    async def behave(socket: ServerConnection) -> None:
        await confirm(socket)
        await socket.wait_closed()

    async with misbehaving(behave) as url:
        cable = Cable(url, "token", 1, 1, silence=0.1)
        await cable.open()
        with pytest.raises(FeedLost, match="silent"):
            await anext(cable)
        await cable.close()


async def test_frames_that_make_no_sense_are_counted_and_passed_over() -> None:
    async def behave(socket: ServerConnection) -> None:
        identifier = await confirm(socket)
        await socket.send("no json")
        await socket.send(b"\xff\xfe binary")
        await say(socket, identifier="other", message={"event": "x", "data": {}})
        await say(socket, identifier=identifier, message={"event": "ours", "data": {}})
        await socket.wait_closed()

    async with misbehaving(behave) as url:
        cable = Cable(url, "token", 1, 1)
        await cable.open()
        assert "ours" in (await anext(cable))[1]
        assert cable.odd == 3
        await cable.close()


async def test_a_connection_cut_in_the_middle_of_a_frame_ends_the_feed() -> None:
    async def behave(socket: ServerConnection) -> None:
        await confirm(socket)
        socket.transport.write(b"\x81\x7e\x10\x00half of it")
        socket.transport.abort()

    async with misbehaving(behave) as url:
        cable = Cable(url, "token", 1, 1)
        await cable.open()
        with pytest.raises(FeedLost):
            await anext(cable)
        await cable.close()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (404, NotChatwoot),
        (403, NotChatwoot),
        (200, NotChatwoot),
        (502, ServerDown),
        (500, ServerDown),
    ],
)
async def test_an_answer_that_is_no_socket_is_told_in_plain_words(
    status: int, error: type[ApiError]
) -> None:
    def answer(socket: ServerConnection, request: Request) -> Response:
        return socket.respond(status, "<html>no cable here</html>")

    async def behave(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with misbehaving(behave, process_request=answer) as url:
        with pytest.raises(error) as raised:
            await Cable(url, "sesame", 1, 1).open()
        assert "<" not in raised.value.plain


async def test_a_redirect_is_not_followed_with_the_token() -> None:
    reached: list[str] = []

    async def elsewhere(socket: ServerConnection) -> None:
        reached.append("elsewhere")
        await confirm(socket)

    async with misbehaving(elsewhere) as other:

        def send_on(socket: ServerConnection, request: Request) -> Response:
            answer = socket.respond(302, "")
            answer.headers["Location"] = f"{other.replace('http', 'ws')}/cable"
            return answer

        async with misbehaving(elsewhere, process_request=send_on) as url:
            with pytest.raises(NotChatwoot, match="302"):
                await Cable(url, "sesame", 1, 1).open()
    assert reached == []


async def test_no_token_is_logged_at_any_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    token = "q" * 24
    ben = Person("Ben Counter", "ben@example.com", pubsub_token=token)
    async with ShopServer(create_shop("4.10.1", people=[ben])) as server:
        cable = Cable(server.url, token, 1, 1)
        await cable.open()
        await anext(cable)
        await cable.tick()
        await cable.close()
    ours = ("revivatui.api", "websockets.client", "asyncio")
    lines = [one.getMessage() for one in caplog.records if one.name.startswith(ours)]
    assert not any(token in line for line in lines)
    assert not logging.getLogger("revivatui.api.cable.socket").isEnabledFor(logging.DEBUG)


async def test_nobody_there_is_offline() -> None:
    with pytest.raises(Offline):
        await Cable("http://127.0.0.1:1", "token", 1, 1).open()


async def test_encryption_that_fails_is_told_as_such() -> None:
    async def speak_plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read()

    async with raw_server(speak_plainly) as port:
        with pytest.raises(TlsFailed):
            await Cable(f"https://127.0.0.1:{port}", "token", 1, 1).open()


async def test_a_server_that_takes_the_connection_and_says_nothing_times_out() -> None:
    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with raw_server(hold) as port:
        with pytest.raises(Timeout):
            await Cable(f"http://127.0.0.1:{port}", "token", 1, 1, connect_within=0.2).open()


async def test_no_welcome_is_a_refusal_within_the_time_allowed() -> None:
    async def behave(socket: ServerConnection) -> None:
        await socket.wait_closed()

    async with misbehaving(behave) as url:
        with pytest.raises((FeedRefused, FeedLost)):
            await Cable(url, "token", 1, 1, confirm_within=0.2).open()


async def test_what_is_not_open_is_lost_and_closing_twice_is_fine() -> None:
    cable = Cable("http://127.0.0.1:1", "token", 1, 1)
    with pytest.raises(FeedLost):
        await anext(cable)
    await cable.close()
    await cable.close()


async def test_cancelling_the_opening_leaves_no_socket_behind() -> None:
    asked, gone = asyncio.Event(), asyncio.Event()

    async def behave(socket: ServerConnection) -> None:
        await say(socket, type="welcome")
        await socket.recv()
        asked.set()
        await socket.wait_closed()
        gone.set()

    async with misbehaving(behave) as url:
        opening = asyncio.create_task(Cable(url, "token", 1, 1).open())
        await asked.wait()
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
        async with asyncio.timeout(30):
            await gone.wait()


def test_the_trusted_certificates_are_checked() -> None:
    from revivatui.tls import no_tls_context, tls_context

    for context in (tls_context(), no_tls_context()):
        assert context.verify_mode is ssl.CERT_REQUIRED
        assert context.check_hostname
