"""Reads how simulated people react (``chatter_en.txt``, ``chatter_pt.txt``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from revivatui.shop.seed.talk import Beat, Language, Scenario, say


@dataclass(frozen=True, slots=True)
class _Saying:
    pattern: re.Pattern[str] | None
    texts: tuple[str, ...]


@cache
def _sayings(language: Language) -> dict[str, _Saying]:
    text = (files(__package__) / f"chatter_{language}.txt").read_text(encoding="utf-8")
    found: dict[str, _Saying] = {}
    name, pattern = "", ""
    for line in text.splitlines():
        if line.startswith("["):
            name, _, pattern = line[1:-1].partition(": ")
        elif line and not line.startswith("#"):
            expression = re.compile(pattern, re.IGNORECASE) if pattern else None
            found[name] = _Saying(expression, tuple(line.split(" || ")))
    return found


def phrase(random: Random, language: Language, name: str, values: dict[str, str]) -> str:
    """One way to say what is filed under a name. Raises KeyError when there is none."""
    text = random.choice(_sayings(language)[name].texts).format_map(values)
    return text[:1].upper() + text[1:]


def phrases(language: Language, name: str) -> tuple[str, ...]:
    """All ways to say what is filed under a name. Raises KeyError when there is none."""
    return _sayings(language)[name].texts


def intent_of(language: Language, words: str) -> str:
    """What an agent's words ask of the customer: the name of the first pattern that fits."""
    for name, saying in _sayings(language).items():
        if saying.pattern is not None and saying.pattern.search(words):
            return name
    return "else"


class Talk:
    """A script on its way: customer and colleague each take their own next turns."""

    def __init__(self, scenario: Scenario, values: dict[str, str], way: int) -> None:
        self.language = scenario.language
        self.values = values
        self.free = False
        """Somebody left the script: from then on everybody reacts to what was said."""
        self.is_settled = False
        """The customer has nothing more to say: the chat can be resolved."""
        self._beats = scenario.first
        self._way = way
        self._place = 0
        self._said: set[str] = set()

    @property
    def is_over(self) -> bool:
        """Nothing is left to say."""
        return self._place >= len(self._beats)

    def customers_turn(self) -> list[tuple[Beat, str]]:
        """What the customer says next; empty when it is the shop's turn."""
        return self._take(("customer", "photo"))

    def shops_turn(self) -> list[tuple[Beat, str]]:
        """What a colleague says and notes next; empty when it is the customer's turn."""
        turn = self._take(("agent", "note", "quote"))
        self._said.update(text for _, text in turn)
        return turn

    def was_scripted(self, words: str) -> bool:
        """Whether these words of the shop are from the script."""
        return words in self._said

    def _take(self, roles: tuple[str, ...]) -> list[tuple[Beat, str]]:
        turn: list[tuple[Beat, str]] = []
        while not self.is_over and self._beats[self._place].role in roles:
            beat = self._beats[self._place]
            turn.append((beat, say(beat, self._way, self.values)))
            self._place += 1
        return turn
