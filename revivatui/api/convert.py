"""Wire models into what the state holds. Pure; all text was cleaned when the models were made."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from revivatui.api.schemas import account as accounts
from revivatui.api.schemas import conversations, inboxes, messages, notifications, people
from revivatui.state import models
from revivatui.text.safe import safe_line

CLIENT_REFERENCE: Final = "client_ref"
"""Our own key in `content_attributes`, which 4.x keeps (observed 2.7)."""

LONGEST_NAME: Final = 120
LONGEST_EXTENSION: Final = 10

_BOT_TYPES: Final = {"agent_bot": "AgentBot", "captain_assistant": "Captain::Assistant"}


def agent(wire: people.Agent) -> models.Agent:
    return models.Agent(
        id=wire.id,
        name=wire.name or wire.available_name or wire.email or f"#{wire.id}",
        email=wire.email or "",
        role=wire.role or "agent",
        availability=wire.availability_status or "offline",
        auto_offline=wire.auto_offline is not False,
        available_name=wire.available_name or "",
    )


def inbox(wire: inboxes.Inbox) -> models.Inbox:
    return models.Inbox(
        id=wire.id,
        name=wire.name or f"#{wire.id}",
        channel_type=wire.channel_type or "",
        csat_enabled=bool(wire.csat_survey_enabled),
        phone_number=wire.phone_number or "",
        email=wire.email or "",
        greeting_enabled=bool(wire.greeting_enabled),
    )


def team(wire: accounts.Team) -> models.Team:
    return models.Team(
        id=wire.id,
        name=wire.name or f"#{wire.id}",
        description=wire.description or "",
        is_member=bool(wire.is_member),
    )


def label(wire: accounts.Label) -> models.Label:
    return models.Label(
        id=wire.id,
        title=wire.title,
        description=wire.description or "",
        color=wire.color or "",
    )


def canned_response(wire: accounts.CannedResponse) -> models.CannedResponse:
    return models.CannedResponse(id=wire.id, short_code=wire.short_code, content=wire.content or "")


def account(wire: accounts.Account) -> models.Account:
    return models.Account(
        id=wire.id,
        name=wire.name or f"#{wire.id}",
        locale=wire.locale or "en",
        features=frozenset(name for name, on in wire.features.items() if on),
    )


def contact(wire: people.Contact) -> models.Contact:
    return models.Contact(
        id=wire.id,
        name=wire.name or wire.email or wire.phone_number or f"#{wire.id}",
        email=wire.email or "",
        phone_number=wire.phone_number or "",
        identifier=wire.identifier or "",
        availability=wire.availability_status or "offline",
        blocked=wire.blocked,
        additional_attributes=wire.additional_attributes or models.NO_ATTRIBUTES,
        custom_attributes=wire.custom_attributes or models.NO_ATTRIBUTES,
        last_activity_at=wire.last_activity_at,
        created_at=wire.created_at,
    )


def sender(wire: people.Sender | None) -> models.Sender | None:
    if wire is None:
        return None
    return models.Sender(
        kind=wire.type or "",
        id=wire.id or 0,
        name=wire.available_name or wire.name or "",
    )


def attachment(wire: messages.Attachment) -> models.Attachment:
    return models.Attachment(
        id=wire.id or 0,
        file_type=wire.file_type or "file",
        name=bare_name(wire.fallback_title or "") or file_name(wire.data_url or ""),
        data_url=wire.data_url or "",
        thumb_url=wire.thumb_url or "",
        file_size=wire.file_size,
        width=wire.width,
        height=wire.height,
    )


def file_name(url: str) -> str:
    """The last part of the URL's path, as a bare name."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return bare_name(unquote(path.rsplit("/", 1)[-1]).replace("\\", "/").rsplit("/", 1)[-1])


def bare_name(text: str) -> str:
    """A name that is never a path nor hidden, and not longer than `LONGEST_NAME`."""
    name = safe_line(re.sub(r"[/\\]", "-", text)).strip().lstrip(".")
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > LONGEST_EXTENSION:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"


def message(wire: messages.Message, conversation_id: int | None = None) -> models.Message:
    """`conversation_id` stands in where the message does not say (search hits do)."""
    attributes = _kept_attributes(wire.content_attributes)
    own = attributes.get(CLIENT_REFERENCE)
    return models.Message(
        id=wire.id,
        conversation_id=wire.conversation_id or conversation_id or 0,
        inbox_id=wire.inbox_id or 0,
        message_type=wire.message_type or 0,
        content=wire.content or "",
        created_at=wire.created_at or 0.0,
        content_type=wire.content_type or "text",
        status=wire.status or "sent",
        private=bool(wire.private),
        sender=sender(wire.sender),
        attachments=tuple(attachment(item) for item in wire.attachments or ()),
        content_attributes=attributes,
        reference=own if isinstance(own, str) and own else wire.source_id or None,
        echo_id=wire.echo_id or None,
        updated_at=wire.updated_at,
    )


def _kept_attributes(attributes: dict[str, Any] | None) -> models.Attributes:
    """An e-mail's HTML and headers are left out: the text is there, and they can be megabytes."""
    if not attributes:
        return models.NO_ATTRIBUTES
    email = attributes.get("email")
    if isinstance(email, dict):
        slim = {key: email[key] for key in email if key not in ("html_content", "headers")}
        return {**attributes, "email": slim}
    return attributes


def conversation(wire: conversations.Conversation) -> models.Conversation:
    """From REST or the cable; on the cable the REST-only fields hold their defaults."""
    meta = wire.meta or conversations.ConversationMeta()
    assignee = meta.assignee
    activity = wire.last_activity_at or wire.timestamp or wire.created_at
    return models.Conversation(
        id=wire.id,
        inbox_id=wire.inbox_id or 0,
        status=wire.status or "open",
        contact_id=_contact_id(wire, meta),
        created_at=wire.created_at or 0.0,
        last_activity_at=activity or 0.0,
        assignee_id=assignee.id if assignee else None,
        assignee_kind=meta.assignee_type
        or _BOT_TYPES.get((assignee.type or "") if assignee else "", "User"),
        team_id=meta.team.id if meta.team else None,
        priority=wire.priority,
        labels=tuple(wire.labels or ()),
        unread_count=wire.unread_count or 0,
        snoozed_until=wire.snoozed_until,
        waiting_since=wire.waiting_since,
        first_reply_at=wire.first_reply_created_at,
        agent_last_seen_at=wire.agent_last_seen_at,
        contact_last_seen_at=wire.contact_last_seen_at,
        can_reply=wire.can_reply is not False,
        muted=wire.muted,
        channel=wire.channel or meta.channel or "",
        additional_attributes=wire.additional_attributes or models.NO_ATTRIBUTES,
        custom_attributes=wire.custom_attributes or models.NO_ATTRIBUTES,
        updated_at=wire.updated_at,
        preview=preview(wire),
        sla=promises(wire.applied_sla),
    )


def promises(wire: conversations.AppliedSla | None) -> models.Attributes:
    """What was promised and when it began to count; nothing where it is over."""
    if wire is None or wire.created_at is None:
        return models.NO_ATTRIBUTES
    told = {
        "first": wire.sla_first_response_time_threshold,
        "next": wire.sla_next_response_time_threshold,
        "resolution": wire.sla_resolution_time_threshold,
    }
    return {"at": wire.created_at, **{name: value for name, value in told.items() if value}}


def _contact_id(wire: conversations.Conversation, meta: conversations.ConversationMeta) -> int:
    if meta.sender:
        return meta.sender.id
    return (wire.contact_inbox.contact_id if wire.contact_inbox else None) or 0


def preview(wire: conversations.Conversation) -> models.Message | None:
    """The newest message that is no activity line, of those in the payload (rule 7)."""
    last = wire.last_non_activity_message
    if last is not None:
        return message(last, wire.id)
    talk = (m for m in reversed(wire.messages or ()) if m.message_type != models.ACTIVITY)
    newest = next(talk, None)
    return message(newest, wire.id) if newest else None


def contact_of(wire: conversations.Conversation) -> models.Contact | None:
    return contact(wire.meta.sender) if wire.meta and wire.meta.sender else None


def contacts_of(rows: Iterable[conversations.Conversation]) -> tuple[models.Contact, ...]:
    """Every contact of the rows once."""
    found = {one.id: one for row in rows if (one := contact_of(row))}
    return tuple(found.values())


def counts(wire: conversations.Counts | None) -> models.Counts | None:
    if wire is None:
        return None
    return models.Counts(
        mine=wire.mine_count or 0,
        unassigned=wire.unassigned_count or 0,
        all=wire.all_count or 0,
    )


def notification(wire: notifications.Notification) -> models.Notification:
    return models.Notification(
        id=wire.id,
        kind=wire.notification_type or "",
        conversation_id=wire.primary_actor.id if wire.primary_actor else None,
        title=wire.push_message_title or "",
        created_at=wire.created_at or 0.0,
        read_at=wire.read_at,
        message=_subject(wire),
    )


def _subject(wire: notifications.Notification) -> models.Message | None:
    """The message that a notification is about."""
    about = wire.secondary_actor
    if not isinstance(about, messages.Message):
        return None
    return message(about, wire.primary_actor.id if wire.primary_actor else None)
