"""Conversations in REST (contract 2.1, 2.2) and on the cable (contract 7.3)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from revivatui.api.schemas.account import Team
from revivatui.api.schemas.base import Attributes, Line, Stamp, Wire
from revivatui.api.schemas.messages import Message
from revivatui.api.schemas.people import Assignee, Contact, ContactInbox, Person


class ConversationMeta(Wire):
    sender: Contact | None = None
    channel: Line | None = None
    assignee: Assignee | None = None
    assignee_type: Line | None = None
    team: Team | None = None
    hmac_verified: bool | None = None


def _if_an_object(value: Any) -> Any:
    return value if isinstance(value, dict) else None


class AppliedSla(Wire):
    """Thresholds in seconds (contract 2.1); enterprise only."""

    created_at: Stamp = None
    sla_status: Line | None = None
    sla_first_response_time_threshold: float | None = None
    sla_next_response_time_threshold: float | None = None
    sla_resolution_time_threshold: float | None = None


class Conversation(Wire):
    """A conversation. Only REST knows `uuid`, `muted`, `assignee_last_seen_at` and
    `last_non_activity_message`; only the cable has `channel` and `contact_inbox` up here."""

    id: int
    meta: ConversationMeta | None = None
    inbox_id: int | None = None
    status: Line | None = None
    account_id: int | None = None
    uuid: object = None
    channel: Line | None = None
    contact_inbox: ContactInbox | None = None
    messages: list[Message] | None = None
    last_non_activity_message: Message | None = None
    labels: list[Line] | None = None
    priority: Line | None = None
    muted: bool | None = None
    can_reply: bool | None = None
    unread_count: int | None = None
    additional_attributes: Attributes | None = None
    custom_attributes: Attributes | None = None
    created_at: Stamp = None
    updated_at: Stamp = None
    timestamp: Stamp = None
    last_activity_at: Stamp = None
    snoozed_until: Stamp = None
    waiting_since: Stamp = None
    first_reply_created_at: Stamp = None
    agent_last_seen_at: Stamp = None
    assignee_last_seen_at: Stamp = None
    contact_last_seen_at: Stamp = None
    sla_policy_id: object = None
    applied_sla: Annotated[AppliedSla | None, BeforeValidator(_if_an_object)] = None
    sla_events: object = None


class PushedConversation(Conversation):
    """A conversation as data of a cable event; 4.x drops the performer of most (contract 7.6)."""

    performer: Person | None = None


class Counts(Wire):
    mine_count: int | None = None
    assigned_count: int | None = None
    unassigned_count: int | None = None
    all_count: int | None = None


class ConversationPage(Wire):
    """`GET A/conversations`."""

    class Data(Wire):
        meta: Counts | None = None
        payload: list[Conversation]

    data: Data


class FilteredPage(Wire):
    """`POST A/conversations/filter`: no `data` around it, no `assigned_count`."""

    meta: Counts | None = None
    payload: list[Conversation]


class ConversationList(Wire):
    """`GET A/contacts/:id/conversations`."""

    payload: list[Conversation]


class CountsAnswer(Wire):
    meta: Counts


class StatusAnswer(Wire):
    """`POST C/toggle_status`."""

    class Payload(Wire):
        success: bool | None = None
        conversation_id: int | None = None
        current_status: Line
        snoozed_until: Stamp = None

    payload: Payload


class LabelsAnswer(Wire):
    payload: list[Line]


class DraftAnswer(Wire):
    """`GET C/draft_messages`: the one draft that all agents share."""

    has_draft: bool
    message: Line | None = None


class CustomAttributesAnswer(Wire):
    custom_attributes: Attributes


class SearchedInbox(Wire):
    id: int | None = None
    channel_id: int | None = None
    name: Line | None = None
    channel_type: Line | None = None


class SearchedAgent(Wire):
    id: int | None = None
    available_name: Line | None = None
    email: Line | None = None
    name: Line | None = None
    role: Line | None = None


class FoundConversation(Wire):
    """A hit of `GET A/search` or `A/conversations/search` (contract 2.2). `message` is the
    conversation's oldest; `messages` are those that match."""

    id: int
    account_id: int | None = None
    uuid: object = None
    created_at: Stamp = None
    contact: Contact | None = None
    inbox: SearchedInbox | None = None
    agent: SearchedAgent | None = None
    message: Message | None = None
    messages: list[Message] | None = None
    additional_attributes: Attributes | None = None


class SearchAnswer(Wire):
    """`GET A/search` and its four parts."""

    class Payload(Wire):
        conversations: list[FoundConversation] | None = None
        contacts: list[Contact] | None = None
        messages: list[Message] | None = None
        articles: object = None

    payload: Payload


class ConversationSearch(Wire):
    """`GET A/conversations/search`."""

    meta: Counts | None = None
    payload: list[FoundConversation]
