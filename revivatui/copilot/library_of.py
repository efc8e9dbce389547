"""How the shop's canned responses, price list and resolved conversations become sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from revivatui.copilot.retrieval.language import language_of
from revivatui.copilot.sources import Language, Source
from revivatui.copilot.suggestion import Said
from revivatui.crm.money import Money
from revivatui.crm.passcodes import mask_passcodes
from revivatui.crm.records import ServiceItem

LANGUAGES: Final[tuple[Language, ...]] = ("en", "pt")
AFTER_DIAGNOSIS: Final[dict[str, str]] = {
    "en": "This is an estimate; the final quote comes after the diagnosis",
    "pt": "É uma estimativa; o orçamento final vem depois do diagnóstico",
}
_NO_DATA_NO_FEE: Final = {"en": "no data, no fee", "pt": "sem dados não há custos"}
_FREE: Final = {"en": "free of charge", "pt": "gratuito"}
_ON_REQUEST: Final = {"en": "price on request", "pt": "preço sob consulta"}
_RANGE: Final = {"en": "{low} to {high}", "pt": "{low} a {high}"}
_WARRANTY: Final = {
    "en": ("1 month of warranty", "{months} months of warranty"),
    "pt": ("1 mês de garantia", "{months} meses de garantia"),
}
_DAYS: Final = {
    "en": ("same day", "1 business day", "{days} business days"),
    "pt": ("no próprio dia", "1 dia útil", "{days} dias úteis"),
}

_TITLE_LENGTH: Final = 140
_FEWEST_WORDS: Final = 7
_OF_ONE_CUSTOMER: Final = re.compile(
    r"""
    \d                                     # amounts, dates, times, numbers of orders
    | @ | ://                              # addresses
    | \b(?:mon|tues|wednes|thurs|fri|satur|sun)day
    | \b(?:segunda|ter[çc]a|quarta|quinta|sexta)(?:-feira)?\b | \bs[áa]bado\b | \bdomingo\b
    | \b(?:today|tomorrow|tonight|yesterday|hoje|amanh[ãa]|ontem)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ATTACHED: Final = re.compile(r"\battach|\benclosed\b|\banexo\b|\bPDF\b", re.IGNORECASE)
_WORD: Final = re.compile(r"\w+")
_SPACE: Final = re.compile(r"\s+")


def canned_source(short_code: str, content: str) -> Source:
    """A canned response. Chatwoot knows no title: its short code is the nearest thing to one."""
    title = " ".join(re.split(r"[-_./\s]+", short_code)).strip()
    return Source(f"canned:{short_code}", "canned", language_of(content), "", title, content)


def price_sources(item: ServiceItem, languages: Iterable[str] = LANGUAGES) -> tuple[Source, ...]:
    """A line of the price list, once in each language that customers are answered in."""
    return tuple(price_source(item, language) for language in languages)


def price_source(item: ServiceItem, language: str = "en") -> Source:
    """A line of the price list as one says it to a customer: an estimate, never a promise."""
    language = language if language in LANGUAGES else "en"
    said = [_price_words(item, language)]
    if item.turnaround_days is not None:
        said.append(_days_words(item.turnaround_days, language))
    if item.warranty_months:
        one, many = _WARRANTY[language]
        months = item.warranty_months
        said.append(one if months == 1 else many.format(months=months))
    if item.no_data_no_fee:
        said.append(_NO_DATA_NO_FEE[language])
    text = f"{item.name}: {', '.join(said)}."
    if item.description:
        text += f" {item.description}."
    if _may_differ(item):
        text += f" {AFTER_DIAGNOSIS[language]}."
    ending = "" if language == "en" else f".{language}"
    return Source(f"price:{item.code}{ending}", "price", language, item.category, item.name, text)


def resolved_source(
    conversation_id: int, said: Sequence[Said], *, names: Iterable[str] = (), category: str = ""
) -> Source | None:
    """The last reply of a resolved conversation that is of use to others than its customer.

    What holds figures, dates, addresses or one of `names` (the customer's and the agents') belongs
    to one customer and is left out. The title is what had been asked, under the same rule.
    """
    private = _words_of(names)
    for place in range(len(said) - 1, -1, -1):
        text = said[place].text.strip()
        if said[place].teller == "agent" and _is_for_others(text, private):
            asked = _SPACE.sub(" ", _asked_before(said, place))
            title = asked if _belongs_to_nobody(asked, private) else ""
            language = language_of(f"{text} {title}")
            name = f"resolved:{conversation_id}"
            return Source(name, "resolved", language, category, title[:_TITLE_LENGTH], text)
    return None


def once_each(sources: Iterable[Source]) -> tuple[Source, ...]:
    """The sources without those that say what an earlier one says."""
    kept: dict[tuple[str, str], Source] = {}
    for one in sources:
        kept.setdefault((one.language, _SPACE.sub(" ", one.text).strip().casefold()), one)
    return tuple(kept.values())


def _asked_before(said: Sequence[Said], place: int) -> str:
    asked: list[str] = []
    for one in reversed(said[:place]):
        if one.teller == "customer":
            asked.append(one.text.strip())
        elif one.teller != "note" and asked:
            break
    return " ".join(reversed(asked))


def _is_for_others(text: str, private: frozenset[str]) -> bool:
    return (
        len(_WORD.findall(text)) >= _FEWEST_WORDS
        and not _ATTACHED.search(text)
        and _belongs_to_nobody(text, private)
    )


def _belongs_to_nobody(text: str, private: frozenset[str]) -> bool:
    if _OF_ONE_CUSTOMER.search(text) or mask_passcodes(text)[1]:
        return False
    return private.isdisjoint(word.casefold() for word in _WORD.findall(text))


def _words_of(names: Iterable[str]) -> frozenset[str]:
    return frozenset(
        word.casefold() for name in names for word in _WORD.findall(name) if len(word) > 2
    )


def _may_differ(item: ServiceItem) -> bool:
    """Whether the bill can be another one than the line: a fixed nothing cannot."""
    return bool(item.price_to or item.price_from) or item.requires_diagnosis


def _price_words(item: ServiceItem, language: str) -> str:
    low, high = item.price_from, item.price_to
    if low is None and high is None:
        return _ON_REQUEST[language]
    low, high = low or high, high or low
    assert low is not None
    assert high is not None
    if not high:
        return _FREE[language]
    if low == high:
        return _amount(high, language)
    return _RANGE[language].format(low=_figure(low, language), high=_amount(high, language))


def _amount(money: Money, language: str) -> str:
    return f"{_figure(money, language)} {money.currency}"


def _figure(money: Money, language: str) -> str:
    whole = money.amount == money.amount.to_integral_value()
    figure = str(money.amount.quantize(Decimal(1)) if whole else money.amount)
    return figure.replace(".", ",") if language == "pt" else figure


def _days_words(days: int, language: str) -> str:
    none, one, many = _DAYS[language]
    return none if days == 0 else one if days == 1 else many.format(days=days)
