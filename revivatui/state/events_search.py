"""What happens while words are looked for in messages: part of `revivatui.state.events`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.state.searching import Hit


@dataclass(frozen=True, slots=True)
class SearchStarted:
    """Words are looked for in messages; an empty text ends the search."""

    number: int
    text: str
    conversation_id: int | None = None


@dataclass(frozen=True, slots=True)
class SearchFound:
    """What one source found (`searching.MACHINE` or `SERVER`), in how many seconds."""

    number: int
    source: str
    hits: tuple[Hit, ...]
    seconds: float
    more: bool
    """Older ones were left out."""


@dataclass(frozen=True, slots=True)
class SearchFailed:
    """One source did not search; why, as a sentence."""

    number: int
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class MessageSought:
    """The message of a conversation that the thread is to show; None: no longer wanted."""

    conversation_id: int
    message_id: int | None
