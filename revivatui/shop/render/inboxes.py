"""Inboxes on the wire (contract 5.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revivatui.shop.db import Row
from revivatui.shop.render import files
from revivatui.shop.render.channels import channel_of
from revivatui.shop.render.times import iso

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

HOURS = ("day_of_week", "closed_all_day", "open_hour", "open_minutes", "close_hour")
HOURS_MORE = ("close_minutes", "open_all_day")
COLUMNS = (
    "greeting_enabled",
    "greeting_message",
    "working_hours_enabled",
    "enable_email_collect",
    "csat_survey_enabled",
    "csat_config",
    "enable_auto_assignment",
    "auto_assignment_config",
    "out_of_office_message",
)


def working_hours(shop: Shop, inbox_id: int) -> list[dict[str, Any]]:
    rows = shop.db.all(
        "SELECT * FROM working_hours WHERE inbox_id = ? ORDER BY day_of_week", (inbox_id,)
    )
    return [{name: row[name] for name in HOURS + HOURS_MORE} for row in rows]


def slim(shop: Shop, inbox: Row) -> dict[str, Any]:
    """The inbox inside a contact's inboxes, 4.x."""
    return {
        "id": inbox["id"],
        "avatar_url": files.avatar_url(shop, inbox),
        "channel_id": inbox["channel_id"],
        "name": inbox["name"],
        "channel_type": inbox["channel_type"],
        "provider": channel_of(shop, inbox).get("provider"),
    }


def inbox(shop: Shop, row: Row, *, admin: bool) -> dict[str, Any]:
    """The whole inbox; secrets only for administrators."""
    channel = channel_of(shop, row)
    view: dict[str, Any] = {
        "id": row["id"],
        "avatar_url": files.avatar_url(shop, row),
        "channel_id": row["channel_id"],
        "name": row["name"],
        "channel_type": row["channel_type"],
    }
    view |= {name: row[name] for name in COLUMNS if shop.v4 or name != "csat_config"}
    view |= {
        "working_hours": working_hours(shop, row["id"]),
        "timezone": row["timezone"],
        "callback_webhook_url": None,
        "allow_messages_after_resolved": row["allow_messages_after_resolved"],
        "lock_to_single_conversation": row["lock_to_single_conversation"],
        "sender_name_type": row["sender_name_type"],
        "business_name": row["business_name"],
    }
    view |= _website(shop, row, channel)
    view |= {"messaging_service_sid": None, "phone_number": None}
    view["provider"] = channel.get("provider")
    if row["channel_type"] == "Channel::WebWidget":
        view |= _website_only(channel, admin=admin)
    elif row["channel_type"] == "Channel::Api":
        view |= _api_only(channel, admin=admin)
    else:
        view |= _email_only(shop, channel, admin=admin)
    return view


def _website(shop: Shop, row: Row, channel: Row) -> dict[str, Any]:
    """Keys that every inbox has, null where it is no website."""
    own = row["channel_type"] == "Channel::WebWidget"
    view: dict[str, Any] = {}
    if shop.v4:
        view["allowed_domains"] = channel["allowed_domains"] if own else None
    names = (
        "widget_color",
        "website_url",
        "welcome_title",
        "welcome_tagline",
        "website_token",
        "selected_feature_flags",
        "reply_time",
    )
    view |= {name: channel[name] if own else None for name in names}
    view["hmac_mandatory"] = channel.get("hmac_mandatory")
    view["web_widget_script"] = _script(shop, channel) if own else None
    return view


def _script(shop: Shop, channel: Row) -> str:
    defer = "" if shop.v4 else "        g.defer = true;\n"
    return (
        "\n    <script>\n      (function(d,t) {\n"
        f'        var BASE_URL="{shop.base_url}";\n'
        "        var g=d.createElement(t),s=d.getElementsByTagName(t)[0];\n"
        '        g.src=BASE_URL+"/packs/js/sdk.js";\n'
        f"{defer}        g.async = true;\n"
        "        s.parentNode.insertBefore(g,s);\n        g.onload=function(){\n"
        "          window.chatwootSDK.run({\n"
        f"            websiteToken: '{channel['website_token']}',\n"
        "            baseUrl: BASE_URL\n          })\n        }\n"
        '      })(document,"script");\n    </script>\n    '
    )


def _website_only(channel: Row, *, admin: bool) -> dict[str, Any]:
    view = {
        "pre_chat_form_enabled": channel["pre_chat_form_enabled"],
        "pre_chat_form_options": channel["pre_chat_form_options"],
        "continuity_via_email": channel["continuity_via_email"],
    }
    return {"hmac_token": channel["hmac_token"], **view} if admin else view


def _api_only(channel: Row, *, admin: bool) -> dict[str, Any]:
    view = {
        "webhook_url": channel["webhook_url"],
        "inbox_identifier": channel["identifier"],
        "additional_attributes": channel["additional_attributes"],
    }
    return {"hmac_token": channel["hmac_token"], **view} if admin else view


def _email_only(shop: Shop, channel: Row, *, admin: bool) -> dict[str, Any]:
    view: dict[str, Any] = {"email": channel["email"]}
    if shop.v4:
        view["forwarding_enabled"] = False
    else:
        view["forward_to_email"] = channel["forward_to_email"]
    if admin and not shop.v4:
        view["microsoft_reauthorization"] = False
    if admin:
        view |= {
            name: value for name, value in channel.items() if name.startswith(("imap_", "smtp_"))
        }
    return view


def columns(shop: Shop, row: Row) -> dict[str, Any]:
    """The raw row, as some answers slip it."""
    names = [
        "id",
        "channel_id",
        "account_id",
        "name",
        "created_at",
        "updated_at",
        "channel_type",
        "enable_auto_assignment",
        "greeting_enabled",
        "greeting_message",
        "email_address",
        "working_hours_enabled",
        "out_of_office_message",
        "timezone",
        "enable_email_collect",
        "csat_survey_enabled",
        "allow_messages_after_resolved",
        "auto_assignment_config",
        "lock_to_single_conversation",
        "portal_id",
        "sender_name_type",
        "business_name",
    ]
    if shop.v4:
        names.append("csat_config")
    times = ("created_at", "updated_at")
    return {name: iso(row[name]) if name in times else row[name] for name in names}
