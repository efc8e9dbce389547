"""The bridge's own tables. They lie in the CRM's database, so that one transaction holds both what
was done to the CRM and that it was done."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    text,
)

METADATA: Final = MetaData()

INBOX: Final = Table(
    "bridge_inbox",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("account_id", BigInteger, nullable=False),
    Column("delivery_id", Text, unique=True),
    Column("dedup_key", Text, nullable=False, unique=True),
    Column("event", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("received_at", Float, nullable=False),
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Float, nullable=False),
    Column("error", Text, nullable=False),
    Index("ix_bridge_inbox_waiting", "lane", "id", sqlite_where=text("state = 'new'"),
          postgresql_where=text("state = 'new'")),
    Index("ix_bridge_inbox_state", "state", "received_at"),
)  # fmt: skip
"""What came in. `state` is new, done, skipped or dead; the body is emptied once it is not new, so
that nothing a customer wrote lies here longer than it must."""

OUTBOX: Final = Table(
    "bridge_outbox",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("aggregatetype", Text, nullable=False),
    Column("aggregateid", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False, unique=True),
    Column("wanted", Integer, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Float, nullable=False),
    Column("error", Text, nullable=False),
    Column("done_at", Float),
    Index("ix_bridge_outbox_waiting", "lane", "id", sqlite_where=text("state = 'new'"),
          postgresql_where=text("state = 'new'")),
    Index("ix_bridge_outbox_state", "state", "created_at"),
)  # fmt: skip
"""What is to be written elsewhere. `wanted` counts how often it was asked for, so that a wish that
comes while it is being fulfilled is fulfilled too."""

CONVERSATIONS: Final = Table(
    "bridge_conversations",
    METADATA,
    Column("account_id", BigInteger, primary_key=True),
    Column("conversation_id", BigInteger, primary_key=True),
    Column("contact_id", BigInteger, nullable=False),
    Column("inbox_id", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Float),
    Column("last_interaction", Float),
    Index("ix_bridge_conversations_contact_id", "contact_id"),
)
"""Conversations as far as they are known here: which state of each was taken over last."""

CONTACTS: Final = Table(
    "bridge_contacts",
    METADATA,
    Column("account_id", BigInteger, primary_key=True),
    Column("contact_id", BigInteger, primary_key=True),
    Column("customer_id", String(36), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("seen", Text, nullable=False),
)
"""Which customer a contact is, and what of the customer came from the chat: only that may the chat
change again. `seen` is a fingerprint of what the contact said last."""

ECHOES: Final = Table(
    "bridge_echoes",
    METADATA,
    Column("fingerprint", Text, primary_key=True),
    Column("written_at", Float, nullable=False),
)
"""What was written to Chatwoot a short while ago, so that its echo is known as one."""

FIRED: Final = Table(
    "bridge_fired",
    METADATA,
    Column("mark", Text, primary_key=True),
    Column("at", Float, nullable=False),
)
"""Which rule acted on which repair or quote in which state, so that none does twice."""

SPENT: Final = Table(
    "bridge_spent",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("lane", Text, nullable=False),
    Column("at", Float, nullable=False, index=True),
    Index("ix_bridge_spent_lane", "lane", "at"),
)
"""Writes of the last minute, where several processes share them."""


HEARTBEATS: Final = Table(
    "bridge_heartbeats",
    METADATA,
    Column("minute", BigInteger, primary_key=True, autoincrement=False),
)
"""The minutes, counted since 1970, in which a bridge was there and could write."""

STATE: Final = Table(
    "bridge_state",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Single facts: how far the backfill came, what the last comparison found, who is paused."""
