"""Where a bridge's CRM is: a new one for each test, in SQLite and in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crm import postgres


@pytest.fixture(scope="session")
def bridge_postgres() -> Iterator[str]:
    """The URL of a server where databases can be made."""
    with postgres.server() as url:
        yield url


@pytest.fixture(params=("sqlite", "postgresql"))
def crm(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str | Path]:
    """What `open_bridge` is given."""
    if request.param == "sqlite":
        yield tmp_path / "crm.sqlite3"
        return
    server: str = request.getfixturevalue("bridge_postgres")
    with postgres.database(server) as url:
        yield url
