"""Server-sent events, read without I/O: bytes in, the data of each event out.

    reader = SseReader()
    for data in reader.feed(some_bytes): ...
    for data in reader.end(): ...

Bytes may be split anywhere: inside a character, between CR and LF, inside a field's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

MOST: Final = 1_000_000
"""Bytes of one event. Answers of models are made of far smaller ones."""

_BOM: Final = b"\xef\xbb\xbf"


class EventTooLong(ValueError):
    """An event that is longer than any of a chat."""


class SseReader:
    """Reads one stream. Comments, and fields other than `data`, are dropped."""

    def __init__(self) -> None:
        self._left = bytearray()
        self._data: list[bytes] = []
        self._size = 0
        self._after_cr = False
        self._is_first = True

    def feed(self, piece: bytes) -> Iterator[str]:
        """The data of the events that end with this piece. Raises EventTooLong."""
        self._left += piece
        while (line := self._next_line()) is not None:
            yield from self._read(line)
        if len(self._left) + self._size > MOST:
            raise EventTooLong

    def end(self) -> Iterator[str]:
        """What is left when the body ends: some servers leave the last blank line out."""
        if self._left:
            line, self._left = bytes(self._left), bytearray()
            yield from self._read(line)
        yield from self._read(b"")

    def _next_line(self) -> bytes | None:
        """The next whole line; LF, CR and CRLF end one."""
        if self._after_cr and self._left:
            if self._left[:1] == b"\n":
                del self._left[:1]
            self._after_cr = False
        ends = [at for at in (self._left.find(b"\n"), self._left.find(b"\r")) if at >= 0]
        if not ends:
            return None
        at = min(ends)
        line, self._after_cr = bytes(self._left[:at]), self._left[at : at + 1] == b"\r"
        del self._left[: at + 1]
        return line

    def _read(self, line: bytes) -> Iterator[str]:
        if self._is_first:
            line, self._is_first = line.removeprefix(_BOM), False
        if not line:
            if self._data:
                whole, self._data, self._size = b"\n".join(self._data), [], 0
                yield whole.decode("utf-8", "replace")
            return
        name, _, value = line.partition(b":")
        if name == b"data":
            value = value.removeprefix(b" ")
            self._data.append(value)
            self._size += len(value)
