"""What the repair's state makes likely: it steers the order and is never looked for as text.

What a shop calls its answers is not known here, so a state points at words that such answers are
wont to have in their title, category or text, and at topics.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from revivatui.copilot.retrieval.terms import word_set
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
    topics: Mapping[str, float]
    """What answers for it are about, and how likely each is."""
    weight: float = 1.0


def _leaning(name: str, states: str, answers: str, topics: str, weight: float = 1.0) -> Leaning:
    """`topics`: names with how likely each is, in percent: "ready 100, storage 30"."""
    likely = {topic: int(percent) / 100 for topic, percent in map(str.split, topics.split(","))}
    return Leaning(name, re.compile(states), re.compile(answers), likely, weight)


REPAIR: Final = (
    _leaning(
        "ready to collect",
        r"ready|await\w*_(?:pickup|collect)|pickup|pick_up|pronto",
        r"\bready\b|pick ?-?up|collect(?:ion)?\b|come and get|levant\w+|recolh\w+|pront[oa]\b"
        r"|finished",
        "ready 100, pickup_other 50, storage 40, hours 40, lost_slip 40, payment 30",
    ),
    _leaning(
        "finished",
        r"complet|done|finish|repaired|fixed|conclu|resolved",
        r"\bready\b|pick ?-?up|collect(?:ion)?\b|come and get|levant\w+|recolh\w+|pront[oa]\b",
        "ready 100, warranty_claim 90, pickup_other 50, warranty 60, review 40, lost_slip 40",
        0.7,
    ),
    _leaning(
        "being repaired",
        r"progress|repairing|in_repair|working|started|bench|testing|quality|em_repar|em_curso",
        r"in progress|being repaired|working on|under way|on the bench|status|update|on track"
        r"|testing|em (?:curso|andamento|reparacao)|estado",
        "status 100, delay 60, turnaround 40, express 20",
    ),
    _leaning(
        "being looked at",
        r"diagnos|inspect|received|checked|intake|new|queue|open|recebid|analise",
        r"diagnos\w+|inspect\w+|received|check(?:ed|ing)?[ -]in|in the queue|status|update"
        r"|estado|recebemos",
        "in_diagnosis 100, queue 80, received 70, status 60, diagnosis 30, turnaround 30, delay 30",
    ),
    _leaning(
        "waiting for parts",
        r"part|supplier|backorder|back_order|stock|order(?:ed)?\b|peca",
        r"\bparts?\b.{0,40}(?:order|arriv|wait|delay|suppl|transit|stock|back)|(?:wait|order"
        r"|delay)\w*.{0,30}\bparts?\b"
        r"|back ?-?order|supplier|peca\w*.{0,30}(?:encomend|cheg|espera|atras)|(?:aguard"
        r"|espera|encomend)\w*.{0,30}peca",
        "parts_wait 100, delay 60, status 40",
    ),
    _leaning(
        "waiting for a yes",
        r"approv|quote|estimate|customer|authori|orcamento|aprov",
        r"quote|estimate|approv\w+|go ahead|authori[sz]\w+|orcamento|aprov\w+",
        "quote_sent 100, quote_approve 80, quote_decline 60, quote_question 60, quote_too_high 60",
    ),
    _leaning(
        "late",
        r"overdue|late|delay|atras|promised",
        r"delay\w*|sorry|apolog\w+|taking longer|longer than|atras\w+|desculp\w+|demor\w+",
        "delay 100, status 50, complaint 30",
    ),
    _leaning(
        "not repairable",
        r"unrepair|not_repair|beyond|irrepar|scrap|ber\b|failed|sem_repar",
        r"beyond (?:economic\w* )?repair|not repairable|cannot be repaired"
        r"|could ?n[o']t (?:fix|repair|save)|unrepair\w+|uneconomic\w*|irreparav\w+|sem reparacao",
        "unrepairable 100, worth_it 50, recycle 30, sell 20",
    ),
    _leaning(
        "handed over",
        r"deliver|collected|picked|closed|returned|shipped|entreg|levantad",
        r"warranty|guarantee|same (?:fault|problem)|after (?:the|your) repair|review|feedback"
        r"|garantia",
        "warranty_claim 90, warranty 70, review 50, thanks 40, previous_repair 30, refund 30",
        0.6,
    ),
    _leaning(
        "cancelled",
        r"cancel|declin|withdrawn",
        r"cancel\w*|unrepaired|return\w* (?:your|the) device|declin\w+",
        "quote_decline 80, cancel 80, refund 50, ready 30",
    ),
    _leaning(
        "warranty return",
        r"warranty|rework|return_visit|garantia",
        r"warranty|guarantee|same (?:fault|problem)|again|garantia",
        "warranty_claim 100, warranty 70, complaint 30",
    ),
    _leaning(
        "data recovery",
        r"recover|recuper",
        r"data recovery|recover\w*|recupera\w+",
        "data_recovery 60, data_recovery_chance 100, status 50",
        0.6,
    ),
    _leaning(
        "booked",
        r"schedul|book|appoint|marcad|agend",
        r"appointment|booking|book\w*|slot|reschedul\w+|bring|marca\w+",
        "reschedule 80, booking 80, visit_cancelled 60, bring_along 60, location 40, hours 40,"
        " parking 30",
        0.8,
    ),
)  # fmt: skip
QUOTE: Final = (
    _leaning(
        "quote waits for an answer",
        r"pending|sent|open|await|draft|presented|viewed|pendente|enviad",
        r"quote|estimate|approv\w+|go ahead|orcamento|aprov\w+",
        "quote_sent 100, quote_approve 80, quote_decline 60, quote_question 60,"
        " quote_too_high 60, discount 30",
    ),
    _leaning(
        "quote accepted",
        r"approved|accept|aprovad|aceit",
        r"approved|go(?:ing)? ahead|thank.{0,30}approv|parts? (?:are |is )?order\w*"
        r"|in progress|started|next step|avanc\w+",
        "quote_approve 100, status 60, parts_wait 50, turnaround 50",
    ),
    _leaning(
        "quote declined",
        r"declin|reject|refus|recusad",
        r"declin\w+|unrepaired|without repair|not (?:to )?go ahead|return\w* (?:your"
        r"|the) device|recus\w+|sem reparar",
        "quote_decline 100, cancel 50, ready 40",
    ),
    _leaning(
        "quote expired",
        r"expir|lapsed|caduc",
        r"expir\w+|valid(?:ity)?\b|no longer valid|renew\w*|new quote|re-?quote|caduc\w+|validade",
        "quote_expired 100, quote_sent 30",
    ),
)  # fmt: skip


STATE_TOPICS: Final = word_set(
    "status ready delay parts_wait in_diagnosis received pickup_other storage lost_slip greeting"
    " still_there closed_now quote_sent quote_approve quote_decline quote_expired quote_question"
    " quote_too_high unrepairable cancel complaint thanks queue visit_cancelled"
)
"""Topics where the state of the repair has something to say; another one asks for itself."""


ASKS_STATE: Final = {
    "status": 0.7, "ready": 0.5, "still_there": 0.5, "parts_wait": 0.5, "in_diagnosis": 0.5,
}  # fmt: skip
"""Topics that ask how things stand, whichever way they do; how much of each means the state that
is on file instead."""


def steered(shares: Mapping[str, float], question: Question) -> dict[str, float]:
    """What a question is about, given that "any news?" means the state that is on file."""
    moved = dict(shares)
    leanings = [one for one in leanings_of(question) if one in REPAIR]
    if not leanings:
        return moved
    chief = max(leanings[0].topics, key=lambda topic: leanings[0].topics[topic])
    for topic, part in ASKS_STATE.items():
        if topic != chief and topic in moved:
            share = part * moved[topic]
            moved[topic] -= share
            moved[chief] = moved.get(chief, 0.0) + share
    return moved


class Priors:
    """How much each leaning speaks for each source; worked out once."""

    def __init__(
        self, sources: tuple[Source, ...], topics: Mapping[int, Mapping[str, float]]
    ) -> None:
        """`topics`: by name, what the source at each place is about."""
        folded = [tuple(map(_plain, (one.title, one.category, one.text))) for one in sources]
        self._by_name: dict[str, dict[int, float]] = {}
        for leaning in (*REPAIR, *QUOTE):
            found = {
                place: strength
                for place, parts in enumerate(folded)
                if (strength := _strength(leaning, parts, topics.get(place, {})))
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
    repair, quote = (
        _plain(one).replace(" ", "_") for one in (question.repair_status, question.quote_status)
    )
    found = [one for one in REPAIR if repair and one.states.search(repair)][:2]
    found += [one for one in QUOTE if quote and one.states.search(quote)][:1]
    return tuple(found)


def _strength(leaning: Leaning, parts: tuple[str, ...], topics: Mapping[str, float]) -> float:
    likely = max(
        (share * leaning.topics.get(topic, 0.0) for topic, share in topics.items()), default=0.0
    )
    for part, weight in zip(parts, (IN_TITLE, IN_CATEGORY, IN_TEXT), strict=True):
        if leaning.answers.search(part):
            return max(weight, likely)
    return likely if likely >= 0.15 else 0.0


def _plain(text: str) -> str:
    return fold(text).replace("_", " ").replace("-", " ").strip()
