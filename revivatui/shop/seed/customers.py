"""The demo's customers: made by Faker from the seed, with names of every width and direction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from unicodedata import normalize

from revivatui.shop.seed.catalogue import DEVICES
from revivatui.shop.seed.hostile import HOSTILE_NAMES
from revivatui.shop.seed.talk import Language

_MAIL_DOMAINS: Final = ("example.com", "example.org", "example.net")
_WIDE_AND_RTL: Final = ("ja_JP", "zh_CN", "ko_KR", "he_IL", "fa_IR")
_MAIN_LOCALES: Final[dict[Language, str]] = {"en": "en_GB", "pt": "pt_PT"}
# Ranges that are reserved for fiction and belong to nobody, so numbers may repeat in a large shop
# only by leaving them out.
_PHONES: Final = [f"+447700900{n:03d}" for n in range(1000)] + [
    f"+1{area}55501{n:02d}" for area in (202, 212, 312, 415) for n in range(100)
]


@dataclass(slots=True)
class Customer:
    """One contact to be. ``first_name`` is what the shop calls them by."""

    name: str
    first_name: str
    language: Language
    email: str | None
    phone: str | None
    attributes: dict[str, Any]
    additional: dict[str, Any]
    blocked: bool = False
    labels: tuple[str, ...] = ()
    place_of: dict[int, int] = field(default_factory=dict)
    """Ids of the customer's contact_inboxes by inbox id."""


def make_names(seed: int, count: int) -> list[tuple[str, str, Language]]:
    """Full name, first name and language of ``count`` people."""
    from faker import Faker

    faker = Faker([*_MAIN_LOCALES.values(), *_WIDE_AND_RTL])
    faker.seed_instance(seed)
    random = Random(seed)
    people: list[tuple[str, str, Language]] = []
    for position in range(count):
        language: Language = "pt" if random.random() < 0.4 else "en"
        if position % 16 == 9:
            locale = _WIDE_AND_RTL[position // 16 % len(_WIDE_AND_RTL)]
            name = str(faker[locale].name())
            people.append((name, name, "en"))
            continue
        main = faker[_MAIN_LOCALES[language]]
        first = str(main.first_name())
        people.append((f"{first} {main.last_name()}", first, language))
    return people


def make_customers(seed: int, count: int) -> list[Customer]:
    """The contacts, hostile names among the first hundred."""
    random = Random(f"customers {seed}")
    numbers = iter(_shuffled_phones(random))
    names = make_names(seed, count)
    for position, name in enumerate(HOSTILE_NAMES):
        place = 13 + position * 17
        if place < count:
            names[place] = (name, name.split()[0], "en")
    return [_customer(random, position, *name, numbers) for position, name in enumerate(names)]


def _customer(
    random: Random, position: int, name: str, first: str, language: Language, phones: Iterator[str]
) -> Customer:
    ways = random.random()
    phone = next(phones, None) if ways < 0.7 else None
    email = _email(name, position) if phone is None or ways > 0.25 else None
    repairs = random.choice((0, 0, 1, 1, 2, 3, 5, 9))
    attributes: dict[str, Any] = {
        "customer_id": f"C-{1000 + position}",
        "customer_type": "business" if random.random() < 0.12 else "private",
        "loyalty_tier": "gold" if repairs > 4 else "silver" if repairs > 1 else "none",
        "total_repairs": repairs,
        "preferred_language": language,
    }
    if repairs:
        attributes["repair_history"] = [_repair(random) for _ in range(min(repairs, 4))]
    additional: dict[str, Any] = {}
    if random.random() < 0.5:
        city, country, code = (
            ("Porto", "Portugal", "PT") if language == "pt" else ("Bristol", "United Kingdom", "GB")
        )
        additional = {"city": city, "country": country, "country_code": code}
    if attributes["customer_type"] == "business":
        additional["company_name"] = f"{name.split()[-1]} & Co."
    return Customer(
        name,
        first,
        language,
        email,
        phone,
        attributes,
        additional,
        labels=("vip",) if repairs > 4 else (),
    )


def _repair(random: Random) -> dict[str, str]:
    kind = random.choice(("phone", "macbook", "laptop", "tablet", "console"))
    return {
        "id": f"R-{random.randint(100, 4999)}",
        "device": random.choice(DEVICES[kind]),
        "status": random.choice(("done", "done", "done", "in progress")),
        "date": f"2026-{random.randint(1, 9):02d}-{random.randint(1, 28):02d}",
    }


def _email(name: str, position: int) -> str:
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = ["".join(letter for letter in word if letter.isalnum()) for word in plain.split()]
    local = ".".join(word for word in words if word)[:40].strip(".") or "customer"
    return f"{local}.{position}@{_MAIL_DOMAINS[position % len(_MAIL_DOMAINS)]}"


def _shuffled_phones(random: Random) -> list[str]:
    phones = list(_PHONES)
    random.shuffle(phones)
    return phones
