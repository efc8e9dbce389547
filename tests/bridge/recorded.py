"""Webhooks that real servers sent, and a shop that holds what those servers held in the end."""

from __future__ import annotations

import gzip
import json
import uuid
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from revivatui.bridge import known
from revivatui.bridge.backfill import CURSOR
from revivatui.shop.world import Shop
from tests.bridge.desks import forget_the_past
from tests.bridge.stands import Body, Stand, differences, picture, stand
from tests.support.shops import Stage

RECORDINGS = Path(__file__).parents[1] / "data/recordings"
FILES = ("webhooks", "widget-webhooks")
KINDS = {0: "incoming", 1: "outgoing", 2: "activity", 3: "template"}


def recorded(version: str, name: str) -> list[Body]:
    """The bodies in the order in which they came, of the account and of the API inbox: what the
    inbox's own address was told is a natural repeat."""
    path = RECORDINGS / version / f"{name}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        return [row["body"] for row in map(json.loads, rows)]


def fill(stage: Stage, bodies: list[Body]) -> float:
    """Make the shop hold what the bodies end with; gives the moment of the first message."""
    forget_the_past(stage)
    stage.shop.db.execute("DELETE FROM contacts")
    truth = _Truth(stage.shop)
    for body in bodies:
        truth.hear(body)
    return truth.write()


class _Truth:
    """The last word of the bodies on each thing."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.contacts: dict[int, Body] = {}
        self.chats: dict[int, Body] = {}
        self.messages: dict[int, Body] = {}
        self.written: dict[int, str] = {}

    def hear(self, body: Body) -> None:
        event = body["event"]
        if event.startswith("contact_"):
            self.contacts[body["id"]] = body
        elif event in ("message_created", "message_updated"):
            self._chat(body["conversation"])
            before = self.messages.get(body["id"], {})
            gone = before.get("content_attributes", {}).get("deleted")
            if not gone and not (before and event == "message_created"):
                self.messages[body["id"]] = body
        elif event.startswith("conversation_") and "typing" not in event:
            self._chat(body)

    def _chat(self, body: Body) -> None:
        before = self.chats.get(body["id"])
        if before is None or body.get("updated_at", 0) >= before.get("updated_at", 0):
            self.chats[body["id"]] = body
        sender = body["meta"]["sender"]
        self.contacts.setdefault(sender["id"], sender)
        for message in body["messages"]:
            self.written[message["id"]] = message["content"]

    def write(self) -> float:
        now = self.shop.now()
        for number, contact in self.contacts.items():
            names = ("name", "email", "phone_number", "identifier", "custom_attributes")
            self.shop.db.insert(
                "contacts",
                id=number,
                account_id=1,
                created_at=now,
                updated_at=now,
                **{name: contact.get(name) for name in names},
            )
        for number, chat in self.chats.items():
            self._write_chat(number, chat)
        for number, message in self.messages.items():
            self._write_message(number, message)
        moments = [_micros(one["created_at"]) for one in self.messages.values()]
        return min(moments) / 1_000_000

    def _write_chat(self, number: int, chat: Body) -> None:
        place = self.shop.db.insert(
            "contact_inboxes",
            contact_id=chat["meta"]["sender"]["id"],
            inbox_id=self._inbox(chat),
            source_id=str(uuid.uuid4()),
        )
        last = max(chat["timestamp"], chat["created_at"])
        self.shop.db.insert(
            "conversations",
            id=number,
            display_id=number,
            account_id=1,
            uuid=str(uuid.uuid4()),
            inbox_id=self._inbox(chat),
            contact_id=chat["meta"]["sender"]["id"],
            contact_inbox_id=place,
            status=chat["status"],
            last_activity_at=last * 1_000_000,
            created_at=chat["created_at"] * 1_000_000,
            updated_at=round(chat.get("updated_at", last) * 1_000_000),
        )

    def _inbox(self, chat: Body) -> int:
        """The seeded shop's inbox gets the number that the recording has."""
        if self.shop.db.get("inboxes", chat["inbox_id"]) is None:
            like = self.shop.db.find("inboxes", channel_type=chat["channel"])
            assert like is not None
            self.shop.db.insert("inboxes", **{**like, "id": chat["inbox_id"]})
        row = self.shop.db.get("inboxes", chat["inbox_id"])
        assert row is not None
        if row["channel_type"] != chat["channel"]:
            like = self.shop.db.find("inboxes", channel_type=chat["channel"])
            assert like is not None
            self.shop.db.update(
                "inboxes",
                row["id"],
                channel_type=chat["channel"],
                channel_id=like["channel_id"],
            )
        return int(chat["inbox_id"])

    def _write_message(self, number: int, message: Body) -> None:
        sender = message.get("sender")
        told = (sender or {}).get("type", "contact")
        kind = {"user": "User", "agent_bot": "AgentBot"}.get(told, "Contact")
        self.shop.db.insert(
            "messages",
            id=number,
            account_id=1,
            inbox_id=message["inbox"]["id"],
            conversation_id=message["conversation"]["id"],
            message_type=message["message_type"],
            content=self.written.get(number, message["content"]),
            private=message["private"],
            content_type=message["content_type"],
            content_attributes=message["content_attributes"],
            sender_type=kind if sender else None,
            sender_id=self._sender(kind, sender) if sender else None,
            created_at=_micros(message["created_at"]),
            updated_at=_micros(message["created_at"]),
        )

    def _sender(self, kind: str, sender: Body) -> int:
        if kind == "User":
            name = sender["name"]
            self.shop.db.execute(
                "UPDATE users SET name = ?, display_name = NULL WHERE id = ?", (name, sender["id"])
            )
        return int(sender["id"])


def _micros(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000_000)


async def deliver_all(there: Stand, bodies: list[Body], random: Random | None) -> None:
    """In order, or as chance wants it; then catch up."""
    if random is None:
        for body in bodies:
            await there.deliver([body])
            await there.work()
    else:
        loss = random.choice((0.0, 0.2, 0.6, 1.0))
        heard = [one for one in bodies for _ in range(random.randint(1, 2))]
        heard = [one for one in heard if random.random() >= loss]
        random.shuffle(heard)
        cut = random.randint(0, len(heard))
        await there.deliver(heard[:cut])
        if random.random() < 0.5:
            await there.work()
        await there.catch_up()
        await there.deliver(heard[cut:])
        await there.work()
    await there.catch_up()
    await there.work()


def without_files(seen: dict[str, Any]) -> dict[str, Any]:
    """The recorded files lie on the recorded servers."""
    comments = {number: [*one[:6], *one[7:]] for number, one in seen["comments"].items()}
    return {**seen, "comments": comments}


async def run_recorded(
    stage: Stage, version: str, name: str, folder: Path, schedules: int, seed: int = 0
) -> list[str]:
    """Play one recording to a bridge that hears it in order and to others that hear it as chance
    wants it; gives what differs, a line each."""
    bodies = recorded(version, name)
    first = fill(stage, bodies)
    wanted: dict[str, Any] = {}
    found = []
    for number in range(schedules + 1):
        async with stand(stage, folder / f"crm-{number}.sqlite3") as there:
            async with there.bridge.store.unit_of_work() as work:
                await known.keep_fact(work, CURSOR, repr(first - 1.0))
            random = Random(f"{seed}:{number}") if number else None
            await deliver_all(there, bodies, random)
            seen = without_files(await picture(there.bridge))
            lines: list[Any] = [*differences(wanted or seen, seen), *await there.waiting()]
            found += [f"schedule {number}: {line}" for line in lines]
            wanted = wanted or seen
    messages = {one["id"] for one in bodies if one["event"].startswith("message_")}
    if wanted["comments"].keys() != messages:
        found.append("the comments are not the messages")
    return found
