"""Portuguese texts are compared by what their words mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from revivatui.copilot.retrieval.gloss import Gloss, both_stems, in_english, shipped
from revivatui.copilot.retrieval.library import Library
from revivatui.copilot.retrieval.vector_cache import VectorCache
from revivatui.copilot.retrieval.vectors import Table, nearness
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Question

_TEXT = """
# A remark: no meaning
: coiso
ready: pronto
parking: lugar para o carro, parque
price: quanto fica
"""


def test_the_longest_phrase_is_meant_and_small_words_say_nothing() -> None:
    gloss = Gloss(_TEXT)
    assert gloss.english("Há lugar para o carro?") == "parking"
    assert gloss.english("quanto fica o coiso pronto") == "price ready"


def test_another_form_of_a_word_means_the_same_and_a_name_stays() -> None:
    assert Gloss(_TEXT).english("Prontos: Samsung, prontas") == "ready samsung ready"


def test_english_is_left_alone() -> None:
    assert in_english("It is pronto", "en") == "It is pronto"
    assert both_stems("cracked screens", "en") == {"crack", "screen"}


@pytest.mark.parametrize(
    ("portuguese", "english", "other"),
    [
        ("o meu ecrã partiu", "broken screen", "opening hours"),
        ("a que horas fecham", "what time do you close", "water damage"),
        ("quanto fica a bateria", "battery price", "data recovery"),
        ("o celular caiu na privada", "phone fell into the toilet", "pay by card"),
    ],
)
def test_what_means_the_same_in_both_languages_is_near(
    portuguese: str, english: str, other: str
) -> None:
    table = Table.shipped()
    asked = table.vector(in_english(portuguese, "pt"))
    assert nearness(asked, table.vector(english)) > 0.6
    assert nearness(asked, table.vector(other)) < 0.3


def test_each_word_of_the_shipped_ones_is_folded_and_told_once_as_a_phrase() -> None:
    known = shipped()
    assert known.english("ecrã") == known.english("ECRA") == "screen"


def test_the_vectors_of_portuguese_answers_are_kept_for_the_next_library(tmp_path: Path) -> None:
    source = Source("canned:1", "canned", "pt", "", "Pronto", "O aparelho está pronto.")
    cache = VectorCache(tmp_path / "vectors.sqlite3")
    library = Library.build([source], vectors=cache)
    assert cache.keep_only(library.compared) == 0
    assert cache.keep_only([source.title, source.text]) == 2


def test_a_portuguese_question_finds_what_shares_no_word_with_it() -> None:
    texts = (
        ("horário", "Segunda a sexta das 9 às 18."),
        ("ecrã", "Trocamos o visor com o vidro."),
        ("pagamento", "Cartão ou numerário."),
    )
    sources = [Source(title, "canned", "pt", "", title, text) for title, text in texts]
    found = Library.build(sources).rank(Question("quebrei a tela do celular"))
    assert found.items[0].source.id == "ecrã"
