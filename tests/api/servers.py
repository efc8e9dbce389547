"""Real sockets that misbehave as told, and leave nothing open behind them."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from revivatui.api.client import ChatwootClient
from revivatui.api.transport import Transport

SELF_SIGNED: Final = Path(__file__).parents[1] / "data" / "tls" / "self-signed.pem"

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(handle: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A TCP server on a free port, whose connections are all closed at the end; gives its port."""
    at_work: set[asyncio.Task[None]] = set()

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        at_work.add(task)
        try:
            await handle(reader, writer)
        except (asyncio.CancelledError, OSError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            at_work.discard(task)

    server = await asyncio.start_server(work, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(at_work):
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
        await server.wait_closed()


def self_signed() -> ssl.SSLContext:
    """For a server whose certificate nobody signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    return context


@dataclass
class Asked:
    """One HTTP request as it came over the wire."""

    line: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


async def read_request(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    line, *lines = head.strip().split("\r\n")
    headers = {
        name.lower(): value for name, value in (header.split(": ", 1) for header in lines if header)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(line, headers, body)


def response(
    status: int, body: bytes | str = b"", kind: str = "application/json", **more: str
) -> bytes:
    """An HTTP answer, whole."""
    data = body.encode() if isinstance(body, str) else body
    lines = [
        f"HTTP/1.1 {status} Whatever",
        f"content-length: {len(data)}",
        f"content-type: {kind}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in more.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


class Script:
    """An HTTP server that gives prepared answers in turn (the last one again and again), and
    keeps what it was asked. An answer may be a function that takes the writer."""

    def __init__(self, *answers: bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]) -> None:
        self.answers = list(answers)
        self.asked: list[Asked] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not reader.at_eof():
            try:
                asked = await read_request(reader)
            except asyncio.IncompleteReadError:
                return
            self.asked.append(asked)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if callable(answer):
                await answer(writer)
                return
            writer.write(answer)
            await writer.drain()


async def half(writer: asyncio.StreamWriter) -> None:
    """Cut it in the middle of the answer."""
    writer.write(response(200, b"x" * 5000)[:600])
    await writer.drain()
    writer.transport.abort()


TOKEN: Final = "sesame-token-of-24-chars"
PAGE: Final = "<!DOCTYPE html><html><body>Bad gateway</body></html>"


async def at_once(_: float) -> None:
    """Stands in for the pause between tries."""


@asynccontextmanager
async def client_of(
    script: Script, read_timeout: float = 5.0
) -> AsyncIterator[tuple[ChatwootClient, Script]]:
    async with raw_server(script) as port:
        base = f"http://127.0.0.1:{port}"
        transport = Transport(base, TOKEN, read_timeout=read_timeout, sleep=at_once)
        async with ChatwootClient(base, account_id=1, transport=transport) as client:
            yield client, script
