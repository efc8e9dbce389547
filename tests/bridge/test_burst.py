"""A short burst; the long one is `python -m tests.bridge.burst`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bridge.burst import DEADLINE, burst
from tests.support.shops import Stage

COUNT = 600


@pytest.fixture
def version() -> str:
    return "4.10.1"


async def test_a_burst_is_accepted_in_time_and_nothing_of_it_is_lost(
    stage: Stage, tmp_path: Path
) -> None:
    outcome = await burst(stage, tmp_path / "home", COUNT)
    assert (outcome.refused, outcome.kept) == (0, COUNT)
    assert outcome.slowest < DEADLINE
