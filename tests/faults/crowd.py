"""Customers and colleagues who do things to a shop that runs on this loop."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from revivatui.shop.actions import contacts, conversations, messages
from revivatui.shop.db import Row
from revivatui.shop.world import Shop

LABELS: Final = ("urgent", "complaint", "warranty", "vip")
PRIORITIES: Final = (None, "low", "medium", "high", "urgent")
STATUSES: Final = ("open", "open", "resolved", "pending", "snoozed")


class Crowd:
    """Everybody but the agent at the desk. What they do is announced on the live feed."""

    def __init__(
        self,
        shop: Shop,
        desk_user: int,
        dice: Random,
        *,
        begins_new: bool = True,
        among: int | None = None,
    ) -> None:
        """`begins_new`: customers open new conversations, too; `among`: only in so many of the
        newest conversations anything happens."""
        self.shop = shop
        self._begins_new = begins_new
        self.touched: set[int] = set()
        """Numbers (display ids) of the conversations that somebody did something to."""
        self.did: list[str] = []
        self._dice = dice
        self._colleagues = shop.db.all(
            "SELECT users.* FROM users JOIN account_users ON user_id = users.id"
            " WHERE users.id <> ? AND role = 'agent' ORDER BY users.id",
            (desk_user,),
        )
        ids: list[int] = shop.db.column("SELECT id FROM conversations ORDER BY id")
        self._ids = ids if among is None else ids[-among:]
        self._serial = 0

    def act(self, conversation: Row | None = None) -> None:
        """Somebody does something, somewhere."""
        row = conversation or self._row(self._dice.choice(self._ids))
        what: Callable[[Row], None] = self._dice.choices(
            (
                self.customer_writes, self.colleague_writes, self.colleague_deletes,
                self.status, self.labels, self.assignment, self.priority, self.attributes,
                self.contact, self.customer_reads, self.new_conversation, self.delivery_fails,
            ),
            weights=(30, 14, 4, 10, 7, 9, 4, 4, 6, 3, 3, 3),
        )[0]  # fmt: skip
        self.touched.add(row["display_id"])
        self.did.append(f"{what.__name__} {row['display_id']}")
        what(row)

    def _row(self, row_id: int) -> Row:
        row = self.shop.db.get("conversations", row_id)
        assert row is not None
        return row

    def rows(self, count: int) -> list[Row]:
        """So many different conversations."""
        return [self._row(one) for one in self._dice.sample(self._ids, count)]

    def _words(self, who: str) -> str:
        self._serial += 1
        return f"{who} says {self._serial}: {self._dice.choice(('ok', 'is it ready?', 'Olá 🔧'))}"

    def customer_writes(self, row: Row) -> None:
        with self.shop.acting(None, in_account=False):
            messages.create_message(
                self.shop,
                row,
                sender=("Contact", row["contact_id"]),
                content=self._words("customer"),
                message_type="incoming",
            )

    def colleague_writes(self, row: Row) -> None:
        colleague = self._dice.choice(self._colleagues)
        with self.shop.acting(colleague):
            messages.create_message(
                self.shop,
                row,
                sender=("User", colleague["id"]),
                content=self._words("colleague"),
                private=self._dice.random() < 0.3,
            )

    def _some_message(self, row: Row, kinds: str) -> Row | None:
        found = self.shop.db.all(
            f"SELECT * FROM messages WHERE conversation_id = ? AND message_type IN ({kinds})"
            " ORDER BY id DESC LIMIT 60",
            (row["id"],),
        )
        return self._dice.choice(found) if found else None

    def colleague_deletes(self, row: Row) -> None:
        message = self._some_message(row, "'outgoing', 'incoming'")
        if message is not None:
            with self.shop.acting(self._dice.choice(self._colleagues)):
                messages.delete_message(self.shop, message)

    def delivery_fails(self, row: Row) -> None:
        message = self._some_message(row, "'outgoing'")
        if message is not None:
            with self.shop.acting(None, in_account=False):
                messages.fail_message(self.shop, message, "refused")

    def status(self, row: Row) -> None:
        with self.shop.acting(self._dice.choice(self._colleagues)):
            conversations.toggle_status(self.shop, row, self._dice.choice(STATUSES))

    def labels(self, row: Row) -> None:
        wanted = self._dice.sample(LABELS, self._dice.randint(0, 3))
        with self.shop.acting(self._dice.choice(self._colleagues)):
            conversations.set_labels(self.shop, row, wanted)

    def assignment(self, row: Row) -> None:
        whom = self._dice.choice((None, 2, *(one["id"] for one in self._colleagues)))
        with self.shop.acting(self._dice.choice(self._colleagues)):
            if self._dice.random() < 0.3:
                team = self._dice.choice((None, 1, 2))
                conversations.update(self.shop, row, team_id=team)
            else:
                conversations.update(self.shop, row, assignee_id=whom)

    def priority(self, row: Row) -> None:
        with self.shop.acting(self._dice.choice(self._colleagues)):
            conversations.update(self.shop, row, priority=self._dice.choice(PRIORITIES))

    def attributes(self, row: Row) -> None:
        with self.shop.acting(self._dice.choice(self._colleagues)):
            wanted = {"device": self._words("device")}
            conversations.update(self.shop, row, custom_attributes=wanted)

    def contact(self, row: Row) -> None:
        person = self.shop.db.get("contacts", row["contact_id"])
        assert person is not None
        self._serial += 1
        with self.shop.acting(self._dice.choice(self._colleagues)):
            contacts.update_contact(self.shop, person, name=f"Customer {self._serial}")

    def customer_reads(self, row: Row) -> None:
        with self.shop.acting(None, in_account=False):
            conversations.contact_read(self.shop, row)

    def new_conversation(self, row: Row) -> None:
        """The same customer begins another one."""
        if not self._begins_new:
            self.customer_writes(row)
            return
        door = self.shop.db.get("contact_inboxes", row["contact_inbox_id"])
        assert door is not None
        with self.shop.acting(None, in_account=False):
            made = conversations.create_conversation(self.shop, door)
        self._ids.append(made["id"])
        self.touched.add(made["display_id"])
        self.customer_writes(made)
