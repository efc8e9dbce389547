"""A store of its own for a test that goes on with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from revivatui.crm.ids import Ids
from revivatui.crm.store import Store
from tests.crm.build import Clock


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    clock = Clock()
    ids = Ids(lambda: clock().timestamp(), Random(1))
    opened = await Store.open(str(tmp_path / "crm.sqlite"), clock=clock, ids=ids)
    yield opened
    await opened.close()
