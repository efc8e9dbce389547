"""Fill an empty shop with the raw rows of a recorded account.

The rows are those of ``lists-raw.jsonl.gz``: one JSON object each, ``table`` beside the columns,
times ISO with microseconds in UTC. What the rows name but do not hold (teams, channels, the
contacts' places in the inboxes, access tokens) is made so that the shop can serve them.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from revivatui.shop.db import Database

_TIMES: Final = (
    "created_at",
    "last_activity_at",
    "waiting_since",
    "first_reply_created_at",
    "snoozed_until",
    "agent_last_seen_at",
)
RawRows = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class RawShop:
    """The account that the rows became and the tokens of its people, by user id."""

    account_id: int
    tokens: dict[int, str]
    administrator_id: int


def load_raw(db: Database, rows: Iterable[Mapping[str, Any]], account_id: int) -> RawShop:
    """Insert the rows as account ``account_id`` of an empty shop.

    Raises:
        ValueError: the rows hold no administrator or a time that cannot be read.
        sqlite3.IntegrityError: the shop was not empty.
    """
    tables: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        columns = {name: _value(name, value) for name, value in row.items() if name != "table"}
        tables[str(row["table"])].append(columns)
    with db.transaction():
        db.insert("accounts", id=account_id, name="Recorded", created_at=0, updated_at=0)
        tokens = _load_people(db, tables, account_id)
        _load_inboxes(db, tables, account_id)
        _load_contacts(db, tables, account_id)
        _load_conversations(db, tables, account_id)
        for definition in tables["custom_attribute_definitions"]:
            db.insert("custom_attribute_definitions", account_id=account_id, **definition)
    administrators = [one["id"] for one in tables["users"] if one["role"] == "administrator"]
    if not administrators:
        raise ValueError("the raw rows hold no administrator")
    return RawShop(account_id, tokens, administrators[0])


def _load_people(db: Database, tables: RawRows, account_id: int) -> dict[int, str]:
    tokens = {}
    for user in tables["users"]:
        db.insert(
            "users",
            id=user["id"],
            name=user["name"],
            email=user["email"],
            uid=user["email"],
            pubsub_token=f"pubsub-{user['id']}",
            created_at=user["created_at"],
            updated_at=user["created_at"],
        )
        db.insert(
            "account_users",
            account_id=account_id,
            user_id=user["id"],
            role=user["role"],
            availability=user["availability"],
            auto_offline=user["auto_offline"],
        )
        tokens[user["id"]] = f"token-{user['id']}"
        db.insert("access_tokens", owner_type="User", owner_id=user["id"], token=tokens[user["id"]])
    return tokens


def _load_inboxes(db: Database, tables: RawRows, account_id: int) -> None:
    for inbox in tables["inboxes"]:
        channel = db.insert("channel_api", account_id=account_id, identifier=f"raw-{inbox['id']}")
        db.insert("inboxes", account_id=account_id, channel_id=channel, **inbox)
    db.insert_many(
        "inbox_members",
        ("inbox_id", "user_id"),
        ((member["inbox_id"], member["user_id"]) for member in tables["inbox_members"]),
    )
    for team_id in sorted({one["team_id"] for one in tables["conversations"]} - {None}):
        db.insert("teams", id=team_id, account_id=account_id, name=f"team {team_id}")


def _load_contacts(db: Database, tables: RawRows, account_id: int) -> None:
    for contact in tables["contacts"]:
        db.insert("contacts", account_id=account_id, **contact)


def _load_conversations(db: Database, tables: RawRows, account_id: int) -> None:
    places: dict[tuple[int, int], int] = {}
    inbox_of = {}
    for conversation in tables["conversations"]:
        inbox_of[conversation["id"]] = conversation["inbox_id"]
        place = (conversation["contact_id"], conversation["inbox_id"])
        if place not in places:
            places[place] = db.insert(
                "contact_inboxes",
                contact_id=place[0],
                inbox_id=place[1],
                source_id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{place}")),
            )
        db.insert(
            "conversations",
            account_id=account_id,
            uuid=str(uuid.uuid5(uuid.NAMESPACE_OID, f"conversation {conversation['id']}")),
            contact_inbox_id=places[place],
            # Not among the raw rows, which were all written when the account was made.
            updated_at=max(user["created_at"] for user in tables["users"]),
            **conversation,
        )
        labels = [title for title in (conversation["cached_label_list"] or "").split(", ") if title]
        for title in labels:
            db.insert(
                "taggings", taggable_type="Conversation", taggable_id=conversation["id"], tag=title
            )
    columns = ("id", "conversation_id", "message_type", "private", "created_at", "content")
    db.insert_many(
        "messages",
        (*columns, "account_id", "inbox_id", "updated_at"),
        (
            (
                *(message[column] for column in columns),
                account_id,
                inbox_of[message["conversation_id"]],
                message["created_at"],
            )
            for message in tables["messages"]
        ),
    )


def _value(name: str, value: Any) -> Any:
    if name not in _TIMES or value is None:
        return value
    moment = datetime.fromisoformat(str(value))
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond
