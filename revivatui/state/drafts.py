"""What is being written, by conversation and mode, and when it has to be on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from revivatui.state.models import Draft

if TYPE_CHECKING:
    from revivatui.state.state import State

SAVED_WITHIN: Final = 1.0
"""Seconds from a key to the disk (design rule 6)."""


def draft_of(state: State, conversation_id: int, private: bool) -> Draft | None:
    return state.drafts.get((conversation_id, private))


def written(conversation_id: int, private: bool, text: str, at: float) -> Draft:
    """A draft as it now reads; only blanks are no draft."""
    return Draft(conversation_id, private, text if text.strip() else "", at)


def newer(held: Draft | None, told: Draft) -> bool:
    """Whether a draft may replace the one held: two windows of one desk share the file."""
    return held is None or told.saved_at >= held.saved_at
