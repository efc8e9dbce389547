"""The account itself (contract 1.5)."""

from __future__ import annotations

from typing import Any

from revivatui.shop import events
from revivatui.shop.db import Row
from revivatui.shop.queries import must
from revivatui.shop.render.times import iso
from revivatui.shop.rest.base import Answer, Call, JSONAnswer, Route, crash, empty, invalid
from revivatui.shop.rest.params import integer, text

FEATURES_V3 = (
    "inbound_emails",
    "channel_email",
    "channel_facebook",
    "channel_twitter",
    "help_center",
    "macros",
    "agent_management",
    "team_management",
    "inbox_management",
    "labels",
    "custom_attributes",
    "automations",
    "canned_responses",
    "integrations",
    "voice_recorder",
    "channel_website",
    "campaigns",
    "reports",
    "crm",
    "auto_resolve_conversations",
)
FEATURES_V4 = (
    "agent_bots",
    "channel_instagram",
    "channel_tiktok",
    "chatwoot_v4",
    "report_v4",
    "contact_chatwoot_support_team",
)
_LOCALES = """en ar nl fr de hi it ja ko pt ru zh es ml ca el pt_BR ro ta fa zh_TW vi da tr cs fi id
    sv hu no zh_CN pl sk uk th lv is he lt sr"""
LOCALES = frozenset(_LOCALES.split())
LOCALES_V4 = LOCALES | {"bg"}
TEXTS = ("name", "locale", "domain", "support_email")
ABOUT = ("industry", "company_size", "timezone")
LONGEST_DOMAIN = 100
DAYS = (1, 999)
MINUTES = (10, 1_439_856)
SETTINGS = (
    "auto_resolve_after",
    "auto_resolve_message",
    "auto_resolve_ignore_waiting",
    "auto_resolve_label",
    "audio_transcriptions",
    "conversation_required_attributes",
)
Problems = list[tuple[str, str]]


def show(call: Call) -> Answer:
    view = _view(call, must(call.shop, "accounts", call.account_id))
    return view | {"latest_chatwoot_version": None, "subscribed_features": []}


def _view(call: Call, account: Row) -> dict[str, Any]:
    features = FEATURES_V3 + (FEATURES_V4 if call.shop.v4 else ())
    view: dict[str, Any] = {}
    if call.shop.v4:
        view["settings"] = account["settings"]
    else:
        view["auto_resolve_duration"] = account["auto_resolve_duration"]
    view["created_at"] = iso(account["created_at"])
    if account["custom_attributes"]:
        view["custom_attributes"] = account["custom_attributes"]
    return view | {
        "domain": account["domain"],
        "features": dict.fromkeys(features, True),
        "id": account["id"],
        "locale": account["locale"],
        "name": account["name"],
        "support_email": account["support_email"],
        "status": account["status"],
        "cache_keys": events.cache_keys(account["cache_keys"]),
    }


def update(call: Call) -> Answer:
    """Save what was sent; the days of 3.x mean nothing to 4.x, nor its settings to 3.x."""
    call.need_admin()
    account = must(call.shop, "accounts", call.account_id)
    columns: dict[str, Any] = {
        name: text(call.params[name]) for name in TEXTS if name in call.params
    }
    known = LOCALES_V4 if call.shop.v4 else LOCALES
    if columns.get("locale") is not None and columns["locale"] not in known:
        crash()
    problems = _problems({**account, **columns})
    if call.shop.v4:
        settings = {name: call.params[name] for name in SETTINGS if name in call.params}
        problems += _settings_problems(settings)
        columns["settings"] = {**account["settings"], **settings}
    elif "auto_resolve_duration" in call.params:
        given = call.params["auto_resolve_duration"]
        problems += _days_problems(given)
        columns["auto_resolve_duration"] = integer(given)
    if problems:
        invalid(*problems)
    about = {name: call.params[name] for name in ABOUT if name in call.params}
    columns["custom_attributes"] = {**account["custom_attributes"], **about}
    call.shop.db.update("accounts", account["id"], **columns, updated_at=call.shop.now())
    return _view(call, must(call.shop, "accounts", account["id"]))


def _problems(whole: Row) -> Problems:
    problems: Problems = []
    if not (whole["name"] or "").strip():
        problems.append(("name", "Name can't be blank"))
    if len(whole["domain"] or "") > LONGEST_DOMAIN:
        problems.append(("domain", "Domain is too long (maximum is 100 characters)"))
    return problems


def _days_problems(given: Any) -> Problems:
    if given is None or given == "":
        return []
    what = _out_of(integer(given) if _is_number(given) else None, DAYS)
    return [("auto_resolve_duration", f"Auto resolve duration {what}")] if what else []


def _settings_problems(settings: dict[str, Any]) -> Problems:
    after = settings.get("auto_resolve_after")
    if after is None:
        return []
    what = _out_of(after, MINUTES) if type(after) is int else "must be of type integer"
    return [("auto_resolve_after", f"Auto resolve after {what}")] if what else []


def _is_number(given: Any) -> bool:
    try:
        float(given)
    except (TypeError, ValueError):
        return False
    return True


def _out_of(number: int | None, limits: tuple[int, int]) -> str | None:
    """What is wrong with a number that must lie within limits, None if nothing."""
    least, most = limits
    if number is None:
        return "is not a number"
    if number < least:
        return f"must be greater than or equal to {least}"
    return f"must be less than or equal to {most}" if number > most else None


def cache_keys(call: Call) -> Answer:
    account = must(call.shop, "accounts", call.account_id)
    view = {"cache_keys": events.cache_keys(account["cache_keys"])}
    return JSONAnswer(view, headers={"Cache-Control": "max-age=10, private"})


def update_active_at(call: Call) -> Answer:
    set_active(call, call.account_id)
    return empty()


def set_active(call: Call, account_id: Any) -> None:
    """The caller turns to this account now."""
    call.shop.db.execute(
        "UPDATE account_users SET active_at = ? WHERE user_id = ? AND account_id = ?",
        (call.shop.now(), call.member["id"], account_id),
    )


A = "/api/v1/accounts/{account_id}"
ROUTES = [
    Route("GET", A, show),
    Route("PATCH", A, update),
    Route("PUT", A, update),
    Route("GET", f"{A}/cache_keys", cache_keys),
    Route("POST", f"{A}/update_active_at", update_active_at),
]
