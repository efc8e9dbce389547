"""Messages in REST (contract 3.1, 3.2) and on the cable (contract 7.4)."""

from __future__ import annotations

from revivatui.api.schemas.base import Attributes, Line, Stamp, Text, Wire
from revivatui.api.schemas.people import Contact, ContactInbox, Person, Sender


class Attachment(Wire):
    """A file, a place or a shared contact; `file_type` tells which keys are there (3.5)."""

    id: int | None = None
    message_id: int | None = None
    file_type: Line | None = None
    account_id: int | None = None
    extension: Line | None = None
    data_url: Line | None = None
    thumb_url: Line | None = None
    file_size: int | None = None
    width: int | None = None
    height: int | None = None
    fallback_title: Line | None = None
    transcribed_text: object = None
    coordinates_lat: object = None
    coordinates_long: object = None
    meta: object = None
    created_at: object = None
    sender: Sender | None = None


class NestedConversation(Wire):
    """The writer's memory of the conversation, maybe seconds old: never merged (rule 6)."""

    assignee_id: object = None
    unread_count: int | None = None
    last_activity_at: Stamp = None
    contact_inbox: ContactInbox | None = None


class Message(Wire):
    """One message, whichever way it came."""

    id: int
    content: Text | None = None
    account_id: int | None = None
    inbox_id: int | None = None
    conversation_id: int | None = None
    message_type: int | None = None
    content_type: Line | None = None
    status: Line | None = None
    content_attributes: Attributes | None = None
    created_at: Stamp = None
    updated_at: Stamp = None
    private: bool | None = None
    source_id: Line | None = None
    echo_id: Line | None = None
    sender: Sender | None = None
    sender_type: object = None
    sender_id: object = None
    sender_name: object = None
    attachments: list[Attachment] | None = None
    conversation: NestedConversation | None = None
    external_source_ids: object = None
    additional_attributes: object = None
    processed_message_content: object = None
    sentiment: object = None
    inbox: object = None


class PushedMessage(Message):
    """`message.created`, `message.updated` and `first.reply.created` on the cable."""

    previous_changes: object = None
    performer: Person | None = None


class MessagePage(Wire):
    """`GET C/messages` (contract 3.2): ascending, and no word on what lies beyond."""

    class Meta(Wire):
        labels: list[Line] | None = None
        additional_attributes: Attributes | None = None
        contact: Contact | None = None
        assignee: Person | None = None
        agent_last_seen_at: Stamp = None
        assignee_last_seen_at: Stamp = None

    meta: Meta | None = None
    payload: list[Message]


class AttachmentPage(Wire):
    """`GET C/attachments`: with a count on 4.x, without on 3.9."""

    class Meta(Wire):
        total_count: int | None = None

    meta: Meta | None = None
    payload: list[Attachment]
