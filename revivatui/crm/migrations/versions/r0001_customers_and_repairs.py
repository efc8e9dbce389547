"""Customers, devices, the house, repairs with their history, quotes, tickets, changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
EXACT = sa.String().with_variant(sa.NUMERIC(), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

TABLES = (
    "changes",
    "counters",
    "customers",
    "external_refs",
    "locations",
    "loyalty_tiers",
    "services",
    "devices",
    "technicians",
    "tickets",
    "repairs",
    "quotes",
    "repair_events",
    "warranties",
    "quote_lines",
)


def upgrade() -> None:
    _changes()
    _counters()
    _customers()
    _external_refs()
    _locations()
    _loyalty_tiers()
    _services()
    _devices()
    _technicians()
    _tickets()
    _repairs()
    _quotes()
    _repair_events()
    _warranties()
    _quote_lines()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("local_id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "local_id", name=op.f("pk_changes")),
    )
    op.create_index(op.f("uq_changes_sequence"), "changes", ["sequence"], unique=True)


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("shop_code", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("shop_code", "letter", name=op.f("pk_counters")),
    )


def _customers() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("loyalty_tier", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("company_name", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.Text(), nullable=False),
        sa.Column("marketing_consent", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("custom_attributes", JSON, nullable=False),
        sa.Column("merged_into_id", sa.String(36), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("phone_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["customers.id"], name=op.f("fk_customers_merged_into_id")
        ),
    )
    op.create_index(op.f("ix_customers_email_key"), "customers", ["email_key"])
    op.create_index(op.f("ix_customers_merged_into_id"), "customers", ["merged_into_id"])
    op.create_index(op.f("ix_customers_phone_key"), "customers", ["phone_key"])


def _external_refs() -> None:
    op.create_table(
        "external_refs",
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("local_id", sa.String(36), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("payload_hash", sa.Text(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint(
            "system", "account", "kind", "external_id", name=op.f("pk_external_refs")
        ),
        sa.UniqueConstraint(
            "system",
            "account",
            "kind",
            "local_id",
            name=op.f("uq_external_refs_system_account_kind_local_id"),
        ),
    )
    op.create_index(op.f("ix_external_refs_local_id"), "external_refs", ["local_id"])


def _locations() -> None:
    op.create_table(
        "locations",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("business_hours", JSON, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
        sa.UniqueConstraint("code", name=op.f("uq_locations_code")),
    )


def _loyalty_tiers() -> None:
    op.create_table(
        "loyalty_tiers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("window_months", sa.Integer(), nullable=False),
        sa.Column("min_spend_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("min_repairs", sa.Integer(), nullable=True),
        sa.Column("labour_discount_percent", EXACT, nullable=False),
        sa.Column("perks", JSON, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_loyalty_tiers")),
    )


def _services() -> None:
    op.create_table(
        "services",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("price_from_minor", sa.BigInteger(), nullable=True),
        sa.Column("price_to_minor", sa.BigInteger(), nullable=True),
        sa.Column("device_brand", sa.Text(), nullable=False),
        sa.Column("device_model", sa.Text(), nullable=False),
        sa.Column("device_category", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("duration_min", sa.Integer(), nullable=True),
        sa.Column("turnaround_days", sa.Integer(), nullable=True),
        sa.Column("warranty_months", sa.Integer(), nullable=False),
        sa.Column("part_quality", sa.Text(), nullable=False),
        sa.Column("requires_diagnosis", sa.Boolean(), nullable=False),
        sa.Column("no_data_no_fee", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_services")),
    )


def _devices() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("customer_id", sa.String(36), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("model_identifier", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("imei", sa.Text(), nullable=False),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("storage", sa.Text(), nullable=False),
        sa.Column("passcode_ref", sa.Text(), nullable=False),
        sa.Column("find_my_state", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_devices_customer_id")
        ),
    )
    op.create_index(op.f("ix_devices_customer_id"), "devices", ["customer_id"])
    op.create_index(op.f("ix_devices_imei"), "devices", ["imei"])
    op.create_index(op.f("ix_devices_serial"), "devices", ["serial"])


def _technicians() -> None:
    op.create_table(
        "technicians",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("skills", JSON, nullable=False),
        sa.Column("location_id", sa.String(36), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_technicians")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_technicians_location_id")
        ),
    )
    op.create_index(op.f("ix_technicians_location_id"), "technicians", ["location_id"])


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.String(36), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("location_id", sa.String(36), nullable=True),
        sa.Column("metadata", JSON, nullable=False),
        sa.Column("assignee_id", sa.String(36), nullable=True),
        sa.Column("resolution_notes", sa.Text(), nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("resolved_by", sa.Text(), nullable=False),
        sa.Column("reopened_count", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["technicians.id"], name=op.f("fk_tickets_assignee_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_tickets_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_tickets_location_id")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
    )
    op.create_index(op.f("ix_tickets_customer_id_status"), "tickets", ["customer_id", "status"])


def _repairs() -> None:
    op.create_table(
        "repairs",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.String(36), nullable=False),
        sa.Column("device_id", sa.String(36), nullable=False),
        sa.Column("ticket_id", sa.String(36), nullable=True),
        sa.Column("location_id", sa.String(36), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("intake_condition", sa.Text(), nullable=False),
        sa.Column("accessories", JSON, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_words", sa.Text(), nullable=False),
        sa.Column("technician_id", sa.String(36), nullable=True),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("promised_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=True),
        sa.Column("diagnosed_at", MOMENT, nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("tested_at", MOMENT, nullable=True),
        sa.Column("ready_at", MOMENT, nullable=True),
        sa.Column("collected_at", MOMENT, nullable=True),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("is_warranty", sa.Boolean(), nullable=False),
        sa.Column("warranty_of_repair_id", sa.String(36), nullable=True),
        sa.Column("invoice_ref", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repairs")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_repairs_customer_id")
        ),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_repairs_device_id")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_repairs_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_repairs_technician_id")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_repairs_ticket_id")),
        sa.ForeignKeyConstraint(
            ["warranty_of_repair_id"], ["repairs.id"], name=op.f("fk_repairs_warranty_of_repair_id")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_repairs_number")),
    )
    op.create_index(op.f("ix_repairs_created_at_id"), "repairs", ["created_at", "id"])
    op.create_index(op.f("ix_repairs_customer_id"), "repairs", ["customer_id"])
    op.create_index(op.f("ix_repairs_device_id"), "repairs", ["device_id"])
    op.create_index(op.f("ix_repairs_status_created_at"), "repairs", ["status", "created_at"])
    op.create_index(op.f("ix_repairs_ticket_id"), "repairs", ["ticket_id"])


def _quotes() -> None:
    op.create_table(
        "quotes",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("repair_id", sa.String(36), nullable=False),
        sa.Column("location_id", sa.String(36), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("subtotal_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_total_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_total_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("prices_include_tax", sa.Boolean(), nullable=False),
        sa.Column("valid_until", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decline_reason", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.String(36), nullable=True),
        sa.Column("invoice_ref", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_quotes_location_id")
        ),
        sa.ForeignKeyConstraint(["repair_id"], ["repairs.id"], name=op.f("fk_quotes_repair_id")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["quotes.id"], name=op.f("fk_quotes_supersedes_id")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_quotes_number")),
    )
    op.create_index(op.f("ix_quotes_repair_id"), "quotes", ["repair_id"])
    op.create_index(op.f("ix_quotes_status"), "quotes", ["status"])


def _repair_events() -> None:
    op.create_table(
        "repair_events",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("repair_id", sa.String(36), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=True),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_events")),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repairs.id"], name=op.f("fk_repair_events_repair_id")
        ),
    )
    op.create_index(op.f("ix_repair_events_repair_id"), "repair_events", ["repair_id"])


def _warranties() -> None:
    op.create_table(
        "warranties",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("repair_id", sa.String(36), nullable=False),
        sa.Column("device_id", sa.String(36), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warranties")),
        sa.ForeignKeyConstraint(
            ["device_id"], ["devices.id"], name=op.f("fk_warranties_device_id")
        ),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repairs.id"], name=op.f("fk_warranties_repair_id")
        ),
    )
    op.create_index(op.f("ix_warranties_device_id"), "warranties", ["device_id"])
    op.create_index(op.f("ix_warranties_repair_id"), "warranties", ["repair_id"])


def _quote_lines() -> None:
    op.create_table(
        "quote_lines",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("quote_id", sa.String(36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("service_code", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", EXACT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", EXACT, nullable=False),
        sa.Column("discount_percent", EXACT, nullable=False),
        sa.Column("line_total_minor", sa.BigInteger(), nullable=False),
        sa.Column("part_quality", sa.Text(), nullable=False),
        sa.Column("warranty_months", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_lines")),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name=op.f("fk_quote_lines_quote_id")),
        sa.UniqueConstraint("quote_id", "position", name=op.f("uq_quote_lines_quote_id_position")),
    )
