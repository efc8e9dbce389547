"""The words of a text that say what it is about: folded, without small talk, with light stems."""

from __future__ import annotations

import re
from typing import Final

from revivatui.copilot.retrieval.word_forms import stem_en
from revivatui.text.fold import fold

_WORD: Final = re.compile(r"[^\W_]+(?:['’´`][^\W_]+)?")


def word_set(text: str) -> frozenset[str]:
    """Words that stand in a row."""
    return frozenset(text.split())


_ENGLISH: Final = word_set(
    "a about after again all also am an and any anything are aren as at be been before being but"
    " by can cannot could couldn d did didn do does doesn doing don down for from further get gets"
    " getting give go goes going got had has hasn have haven having he hello her here hers hey hi"
    " him his how i if im in into is isn it its itself ive just know let like ll look m may maybe"
    " me might mine more most much my myself need no nor not now of off ok okay on one only or"
    " other our ours out over own please pls plz quite re really s same say she should shouldn so"
    " some someone something still such sure t than that thats the their theirs them then there"
    " these they thing things thingy think this those though through to too tried trying u under"
    " until up ur us use ve very want wanted was wasn we were weren what when where which while"
    " who why will with won would wouldn y yeah yes yet you your yours"
)
_PORTUGUESE: Final = word_set(
    "a ainda ao aos aquela aquele aqui as ate bem boa bom com como da das de dela dele depois do"
    " dos e ela ele eles em entao era essa esse esta estao estar estas este estes estou eu faco"
    " favor fica foi for gostaria ha isso isto ja la lhe lo mais mas me mesmo meu meus minha minhas"
    " muito na nao nas nem no nos nossa nosso num numa o ola oi onde os ou para pela pelo por pra"
    " porque posso pode poder podem podes preciso qual quais quando que quem queria quero sabe se"
    " sem ser seu seus so sobre sou sua suas tambem te tem tenho ter teu tu tudo um uma umas uns"
    " vai vcs voce voces vos vou"
)
STOP_WORDS: Final = {"en": _ENGLISH, "pt": _PORTUGUESE}
_GREETING: Final = re.compile(
    r"^\W*(?:hi|hello|hey|hiya|dear (?:team|all|sirs?)|good (?:morning|afternoon|evening|day)"
    r"|ol[áa]|oi|bo[am] (?:dia|tarde|noite))"
    r"(?: (?:there|guys|team|all|everyone|again))?\b[\s,.!:;–-]*",
    re.IGNORECASE,
)
_ENDINGS: Final = (
    "amentos", "amento", "imentos", "imento", "adores", "adoras", "adora", "ador", "acoes", "acao",
    "icoes", "icao", "mente", "idades", "idade", "aram", "eram", "iram", "ando", "endo", "indo",
    "adas", "ados", "idas", "idos", "ada", "ado", "ida", "ido", "avam", "ava", "iam", "oes", "ais",
    "eis", "ar", "er", "ir", "ou", "eu", "iu", "am", "em", "as", "os", "es", "a", "o", "e", "s",
)  # fmt: skip
"""Of Portuguese words, longest first."""
_STEM_LETTERS: Final = 3


def words(text: str) -> list[str]:
    """Every word, folded; what stands behind an apostrophe belongs to nothing."""
    return [re.split(r"['’´`]", one)[0] for one in _WORD.findall(fold(text))]


def content_words(text: str, language: str) -> list[str]:
    """The words that say what a text is about, each once, in order; Portuguese ones as stems."""
    stop = STOP_WORDS.get(language, _ENGLISH)
    kept = dict.fromkeys(one for one in words(text) if one not in stop and len(one) > 1)
    return list(dict.fromkeys(portuguese_stem(one) for one in kept) if language == "pt" else kept)


def without_greeting(text: str) -> str:
    """A text without the greeting before it, where something stands behind."""
    rest = _GREETING.sub("", text, count=1)
    return rest if len(words(rest)) > 1 else text


def stems(text: str, language: str) -> frozenset[str]:
    """The stems of the words that say what a text is about."""
    found = content_words(text, language)
    return frozenset(found if language == "pt" else map(stem_en, found))


def indexed(text: str, language: str) -> str:
    """A text as it is given to the index, which takes English endings off by itself."""
    found = words(text)
    return " ".join(map(portuguese_stem, found) if language == "pt" else found)


def portuguese_stem(word: str) -> str:
    """A Portuguese word without its ending, so that "trocar", "troca" and "trocado" are one."""
    if word.isascii() and word.isalpha():
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= _STEM_LETTERS:
                return word[: -len(ending)]
    return word
