"""What the copilot thinks with, on threads: the shop's texts, what was learned, the record.

Everything here may take its time and touches no state of the desk: it is given records and gives
records. What is heavy is imported by the first thought, behind the first frame.
"""

from __future__ import annotations

import re
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from revivatui.screens.copilot_advice import Advice, Cue, Doubt, Shown
from revivatui.screens.copilot_deeper import Deeper
from revivatui.screens.copilot_learning import Learning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from revivatui.cache.store import Cache
    from revivatui.copilot.retrieval.library import Library
    from revivatui.copilot.retrieval.thesaurus import Thesaurus
    from revivatui.copilot.retrieval.vector_cache import VectorCache
    from revivatui.copilot.shop_profile import ShopProfile
    from revivatui.copilot.sources import Source
    from revivatui.copilot.suggesting import Suggestions
    from revivatui.copilot.suggestion import Question, Situation, Suggestion
    from revivatui.crm.records import Location, ServiceItem
    from revivatui.screens.copilot_asked import Asked
    from revivatui.state.models import CannedResponse, Message

MOST_RESOLVED: Final = 200
"""Resolved conversations that are learned from."""
FIRST: Final = 3
"""Suggestions that are shown first."""
LAST_SAID: Final = 10
"""Messages of a customer in which the devices that they named are looked for."""


class Thinker:
    """Safe to be called from several threads."""

    def __init__(
        self,
        cache: Callable[[], Cache | None],
        learned: Path | None,
        shop: Mapping[str, Any],
        locations: Callable[[], Sequence[Location]] = tuple,
        settings: Path | None = None,
        minilm: Path | None = None,
    ) -> None:
        """Make it; nothing is opened before the first thought.

        Args:
            cache: What is kept of conversations; None where nothing is.
            learned: The file of what is learned; None: nothing outlives the desk.
            shop: The settings' table of the shop's facts.
            locations: The shops of the chain, as the CRM knows them.
            settings: The settings' file, beside which the shop's own words may lie.
            minilm: Where the weights of MiniLM may lie.
        """
        self._cache = cache
        self._learned_file = learned
        self.learning = Learning(learned)
        self._shop_table = shop
        self._shop: ShopProfile | None = None
        self._locations = locations
        self._settings = settings
        self._minilm = Deeper(minilm)
        self.trouble = ""
        """Why the shop's own words are not understood; "" while all is well."""
        self._lock = threading.Lock()
        self._library: Library | None = None
        self._texts: dict[str, Source] = {}
        self._agents_until = 0.0
        self._turns = 0

    def give_way(self, seconds: float) -> None:
        """The agent did something: what is thought ahead is dropped, and what is read waits so
        many seconds from now."""
        self._turns += 1
        self._agents_until = time.monotonic() + seconds

    def _busy(self) -> float:
        return self._agents_until - time.monotonic()

    @property
    def shop(self) -> ShopProfile:
        if self._shop is None:
            from revivatui.copilot.shop_profile import ShopProfile

            self._shop = ShopProfile.load(self._shop_table)
        return self._shop

    # --- the shop's texts ----------------------------------------------------------------------

    def read(
        self, canned: Sequence[CannedResponse], services: Sequence[ServiceItem], now: float
    ) -> None:
        """Make the library anew of these texts and of what resolved conversations before."""
        from revivatui.copilot.library_of import once_each
        from revivatui.copilot.retrieval.library import Library

        sources = once_each((*self._canned(canned), *self._prices(services), *self._resolved()))
        vectors = self._vectors()
        aliases = self.learning.aliases(now)
        words = self._thesaurus()
        library = Library.build(sources, thesaurus=words, aliases=aliases, vectors=vectors)
        if vectors is not None:
            texts = [text for one in sources for text in _looked_at(one)]
            vectors.keep_only([*texts, *library.compared], self._minilm.kinds())
        with self._lock:
            self._library = library
            self._texts = {one.id: one for one in sources}
        self._minilm.begin(library, vectors)

    def read_deeper(self) -> bool:
        """Read some more of the texts by MiniLM, where it is; whether there are others still."""
        return self._minilm.go_on()

    def _thesaurus(self) -> Thesaurus:
        """The shipped words and the shop's own; without those where they are no words."""
        from revivatui.copilot.retrieval.thesaurus import Thesaurus
        from revivatui.copilot.retrieval.word_files import BadWords

        self.trouble = ""
        if self._settings is not None:
            try:
                return Thesaurus.for_shop(self._settings)
            except BadWords as error:
                self.trouble = str(error)
        return Thesaurus.shipped()

    def _vectors(self) -> VectorCache | None:
        """What keeps the work on a text, beside what is learned."""
        from revivatui.screens.copilot_manners import PoliteVectors

        file = self._learned_file
        if file is None:
            return None
        return PoliteVectors(file.with_name(f"{file.stem}-texts.sqlite3"), self._busy)

    @staticmethod
    def _canned(canned: Iterable[CannedResponse]) -> Iterator[Source]:
        from revivatui.copilot.library_of import canned_source

        for one in canned:
            yield canned_source(one.short_code, one.content)

    @staticmethod
    def _prices(services: Iterable[ServiceItem]) -> Iterator[Source]:
        from revivatui.copilot.library_of import price_sources

        for item in services:
            if item.active:
                yield from price_sources(item)

    def _resolved(self) -> Iterator[Source]:
        from revivatui.copilot.library_of import resolved_source
        from revivatui.copilot.situation import said_of

        cache = self._cache()
        for conversation, messages in cache.resolved(MOST_RESOLVED) if cache is not None else ():
            names = {one.sender.name for one in messages if one.sender is not None}
            made = resolved_source(conversation.id, said_of(messages), names=names)
            if made is not None:
                yield made

    def _held(self) -> tuple[Library | None, dict[str, Source]]:
        with self._lock:
            return self._library, self._texts

    def rest(self) -> None:
        """Hold none of the shop's texts."""
        with self._lock:
            self._library, self._texts = None, {}

    def nearest(self, question: Question, most: int) -> tuple[Source, ...]:
        """The shop's texts that come nearest to a question."""
        library, texts = self._held()
        ranked = library.rank(question, most).items if library is not None else ()
        return tuple(texts.get(one.source.id, one.source) for one in ranked)

    # --- one conversation ----------------------------------------------------------------------

    def situation(self, asked: Asked) -> Situation:
        """All that may be looked at of a conversation."""
        from revivatui.copilot.situation import situation_with

        picture = asked.picture
        return situation_with(
            asked.conversation_id,
            asked.messages,
            picture.context if picture is not None else None,
            picture.files if picture is not None else (),
            self.shop,
            now=datetime.fromtimestamp(asked.now, UTC),
            tz=asked.tz,
            ticket_id=picture.ticket_id if picture is not None else None,
            locations=self._locations(),
        )

    def kept(self, conversation_id: int) -> tuple[Message, ...]:
        """The messages of a conversation that are on this machine's disk."""
        from revivatui.cache.store import CacheError

        cache = self._cache()
        try:
            found = cache.thread(conversation_id) if cache is not None else None
        except CacheError:
            return ()
        return found.messages if found is not None else ()

    def advise(self, asked: Asked) -> Advice:
        """The first suggestions for a conversation."""
        situation = self.situation(asked)
        found = self._found(asked, situation)
        return self._advice(asked, situation, found.items, found)

    def more(self, asked: Asked, most: int) -> Advice:
        """Others, which fit less well than the first ones."""
        situation = self.situation(asked)
        known = {one.id for one in self._found(asked, situation).items}
        found = self._found(asked, situation, most)
        others = [one for one in found.items if one.id not in known]
        return replace(self._advice(asked, situation, others, found), is_page=True)

    def _found(self, asked: Asked, situation: Situation, most: int = FIRST) -> Suggestions:
        """What answers the customer; where the shop spoke last, what answers them once more."""
        from revivatui.copilot.suggesting import suggestions

        library, _texts = self._held()
        boosts = self.learning.boosts(situation.question)
        found = suggestions(
            situation, library, self.shop, fill=asked.fill, boosts=boosts, most=most
        )
        if found.items or situation.question.text:
            return found
        before = asked_before(situation)
        return suggestions(before, library, self.shop, fill=asked.fill, boosts=boosts, most=most)

    def _advice(
        self,
        asked: Asked,
        situation: Situation,
        items: Iterable[Suggestion],
        found: Suggestions,
    ) -> Advice:
        library, texts = self._held()
        return Advice(
            asked.conversation_id,
            "there",
            situation.moment,
            tuple(self._shown(one, situation, texts) for one in items),
            found.abstained,
            self._cue(situation),
            found.language,
            situation.question.text,
            is_whole=library is not None,
        )

    @staticmethod
    def _cue(situation: Situation) -> Cue:
        from revivatui.copilot.cue import cue
        from revivatui.copilot.suspicion import suspicious

        found = cue(situation.said)
        words: list[str] = [found.tone] if found.tone != "calm" else []
        words += [_URGENCY[found.urgency]] if found.urgency in _URGENCY else []
        presses = found.urgency == "now" or found.tone in _PRESSING
        odd = suspicious(situation.question.text)
        words += ["written for a machine?"] if odd else []
        return Cue(", ".join(words), (*found.reasons, *odd), presses or bool(odd))

    @staticmethod
    def _shown(suggestion: Suggestion, situation: Situation, texts: Mapping[str, Source]) -> Shown:
        sources = source_words(suggestion.sources, situation, texts)
        return Shown(suggestion, (), sources, is_checked=False)

    def ahead(self, asked: Asked) -> Advice | None:
        """Suggestions for a conversation that is not open, held against what is known; None where
        the agent did something meanwhile, which goes first."""
        turn = self._turns
        advice = self.check(asked, self.advise(asked), lambda: turn == self._turns)
        return advice if turn == self._turns else None

    def check(
        self, asked: Asked, advice: Advice, goes_on: Callable[[], bool] = lambda: True
    ) -> Advice:
        """The same, with what stands neither in the record nor in a cited source; as far as it
        comes while it `goes_on`."""
        situation = self.situation(asked)
        _library, texts = self._held()
        today = datetime.fromtimestamp(asked.now, asked.tz).date()
        shown = tuple(
            self.checked(one, situation, texts, today) if goes_on() else one for one in advice.shown
        )
        return replace(advice, shown=shown)

    @staticmethod
    def checked(
        shown: Shown, situation: Situation, texts: Mapping[str, Source], today: date
    ) -> Shown:
        """One suggestion, held against what is known."""
        from revivatui.copilot.grounding import Ground, check

        suggestion = shown.suggestion
        cited = [_with_number(texts[one], situation) for one in suggestion.sources if one in texts]
        said = [one for one in situation.said if one.teller == "customer"][-LAST_SAID:]
        ground = Ground.of(situation.record, cited, said, today=today)
        doubts = tuple(
            Doubt(one.start, one.end, suggestion.text[one.start : one.end])
            for one in check(suggestion.text, ground)
        )
        return replace(shown, doubts=doubts, is_checked=True)

    # --- what is learned -----------------------------------------------------------------------

    def used(self, asked: Asked, suggestion: Suggestion, user_id: int) -> None:
        """An agent put it into a reply."""
        self.learning.used(asked, self.situation(asked).question, suggestion, user_id)

    def mark(self, asked: Asked, suggestion: Suggestion, mark: int) -> None:
        """Thumbs of an agent."""
        self.learning.mark(asked, self.situation(asked).question, suggestion, mark)

    def close(self) -> None:
        """Nothing is thought any more."""
        self.learning.close()


_URGENCY: Final = {"soon": "in a hurry", "now": "cannot wait"}
_PRESSING: Final = ("impatient", "unhappy", "angry")


def asked_before(situation: Situation) -> Situation:
    """With what was asked last, where the shop answered it: there may be more to say."""
    recent = situation.question.recent
    question = replace(situation.question, text=recent[-1] if recent else "", recent=recent[:-1])
    return replace(situation, question=question)


def _looked_at(source: Source) -> tuple[str, str]:
    return source.title.replace("_", " "), source.text


def _with_number(source: Source, situation: Situation) -> Source:
    """A source as the desk fills it in: the conversation's own number is no claim."""
    number = str(situation.moment.conversation_id)
    return replace(source, text=_NUMBER.sub(number, source.text))


_NUMBER: Final = re.compile(r"\{\{\s*conversation\.(?:display_)?id\s*\}\}")


def source_words(
    ids: Sequence[str], situation: Situation, texts: Mapping[str, Source]
) -> tuple[str, ...]:
    """What a suggestion was made of, as people call it: "R-2041 status", "canned hours"."""
    labels = {fact.id: fact.label for fact in situation.record.facts}
    told: dict[str, list[str]] = {}
    for one in ids:
        source = texts.get(one)
        if source is not None:
            title = source.title or one.partition(":")[2]
            told.setdefault(f"{_KINDS[source.kind]} {title}", [])
        else:
            subject, _, name = one.partition("/")
            told.setdefault(subject, []).append(labels.get(one, name))
    return tuple(f"{head} {', '.join(dict.fromkeys(rest))}".strip() for head, rest in told.items())


_KINDS: Final = {"canned": "canned", "price": "price list,", "resolved": "earlier chat:"}
