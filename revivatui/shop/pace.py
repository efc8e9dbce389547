"""``--pace real``: answers as slow and events as late as a recorded 2-core server's.

Request times are those of 5,000 conversations, one client, nothing else running (observed 5);
the lateness and disorder of events are those of 280 messages posted at once (observed 2.1).
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from revivatui.shop.jobs import Job


@dataclass(frozen=True)
class Speed:
    """Milliseconds that one sort of request took: usual (p50) and at most."""

    p50: float
    most: float


# Kind of request -> its speed, per version.
SPEEDS: Final[dict[str, dict[str, Speed]]] = {
    "3.9.0": {
        "open": Speed(1169.4, 1440.0),
        "all": Speed(553.5, 847.4),
        "deep": Speed(522.6, 875.7),
        "counts": Speed(19.7, 22.9),
        "recent": Speed(270.8, 273.9),
        "endless": Speed(15007.5, 15007.5),
        "conversation": Speed(37.0, 42.9),
        "messages": Speed(37.5, 44.4),
        "post message": Speed(48.1, 117.9),
        "search": Speed(86.6, 94.7),
        "search messages": Speed(62.0, 62.4),
        "contacts": Speed(65.1, 90.7),
        "filter": Speed(584.1, 702.5),
        "agents": Speed(22.1, 31.6),
        "read": Speed(18.2, 21.3),
        "write": Speed(48.1, 117.9),
    },
    "4.10.1": {
        "open": Speed(1140.8, 1292.9),
        "all": Speed(1102.6, 1285.8),
        "deep": Speed(833.8, 1727.0),
        "counts": Speed(35.7, 67.2),
        "recent": Speed(549.1, 760.4),
        "endless": Speed(15012.2, 15012.2),
        "conversation": Speed(34.6, 38.6),
        "messages": Speed(28.6, 40.2),
        "post message": Speed(62.7, 75.6),
        "search": Speed(114.9, 154.7),
        "search messages": Speed(84.4, 101.2),
        "contacts": Speed(41.2, 49.2),
        "filter": Speed(412.7, 532.4),
        "agents": Speed(19.8, 25.3),
        "read": Speed(17.0, 25.4),
        "write": Speed(62.7, 75.6),
    },
}

# When message.created came after its POST was finished, ms: (share of messages, at most so late).
# The share of negative ones, 31 and 25 of 80, is that of own messages seen before the answer.
LATENESS: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "3.9.0": ((0, -240.0), (0.05, -219.0), (0.39, 0.0), (0.5, 23.0), (0.95, 598.0), (1, 744.0)),
    "4.10.1": ((0, -130.0), (0.05, -118.0), (0.31, 0.0), (0.5, 20.0), (0.95, 275.0), (1, 417.0)),
}  # fmt: skip
# message.created after a higher id of its conversation, of 280, seen by one agent.
OUT_OF_ORDER: Final = {"3.9.0": 6 / 280, "4.10.1": 2 / 280}
# A refused webhook marks its message failed: at once when idle, after a burst much later.
FAILED_IDLE: Final = (0.08, 0.16)
FAILED_BURST: Final = {"3.9.0": (37.0, 38.0), "4.10.1": (40.0, 44.0)}
BURST: Final = 100
# A `updated_within` longer than this never ends well.
ENDLESS_SECONDS: Final = 7 * 86_400

# After so many seconds a queue's length says nothing about its length now.
FORGOTTEN: Final = 5.0
# The longest that an answer is held back for its event to come first, seconds.
LONGEST_WAIT: Final = 0.1


@dataclass(frozen=True)
class Drawn:
    """What was drawn for one request: seconds from acting to its answer, and from there to its
    events (negative: they come first)."""

    after: float
    lateness: float


_DRAWN: ContextVar[Drawn | None] = ContextVar("drawn", default=None)
# Of events that no request caused.
_UNCAUSED = Drawn(0.0, 0.02)


def kind_of(method: str, path: str, params: Mapping[str, str]) -> str:
    """The sort of request whose speed was measured."""
    rest = re.sub(r"^/api/v\d/accounts/\d+/", "", path).rstrip("/")
    if rest == "conversations/filter":
        return "filter"
    if method != "GET":
        return "post message" if re.fullmatch(r"conversations/\d+/messages", rest) else "write"
    if rest == "conversations":
        return _list_kind(params)
    if re.fullmatch(r"conversations/\d+/messages", rest):
        return "messages"
    if re.fullmatch(r"conversations/\d+", rest):
        return "conversation"
    known = {
        "conversations/meta": "counts", "search/messages": "search messages",
        "contacts": "contacts", "agents": "agents",
    }  # fmt: skip
    if rest.startswith(("search", "conversations/search", "contacts/search")):
        return known.get(rest, "search")
    return known.get(rest, "read")


def _list_kind(params: Mapping[str, str]) -> str:
    within = params.get("updated_within", "")
    if within.isdigit():
        return "endless" if int(within) > ENDLESS_SECONDS else "recent"
    page = params.get("page", "1")
    if page.isdigit() and int(page) > 1:
        return "deep"
    return "all" if params.get("status") == "all" else "open"


class Pace:
    """Draws how long things take, the same for the same seed and the same order of calls."""

    def __init__(self, version: str, seed: int) -> None:
        self.version = version
        self._random = random.Random(seed)
        self._ready: dict[str, float] = {}
        self._share = 0.5
        self._asked = -math.inf

    def request(
        self, method: str, path: str, params: Mapping[str, str], now: float
    ) -> tuple[float, bool]:
        """Seconds before the server acts, and whether it then ends in a 500; ``now`` is the
        loop's time."""
        kind = kind_of(method, path, params)
        speed = SPEEDS[self.version][kind]
        took = speed.p50 * self._random.uniform(0.93, 1.07)
        if self._random.random() < 0.05:
            took = self._random.uniform(speed.p50, speed.most)
        took /= 1000.0
        if method == "GET":
            _DRAWN.set(Drawn(0.0, 0.0))
            return took, kind == "endless"
        after, lateness = took * self._random.uniform(0.2, 0.8), self._lateness(now) / 1000.0
        if lateness < 0.0:
            # The event wins: the answer is what comes late.
            after = max(after, min(-lateness, LONGEST_WAIT))
        _DRAWN.set(Drawn(after, max(lateness, 0.003 - after)))
        return max(0.0, took - after), False

    def answer_after(self) -> float:
        """Seconds from acting to answering of the request under way."""
        return (_DRAWN.get() or _UNCAUSED).after

    def job(self, job: Job, now: float, pending: int) -> float:
        """Seconds by which a job starts late; ``now`` is the loop's time, ``pending`` the queue."""
        if job.name == "webhook":
            low, high = FAILED_BURST[self.version] if pending > BURST else FAILED_IDLE
            return self._random.uniform(low, high)
        if job.name != "cable":
            return self._random.uniform(0.01, 0.12)
        drawn = _DRAWN.get() or _UNCAUSED
        ready = now + drawn.after + drawn.lateness + self._random.uniform(0.0, 0.004)
        ready = max(ready, self._ready.get(job.subject, 0.0) + 0.0005)
        if self._random.random() < OUT_OF_ORDER[self.version]:
            return ready - now + self._random.uniform(0.03, 0.09)
        self._ready[job.subject] = ready
        return ready - now

    def boot(self) -> float:
        """Seconds that a background worker needs to come up (observed 2.2)."""
        return self._random.uniform(10.0, 11.0)

    def _lateness(self, now: float) -> float:
        """Milliseconds, drawn from the recorded curve. A queue is long or short for a while:
        what was late a moment ago is late still."""
        passed = now - self._asked
        self._asked = now
        if passed > FORGOTTEN:
            self._share = self._random.random()
        else:
            self._share += self._random.gauss(0.0, 0.5 * passed**0.5)
            self._share = 1.0 - abs(1.0 - abs(self._share) % 2.0)
        share = self._share
        curve = LATENESS[self.version]
        for (low, from_ms), (high, to_ms) in pairwise(curve):
            if share <= high:
                return from_ms + (to_ms - from_ms) * (share - low) / (high - low)
        return curve[-1][1]

    def frame(self) -> float:
        """Seconds by which one client hears later than another: 3.9.0 told them one by one."""
        if self.version == "3.9.0" and self._random.random() < 0.1:
            return self._random.uniform(0.005, 0.03)
        return 0.0
