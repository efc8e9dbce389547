"""The proxy breaks what it was told to break, at the byte it was told, and nothing else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.faults.frames import FrameSplitter
from tests.faults.http_bytes import Request
from tests.faults.plans import CRASHED, Fault
from tests.faults.proxy import Proxy

BODY = json.dumps({"content": "x" * 200})


class Echo:
    """A server that keeps what it was sent and answers each whole request with its body."""

    def __init__(self) -> None:
        self.got = bytearray()
        self.answered = 0
        self._bodies: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await self._take(reader, b"\r\n\r\n")
                length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
                body = b""
                while len(body) < length:
                    piece = await reader.read(length - len(body))
                    if not piece:
                        return
                    self.got += piece
                    body += piece
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % length + body)
                self.answered += 1
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _take(self, reader: asyncio.StreamReader, until: bytes) -> bytes:
        taken = bytearray()
        while not taken.endswith(until):
            piece = await reader.readexactly(1)
            taken += piece
            self.got += piece
        return bytes(taken)


@asynccontextmanager
async def behind_proxy() -> AsyncIterator[tuple[Echo, Proxy, httpx.AsyncClient]]:
    echo = Echo()
    server = await asyncio.start_server(echo.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        async with Proxy(("127.0.0.1", port)) as proxy:
            timeout = httpx.Timeout(0.5, connect=2.0)
            async with httpx.AsyncClient(
                base_url=proxy.url, trust_env=False, timeout=timeout
            ) as client:
                yield echo, proxy, client
    finally:
        server.close()


async def test_without_a_fault_everything_passes_and_connections_are_kept() -> None:
    async with behind_proxy() as (echo, proxy, client):
        for _ in range(3):
            answer = await client.post("/messages", content=BODY)
            assert answer.text == BODY
        assert echo.answered == 3
        assert len(proxy.open) == 1
        assert proxy.idle


@pytest.mark.parametrize(
    ("part", "share", "low", "high"),
    [
        ("start", 0.0, 0, 0),
        ("line", 0.5, 1, 30),
        ("head", 0.5, 31, 250),
        ("body", 0.0, 100, 400),
        ("body", 0.9, 200, 500),
    ],
)
@pytest.mark.parametrize("how", ["reset", "close", "half close"])
async def test_a_request_is_cut_at_the_chosen_byte(
    part: str, share: float, low: int, high: int, how: str
) -> None:
    async with behind_proxy() as (echo, proxy, client):
        proxy.choose = lambda request: Fault("cut", "request", part, share, how)
        with pytest.raises(httpx.TransportError):
            await client.post("/messages", content=BODY)
        async with asyncio.timeout(30):
            while proxy.open:  # noqa: ASYNC110 - the other side's end tells nobody
                await asyncio.sleep(0.005)
        assert low <= len(echo.got) <= high
        assert echo.answered == 0
        assert proxy.done == [("cut", "POST /messages")]


@pytest.mark.parametrize(("part", "share"), [("start", 0.0), ("head", 0.3), ("body", 0.5)])
@pytest.mark.parametrize("how", ["reset", "close", "half close", "stall"])
async def test_an_answer_is_cut_after_the_server_acted(part: str, share: float, how: str) -> None:
    async with behind_proxy() as (echo, proxy, client):
        proxy.choose = lambda request: Fault("cut", "answer", part, share, how)
        with pytest.raises(httpx.TransportError):
            await client.post("/messages", content=BODY)
        assert echo.answered == 1


async def test_a_late_request_reaches_the_server_after_the_client_gave_up() -> None:
    async with behind_proxy() as (echo, proxy, client):
        proxy.choose = lambda request: Fault("late", "request", "body", 0.5, "late", 0.8)
        with pytest.raises(httpx.ReadTimeout):
            await client.post("/messages", content=BODY)
        assert echo.answered == 0
        async with asyncio.timeout(30):
            while not echo.answered:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


async def test_another_answer_can_stand_in_for_the_servers() -> None:
    async with behind_proxy() as (echo, proxy, client):
        proxy.choose = lambda request: Fault("crash", "answer", instead=CRASHED)
        answer = await client.post("/messages", content=BODY)
        assert answer.status_code == 500
        assert echo.answered == 1


async def test_only_the_chosen_request_is_touched() -> None:
    def third(request: Request) -> Fault | None:
        return Fault("cut", "answer") if request.path == "/3" else None

    async with behind_proxy() as (_echo, proxy, client):
        proxy.choose = third
        asked = [client.post(f"/{number}", content=BODY) for number in range(6)]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert [isinstance(one, httpx.Response) for one in answers] == [
            number != 3 for number in range(6)
        ]


async def test_a_network_that_is_off_refuses_and_comes_back_on_the_same_port() -> None:
    async with behind_proxy() as (_echo, proxy, client):
        await client.post("/", content=BODY)
        await proxy.refuse()
        with pytest.raises(httpx.TransportError):
            await client.post("/", content=BODY)
        with pytest.raises(httpx.ConnectError):
            await client.post("/", content=BODY)
        await proxy.accept()
        assert (await client.post("/", content=BODY)).status_code == 200


async def test_a_black_hole_keeps_everything_until_it_is_released() -> None:
    async with behind_proxy() as (echo, proxy, client):
        proxy.hold("http")
        asking = asyncio.create_task(client.post("/", content=BODY, timeout=60))
        async with asyncio.timeout(30):
            while not proxy.held:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        assert not proxy.idle
        assert echo.answered == 0
        proxy.release()
        assert (await asking).status_code == 200


def test_frames_are_found_whatever_pieces_they_come_in() -> None:
    payloads = [b"a", b"b" * 200, b"c" * 70_000, b'{"message":{"event":"x"}}']
    wire = b""
    for payload in payloads:
        size = len(payload)
        if size < 126:
            wire += bytes([0x81, size])
        elif size < 1 << 16:
            wire += bytes([0x81, 126]) + size.to_bytes(2, "big")
        else:
            wire += bytes([0x81, 127]) + size.to_bytes(8, "big")
        wire += payload
    for step in (1, 3, 1000, len(wire)):
        splitter = FrameSplitter()
        frames = [
            frame
            for at in range(0, len(wire), step)
            for frame in splitter.feed(wire[at : at + step])
        ]
        assert [frame.payload for frame in frames] == payloads
        assert b"".join(frame.data for frame in frames) == wire
        assert [frame.is_news for frame in frames] == [False, False, False, True]
        assert splitter.waiting == 0
