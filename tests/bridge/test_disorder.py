"""The end is the same, whatever is lost, doubled, late or in another order. The long form is
`python -m tests.bridge.disorder`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bridge.disorder import run_scenario
from tests.bridge.recorded import FILES, run_recorded
from tests.bridge.stands import Stand
from tests.support.shops import Stage, Template

SEEDS = (1, 118)
SCHEDULES = 5


@pytest.mark.parametrize("seed", SEEDS)
async def test_random_lives_end_alike(
    version: str, seed: int, shop_template: Callable[[str], Template], tmp_path: Path
) -> None:
    found = await run_scenario(shop_template(version), tmp_path, seed, SCHEDULES, steps=25)
    assert found == []


async def test_the_judge_can_fail(
    shop_template: Callable[[str], Template], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without catching up, what was lost is missing, and is found to be."""

    async def forget(self: Stand) -> None:
        return

    monkeypatch.setattr(Stand, "catch_up", forget)
    found = await run_scenario(shop_template("4.10.1"), tmp_path, 1, SCHEDULES, steps=15)
    assert found


@pytest.mark.parametrize("name", FILES)
async def test_recorded_webhooks_end_alike(
    stage: Stage, version: str, name: str, tmp_path: Path
) -> None:
    assert await run_recorded(stage, version, name, tmp_path, SCHEDULES) == []
