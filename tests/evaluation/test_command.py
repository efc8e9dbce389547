"""`make eval` as somebody runs it: own sets, foreign ones, as text and as JSON, and its status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import evaluation.__main__ as command
from evaluation.shop_corpus import SETS

HOURS = {
    "kind": "corpus",
    "id": "F1",
    "source": "canned",
    "lang": "en",
    "category": "Desk",
    "title": "Opening hours",
    "text": "We are open on weekdays from nine to six.",
}
PARKING = HOURS | {
    "id": "F2",
    "title": "Parking",
    "text": "You may park your car behind the building, free of charge.",
}
SCREEN = HOURS | {
    "id": "F3",
    "source": "price",
    "category": "Prices",
    "title": "iPhone 13 screen",
    "text": "iPhone 13 screen replacement - 189 EUR, 12 months warranty",
}
CORPUS = (HOURS, PARKING, SCREEN)
QUERIES = (
    {"kind": "query", "id": "1", "query": "What are your opening hours?", "expected_id": "F1"},
    {"kind": "query", "id": "2", "query": "Where can I park my car?", "expected_id": "F2"},
    {"kind": "query", "id": "3", "query": "How much is an iPhone 13 screen?", "expected_id": "F3"},
)


def written(file: Path, *rows: dict[str, Any]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def figures_of(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_corpus_of_a_set_takes_the_shops_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / "foreign.jsonl", *CORPUS, *QUERIES)
    assert command.main([str(file), "--json"]) == 0
    (one,) = figures_of(capsys)["sets"].values()
    assert (one["sources"], one["queries"]) == (3, 3)
    assert one["top3_strict"]["value"] == 1.0
    assert one["top1_strict"]["value"] == 1.0
    assert one["groups"]["expects price"]["top1_strict"] == {
        "value": 1.0,
        "interval": [1.0, 1.0],
        "of": 1,
    }


def test_a_set_without_a_corpus_is_asked_of_the_shops(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    query = {"kind": "query", "id": "1", "query": "opening hours?", "expected_id": "canned:hours"}
    assert command.main([str(written(tmp_path / "q.jsonl", query))]) == 0
    told = capsys.readouterr()
    assert "the demo shop's is used" in told.err
    assert "top-3, strict" in told.out


def test_what_is_odd_is_told_and_the_rest_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = QUERIES[0] | {"id": "9", "expected_id": "F9"}
    file = written(tmp_path / "odd.jsonl", *CORPUS, *QUERIES, odd, {"kind": "remark"})
    assert command.main([str(file)]) == 0
    told = capsys.readouterr()
    assert "Query 9 expects F9" in told.err
    assert "line 8: kind is 'remark'" in told.err
    assert "3 queries over 3 sources" in told.out


def test_misses_are_listed_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = QUERIES[0] | {"id": "wrong-one", "expected_id": "F3"}
    file = written(tmp_path / "set.jsonl", *CORPUS, wrong)
    command.main([str(file)])
    assert "wrong-one" not in capsys.readouterr().out
    command.main([str(file), "--misses"])
    assert "wrong-one 'What are your opening hours?'" in capsys.readouterr().out


def test_a_set_that_cannot_be_measured_is_one_sentence_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(tmp_path / "away.jsonl")]) == 2
    assert command.main([str(written(tmp_path / "empty.jsonl"))]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 3


def test_a_broken_bound_is_status_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = QUERIES[0] | {"expected_id": "F3"}
    for shop in command.SHOPS:
        written(tmp_path / f"{shop}_corpus.jsonl", *CORPUS)
        for split in ("dev", "held_out"):
            written(tmp_path / f"{shop}_{split}.jsonl", wrong)
    monkeypatch.setattr(command, "SETS", tmp_path)
    assert command.main(["--part", "ranking"]) == 1
    assert "BROKEN" in capsys.readouterr().out


def test_the_status_agrees_with_the_bounds_and_no_miss_of_what_is_held_out_is_seen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "SHOPS", ("other",))
    status = command.main(["--part", "ranking", "--misses"])
    told = capsys.readouterr().out
    bounds = [line for line in told.splitlines() if line.startswith("held out: ")]
    assert len(bounds) == 2
    assert status == int(any("BROKEN" in line for line in bounds))
    assert "\nother-" in told
    for line in (SETS / "other_held_out.jsonl").read_text(encoding="utf-8").splitlines():
        assert f"\n{json.loads(line)['id']} " not in told
