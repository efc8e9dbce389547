"""What an administrator reads and is answered (contract 5)."""

from __future__ import annotations

from pydantic import Field

from revivatui.api.schemas.base import Attributes, Line, Stamp, Text, Wire
from revivatui.api.schemas.inboxes import WorkingHours
from revivatui.api.schemas.people import Agent


class AutoAssignment(Wire):
    max_assignment_limit: int | None = None


class InboxSetup(Wire):
    """The part of an inbox that is changed here (contract 5.3)."""

    id: int
    name: Line | None = None
    channel_type: Line | None = None
    greeting_enabled: bool | None = None
    greeting_message: Text | None = None
    working_hours_enabled: bool | None = None
    working_hours: list[WorkingHours] | None = None
    out_of_office_message: Text | None = None
    timezone: Line | None = None
    enable_auto_assignment: bool | None = None
    auto_assignment_config: AutoAssignment | None = None


class InboxSetups(Wire):
    payload: list[InboxSetup]


class Macro(Wire):
    id: int
    name: Line | None = None
    visibility: Line | None = None
    created_by: Agent | None = None
    actions: list[Attributes] = Field(default_factory=list)


class Macros(Wire):
    payload: list[Macro]


class Webhook(Wire):
    id: int
    name: Line | None = None
    url: Line
    subscriptions: list[Line] = Field(default_factory=list)
    inbox: Attributes | None = None


class Webhooks(Wire):
    class Payload(Wire):
        webhooks: list[Webhook]

    payload: Payload


class Policy(Wire):
    """4.x (contract 5.9)."""

    id: int
    name: Line | None = None
    description: Line | None = None
    assignment_order: Line | None = None
    conversation_priority: Line | None = None
    fair_distribution_limit: int | None = None
    fair_distribution_window: int | None = None
    enabled: bool | None = None
    assigned_inbox_count: int | None = None


class PolicyInboxes(Wire):
    class Inbox(Wire):
        id: int

    inboxes: list[Inbox] = Field(default_factory=list)


class AuditLogs(Wire):
    class Entry(Wire):
        id: int
        auditable_id: int | None = None
        auditable_type: Line | None = None
        username: Line | None = None
        action: Line | None = None
        audited_changes: Attributes | None = None
        created_at: Stamp = None
        remote_address: Line | None = None

    per_page: int = 15
    total_entries: int = 0
    current_page: int = 1
    audit_logs: list[Entry] = Field(default_factory=list)


class Made(Wire):
    """The answer to a change, as far as it names what was made: flat, under `payload`, or under
    `payload.webhook`."""

    id: int | None = None
    payload: Made | list[object] | None = None
    webhook: Made | None = None

    @property
    def made_id(self) -> int | None:
        inner = self.payload if isinstance(self.payload, Made) else self.webhook
        return self.id if self.id is not None or inner is None else inner.made_id
