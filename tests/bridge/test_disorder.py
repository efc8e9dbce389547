"""The end is the same, whatever is lost, doubled, late or in another order. The long form is
`python -m tests.bridge.disorder`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest

from revivatui.bridge import known
from revivatui.bridge.backfill import CURSOR
from revivatui.crm.store.work import Work
from tests.bridge.disorder import run_scenario
from tests.bridge.recorded import FILES, deliver_all, fill, recorded, without_files
from tests.bridge.stands import Stand, differences, picture, stand
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
    bodies = recorded(version, name)
    first = fill(stage, bodies)

    async def begin_before(work: Work) -> None:
        await known.keep_fact(work, CURSOR, repr(first - 1.0))

    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(stand(stage, tmp_path / f"crm{number}.sqlite3"))
            for number in range(6)
        ]
        for number, there in enumerate(opened):
            async with there.bridge.store.unit_of_work() as work:
                await begin_before(work)
            await deliver_all(there, bodies, Random(number) if number else None)
        wanted = without_files(await picture(opened[0].bridge))
        messages = {one["id"] for one in bodies if one["event"].startswith("message_")}
        assert wanted["comments"].keys() == messages
        for number, there in enumerate(opened):
            assert await there.waiting() == []
            other = without_files(await picture(there.bridge))
            assert differences(wanted, other) == [], f"schedule {number}"
