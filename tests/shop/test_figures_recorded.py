"""Every recorded report is answered with the recorded figures, by both versions."""

from __future__ import annotations

import copy
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.shop.raw_shop import RECORDINGS
from tools.conformance.figures import ASKED_AT, ask_shop, compare_figures
from tools.conformance.recording import read_rows

VERSIONS = ("3.9.0", "4.10.1")


def files(version: str) -> tuple[Path, Path]:
    folder = RECORDINGS / version
    return folder / "figures-raw.jsonl.gz", folder / "figures.jsonl.gz"


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_recorded_figure_is_answered_alike(version: str) -> None:
    report = await compare_figures(version, *files(version))
    assert report.unexplained == []
    assert {side.questions for side in report.sides} == {323}
    assert not any(side.explained for side in report.sides)


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_spoilt_answer_is_named(version: str) -> None:
    """One number more in each answer: the comparison must not pass any of them over."""
    raw, answers = files(version)
    spoilt = [(line, spoil(row)) for line, row in read_rows(answers) if spoil(row) is not None]
    assert len(spoilt) > 280
    side = await ask_shop(version, [row for _, row in read_rows(raw)], spoilt, ASKED_AT)
    named = {int(line.split("figures:")[1].split(" ")[0]) for line in side.unexplained}
    assert named == {line for line, _ in spoilt}


def spoil(question: dict[str, Any]) -> dict[str, Any] | None:
    """The question with a wrong number in its answer; None where it holds none."""
    changed = copy.deepcopy(question)
    answer = changed["answer"]
    if isinstance(answer, dict) and "_text" in answer:
        if question["status"] != 200:
            return None
        answer["_text"] = answer["_text"][:-2] + "x" + answer["_text"][-1]
        return changed
    return changed if _add_one(answer) else None


def _add_one(value: Any) -> bool:
    """Add one to the first number anywhere inside."""
    pairs = list(value.items() if isinstance(value, dict) else enumerate(value))
    for key, inner in pairs:
        if isinstance(inner, int | float) and not isinstance(inner, bool):
            value[key] = inner * 1.001 + 1
            return True
        if isinstance(inner, dict | list) and _add_one(inner):
            return True
    return False


def test_the_command_ends_unwell_where_an_answer_or_a_file_is_not_as_it_should_be(
    tmp_path: Path,
) -> None:
    """With 2 where a file is missing, with 1 where an answer differs."""
    from tools.conformance.__main__ import main

    raw, answers = files("4.10.1")
    with pytest.raises(SystemExit):
        main(["figures", "--chatwoot", "5.0.0", "--raw", str(raw), "--answers", str(answers)])
    wrong = tmp_path / "figures.jsonl.gz"
    assert (
        main(["figures", "--chatwoot", "4.10.1", "--raw", str(raw), "--answers", str(wrong)]) == 2
    )
    first = next(row for _, row in read_rows(answers) if row["answer"] == [])
    with gzip.open(wrong, "wt", encoding="utf-8") as lines:
        lines.write(json.dumps({**first, "answer": [{"id": 1}]}) + "\n")
    assert (
        main(["figures", "--chatwoot", "4.10.1", "--raw", str(raw), "--answers", str(wrong)]) == 1
    )
