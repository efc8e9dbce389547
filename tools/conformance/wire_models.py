"""Models of what the desk itself never asks for: customers' calls, raw rows, webhooks.

They stand on the desk's own models where the server sends the same object, and live here because
the program has no use for them; with them every recorded answer is checked key by key.
"""

from __future__ import annotations

from revivatui.api.schemas.base import Attributes, Dropped, Line, Stamp, Text, Wire
from revivatui.api.schemas.conversations import Conversation
from revivatui.api.schemas.inboxes import Inbox, WorkingHours
from revivatui.api.schemas.messages import Attachment
from revivatui.api.schemas.people import Contact, Person, Sender


class ErrorBody(Wire):
    """Every refusal (contract 1.3, 12.4)."""

    error: Line | dict[str, object] | None = None
    errors: list[Line] | None = None
    message: Line | None = None
    attributes: list[Line] | None = None
    status: int | None = None
    success: bool | None = None
    redirect_url: object = None


class Success(Wire):
    success: bool


class Told(Wire):
    """An answer that is only a sentence (or none)."""

    message: Line | None


# --- customers: public API (contract 9) and widget (contract 10) ------------------------------


class PublicInbox(Wire):
    identifier: Line
    identity_validation_enabled: bool
    name: Line
    timezone: Line
    working_hours: list[WorkingHours]
    working_hours_enabled: bool
    csat_survey_enabled: bool
    greeting_enabled: bool


class PublicContact(Wire):
    source_id: Dropped
    pubsub_token: Dropped
    id: int
    name: Line | None
    email: Line | None
    phone_number: Line | None


class RawContact(Wire):
    """A contact's row with all its columns."""

    id: int
    name: Line | None
    email: Line | None
    phone_number: Line | None
    account_id: int
    created_at: Stamp
    updated_at: Stamp
    additional_attributes: Attributes | None
    identifier: Line | None
    custom_attributes: Attributes | None
    last_activity_at: Stamp
    contact_type: Line | None = None
    middle_name: Line | None = None
    last_name: Line | None = None
    location: Line | None = None
    country_code: Line | None = None
    blocked: bool | None = None
    company_id: int | None = None
    label_list: list[Line] | None = None


class CustomerMessage(Wire):
    """A message as its customer sees it; the widget writes the type as a word at times."""

    id: int
    content: Text | None
    message_type: int | Line
    content_type: Line | None = None
    content_attributes: Attributes | None = None
    created_at: Stamp
    conversation_id: int | None = None
    inbox_id: int | None = None
    private: bool | None = None
    source_id: Line | None = None
    attachments: list[Attachment] | None = None
    sender: Sender | None = None


class CustomerConversation(Wire):
    """`{}` where the visitor has none yet."""

    id: int | None = None
    uuid: object = None
    inbox_id: int | None = None
    contact_last_seen_at: Stamp = None
    agent_last_seen_at: Stamp = None
    status: Line | None = None
    messages: list[CustomerMessage] | None = None
    contact: RawContact | None = None
    custom_attributes: Attributes | None = None


class WidgetMessages(Wire):
    class Meta(Wire):
        contact_last_seen_at: Stamp = None

    payload: list[CustomerMessage]
    meta: Meta


class WidgetContact(Wire):
    id: int
    has_email: bool
    has_name: bool
    has_phone_number: bool
    identifier: Line | None = None
    widget_auth_token: Dropped = None


class WidgetMembers(Wire):
    payload: list[Person]


class WidgetCampaign(Wire):
    id: int
    trigger_rules: Attributes
    trigger_only_during_business_hours: bool
    message: Text | None
    sender: Person | None = None


class RawWorkingHours(WorkingHours):
    id: int
    inbox_id: int
    account_id: int
    created_at: Stamp
    updated_at: Stamp


class WidgetConfig(Wire):
    class Channel(Wire):
        class Language(Wire):
            name: Line
            iso_639_1_code: Line

        allow_messages_after_resolved: bool
        api_host: Line
        auth_token: Dropped
        avatar_url: Line
        csat_survey_enabled: bool
        disable_branding: bool
        enabled_features: list[Line]
        enabled_languages: list[Language]
        locale: Line
        out_of_office_message: Text | None
        portal: object
        pre_chat_form_enabled: bool
        pre_chat_form_options: Attributes | None
        reply_time: Line | None
        timezone: Line
        utc_off_set: Line
        website_name: Line
        website_token: Line
        welcome_tagline: Line | None
        welcome_title: Line | None
        widget_color: Line
        working_hours: list[RawWorkingHours]
        working_hours_enabled: bool

    class Visitor(Wire):
        id: int
        name: Line | None
        email: Line | None
        identifier: Line | None
        phone_number: Line | None
        pubsub_token: Dropped

    website_channel_config: Channel
    contact: Visitor
    global_config: dict[str, Line | int | None]


class CsatSurvey(Wire):
    id: int
    csat_survey_response: Attributes | None
    display_type: Line | None = None
    content: Text | None = None
    inbox_avatar_url: Line
    inbox_name: Line
    locale: Line
    conversation_id: int
    created_at: Stamp


# --- contacts and conversations ----------------------------------------------------------------


class RawInbox(Inbox):
    """An inbox's row with all its columns, as `POST A/contacts` gives it."""

    account_id: int | None = None
    created_at: Stamp = None
    updated_at: Stamp = None
    email_address: Line | None = None
    portal_id: int | None = None


class InboxOfContact(Wire):
    source_id: Dropped = None
    inbox: RawInbox | None = None


class CreatedContact(Wire):
    class Payload(Wire):
        contact: Contact
        contact_inbox: InboxOfContact | None

    payload: Payload


class InboxesOfContact(Wire):
    payload: list[InboxOfContact]


class Translation(Wire):
    content: Text | None


class DirectUpload(Wire):
    """Active Storage's answer to an announced upload."""

    id: object = None
    key: object = None
    filename: object = None
    content_type: object = None
    metadata: object = None
    service_name: object = None
    byte_size: object = None
    checksum: object = None
    created_at: object = None
    signed_id: Dropped
    attachable_sgid: Dropped = None
    direct_upload: Dropped


class Upload(Wire):
    file_url: Line
    blob_key: object = None
    blob_id: int | str


class InboxAssistant(Wire):
    assistant: Person | None


class RawNotification(Wire):
    """A notification's row: what `PATCH A/notifications/:id`, unread and snooze give."""

    id: int
    account_id: int
    user_id: int
    notification_type: Line | int
    primary_actor_type: Line | None
    primary_actor_id: int | None
    secondary_actor_type: Line | None
    secondary_actor_id: int | None
    read_at: Stamp
    snoozed_until: Stamp
    last_activity_at: Stamp
    created_at: Stamp
    updated_at: Stamp
    meta: Attributes | None


class NotificationSettings(Wire):
    id: int
    user_id: int
    account_id: int
    all_email_flags: list[Line]
    selected_email_flags: list[Line]
    all_push_flags: list[Line]
    selected_push_flags: list[Line]


# --- webhooks (contract 8.3) -------------------------------------------------------------------


class Named(Wire):
    id: int
    name: Line


class HookPerson(Wire):
    """A contact in the webhooks' form, or a user or bot in theirs."""

    id: int
    name: Line | None
    email: Line | None = None
    type: Line | None = None
    account: Named | None = None
    additional_attributes: Attributes | None = None
    avatar: object = None
    custom_attributes: Attributes | None = None
    identifier: Line | None = None
    phone_number: Line | None = None
    thumbnail: object = None
    blocked: bool | None = None


class HookContact(HookPerson):
    event: Line
    changed_attributes: list[Attributes] | None = None


class HookConversation(Conversation):
    event: Line
    changed_attributes: list[Attributes] | None = None


class HookMessage(Wire):
    event: Line
    id: int
    content: Text | None
    content_type: Line
    content_attributes: Attributes
    additional_attributes: Attributes | None
    message_type: Line
    private: bool
    source_id: Line | None
    created_at: Stamp
    account: Named
    inbox: Named
    sender: HookPerson | None
    conversation: Conversation
    attachments: list[Attachment] | None = None


class HookTyping(Wire):
    event: Line
    user: HookPerson
    conversation: Conversation
    is_private: bool


class HookWidget(Wire):
    event: Line
    id: int
    contact: HookPerson
    inbox: Named
    account: Named
    current_conversation: Conversation | None
    source_id: Dropped
    event_info: Attributes


HOOKS: dict[str, type[Wire]] = {
    "contact_created": HookContact,
    "contact_updated": HookContact,
    "conversation_created": HookConversation,
    "conversation_updated": HookConversation,
    "conversation_status_changed": HookConversation,
    "conversation_opened": HookConversation,
    "conversation_resolved": HookConversation,
    "conversation_typing_on": HookTyping,
    "conversation_typing_off": HookTyping,
    "message_created": HookMessage,
    "message_updated": HookMessage,
    "webwidget_triggered": HookWidget,
    "macro.executed": HookConversation,
}
"""Webhook event -> its model."""


def hook_model(event: str) -> type[Wire] | None:
    """The model of a webhook; automation rules send the conversation under names of their own."""
    if event.startswith("automation_event."):
        return HookConversation
    return HOOKS.get(event)
