"""What the server says of a conversation, a message or a contact when it is asked, as news."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from revivatui.bridge.news import Chat, File, Kind, Person, Said, SenderKind
from revivatui.bridge.webhook_bodies import language_of
from revivatui.state import models
from revivatui.text.safe import safe_line

_KINDS: Final[Mapping[int, Kind]] = {
    models.INCOMING: "incoming",
    models.OUTGOING: "outgoing",
    models.TEMPLATE: "template",
}
_SENDERS: Final[Mapping[str, SenderKind]] = {"contact": "contact", "user": "user"}


def person(contact: models.Contact) -> Person:
    return Person(
        id=contact.id,
        name="" if contact.name == f"#{contact.id}" else contact.name,
        email=contact.email,
        phone=contact.phone_number,
        language=language_of(contact.custom_attributes),
    )


def chat(conversation: models.Conversation, contact: models.Contact | None) -> Chat:
    return Chat(
        id=conversation.id,
        inbox_id=conversation.inbox_id,
        status=conversation.status,
        contact=person(contact) if contact is not None else Person(conversation.contact_id),
        channel=conversation.channel,
        version=conversation.updated_at,
    )


def said(message: models.Message) -> Said | None:
    """The message; None for lines about what somebody did, which no webhook tells either."""
    kind = _KINDS.get(message.message_type)
    if kind is None:
        return None
    sender = message.sender
    answered = _table(_table(message.content_attributes.get("submitted_values")))
    survey = _table(answered.get("csat_survey_response"))
    rating, feedback = survey.get("rating"), survey.get("feedback_message")
    return Said(
        id=message.id,
        conversation_id=message.conversation_id,
        kind=kind,
        content=message.content,
        created_at=int(message.created_at),
        private=message.private,
        content_type=message.content_type,
        sender_kind=_SENDERS.get(sender.kind, "bot") if sender else "system",
        sender_id=sender.id if sender else 0,
        sender_name=sender.name if sender else "",
        files=tuple(
            File(one.data_url, safe_line(one.name), one.file_size or 0)
            for one in message.attachments
            if one.data_url
        ),
        deleted=message.deleted,
        rating=rating if isinstance(rating, int) else None,
        feedback=feedback if isinstance(feedback, str) else "",
        version=message.updated_at,
    )


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
