"""The desk with MiniLM: suggestions are there first, and it reads the texts behind them."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest

from revivatui.copilot.retrieval.minilm import WIDTH
from tests.support.shops import Stage
from tests.ui.copilot_help import advice, suggesting

WEIGHTS = "REVIVATUI_TEST_MINILM"
"""Names a file of the real weights."""


@pytest.fixture
def weights() -> Path:
    if find_spec("numpy") is None:  # not imported here: how it is imported is the desk's
        pytest.skip("numpy is not installed (the extra minilm)")
    given = Path(os.environ.get(WEIGHTS) or "/nonexistent")
    if not given.is_file():
        pytest.skip(f"{WEIGHTS} names no file of weights")
    return given


async def test_texts_are_read_by_it_behind_the_suggestions(
    stage: Stage, tmp_path: Path, weights: Path
) -> None:
    data = tmp_path / "desk" / "data"
    data.mkdir(parents=True)
    (data / "minilm.safetensors").symlink_to(weights)

    def read() -> int:
        return sum(_vectors(file) for file in data.glob("*-copilot-texts.sqlite3"))

    async with suggesting(stage, tmp_path / "desk") as (desk, _):
        assert advice(desk).shown
        await desk.until(lambda: read() > 0, "a text read by MiniLM")
        assert "numpy" in sys.modules


def _vectors(file: Path) -> int:
    with closing(sqlite3.connect(file, timeout=5)) as base:
        sql = "SELECT count(*) FROM vectors WHERE length(vector) = ?"
        found: int = base.execute(sql, (4 * WIDTH,)).fetchone()[0]
        return found
