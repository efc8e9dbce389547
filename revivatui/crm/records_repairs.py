"""What happens to a device: repairs and their history, quotes, appointments, warranties."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from revivatui.crm.money import Money
from revivatui.crm.records import PartQuality
from revivatui.crm.workflow import RepairStatus
from revivatui.state.records import dataclass

RepairPriority = Literal["low", "medium", "high", "urgent"]
Cause = Literal["user", "bridge", "crm_sync"]
QuoteStatus = Literal[
    "draft", "pending", "approved", "declined", "expired", "superseded", "invoiced"
]
Decider = Literal["", "customer", "agent"]
LineKind = Literal["labour", "part", "fee", "discount", "diagnostic"]
AppointmentKind = Literal["drop_off", "pick_up", "while_you_wait", "onsite", "remote", "phone"]
AppointmentStatus = Literal["requested", "confirmed", "arrived", "no_show", "cancelled", "done"]
WarrantyKind = Literal["parts", "labour", "battery", "data_recovery"]


@dataclass(frozen=True, slots=True)
class Repair:
    id: str
    number: str
    """What people say: "R-2041"."""
    customer_id: str
    device_id: str
    location_id: str
    type: str
    """The code of the service."""
    status: RepairStatus
    created_at: datetime
    updated_at: datetime
    status_words: str = ""
    """The other CRM's own word where `status` is unknown."""
    ticket_id: str | None = None
    fault: str = ""
    intake_condition: str = ""
    accessories: tuple[str, ...] = ()
    technician_id: str | None = None
    priority: RepairPriority = "medium"
    promised_at: datetime | None = None
    received_at: datetime | None = None
    diagnosed_at: datetime | None = None
    approved_at: datetime | None = None
    started_at: datetime | None = None
    tested_at: datetime | None = None
    ready_at: datetime | None = None
    collected_at: datetime | None = None
    cancelled_at: datetime | None = None
    is_warranty: bool = False
    warranty_of_repair_id: str | None = None
    invoice_ref: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class RepairEvent:
    """One line of a repair's history. Written once, never changed."""

    id: str
    repair_id: str
    at: datetime
    actor: str
    from_status: RepairStatus | None
    to_status: RepairStatus
    note: str = ""
    public: bool = False
    """Whether the customer may read the note."""
    cause: Cause = "user"


@dataclass(frozen=True, slots=True)
class QuoteLine:
    id: str
    quote_id: str
    position: int
    kind: LineKind
    description: str
    quantity: Decimal
    unit_price: Money
    line_total: Money
    service_code: str = ""
    tax_rate: Decimal = Decimal(0)
    """A share: 0.23 is 23 %."""
    discount_percent: Decimal = Decimal(0)
    part_quality: PartQuality = ""
    warranty_months: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    id: str
    number: str
    repair_id: str
    location_id: str
    status: QuoteStatus
    currency: str
    subtotal: Money
    """Without tax."""
    tax_total: Money
    discount_total: Money
    total_cost: Money
    """What the customer pays."""
    created_at: datetime
    updated_at: datetime
    prices_include_tax: bool = True
    valid_until: datetime | None = None
    sent_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: Decider = ""
    decline_reason: str = ""
    supersedes_id: str | None = None
    invoice_ref: str = ""
    terms: str = ""
    line_items: tuple[QuoteLine, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class Appointment:
    id: str
    customer_id: str
    kind: AppointmentKind
    starts_at: datetime
    ends_at: datetime
    status: AppointmentStatus
    created_at: datetime
    updated_at: datetime
    repair_id: str | None = None
    ticket_id: str | None = None
    location_id: str | None = None
    technician_id: str | None = None
    notes: str = ""
    reminders_sent: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Warranty:
    """A promise that ends on a day; nobody promises anything for recovered data."""

    id: str
    repair_id: str
    device_id: str
    kind: WarrantyKind
    starts_on: date
    months: int
    ends_on: date
    terms: str = ""
    void_reason: str = ""

    def holds_on(self, day: date) -> bool:
        return not self.void_reason and self.starts_on <= day <= self.ends_on
