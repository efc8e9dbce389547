"""Integration apps and what each wants to know (contract 5.6)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.rest import integration_hooks
from revivatui.shop.rest.base import Answer, Call, Route, not_found
from revivatui.shop.rest.integration_forms import settings_of

LONG = {
    "webhook": "Sends account events to addresses of your choice as they happen.",
    "dashboard_apps": "Shows pages of your own beside a conversation.",
    "openai": "Reply suggestions, summaries and rewording by a language model.",
    "dialogflow": "Lets a Dialogflow agent answer before people do.",
    "google_translate": "Translates messages for agents.",
    "dyte": "Audio and video calls inside a conversation.",
}
NAMES = {
    "webhook": "Webhooks",
    "dashboard_apps": "Dashboard Apps",
    "openai": "OpenAI",
    "dialogflow": "Dialogflow",
    "google_translate": "Google Translate",
    "dyte": "Dyte",
}
ORDER_V3 = ("webhook", "dialogflow", "dyte", "google_translate", "openai")
ORDER_V4 = ("webhook", "dashboard_apps", "openai", "dialogflow", "google_translate", "dyte")


def apps(call: Call) -> Answer:
    order = ORDER_V4 if call.shop.v4 else ORDER_V3
    return {"payload": [_app(call, name) for name in order]}


def app(call: Call) -> Answer:
    name = call.path["app_id"]
    if name not in (ORDER_V4 if call.shop.v4 else ORDER_V3):
        not_found()
    return _app(call, name)


def _app(call: Call, name: str) -> dict[str, Any]:
    view: dict[str, Any] = {"id": name, "name": NAMES[name], "description": LONG[name]}
    if call.shop.v4:
        view["short_description"] = LONG[name]
    hooks = integration_hooks.hooks_of(call, name)
    # 3.x says so of every app.
    view["enabled"] = not call.shop.v4 or _is_used(call, name) or bool(hooks)
    if call.is_admin:
        view |= _definition(call, name)
    return view | {"hooks": [integration_hooks.view(call, row) for row in hooks]}


def _is_used(call: Call, name: str) -> bool:
    """Whether the account has webhooks or pages of its own: these apps have no hooks."""
    table = {"webhook": "webhooks", "dashboard_apps": "dashboard_apps"}.get(name)
    return table is not None and call.shop.db.find(table, account_id=call.account_id) is not None


def _definition(call: Call, name: str) -> dict[str, Any]:
    key = "webhooks" if name == "webhook" else name
    path = f"/{name}"
    view: dict[str, Any] = {
        "logo": f"{key}.png",
        "i18n_key": key,
        "action": None if name == "dashboard_apps" else path,
        "hook_type": "inbox" if name == "dialogflow" else "account",
        "allow_multiple_hooks": name in ("webhook", "dashboard_apps", "dialogflow"),
    }
    view |= settings_of(call, name) or {}
    view["button"] = None if name == "dashboard_apps" else path
    return view


A = "/api/v1/accounts/{account_id}"
ROUTES = [
    Route("GET", f"{A}/integrations/apps", apps),
    Route("GET", f"{A}/integrations/apps/{{app_id}}", app),
]
