"""Just enough of HTTP/1.1 to know where on a connection a request or an answer begins and ends."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

LONGEST_HEAD: Final = 256 * 1024
BODILESS: Final = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A whole request or answer: its first line, the length of its head, and all its bytes."""

    line: str
    head: int
    """Bytes up to and with the empty line."""
    data: bytes
    headers: dict[str, str]

    @property
    def first_line(self) -> int:
        """Bytes of the first line, its end included."""
        return len(self.line) + 2

    def offset(self, part: str, share: float) -> int:
        """The byte at a share (0 to 1) of a part: line, head, body; "start" or "end" of it all."""
        whole = len(self.data)
        low, high = {
            "start": (0, 0),
            "line": (1, self.first_line - 1),
            "head": (self.first_line, self.head - 1),
            "body": (self.head, max(self.head, whole - 1)),
            "end": (whole, whole),
        }[part]
        return low + int((high - low) * share)


@dataclass(frozen=True, slots=True)
class Request(Spoken):
    """What a client asks."""

    @property
    def method(self) -> str:
        return self.line.split(" ", 1)[0]

    @property
    def path(self) -> str:
        """The path without the query."""
        return self.line.split(" ")[1].split("?", 1)[0]

    @property
    def upgrades(self) -> bool:
        return self.headers.get("upgrade", "").lower() == "websocket"


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request, whole; None at the end of the connection between two.

    Raises asyncio.IncompleteReadError or OSError where it ends in the middle.
    """
    head = await _head(reader)
    if head is None:
        return None
    line, headers = _parsed(head)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(line, len(head), head + body, headers)


async def read_answer(reader: asyncio.StreamReader) -> Spoken | None:
    """The next answer, whole; None where the server hung up instead of answering.

    An answer that the server broke off in the middle comes as far as it came.
    """
    head = await _head(reader)
    if head is None:
        return None
    line, headers = _parsed(head)
    status = int(line.split(" ")[1])
    if status < 200 or status in BODILESS:
        return Spoken(line, len(head), head, headers)
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = await _chunks(reader)
    else:
        body = await _as_much_as(reader, int(headers.get("content-length", "0")))
    return Spoken(line, len(head), head + body, headers)


async def _head(reader: asyncio.StreamReader) -> bytes | None:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None


async def _as_much_as(reader: asyncio.StreamReader, count: int) -> bytes:
    try:
        return await reader.readexactly(count)
    except asyncio.IncompleteReadError as error:
        return error.partial


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while True:
        try:
            line = await reader.readuntil(b"\r\n")
            chunk = await reader.readexactly(int(line.split(b";")[0], 16) + 2)
        except asyncio.IncompleteReadError as error:
            return bytes(body + error.partial)
        body += line + chunk
        if len(chunk) == 2:
            return bytes(body)


def _parsed(head: bytes) -> tuple[str, dict[str, str]]:
    line, *rest = head.decode("latin-1").split("\r\n")
    pairs = (one.split(":", 1) for one in rest if ":" in one)
    return line, {name.strip().lower(): value.strip() for name, value in pairs}
