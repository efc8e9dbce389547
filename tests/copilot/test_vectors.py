"""The table of vectors that is shipped, and what is kept of it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from revivatui.copilot.retrieval.vector_cache import VectorCache
from revivatui.copilot.retrieval.vectors import NO_VECTOR, WIDTH, Table, Vector, nearness
from revivatui.copilot.retrieval.wordpiece import basic_words
from tools.copilot_table import weights_of

TEXTS = ("Charging port loose", "Opening hours", "", "Battery replacement")


@pytest.fixture(scope="module")
def table() -> Table:
    return Table.shipped()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        # As the model's own tokenizer cuts them.
        ("unaffable", [14477, 20961, 3468]),
        ("hello world", [7592, 2088]),
        ("Don't", [2123, 1005, 1056]),
        ("iPhone 13", [18059, 2410]),
        ("ecrã", [14925, 2527]),
    ],
)
def test_words_are_cut_as_the_model_cuts_them(table: Table, text: str, pieces: list[int]) -> None:
    assert table.pieces.of(text) == pieces


def test_marks_and_scripts_without_spaces_are_words_of_their_own() -> None:
    assert list(basic_words("Wi-Fi: 中文\u200b, ÉCRÃ")) == [
        "wi",
        "-",
        "fi",
        ":",
        "中",
        "文",
        ",",
        "ecra",
    ]


def test_what_means_the_same_is_nearer_than_what_does_not(table: Table) -> None:
    asked = table.vector("my display is smashed")

    assert nearness(asked, table.vector("cracked screen")) > 0.4
    assert nearness(asked, table.vector("opening hours")) < 0.2


def test_a_vector_has_the_length_of_one_or_is_none(table: Table) -> None:
    vector = table.vector("a perfectly usual sentence")

    assert len(vector) == WIDTH
    assert nearness(vector, vector) == pytest.approx(1.0, abs=1e-6)
    assert table.vector("") == NO_VECTOR == table.vector("😀")


def test_small_words_do_not_count_where_others_stand(table: Table) -> None:
    assert table.vector("is it my battery?") == table.vector("battery")
    assert table.vector("is it you?") != NO_VECTOR


def test_a_text_is_worked_out_once(table: Table, tmp_path: Path) -> None:
    asked: list[str] = []

    def make(text: str) -> Vector:
        asked.append(text)
        return table.vector(text)

    cache = VectorCache(tmp_path / "kept" / "vectors.sqlite3")
    first = cache.vectors(TEXTS, make)
    again = cache.vectors(reversed(TEXTS), make)

    assert asked == list(TEXTS)
    for one, other in zip(first, reversed(again), strict=True):
        assert one == pytest.approx(other, abs=1e-6)
    assert stat.S_IMODE((tmp_path / "kept" / "vectors.sqlite3").stat().st_mode) == 0o600


def test_what_is_no_source_any_more_leaves_the_file(table: Table, tmp_path: Path) -> None:
    file = tmp_path / "vectors.sqlite3"
    cache = VectorCache(file)
    cache.vectors(TEXTS, table.vector)

    assert cache.keep_only(TEXTS[:2]) == 2
    assert cache.keep_only(TEXTS[:2]) == 0


def test_a_broken_file_is_done_without(table: Table, tmp_path: Path) -> None:
    file = tmp_path / "vectors.sqlite3"
    file.write_bytes(b"this is no database" * 100)

    found = VectorCache(file).vectors(TEXTS, table.vector)

    assert [len(one) for one in found] == [WIDTH, WIDTH, 0, WIDTH]
    assert nearness(found[0], table.vector(TEXTS[0])) == pytest.approx(1.0, abs=1e-6)


def test_the_table_is_made_from_the_pinned_weights_and_no_others(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"other weights")

    with pytest.raises(SystemExit, match="another file"):
        weights_of(file, None)


def test_the_table_is_shipped_with_its_licence_and_notice() -> None:
    data = Path(__file__).parents[2] / "revivatui/copilot/retrieval/data"

    assert "all-MiniLM-L6-v2" in (data / "NOTICE").read_text("utf-8")
    assert "Apache License" in (data / "LICENSE-APACHE-2.0.txt").read_text("utf-8")
