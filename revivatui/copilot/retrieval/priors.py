"""What the repair's state makes likely: it steers the order and is never looked for as text.

What a shop calls its answers is not known here, so a state points at words that such answers are
wont to have in their title, category or text, and at topics.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Question
from revivatui.state.records import dataclass
from revivatui.text.fold import fold

IN_TITLE: Final = 1.0
IN_CATEGORY: Final = 0.6
IN_TEXT: Final = 0.35


@dataclass(frozen=True, slots=True)
class Leaning:
    """What one state makes likely."""

    name: str
    states: re.Pattern[str]
    """Which words of a status mean it."""
    answers: re.Pattern[str]
    """What answers for it say."""
    weight: float = 1.0


def _leaning(name: str, states: str, answers: str, weight: float = 1.0) -> Leaning:
    return Leaning(name, re.compile(states), re.compile(answers), weight)


REPAIR: Final = (
    _leaning(
        "ready to collect",
        r"ready|complet|done|finish|repaired|fixed|pickup|pick_up|pronto|conclu",
        r"\bready\b|pick ?-?up|collect(?:ion)?\b|come and get|levant\w+|recolh\w+|pront[oa]\b|finished",
    ),
    _leaning(
        "being repaired",
        r"progress|repairing|in_repair|working|started|bench|testing|quality|em_repar|em_curso",
        r"in progress|being repaired|working on|under way|on the bench|status|update|on track"
        r"|testing|em (?:curso|andamento|reparacao)|estado",
    ),
    _leaning(
        "being looked at",
        r"diagnos|inspect|received|checked|intake|new|queue|open|recebid|analise",
        r"diagnos\w+|inspect\w+|received|check(?:ed|ing)?[ -]in|in the queue|status|update|estado|recebemos",
    ),
    _leaning(
        "waiting for parts",
        r"part|supplier|backorder|back_order|stock|order(?:ed)?\b|peca",
        r"\bparts?\b.{0,40}(?:order|arriv|wait|delay|suppl|transit|stock|back)|(?:wait|order|delay)\w*.{0,30}\bparts?\b"
        r"|back ?-?order|supplier|peca\w*.{0,30}(?:encomend|cheg|espera|atras)|(?:aguard|espera|encomend)\w*.{0,30}peca",
    ),
    _leaning(
        "waiting for a yes",
        r"approv|quote|estimate|customer|authori|orcamento|aprov",
        r"quote|estimate|approv\w+|go ahead|authori[sz]\w+|orcamento|aprov\w+",
    ),
    _leaning(
        "late",
        r"overdue|late|delay|atras|promised",
        r"delay\w*|sorry|apolog\w+|taking longer|longer than|atras\w+|desculp\w+|demor\w+",
    ),
    _leaning(
        "not repairable",
        r"unrepair|not_repair|beyond|irrepar|scrap|ber\b|failed|sem_repar",
        r"beyond (?:economic\w* )?repair|not repairable|cannot be repaired|could ?n[o']t (?:fix|repair|save)|unrepair\w+|uneconomic\w*|irreparav\w+|sem reparacao",
    ),
    _leaning(
        "handed over",
        r"deliver|collected|picked|closed|returned|shipped|entreg|levantad",
        r"warranty|guarantee|same (?:fault|problem)|after (?:the|your) repair|review|feedback|garantia",
        0.6,
    ),
    _leaning(
        "cancelled",
        r"cancel|declin|withdrawn",
        r"cancel\w*|unrepaired|return\w* (?:your|the) device|declin\w+",
    ),
    _leaning(
        "warranty return",
        r"warranty|rework|return_visit|garantia",
        r"warranty|guarantee|same (?:fault|problem)|again|garantia",
    ),
    _leaning(
        "data recovery",
        r"recover|recuper",
        r"data recovery|recover\w*|recupera\w+",
        0.6,
    ),
    _leaning(
        "booked",
        r"schedul|book|appoint|marcad|agend",
        r"appointment|booking|book\w*|slot|reschedul\w+|bring|marca\w+",
        0.8,
    ),
)  # fmt: skip
QUOTE: Final = (
    _leaning(
        "quote waits for an answer",
        r"pending|sent|open|await|draft|presented|viewed|pendente|enviad",
        r"quote|estimate|approv\w+|go ahead|orcamento|aprov\w+",
    ),
    _leaning(
        "quote accepted",
        r"approved|accept|aprovad|aceit",
        r"approved|go(?:ing)? ahead|thank.{0,30}approv|parts? (?:are |is )?order\w*|in progress|started|next step|avanc\w+",
    ),
    _leaning(
        "quote declined",
        r"declin|reject|refus|recusad",
        r"declin\w+|unrepaired|without repair|not (?:to )?go ahead|return\w* (?:your|the) device|recus\w+|sem reparar",
    ),
    _leaning(
        "quote expired",
        r"expir|lapsed|caduc",
        r"expir\w+|valid(?:ity)?\b|no longer valid|renew\w*|new quote|re-?quote|caduc\w+|validade",
    ),
)  # fmt: skip


class Priors:
    """How much each leaning speaks for each source; worked out once."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        folded = [tuple(map(_plain, (one.title, one.category, one.text))) for one in sources]
        self._by_name: dict[str, dict[int, float]] = {}
        for leaning in (*REPAIR, *QUOTE):
            found = {
                place: strength
                for place, parts in enumerate(folded)
                if (strength := _strength(leaning.answers, parts))
            }
            self._by_name[leaning.name] = found

    def of(self, question: Question) -> tuple[dict[int, float], tuple[str, ...]]:
        """The steering of each place, 0 to 1, and what steered, in plain words."""
        leanings = leanings_of(question)
        steered: dict[int, float] = {}
        for one in leanings:
            for place, strength in self._by_name[one.name].items():
                steered[place] = max(steered.get(place, 0.0), strength * one.weight)
        return steered, tuple(one.name for one in leanings)

    def by_name(self, name: str) -> Mapping[int, float]:
        return self._by_name[name]


def leanings_of(question: Question) -> tuple[Leaning, ...]:
    """What the state of repair and quote make likely."""
    repair, quote = (_plain(one).replace(" ", "_") for one in (question.repair_status, question.quote_status))
    found = [one for one in REPAIR if repair and one.states.search(repair)][:2]
    found += [one for one in QUOTE if quote and one.states.search(quote)][:1]
    return tuple(found)


def _strength(pattern: re.Pattern[str], parts: tuple[str, ...]) -> float:
    for part, weight in zip(parts, (IN_TITLE, IN_CATEGORY, IN_TEXT), strict=True):
        if pattern.search(part):
            return weight
    return 0.0


def _plain(text: str) -> str:
    return fold(text).replace("_", " ").replace("-", " ").strip()
