"""Ids that sort by the time they were made and never meet (UUID version 7, RFC 9562), and the
numbers that people say."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from random import Random, SystemRandom
from typing import Final
from uuid import UUID

_NUMBER: Final = re.compile(r"([A-Za-z]++)?\s*+-?\s*+([A-Za-z]*+)\s*+#?(\d+)")
_COUNTER_BITS: Final = 12


class Ids:
    """Makes UUIDs of version 7, each greater than the one before, from several threads too.

    Python has them from 3.14 on only. A clock and a random source can be given, so that the demo
    makes the same ids every time.
    """

    def __init__(
        self, clock: Callable[[], float] = time.time, random: Random | None = None
    ) -> None:
        self._clock = clock
        self._random = random if random is not None else SystemRandom()
        self._lock = threading.Lock()
        self._millisecond = -1
        self._count = 0

    def __call__(self) -> str:
        with self._lock:
            self._step()
            head = (self._millisecond & (1 << 48) - 1) << 80 | 0x7 << 76 | self._count << 64
            return str(UUID(int=head | 0b10 << 62 | self._random.getrandbits(62)))

    def _step(self) -> None:
        """The counter takes the place of the clock where that stands still or goes back."""
        now = int(self._clock() * 1000)
        if now > self._millisecond:
            self._millisecond = now
            self._count = self._random.getrandbits(_COUNTER_BITS - 1)
            return
        self._count += 1
        if self._count >> _COUNTER_BITS:
            self._millisecond += 1
            self._count = 0


def human_number(letter: str, shop_code: str, count: int) -> str:
    """What people call a repair, a quote or a ticket: "R-2041", in a second shop "R-B2041"."""
    return f"{letter}-{shop_code}{count}"


def parse_number(text: str) -> tuple[str, str]:
    """A number as somebody typed it ("r2041", "R-B 2041", "#2041"), in capitals, and its digits.

    Two empty texts where it is no such number.
    """
    found = _NUMBER.fullmatch(text.strip().lstrip("#").strip())
    if found is None:
        return "", ""
    letter, code, digits = found[1] or "", found[2], found[3]
    if len(letter) > 1 and not code:
        letter, code = letter[0], letter[1:]
    full = f"{letter}-{code}{digits}".upper() if letter else ""
    return full, digits
