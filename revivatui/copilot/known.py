"""The record read back as the things it speaks of: repairs, quotes, visits, warranties, bills."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from revivatui.copilot.record import THIS_CHAT
from revivatui.crm.devices import category_of
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.copilot.facts import Fact, Record

_WORD: Final = re.compile(r"\w+")
_MAKERS: Final = frozenset({"apple", "samsung", "google", "xiaomi", "sony", "nintendo", "dell"})
_FAMILIES: Final = {
    "phone": ("iphone", "galaxy", "pixel", "redmi"),
    "telemóvel": ("iphone", "galaxy", "pixel", "redmi"),
    "tablet": ("ipad", "tab"),
    "laptop": ("macbook", "thinkpad", "xps", "zenbook", "pavilion"),
    "portátil": ("macbook", "thinkpad", "xps", "zenbook", "pavilion"),
    "mac": ("macbook", "imac"),
    "console": ("playstation", "xbox", "switch"),
    "consola": ("playstation", "xbox", "switch"),
    "ps5": ("playstation",),
}
"""Words by which people name a kind of device, and what such devices are called."""
_TELLING: Final = 0.5
_LOOSELY: Final = 0.25
_WEIGHTS: Final = {
    **dict.fromkeys(_MAKERS, _TELLING),
    **dict.fromkeys(
        re.findall(r"\w+", "my pro air mini max plus note backup tab tb gb ultra one go switch"),
        0.2,
    ),
}
"""Words of devices' names that people say of other things too: alone they name nothing."""
_LINES: Final = frozenset(
    re.findall(
        r"\w+",
        """
    iphone ipad macbook imac galaxy pixel redmi oneplus huawei fairphone thinkpad xps zenbook
    pavilion surface chromebook playstation ps4 ps5 xbox nintendo synology qnap
""",
    )
)
"""Names of lines of devices: nobody calls one by another's."""
_SUFFIXES: Final = frozenset(("air", "pro", "mini", "se", "max", "ultra", "plus"))
_UNITS: Final = frozenset(
    re.findall(
        r"\w+",
        """
    minutes min hours hour h day days week weeks month months year years times x am pm percent
    minutos horas hora dia dias semana semanas mes meses mês ano anos vezes euros eur
""",
    )
)
"""After these a number counts something, and is no model's."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One repair, quote, visit, warranty, bill or device, by the names of its facts."""

    subject: str
    """"R-2041"."""
    facts: Mapping[str, Fact]
    """By the end of their ids: "status", "line/1"."""

    def value(self, name: str) -> str:
        fact = self.facts.get(name)
        return fact.value if fact is not None else ""


@dataclass(frozen=True, slots=True)
class Known:
    """Everything of one customer, sorted by what it is. Newest first, as the CRM told it."""

    repairs: tuple[Thing, ...] = ()
    quotes: tuple[Thing, ...] = ()
    visits: tuple[Thing, ...] = ()
    warranties: tuple[Thing, ...] = ()
    bills: tuple[Thing, ...] = ()
    devices: tuple[Thing, ...] = ()
    this: str = ""
    """The number of the repair that the conversation is about, where somebody said so or there is
    only one."""

    @classmethod
    def of(cls, record: Record) -> Known:
        things = _things(record)
        by = {
            letter: tuple(one for one in things if one.subject.startswith(f"{letter}-"))
            for letter in "RQAWID"
        }
        return cls(by["R"], by["Q"], by["A"], by["W"], by["I"], by["D"], record.value(THIS_CHAT))

    @property
    def active(self) -> tuple[Thing, ...]:
        """The repairs under way."""
        return tuple(one for one in self.repairs if one.value("active") == "yes")

    def meant(self, text: str) -> tuple[Thing, ...]:
        """The repairs that a text may be about: the one it names, else that of the conversation,
        else all that are under way; none where it names a model that no repair is of."""
        lately = tuple(one for one in self.repairs if one.value("active"))
        named = named_in(text, self.active) or numbered_in(text, self.repairs)
        named = named or named_in(text, lately)
        if named or names_another(text, self.active):
            return named
        this = tuple(one for one in self.repairs if self.this and one.value("number") == self.this)
        return this or self.active

    def quote_of(self, repair: Thing) -> Thing | None:
        """The quote of a repair that still counts: one that waits, else the newest."""
        number = repair.value("number")
        those = [one for one in self.quotes if one.value("repair") == number]
        waiting = [one for one in those if one.value("state") == "pending"]
        return next(iter(waiting or those), None)

    def visit_of(self, repair: Thing | None) -> Thing | None:
        """The visit that was made out for a repair, else one for no repair in particular."""
        number = repair.value("number") if repair is not None else ""
        fitting = [one for one in self.visits if one.value("repair") in (number, "")]
        return next(iter(fitting if repair is not None else self.visits), None)


def _things(record: Record) -> tuple[Thing, ...]:
    found: dict[str, dict[str, Fact]] = {}
    for fact in record.facts:
        subject, _, name = fact.id.partition("/")
        found.setdefault(subject, {})[name] = fact
    return tuple(Thing(subject, facts) for subject, facts in found.items())


def named_in(text: str, things: Iterable[Thing]) -> tuple[Thing, ...]:
    """Those whose number stands in the text, else those whose device it names best."""
    words = [one.casefold() for one in _WORD.findall(text)]
    those = tuple(things)
    if numbered := numbered_in(text, those):
        return numbered
    scored = [(_named(words, one.value("device")), one) for one in those]
    most = max((score for score, _ in scored), default=0.0)
    return tuple(one for score, one in scored if score == most and most > 0)


def numbered_in(text: str, things: Iterable[Thing]) -> tuple[Thing, ...]:
    """Those whose number stands in the text."""
    return tuple(one for one in things if _has_number(text, one.value("number")))


def _has_number(text: str, number: str) -> bool:
    bare = number.split("-", 1)[-1]
    pattern = rf"(?<![\w.,]){re.escape(number)}(?!\w)"
    if len(bare) >= 4:
        pattern += rf"|(?<![\w.,€$£]){re.escape(bare)}(?![\w€$£]|[.,]\d)"
    return bool(bare) and re.search(pattern, text, re.IGNORECASE) is not None


def names_a_model(text: str) -> bool:
    """Whether a text names a model: "iPhone 12", "Redmi Note 12", "iPad Air", "Xbox Series X"."""
    words = [one.casefold() for one in _WORD.findall(text)]
    return any(
        category_of(word) != "other" and _names_one(words, place)
        for place, word in enumerate(words)
    )


def _names_one(words: list[str], place: int) -> bool:
    """Whether a line of devices is followed by what tells its models apart."""
    if words[place] in ("xbox", "nintendo") or any(char.isdigit() for char in words[place]):
        return True
    is_one = words[place] in _LINES and _SUFFIXES.intersection(words[place + 1 : place + 2])
    return bool(is_one) or any(_model_after(words, place + n) for n in (0, 1))


def names_another(text: str, things: Iterable[Thing]) -> bool:
    """Whether a text names a model, or a line of devices, that none of these is of."""
    if names_a_model(text):
        return True
    lines = {one.casefold() for one in _WORD.findall(text)} & _LINES
    own = {one.casefold() for thing in things for one in _WORD.findall(thing.value("device"))}
    return bool(lines) and not lines & own


def _model_after(words: list[str], place: int) -> str:
    """The number that follows a device's name; not one that counts days or percents."""
    after = words[place + 1 : place + 3]
    number = after[0] if after else ""
    is_number = any(char.isdigit() for char in number) and len(number) <= 4
    return "" if after[1:] and after[1] in _UNITS else number if is_number else ""


def _named(words: list[str], device: str) -> float:
    """How much of a device's name stands among the words; a maker's name alone counts little, and
    another model's number makes it another device."""
    own = [one.casefold() for one in _WORD.findall(device)]
    for place, word in enumerate(words):
        number = _model_after(words, place) if word in own and word not in _MAKERS else ""
        if number and number not in own and f"{word}{number}" not in own:
            return 0.0
    found = [one for one in own if one in words and _tells(one)]
    said = sum(_WEIGHTS.get(one, 1.0) for one in found)
    if said >= _TELLING:
        return said
    kinds = {name for word in words for name in _FAMILIES.get(word, ())}
    is_loose = not _LINES.intersection(words) and kinds.intersection(own)
    return _LOOSELY if is_loose else 0.0


def _tells(word: str) -> bool:
    """Whether a word of a device's name can tell one device from others: a lone digit does not."""
    return len(word) > 2 or (len(word) == 2 and not word.isdigit())
