"""Changes of canned responses, labels, macros, saved views and webhooks (contract 5.4-5.6)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from revivatui.state.admin import Canned, HookSetup, LabelSetup, MacroSetup, SavedView
from revivatui.state.admin_change import Change, Request, bare_url
from revivatui.state.admin_words import (
    canned_facts,
    hook_facts,
    label_facts,
    macro_facts,
    view_facts,
)

CANNED: Final = "canned"
LABELS: Final = "labels"
MACROS: Final = "macros"
VIEWS: Final = "views"
WEBHOOKS: Final = "webhooks"
GONE: Final = "remove"
"""What is typed to remove what has no short name."""
EVENTS: Final = (
    "conversation_created",
    "conversation_status_changed",
    "conversation_updated",
    "message_created",
    "message_updated",
    "webwidget_triggered",
    "contact_created",
    "contact_updated",
    "conversation_typing_on",
    "conversation_typing_off",
)
_NEW: Final = -1
_TITLE: Final = re.compile(r"[\w-]+")


# --- canned responses --------------------------------------------------------------------------


def _canned_body(one: Canned) -> dict[str, Any]:
    return {"canned_response": {"short_code": one.short_code, "content": one.content}}


def add_canned(short_code: str, content: str) -> Change:
    made = Canned(_NEW, short_code, content)
    return Change(
        CANNED, f"Add the canned response /{short_code}",
        (Request("POST", "canned_responses", _canned_body(made)),),
        wanted=canned_facts(made),
        undo=lambda made_id: remove_canned(replace(made, id=made_id or _NEW)),
    )  # fmt: skip


def change_canned(before: Canned, short_code: str, content: str) -> Change:
    after = Canned(before.id, short_code, content)
    return Change(
        CANNED, f"Change the canned response /{before.short_code}",
        (Request("PATCH", f"canned_responses/{before.id}", _canned_body(after)),),
        before=canned_facts(before), wanted=canned_facts(after), record_id=before.id,
        undo=lambda _id: change_canned(after, before.short_code, before.content),
    )  # fmt: skip


def remove_canned(one: Canned) -> Change:
    return Change(
        CANNED, f"Remove the canned response /{one.short_code}",
        (Request("DELETE", f"canned_responses/{one.id}"),),
        before=canned_facts(one), wanted=None, record_id=one.id, confirm=one.short_code,
        undo=lambda _id: add_canned(one.short_code, one.content),
    )  # fmt: skip


def import_canned(known: Sequence[Canned], rows: Sequence[tuple[str, str]]) -> Change:
    """Everything of a file that is new or different; what only the server has stays."""
    by_code = {one.short_code: one for one in known}
    steps = [
        add_canned(code, content)
        if code not in by_code
        else change_canned(by_code[code], code, content)
        for code, content in rows
        if code not in by_code or by_code[code].content != content
    ]
    said = []
    for one in steps:
        sign = "added" if one.record_id is None else "changed"
        code = (one.wanted or {}).get("short code", "")
        was = one.before.get("content", "")
        now = (one.wanted or {}).get("content", "")
        said.append(f"{sign} /{code}: {f'{was} -> ' if was else ''}{now}")
    added = sum(one.record_id is None for one in steps)
    same = len(rows) - len(steps)
    return Change(
        CANNED,
        f"Import canned responses: {added} added, {len(steps) - added} changed, {same} the same",
        tuple(request for one in steps for request in one.requests),
        wanted={
            f"/{(one.wanted or {})['short code']}": (one.wanted or {})["content"] for one in steps
        },
        before={
            f"/{one.before['short code']}": one.before["content"] for one in steps if one.before
        },
        more=tuple(said),
    )  # fmt: skip


# --- labels ------------------------------------------------------------------------------------


def title_trouble(title: str) -> str:
    """What the server would not take, in a sentence; "" where it would."""
    if not title:
        return "A label needs a title."
    if not _TITLE.fullmatch(title):
        return "A label has letters, digits, - and _ only, and no spaces."
    return ""


def _label_body(one: LabelSetup) -> dict[str, Any]:
    return {
        "label": {
            "title": one.title,
            "description": one.description,
            "color": one.color,
            "show_on_sidebar": one.on_sidebar,
        }
    }


def add_label(one: LabelSetup) -> Change:
    one = replace(one, title=one.title.lower())
    return Change(
        LABELS, f"Add the label {one.title}", (Request("POST", "labels", _label_body(one)),),
        wanted=label_facts(one),
        undo=lambda made: remove_label(replace(one, id=made or _NEW)),
    )  # fmt: skip


def change_label(before: LabelSetup, after: LabelSetup) -> Change:
    after = replace(after, title=after.title.lower())
    renamed = after.title != before.title
    return Change(
        LABELS, f"Change the label {before.title}",
        (Request("PATCH", f"labels/{before.id}", _label_body(after)),),
        before=label_facts(before), wanted=label_facts(after), record_id=before.id,
        warnings=("Conversations that have it are renamed with it.",) if renamed else (),
        undo=lambda _id: change_label(after, before),
    )  # fmt: skip


def remove_label(one: LabelSetup) -> Change:
    return Change(
        LABELS, f"Remove the label {one.title}", (Request("DELETE", f"labels/{one.id}"),),
        before=label_facts(one), wanted=None, record_id=one.id,
        warnings=("Lists and figures by this label end. Undo makes the label again, but puts it"
                  " on no conversation.",),
        confirm=one.title, undo=lambda _id: add_label(one),
    )  # fmt: skip


# --- macros ------------------------------------------------------------------------------------


def _macro_body(one: MacroSetup) -> dict[str, Any]:
    return {
        "name": one.name,
        "visibility": one.visibility,
        "actions": [
            {"action_name": step.name, "action_params": list(step.params)} for step in one.steps
        ],
    }


def add_macro(one: MacroSetup, steps: str) -> Change:
    """`steps`: what it does, in words."""
    return Change(
        MACROS, f"Add the macro {one.name}", (Request("POST", "macros", _macro_body(one)),),
        wanted=macro_facts(one, steps),
        undo=lambda made: remove_macro(replace(one, id=made or _NEW), steps),
    )  # fmt: skip


def change_macro(before: MacroSetup, steps_before: str, after: MacroSetup, steps: str) -> Change:
    return Change(
        MACROS, f"Change the macro {before.name}",
        (Request("PUT", f"macros/{before.id}", _macro_body(after)),),
        before=macro_facts(before, steps_before), wanted=macro_facts(after, steps),
        record_id=before.id,
        undo=lambda _id: change_macro(after, steps, before, steps_before),
    )  # fmt: skip


def remove_macro(one: MacroSetup, steps: str) -> Change:
    return Change(
        MACROS, f"Remove the macro {one.name}", (Request("DELETE", f"macros/{one.id}"),),
        before=macro_facts(one, steps), wanted=None, record_id=one.id, confirm=one.name,
        undo=lambda _id: add_macro(one, steps),
    )  # fmt: skip


# --- saved views -------------------------------------------------------------------------------


def query_of(conditions: Sequence[tuple[str, Sequence[Any]]]) -> dict[str, Any]:
    """Conditions that all have to hold: attribute and values (contract 2.3)."""
    last = len(conditions) - 1
    return {
        "payload": [
            {
                "attribute_key": key,
                "filter_operator": "equal_to",
                "values": list(values),
                "query_operator": "and" if place < last else None,
            }
            for place, (key, values) in enumerate(conditions)
        ]
    }


def _view_body(one: SavedView) -> dict[str, Any]:
    return {"custom_filter": {"name": one.name, "filter_type": 0, "query": dict(one.query)}}


def add_view(name: str, query: Mapping[str, Any]) -> Change:
    made = SavedView(_NEW, name, query=query)
    return Change(
        VIEWS, f"Save the view {name}", (Request("POST", "custom_filters", _view_body(made)),),
        wanted=view_facts(made),
        undo=lambda made_id: remove_view(replace(made, id=made_id or _NEW)),
    )  # fmt: skip


def change_view(before: SavedView, name: str, query: Mapping[str, Any]) -> Change:
    after = replace(before, name=name, query=query)
    return Change(
        VIEWS, f"Change the view {before.name}",
        (Request("PATCH", f"custom_filters/{before.id}", _view_body(after)),),
        before=view_facts(before), wanted=view_facts(after), record_id=before.id,
        undo=lambda _id: change_view(after, before.name, before.query),
    )  # fmt: skip


def remove_view(one: SavedView) -> Change:
    return Change(
        VIEWS, f"Remove the view {one.name}", (Request("DELETE", f"custom_filters/{one.id}"),),
        before=view_facts(one), wanted=None, record_id=one.id, confirm=one.name,
        undo=lambda _id: add_view(one.name, one.query),
    )  # fmt: skip


# --- webhooks ----------------------------------------------------------------------------------


def _hook_body(one: HookSetup, has_names: bool) -> dict[str, Any]:
    named = {"name": one.name} if has_names else {}
    return {"webhook": {"url": one.url, **named, "subscriptions": list(one.subscriptions)}}


def add_webhook(one: HookSetup, has_names: bool) -> Change:
    """`has_names`: whether this server's webhooks have one (4.x)."""
    return Change(
        WEBHOOKS, "Add a webhook", (Request("POST", "webhooks", _hook_body(one, has_names)),),
        wanted=hook_facts(one),
        warnings=("Whoever answers at this address reads what customers and agents write.",),
        undo=lambda made: remove_webhook(replace(one, id=made or _NEW), has_names),
    )  # fmt: skip


def change_webhook(before: HookSetup, after: HookSetup, has_names: bool) -> Change:
    unseen = before.url != after.url and bare_url(before.url) == bare_url(after.url)
    return Change(
        WEBHOOKS, "Change a webhook",
        (Request("PATCH", f"webhooks/{before.id}", _hook_body(after, has_names)),),
        before=hook_facts(before), wanted=hook_facts(after), record_id=before.id,
        warnings=("The hidden part of its address changes.",) if unseen else (),
        undo=lambda _id: change_webhook(after, before, has_names),
    )  # fmt: skip


def remove_webhook(one: HookSetup, has_names: bool) -> Change:
    return Change(
        WEBHOOKS, "Remove a webhook", (Request("DELETE", f"webhooks/{one.id}"),),
        before=hook_facts(one), wanted=None, record_id=one.id,
        warnings=("Nothing is told to this address any more. If the bridge listens there, it goes"
                  " blind.",),
        confirm=GONE, undo=lambda _id: add_webhook(one, has_names),
    )  # fmt: skip
