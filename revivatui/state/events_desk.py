"""What can happen at the desk itself: who sits there, what was noticed, other texts for a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from revivatui.state.models import OtherDraft
from revivatui.state.records import dataclass

if TYPE_CHECKING:
    from revivatui.state.presence_log import Standing


@dataclass(frozen=True, slots=True)
class LookChanged:
    """The terminal got the focus or lost it, as far as it tells."""

    looking: bool


@dataclass(frozen=True, slots=True)
class HungUp:
    """The desk became a wallboard, on which nobody reads threads; or is a desk again."""

    on: bool


@dataclass(frozen=True, slots=True)
class AgentAway:
    """No key and no mouse since a moment (epoch seconds); None: the agent is back."""

    since: float | None
    at: float


@dataclass(frozen=True, slots=True)
class NotificationsRead:
    """The agent marked notifications read; None: all of them. No event of the server tells."""

    ids: tuple[int, ...] | None
    at: float


@dataclass(frozen=True, slots=True)
class OtherDraftsSeen:
    """What other windows of this machine hold for a conversation, open or closed: all of it."""

    conversation_id: int
    drafts: tuple[OtherDraft, ...]


@dataclass(frozen=True, slots=True)
class ServerDraftSeen:
    """What the server keeps for a conversation, shared by all agents; "" for nothing."""

    conversation_id: int
    text: str


@dataclass(frozen=True, slots=True)
class OfferDeclined:
    """The agent does not want this text for this conversation."""

    conversation_id: int
    text: str


@dataclass(frozen=True, slots=True)
class StandingsRecalled:
    """What everybody was when another desk of this profile ended, a moment ago."""

    standings: Mapping[int, Standing]


DeskEvent = (
    StandingsRecalled
    | LookChanged
    | HungUp
    | AgentAway
    | NotificationsRead
    | OtherDraftsSeen
    | ServerDraftSeen
    | OfferDeclined
)
