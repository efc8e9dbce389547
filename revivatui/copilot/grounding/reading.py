"""A text read from end to end: each stretch once, the most telling reading first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final

from revivatui.copilot.grounding.numerals import coded
from revivatui.copilot.grounding.plain import blank
from revivatui.copilot.grounding.promises import promises
from revivatui.copilot.grounding.read_devices import devices
from revivatui.copilot.grounding.read_figures import (
    durations,
    money,
    numbers,
    percentages,
    quantities,
)
from revivatui.copilot.grounding.read_moments import (
    clock_times,
    dates,
    figure_dates,
    other_days,
    spelled_times,
    weekdays,
)
from revivatui.copilot.grounding.read_names import codes, emails, links, phones, references
from revivatui.copilot.grounding.readings import Reading

_FIELD: Final = re.compile(r"\{\{[^{}\n]{0,80}\}\}|\{%[^%\n]{0,80}%\}|\[\[[A-Z_]\w*\]\]")
_HARMLESS: Final = re.compile(
    r"^[ \t]*\(?\d{1,2}[.)](?=\s)"
    r"|(?<!\w)(?:steps?|options?|points?|passos?|opcao|opcoes|etapas?|pontos?|line|linha)\s+\d{1,2}"
    r"(?:(?:,\s?|\s?-\s?|\s(?:and|to|or|e|a|ou)\s)\d{1,2})*(?![\w.,]*\d)"
    r"|(?<![\w-])1-2-3(?![\w-])|(?<!\w)2-in-1(?!\w)|(?<!\w)Wi-?Fi\s\d(?!\w)"
    r"|(?<!\w)(?:[2345]G|USB[\s-]?[23](?:\.\d)?|MP[34]|H\.26[45]|802\.11\w*)(?!\w)"
    r"|(?<!\w)(?:one|two)-(?:factor|step|way|sided)|\b(?:two|dois|duas)\s+(?:of|options|choices|questions"
    r"|things|ways|opcoes|perguntas|coisas|formas|possibilidades)\b"
    r"|(?<!\w)mar[cq]\w+\s(?:uma|a)\s(?:hora|dia)(?!\w)",
    re.IGNORECASE | re.MULTILINE,
)

_Reader = Callable[[str], Iterable[Reading]]
_BY_NAME: Final[tuple[_Reader, ...]] = (
    emails, links, devices, references, dates, figure_dates, weekdays, clock_times, spelled_times,
)  # fmt: skip
_BY_FIGURE: Final[tuple[_Reader, ...]] = (money, phones, percentages, durations, quantities)


def read(text: str, today: date) -> Iterator[Reading]:
    """Everything in a plain text that says something which can be true or false."""
    yield from promises(text)
    rest = text
    for harmless in (*_FIELD.finditer(text), *_HARMLESS.finditer(text)):
        rest = blank(rest, *harmless.span())
    rest, found = _read(rest, _BY_NAME)
    yield from found
    last = (lambda left: other_days(left, today), numbers, codes)
    yield from _read(coded(rest), (*_BY_FIGURE, *last))[1]


def _read(text: str, readers: Iterable[_Reader]) -> tuple[str, list[Reading]]:
    """What the readers find one after the other, and the text that is left."""
    found: list[Reading] = []
    for reader in readers:
        new = list(reader(text))
        for one in new:
            text = blank(text, one.start, one.end)
        found += new
    return text, found
