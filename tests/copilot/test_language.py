"""English or Portuguese, told from what customers of a repair shop write."""

from __future__ import annotations

import pytest

from revivatui.copilot.retrieval.language import language_of

ENGLISH = [
    "Hello, is my laptop ready?", "any news??", "how much", "screen is cracked",
    "it went for a swim",
    "thx", "as soon as possible", "u open today", "Hi, my name is João Gonçalves", "dead",
    "São Paulo branch: are you open?", "my iphone ecrã is broken", "where are you",
    "I need it by friday", "can you fix it", "the café spilled over my keyboard", "urgent",
]  # fmt: skip
PORTUGUESE = [
    "iPhone 13 ecrã", "preço bateria", "preco bateria", "não liga", "nao liga", "n liga", "Olá",
    "bom dia", "obrigado", "quanto custa", "a minha tela partiu", "o screen do iphone",
    "tem stock?",
    "telemovel nao carrega", "vcs abrem domingo?", "foi à água", "garantia", "urgente", "fechado",
    "reparação", "pode falar?", "Bateria iPhone 12 quanto?", "molhei o cel", "se o ecra partir",
]  # fmt: skip
SILENT = ["", "ok", "iPhone 13", "MacBook Pro 2019", "???", "👍", "R-2041", "https://example.com/a/o",
          "+351 912 000 000", "ana@example.com", "12345"]  # fmt: skip


@pytest.mark.parametrize("text", ENGLISH)
@pytest.mark.parametrize("fallback", ["en", "pt"])
def test_english_is_told_whatever_was_thought_before(text: str, fallback: str) -> None:
    assert language_of(text, fallback) == "en"


@pytest.mark.parametrize("text", PORTUGUESE)
@pytest.mark.parametrize("fallback", ["en", "pt"])
def test_portuguese_is_told_whatever_was_thought_before(text: str, fallback: str) -> None:
    assert language_of(text, fallback) == "pt"


@pytest.mark.parametrize("text", SILENT)
@pytest.mark.parametrize("fallback", ["en", "pt"])
def test_what_tells_nothing_is_what_was_thought_before(text: str, fallback: str) -> None:
    assert language_of(text, fallback) == fallback


def test_a_language_of_neither_kind_falls_back_to_english() -> None:
    assert language_of("", "fr") == "en"


def test_capitals_and_decomposed_accents_change_nothing() -> None:
    assert language_of("NÃO LIGA") == "pt"
    assert language_of("na\u0303o liga") == "pt"


def test_an_endless_text_is_told_by_its_beginning() -> None:
    assert language_of("o telemóvel não liga " * 100_000) == "pt"
