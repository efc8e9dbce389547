"""A store of its own for each test, on SQLite and on PostgreSQL, with a clock that can be set."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import make_url

from revivatui.crm.ids import Ids
from revivatui.crm.store import Store
from tests.crm import postgres
from tests.crm.build import Clock, House, make_house

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Callable[[], str]]:
    """Gives the URL of a server, started when the first test asks for it."""
    with ExitStack() as stack:
        yield cache(lambda: stack.enter_context(postgres.server()))


@pytest.fixture(scope="session")
def template(
    postgres_server: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """Gives a store with nothing in it, by engine: made once, to be copied."""
    with ExitStack() as stack:

        def made(engine: str) -> str:
            if engine == "sqlite":
                where = str(tmp_path_factory.mktemp("crm") / "template.sqlite")
            else:
                where = stack.enter_context(postgres.database(postgres_server()))
            asyncio.run(_open_and_close(where))
            return where

        yield cache(made)


async def _open_and_close(where: str) -> None:
    await (await Store.open(where)).close()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_address(
    engine_name: str, postgres_server: Callable[[], str], tmp_path: Path
) -> Iterator[str]:
    """Where a store can be made that is not there yet."""
    if engine_name == "sqlite":
        yield str(tmp_path / "new" / "crm.sqlite")
        return
    with postgres.database(postgres_server()) as url:
        yield url


@pytest.fixture
def address(
    engine_name: str,
    template: Callable[[str], str],
    postgres_server: Callable[[], str],
    tmp_path: Path,
) -> Iterator[str]:
    """Where a new store is that has its tables."""
    made = template(engine_name)
    if engine_name == "sqlite":
        copied = tmp_path / "crm.sqlite"
        shutil.copy(made, copied)
        yield str(copied)
        return
    with postgres.database(postgres_server(), make_url(made).database or "") as url:
        yield url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(address: str, clock: Clock) -> AsyncIterator[Store]:
    ids = Ids(lambda: clock().timestamp(), Random(1))
    opened = await Store.open(address, clock=clock, ids=ids)
    yield opened
    await opened.close()


@pytest.fixture
async def house(store: Store) -> House:
    """Two shops, two technicians, one customer and their phone."""
    return await make_house(store)
