"""Contacts of the shop for tests: made, merged and deleted as agents do it."""

from __future__ import annotations

from typing import Any

from revivatui.shop.actions import contacts, conversations
from revivatui.shop.db import Row
from tests.support.shops import Stage


def new_contact(stage: Stage, **wanted: Any) -> Row:
    with stage.shop.acting(None, in_account=False):
        return contacts.create_contact(stage.shop, 1, **wanted)


def new_conversation(stage: Stage, contact: Row, channel: str = "Channel::Api") -> Row:
    inbox = stage.shop.db.find("inboxes", channel_type=channel)
    assert inbox is not None
    with stage.shop.acting(None, in_account=False):
        place = contacts.create_contact_inbox(stage.shop, contact, inbox)
        return conversations.create_conversation(stage.shop, place)


def merge(stage: Stage, base: Row, gone: Row) -> None:
    """`gone` becomes `base`."""
    with stage.shop.acting(stage.colleague()):
        contacts.merge_contacts(stage.shop, reread(stage, base), reread(stage, gone))


def delete(stage: Stage, contact: Row) -> None:
    with stage.shop.acting(stage.colleague()):
        contacts.delete_contact(stage.shop, reread(stage, contact))


def reread(stage: Stage, contact: Row) -> Row:
    row = stage.shop.db.get("contacts", contact["id"])
    assert row is not None
    return row
