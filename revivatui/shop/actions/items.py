"""The items of interactive messages, checked as the server checks them (contract 3.6)."""

from __future__ import annotations

from typing import Any

ITEM_KEYS = {
    "input_select": ("title", "value"),
    "cards": ("title", "description", "media_url", "actions"),
    "form": (
        "type",
        "placeholder",
        "label",
        "name",
        "options",
        "default",
        "required",
        "pattern",
        "title",
        "pattern_error",
    ),
    "article": ("title", "description", "link"),
}
ACTION_KEYS = ("text", "type", "payload", "uri")


def problem_with_items(content_type: str, attributes: dict[str, Any]) -> str | None:
    """What is wrong with the items of a message of this content type, or None."""
    allowed = ITEM_KEYS.get(content_type)
    if allowed is None:
        return None
    items = attributes.get("items")
    if not isinstance(items, list) or not items:
        return "Content attributes At least one item is required."
    if not all(isinstance(item, dict) for item in items):
        return "Content attributes Items should be a hash."
    if unknown := _unknown_keys(items, allowed):
        return f"Content attributes contains invalid keys for items : {unknown}"
    if content_type == "cards":
        return _problem_with_actions(items)
    return None


def _problem_with_actions(items: list[dict[str, Any]]) -> str | None:
    if not all(item.get("actions") for item in items):
        return "Content attributes contains items missing actions"
    actions = [action for item in items for action in item["actions"]]
    if unknown := _unknown_keys(actions, ACTION_KEYS):
        return f"Content attributes contains invalid keys for actions:  {unknown}"
    return None


def _unknown_keys(hashes: list[dict[str, Any]], allowed: tuple[str, ...]) -> str:
    """Keys that are not allowed, as Ruby shows a list of symbols; "" when there are none."""
    unknown = [key for one in hashes for key in one if key not in allowed]
    return "[" + ", ".join(f":{key}" for key in unknown) + "]" if unknown else ""
