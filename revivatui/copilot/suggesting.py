"""What the pane shows for a situation: answers from the record first, then what the shop has
written before, ranked; at most three, exactly as they are shown, captained and measured."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from revivatui.copilot.suggestion import Lane, Question, Situation, Suggestion
from revivatui.copilot.templates import ASKS_BACK, from_record, suggestion_id
from revivatui.copilot.templates.texts import AFTER_DIAGNOSIS
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.copilot.facts import Record
    from revivatui.copilot.shop_profile import ShopProfile
    from revivatui.copilot.sources import Source

MOST: Final = 3
NO_BOOSTS: Final[Mapping[str, float]] = MappingProxyType({})
MOST_FROM_RECORD: Final = 2
"""Answers from the record that stand before what was found, so that both are seen."""
ALIKE: Final = 0.85
"""The share of words that two texts have in common when they say the same."""
NEAREST: Final = "of the shop's texts it comes nearest"
_WORD: Final = re.compile(r"\w+")
_VARIABLE: Final = re.compile(r"\{\{\s*([\w.\-](?:[\w.\- ]*[\w.\-])?)\s*\}\}")
_AMOUNT: Final = r"(?:[€£$]\s?\d[\d.,]*|\d[\d.,]*(?:\s?(?:€|£|\$|EUR|GBP|USD|euros?|pounds?))?)"
_RANGE: Final = re.compile(
    rf"{_AMOUNT}\s*(?:to|a|até|-|–|—)\s*{_AMOUNT}"
    rf"|\b(?:from|starting at|desde|a partir de)\s+{_AMOUNT}",
    re.IGNORECASE,
)
_HAS_CAVEAT: Final = re.compile(
    r"after\s+(?:the\s+|a\s+|free\s+)*diagnos|follows\s+(?:the\s+)?diagnos"
    r"|(?:após|apos|depois\s+do|segue-se\s+ao)\s+(?:o\s+)?diagn",
    re.IGNORECASE,
)
_KNOWN_AS: Final = {
    "contact.name": "customer/name",
    "contact.first_name": "customer/first_name",
    "contact.email": "customer/email",
    "contact.phone": "customer/phone",
    "contact.phone_number": "customer/phone",
}
"""Chatwoot's variables that the record answers; the composer knows the others."""


class _Ranked(Protocol):
    @property
    def source(self) -> Source: ...
    @property
    def score(self) -> float: ...
    @property
    def why(self) -> tuple[str, ...]: ...


class _Ranking(Protocol):
    @property
    def items(self) -> tuple[_Ranked, ...]: ...
    @property
    def abstained(self) -> str: ...


class Ranks(Protocol):
    """What finds in the shop's own texts: `retrieval.library.Library`."""

    def rank(self, question: Question, most: int = MOST) -> _Ranking: ...


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What is suggested for one moment."""

    items: tuple[Suggestion, ...] = ()
    abstained: str = ""
    """Why nothing of the shop's own texts is vouched for, in plain words; those that are among them
    all the same came nearest, and stand last."""
    language: str = ""
    """The language of the customer: "en", "pt"."""


def suggestions(
    situation: Situation,
    library: Ranks | None,
    shop: ShopProfile,
    *,
    fill: Callable[[str], str] | None = None,
    boosts: Mapping[str, float] = NO_BOOSTS,
    most: int = MOST,
) -> Suggestions:
    """Up to three suggestions, best first; more of them where `most` says so. It takes its time on
    the processor: not for the loop.

    Args:
        situation: The conversation at this moment.
        library: The shop's own texts; None while they are not read.
        shop: What the settings say of the shop.
        fill: Fills Chatwoot's variables that the record does not answer (`state.canned.fill`);
            they stay as they are without it.
        boosts: What was learned, by source (`LearnedStore.boosts`): it orders the shop's own
            answers among themselves and moves nothing else.
    """
    question = _in_its_language(situation.question)
    situation = replace(situation, question=question)
    told = from_record(situation, shop)
    found, abstained = _found(situation, library, fill, most)
    found = _as_learned(found, boosts)
    answers = [one for one in told if one.score > ASKS_BACK]
    is_sure = bool(found) and not abstained
    first = answers[:MOST_FROM_RECORD] if is_sure else answers
    later = [one for one in told if one not in first]
    ordered = (*first, *found, *later) if is_sure else (*first, *later, *found)
    return Suggestions(_different(ordered)[:most], abstained, question.language)


def _in_its_language(question: Question) -> Question:
    from revivatui.copilot.retrieval.language import language_of

    return question if question.language else replace(question, language=language_of(question.text))


def _found(
    situation: Situation, library: Ranks | None, fill: Callable[[str], str] | None, most: int
) -> tuple[list[Suggestion], str]:
    if library is None:
        return [], "The shop's own texts are not read yet."
    if not situation.question.text.strip():
        return [], "There is no question to look for."
    ranking = library.rank(situation.question, most)
    unsure = (f"nearest, and not sure: {ranking.abstained}",) if ranking.abstained else ()
    found = [_from_source(one, situation, fill) for one in ranking.items]
    return [replace(one, why=(*one.why, *unsure)) for one in found], ranking.abstained


def _as_learned(found: list[Suggestion], boosts: Mapping[str, float]) -> list[Suggestion]:
    """Answers in the order that uses and thumbs make of theirs; prices stay where they are."""
    answers = [one for one in found if one.lane == "answer"]
    better = iter(
        sorted(answers, key=lambda one: one.score + boosts.get(one.sources[0], 0.0), reverse=True)
    )
    return [next(better) if one.lane == "answer" else one for one in found] if boosts else found


def _from_source(
    ranked: _Ranked, situation: Situation, fill: Callable[[str], str] | None
) -> Suggestion:
    source = ranked.source
    text, facts = fill_variables(source.text, situation.record)
    if fill is not None:
        text = fill(text)
    if source.kind == "price":
        text = with_caveat(text, source.language or situation.question.language)
    sources = (source.id, *facts)
    lane: Lane = "price" if source.kind == "price" else "answer"
    return Suggestion(
        id=suggestion_id(situation, lane, text, sources),
        lane=lane,
        title=source.title or source.id,
        text=text,
        moment=situation.moment,
        sources=sources,
        why=ranked.why or (NEAREST,),
        score=ranked.score,
        private=source.private,
    )


def fill_variables(text: str, record: Record) -> tuple[str, tuple[str, ...]]:
    """A canned response with what the record knows in place of its variables, and those facts'
    ids; what it does not know stays as Chatwoot has it."""
    used: dict[str, None] = {}

    def value(match: re.Match[str]) -> str:
        fact_id = _KNOWN_AS.get("".join(match[1].split()), "")
        found = record.value(fact_id) if fact_id else ""
        if found:
            used[fact_id] = None
        return found or match[0]

    return _VARIABLE.sub(value, text), tuple(used)


def with_caveat(text: str, language: str) -> str:
    """A price that is a range says that the final quote follows the diagnosis."""
    if not _RANGE.search(text) or _HAS_CAVEAT.search(text):
        return text
    caveat = AFTER_DIAGNOSIS["pt" if language == "pt" else "en"]
    end = "" if text.rstrip().endswith((".", "!", "?")) else "."
    return f"{text.rstrip()}{end} {caveat}"


def _different(items: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """Those that say something of their own; the source of one that does not is named with the
    one that stays."""
    kept: list[Suggestion] = []
    for one in items:
        place = next((n for n, other in enumerate(kept) if _alike(one, other)), None)
        if place is None:
            kept.append(one)
        elif one.sources[:1] and one.sources[0] not in kept[place].sources:
            why = (*kept[place].why, f"the same is said by {one.sources[0]}")
            kept[place] = replace(kept[place], why=why)
    return tuple(kept)


def _alike(one: Suggestion, other: Suggestion) -> bool:
    """Whether two texts say the same: the same figures, and nearly the same words."""
    mine, others = _words(one.text), _words(other.text)
    figures = {word for word in mine ^ others if any(char.isdigit() for char in word)}
    if figures or not (mine and others):
        return one.text == other.text
    return len(mine & others) / len(mine | others) >= ALIKE


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))
