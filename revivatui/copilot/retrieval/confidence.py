"""Whether the best answer is good enough to be vouched for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from revivatui.copilot.retrieval.fusion import Opinion

if TYPE_CHECKING:
    from revivatui.copilot.retrieval.library import Asked

LEAST_SHOWN: Final = 0.25
LEAST: Final = 0.7


def reason_to_abstain(
    asked: Asked, scores: Sequence[float], opinions: Mapping[int, Opinion], order: Sequence[int]
) -> str:
    """Plain words; "" where the best one is vouched for."""
    if not asked.question.text.strip():
        return "There is nothing to answer yet."
    if not scores or scores[0] < LEAST_SHOWN:
        return "Nothing fits what was asked."
    if scores[0] < LEAST:
        return "Nothing fits well enough."
    return ""
