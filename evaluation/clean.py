"""Drafts with nothing wrong in them, each with the ground it stands on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Final

from evaluation import spelling
from evaluation.drafts import ENGLISH, PORTUGUESE
from evaluation.worlds import SHOP, TODAY, World, world
from revivatui.copilot.facts import Record
from revivatui.copilot.grounding import Ground
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Moment, Question, Said, Situation
from revivatui.copilot.templates import from_record

SETS: Final = Path(__file__).parent / "sets"
_COLUMNS: Final = ("id", "source", "lang", "category", "title", "text")
_PLACE: Final = re.compile(r"\{([a-z_.]+)\}")
_ASKED: Final = {
    "en": (
        "Is it ready yet?",
        "When will my repair be done?",
        "How much is it?",
        "Yes, go ahead please",
        "Can I come by on Saturday?",
        "What are your opening hours?",
        "Is there a warranty?",
        "Can I pick it up?",
        "Can I pay by card?",
        "Where are you?",
        "I spilled water over my laptop",
        "This is taking forever!!! I want to know NOW",
        "How much is a new battery?",
        "Hello",
        "It is too expensive, please cancel",
        "Can I move my appointment?",
        "Is the diagnosis free?",
        "How long does a repair take?",
    ),
    "pt": (
        "Já está pronto?",
        "Quando fica pronta a reparação?",
        "Quanto custa?",
        "Sim, pode avançar",
        "Posso passar no sábado?",
        "Qual é o horário?",
        "Tem garantia?",
        "Posso ir buscar?",
        "Posso pagar com cartão?",
        "Onde ficam?",
        "Entornei água no portátil",
        "Está muito caro",
        "Posso remarcar a marcação?",
        "O diagnóstico é grátis?",
        "Quanto tempo demora?",
        "Olá",
    ),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands in a draft, and which one it is."""

    slot: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A text, what may be said in it, and of whom it speaks."""

    name: str
    text: str
    language: str
    ground: Ground
    world: World
    places: tuple[Place, ...] = ()
    source: Source | None = field(default=None)


def drafts(random: Random, count: int) -> list[Draft]:
    """Written ones, those of the templates and canned responses, in turns."""
    found: list[Draft] = []
    from_shop = [one for one in shown_by_the_shop() if one.source and one.source.kind == "canned"]
    while len(found) < count:
        language = random.choice(("en", "en", "pt"))
        place = world(random, language)
        turn = random.randrange(5)
        if turn < 3:
            found.append(written(random, place))
        elif turn == 3:
            asked = random.choice(_ASKED[language])
            found += list(_from_templates(place, (asked,)))[:1]
        else:
            chosen = random.choice(from_shop)
            both = _ground(place, chosen.source)
            found.append(replace(chosen, ground=both, world=place))
    return found


def written(random: Random, place: World) -> Draft:
    texts = ENGLISH if place.language == "en" else PORTUGUESE
    text = random.choice(texts)
    text, places = filled(text, place, random)
    return Draft("written", text, place.language, _ground(place), place, places)


def _ground(place: World, source: Source | None = None) -> Ground:
    return Ground.of(place.record, [source] if source else [], today=TODAY)


def filled(text: str, place: World, random: Random) -> tuple[str, tuple[Place, ...]]:
    parts: list[str] = []
    places: list[Place] = []
    at = length = 0
    for one in _PLACE.finditer(text):
        before, value = text[at : one.start()], value_of(one[1], place, random)
        start = length + len(before)
        places.append(Place(one[1], start, start + len(value)))
        parts += [before, value]
        at, length = one.end(), start + len(value)
    return "".join([*parts, text[at:]]), tuple(places)


def value_of(slot: str, place: World, random: Random) -> str:
    """The right figure, in one of the ways in which people write it."""
    language = place.language
    who, _, what = slot.rpartition(".")
    if not who:
        return _of_shop(slot, place, random)
    case = place.cases[0 if who == "a" else 1]
    if what in ("total", "part"):
        return spelling.money(getattr(case, what), language, random)
    if what in ("promised", "received", "valid"):
        when = getattr(case, what)
        return spelling.day(when, language, random, near=0 < (when - TODAY).days <= 6)
    if what == "visit_day":
        when = case.visit.date()
        return spelling.day(when, language, random, near=0 < (when - TODAY).days <= 6)
    if what == "visit_time":
        return spelling.clock(case.visit.hour, case.visit.minute, language, random)
    if what == "device":
        return spelling.device(case.device, random)
    return spelling.number(getattr(case, what), random) if what == "number" else case.quote


def _of_shop(slot: str, place: World, random: Random) -> str:
    english = place.language == "en"
    choices = {
        "name": (place.first,),
        "days": (
            "3-5 business days",
            "3 to 5 days",
            "three to five business days",
            "between 3 and 5 days",
        )
        if english
        else ("3 a 5 dias úteis", "3-5 dias", "três a cinco dias úteis", "entre 3 e 5 dias úteis"),
        "hours": (
            "Monday to Friday 9:00 to 18:00, Saturday 10:00 to 16:00",
            "Mon-Fri 9am-6pm and Sat 10am-4pm",
            "Monday to Friday from 9 am to 6 pm",
        )
        if english
        else (
            "de segunda a sexta, das 9h às 18h, e sábado das 10h às 16h",
            "segunda a sexta 9:00-18:00",
        ),
        "closes": ("18:00", "6 pm") if english else ("18:00", "18h"),
        "warranty": ("12 months", "twelve months", "1 year", "one year")
        if english
        else ("12 meses", "doze meses", "1 ano", "um ano"),
        "percent": ("87 %", "87%", "eighty-seven percent")
        if english
        else ("87 %", "87%", "oitenta e sete por cento"),
        "phone": (spelling.phone(SHOP.phone, random),),
        "email": (SHOP.email,),
        "link": (SHOP.booking, SHOP.booking.removeprefix("https://")),
    }
    return random.choice(choices[slot])


def _from_templates(place: World, questions: Sequence[str] = ()) -> Iterator[Draft]:
    ground = _ground(place)
    for asked in questions or _ASKED[place.language]:
        said = (Said(1, "customer", asked, 0.0),)
        question = Question(asked, place.language)
        situation = Situation(Moment(1, 1, place.record.version), question, said, place.record)
        for one in from_record(situation, SHOP):
            yield Draft(f"template {one.title}", one.text, place.language, ground, place)


def shown_by_templates(random: Random, worlds: int = 12) -> Iterator[Draft]:
    """Every text that the templates make of some customers' records, once."""
    seen = set()
    for at in range(worlds):
        for one in _from_templates(world(random, "pt" if at % 3 == 0 else "en")):
            if one.text not in seen:
                seen.add(one.text)
                yield one


def shown_by_the_shop() -> Iterator[Draft]:
    """Canned responses and prices of both shops, each cited as its own source."""
    nobody = world(Random(0), "en")
    for path in sorted(SETS.glob("*_corpus.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row.get("kind") != "corpus" or row["source"] == "resolved":
                continue
            source = Source(
                row["id"], row["source"], row["lang"], row["category"], row["title"], row["text"]
            )
            ground = Ground.of(Record(), [source], today=TODAY)
            language = "pt" if row["lang"] == "pt" else "en"
            yield Draft(row["id"], source.text, language, ground, nobody, source=source)
