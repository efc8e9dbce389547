"""What can be done to one request, one answer or one frame on its way."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

HOW: Final = ("reset", "close", "half close", "stall", "late", "pause")
"""reset: RST both ways. close: FIN both ways. half close: FIN onwards, the way back stays open.
stall: nothing passes any more, and the connection stays. late: held for `seconds`, then handed
over even where the sender has given up meanwhile. pause: as late, and never longer than anybody's
patience."""

ENDING: Final = ("reset", "close", "half close", "stall")


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one HTTP exchange, and at which byte.

    `side` is request or answer; `part` and `share` name the byte (`http_bytes.Spoken.offset`).
    `instead` is an answer that the client gets in place of the server's: after the server acted
    where the side is answer, and with the server hearing nothing where it is request.
    """

    name: str
    side: str = "request"
    part: str = "start"
    share: float = 0.0
    how: str = "reset"
    seconds: float = 0.0
    instead: bytes = b""


@dataclass(frozen=True, slots=True)
class FrameFault:
    """drop, double, late (held for `seconds` while others pass) or tear (half of it, then RST)."""

    how: str
    seconds: float = 0.0


def answer(status: str, body: str, kind: str = "application/json") -> bytes:
    """A whole HTTP answer."""
    data = body.encode()
    head = f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(data)}\r\n\r\n"
    return head.encode() + data


CRASHED: Final = answer(
    "500 Internal Server Error", '{"status":500,"error":"Internal Server Error"}'
)
GATEWAY: Final = answer("504 Gateway Time-out", "<html><h1>504</h1></html>", "text/html")
BAD_GATEWAY: Final = answer("502 Bad Gateway", "<html><h1>502</h1></html>", "text/html")
GARBLED: Final = answer("200 OK", '{"id":"not a')


class FrameDice:
    """Disturbs news frames by chance, the same for the same seed and the same frames."""

    def __init__(
        self, seed: int, *, drop: float = 0.0, double: float = 0.0, late: float = 0.0
    ) -> None:
        self._dice = Random(seed)
        self._drop, self._double, self._late = drop, double, late

    def __call__(self, payload: bytes) -> FrameFault | None:
        drawn = self._dice.random()
        for how, chance in (("drop", self._drop), ("double", self._double), ("late", self._late)):
            if drawn < chance:
                return FrameFault(how, self._dice.uniform(0.005, 0.4))
            drawn -= chance
        return None
