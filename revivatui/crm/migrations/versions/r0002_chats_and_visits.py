"""Comments and conversations of chats, appointments, canned responses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

TABLES = (
    "canned_mirrors",
    "chat_conversations",
    "ticket_comments",
    "appointments",
)


def upgrade() -> None:
    _canned_mirrors()
    _chat_conversations()
    _ticket_comments()
    _appointments()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _canned_mirrors() -> None:
    op.create_table(
        "canned_mirrors",
        sa.Column("short_code", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("aliases", JSON, nullable=False),
        sa.Column("used_count", sa.Integer(), nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("short_code", name=op.f("pk_canned_mirrors")),
    )


def _chat_conversations() -> None:
    op.create_table(
        "chat_conversations",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("installation", sa.Text(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("chatwoot_id", sa.BigInteger(), nullable=False),
        sa.Column("inbox_id", sa.BigInteger(), nullable=True),
        sa.Column("contact_id", sa.BigInteger(), nullable=True),
        sa.Column("customer_id", sa.String(36), nullable=True),
        sa.Column("crm_ticket_id", sa.String(36), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("last_message_id", sa.BigInteger(), nullable=True),
        sa.Column("context_hash", sa.Text(), nullable=False),
        sa.Column("linked_by", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_conversations")),
        sa.ForeignKeyConstraint(
            ["crm_ticket_id"], ["tickets.id"], name=op.f("fk_chat_conversations_crm_ticket_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_chat_conversations_customer_id")
        ),
        sa.UniqueConstraint(
            "installation",
            "account_id",
            "chatwoot_id",
            name=op.f("uq_chat_conversations_installation_account_id_chatwoot_id"),
        ),
    )
    op.create_index(
        op.f("ix_chat_conversations_crm_ticket_id"), "chat_conversations", ["crm_ticket_id"]
    )
    op.create_index(
        op.f("ix_chat_conversations_customer_id"), "chat_conversations", ["customer_id"]
    )


def _ticket_comments() -> None:
    op.create_table(
        "ticket_comments",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("ticket_id", sa.String(36), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_kind", sa.Text(), nullable=False),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("attachments", JSON, nullable=False),
        sa.Column("installation", sa.Text(), nullable=False),
        sa.Column("chatwoot_message_id", sa.BigInteger(), nullable=True),
        sa.Column("metadata", JSON, nullable=False),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("source_updated_at", MOMENT, nullable=True),
        sa.Column("edited_at", MOMENT, nullable=True),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_comments")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_comments_ticket_id")
        ),
        sa.UniqueConstraint(
            "installation",
            "chatwoot_message_id",
            name=op.f("uq_ticket_comments_installation_chatwoot_message_id"),
        ),
    )
    op.create_index(
        op.f("ix_ticket_comments_ticket_id_created_at"),
        "ticket_comments",
        ["ticket_id", "created_at"],
    )


def _appointments() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("customer_id", sa.String(36), nullable=False),
        sa.Column("repair_id", sa.String(36), nullable=True),
        sa.Column("ticket_id", sa.String(36), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("location_id", sa.String(36), nullable=True),
        sa.Column("technician_id", sa.String(36), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("reminders_sent", JSON, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.CheckConstraint(
            "ends_at > starts_at", name=op.f("ck_appointments_ends_after_it_starts")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_appointments_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["locations.id"], name=op.f("fk_appointments_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repairs.id"], name=op.f("fk_appointments_repair_id")
        ),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technicians.id"], name=op.f("fk_appointments_technician_id")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_appointments_ticket_id")
        ),
    )
    op.create_index(op.f("ix_appointments_customer_id"), "appointments", ["customer_id"])
    op.create_index(op.f("ix_appointments_repair_id"), "appointments", ["repair_id"])
    op.create_index(op.f("ix_appointments_starts_at"), "appointments", ["starts_at"])
