"""What the website widget is told when it opens (contract 10): settings, languages, browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render.times import iso

if TYPE_CHECKING:
    from revivatui.shop.world import Shop

# ISO code -> the language's own name, in the server's order; the last is 4.x's.
LANGUAGES = {
    "en": "English (en)", "ar": "العربية (ar)", "nl": "Nederlands (nl) ", "fr": "Français (fr)",
    "de": "Deutsch (de)", "it": "Italiano (it)", "ja": "日本語 (ja)", "ko": "한국어 (ko)",
    "pt": "Português (pt)", "ru": "русский (ru)", "es": "Español (es)", "ml": "മലയാളം (ml)",
    "ca": "Català (ca)", "el": "ελληνικά (el)", "pt_BR": "Português Brasileiro (pt-BR)",
    "ro": "Română (ro)", "ta": "தமிழ் (ta)", "fa": "فارسی (fa)", "zh_TW": "中文 (台湾) (zh-TW)",
    "vi": "Tiếng Việt (vi)", "da": "dansk (da)", "tr": "Türkçe (tr)", "cs": "čeština (cs)",
    "fi": "suomi, suomen kieli (fi)", "id": "Bahasa Indonesia (id)", "sv": "Svenska (sv)",
    "hu": "magyar nyelv (hu)", "no": "norsk (no)", "zh_CN": "中文 (zh-CN)",
    "pl": "język polski (pl)", "sk": "slovenčina (sk)", "uk": "украї́нська мо́ва (uk)",
    "th": "ภาษาไทย (th)", "lv": "latviešu valoda (lv)", "is": "íslenska (is)",
    "he": "עִברִית (he)", "lt": "lietuvių (lt)", "sr": "Српски (sr)", "bg": "български (bg)",
}  # fmt: skip


def channel_config(shop: Shop, inbox: Row, channel: Row, auth_token: str) -> dict[str, Any]:
    """``website_channel_config``."""
    return {
        "allow_messages_after_resolved": inbox["allow_messages_after_resolved"],
        "api_host": shop.base_url,
        "auth_token": auth_token,
        "avatar_url": "",
        "csat_survey_enabled": inbox["csat_survey_enabled"],
        "disable_branding": False,
        "enabled_features": channel["selected_feature_flags"],
        "enabled_languages": _languages(shop),
        "locale": must(shop, "accounts", inbox["account_id"])["locale"],
        "out_of_office_message": inbox["out_of_office_message"],
        "portal": None,
        "pre_chat_form_enabled": channel["pre_chat_form_enabled"],
        "pre_chat_form_options": channel["pre_chat_form_options"],
        "reply_time": channel["reply_time"],
        "timezone": inbox["timezone"],
        "utc_off_set": _offset(shop, inbox["timezone"]),
        "website_name": inbox["name"],
        "website_token": channel["website_token"],
        "welcome_tagline": channel["welcome_tagline"],
        "welcome_title": channel["welcome_title"],
        "widget_color": channel["widget_color"],
        "working_hours": _working_hours(shop, inbox["id"]),
        "working_hours_enabled": inbox["working_hours_enabled"],
    }


def global_config(shop: Shop) -> dict[str, Any]:
    config: dict[str, Any] = {
        "LOGO_THUMBNAIL": "/brand-assets/logo_thumbnail.svg",
        "BRAND_NAME": "Chatwoot",
        "WIDGET_BRAND_URL": "https://www.chatwoot.com",
    }
    if shop.v4:
        config["MAXIMUM_FILE_UPLOAD_SIZE"] = 40
        config["INSTALLATION_NAME"] = "Chatwoot"
    return config


def _languages(shop: Shop) -> list[dict[str, str]]:
    return [
        {"name": name, "iso_639_1_code": code}
        for code, name in LANGUAGES.items()
        if shop.v4 or code != "bg"
    ]


def _offset(shop: Shop, timezone: str) -> str:
    """``+01:00``: the zone's offset now."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    moment = datetime.fromtimestamp(shop.clock.now(), UTC).astimezone(zone)
    offset = f"{moment:%z}"
    return f"{offset[:3]}:{offset[3:5]}"


def _working_hours(shop: Shop, inbox_id: int) -> list[dict[str, Any]]:
    """The raw rows."""
    names = (
        "id",
        "inbox_id",
        "account_id",
        "day_of_week",
        "closed_all_day",
        "open_hour",
        "open_minutes",
        "close_hour",
        "close_minutes",
    )
    return [
        {
            **{name: row[name] for name in names},
            "created_at": iso(row["created_at"]),
            "updated_at": iso(row["updated_at"]),
            "open_all_day": row["open_all_day"],
        }
        for row in shop.db.where("working_hours", inbox_id=inbox_id)
    ]


_BROWSERS = (
    ("Edge", re.compile(r"Edg/(\d+\.\d+)")),
    ("Firefox", re.compile(r"Firefox/(\d+\.\d+)")),
    ("Chrome", re.compile(r"Chrome/(\d+\.\d+)")),
    ("Safari", re.compile(r"Version/(\d+\.\d+).*Safari")),
)
_PLATFORMS = (
    ("Windows", re.compile(r"Windows NT (\d+\.\d+)")),
    ("iOS", re.compile(r"iPhone OS (\d+)")),
    ("macOS", re.compile(r"Mac OS X (\d+)")),
    ("Android", re.compile(r"Android (\d+)")),
)


def browser_of(user_agent: str) -> dict[str, str]:
    """The browser as the server stores it, from the User-Agent header."""
    name, version = _first(_BROWSERS, user_agent) or ("Unknown Browser", "0")
    platform, number = _first(_PLATFORMS, user_agent) or (
        ("Generic Linux", "0") if "Linux" in user_agent else ("Unknown", "0")
    )
    return {
        "browser_name": name,
        "browser_version": version,
        "device_name": "Unknown",
        "platform_name": platform,
        "platform_version": number,
    }


def _first(
    known: tuple[tuple[str, re.Pattern[str]], ...], user_agent: str
) -> tuple[str, str] | None:
    for name, pattern in known:
        if (found := pattern.search(user_agent)) is not None:
            return name, found[1]
    return None
