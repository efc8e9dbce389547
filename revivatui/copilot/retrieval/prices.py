"""The price list, looked up by device and service and not by likeness of words.

A device name in a question is like every line that has it; so lines of the price list never stand
among the answers, and at most one of them is offered beside those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from revivatui.copilot.retrieval.devices import Device, devices_in
from revivatui.copilot.retrieval.terms import content_words, portuguese_stem
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Question
from revivatui.state.records import dataclass
from revivatui.text.fold import fold

if TYPE_CHECKING:
    from revivatui.copilot.retrieval.concepts import Meaning, Meanings

_ASKS: Final = re.compile(
    r"\bhow (?:much|expensive|many (?:euros?|quid|bucks|pounds|dollars))\b|\bpric(?:e|es|ed|ing|ey)\b"
    r"|\b(?:what|wat|wot)(?:'?s| is| are| do| does| would| will)?(?: \w+){0,4} (?:charge|cost|damage|rate)s?\b"
    r"|\bcosts?\b|\bcosting\b|\bfees?\b|\bball ?park\b|\brough (?:figure|idea|quote|estimate)\b"
    r"|\bset me back\b|\bhow (?:cheap|dear)\b|\bcheap(?:er|est)?\b|\bexpensive\b|\bquote (?:me|for)\b"
    r"|\b(?:a|an|get) (?:quote|estimate)\b|\bestimate for\b|\bworth it\b|[€$£]\s*\?"
    r"|\bquanto(?: \w+){0,3} (?:cust|fic|sai|e|seria|cobr|val|levam|pag)\w*|\bquanto\b(?! tempo)"
    r"|\bprec(?:o|os|ario)\b|\bvalor(?:es)?\b|\bcust(?:a|am|o|aria|ara|os)\b|\borcamento (?:para|p/|de|do|da)\b"
    r"|\bbarato\b|\bcaro\b"
)
LEAST: Final = 0.3
"""What a line has to reach to be offered at all."""
_NO_DEVICE_NAMED: Final = 0.75
_LEFT_OPEN: Final = 0.4
_PRICE_WORDS: Final = frozenset(
    "price cost repair replacement replace replaced fix service eur euro euros warranty months month"
    " part parts labour labor incl included including vat iva from reparacao substituicao troca"
    " trocar preco meses garantia new original oem premium quality grade genuine aftermarket"
    " day days working same business".split()
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the price list, taken apart."""

    place: int
    devices: tuple[Device, ...]
    meaning: Meaning
    words: frozenset[str]
    """Of its title, without device and without what stands on every line."""
    exact: bool


@dataclass(frozen=True, slots=True)
class Priced:
    """The line that fits best."""

    place: int
    score: float
    asked: bool
    """The customer asks what something costs."""
    alone: bool
    """No other line fits as well."""
    why: tuple[str, ...]


def asks_price(text: str) -> bool:
    """Whether somebody asks what something costs."""
    return _ASKS.search(fold(text)) is not None


class PriceList:
    """All lines, ready to be looked up."""

    def __init__(self, sources: Sequence[Source], meanings: Meanings) -> None:
        self._sources = sources
        self._lines = [
            _line(place, one, meanings) for place, one in enumerate(sources) if one.kind == "price"
        ]

    def find(self, question: Question, meaning: Meaning, language: str) -> Priced | None:
        """The line for what is asked; None where none fits."""
        if not self._lines:
            return None
        devices = devices_asked(question)
        words = frozenset(_plain_words(question.text, language))
        scored = sorted(
            ((self._score(line, devices, meaning, words), line) for line in self._lines),
            key=lambda pair: (-pair[0], pair[1].place),
        )
        best, line = scored[0]
        if best < LEAST:
            return None
        rivals = sum(score > best * 0.93 for score, _ in scored)
        named = " ".join(_device_words(devices))
        why = [f"price list: {self._sources[line.place].title}"]
        if named and line.devices:
            why.append(f"device: {named}")
        return Priced(
            line.place, best, asks_price(question.text), rivals == 1, tuple(why)
        )

    def _score(
        self, line: Line, devices: tuple[Device, ...], asked: Meaning, words: frozenset[str]
    ) -> float:
        device = _device_fit(line, devices)
        if not device:
            return 0.0
        return device * _service_fit(line, asked, words)


def devices_asked(question: Question) -> tuple[Device, ...]:
    """The devices a question is about: what its text names, made exact by what is on file."""
    named = devices_in(question.text)
    on_file = devices_in(question.device)
    if not named:
        if on_file:
            return on_file
        for earlier in reversed(question.recent):
            if found := devices_in(earlier):
                return found
        return ()
    return tuple(_made_exact(one, on_file) for one in named)


def _made_exact(named: Device, on_file: tuple[Device, ...]) -> Device:
    if named.family and named.model:
        return named
    return next((one for one in on_file if one.fits(named) and one.kind == named.kind), named)


def _device_fit(line: Line, devices: tuple[Device, ...]) -> float:
    if not line.devices:
        return _NO_DEVICE_NAMED
    if not devices:
        return _LEFT_OPEN
    return max(one.fits(other) for one in line.devices for other in devices)


def _service_fit(line: Line, asked: Meaning, words: frozenset[str]) -> float:
    near = line.meaning.covered_by(asked)
    shared = len(line.words & words) / len(line.words) if line.words else 0.0
    return max(near, shared)


def _line(place: int, one: Source, meanings: Meanings) -> Line:
    title = one.title.replace("_", " ")
    named = devices_in(title) or devices_in(one.category) or devices_in(one.text)
    words = frozenset(_plain_words(title, one.language or "en"))
    return Line(place, named, meanings.service(one), words, any(d.model for d in named))


def _plain_words(text: str, language: str) -> list[str]:
    found = content_words(text, language)
    kept = [one for one in found if one not in _PRICE_WORDS and not any(map(str.isdigit, one))]
    return [_singular(one) if language == "en" else portuguese_stem(one) for one in kept]


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _device_words(devices: tuple[Device, ...]) -> list[str]:
    if not devices:
        return []
    one = devices[0]
    return [one.family or one.brand or one.kind, *sorted(one.model, key=lambda part: (not part[:1].isdigit(), part))]


def names_only_prices(sources: Mapping[str, Source]) -> bool:
    """Whether there is nothing but a price list to answer from."""
    return all(one.kind == "price" for one in sources.values())
