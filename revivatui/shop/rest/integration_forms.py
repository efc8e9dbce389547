"""What each integration app wants to know before it can be switched on (contract 5.6)."""

from __future__ import annotations

from typing import Any

from revivatui.shop.rest.base import Call

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


def settings_of(call: Call, name: str) -> dict[str, Any] | None:
    """The settings that an app takes, as schema and as form; None for an app without any."""
    if name not in SCHEMAS:
        return None
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
