"""Agents, contacts and everybody who can stand in a message (contract 3.4, 4.1, 5.1, 7.5)."""

from __future__ import annotations

from revivatui.api.schemas.base import Attributes, Dropped, Line, Stamp, Text, Wire
from revivatui.api.schemas.inboxes import Inbox


class Agent(Wire):
    """A member of the account (contract 5.1)."""

    id: int
    name: Line | None = None
    account_id: int | None = None
    availability_status: Line | None = None
    auto_offline: bool | None = None
    confirmed: bool | None = None
    email: Line | None = None
    provider: object = None
    available_name: Line | None = None
    custom_attributes: object = None
    role: Line | None = None
    thumbnail: object = None
    custom_role_id: object = None


class Person(Wire):
    """The small push of a user, an agent bot or an assistant (contract 7.5)."""

    id: int | None = None
    name: Line | None = None
    type: Line | None = None
    available_name: Line | None = None
    avatar_url: object = None
    availability_status: Line | None = None
    thumbnail: object = None
    description: object = None
    created_at: object = None


class Assignee(Agent):
    """Who has a conversation: an agent in REST, a small push on the cable, on 4.x maybe a bot."""

    type: Line | None = None
    avatar_url: object = None
    description: object = None
    outgoing_url: object = None
    bot_type: object = None
    bot_config: object = None
    system_bot: object = None
    access_token: Dropped = None


class ContactInbox(Wire):
    """A contact's place in an inbox. Its source id lets anybody write as that contact, its pubsub
    token listen as it: neither is kept."""

    id: int | None = None
    contact_id: int | None = None
    inbox_id: int | None = None
    source_id: Dropped = None
    created_at: object = None
    updated_at: object = None
    hmac_verified: bool | None = None
    pubsub_token: Dropped = None
    inbox: Inbox | None = None


class Contact(Wire):
    """A customer, in REST (contract 4.1) and on the cable (contract 7.5)."""

    id: int
    name: Line | None = None
    email: Line | None = None
    phone_number: Line | None = None
    identifier: Line | None = None
    availability_status: Line | None = None
    blocked: bool | None = None
    thumbnail: object = None
    additional_attributes: Attributes | None = None
    custom_attributes: Attributes | None = None
    last_activity_at: Stamp = None
    created_at: Stamp = None
    contact_inboxes: list[ContactInbox] | None = None
    type: object = None


class PushedContact(Contact):
    """`contact.*` on the cable."""

    account_id: int | None = None
    performer: Person | None = None


class Sender(Wire):
    """Who wrote a message; `type` tells which of these keys are there (contract 3.4)."""

    id: int | None = None
    name: Line | None = None
    type: Line | None = None
    available_name: Line | None = None
    email: object = None
    phone_number: object = None
    identifier: object = None
    additional_attributes: object = None
    custom_attributes: object = None
    blocked: object = None
    avatar_url: object = None
    thumbnail: object = None
    availability_status: object = None
    description: object = None
    created_at: object = None


class Note(Wire):
    """A note on a contact (contract 4.2)."""

    id: int
    content: Text | None = None
    account_id: object = None
    contact_id: object = None
    user: Agent | None = None
    created_at: Stamp = None
    updated_at: Stamp = None


class ContactPage(Wire):
    """`GET A/contacts` and its searches; `current_page` comes back as it was sent."""

    class Meta(Wire):
        count: int | None = None
        current_page: int | str | None = None

    meta: Meta | None = None
    payload: list[Contact]


class OneContact(Wire):
    payload: Contact
