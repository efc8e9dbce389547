"""What a customer may be told of a repair, in the shop's languages: one sentence a state.

An agent reads them in the composer; nothing sends them.
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final = {
    "received": "we have checked in your {device} ({number}). The diagnosis comes next.",
    "diagnosing": "we are looking at your {device} ({number}) now and tell you what we find.",
    "awaiting_approval": "the diagnosis of your {device} ({number}) is done. You get a quote;"
    " we begin when you say yes.",
    "awaiting_parts": "the part for your {device} ({number}) is on order. We write when it is"
    " here.",
    "in_repair": "your {device} ({number}) is being repaired now.",
    "testing": "your {device} ({number}) is repaired and goes through its final tests.",
    "ready": "your {device} ({number}) is ready. You can collect it during our opening hours.",
    "ready_unrepaired": "your {device} ({number}) is ready to be collected. It was not repaired.",
    "unrepairable": "we are sorry: your {device} ({number}) cannot be repaired. We explain what"
    " we found, and what can be done instead.",
    "cancelled": "the repair of your {device} ({number}) is cancelled, as agreed.",
}
PORTUGUESE: Final = {
    "received": "o seu {device} ({number}) deu entrada. Segue-se o diagnóstico.",
    "diagnosing": "estamos a ver o seu {device} ({number}) e dizemos-lhe o que encontrarmos.",
    "awaiting_approval": "o diagnóstico do seu {device} ({number}) está feito. Recebe um"
    " orçamento; começamos quando nos disser que sim.",
    "awaiting_parts": "a peça para o seu {device} ({number}) está encomendada. Avisamos quando"
    " chegar.",
    "in_repair": "o seu {device} ({number}) está a ser reparado.",
    "testing": "o seu {device} ({number}) está reparado e em testes finais.",
    "ready": "o seu {device} ({number}) está pronto. Pode levantá-lo no nosso horário.",
    "ready_unrepaired": "o seu {device} ({number}) pode ser levantado. Não foi reparado.",
    "unrepairable": "lamentamos: o seu {device} ({number}) não tem reparação. Explicamos o que"
    " encontrámos e o que se pode fazer.",
    "cancelled": "a reparação do seu {device} ({number}) foi cancelada, como combinado.",
}
QUOTE: Final = {
    "en": "the quote for your {device} ({number}) is {total} in all{until}. Shall we begin?",
    "pt": "o orçamento para o seu {device} ({number}) é de {total} no total{until}. Podemos"
    " começar?",
}
UNTIL: Final = {"en": ", valid until {day}", "pt": ", válido até {day}"}
HELLO: Final = {"en": "Hello", "pt": "Olá"}
AFTER_DIAGNOSIS: Final = {
    "en": "the final quote follows the diagnosis",
    "pt": "orçamento final após diagnóstico",
}


def language_of(language: str) -> str:
    """The language of ours that a customer reads: "pt" or "en"."""
    return "pt" if language.lower().partition("-")[0] == "pt" else "en"


def status_words(status: str, language: str) -> str:
    """What is said of a state, with {device} and {number} left open; "" where nothing is."""
    known = PORTUGUESE if language_of(language) == "pt" else ENGLISH
    return known.get(status, "")
