"""Several workers, one of them killed, end where one alone ends. The long form, with ten thousand
events, is `python -m tests.bridge.growth`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bridge.growth import grow
from tests.support.shops import Template

COUNT = 400


@pytest.mark.timeout(600)
async def test_three_workers_one_of_them_killed_end_where_one_alone_ends(
    shop_template: Callable[[str], Template], tmp_path: Path, crm_url: str
) -> None:
    outcome = await grow(shop_template("4.10.1"), tmp_path, crm_url, COUNT)
    assert outcome.found == []
    assert outcome.comments > COUNT / 5
    assert outcome.writes
    assert 0 < outcome.at_the_kill < outcome.events
