"""Fields of texts: what each holds, and from which facts it comes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from revivatui.copilot.spellings import CLOSED
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.copilot.facts import Fact, Record
    from revivatui.copilot.known import Thing
    from revivatui.copilot.templates.texts import Text

_FIELD: Final = re.compile(r"\{([a-z_.]+)\}")
_LISTED: Final = 4
"""Repairs, and lines of a quote, that are named one by one."""


@dataclass(frozen=True, slots=True)
class Field:
    text: str
    sources: tuple[str, ...]


Fields = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Written:
    """A text with all its fields filled."""

    text: str
    sources: tuple[str, ...]
    """Ids of the facts that stand in it, in their order."""


def write(text: Text, fields: Fields) -> Written | None:
    """The text; None where something that it cannot do without is not known."""
    said: list[str] = []
    sources: dict[str, None] = {}
    for sentence in text:
        is_optional = sentence.startswith("?")
        names = _FIELD.findall(sentence)
        if any(name not in fields for name in names):
            if is_optional:
                continue
            return None
        said.append(_FIELD.sub(lambda found: fields[found[1]].text, sentence.removeprefix("?")))
        for name in names:
            sources.update(dict.fromkeys(fields[name].sources))
    return Written(" ".join(said), tuple(sources))


def fields_of(things: Mapping[str, Thing | None], record: Record) -> dict[str, Field]:
    """Fields of some things by the names that texts call them: "repair.status"; and of the shop.

    What is private is in no field.
    """
    fields = {
        fact.id.replace("/", ".", 1): Field(fact.value, (fact.id,))
        for fact in record.facts
        if fact.id.startswith("shop/") and not fact.private
    }
    for name, thing in things.items():
        if thing is not None:
            fields |= _of_thing(name, thing)
    return fields


def _of_thing(name: str, thing: Thing) -> dict[str, Field]:
    fields = {
        f"{name}.{part}": Field(fact.value, (fact.id,))
        for part, fact in thing.facts.items()
        if not fact.private and "/" not in part
    }
    if thing.value("state") not in ("", "pending", "expired"):
        fields.pop(f"{name}.valid", None)  # that day is over and done with
    lines = [fact for part, fact in thing.facts.items() if part.startswith("line/")]
    if len(lines) > 1:
        fields[f"{name}.lines"] = _joined(lines[:_LISTED], len(lines))
    return fields


def _joined(lines: Iterable[Fact], count: int) -> Field:
    parts = [(f"{one.label} {one.value}", one.id) for one in lines]
    text = ", ".join(part for part, _ in parts)
    return Field(text + ("…" if count > len(parts) else ""), tuple(one for _, one in parts))


def listed(repairs: Iterable[Thing]) -> Field:
    """Repairs one by one with their states: "iPhone 13 (R-2041): being repaired"."""
    parts, sources = [], []
    for one in tuple(repairs)[:_LISTED]:
        said = f"{one.value('device')} ({one.value('number')})"
        status = one.value("status")
        parts.append(f"{said}: {status}" if status else said)
        sources += [one.facts[name].id for name in ("device", "number", "status")
                    if name in one.facts]  # fmt: skip
    return Field("; ".join(parts), tuple(sources))


def quotes_listed(quotes: Iterable[Thing]) -> Field:
    """Quotes one by one with what they come to: "Q-88 (iPhone 13): €149.00"."""
    parts, sources = [], []
    for one in tuple(quotes)[:_LISTED]:
        parts.append(f"{one.value('number')} ({one.value('device')}): {one.value('total')}")
        sources += [one.facts[name].id for name in ("number", "device", "total")]
    return Field("; ".join(parts), tuple(sources))


def today_fields(record: Record, language: str) -> dict[str, Field]:
    """When it is open today, or that it is closed."""
    words = record.value("shop/today")
    if not words:
        return {}
    name = "today.closed" if words == CLOSED[language] else "today.open"
    return {name: Field(words, ("shop/today",))}
