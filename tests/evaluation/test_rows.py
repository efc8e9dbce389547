"""Sets that others wrote are read as far as they can be, and what cannot be is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evaluation.rows import Rows, UnreadableSet, measurable, read

SOURCE = {
    "kind": "corpus",
    "id": "C1",
    "source": "canned",
    "lang": "en",
    "category": "x",
    "title": "Hours",
    "text": "Open at nine",
}
QUERY = {"kind": "query", "id": "Q1", "query": "when open", "expected_id": "C1", "also_ok": []}


def of(tmp_path: Path, *rows: Any) -> Rows:
    file = tmp_path / "set.jsonl"
    texts = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    file.write_text("\n".join(texts), encoding="utf-8")
    return read([file])


def test_a_row_of_each_kind_is_read_whole(tmp_path: Path) -> None:
    context = {
        "device": "iPhone 13",
        "repair_status": "ready",
        "quote_status": "pending",
        "recent_messages": ["hello", {"content": "my phone"}],
    }
    rows = of(tmp_path, SOURCE, QUERY | {"context": context, "also_ok": ["C2"]})
    (source,), (query,) = rows.corpus, rows.queries
    assert (source.id, source.kind, source.language) == ("C1", "canned", "en")
    assert (source.category, source.title, source.text) == ("x", "Hours", "Open at nine")
    assert (query.expected, query.also) == ("C1", frozenset({"C2"}))
    assert (query.device, query.repair_status, query.quote_status) == (
        "iPhone 13",
        "ready",
        "pending",
    )
    assert query.recent == ("hello", "my phone")
    assert query.has_context
    assert rows.remarks == []


@pytest.mark.parametrize("context", [None, {}, {"device": None, "recent_messages": None}])
def test_what_is_missing_from_the_context_is_nothing(tmp_path: Path, context: Any) -> None:
    (query,) = of(tmp_path, QUERY | {"context": context}).queries
    assert not query.has_context


def test_a_query_needs_no_context_and_no_alternatives(tmp_path: Path) -> None:
    bare = {name: value for name, value in QUERY.items() if name != "also_ok"}
    (query,) = of(tmp_path, bare).queries
    assert not query.has_context
    assert query.also == frozenset()


@pytest.mark.parametrize(
    ("row", "language"),
    [
        ({"lang": "pt-PT"}, "pt"),
        ({"lang": "EN_GB"}, "en"),
        ({"lang": None, "text": "Estamos abertos de segunda a sexta."}, "pt"),
        ({"lang": "", "text": "We are open from Monday to Friday."}, "en"),
        ({"lang": "", "source": "price", "text": "Ecrã 89 EUR"}, ""),
    ],
)
def test_a_language_is_read_in_any_spelling_or_found_from_the_text(
    tmp_path: Path, row: Any, language: str
) -> None:
    (source,) = of(tmp_path, SOURCE | row).corpus
    assert source.language == language


def test_numbers_for_ids_are_the_same_as_text(tmp_path: Path) -> None:
    rows = of(tmp_path, SOURCE | {"id": 7}, QUERY | {"expected_id": 7, "also_ok": [7]})
    assert (rows.corpus[0].id, rows.queries[0].expected) == ("7", "7")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{broken", "not JSON"),
        ("[1]", "not a JSON object"),
        ({"kind": "answer"}, "'answer', not corpus or query"),
        ({}, "kind is None"),
        (SOURCE | {"id": "C9", "source": "article"}, "'article', not one of canned"),
        (SOURCE | {"id": None}, "id is missing"),
        (SOURCE, "there twice"),
        (SOURCE | {"id": "C9", "text": "", "title": ""}, "neither title nor text"),
        (SOURCE | {"id": "C9", "text": 5}, "text is not text"),
        ({"kind": "query", "id": "Q9", "query": "x"}, "expected_id is missing"),
        (QUERY | {"context": []}, "context is not an object"),
        (QUERY | {"also_ok": "C1"}, "also_ok is not a list"),
    ],
)
def test_a_row_that_cannot_be_used_is_skipped_and_named(
    tmp_path: Path, row: Any, words: str
) -> None:
    rows = of(tmp_path, SOURCE, QUERY, row)
    assert (len(rows.corpus), len(rows.queries)) == (1, 1)
    (remark,) = rows.remarks
    assert remark.startswith("set.jsonl, line 3: ")
    assert words in remark


def test_queries_about_what_is_not_there_are_told_and_left_out(tmp_path: Path) -> None:
    rows = of(tmp_path, SOURCE, QUERY, QUERY | {"id": "Q2", "expected_id": "C8"})
    assert [one.id for one in measurable(rows, rows.corpus)] == ["Q1"]
    assert rows.remarks == ["Query Q2 expects C8, which is not in the corpus; skipped."]


def test_what_should_not_be_answered_stays(tmp_path: Path) -> None:
    rows = of(tmp_path, SOURCE, QUERY | {"expected_id": None})
    (query,) = measurable(rows, rows.corpus)
    assert query.expected is None


def test_a_set_with_nothing_to_measure_is_refused(tmp_path: Path) -> None:
    rows = of(tmp_path, SOURCE)
    with pytest.raises(UnreadableSet, match="no query"):
        measurable(rows, rows.corpus)


def test_files_that_are_away_or_no_text_get_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSet, match="cannot be read"):
        read([tmp_path / "away.jsonl"])
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableSet, match="not UTF-8"):
        read([tmp_path / "binary"])
