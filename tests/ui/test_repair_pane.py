"""The repair pane: what it shows of whom, how soon, and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shops import Stage
from tests.ui.crm_help import SIZES, bench_of, desk_with, to_repair

sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


@pytest.fixture(params=["4.10.1"])
def version(request: pytest.FixtureRequest) -> str:
    """What the CRM knows does not depend on the chat's version."""
    return str(request.param)


@sizes
async def test_the_pane_shows_device_state_promise_technician_and_quote(
    stage: Stage, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with bench_of(stage, tmp_path / "desk") as bench:
        repair = await bench.repair("in_repair", model="iPhone 13 Pro")
        await bench.quote(repair, "89.90", "45")
        async with desk_with(bench, tmp_path / "desk", size) as desk:
            await to_repair(desk)
            seen = (repair.number, "iPhone 13 Pro", "In repair", "on time", "Bench One")
            for words in (*seen, "134.90 EUR", "Part 1", "not sent", "next: the quality"):
                await desk.sees(words)
