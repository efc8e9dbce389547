"""What is asked of a CRM to make: a customer, a repair, a quote, a ticket, a comment, a visit.

A wish has no id and no moment of its own making; whoever fulfils it gives them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from revivatui.crm.money import Money
from revivatui.crm.records import CustomerType, PartQuality
from revivatui.crm.records_repairs import (
    AppointmentKind,
    AppointmentStatus,
    Cause,
    LineKind,
    RepairPriority,
)
from revivatui.crm.records_tickets import (
    Attachment,
    AuthorKind,
    ConversationKey,
    Direction,
    Priority,
    TicketStatus,
)
from revivatui.crm.workflow import RepairStatus
from revivatui.state.records import dataclass


@dataclass(frozen=True, slots=True)
class ExternalKey:
    """What another system calls a record: "chatwoot", "desk.example.com/1", "contact", "42"."""

    system: str
    account: str
    kind: str
    external_id: str


@dataclass(frozen=True, slots=True)
class CustomerWish:
    """A customer as somebody knows them. What is empty says nothing and erases nothing.

    `name_is_a_guess`: the chat made it up ("Silent-Fog-12"), so it never replaces one.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    customer_id: str = ""
    external: ExternalKey | None = None
    type: CustomerType | Literal[""] = ""
    language: str = ""
    source: str = ""
    company_name: str = ""
    tax_id: str = ""
    notes: str = ""
    marketing_consent: bool | None = None
    blocked: bool | None = None
    custom_attributes: Mapping[str, Any] = field(default_factory=dict)
    """Merged key by key; None takes a key away."""
    name_is_a_guess: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """A device handed over the counter, or a visit booked for one."""

    customer_id: str
    device_id: str
    location_id: str
    type: str
    actor: str
    fault: str = ""
    intake_condition: str = ""
    accessories: tuple[str, ...] = ()
    priority: RepairPriority = "medium"
    technician_id: str | None = None
    promised_at: datetime | None = None
    ticket_id: str | None = None
    warranty_of_repair_id: str | None = None
    handed_over: bool = True
    """Whether the device is here: checked in, or only booked."""


@dataclass(frozen=True, slots=True)
class RepairChange:
    """What to change of a repair besides its state. None leaves a thing as it is."""

    technician_id: str | None = None
    priority: RepairPriority | None = None
    promised_at: datetime | None = None
    fault: str | None = None
    accessories: tuple[str, ...] | None = None
    ticket_id: str | None = None
    invoice_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A repair to be moved on."""

    repair_id: str
    to: RepairStatus
    version: int
    actor: str
    note: str = ""
    public: bool = False
    cause: Cause = "user"


@dataclass(frozen=True, slots=True)
class LineWish:
    kind: LineKind
    description: str
    unit_price: Money
    quantity: Decimal = Decimal(1)
    service_code: str = ""
    tax_rate: Decimal = Decimal(0)
    discount_percent: Decimal = Decimal(0)
    part_quality: PartQuality = ""
    warranty_months: int = 0


@dataclass(frozen=True, slots=True)
class QuoteWish:
    repair_id: str
    currency: str
    line_items: tuple[LineWish, ...]
    actor: str
    prices_include_tax: bool = True
    valid_until: datetime | None = None
    terms: str = ""
    supersedes_id: str | None = None


@dataclass(frozen=True, slots=True)
class TicketWish:
    customer_id: str
    title: str
    description: str = ""
    priority: Priority = "medium"
    status: TicketStatus = "open"
    source: str = ""
    location_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    repair_ids: tuple[str, ...] = ()
    assignee_id: str | None = None


@dataclass(frozen=True, slots=True)
class TicketChange:
    """What to change of a ticket besides its state. None leaves a thing as it is."""

    title: str | None = None
    priority: Priority | None = None
    assignee_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """Merged key by key."""
    repair_ids: tuple[str, ...] = ()
    """Repairs that belong to it from now on, besides those it has."""


@dataclass(frozen=True, slots=True)
class CommentWish:
    """A comment as it is to be. One with a `chatwoot_message_id` is the same comment each time."""

    ticket_id: str
    content: str
    author: str
    author_kind: AuthorKind = "user"
    is_internal: bool = False
    direction: Direction = "none"
    attachments: tuple[Attachment, ...] = ()
    installation: str = ""
    chatwoot_message_id: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None
    source_updated_at: datetime | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class LinkWish:
    """A conversation to be remembered, and the ticket that somebody said it belongs to."""

    key: ConversationKey
    linked_by: str = ""
    ticket_id: str | None = None
    customer_id: str | None = None
    inbox_id: int | None = None
    contact_id: int | None = None
    status: str = ""
    assignee_id: int | None = None
    last_message_id: int | None = None
    context_hash: str = ""
    instead_of: str | None = None
    """The ticket it is linked to so far, where that is to be changed."""


@dataclass(frozen=True, slots=True)
class AppointmentWish:
    customer_id: str
    kind: AppointmentKind
    starts_at: datetime
    ends_at: datetime
    status: AppointmentStatus = "requested"
    repair_id: str | None = None
    ticket_id: str | None = None
    location_id: str | None = None
    technician_id: str | None = None
    notes: str = ""
    source: str = ""
