"""The shop in facts: hours, address, terms, first aid. Every shop edits its own.

What a shop did not say is not known, and is never said to a customer. Light on purpose: the
settings are checked with it before the desk opens.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from revivatui.state.quiet import DAYS, MIDNIGHT, BadHours, parse
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from revivatui.crm.records import Location

LANGUAGES: Final = ("en", "pt")
Words = Mapping[str, str]
"""The same in each language of ours; "" in a language it was not written in."""

FIRST_AID_LIQUID: Final[Words] = MappingProxyType({
    "en": "Please switch the device off now and unplug it. Do not charge it, do not switch it on"
    " to try it, and use neither rice nor a hair dryer. Bring it to us as soon as you can: the"
    " sooner it is opened and cleaned, the better for the device and for your data.",
    "pt": "Por favor desligue já o equipamento e retire-o da corrente. Não o carregue, não o ligue"
    " para experimentar e não use arroz nem secador. Traga-o o mais depressa possível: quanto mais"
    " cedo for aberto e limpo, melhor para o equipamento e para os seus dados.",
})  # fmt: skip
FIRST_AID_BATTERY: Final[Words] = MappingProxyType({
    "en": "Please stop using the device, switch it off and unplug it. Do not press on it, and do"
    " not try to take the battery out. Keep it away from anything that burns and bring it to us."
    " If it gets hot, smells or smokes: leave it, keep away and call the emergency services.",
    "pt": "Por favor deixe de usar o equipamento, desligue-o e retire-o da corrente. Não faça"
    " pressão sobre ele nem tente retirar a bateria. Mantenha-o longe de tudo o que arda e"
    " traga-o. Se aquecer, cheirar ou deitar fumo: largue-o, afaste-se e chame os serviços de"
    " emergência.",
})  # fmt: skip
NO_WORDS: Final[Words] = MappingProxyType({})
_LONGEST: Final = 2_000
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})")


class BadShop(ValueError):
    """The [shop] table cannot be used; the text names the key and what would be valid."""


@dataclass(frozen=True, slots=True)
class Open:
    """When the shop is open on a weekday (0 is Monday), in minutes since midnight."""

    weekday: int
    opens: int
    closes: int


def opening_hours(text: str) -> tuple[Open, ...]:
    """Opening hours as the settings hold them. Raises BadShop."""
    try:
        spans = parse(text)
    except BadHours as error:
        raise BadShop(str(error)) from None
    if any(one.start >= one.end for one in spans):
        raise BadShop("a day cannot end before it begins")
    hours = [Open(day, one.start, one.end) for one in spans for day in one.days]
    return tuple(sorted(hours, key=lambda one: (one.weekday, one.opens)))


USUAL_HOURS: Final = opening_hours("09:00-18:00 mon tue wed thu fri, 10:00-16:00 sat")


@dataclass(frozen=True, slots=True)
class ShopProfile:
    """What may be told of the shop."""

    name: str = "RevivaTech"
    hours: tuple[Open, ...] = USUAL_HOURS
    address: str = ""
    phone: str = ""
    email: str = ""
    languages: tuple[str, ...] = LANGUAGES
    repairs: Words = field(
        default_factory=lambda: {
            "en": "MacBooks, iMacs, iPads, iPhones, PC laptops and desktops, Android devices and"
            " consoles, and data recovery",
            "pt": "MacBook, iMac, iPad, iPhone, portáteis e computadores, equipamentos Android e"
            " consolas, e recuperação de dados",
        }
    )
    """What it takes in."""
    free_diagnosis: bool = True
    days_from: int = 3
    days_to: int = 5
    """Business days that a repair takes as a rule; 0: nothing is said of it."""
    express: bool = True
    warranty_months: int = 0
    """Of a repair as a rule; 0: there is a warranty, and how long depends on the repair."""
    appointments: bool = True
    booking: str = ""
    """The page where customers book by themselves."""
    payment: Words = field(default_factory=lambda: NO_WORDS)
    recovery_percent: int = 0
    """How often data is recovered, as the shop itself counts; 0: nothing is said of it."""
    links: tuple[str, ...] = ()
    """Hosts that a reply may lead to, besides that of the booking page."""
    first_aid_liquid: Words = field(default_factory=lambda: FIRST_AID_LIQUID)
    first_aid_battery: Words = field(default_factory=lambda: FIRST_AID_BATTERY)

    @classmethod
    def load(cls, table: Mapping[str, Any]) -> ShopProfile:
        """The profile of a [shop] table; what it does not name is as it usually is.

        Raises BadShop.
        """
        values: dict[str, Any] = {}
        for key, given in table.items():
            reader = _READERS.get(key)
            if reader is None:
                raise BadShop(f"unknown key {key!r}; {_near(key)}")
            try:
                values.update(reader(given))
            except BadShop as error:
                raise BadShop(f"{key!r}: {error}") from None
        return cls(**values)

    def at(self, location: Location | None) -> ShopProfile:
        """The profile of one shop of the chain: what the CRM knows of it goes over the settings."""
        if location is None:
            return self
        hours = tuple(
            Open(one.weekday, opens, closes)
            for one in location.business_hours
            if 0 <= (opens := _minutes(one.opens)) < (closes := _minutes(one.closes))
        )
        return replace(
            self,
            hours=hours or self.hours,
            address=location.address or self.address,
            phone=location.phone or self.phone,
            email=location.email or self.email,
        )

    def language_for(self, language: str) -> str:
        """The language in which somebody is answered: theirs where the shop speaks it."""
        return language if language in self.languages else self.languages[0]

    def hosts(self) -> tuple[str, ...]:
        """Where links of a reply may lead."""
        from urllib.parse import urlsplit

        booked = urlsplit(self.booking).hostname or ""
        return tuple(dict.fromkeys(one for one in (*self.links, booked) if one))


def said(words: Words, language: str) -> str:
    """The words in a language, else "": nothing is translated here."""
    return words.get(language, "")


def _minutes(clock: str) -> int:
    """Minutes since midnight; less than none for what is no time."""
    found = _CLOCK.fullmatch(clock.strip())
    total = int(found[1]) * 60 + int(found[2]) if found is not None else -1
    return total if total <= MIDNIGHT else -1


# --- reading the table ------------------------------------------------------------------------


def _text(key: str) -> Callable[[Any], dict[str, Any]]:
    return lambda given: {key: _a_text(given)}


def _a_text(given: Any) -> str:
    from revivatui.text.safe import safe_line

    if not isinstance(given, str):
        raise BadShop("must be a text")
    if len(given) > _LONGEST:
        raise BadShop(f"is longer than {_LONGEST} characters")
    return safe_line(given).strip()


def _yes(key: str) -> Callable[[Any], dict[str, Any]]:
    def read(given: Any) -> dict[str, Any]:
        if not isinstance(given, bool):
            raise BadShop("must be true or false")
        return {key: given}

    return read


def _number(key: str, most: int) -> Callable[[Any], dict[str, Any]]:
    def read(given: Any) -> dict[str, Any]:
        if type(given) is not int or not 0 <= given <= most:
            raise BadShop(f"must be a number from 0 to {most}")
        return {key: given}

    return read


def _list(key: str) -> Callable[[Any], dict[str, Any]]:
    def read(given: Any) -> dict[str, Any]:
        if not isinstance(given, (list, tuple)):
            raise BadShop('must be a list of texts, ["shop.example.com"]')
        return {key: tuple(text for one in given if (text := _a_text(one)))}

    return read


def _words(key: str) -> Callable[[Any], dict[str, Any]]:
    """A text for every language, or a table of one for each: {en = "cash", pt = "dinheiro"}."""

    def read(given: Any) -> dict[str, Any]:
        if isinstance(given, str):
            return {key: dict.fromkeys(LANGUAGES, _a_text(given))}
        if not isinstance(given, Mapping) or not set(given) <= set(LANGUAGES):
            raise BadShop('must be a text, or one for each language, {en = "…", pt = "…"}')
        return {key: {language: _a_text(one) for language, one in given.items()}}

    return read


def _hours(given: Any) -> dict[str, Any]:
    return {"hours": opening_hours(_a_text(given))}


def _days(given: Any) -> dict[str, Any]:
    found = re.fullmatch(r"(\d{1,2})(?:\s*-\s*(\d{1,2}))?", _a_text(given))
    if not given:
        return {"days_from": 0, "days_to": 0}
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 0 < first <= last:
        raise BadShop('must be days, "3-5" or "3"')
    return {"days_from": first, "days_to": last}


def _languages(given: Any) -> dict[str, Any]:
    values = _list("languages")(given)["languages"]
    if not values or not set(values) <= set(LANGUAGES):
        raise BadShop(f"must be some of {', '.join(LANGUAGES)}")
    return {"languages": values}


def _booking(given: Any) -> dict[str, Any]:
    from revivatui.text.addresses import problem_of

    text = _a_text(given)
    if text and (why := problem_of(text)):
        raise BadShop(why)
    return {"booking": text}


_READERS: Final[Mapping[str, Callable[[Any], dict[str, Any]]]] = {
    "name": _text("name"),
    "hours": _hours,
    "address": _text("address"),
    "phone": _text("phone"),
    "email": _text("email"),
    "languages": _languages,
    "repairs": _words("repairs"),
    "free_diagnosis": _yes("free_diagnosis"),
    "days": _days,
    "express": _yes("express"),
    "warranty_months": _number("warranty_months", 120),
    "appointments": _yes("appointments"),
    "booking": _booking,
    "payment": _words("payment"),
    "recovery_percent": _number("recovery_percent", 100),
    "links": _list("links"),
    "first_aid_liquid": _words("first_aid_liquid"),
    "first_aid_battery": _words("first_aid_battery"),
}
KEYS: Final = tuple(_READERS)


def _near(key: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, KEYS, 1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(KEYS)}"


COMMENTED: Final = f"""\
# What suggestions may tell customers of the shop. A line that is commented out is as it stands
# here; what is empty is never said. The CRM's own hours and address go over these.
# name = "RevivaTech"
# hours = "09:00-18:00 mon tue wed thu fri, 10:00-16:00 sat"  # days: {" ".join(DAYS)}
# address = ""
# phone = ""
# email = ""
# languages = ["en", "pt"]
# What is taken in; a text for all languages, or {{en = "...", pt = "..."}}:
# repairs = "MacBooks, iPhones, PC laptops, Android devices and consoles, and data recovery"
# free_diagnosis = true
# Business days that a repair takes as a rule, "3-5"; empty: nothing is said of it.
# days = "3-5"
# express = true
# Months of warranty on a repair as a rule; 0: it depends on the repair.
# warranty_months = 0
# appointments = true
# The page where customers book by themselves, and the hosts that replies may lead to besides.
# booking = ""
# links = []
# payment = {{en = "cash or card", pt = "dinheiro ou cartão"}}
# Of a hundred recoveries of data, how many succeed; 0: nothing is said of it.
# recovery_percent = 0
# What is said at once after a spill, or of a swollen battery; both have words already.
# first_aid_liquid = {{en = "...", pt = "..."}}
# first_aid_battery = {{en = "...", pt = "..."}}
"""
"""The table as it is first written."""
