"""The price list, looked up by device and service and not by likeness of words.

A device name in a question is like every line that has it; so lines of the price list never stand
among the answers, and at most one of them is offered beside those.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from revivatui.copilot.retrieval.concepts import Meaning, Meanings
from revivatui.copilot.retrieval.devices import Device, devices_in
from revivatui.copilot.retrieval.terms import content_words, portuguese_stem, word_set
from revivatui.copilot.retrieval.topics import Shares, Topics, agreement
from revivatui.copilot.retrieval.vectors import Table, Vector, nearness
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Question
from revivatui.state.records import dataclass
from revivatui.text.fold import fold

_ASKS: Final = re.compile(
    r"\bhow (?:much|expensive|cheap|dear|many (?:euros?|quid|bucks|pounds|dollars))\b"
    r"|\bpric(?:e|es|ed|ing|ey)\b"
    r"|\b(?:what|wat|wot)(?:'?s| is| are| do| does| would| will)?(?: \w+){0,4} (?:charge|cost"
    r"|damage|rate)s?\b"
    r"|\bwhat (?:do|would) (?:you|u|ya)(?: \w+)? (?:want|take|ask) for\b"
    r"|\bcosts?\b|\bcosting\b|\bfees?\b|\bball ?park\b|\brough (?:figure|idea|quote|estimate)\b"
    r"|\bset me back\b|\b(?:gonna|going to|would|will) (?:it )?run me\b|\bquote (?:me|for)\b"
    r"|\b(?:a|an|get) (?:quote|estimate)\b|\bestimate for\b|[€$£]\s*\?"
    r"|\bquanto\b(?! tempo)"
    r"|\bprec(?:o|os|ario)\b|\bcust(?:a|am|o|aria|ara|os)\b|\bqual o valor\b"
    r"|\borcamento (?:para|p/|de|do|da)\b"
)
_ASKING: Final = re.compile(
    r"\bhow (?:much|expensive|cheap|dear|many)\b|\bpric(?:e|es|ed|ing|ey)\b|\bcosts?\b|\bcosting\b"
    r"|\bfees?\b|\bball ?park\b|\bset me back\b|\brun me\b|\bquote\b|\bestimate\b|\bthe damage\b"
    r"|\b(?:you|u|ya) charge\b|\bcharge (?:me|for)\b|\bwhat(?:s|'s)?\b|\broughly\b"
    r"|\bquanto (?:e que )?\w*|\bprec(?:o|os|ario)\b|\bcust(?:a|am|o|aria|ara|os)\b|\bvalor\b"
    r"|\borcamento\b"
)
"""The words themselves, which say nothing about the service."""
LEAST: Final = 0.2
"""What a line has to reach to be offered at all."""
SURE: Final = 0.25
RIVAL: Final = 0.93
KINDS_OF_PART: Final = 3
AS_USUALLY_ASKED: Final = 0.8
ALIKE: Final = 0.3
OWN_LANGUAGE: Final = 1.1
_NO_DEVICE_NAMED: Final = 0.75
_LEFT_OPEN: Final = 0.4
_PRICE_WORDS: Final = word_set(
    "price cost repair replacement replace replaced fix service eur euro euros warranty months"
    " month part parts labour labor incl included including vat iva from reparacao substituicao"
    " troca trocar preco meses garantia new original oem premium quality grade genuine"
    " aftermarket day days working same business most brands model models tb gb apple samsung"
    " galaxy iphone ipad macbook pixel playstation ps xbox nintendo switch pro max plus mini"
    " ultra air se series note phone laptop notebook tablet console pc computer telemovel"
    " portatil"
)
"""What stands on many lines, and what a device is called: the device is looked at by itself."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the price list, taken apart."""

    place: int
    devices: tuple[Device, ...]
    meaning: Meaning
    words: frozenset[str]
    """Of its title, without device and without what stands on every line."""
    shares: Shares
    vector: Vector


@dataclass(frozen=True, slots=True)
class Wish:
    """The service that is asked for, in the same terms."""

    meaning: Meaning
    words: frozenset[str]
    shares: Shares
    vector: Vector
    language: str


@dataclass(frozen=True, slots=True)
class Priced:
    """The line that fits best."""

    place: int
    score: float
    asked: bool
    """The customer asks what something costs."""
    alone: bool
    """No other line fits as well, or only others of the same device, as one part of two kinds."""
    why: tuple[str, ...]

    @property
    def answers(self) -> bool:
        """It is what was asked for, and not only near it."""
        return self.asked and self.alone and self.score >= SURE


def without_price(text: str) -> str:
    """What is asked about, without that its price is asked and without the device's model."""
    return " ".join(_plain_words(_ASKING.sub(" ", fold(text)), "en"))


def asks_price(text: str) -> bool:
    """Whether somebody asks what something costs."""
    return _ASKS.search(fold(text)) is not None


class PriceList:
    """All lines, ready to be looked up."""

    def __init__(self, sources: Sequence[Source], meanings: Meanings, topics: Topics) -> None:
        self._sources = sources
        self._meanings = meanings
        self._topics = topics
        self._table = Table.shipped()
        self._lines = [
            _line(place, one, meanings, topics)
            for place, one in enumerate(sources)
            if one.kind == "price"
        ]

    def find(self, question: Question, language: str) -> Priced | None:
        """The line for what is asked; None where none fits."""
        if not self._lines:
            return None
        devices = devices_asked(question)
        wish = self._wish(question, language)
        scored = sorted(
            ((self._score(line, devices, wish), line) for line in self._lines),
            key=lambda pair: (-pair[0], pair[1].place),
        )
        best, line = scored[0]
        if best < LEAST:
            return None
        rivals = [other for score, other in scored if score > best * RIVAL]
        named = " ".join(_device_words(devices))
        why = [f"price list: {self._sources[line.place].title}"]
        if named and line.devices:
            why.append(f"device: {named}")
        return Priced(
            line.place, best, asks_price(question.text), _are_one(rivals, devices), tuple(why)
        )

    def _wish(self, question: Question, language: str) -> Wish:
        """The service that is asked for."""
        text = without_price(question.text)
        meaning = self._meanings.of(_ASKING.sub(" ", fold(question.text)), language)
        vector = self._table.vector(text)
        shares = self._topics.asked(vector, text, language, meaning)
        return Wish(meaning, frozenset(_plain_words(text, language)), shares, vector, language)

    def _score(self, line: Line, devices: tuple[Device, ...], wish: Wish) -> float:
        device = _device_fit(line, devices)
        if not device:
            return 0.0
        own = OWN_LANGUAGE if self._sources[line.place].language == wish.language else 1.0
        return device * _service_fit(line, wish) * own / OWN_LANGUAGE


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
    return max(_fit(one, other) for one in line.devices for other in devices)


def _fit(line: Device, device: Device) -> float:
    """A line for all laptops is for this one too; a laptop that nobody named may be any."""
    if not line.family and not line.brand and line.kind == device.kind and device.family:
        return _NO_DEVICE_NAMED
    return line.fits(device)


def _are_one(rivals: Sequence[Line], devices: tuple[Device, ...]) -> bool:
    """Whether it is one line, or one service for exactly the device that is meant."""
    exact = all(_device_fit(one, devices) >= 1.0 and one.devices for one in rivals)
    return len(rivals) == 1 or (exact and len(rivals) <= KINDS_OF_PART)


def _service_fit(line: Line, wish: Wish) -> float:
    """By concepts, else by the words themselves, else by what it is usually asked with."""
    near = line.meaning.covered_by(wish.meaning)
    shared = len(line.words & wish.words) / len(line.words) if line.words else 0.0
    usual = AS_USUALLY_ASKED * agreement(wish.shares, line.shares)
    return max(near, shared, usual) + ALIKE * max(nearness(wish.vector, line.vector), 0.0)


def _line(place: int, one: Source, meanings: Meanings, topics: Topics) -> Line:
    title = one.title.replace("_", " ") or one.text
    named = devices_in(title) or devices_in(one.category) or devices_in(one.text)
    words = frozenset(_plain_words(title, "en"))
    meaning = meanings.service(title, one.text)
    vector, shares = topics.line(" ".join(sorted(words)), meaning)
    return Line(place, named, meaning, words, shares, vector)


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
    return [
        one.family or one.brand or one.kind,
        *sorted(one.model, key=lambda part: (not part[:1].isdigit(), part)),
    ]
