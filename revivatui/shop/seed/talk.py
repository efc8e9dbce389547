"""Reads the conversation scripts (``talk_en.txt``, ``talk_pt.txt``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Final, Literal

Language = Literal["en", "pt"]
Role = Literal["customer", "agent", "note", "photo", "quote"]

LANGUAGES: Final[tuple[Language, ...]] = ("en", "pt")
_ROLES: Final[dict[str, Role]] = {
    "c": "customer",
    "a": "agent",
    "n": "note",
    "p": "photo",
    "q": "quote",
}
_DAYS: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
    "pt": ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado"),
}
_STREETS: Final[dict[Language, tuple[str, ...]]] = {
    "en": ("12 Mill Lane, second floor", "4 Station Yard", "87 Harbour Road"),
    "pt": ("Rua do Moinho 12, 2.º", "Largo da Estação 4", "Avenida do Porto 87"),
}


@dataclass(frozen=True, slots=True)
class Beat:
    """One turn of a script: who speaks and the ways to say it."""

    role: Role
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A customer's affair: what is broken, how the talk goes, and what comes days later."""

    name: str
    language: Language
    labels: tuple[str, ...]
    devices: tuple[str, ...]
    amount: tuple[int, int]
    priority: str | None
    first: tuple[Beat, ...]
    later: tuple[Beat, ...]


@cache
def scenarios(language: Language) -> tuple[Scenario, ...]:
    """All scripts of a language, in the order of the file."""
    text = (files(__package__) / f"talk_{language}.txt").read_text(encoding="utf-8")
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("["):
            blocks.append([])
        if blocks and line.strip():
            blocks[-1].append(line.strip())
    return tuple(_scenario(block, language) for block in blocks)


def _scenario(lines: list[str], language: Language) -> Scenario:
    name, _, rest = lines[0].removeprefix("[").partition("]")
    facts = dict(part.split("=", 1) for part in rest.split())
    low, _, high = facts["amount"].partition("-")
    parts: tuple[list[Beat], list[Beat]] = ([], [])
    later = False
    for line in lines[1:]:
        if line == "---":
            later = True
            continue
        letter, _, texts = line.partition(": ")
        parts[later].append(Beat(_ROLES[letter], tuple(texts.split(" || "))))
    return Scenario(
        name,
        language,
        tuple(facts["labels"].split(",")),
        tuple(facts["devices"].split(",")),
        (int(low), int(high)),
        facts.get("priority"),
        tuple(parts[0]),
        tuple(parts[1]),
    )


def slots(
    random: Random, scenario: Scenario, *, customer: str, device: str, other_device: str
) -> dict[str, str]:
    """What the placeholders of a script stand for in one conversation."""
    low, high = scenario.amount
    shift = random.randrange(0, 8) * 5 if high else 0
    return {
        "customer": customer,
        "device": device,
        "other_device": other_device,
        "low": str(low + shift),
        "high": str(high + shift),
        "years": str(random.randint(4, 18)),
        "days": str(random.randint(3, 12)),
        "percent": str(random.randint(61, 98)),
        "day": random.choice(_DAYS[scenario.language]),
        "time": f"{random.randint(9, 17)}:{random.choice(('00', '15', '30', '45'))}",
        "ticket": f"RT-{random.randint(2100, 9899)}",
        "street": random.choice(_STREETS[scenario.language]),
    }


def say(beat: Beat, way: int, values: dict[str, str]) -> str:
    """One way to say a beat, its placeholders filled.

    The ways of neighbouring beats answer each other: keep to one ``way`` within a visit.
    """
    template = beat.texts[way % len(beat.texts)]
    text = template.format_map(values)
    return text[:1].upper() + text[1:] if template.startswith("{") else text
