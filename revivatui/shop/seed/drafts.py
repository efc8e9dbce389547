"""What the seed makes before it has ids: conversations and messages in the shop's words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from revivatui.shop.seed.pictures import MadeFile

MICROS: Final = 1_000_000
MINUTE: Final = 60 * MICROS
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

Status = Literal["open", "pending", "snoozed", "resolved"]
Kind = Literal["incoming", "outgoing", "activity", "template"]


@dataclass(slots=True)
class Staff:
    """The people of the shop as the seed needs them: the first agent is the demo's own."""

    administrator: Agent
    agents: tuple[Agent, ...]

    @property
    def own(self) -> Agent:
        """Whom the demo signs in as."""
        return self.agents[0]


@dataclass(frozen=True, slots=True)
class Agent:
    """A user's id and the names that stand in texts."""

    id: int
    name: str
    email: str


@dataclass(slots=True)
class DraftMessage:
    """A message; ``at`` in microseconds. ``author`` is a user's id, None the customer or nobody."""

    at: int
    kind: Kind
    content: str | None
    author: int | None = None
    private: bool = False
    status: str = "sent"
    content_type: str = "text"
    attributes: dict[str, Any] = field(default_factory=dict)
    source_id: str | None = None
    file: MadeFile | None = None
    reply_to: DraftMessage | None = None
    mentions: tuple[int, ...] = ()
    rating: int | None = None
    feedback: str | None = None
    id: int = 0

    @property
    def is_chat(self) -> bool:
        """Whether a person said it to the other side."""
        return self.kind in ("incoming", "outgoing") and not self.private


@dataclass(slots=True)
class DraftConversation:
    """A conversation and its whole history, oldest message first."""

    customer: int
    inbox: int
    status: Status
    messages: list[DraftMessage]
    assignee: int | None = None
    team: int | None = None
    priority: str | None = None
    labels: tuple[str, ...] = ()
    snoozed_until: int | None = None
    custom_attributes: dict[str, Any] = field(default_factory=dict)
    additional_attributes: dict[str, Any] = field(default_factory=dict)
    seen_all: bool = False

    @property
    def created_at(self) -> int:
        """It begins with its first message."""
        return self.messages[0].at

    @property
    def last_activity_at(self) -> int:
        """The time of the last message of any kind."""
        return self.messages[-1].at

    @property
    def first_reply_at(self) -> int | None:
        """The first thing an agent said to the customer."""
        return next((m.at for m in self.messages if m.kind == "outgoing" and m.is_chat), None)

    @property
    def waiting_since(self) -> int | None:
        """When the customer began to wait for the next answer; None when answered."""
        since: int | None = None
        for message in self.messages:
            if not message.is_chat:
                continue
            if message.kind == "outgoing":
                since = None
            elif since is None:
                since = message.at
        return since

    @property
    def agent_seen_at(self) -> int | None:
        """Agents have read everything up to their own last words, or all of it."""
        if self.seen_all:
            return self.last_activity_at
        own = [m.at for m in self.messages if m.kind == "outgoing"]
        return own[-1] if own else None
