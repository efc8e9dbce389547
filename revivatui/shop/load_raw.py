"""Fill an empty shop with the raw rows of a recorded account.

The rows are those of ``lists-raw.jsonl.gz`` or ``figures-raw.jsonl.gz``: one JSON object each,
``table`` beside the columns, times ISO with microseconds in UTC. What the rows name but do not
hold (teams, channels, whose a conversation is, the contacts' places in the inboxes, access tokens)
is made so that the shop can serve them.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from revivatui.shop.db import Database
from revivatui.shop.render.channels import CHANNEL_TABLES

_TIMES: Final = (
    "created_at",
    "last_activity_at",
    "waiting_since",
    "first_reply_created_at",
    "snoozed_until",
    "agent_last_seen_at",
    "event_start_time",
    "event_end_time",
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
        for table in (
            "custom_attribute_definitions",
            "labels",
            "reporting_events",
            "csat_survey_responses",
        ):
            for row in tables[table]:
                db.insert(table, account_id=account_id, **({"updated_at": _made(row)} | row))
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
        table = CHANNEL_TABLES.get(inbox["channel_type"], "channel_api")
        channel = db.insert(table, account_id=account_id)
        if table == "channel_api":
            db.update(table, channel, identifier=f"raw-{inbox['id']}")
        db.insert("inboxes", account_id=account_id, channel_id=channel, **inbox)
    db.insert_many(
        "inbox_members",
        ("inbox_id", "user_id"),
        ((member["inbox_id"], member["user_id"]) for member in tables["inbox_members"]),
    )
    named = {team["id"]: team["name"] for team in tables["teams"]}
    for team_id in sorted({one["team_id"] for one in tables["conversations"]} - {None, *named}):
        named[team_id] = f"team {team_id}"
    for team_id, name in named.items():
        db.insert("teams", id=team_id, account_id=account_id, name=name)


def _load_contacts(db: Database, tables: RawRows, account_id: int) -> None:
    for contact in tables["contacts"]:
        db.insert("contacts", account_id=account_id, **contact)


def _load_conversations(db: Database, tables: RawRows, account_id: int) -> None:
    places: dict[tuple[int, int], int] = {}
    contact_of = _contacts_of(tables)
    for conversation in tables["conversations"]:
        place = (contact_of[conversation["id"]], conversation["inbox_id"])
        if place not in places:
            places[place] = db.insert(
                "contact_inboxes",
                contact_id=place[0],
                inbox_id=place[1],
                source_id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{place}")),
            )
        known = {
            "account_id": account_id,
            "uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, f"conversation {conversation['id']}")),
            "contact_id": place[0],
            "contact_inbox_id": places[place],
            # Not among the raw rows, which were all written when the account was made.
            "updated_at": max(user["created_at"] for user in tables["users"]),
        }
        db.insert("conversations", **(known | conversation))
    _load_labels(db, tables)
    _load_messages(db, tables, account_id)


def _contacts_of(tables: RawRows) -> dict[int, int]:
    """Whose each conversation is. Rows that do not say were made one contact a conversation, in
    that order."""
    conversations = sorted(tables["conversations"], key=lambda one: int(one["id"]))
    contacts = sorted(int(contact["id"]) for contact in tables["contacts"])
    found = {}
    for place, conversation in enumerate(conversations):
        in_order = contacts[min(place, len(contacts) - 1)] if contacts else 0
        found[conversation["id"]] = conversation.get("contact_id", in_order)
    return found


def _load_labels(db: Database, tables: RawRows) -> None:
    titles: defaultdict[int, list[str]] = defaultdict(list)
    for row in tables["conversation_labels"]:
        titles[row["conversation_id"]].append(row["label"])
    for conversation in tables["conversations"]:
        cached = conversation.get("cached_label_list")
        if cached:
            titles[conversation["id"]].extend(title for title in cached.split(", ") if title)
        elif conversation["id"] in titles:
            named = ", ".join(titles[conversation["id"]])
            db.update("conversations", conversation["id"], cached_label_list=named)
    db.insert_many(
        "taggings",
        ("taggable_type", "taggable_id", "tag"),
        (("Conversation", owner, tag) for owner, tags in titles.items() for tag in tags),
    )


def _load_messages(db: Database, tables: RawRows, account_id: int) -> None:
    inbox_of = {one["id"]: one["inbox_id"] for one in tables["conversations"]}
    for message in tables["messages"]:
        known = {
            "account_id": account_id,
            "inbox_id": inbox_of[message["conversation_id"]],
            "updated_at": message["created_at"],
        }
        db.insert("messages", **(known | message))


def _made(row: Mapping[str, Any]) -> Any:
    return row.get("created_at")


def _value(name: str, value: Any) -> Any:
    if name not in _TIMES or value is None:
        return value
    moment = datetime.fromisoformat(str(value))
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond
