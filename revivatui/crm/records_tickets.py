"""What was talked about: tickets, their comments, and the chat conversations they are linked to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any, Final, Literal

from revivatui.state.records import dataclass

Priority = Literal["low", "medium", "high", "urgent"]
TicketStatus = Literal["open", "pending", "snoozed", "resolved"]
TICKET_STATUSES: Final[tuple[TicketStatus, ...]] = ("open", "pending", "snoozed", "resolved")
AuthorKind = Literal["contact", "user", "bot", "system"]
Direction = Literal["incoming", "outgoing", "none"]


@dataclass(frozen=True, slots=True)
class Ticket:
    id: str
    number: str
    customer_id: str
    title: str
    status: TicketStatus
    created_at: datetime
    updated_at: datetime
    description: str = ""
    priority: Priority = "medium"
    source: str = ""
    """"chatwoot", "counter"."""
    location_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """`chatwoot_conversation_id`, `chatwoot_inbox_id`, `conversation_url`."""
    repair_ids: tuple[str, ...] = ()
    assignee_id: str | None = None
    resolution_notes: str = ""
    resolved_at: datetime | None = None
    resolved_by: str = ""
    reopened_count: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True)
class Attachment:
    url: str
    name: str = ""
    mime: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class TicketComment:
    id: str
    ticket_id: str
    content: str
    """Passcodes in it are masked."""
    author: str
    created_at: datetime
    author_kind: AuthorKind = "user"
    is_internal: bool = False
    direction: Direction = "none"
    attachments: tuple[Attachment, ...] = ()
    installation: str = ""
    """Which Chatwoot the message is from, where it is one."""
    chatwoot_message_id: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """`message_type` and whatever else the chat says about it."""
    masked: bool = False
    """Whether something was masked, so that an agent knows to look into the chat."""
    source_updated_at: datetime | None = None
    """When the chat last changed the message: older news does not overwrite newer."""
    edited_at: datetime | None = None
    deleted: bool = False
    """A tombstone: that there was a message stays, what it said goes."""


@dataclass(frozen=True, slots=True)
class ConversationKey:
    """Which conversation of which Chatwoot. Its number alone says nothing."""

    installation: str
    account_id: int
    chatwoot_id: int


@dataclass(frozen=True, slots=True)
class ChatConversation:
    """The remembered link between a conversation and a ticket: made by somebody, never guessed."""

    id: str
    installation: str
    account_id: int
    chatwoot_id: int
    created_at: datetime
    updated_at: datetime
    inbox_id: int | None = None
    contact_id: int | None = None
    customer_id: str | None = None
    crm_ticket_id: str | None = None
    status: str = ""
    """The chat's own word."""
    assignee_id: int | None = None
    last_message_id: int | None = None
    """Up to here its messages are comments."""
    context_hash: str = ""
    linked_by: str = ""
    resolved_at: datetime | None = None

    @property
    def key(self) -> ConversationKey:
        return ConversationKey(self.installation, self.account_id, self.chatwoot_id)
