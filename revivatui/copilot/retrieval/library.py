"""The shop's answers and prices, and which of them fit what a customer asks.

Everything is worked out beforehand that does not depend on the question. `rank` takes some
milliseconds for some hundred sources and is called off the event loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Final

from revivatui.copilot.retrieval import confidence, topics
from revivatui.copilot.retrieval.concepts import ConceptIndex, Meaning, Meanings
from revivatui.copilot.retrieval.fusion import WEIGHTS, Opinion, standing_out
from revivatui.copilot.retrieval.gloss import in_english
from revivatui.copilot.retrieval.language import language_of
from revivatui.copilot.retrieval.lexical import Found, LexicalIndex
from revivatui.copilot.retrieval.prices import Priced, PriceList, asks_price
from revivatui.copilot.retrieval.priors import STATE_TOPICS, Priors, steered
from revivatui.copilot.retrieval.terms import content_words, stems, without_greeting
from revivatui.copilot.retrieval.thesaurus import Thesaurus
from revivatui.copilot.retrieval.topics import Topics, agreement, filled
from revivatui.copilot.retrieval.vector_cache import VectorCache
from revivatui.copilot.retrieval.vectors import Table, Vector, kept, nearness
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Question
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.copilot.learned import Alias
    from revivatui.copilot.retrieval.minilm import MiniLM
    from revivatui.copilot.retrieval.minilm_lane import MiniLMLane

MOST: Final = 3
SHORT: Final = 1
"""Words up to which a question says nothing by itself."""
RECENT: Final = 3
"""Earlier messages that are looked at, for what they speak of and no more."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A source that may answer."""

    source: Source
    score: float
    """0 to 1; comparable within one ranking only."""
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """What may answer, the best first. Where `abstained` says why nothing is vouched for, the
    items are what came nearest, to be shown as such; often there are none."""

    items: tuple[Ranked, ...] = ()
    abstained: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with everything that was worked out of it."""

    question: Question
    language: str
    meaning: Meaning
    found: Found
    shares: topics.Shares
    foreign: float
    vector: Vector
    length: int
    """How many words of it say anything."""
    is_strange: bool
    """Whether none of those words is known from anywhere."""


class Library:
    """Made by `build`."""

    def __init__(
        self,
        sources: Sequence[Source],
        meanings: Meanings,
        aliases: dict[str, str],
        vectors: VectorCache | None,
    ) -> None:
        self.sources = tuple(sources)
        self._lock = Lock()
        self._meanings = meanings
        self._table = Table.shipped()
        self._topics = Topics.shipped(meanings.thesaurus)
        self._languages = [
            one.language or language_of(f"{one.title}\n{one.text}") for one in self.sources
        ]
        self._answers = [place for place, one in enumerate(self.sources) if one.kind != "price"]
        self._lexical = LexicalIndex(self.sources, aliases)
        self._concepts = ConceptIndex([meanings.source(one) for one in self.sources])
        self._prices = PriceList(self.sources, meanings, self._topics)
        self._put_vectors(vectors)
        self._minilm: MiniLMLane | None = None
        self._shares = {
            place: self._topics.source(
                self._titles[place],
                self._texts[place],
                self.sources[place],
                self._languages[place],
                self._concepts.meanings[place],
            )
            for place in self._answers
        }
        self._wide = {place: self._topics.widened(shares) for place, shares in self._shares.items()}
        self._priors = Priors(
            self.sources,
            {place: self._topics.named(shares) for place, shares in self._shares.items()},
        )

    @classmethod
    def build(
        cls,
        sources: Iterable[Source],
        *,
        thesaurus: Thesaurus | None = None,
        aliases: Iterable[Alias] = (),
        vectors: VectorCache | None = None,
    ) -> Library:
        """Some milliseconds a source that is not in the cache of vectors: off the event loop."""
        learned: dict[str, str] = {}
        for one in aliases:
            if not one.promoted:
                continue
            learned[one.source_id] = f"{learned.get(one.source_id, '')} {one.words}".strip()
        return cls(tuple(sources), Meanings(thesaurus or Thesaurus.shipped()), learned, vectors)

    def rank(self, question: Question, most: int = MOST) -> Ranking:
        """The sources that answer best, at most one line of the price list among them."""
        with self._lock:
            asked = self._asked(question)
            opinions = self._opinions(asked)
            ranking = self._ranking(asked, opinions, most)
            if asks_price(question.text) or len(ranking.items) < most:
                return with_price(ranking, self._priced(asked), most)
            return ranking

    def reading(self, model: MiniLM, vectors: VectorCache | None = None) -> MiniLMLane:
        """The answers, to be read by MiniLM (`go_on`) and then told likeness by (`read_by`)."""
        from revivatui.copilot.retrieval.minilm_lane import MiniLMLane

        answers = [self.sources[place] for place in self._answers]
        texts = [(one.title.replace("_", " "), one.text) for one in answers]
        return MiniLMLane(model, texts, vectors)

    def read_by(self, lane: MiniLMLane) -> None:
        """Tell likeness by this lane from the next question on, where that is in English."""
        with self._lock:
            self._minilm = lane if lane.is_whole else None

    # --- what is worked out once -----------------------------------------------------------------

    def _put_vectors(self, cache: VectorCache | None) -> None:
        titles = [
            in_english(self.sources[place].title.replace("_", " "), self._languages[place])
            for place in self._answers
        ]
        texts = [
            in_english(self.sources[place].text, self._languages[place]) for place in self._answers
        ]
        self.compared = (*titles, *texts)
        vector = self._table.vector
        made = (
            cache.vectors(self.compared, vector)
            if cache
            else [kept(vector(one)) for one in self.compared]
        )
        self._titles = dict(zip(self._answers, made[: len(titles)], strict=True))
        self._texts = dict(zip(self._answers, made[len(titles) :], strict=True))
        self._table.let_go()

    # --- the lanes -------------------------------------------------------------------------------

    def _asked(self, question: Question) -> Asked:
        language = question.language or self._language(question.text)
        text = without_greeting(question.text)
        vector = self._table.vector(in_english(text, language))
        meaning = self._meanings.of(text, language)
        shares = self._topics.asked(vector, text, language, meaning)
        found = self._lexical.find(text, language)
        shares = self._topics.numbered(steered(self._topics.named(shares), question))
        return Asked(
            question,
            language,
            meaning,
            found,
            shares,
            self._topics.foreign(shares),
            vector,
            len(content_words(text, language)),
            self._is_strange(text, language, meaning, found),
        )

    def _is_strange(self, text: str, language: str, meaning: Meaning, found: Found) -> bool:
        told = stems(text, language)
        unheard = not meaning.weights and not found.scores and not self._topics.knows(told)
        return bool(told) and unheard

    def _language(self, text: str) -> str:
        """Where small words do not tell, by which language's sayings have more of the words."""
        if (told := language_of(text, "en")) == language_of(text, "pt"):
            return told
        return "pt" if self._topics.is_rather_portuguese(text) else "en"

    def _opinions(self, asked: Asked) -> dict[int, Opinion]:
        places = self._places(asked.language)
        likeness, trusted = self._told_likeness(asked, places)
        concepts = self._concepts.find(asked.meaning)
        recent = self._concepts.find(self._recent(asked))
        state, _ = self._priors.of(asked.question)
        about = filled(asked.shares)
        wide = self._topics.widened(about)
        return {
            place: Opinion(
                asked.found.scores.get(place, 0.0),
                concepts.get(place, 0.0),
                trusted * likeness.get(place, 0.0),
                (1 - WEIGHTS.wider) * agreement(about, self._shares[place])
                + WEIGHTS.wider * agreement(wide, self._wide[place]),
                state.get(place, 0.0),
                recent.get(place, 0.0),
            )
            for place in places
        }

    def _told_likeness(self, asked: Asked, places: list[int]) -> tuple[dict[int, float], float]:
        """How far each stands out by likeness, and how far that is trusted."""
        if (lane := self._reads(asked)) is not None:
            text = without_greeting(asked.question.text)
            told = dict(zip(self._answers, lane.likeness(text), strict=True))
            return standing_out({place: told[place] for place in places}), WEIGHTS.minilm
        trusted = 1.0 if asked.language == "en" else WEIGHTS.foreign_likeness
        return standing_out(
            {place: self._likeness(place, asked.vector) for place in places}
        ), trusted

    def _reads(self, asked: Asked) -> MiniLMLane | None:
        """What tells likeness instead of the table; it was taught English."""
        return self._minilm if asked.language == "en" else None

    def _places(self, language: str) -> list[int]:
        """The answers in the customer's language; all of them where it has none."""
        own = [place for place in self._answers if self._languages[place] == language]
        return own or self._answers

    def _likeness(self, place: int, vector: Vector) -> float:
        title, text = self._titles[place], self._texts[place]
        return 0.35 * nearness(vector, title) + 0.65 * nearness(vector, text)

    def _recent(self, asked: Asked) -> Meaning:
        earlier = "\n".join(asked.question.recent[-RECENT:])
        return self._meanings.of(earlier, asked.language)

    # --- the order -------------------------------------------------------------------------------

    def _ranking(self, asked: Asked, opinions: dict[int, Opinion], most: int) -> Ranking:
        steering = self._steering(asked)
        scores = {place: self._score(place, one, steering) for place, one in opinions.items()}
        order = sorted(scores, key=lambda place: (-scores[place], place))
        best = [place for place in order[:most] if scores[place] > confidence.LEAST_SHOWN]
        abstained = confidence.reason_to_abstain(
            asked,
            confidence.evidence(asked, order, scores, opinions),
            confidence.SURE_BY_MINILM if self._reads(asked) else confidence.SURE,
        )
        items = [
            Ranked(
                self.sources[place],
                min(scores[place] / WEIGHTS.whole, 1.0),
                self._why(asked, place, opinions[place]),
            )
            for place in best
        ]
        return Ranking(tuple(items), abstained)

    def _priced(self, asked: Asked) -> tuple[Priced, Ranked] | None:
        priced = self._prices.find(asked.question, asked.language)
        if priced is None:
            return None
        return priced, Ranked(self.sources[priced.place], min(priced.score, 1.0), priced.why)

    def _steering(self, asked: Asked) -> float:
        """How much the state has to say: all where the question says little or asks for it."""
        if asked.length <= SHORT:
            return 1.0
        named = self._topics.named(asked.shares)
        told = sum(share for name, share in named.items() if name in STATE_TOPICS)
        return max(min(told, 1.0), WEIGHTS.unasked)

    def _score(self, place: int, opinion: Opinion, steering: float) -> float:
        score = opinion.total(steering)
        return score * WEIGHTS.resolved if self.sources[place].kind == "resolved" else score

    def _why(self, asked: Asked, place: int, opinion: Opinion) -> tuple[str, ...]:
        lines = []
        if words := asked.found.matched.get(place):
            lines.append("same words: " + ", ".join(words[:5]))
        meaning = self._concepts.meanings[place]
        told = [
            f"{self._meanings.thesaurus.name(one)} (“{asked.meaning.words[one]}”)"
            for one in asked.meaning.weights
            if one in meaning.weights and asked.meaning.weights[one] >= 0.4
        ]
        if told:
            lines.append("about: " + ", ".join(told[:3]))
        if opinion.topics >= 0.15:
            lines.append("often asked in such words")
        if opinion.state >= 0.3:
            _, names = self._priors.of(asked.question)
            lines.append("fits the state: " + ", ".join(names))
        if not lines and opinion.likeness > 0.3:
            lines.append("reads alike")
        if self._languages[place] != asked.language:
            lines.append("in the other language: there is none in the customer's")
        return tuple(lines)


def with_price(ranking: Ranking, found: tuple[Priced, Ranked] | None, most: int) -> Ranking:
    """At most one line of the price list: first where it is what was asked for, else behind."""
    if found is None:
        return ranking
    priced, row = found
    items, abstained = list(ranking.items), ranking.abstained
    if priced.answers:
        items.insert(0, row)
        abstained = ""
    elif priced.asked:
        items.insert(1, row)
    elif len(items) < most and priced.score >= 0.5:
        items.append(row)
    return Ranking(tuple(items[:most]), abstained)


__all__ = ("Library", "Ranked", "Ranking", "asks_price")
