"""Databases for bridges that share one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.crm import postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Callable[[], str]]:
    """Gives the URL of a server, started when the first test asks for it."""
    with ExitStack() as stack:
        yield cache(lambda: stack.enter_context(postgres.server()))


@pytest.fixture
def crm_url(postgres_server: Callable[[], str]) -> Iterator[str]:
    """An empty database in PostgreSQL."""
    with postgres.database(postgres_server()) as url:
        yield url
