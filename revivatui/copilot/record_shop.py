"""What the record says of the shop itself: its hours, its address, its terms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from revivatui.copilot import spellings
from revivatui.copilot.facts import Fact
from revivatui.copilot.shop_profile import said

if TYPE_CHECKING:
    from revivatui.copilot.shop_profile import ShopProfile

_TERMS = {
    "diagnosis": ("free diagnosis", {"en": "free", "pt": "gratuito"}),
    "express": ("express", {"en": "express service", "pt": "serviço expresso"}),
    "warranty": ("warranty", {"en": "warranty on repairs", "pt": "garantia nas reparações"}),
    "appointments": ("appointments", {"en": "by appointment too", "pt": "também por marcação"}),
}
_TERM_SPELLINGS = {
    "diagnosis": (
        "free diagnosis",
        "the diagnosis is free",
        "free of charge",
        "diagnóstico gratuito",
        "o diagnóstico é gratuito",
        "diagnóstico grátis",
        "sem custos",
    ),
    "express": ("express", "expresso", "urgente", "same day"),
}


def shop_facts(shop: ShopProfile, language: str, today: date) -> Iterator[Fact]:
    """What may be told of the shop; what it did not say has no value."""
    yield Fact("shop/name", "name", "shop", shop.name)
    hours = spellings.hours_words(shop.hours, language)
    yield Fact("shop/hours", "time", "open", hours, spellings.hours_spellings(shop.hours))
    yield _today(shop, language, today)
    yield Fact("shop/address", "address", "address", shop.address)
    yield Fact("shop/phone", "phone", "phone", shop.phone)
    yield Fact("shop/email", "email", "e-mail", shop.email)
    yield Fact("shop/repairs", "text", "takes in", said(shop.repairs, language))
    yield _term("diagnosis", language, holds=shop.free_diagnosis)
    yield from _days(shop, language)
    yield _term("express", language, holds=shop.express)
    yield _term("warranty", language, holds=True)
    yield months_fact("shop/warranty_months", "warranty", shop.warranty_months, language)
    yield _term("appointments", language, holds=shop.appointments)
    yield Fact("shop/payment", "text", "payment", said(shop.payment, language))
    yield Fact("shop/booking", "link", "booking page", shop.booking)
    for host in shop.hosts():
        yield Fact(f"shop/link/{host}", "link", "link", host)
    if shop.recovery_percent:
        words = f"{shop.recovery_percent} %"
        also = (words.replace(" ", ""),)
        yield Fact("shop/recovery", "text", "data recovered", words, also)
    yield Fact("shop/first_aid_liquid", "text", "liquid", said(shop.first_aid_liquid, language))
    yield Fact("shop/first_aid_battery", "text", "battery", said(shop.first_aid_battery, language))


def _term(name: str, language: str, *, holds: bool) -> Fact:
    label, words = _TERMS[name]
    also = (*words.values(), *_TERM_SPELLINGS.get(name, ()))
    return Fact(f"shop/{name}", "text", label, words[language] if holds else "", also)


def _today(shop: ShopProfile, language: str, today: date) -> Fact:
    times = spellings.times_of(shop.hours, today.weekday(), language)
    hours = [one for one in shop.hours if one.weekday == today.weekday()]
    words = times or (spellings.CLOSED[language] if shop.hours else "")
    return Fact("shop/today", "time", "open today", words, spellings.hours_spellings(hours))


def _days(shop: ShopProfile, language: str) -> Iterator[Fact]:
    first, last = shop.days_from, shop.days_to
    if not last:
        return
    one_day = first == last == 1
    span = f"{last}" if first == last else f"{first}-{last}"
    unit = {
        "en": "business day" if one_day else "business days",
        "pt": "dia útil" if one_day else "dias úteis",
    }
    also = [f"{span} {unit['en']}", f"{span} {unit['pt']}", f"{span} days", f"{span} dias"]
    also += [f"{first} to {last} business days", f"{first} a {last} dias úteis"]
    also += [f"{first} to {last} days", f"{first} a {last} dias"]
    yield Fact("shop/days", "duration", "takes as a rule", f"{span} {unit[language]}", tuple(also))


def months_fact(fact_id: str, label: str, months: int, language: str) -> Fact:
    """A length in months; nothing where there are none."""
    unit = {"en": "month", "pt": "mês"} if months == 1 else {"en": "months", "pt": "meses"}
    also = (f"{months} {unit['en']}", f"{months} {unit['pt']}", f"{months}-month")
    return Fact(fact_id, "duration", label, f"{months} {unit[language]}" if months else "", also)
