"""Integration apps as a server without any of them shows (contract 5.6), and lists that stay
empty here: bots, automation rules, dashboard apps."""

from __future__ import annotations

from typing import Any

from revivatui.shop.rest.base import Answer, Call, Route, not_found

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
GOOGLE_KEY = {
    "type": "textarea",
    "name": "credentials",
    "validation": "required|JSON",
    "validationName": "Credentials",
    "validation-messages": {"JSON": "Invalid JSON", "required": "Credentials is required"},
}
API_KEY = {"label": "API Key", "type": "text", "name": "api_key", "validation": "required"}
FORMS: dict[str, list[dict[str, Any]]] = {
    "openai": [
        API_KEY,
        {
            "label": "Show label suggestions",
            "type": "checkbox",
            "name": "label_suggestion",
            "validation": "",
        },
    ],
    "dialogflow": [
        {
            "label": "Dialogflow Project ID",
            "type": "text",
            "name": "project_id",
            "validation": "required",
            "validationName": "Project Id",
        },
        {"label": "Dialogflow Project Key File", **GOOGLE_KEY},
    ],
    "google_translate": [
        {
            "label": "Google Cloud Project ID",
            "type": "text",
            "name": "project_id",
            "validation": "required",
            "validationName": "Project Id",
        },
        {"label": "Google Cloud Project Key File", **GOOGLE_KEY},
    ],
    "dyte": [
        {
            "label": "Organization ID",
            "type": "text",
            "name": "organization_id",
            "validation": "required",
        },
        API_KEY,
    ],
}
REGION: dict[str, Any] = {
    "label": "Dialogflow Region",
    "type": "select",
    "name": "region",
    "default": "global",
    "options": [
        {"label": "Global - Default", "value": "global"},
        {"label": "AS-NE1 - Tokyo, Japan", "value": "asia-northeast1"},
        {"label": "AU-SE1 - Sydney, Australia", "value": "australia-southeast1"},
        {"label": "EU-W1 - St. Ghislain, Belgium", "value": "europe-west1"},
        {"label": "EU-W2 - London, England", "value": "europe-west2"},
    ],
}
SCHEMAS: dict[str, dict[str, str]] = {
    "openai": {"api_key": "string", "label_suggestion": "boolean"},
    "dialogflow": {"project_id": "string", "credentials": "object"},
    "google_translate": {"project_id": "string", "credentials": "object"},
    "dyte": {"api_key": "string", "organization_id": "string"},
}
VISIBLE = {
    "openai": ["api_key", "label_suggestion"],
    "dialogflow": ["project_id"],
    "google_translate": ["project_id"],
    "dyte": ["organization_id"],
}


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
    # Enabled tells nothing: 3.x says so of every app, 4.x of those with a hook.
    view["enabled"] = not call.shop.v4
    if call.is_admin:
        view |= _definition(call, name)
    return view | {"hooks": []}


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
    if name in SCHEMAS:
        view |= _settings_of(call, name)
    view["button"] = None if name == "dashboard_apps" else path
    return view


def _settings_of(call: Call, name: str) -> dict[str, Any]:
    required = [field for field, kind in SCHEMAS[name].items() if kind != "boolean"]
    fields, form, visible = dict(SCHEMAS[name]), list(FORMS[name]), list(VISIBLE[name])
    if name == "dialogflow" and call.shop.v4:
        fields["region"] = "string"
        form.append(REGION)
        visible.append("region")
    return {
        "settings_json_schema": {
            "type": "object",
            "properties": {field: {"type": kind} for field, kind in fields.items()},
            "required": required,
            "additionalProperties": False,
        },
        "settings_form_schema": form,
        "visible_properties": visible,
    }


def nothing(call: Call) -> Answer:
    return []


def no_rules(call: Call) -> Answer:
    call.need_admin()
    return {"payload": []}


A = "/api/v1/accounts/{account_id}"
ROUTES = [
    Route("GET", f"{A}/integrations/apps", apps),
    Route("GET", f"{A}/integrations/apps/{{app_id}}", app),
    Route("GET", f"{A}/agent_bots", nothing),
    Route("GET", f"{A}/dashboard_apps", nothing),
    Route("GET", f"{A}/automation_rules", no_rules),
]
