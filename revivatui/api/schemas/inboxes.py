"""Inboxes (contract 5.3)."""

from __future__ import annotations

from revivatui.api.schemas.base import Dropped, Line, Wire


class WorkingHours(Wire):
    day_of_week: int | None = None
    closed_all_day: bool | None = None
    open_hour: int | None = None
    open_minutes: int | None = None
    close_hour: int | None = None
    close_minutes: int | None = None
    open_all_day: bool | None = None


class Inbox(Wire):
    """An inbox, full or slim. Keys of channels that the desk does not set up are only known."""

    id: int
    name: Line | None = None
    channel_type: Line | None = None
    channel_id: int | None = None
    avatar_url: object = None
    csat_survey_enabled: bool | None = None
    greeting_enabled: bool | None = None
    phone_number: Line | None = None
    email: Line | None = None

    greeting_message: object = None
    working_hours_enabled: bool | None = None
    working_hours: list[WorkingHours] | None = None
    out_of_office_message: object = None
    timezone: object = None
    enable_email_collect: object = None
    csat_config: object = None
    csat_response_visibility: object = None
    enable_auto_assignment: object = None
    auto_assignment_config: object = None
    callback_webhook_url: object = None
    allow_messages_after_resolved: object = None
    lock_to_single_conversation: object = None
    sender_name_type: object = None
    business_name: object = None
    help_center: object = None
    tweets_enabled: object = None
    allowed_domains: object = None
    widget_color: object = None
    website_url: object = None
    hmac_mandatory: object = None
    welcome_title: object = None
    welcome_tagline: object = None
    web_widget_script: object = None
    website_token: object = None
    selected_feature_flags: object = None
    reply_time: object = None
    hmac_token: Dropped = None
    pre_chat_form_enabled: object = None
    pre_chat_form_options: object = None
    continuity_via_email: object = None
    page_id: object = None
    reauthorization_required: object = None
    instagram_id: object = None
    messaging_service_sid: object = None
    account_sid: object = None
    medium: object = None
    content_templates: object = None
    content_templates_last_updated: object = None
    forwarding_enabled: object = None
    forward_to_email: object = None
    imap_enabled: object = None
    imap_login: object = None
    imap_password: Dropped = None
    imap_address: object = None
    imap_port: object = None
    imap_enable_ssl: object = None
    smtp_enabled: object = None
    smtp_login: object = None
    smtp_password: Dropped = None
    smtp_address: object = None
    smtp_port: object = None
    smtp_domain: object = None
    smtp_enable_ssl_tls: object = None
    smtp_enable_starttls_auto: object = None
    smtp_openssl_verify_mode: object = None
    smtp_authentication: object = None
    microsoft_reauthorization: object = None
    webhook_url: object = None
    inbox_identifier: object = None
    additional_attributes: object = None
    provider: object = None
    provider_config: Dropped = None
    provider_connection: object = None
    bot_name: object = None
    message_templates: object = None
    message_templates_last_updated: object = None
    voice_call_webhook_url: object = None
    voice_status_webhook_url: object = None
    voice_enabled: object = None


class InboxList(Wire):
    payload: list[Inbox]
