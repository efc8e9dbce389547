"""The door for webhooks: looks at each once, keeps it, answers. Nothing is worked on in here.

POST /hooks/chatwoot and /hooks/chatwoot/{token}; GET /health says whether deliveries can be kept.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Generic, TypeVar

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from revivatui.bridge.errors import Junk
from revivatui.bridge.inbox import Delivery, delivery
from revivatui.bridge.signing import Door
from revivatui.bridge.webhook_bodies import account_of, news_of
from revivatui.crm.errors import CrmError
from revivatui.crm.store import Store
from revivatui.crm.store.work import Work

LOG: Final = logging.getLogger("revivatui.bridge")

MOST_BYTES: Final = 1_000_000
KEEP_WITHIN: Final = 4.0
"""Seconds within which a delivery must be kept: Chatwoot hangs up after five."""
_MOST_AT_ONCE: Final = 200
_CROWD: Final = 6
"""Deliveries at the same moment that are a burst."""
_CALM_AFTER: Final = 0.1
_PATIENCE: Final = 1.0
_NAP: Final = 0.01
_DELIVERY_ID: Final = re.compile(r"[\w.:-]{1,100}")


T = TypeVar("T")
Put = Callable[[Work, Iterable[T], float], Awaitable[None]]


class Keeper(Generic[T]):
    """Keeps deliveries, all that come at about the same time in one transaction."""

    def __init__(
        self,
        store: Store,
        put: Put[T],
        clock: Callable[[], float],
        kept: Callable[[], None],
        is_there: Callable[[], bool] = lambda: True,
    ) -> None:
        """`put` writes some at a moment; `kept` is called when something was; `is_there` says
        whether the database still is."""
        self._store = store
        self._put = put
        self._clock = clock
        self._kept = kept
        self._is_there = is_there
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._come = asyncio.Event()
        self._here = 0
        self._busy_until = 0.0

    async def keep(self, delivery: T) -> None:
        """Returns once it is on the disk. Raises CrmError or TimeoutError where it may not be."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append((delivery, done))
        self._come.set()
        self._here += 1
        if self._here >= _CROWD:
            self._busy_until = loop.time() + _CALM_AFTER
        try:
            async with asyncio.timeout(KEEP_WITHIN):
                await done
        finally:
            self._here -= 1

    async def calm(self) -> None:
        """Until nobody is at the door and no crowd was a moment ago, or for a second: work on what
        was kept can wait, who delivers cannot."""
        loop = asyncio.get_running_loop()
        patience = loop.time() + _PATIENCE
        while self._here or loop.time() < self._busy_until:
            wait = patience - loop.time()
            if wait <= 0:
                return
            await asyncio.sleep(min(wait, _NAP))

    async def run(self) -> None:
        """For ever."""
        while True:
            await self._come.wait()
            self._come.clear()
            while self._waiting:
                batch = self._waiting[:_MOST_AT_ONCE]
                del self._waiting[:_MOST_AT_ONCE]
                await self._keep_batch([one for one in batch if not one[1].done()])

    async def _keep_batch(self, batch: Sequence[tuple[T, asyncio.Future[None]]]) -> None:
        try:
            if not self._is_there():
                raise CrmError("The CRM's file is gone.")
            async with self._store.unit_of_work() as work:
                await self._put(work, (one for one, _ in batch), self._clock())
        except Exception as error:
            if not isinstance(error, CrmError):
                LOG.exception("deliveries could not be kept")
            for _, done in batch:
                if not done.done():
                    done.set_exception(CrmError(str(error)))
            return
        for _, done in batch:
            if not done.done():
                done.set_result(None)
        self._kept()


class Receiver(Generic[T]):
    """Answers 200 for what is kept, for repeats and for what is not needed; 401 and 403 for who
    may not deliver, 400 and 413 for junk, 503 where nothing can be kept."""

    def __init__(
        self,
        door: Door,
        keeper: Keeper[T],
        made: Callable[[Mapping[str, Any], str | None], T | None],
        account_id: int,
        clock: Callable[[], float],
    ) -> None:
        """`made` makes of a body and the delivery's own id what is to be kept, None where it is
        nothing that is needed. It raises Junk."""
        self._door = door
        self._keeper = keeper
        self._made = made
        self._account_id = account_id
        self._clock = clock
        self.answers: Counter[str] = Counter()

    async def take(self, request: Request) -> Response:
        """One delivery."""
        try:
            body = await _read(request)
        except ClientDisconnect:
            return self._answer(400, "cut short")
        if body is None:
            return self._answer(413, "too large")
        peer = request.client.host if request.client else ""
        token = request.path_params.get("token", "")
        refused = self._door.refuses(peer, token, request.headers, body, self._clock())
        if refused:
            # The token of the path is a secret even where it is wrong by one letter.
            LOG.warning("a delivery from %s was refused: %s", peer, refused)
            return self._answer(403 if refused == "address" else 401, refused)
        return await self._keep(request, body)

    async def _keep(self, request: Request, body: bytes) -> Response:
        try:
            parsed = _parsed(body)
            told = request.headers.get("x-chatwoot-delivery", "")
            made = self._made(parsed, told if _DELIVERY_ID.fullmatch(told) else None)
        except Junk as error:
            LOG.warning("a delivery made no sense: %s", error)
            return self._answer(400, "junk")
        if made is None or account_of(parsed) not in (None, self._account_id):
            return self._answer(200, "ignored")
        try:
            await self._keeper.keep(made)
        except (CrmError, TimeoutError) as error:
            LOG.error("a delivery could not be kept: %s", str(error) or "it took too long")
            return self._answer(503, "not kept")
        return self._answer(200, "kept")

    def _answer(self, status: int, word: str) -> Response:
        self.answers[f"{status} {word}"] += 1
        return JSONResponse({"status": word}, status)


async def _read(request: Request) -> bytes | None:
    """The body; None where it is too large, of which no more than that is read."""
    told = request.headers.get("content-length", "0")
    if not told.isdigit() or int(told) > MOST_BYTES:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


def _parsed(body: bytes) -> dict[str, object]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        raise Junk("It is no JSON.") from None
    if not isinstance(parsed, dict):
        raise Junk("It is no JSON object.")
    return parsed


def delivery_of(account_id: int) -> Callable[[Mapping[str, Any], str | None], Delivery | None]:
    """What the account's webhook is kept as."""

    def made(body: Mapping[str, Any], delivery_id: str | None) -> Delivery | None:
        news = news_of(body)
        return None if news is None else delivery(news, account_id, delivery_id=delivery_id)

    return made


def create_app(
    receiver: Receiver[Delivery],
    health: Callable[[], Awaitable[tuple[bool, object]]],
    captain: Receiver[Any] | None = None,
) -> Starlette:
    """The routes. `health` gives whether all is well, and what to say; `captain` is the door of
    the bot, where one answers customers."""

    async def say_health(_: Request) -> Response:
        well, words = await health()
        return JSONResponse(words, 200 if well else 503)

    routes = [
        Route("/hooks/chatwoot", receiver.take, methods=["POST"]),
        Route("/hooks/chatwoot/{token}", receiver.take, methods=["POST"]),
        Route("/health", say_health, methods=["GET"]),
    ]
    if captain is not None:
        routes.append(Route("/hooks/captain/{token}", captain.take, methods=["POST"]))
    return Starlette(routes=routes)


async def stopped(task: asyncio.Task[None]) -> None:
    """End a task that runs for ever."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
