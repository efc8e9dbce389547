"""Answers that need nothing but the record: filled in by code, never by guessing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from revivatui.copilot.known import Known
from revivatui.copilot.status_words import status_words
from revivatui.copilot.suggestion import Situation, Suggestion
from revivatui.copilot.templates import texts
from revivatui.copilot.templates.choosing import (
    ASKS_BACK,
    BY_ITSELF,
    Asked,
    Pick,
    is_agreed,
    is_late,
    picks,
)
from revivatui.copilot.templates.filling import (
    Field,
    fields_of,
    listed,
    quotes_listed,
    today_fields,
    write,
)
from revivatui.copilot.templates.intents import intents_of
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.copilot.shop_profile import ShopProfile
    from revivatui.copilot.templates.filling import Written

MOST: Final = 3
_SHORT: Final = 12
"""Words up to which a concept tells what is asked; in a longer message it is in passing."""
_NEVER_IN_PASSING: Final = frozenset({"fault", "battery_swollen"})
_OF_LATE_ONES: Final = frozenset({"overdue", "quote.pending", "quote.expired"})
"""Texts that begin with being sorry where the promised day has passed."""
__all__ = ["ASKS_BACK", "BY_ITSELF", "MOST", "from_record", "suggestion_id"]


@dataclass(frozen=True, slots=True)
class _Manner:
    """How it is said: in which language, with which greeting, how calmly."""

    language: str
    hello: str
    is_calm: bool


def from_record(
    situation: Situation, shop: ShopProfile, *, calm: bool | None = None
) -> tuple[Suggestion, ...]:
    """Up to three answers from the record; none where nothing is known.

    `calm`: the customer is angry; None: it is told by the words (`copilot.cue`).
    """
    if not situation.record.facts:
        return ()
    asked = _asked(situation)
    manner = _manner(situation, shop, calm)
    found: dict[str, Suggestion] = {}
    for pick in picks(asked):
        written = _write(pick, asked, manner)
        if written is not None and written.text not in found:
            found[written.text] = _suggestion(pick, written, situation)
        if len(found) == MOST:
            break
    return tuple(found.values())


def _asked(situation: Situation) -> Asked:
    known = Known.of(situation.record)
    text = situation.question.text
    ours = [one for one in situation.said if one.teller in ("agent", "bot")]
    answered = ours[-1].text if ours else ""
    told = intents_of(text, answered=answered)
    meanings = tuple(_meanings(situation))
    if len(text.split()) > _SHORT:
        meanings = tuple(one for one in meanings if one in _NEVER_IN_PASSING)
    intents = intents_of(text, meanings, answered)
    guessed = frozenset(intents).difference(told)
    is_first = not any(one.teller == "agent" for one in ours)
    meant = known.meant(text)
    return Asked(text, intents, guessed, known, situation.record, meant, is_first)


def _meanings(situation: Situation) -> Iterator[str]:
    """Concepts of the question, those of a fault as "fault"."""
    from revivatui.copilot.retrieval.thesaurus import Thesaurus

    text, language = situation.question.text, situation.question.language
    thesaurus = Thesaurus.shipped()
    for match in thesaurus.concepts(text, language) if text else ():
        if not match.negated:
            yield match.concept
            if thesaurus.kind(match.concept) == "fault":
                yield "fault"


def _manner(situation: Situation, shop: ShopProfile, calm: bool | None) -> _Manner:
    language = shop.language_for(situation.question.language)
    is_first = not any(one.teller == "agent" for one in situation.said)
    name = situation.record.value("customer/first_name")
    hello = texts.HELLO[language].format(name=name) if is_first and name else ""
    return _Manner(language, hello, _is_angry(situation) if calm is None else calm)


def _is_angry(situation: Situation) -> bool:
    from revivatui.copilot.cue import cue

    return cue(situation.said).tone in ("angry", "unhappy")


def _write(pick: Pick, asked: Asked, manner: _Manner) -> Written | None:
    text = texts.TEXTS[pick.name][manner.language]
    quote = pick.quote
    things = {
        "repair": pick.repair,
        "quote": quote,
        "visit": pick.visit,
        "warranty": pick.warranty,
        "bill": pick.bill,
        "agreed": quote if quote is not None and pick.bill is None and is_agreed(quote) else None,
    }
    fields = fields_of(things, asked.record) | today_fields(asked.record, manner.language)
    if pick.name == "several.quotes":
        fields["quotes.list"] = quotes_listed(pick.several)
    elif pick.several:
        fields["repairs.list"] = listed(pick.several)
    if pick.device is not None:
        device = pick.device.facts["device"]
        fields["device.label"] = Field(device.value, (device.id,))
    return write((*_lead(pick, manner), *text), fields)


def _lead(pick: Pick, manner: _Manner) -> tuple[str, ...]:
    """What is said before it; nothing where every second counts."""
    if pick.name.startswith("first_aid"):
        return ()
    late = pick.repair is not None and is_late(pick.repair)
    opening = texts.SORRY[manner.language] if late and pick.name in _OF_LATE_ONES else ""
    if manner.is_calm:
        opening = texts.CALM[manner.language]
    return tuple(one for one in (_literal(manner.hello), opening) if one)


def _literal(text: str) -> str:
    """A name is a fact, too: no brace of it names a field."""
    return text.replace("{", "(").replace("}", ")")


def _suggestion(pick: Pick, written: Written, situation: Situation) -> Suggestion:
    text = written.text
    return Suggestion(
        id=suggestion_id(situation, "record", text, written.sources),
        lane="record",
        title=_title(pick),
        text=text,
        moment=situation.moment,
        sources=written.sources,
        why=tuple(_why(pick)),
        score=pick.fits,
        asks=pick.name in texts.ASKING,
    )


def _title(pick: Pick) -> str:
    title = texts.TITLES.get(pick.name)
    if title is not None or pick.repair is None:
        return title or pick.name
    status = status_words(pick.repair.value("state"), "en", pick.repair.value("status"))
    return f"{pick.repair.value('device')}: {status}"


def _why(pick: Pick) -> Iterator[str]:
    yield f"asked: {_ASKED_FOR[pick.asked]}" if pick.asked else "not asked for: it may be of use"
    for thing in (pick.repair, pick.quote, pick.visit, pick.warranty, pick.bill):
        if thing is not None:
            yield f"by the record of {thing.value('number') or thing.subject}"
    if pick.several:
        yield "there is more than one, and none of them is named"


_ASKED_FOR: Final = {
    "liquid": "what to do after a spill",
    "battery": "what to do with a swollen battery",
    "decline": "not to go on with the quote",
    "approve": "to go on with the quote",
    "move": "another appointment",
    "collect": "to collect it",
    "when": "when it is ready",
    "status": "how far it is",
    "lines": "what the quote is made up of",
    "price": "what it costs",
    "visit": "an appointment",
    "warranty": "the warranty",
    "pay": "how and what to pay",
    "hours": "the opening hours",
    "address": "where the shop is",
    "express": "a fast repair",
    "days": "how long a repair takes",
    "diagnosis": "the diagnosis",
    "recovery": "how likely the data is saved",
    "fault": "help with something broken",
    "help": "a repair",
}


def suggestion_id(situation: Situation, lane: str, text: str, sources: tuple[str, ...]) -> str:
    """The same for the same text and sources in the same conversation."""
    said = "\n".join((str(situation.moment.conversation_id), lane, text, *sources))
    return hashlib.blake2b(said.encode(), digest_size=6).hexdigest()
