"""Requests that may be given up at any moment, without leaving a connection open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from anyio import CancelScope

T = TypeVar("T")


async def tidily(begin: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What `begin` comes to; who is cancelled meanwhile ends when it has closed what it held.

    httpcore shields its tidying up from the cancellation of anyio only: where a task of asyncio is
    cancelled while the pool closes several connections at once, all but the first stay open and
    are known to nobody. So the request is a task of its own, given up the way it understands.
    """
    scope = CancelScope()

    async def request() -> T:
        with scope:
            return await begin()
        raise asyncio.CancelledError

    work = asyncio.create_task(request())
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await _given_up(work, scope)
        raise


async def _given_up(work: asyncio.Task[Any], scope: CancelScope) -> None:
    scope.cancel()
    while not work.done():
        try:
            await asyncio.wait({work})
        except asyncio.CancelledError:
            continue  # a second time changes nothing: closing does not wait for the other side
    if not work.cancelled():
        work.exception()  # nobody waits for it any more
