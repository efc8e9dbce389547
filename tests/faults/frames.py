"""The borders of websocket frames from a server (they are not masked; RFC 6455, 5.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TEXT: Final = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """One whole frame as it stood on the wire."""

    data: bytes
    payload: bytes
    whole_text: bool
    """A text message in one frame: it may be doubled, dropped or moved without breaking others."""

    @property
    def is_news(self) -> bool:
        """An event of a subscription, not a welcome, ping, confirmation or rejection."""
        return self.whole_text and b'"message":{"event"' in self.payload


class FrameSplitter:
    """Takes bytes as they come and gives the frames that are complete."""

    def __init__(self) -> None:
        self._kept = bytearray()

    @property
    def waiting(self) -> int:
        """Bytes of a frame that is not complete yet."""
        return len(self._kept)

    def feed(self, data: bytes) -> list[Frame]:
        self._kept += data
        frames = []
        while (size := self._size()) is not None and len(self._kept) >= size[0] + size[1]:
            head, length = size
            whole = bytes(self._kept[: head + length])
            del self._kept[: head + length]
            frames.append(Frame(whole, whole[head:], whole[0] == 0x80 | TEXT))
        return frames

    def _size(self) -> tuple[int, int] | None:
        """Bytes of the head and of the payload of the next frame, once they are known."""
        kept = self._kept
        if len(kept) < 2:
            return None
        length = kept[1] & 0x7F
        extra = {126: 2, 127: 8}.get(length, 0)
        if len(kept) < 2 + extra:
            return None
        if extra:
            length = int.from_bytes(kept[2 : 2 + extra], "big")
        return 2 + extra, length
