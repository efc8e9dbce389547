"""What a repair shop knows of people, devices, its own house and its services: frozen records.

Ids are UUIDs of version 7 as text, moments are aware datetimes in UTC, amounts are `Money`. Words
with a fixed set of values are the `Literal` types beside their records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from revivatui.crm.devices import Category
from revivatui.crm.money import Money
from revivatui.state.records import dataclass

Attributes = Mapping[str, Any]

CustomerType = Literal["individual", "business", "education", "trade"]
PartQuality = Literal["", "original", "premium", "aftermarket", "refurb"]
ServiceCategory = Literal[
    "data_recovery",
    "screen",
    "battery",
    "board",
    "storage",
    "memory",
    "keyboard",
    "port",
    "liquid",
    "software",
    "virus",
    "diagnostic",
    "setup",
    "onsite",
]
SERVICE_CATEGORIES: Final[tuple[ServiceCategory, ...]] = (
    "data_recovery",
    "screen",
    "battery",
    "board",
    "storage",
    "memory",
    "keyboard",
    "port",
    "liquid",
    "software",
    "virus",
    "diagnostic",
    "setup",
    "onsite",
)
"""The order in which services are shown: data recovery is what the shop is known for."""


@dataclass(frozen=True, slots=True)
class Customer:
    id: str
    name: str
    created_at: datetime
    """The registration date."""
    updated_at: datetime
    email: str = ""
    phone: str = ""
    """E.164: "+351…"."""
    type: CustomerType = "individual"
    language: str = "en"
    """BCP 47."""
    loyalty_tier: str = "none"
    source: str = ""
    """Where they came from: "chat_widget", "counter"."""
    company_name: str = ""
    tax_id: str = ""
    marketing_consent: bool = False
    notes: str = ""
    blocked: bool = False
    custom_attributes: Attributes = field(default_factory=dict)
    """`chatwoot_contact_id`, `last_chat_conversation` and whatever the shop keeps besides."""
    merged_into_id: str | None = None
    """The customer who took this one's place, where two records were one person."""
    version: int = 1


@dataclass(frozen=True, slots=True)
class Device:
    id: str
    customer_id: str
    brand: str
    model: str
    created_at: datetime
    updated_at: datetime
    category: Category = "other"
    model_identifier: str = ""
    """What the maker prints on it: "iPhone15,2", "A2338"."""
    serial: str = ""
    imei: str = ""
    colour: str = ""
    storage: str = ""
    passcode_ref: str = ""
    """Where the passcode is kept: a name in a secret store, never the passcode."""
    find_my_state: Literal["unknown", "on", "off"] = "unknown"
    notes: str = ""

    @property
    def label(self) -> str:
        """Brand and model as people say them: "iPhone 13", "Samsung Galaxy S22"."""
        if self.brand in ("", "Apple") or self.model.casefold().startswith(self.brand.casefold()):
            return self.model
        return f"{self.brand} {self.model}"


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When a shop is open on a weekday (0 is Monday), as "09:00" and "18:00"."""

    weekday: int
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Location:
    """One shop of a chain. `code` tells its numbers from those of the others ("R-B2041")."""

    id: str
    name: str
    code: str = ""
    timezone: str = "UTC"
    address: str = ""
    phone: str = ""
    email: str = ""
    business_hours: tuple[OpeningHours, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Technician:
    id: str
    name: str
    email: str = ""
    skills: tuple[str, ...] = ()
    location_id: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class LoyaltyTier:
    """Who reaches `min_spend` or `min_repairs` within the window has the tier. `rank` orders."""

    code: str
    rank: int
    window_months: int = 24
    min_spend: Money | None = None
    min_repairs: int | None = None
    labour_discount_percent: Decimal = Decimal(0)
    perks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceItem:
    """A line of the catalogue. A price without an upper end is fixed, without both is asked for."""

    code: str
    name: str
    category: ServiceCategory
    currency: str
    price_from: Money | None = None
    price_to: Money | None = None
    device_brand: str = ""
    device_model: str = ""
    device_category: Category | Literal[""] = ""
    """The devices it is for; an empty one fits all."""
    description: str = ""
    duration_min: int | None = None
    turnaround_days: int | None = None
    warranty_months: int = 0
    part_quality: PartQuality = ""
    requires_diagnosis: bool = False
    no_data_no_fee: bool = False
    position: int = 0
    """The place within its category."""
    active: bool = True
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class CannedMirror:
    """A canned response of the chat, kept here for suggestions."""

    short_code: str
    content: str
    language: str = ""
    aliases: tuple[str, ...] = ()
    used_count: int = 0
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExternalRef:
    """What one of our records is called in another system. One to one, both ways."""

    system: str
    """"chatwoot", "syncro"."""
    account: str
    """Which of them: an installation and its account, a subdomain."""
    kind: str
    """"customer", "ticket"."""
    external_id: str
    local_id: str
    etag: str = ""
    payload_hash: str = ""
    updated_at: datetime | None = None
