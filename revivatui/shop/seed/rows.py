"""Writes finished drafts into the shop's tables: ids in the order of time, all in bulk."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Final

from revivatui.shop.figures.business import business_seconds, hours_of
from revivatui.shop.render.files import blob_path
from revivatui.shop.seed.catalogue import INBOXES
from revivatui.shop.seed.customers import Customer
from revivatui.shop.seed.drafts import DAY, MICROS, DraftConversation, DraftMessage
from revivatui.shop.seed.measures import measures_of
from revivatui.shop.seed.pictures import MadeFile

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

ACCOUNT_ID: Final = 1
_LETTERS: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A conversation with the ids it got."""

    id: int
    inbox_id: int
    contact_inbox_id: int
    draft: DraftConversation


class Writer:
    """Inserts drafts; call inside one transaction."""

    def __init__(self, shop: Shop, random: Random, inbox_ids: Sequence[int]) -> None:
        self._shop = shop
        self._random = random
        self._inbox_ids = inbox_ids

    def write(self, customers: Sequence[Customer], drafts: Iterable[DraftConversation]) -> None:
        """Everything: contacts, their places, conversations, messages, files, mentions."""
        ordered = sorted(drafts, key=lambda draft: draft.created_at)
        self._write_contacts(customers, ordered)
        placed = self._write_conversations(customers, ordered)
        messages = self._write_messages(placed)
        self._write_people_of(placed)
        self._write_files(messages)
        self._write_ratings(placed)
        self._write_notifications(placed)
        self._write_measures(placed)

    def token(self, length: int = 24) -> str:
        """A token as the server makes them, but from the seed."""
        return "".join(self._random.choices(_LETTERS, k=length))

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def _write_contacts(
        self, customers: Sequence[Customer], drafts: Sequence[DraftConversation]
    ) -> None:
        now = self._shop.now()
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for draft in drafts:
            first.setdefault(draft.customer, draft.created_at)
            spoken = max((m.at for m in draft.messages if m.kind == "incoming"), default=None)
            if spoken is not None:
                last[draft.customer] = max(last.get(draft.customer, 0), spoken)
        columns = (
            *("id", "account_id", "name", "email", "phone_number", "identifier", "blocked"),
            *("contact_type", "additional_attributes", "custom_attributes"),
            *("last_activity_at", "created_at", "updated_at"),
        )
        rows = []
        for position, customer in enumerate(customers):
            made = first.get(position, now - 30 * DAY) - self._random.randint(2, 90) * MICROS
            rows.append(
                (
                    *(position + 1, ACCOUNT_ID, customer.name, customer.email, customer.phone),
                    *(f"crm-{1000 + position}" if position % 3 == 0 else None, customer.blocked),
                    *("lead", customer.additional, customer.attributes),
                    *(last.get(position), made, last.get(position, made)),
                )
            )
        self._shop.db.insert_many("contacts", columns, rows)
        self._shop.db.insert_many(
            "taggings",
            ("taggable_type", "taggable_id", "tag", "created_at"),
            (
                ("Contact", position + 1, label, now)
                for position, customer in enumerate(customers)
                for label in customer.labels
            ),
        )

    def _write_conversations(
        self, customers: Sequence[Customer], drafts: Sequence[DraftConversation]
    ) -> list[_Placed]:
        placed = []
        places: list[tuple[Any, ...]] = []
        rows = []
        for position, draft in enumerate(drafts):
            customer = customers[draft.customer]
            inbox_id = self._inbox_ids[draft.inbox]
            if inbox_id not in customer.place_of:
                customer.place_of[inbox_id] = len(places) + 1
                channel = INBOXES[draft.inbox][1]
                source = customer.email if channel == "Channel::Email" else self._uuid()
                verified = channel == "Channel::WebWidget" and self._random.random() < 0.2
                places.append(
                    (
                        *(len(places) + 1, draft.customer + 1, inbox_id, source),
                        *(verified, self.token()),
                        *(draft.created_at, draft.created_at),
                    )
                )
            one = _Placed(position + 1, inbox_id, customer.place_of[inbox_id], draft)
            placed.append(one)
            rows.append(self._conversation_row(one))
        self._shop.db.insert_many(
            "contact_inboxes",
            (
                *("id", "contact_id", "inbox_id", "source_id"),
                *("hmac_verified", "pubsub_token", "created_at", "updated_at"),
            ),
            places,
        )
        self._shop.db.insert_many("conversations", _CONVERSATION_COLUMNS, rows)
        self._shop.db.insert_many(
            "taggings",
            ("taggable_type", "taggable_id", "tag", "created_at"),
            (
                ("Conversation", one.id, label, one.draft.created_at)
                for one in placed
                for label in one.draft.labels
            ),
        )
        return placed

    def _conversation_row(self, one: _Placed) -> tuple[Any, ...]:
        draft = one.draft
        spoken = [m.at for m in draft.messages if m.kind == "incoming"]
        seen = draft.agent_seen_at
        # 4.10.1 stops the wait when a conversation is resolved (contract 2.1).
        waits = not (self._shop.v4 and draft.status == "resolved")
        return (
            *(one.id, ACCOUNT_ID, one.id, self._uuid(), one.inbox_id),
            *(draft.customer + 1, one.contact_inbox_id, draft.status, draft.assignee, draft.team),
            *(
                draft.priority,
                draft.last_activity_at,
                draft.waiting_since if waits else None,
                draft.first_reply_at,
            ),
            *(draft.snoozed_until, seen, seen if draft.assignee else None),
            *(spoken[-1] if spoken else None, ", ".join(draft.labels)),
            *(draft.custom_attributes, draft.additional_attributes),
            *(draft.created_at, draft.last_activity_at),
        )

    def _write_messages(self, placed: Sequence[_Placed]) -> list[DraftMessage]:
        pairs = [(message, one) for one in placed for message in one.draft.messages]
        pairs.sort(key=lambda pair: (pair[0].at, pair[1].id))
        for number, (message, _) in enumerate(pairs, 1):
            message.id = number
        self._shop.db.insert_many(
            "messages",
            _MESSAGE_COLUMNS,
            (_message_row(message, one) for message, one in pairs),
        )
        return [message for message, _ in pairs]

    def _write_people_of(self, placed: Sequence[_Placed]) -> None:
        mentions: dict[tuple[int, int], int] = {}
        takes_part: dict[tuple[int, int], int] = {}
        for one in placed:
            if one.draft.assignee is not None:
                takes_part[one.id, one.draft.assignee] = one.draft.created_at
            for message in one.draft.messages:
                for user_id in message.mentions:
                    mentions[one.id, user_id] = message.at
                    takes_part.setdefault((one.id, user_id), message.at)
        self._shop.db.insert_many(
            "mentions",
            ("account_id", "conversation_id", "user_id", "mentioned_at", "created_at"),
            ((ACCOUNT_ID, *key, at, at) for key, at in mentions.items()),
        )
        self._shop.db.insert_many(
            "conversation_participants",
            ("account_id", "conversation_id", "user_id", "created_at", "updated_at"),
            ((ACCOUNT_ID, *key, at, at) for key, at in takes_part.items()),
        )

    def _write_files(self, messages: Iterable[DraftMessage]) -> None:
        blobs: dict[str, int] = {}
        for message in messages:
            if message.file is None:
                continue
            if message.file.checksum not in blobs:
                blobs[message.file.checksum] = self._store(message.file, message.at)
            kind = "image" if message.file.content_type.startswith("image/") else "file"
            self._shop.db.insert(
                "attachments",
                account_id=ACCOUNT_ID,
                message_id=message.id,
                file_type=kind,
                blob_id=blobs[message.file.checksum],
                created_at=message.at,
                updated_at=message.at,
            )

    def _store(self, file: MadeFile, at: int) -> int:
        blob_id = self._shop.db.insert(
            "blobs",
            key=self.token(28).lower(),
            filename=file.name,
            content_type=file.content_type,
            byte_size=len(file.content),
            checksum=file.checksum,
            metadata=file.metadata,
            created_at=at,
        )
        blob = self._shop.db.get("blobs", blob_id)
        assert blob is not None
        path = blob_path(self._shop, blob)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        return blob_id

    def _write_ratings(self, placed: Sequence[_Placed]) -> None:
        self._shop.db.insert_many(
            "csat_survey_responses",
            (
                *("account_id", "conversation_id", "message_id", "rating", "feedback_message"),
                *("contact_id", "assigned_agent_id", "created_at", "updated_at"),
            ),
            (
                (
                    *(ACCOUNT_ID, one.id, message.id, message.rating, message.feedback),
                    *(one.draft.customer + 1, one.draft.assignee, message.at, message.at),
                )
                for one in placed
                for message in one.draft.messages
                if message.rating is not None
            ),
        )

    def _write_measures(self, placed: Sequence[_Placed]) -> None:
        """The reporting events, in the order in which they happened."""
        inboxes = {
            row["id"]: hours_of(self._shop.db, row) for row in self._shop.db.where("inboxes")
        }
        found = [
            (measure, one) for one in placed for measure in measures_of(one.draft, v4=self._shop.v4)
        ]
        found.sort(key=lambda pair: (pair[0].until, pair[1].id))
        self._shop.db.insert_many(
            "reporting_events",
            (
                *("account_id", "name", "value", "value_in_business_hours", "inbox_id"),
                *("user_id", "conversation_id", "event_start_time", "event_end_time"),
                *("created_at", "updated_at"),
            ),
            (
                (
                    *(ACCOUNT_ID, measure.name, measure.seconds),
                    business_seconds(inboxes[one.inbox_id], measure.since, measure.until),
                    *(one.inbox_id, measure.user_id, one.id, measure.since, measure.until),
                    *(measure.until, measure.until),
                )
                for measure, one in found
            ),
        )

    def _write_notifications(self, placed: Sequence[_Placed]) -> None:
        """What told the people of the open conversations: assignments and mentions."""
        rows: list[tuple[int, str, int, int, int | None]] = []
        for one in placed:
            if one.draft.status != "open":
                continue
            if one.draft.assignee is not None:
                at = one.draft.created_at
                rows.append((one.id, "conversation_assignment", one.draft.assignee, at, None))
            for message in one.draft.messages:
                for user_id in message.mentions:
                    rows.append((one.id, "conversation_mention", user_id, message.at, message.id))
        latest: defaultdict[int, list[tuple[int, str, int, int, int | None]]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row[3]):
            latest[row[2]].append(row)
        now = self._shop.now()
        self._shop.db.insert_many(
            "notifications",
            (
                *("account_id", "user_id", "notification_type", "primary_actor_type"),
                *("primary_actor_id", "secondary_actor_type", "secondary_actor_id"),
                *("read_at", "last_activity_at", "created_at", "updated_at"),
            ),
            (
                (
                    *(ACCOUNT_ID, user_id, kind, "Conversation", conversation_id),
                    *("Message" if message_id else None, message_id),
                    *(None if at > now - 2 * DAY else at + MICROS, at, at, at),
                )
                for user_id, told_of in latest.items()
                for conversation_id, kind, _, at, message_id in told_of[-40:]
            ),
        )


_CONVERSATION_COLUMNS: Final = (
    *("id", "account_id", "display_id", "uuid", "inbox_id"),
    *("contact_id", "contact_inbox_id", "status", "assignee_id", "team_id"),
    *("priority", "last_activity_at", "waiting_since", "first_reply_created_at"),
    *("snoozed_until", "agent_last_seen_at", "assignee_last_seen_at"),
    *("contact_last_seen_at", "cached_label_list"),
    *("custom_attributes", "additional_attributes"),
    *("created_at", "updated_at"),
)
_MESSAGE_COLUMNS: Final = (
    *("id", "account_id", "inbox_id", "conversation_id", "message_type", "content"),
    *("private", "status", "source_id", "content_type", "content_attributes"),
    *("sender_type", "sender_id", "processed_message_content", "created_at", "updated_at"),
)


def _message_row(message: DraftMessage, one: _Placed) -> tuple[Any, ...]:
    attributes = message.attributes
    if message.reply_to is not None:
        attributes = {"in_reply_to": message.reply_to.id, "in_reply_to_external_id": None}
    sender: tuple[str | None, int | None] = (None, None)
    if message.author is not None:
        sender = ("User", message.author)
    elif message.kind == "incoming":
        sender = ("Contact", one.draft.customer + 1)
    return (
        *(message.id, ACCOUNT_ID, one.inbox_id, one.id, message.kind, message.content),
        *(message.private, message.status, message.source_id, message.content_type, attributes),
        *(*sender, message.content, message.at, message.at),
    )
