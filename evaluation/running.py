"""Asks the suggestions for each query, as the pane does, and keeps what would be shown."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from evaluation.figures import Answer, Run
from evaluation.rows import Query
from revivatui.copilot.retrieval.language import language_of
from revivatui.copilot.retrieval.library import Library
from revivatui.copilot.shop_profile import ShopProfile
from revivatui.copilot.sources import Source
from revivatui.copilot.suggesting import suggestions
from revivatui.copilot.suggestion import Moment, Question, Said, Situation

if TYPE_CHECKING:
    from revivatui.copilot.retrieval.minilm import MiniLM

NOTHING: Final = "none"
_MOMENT: Final = Moment(1, 1, "")
_DEEP: Final = 10


class Desk:
    """A library of some sources, ready to be asked."""

    def __init__(self, corpus: Sequence[Source], minilm: MiniLM | None = None) -> None:
        """Make it; where `minilm` is there, it tells likeness."""
        began = time.perf_counter()
        self._library = Library.build(corpus)
        if minilm is not None:
            lane = self._library.reading(minilm)
            lane.go_on()
            self._library.read_by(lane)
        self._build_seconds = time.perf_counter() - began
        self._known = {one.id: one for one in corpus}
        # What is read once, at the first question, is no part of the latency of the others.
        suggestions(situation_for(Query("", "hello", None)), self._library, ShopProfile())

    def run(self, queries: Sequence[Query]) -> Run:
        """Every query asked once."""
        answers = tuple(self._answer(query) for query in queries)
        return Run(answers, len(self._known), self._build_seconds)

    def _answer(self, query: Query) -> Answer:
        situation = situation_for(query)
        began, busy = time.perf_counter(), time.thread_time()
        found = suggestions(situation, self._library, ShopProfile())
        took, busy = time.perf_counter() - began, time.thread_time() - busy
        question = replace(situation.question, language=found.language)
        deep = self._library.rank(question, most=_DEEP)
        source = self._known.get(query.expected or "")
        return Answer(
            query,
            tuple(frozenset(one.sources) for one in found.items),
            bool(found.abstained) or not found.items,
            tuple(one.source.id for one in deep.items),
            took,
            busy,
            found.items[0].score if found.items else 0.0,
            source.kind if source else NOTHING,
            (source.language if source else "") or language_of(query.text),
        )


def situation_for(query: Query) -> Situation:
    """A conversation with what the query tells of it, and no repair record."""
    question = Question(
        query.text,
        device=query.device,
        repair_status=query.repair_status,
        quote_status=query.quote_status,
        recent=query.recent,
    )
    told = [*query.recent, query.text]
    said = tuple(Said(place, "customer", text) for place, text in enumerate(told, 1))
    return Situation(_MOMENT, question, said)
