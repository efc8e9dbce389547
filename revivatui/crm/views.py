"""What a CRM answers: records put together as a pane or a screen shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from revivatui.crm.money import Money
from revivatui.crm.records import Customer, Device
from revivatui.crm.records_repairs import Appointment, Quote, Repair, RepairEvent, Warranty
from revivatui.crm.records_tickets import ChatConversation, Ticket, TicketComment
from revivatui.crm.workflow import RepairStatus
from revivatui.state.records import dataclass

FoundBy = Literal["number", "serial", "imei", "phone", "email", "name"]
RecordKind = Literal[
    "customer",
    "device",
    "repair",
    "quote",
    "ticket",
    "comment",
    "conversation",
    "appointment",
    "warranty",
    "service",
    "technician",
    "location",
]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a CRM can do. What it cannot is shown grey."""

    has_webhooks: bool = False
    has_comments: bool = False
    can_set_status: bool = False
    notifies_customer_on_status: bool = False
    has_idempotency: bool = False
    can_take_in_repairs: bool = False
    can_quote: bool = False
    can_send_quotes: bool = False
    """Whether `send_quote` does anything; with a vendor it makes the vendor write to a customer."""
    has_appointments: bool = False
    has_warranties: bool = False
    has_invoices: bool = False
    can_edit_services: bool = False
    has_changes: bool = False
    counts_questions: bool = False
    """Only so many questions are answered, so none is asked before it is needed."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the CRM is. `words` is one plain sentence; `took` are the seconds of the answer."""

    ok: bool
    words: str
    took: float
    as_of: datetime


@dataclass(frozen=True, slots=True)
class RepairRow:
    """A repair as a list shows it."""

    repair: Repair
    customer_name: str
    device: Device
    technician_name: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class RepairFile:
    """Everything about one repair."""

    row: RepairRow
    customer: Customer
    events: tuple[RepairEvent, ...]
    """Oldest first."""
    quotes: tuple[Quote, ...]
    """Newest first."""
    warranties: tuple[Warranty, ...]


@dataclass(frozen=True, slots=True)
class RepairQuery:
    """Which repairs a list shows. Empty means all."""

    statuses: tuple[RepairStatus, ...] = ()
    location_id: str | None = None
    technician_id: str | None = None
    customer_id: str | None = None
    overdue: bool = False
    unclaimed: bool = False
    """Only what has been ready for long and was not collected (`workflow.is_unclaimed`)."""
    forgotten: bool = False
    """Only what has not moved for long (`workflow.is_forgotten`)."""
    closed: bool = True
    """Whether collected and cancelled ones are shown."""
    limit: int = 100
    after: str = ""
    """`RepairPage.next`, for the page after that one."""


@dataclass(frozen=True, slots=True)
class RepairPage:
    """Some of the repairs, most lately taken in first. `next` is "" on the last page."""

    rows: tuple[RepairRow, ...]
    next: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class RepairCounts:
    by_status: Mapping[RepairStatus, int]
    overdue: int
    unclaimed: int
    forgotten: int
    as_of: datetime


@dataclass(frozen=True, slots=True)
class DeviceHistory:
    device: Device
    repairs: tuple[RepairRow, ...]
    """Newest first."""
    warranties: tuple[Warranty, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One line of a search's answer."""

    by: FoundBy
    customer: Customer
    repair_id: str = ""
    ticket_id: str = ""
    quote_id: str = ""
    number: str = ""
    device: Device | None = None


@dataclass(frozen=True, slots=True)
class PendingQuote:
    quote: Quote
    repair_number: str
    device: Device
    expired: bool


@dataclass(frozen=True, slots=True)
class InvoiceDue:
    number: str
    total: Money
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What somebody who answers a customer must know of them."""

    customer: Customer
    total_repairs: int
    last_repair_at: datetime | None
    active: tuple[RepairRow, ...]
    """Every repair that is not over, however old it is."""
    recent: tuple[RepairRow, ...]
    """The ten newest, over or not."""
    recent_count: int
    """Repairs taken in within the last thirty days."""
    pending_quotes: tuple[PendingQuote, ...]
    appointments: tuple[Appointment, ...]
    warranties: tuple[Warranty, ...]
    open_tickets: tuple[Ticket, ...]
    devices: tuple[Device, ...]
    invoices_due: tuple[InvoiceDue, ...]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class TicketFile:
    """A ticket with its comments, oldest first, and the conversations it is linked to."""

    ticket: Ticket
    comments: tuple[TicketComment, ...]
    conversations: tuple[ChatConversation, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """That a record is not as it was; read it again."""

    kind: RecordKind
    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a cursor, each record once, and the cursor to ask with next."""

    changes: tuple[Change, ...]
    cursor: str
    more: bool
