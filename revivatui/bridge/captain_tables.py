"""Captain's own tables, beside the bridge's in the CRM's database.

A bot cannot read conversations: what is known of one is what its webhook told, and that lies here.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
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

TALKS: Final = Table(
    "captain_talks",
    METADATA,
    Column("account_id", BigInteger, primary_key=True),
    Column("conversation_id", BigInteger, primary_key=True),
    Column("inbox_id", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("contact_id", BigInteger, nullable=False),
    Column("contact_name", Text, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("status_version", Float, nullable=False),
    Column("status_message_id", BigInteger, nullable=False),
    Column("mode", Text, nullable=False),
    Column("opened_at", Float, nullable=False),
    Column("opened_message_id", BigInteger, nullable=False),
    Column("opened_version", Float, nullable=False),
    Column("dealt_with", BigInteger, nullable=False),
    Column("language", Text, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("doubts", Integer, nullable=False),
    Column("tokens", Integer, nullable=False),
    Column("introduced", Boolean, nullable=False),
    Column("identity", Text, nullable=False),
    Column("seen_at", Float, nullable=False, index=True),
    Index("ix_captain_talks_contact_id", "contact_id"),
)
"""Conversations as captain knows them."""

HEARD: Final = Table(
    "captain_heard",
    METADATA,
    Column("account_id", BigInteger, primary_key=True),
    Column("message_id", BigInteger, primary_key=True),
    Column("conversation_id", BigInteger, nullable=False),
    Column("teller", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("files", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Column("reference", Text, nullable=False),
    Index("ix_captain_heard_conversation", "account_id", "conversation_id", "message_id"),
)
"""What was said, by message; passcodes are masked before it is kept."""

TURNS: Final = Table(
    "captain_turns",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("account_id", BigInteger, nullable=False),
    Column("conversation_id", BigInteger, nullable=False),
    Column("lane", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Float, nullable=False),
    Column("error", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Index("ix_captain_turns_waiting", "lane", unique=True, sqlite_where=text("state = 'new'"),
          postgresql_where=text("state = 'new'")),
)  # fmt: skip
"""That a customer said something which nobody dealt with yet: one waiting row each conversation."""

SAYINGS: Final = Table(
    "captain_sayings",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("account_id", BigInteger, nullable=False),
    Column("conversation_id", BigInteger, nullable=False),
    Column("lane", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("for_message", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("begun", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Float, nullable=False),
    Column("error", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("done_at", Float),
    Index("ix_captain_sayings_once", "account_id", "kind", "conversation_id", "for_message",
          unique=True, sqlite_where=text("state != 'dropped'"),
          postgresql_where=text("state != 'dropped'")),
    Index("ix_captain_sayings_waiting", "lane", "id", sqlite_where=text("state = 'new'"),
          postgresql_where=text("state = 'new'")),
    Index("ix_captain_sayings_state", "state", "created_at"),
)  # fmt: skip
"""What captain is to say or do: reply, note, open. `for_message` is the customer's last message
that it is about, so that no turn is answered twice."""

COUNTS: Final = Table(
    "captain_counts",
    METADATA,
    Column("day", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)
"""What was done a day: answered, held back, handed off by reason, tokens."""

TRIES: Final = Table(
    "captain_tries",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("who", Text, nullable=False),
    Column("at", Float, nullable=False),
    Index("ix_captain_tries_who", "who", "at"),
)
"""Tries to show who one is by a repair's number, so that nobody can try them all."""
