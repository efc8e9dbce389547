"""What lies behind an inbox: a website's widget, an API, a mailbox (contract 5.3)."""

from __future__ import annotations

import secrets
from typing import Any

from revivatui.shop.render.channels import CHANNEL_TABLES
from revivatui.shop.rest.base import Call
from revivatui.shop.rest.params import boolean, hash_of, integer, string_list, text
from revivatui.shop.tokens import new_token

CHANNELS = {
    "web_widget": "Channel::WebWidget",
    "api": "Channel::Api",
    "email": "Channel::Email",
}
CHANNEL_TEXTS = {
    "Channel::WebWidget": (
        "website_url",
        "widget_color",
        "welcome_title",
        "welcome_tagline",
        "reply_time",
        "allowed_domains",
    ),
    "Channel::Api": ("webhook_url",),
    "Channel::Email": (
        "email",
        "imap_login",
        "imap_password",
        "imap_address",
        "smtp_login",
        "smtp_password",
        "smtp_address",
        "smtp_domain",
        "smtp_authentication",
        "smtp_openssl_verify_mode",
    ),
}
CHANNEL_FLAGS = {
    "Channel::WebWidget": ("hmac_mandatory", "pre_chat_form_enabled", "continuity_via_email"),
    "Channel::Api": ("hmac_mandatory",),
    "Channel::Email": (
        "imap_enabled",
        "imap_enable_ssl",
        "smtp_enabled",
        "smtp_enable_starttls_auto",
        "smtp_enable_ssl_tls",
    ),
}
PRE_CHAT = {
    "pre_chat_message": "Share your queries or comments here.",
    "pre_chat_fields": [
        {
            "field_type": "standard",
            "label": "Email Id",
            "name": "emailAddress",
            "type": "email",
            "required": True,
            "enabled": False,
        },
        {
            "field_type": "standard",
            "label": "Full name",
            "name": "fullName",
            "type": "text",
            "required": False,
            "enabled": False,
        },
        {
            "field_type": "standard",
            "label": "Phone number",
            "name": "phoneNumber",
            "type": "text",
            "required": False,
            "enabled": False,
        },
    ],
}


def create_channel(call: Call, kind: str, given: dict[str, Any]) -> int:
    now = call.shop.now()
    columns: dict[str, Any] = {
        "account_id": call.account_id,
        "created_at": now,
        "updated_at": now,
        **channel_columns(call, kind, given),
    }
    if kind == "Channel::WebWidget":
        columns |= {"website_token": new_token(), "hmac_token": new_token()}
        columns.setdefault("pre_chat_form_options", PRE_CHAT)
    elif kind == "Channel::Api":
        columns |= {"identifier": new_token(), "hmac_token": new_token()}
    else:
        columns["forward_to_email"] = f"{secrets.token_hex(16)}@false"
    return call.shop.db.insert(CHANNEL_TABLES[kind], **columns)


def channel_columns(call: Call, kind: str, given: dict[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {
        name: text(given[name]) for name in CHANNEL_TEXTS[kind] if name in given
    }
    columns |= {name: bool(boolean(given[name])) for name in CHANNEL_FLAGS[kind] if name in given}
    if kind == "Channel::WebWidget":
        if "selected_feature_flags" in given:
            columns["selected_feature_flags"] = string_list(given["selected_feature_flags"])
        if "pre_chat_form_options" in given:
            columns["pre_chat_form_options"] = hash_of(given["pre_chat_form_options"])
    if kind == "Channel::Api" and "additional_attributes" in given:
        columns["additional_attributes"] = hash_of(given["additional_attributes"])
    if kind == "Channel::Email":
        columns |= {
            name: integer(given[name]) for name in ("imap_port", "smtp_port") if name in given
        }
    return columns
