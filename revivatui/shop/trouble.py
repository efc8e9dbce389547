"""Trouble on order: what the control port may ask for, done at the seams of the server."""

from __future__ import annotations

import asyncio
import fnmatch
import itertools
import random
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from revivatui.shop.faults import Faults
from revivatui.shop.pace import Pace
from revivatui.shop.rest.base import JSONAnswer
from revivatui.shop.transport import Hangup

if TYPE_CHECKING:
    from revivatui.shop.cable import Connection
    from revivatui.shop.jobs import Job
    from revivatui.shop.world import Shop

# Faults of requests, and of cable frames.
REQUEST_FAULTS: Final = frozenset(
    {"drop before", "drop after", "drop middle", "freeze", "slow", "429", "500", "html", "answer"}
)
FRAME_FAULTS: Final = frozenset({"drop frame", "duplicate", "reorder", "delay frame", "mangle"})


@dataclass
class Order:
    """One standing order.

    ``method`` and ``path`` are shell patterns of the requests it takes; ``event`` of the cable
    events; ``count`` how many it takes (0: all); ``chance`` of taking one, 0 to 1; ``seconds``
    how long ``slow``, ``reorder`` and ``delay frame`` wait; ``skip`` how many it lets pass first.
    """

    fault: str
    method: str = "*"
    path: str = "*"
    event: str = "*"
    count: int = 0
    skip: int = 0
    chance: float = 1.0
    seconds: float = 1.0
    status: int = 500
    body: Any = None
    number: int = 0
    taken: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def check(self) -> None:
        """Raises ValueError when the order makes no sense."""
        if self.fault not in REQUEST_FAULTS | FRAME_FAULTS:
            known = ", ".join(sorted(REQUEST_FAULTS | FRAME_FAULTS))
            raise ValueError(f"unknown fault {self.fault!r}; known are {known}")
        if self.seconds < 0 or self.count < 0 or self.skip < 0 or not 0 <= self.chance <= 1:
            raise ValueError("seconds, count and skip cannot be negative; chance is 0 to 1")

    def as_json(self) -> dict[str, Any]:
        shown = {key: value for key, value in vars(self).items() if key != "over"}
        return {**shown, "active": self.active}

    @property
    def active(self) -> bool:
        return self.count == 0 or self.taken < self.count


class Trouble(Faults):
    """The orders in force, oldest first: the first that fits a request or frame has it."""

    def __init__(self, shop: Shop, seed: int = 1) -> None:
        self.shop = shop
        self.seed = seed
        self.orders: list[Order] = []
        self.pace: Pace | None = None
        self.refusing = False
        self._random = random.Random(seed)
        self._numbers = itertools.count(1)

    def add(self, order: Order) -> Order:
        """Put an order in force. Raises ValueError when it makes no sense."""
        order.check()
        order.number = next(self._numbers)
        self.orders.append(order)
        return order

    def clear(self, number: int | None = None) -> None:
        """Take one order back, or all; frozen requests go on."""
        for order in self.orders:
            if number in (None, order.number):
                order.over.set()
        self.orders = [one for one in self.orders if number not in (None, one.number)]

    def set_pace(self, pace: str) -> None:
        """``real`` or ``fast``. Raises ValueError for another word."""
        if pace not in ("real", "fast"):
            raise ValueError(f"the pace is real or fast, not {pace!r}")
        self.pace = Pace(self.shop.version, self.seed) if pace == "real" else None

    def _take(self, faults: frozenset[str], fits: Any) -> Order | None:
        for order in self.orders:
            if order.fault not in faults or not order.active or not fits(order):
                continue
            if order.skip > 0:
                order.skip -= 1
                continue
            if order.chance < 1.0 and self._random.random() >= order.chance:
                continue
            order.taken += 1
            return order
        return None

    async def before_request(self, request: Request) -> Response | None:
        method, path = request.method, request.url.path
        order = self._take(
            REQUEST_FAULTS,
            lambda one: (
                fnmatch.fnmatchcase(method, one.method.upper())
                and fnmatch.fnmatchcase(path, one.path)
            ),
        )
        if order is not None:
            request.state.order = order
            if (answer := await self._instead(order)) is not None:
                return answer
        if self.pace is not None:
            now = asyncio.get_running_loop().time()
            before, fails = self.pace.request(method, path, request.query_params, now)
            await asyncio.sleep(before)
            if fails:
                return JSONAnswer({"status": 500, "error": "Internal Server Error"}, 500)
        return None

    async def _instead(self, order: Order) -> Response | None:
        """The answer in the handler's place; None lets the handler act."""
        if order.fault == "drop before":
            return Hangup()
        if order.fault == "freeze":
            await order.over.wait()
        elif order.fault == "slow":
            await asyncio.sleep(order.seconds)
        elif order.fault == "429":
            return PlainTextResponse("Retry later\n", 429)
        elif order.fault == "500":
            return JSONAnswer({"status": 500, "error": "Internal Server Error"}, 500)
        elif order.fault == "html":
            page = "<!DOCTYPE html><html><body><h1>It works!</h1></body></html>"
            return HTMLResponse(page, order.status if order.status != 500 else 200)
        elif order.fault == "answer":
            return JSONAnswer(order.body, order.status)
        return None

    async def after_request(self, request: Request, response: Response) -> Response:
        if self.pace is not None:
            await asyncio.sleep(self.pace.answer_after())
        order = getattr(request.state, "order", None)
        if order is not None and order.fault == "drop after":
            return Hangup()
        if order is not None and order.fault == "drop middle":
            return Hangup(response)
        return response

    def frames(self, connection: Connection, text: str) -> list[tuple[float, str]]:
        late = self.pace.frame() if self.pace is not None else 0.0
        if not any(one.fault in FRAME_FAULTS and one.active for one in self.orders):
            return [(late, text)]
        event = _event_of(text)
        order = self._take(FRAME_FAULTS, lambda one: fnmatch.fnmatchcase(event, one.event))
        if order is None:
            return [(late, text)]
        if order.fault == "drop frame":
            return []
        if order.fault == "duplicate":
            return [(late, text), (late, text)]
        if order.fault == "mangle":
            return [(late, text[: len(text) // 2])]
        return [(late + order.seconds, text)]

    def job_delay(self, job: Job) -> float:
        if self.pace is None:
            return 0.0
        try:
            now = asyncio.get_running_loop().time()
        except RuntimeError:
            return 0.0
        return self.pace.job(job, now, self.shop.worker.pending)


def _event_of(text: str) -> str:
    """The event's name, or the frame's type, without reading the whole frame."""
    for mark in ('"message":{"event":"', '"type":"'):
        start = text.find(mark)
        if start >= 0:
            start += len(mark)
            return text[start : text.find('"', start)]
    return ""


def order_of(wanted: dict[str, Any]) -> Order:
    """An order from its JSON. Raises ValueError for unknown or senseless words."""
    fields = {name for name in asdict(Order(fault="")) if name not in ("number", "taken", "over")}
    if unknown := wanted.keys() - fields:
        raise ValueError(f"unknown words in the order: {', '.join(sorted(unknown))}")
    if "fault" not in wanted:
        raise ValueError("an order names its fault")
    return Order(**wanted)
