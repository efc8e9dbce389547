"""One turn of a customer, with what was found out about it before anything is decided."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from revivatui.bridge import captain_reading as reading
from revivatui.bridge.captain_talk import Talk, Turn
from revivatui.copilot.retrieval.prices import asks_price
from revivatui.copilot.retrieval.thesaurus import Thesaurus
from revivatui.copilot.suggestion import Moment, Question, Said, Situation
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.copilot.facts import Record

OF_THE_SHOP: Final = frozenset({"hours", "address", "express", "days", "diagnosis", "recovery"})
_WITH_US: Final = frozenset({"collect", "lines", "approve", "decline", "move"})


@dataclass(frozen=True, slots=True)
class Scene:
    """One turn with what was found out about it."""

    talk: Talk
    turn: Turn
    language: str
    said: tuple[Said, ...]
    concepts: frozenset[str]
    intents: tuple[str, ...]
    record: Record
    device: str
    words: str
    """What is to be answered: the turn, with the question that it completes."""

    @property
    def intent(self) -> str:
        """In words, for the note."""
        named = [Thesaurus.shipped().name(one) for one in sorted(self.concepts)[:4]]
        return ", ".join(self.intents or named)

    @property
    def asks_price(self) -> bool:
        """Not "quanto tempo", in which there is a price for who reads no further."""
        return "price" in self.intents and asks_price(self.words)

    @property
    def asks_of_a_repair(self) -> bool:
        """Whether it is about a repair that is under way, not about repairs as such."""
        if self.concepts & {"ready_question", "repair_state"} or self.intents_of(_WITH_US):
            return not self.asks_price
        in_general = (
            self.asks_price
            or self.intents_of({*OF_THE_SHOP, "warranty"})
            or reading.is_in_general(self.words)
        )
        return bool(self.intents_of({"status", "when"})) and not in_general

    def intents_of(self, those: Collection[str]) -> frozenset[str]:
        return frozenset(those).intersection(self.intents)

    @property
    def situation(self) -> Situation:
        recent = [one.text for one in self.said if one.teller == "customer"]
        question = Question(self.words, self.language, self.device, recent=tuple(recent[-4:-1]))
        moment = Moment(self.talk.conversation_id, self.turn.upto, self.record.version)
        return Situation(moment, question, self.said, self.record)
