"""Work on a store that is given up, and a store closed in the middle of it, leave nothing open."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Awaitable, Callable

import pytest

from revivatui.crm.errors import CrmUnreachable
from revivatui.crm.store import Store
from revivatui.crm.wishes import CustomerWish

MOMENTS = range(0, 48, 4)
"""Turns of the event loop before it is given up; each act is over after some forty."""
WITHIN = 60.0

Act = Callable[[Store], Awaitable[object]]


async def reads(store: Store) -> object:
    return await store.health()


async def writes(store: Store) -> object:
    return await store.upsert_customer(CustomerWish(name="Ana", email="ana@example.org"))


async def both(store: Store) -> object:
    return await asyncio.gather(reads(store), writes(store), reads(store))


async def _turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def given_up(store: Store, work: asyncio.Task[object], moment: int) -> None:
    await _turns(moment)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await store.close()


async def given_up_twice(store: Store, work: asyncio.Task[object], moment: int) -> None:
    await _turns(moment)
    work.cancel()
    await _turns(1 + moment % 3)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await store.close()


async def closed_under_it(store: Store, work: asyncio.Task[object], moment: int) -> None:
    await _turns(moment)
    await store.close()
    (ended,) = await asyncio.gather(work, return_exceptions=True)
    assert not isinstance(ended, BaseException) or isinstance(ended, CrmUnreachable)


async def given_up_and_closed_at_once(
    store: Store, work: asyncio.Task[object], moment: int
) -> None:
    await _turns(moment)
    work.cancel()
    await store.close()
    await asyncio.gather(work, return_exceptions=True)


async def closing_given_up(store: Store, work: asyncio.Task[object], moment: int) -> None:
    await work
    closing = asyncio.create_task(store.close())
    await _turns(1 + moment)
    closing.cancel()
    await asyncio.gather(closing, return_exceptions=True)


Way = Callable[[Store, "asyncio.Task[object]", int], Awaitable[None]]
WAYS = (given_up, given_up_twice, closed_under_it, given_up_and_closed_at_once, closing_given_up)


async def _once(address: str, act: Act, way: Way, moment: int) -> None:
    store = await Store.open(address)

    async def work() -> object:
        return await act(store)

    async with asyncio.timeout(WITHIN):
        await way(store, asyncio.create_task(work()), moment)


@pytest.mark.parametrize("act", [writes, both], ids=lambda one: one.__name__)
@pytest.mark.parametrize("way", WAYS, ids=lambda one: one.__name__)
def test_nothing_stays_open_at_whatever_moment(address: str, act: Act, way: Way) -> None:
    for moment in MOMENTS:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            asyncio.run(_once(address, act, way, moment))
            gc.collect()
        assert [str(one.message) for one in told] == [], f"after {moment} turns"


def test_a_store_whose_opening_is_given_up_leaves_nothing_open(address: str) -> None:
    async def once(moment: int) -> None:
        opening = asyncio.create_task(Store.open(address))
        await _turns(moment)
        opening.cancel()
        (store,) = await asyncio.gather(opening, return_exceptions=True)
        if isinstance(store, Store):
            await store.close()

    for moment in MOMENTS:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            asyncio.run(once(moment))
            gc.collect()
        assert [str(one.message) for one in told] == [], f"after {moment} turns"


async def test_a_closed_store_says_so_and_opens_nothing(address: str) -> None:
    store = await Store.open(address)
    await store.close()
    for act in (writes, lambda one: one.list_services()):
        with pytest.raises(CrmUnreachable, match="was closed"):
            await act(store)
