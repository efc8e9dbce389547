"""What was thought about conversations, kept with what it was thought from: a chat about which
nothing changed since is not thought about again."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from revivatui.screens.copilot_advice import Advice
    from revivatui.screens.copilot_asked import Asked, Key

KEPT: Final = 100
"""Conversations whose suggestions are kept: as many as have a picture of the CRM's."""
FRESH: Final = 60.0
"""Seconds for which they hold by themselves: "today" and the hours of the shop go on."""


class _Thought(NamedTuple):
    advice: Advice
    key: Key
    at: float
    season: int


class Thoughts:
    """By conversation; those that were looked at last stay."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, _Thought] = OrderedDict()
        self.season = 0
        """Grows with what thoughts are made from; one begun in an earlier season is old."""

    def __iter__(self) -> Iterator[int]:
        return iter(tuple(self._kept))

    def keep(self, asked: Asked, advice: Advice, season: int) -> None:
        """Keep what was thought, in place of what was before; `season` when it was begun."""
        thought = _Thought(advice, asked.key, asked.now, season)
        self._kept[asked.conversation_id] = thought
        self._kept.move_to_end(asked.conversation_id)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def of(self, conversation_id: int) -> Advice | None:
        """What is kept for a conversation, however old it is."""
        kept = self._kept.get(conversation_id)
        return None if kept is None else kept.advice

    def hold_for(self, asked: Asked) -> bool:
        """Whether thinking about this now would say the same again."""
        kept = self._kept.get(asked.conversation_id)
        if kept is None or kept.season != self.season or not _is_checked(kept.advice):
            return False
        return 0 <= asked.now - kept.at < FRESH and asked.key.is_in(kept.key, asked.is_whole)

    def outdate(self) -> None:
        """The shop's texts are others, or something was learned: what is kept is shown until it
        was thought about again."""
        self.season += 1

    def forget(self, conversation_ids: Iterable[int]) -> None:
        for number in conversation_ids:
            self._kept.pop(number, None)

    def clear(self) -> None:
        self._kept.clear()


def _is_checked(advice: Advice) -> bool:
    return all(one.is_checked for one in advice.shown)
