"""The project's own sets: of the size that is promised, held out by topic, true to the shop."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from evaluation.__main__ import SHOPS
from evaluation.rows import Query, measurable, read
from evaluation.shop_corpus import CORPUS, SETS, corpus_text, shop_sources

SPLITS = ("dev", "held_out")


def queries(shop: str, split: str) -> list[Query]:
    rows = read([SETS / f"{shop}_corpus.jsonl", SETS / f"{shop}_{split}.jsonl"])
    found = measurable(rows, rows.corpus)
    assert rows.remarks == []
    return found


def topics(shop: str, split: str) -> set[str]:
    return {one.id.rpartition("-")[0] for one in queries(shop, split)}


def test_the_demo_corpus_is_what_the_shop_has() -> None:
    assert CORPUS.read_text(encoding="utf-8") == corpus_text(shop_sources())


@pytest.mark.parametrize("shop", SHOPS)
def test_no_topic_is_in_both_splits_and_a_fair_part_is_held_out(shop: str) -> None:
    assert topics(shop, "dev").isdisjoint(topics(shop, "held_out"))
    dev, held_out = (len(queries(shop, split)) for split in SPLITS)
    assert 0.35 <= held_out / (dev + held_out) <= 0.45


def test_the_demo_set_is_large_in_two_languages_with_context_and_with_nothing_to_say() -> None:
    every = [one for split in SPLITS for one in queries("demo", split)]
    languages = {one.id: one.language for one in read([CORPUS]).corpus}
    portuguese = [one for one in every if languages.get(one.expected or "") == "pt"]
    assert len(every) >= 160
    assert 0.2 <= len(portuguese) / len(every) <= 0.3
    assert sum(one.has_context for one in every) / len(every) >= 0.35
    assert 0.08 <= sum(one.expected is None for one in every) / len(every) <= 0.15
    assert {(one.expected or "none").partition(":")[0] for one in every} == {
        "canned",
        "price",
        "resolved",
        "none",
    }


def test_no_query_to_develop_on_is_worded_as_one_that_is_held_out() -> None:
    def words(text: str) -> frozenset[str]:
        return frozenset(re.findall(r"\w+", text.lower()))

    held_out = [words(one.text) for shop in SHOPS for one in queries(shop, "held_out")]
    for one in queries("demo", "wide"):
        mine = words(one.text)
        nearest = max(len(mine & other) / len(mine | other) for other in held_out if mine | other)
        assert nearest < 0.5, one.text


def test_ids_are_unique_and_rows_have_the_agreed_fields() -> None:
    for shop in SHOPS:
        found: list[dict[str, Any]] = []
        for split in SPLITS:
            text = (SETS / f"{shop}_{split}.jsonl").read_text(encoding="utf-8")
            found += [json.loads(line) for line in text.splitlines()]
        assert len({row["id"] for row in found}) == len(found)
        assert {tuple(row) for row in found} == {
            ("kind", "id", "query", "context", "expected_id", "also_ok")
        }
