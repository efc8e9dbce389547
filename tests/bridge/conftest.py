"""Databases for bridges: a new one for each test, in SQLite and PostgreSQL, or one that several
share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

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


@pytest.fixture(params=("sqlite", "postgresql"))
def crm(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str | Path]:
    """What `open_bridge` is given."""
    if request.param == "sqlite":
        yield tmp_path / "crm.sqlite3"
        return
    server: Callable[[], str] = request.getfixturevalue("postgres_server")
    with postgres.database(server()) as url:
        yield url
