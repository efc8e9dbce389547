"""The tables of people, devices, the house and its services; `tables_work` has what happens.

Columns are named as the fields of their records; an amount is `<field>_minor` beside `currency`.
A column that ends in `_key` holds what is compared when somebody searches.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from revivatui.crm.records import OpeningHours
from revivatui.crm.store.types import Exact, Facts, Moment, Records, Texts, Words

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def own_id() -> Column[Any]:
    return Column("id", String(36), primary_key=True)


def ref(name: str, table: str, *, needed: bool = False, index: bool = True) -> Column[Any]:
    return Column(name, String(36), ForeignKey(f"{table}.id"), nullable=not needed, index=index)


def text(name: str) -> Column[Any]:
    return Column(name, Words, nullable=False)


def code(name: str, *, needed: bool = True, index: bool = False) -> Column[Any]:
    """A word of a fixed set, a language, a currency: short, and compared whole."""
    return Column(name, Words, nullable=not needed, index=index)


def flag(name: str) -> Column[Any]:
    return Column(name, Boolean, nullable=False)


def whole(name: str, *, needed: bool = True) -> Column[Any]:
    return Column(name, Integer, nullable=not needed)


def amount(name: str, *, needed: bool = True) -> Column[Any]:
    return Column(f"{name}_minor", BigInteger, nullable=not needed)


def exact(name: str) -> Column[Any]:
    return Column(name, Exact, nullable=False)


def moment(name: str, *, needed: bool = False) -> Column[Any]:
    return Column(name, Moment, nullable=not needed)


CUSTOMERS: Final = Table(
    "customers",
    METADATA,
    own_id(),
    text("name"),
    text("email"),
    text("phone"),
    code("type"),
    code("language"),
    code("loyalty_tier"),
    code("source"),
    text("company_name"),
    text("tax_id"),
    flag("marketing_consent"),
    text("notes"),
    flag("blocked"),
    Column("custom_attributes", Facts, nullable=False),
    ref("merged_into_id", "customers"),
    moment("created_at", needed=True),
    moment("updated_at", needed=True),
    whole("version"),
    text("name_key"),
    Column("email_key", Words, nullable=False, index=True),
    Column("phone_key", Words, nullable=False, index=True),
)

DEVICES: Final = Table(
    "devices",
    METADATA,
    own_id(),
    ref("customer_id", "customers", needed=True),
    text("brand"),
    text("model"),
    code("category"),
    text("model_identifier"),
    Column("serial", Words, nullable=False, index=True),
    Column("imei", Words, nullable=False, index=True),
    text("colour"),
    text("storage"),
    text("passcode_ref"),
    code("find_my_state"),
    text("notes"),
    moment("created_at", needed=True),
    moment("updated_at", needed=True),
)

LOCATIONS: Final = Table(
    "locations",
    METADATA,
    own_id(),
    text("name"),
    code("code"),
    code("timezone"),
    text("address"),
    text("phone"),
    text("email"),
    Column("business_hours", Records(OpeningHours), nullable=False),
    flag("active"),
    UniqueConstraint("code"),
)

TECHNICIANS: Final = Table(
    "technicians",
    METADATA,
    own_id(),
    text("name"),
    text("email"),
    Column("skills", Texts, nullable=False),
    ref("location_id", "locations"),
    flag("active"),
)

LOYALTY_TIERS: Final = Table(
    "loyalty_tiers",
    METADATA,
    Column("code", Words, primary_key=True),
    whole("rank"),
    whole("window_months"),
    amount("min_spend", needed=False),
    code("currency", needed=False),
    whole("min_repairs", needed=False),
    exact("labour_discount_percent"),
    Column("perks", Texts, nullable=False),
)

SERVICES: Final = Table(
    "services",
    METADATA,
    Column("code", Words, primary_key=True),
    text("name"),
    code("category"),
    code("currency"),
    amount("price_from", needed=False),
    amount("price_to", needed=False),
    text("device_brand"),
    text("device_model"),
    code("device_category"),
    text("description"),
    whole("duration_min", needed=False),
    whole("turnaround_days", needed=False),
    whole("warranty_months"),
    code("part_quality"),
    flag("requires_diagnosis"),
    flag("no_data_no_fee"),
    whole("position"),
    flag("active"),
    Column("valid_from", Date),
    Column("valid_to", Date),
)

CANNED_MIRRORS: Final = Table(
    "canned_mirrors",
    METADATA,
    Column("short_code", Words, primary_key=True),
    text("content"),
    code("language"),
    Column("aliases", Texts, nullable=False),
    whole("used_count"),
    moment("last_used_at"),
)

EXTERNAL_REFS: Final = Table(
    "external_refs",
    METADATA,
    Column("system", Words, primary_key=True),
    Column("account", Words, primary_key=True),
    Column("kind", Words, primary_key=True),
    Column("external_id", Words, primary_key=True),
    Column("local_id", String(36), nullable=False, index=True),
    text("etag"),
    text("payload_hash"),
    moment("updated_at"),
    UniqueConstraint("system", "account", "kind", "local_id"),
)

COUNTERS: Final = Table(
    "counters",
    METADATA,
    Column("shop_code", Words, primary_key=True),
    Column("letter", Words, primary_key=True),
    whole("last"),
)
"""The last human number given out, by shop and by the letter of what is numbered."""

CHANGES: Final = Table(
    "changes",
    METADATA,
    Column("kind", Words, primary_key=True),
    Column("local_id", Words, primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    moment("at", needed=True),
    Index("uq_changes_sequence", "sequence", unique=True),
)
"""The last change of each record, in the order in which they were committed."""
