"""What an id in an answer, a frame or a request is the id of.

Ids are told apart by kind (conversation 1 is not contact 1). The kind is read from the key, the
shape of the object around it and the resource in the path, never from a list of known calls.
"""

from __future__ import annotations

import re
from typing import Any

Json = Any

_KEY_KINDS = {
    "assignee": "user", "sender": "user", "user": "user", "author": "user", "agent": "user",
    "created_by": "user", "updated_by": "user", "performer": "user", "mentioned_user": "user",
    "inviter": "user", "member": "user", "assigned_agent": "user", "in_reply_to": "message",
    "parent_message": "message", "current_conversation": "conversation",
    "display": "conversation", "children": "contact",
}  # fmt: skip
_RESOURCE_KINDS = {
    "inbox_members": "user", "team_members": "user", "assignable_agents": "user",
    "agents": "user", "participants": "user", "profile": "user", "sign_in": "user",
    "validate_token": "user", "contactable_inboxes": "inbox", "unread": "conversation",
    "update_last_seen": "conversation", "filter": "conversation", "search": "conversation",
    "merge": "contact", "actions": "contact", "csat_survey": "csat", "cannot": "",
}  # fmt: skip
_LAST_WORDS = {"contact", "user", "agent", "team", "conversation", "message", "sender"}
# Words in a path that name a verb or a wrapper, never a resource with ids of its own.
_NOT_RESOURCES = {"api", "v1", "v2", "public", "widget", "auth", "actions", "enterprise"}
_WRAPPERS = {"payload", "data", "meta", "previous_changes", "notification", "changed_attributes"}


def singular(word: str) -> str:
    """``inboxes`` -> ``inbox``, ``policies`` -> ``policy``, ``labels`` -> ``label``."""
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "sses")):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def kind_of_word(word: str) -> str:
    """The kind that a key or a path segment names."""
    one = singular(word)
    if one in _KEY_KINDS or word in _RESOURCE_KINDS:
        return _KEY_KINDS.get(one, _RESOURCE_KINDS.get(word, one))
    # base_contact, mergee_contact, assigned_agent: the last word says what it is.
    last = one.rpartition("_")[2]
    return _KEY_KINDS.get(last, last) if last in _LAST_WORDS else one


def kind_of_key(key: str, around: Json) -> str | None:
    """The kind of the id(s) under ``key`` (``inbox_id``, ``user_ids``), None if it holds no id."""
    if key in ("in_reply_to", "before", "after"):
        return "message"
    if key == "agent_bot":
        return "agent_bot"
    if key in ("reply_to",):
        return "message"
    found = re.fullmatch(r"(.+?)_ids?(?:\[\])?", key)
    if not found or key in ("external_id", "source_id", "company_id", "sla_policy_id"):
        return None
    stem = found[1]
    if isinstance(around, dict):
        owner = around.get(f"{stem}_type")
        if isinstance(owner, str) and owner:
            return f"{'' if owner != 'Conversation' else 'row of '}{snake(owner)}"
    return kind_of_word(stem)


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name.split("::")[-1]).lower()


def kind_of_object(value: dict[str, Json], hint: str) -> str:
    """The kind of the object that holds an ``id``; ``hint`` is what its place suggests."""
    keys = value.keys()
    kind = value.get("type")
    if kind in ("contact", "user", "agent_bot"):
        return str(kind)
    if "message_type" in keys and "content" in keys:
        return "message"
    if "file_type" in keys and "message_id" in keys:
        return "attachment"
    if "notification_type" in keys:
        return "notification"
    if "channel_type" in keys or "channel_id" in keys:
        return "inbox"
    if {"contact_id", "source_id"} <= keys:
        return "contact_inbox"
    if "can_reply" in keys or {"status", "contact_last_seen_at"} <= keys:
        return "conversation"
    if {"source_id", "pubsub_token"} <= keys or {"phone_number", "identifier"} <= keys:
        return "contact"
    if "has_email" in keys:
        return "contact"
    if "role" in keys and "email" in keys:
        return "user"
    if "current_conversation" in keys and "event_info" in keys:
        return "contact_inbox"
    return hint


def hint_of_path(path: str) -> str:
    """The kind of the objects that a call to ``path`` answers with."""
    words = [w for w in path.split("?")[0].split("/") if w and w not in _NOT_RESOURCES]
    words = [w for w in words if not w.isdigit()]
    for word in reversed(words):
        if word in _RESOURCE_KINDS:
            return _RESOURCE_KINDS[word]
        if word.endswith("s"):
            return kind_of_word(word)
    return kind_of_word(words[-1]) if words else ""


def hint_of_key(key: str, hint: str) -> str:
    """The kind that objects under ``key`` have, ``hint`` being that of the object around."""
    return hint if key in _WRAPPERS else kind_of_word(key)


def path_kinds(path: str) -> list[tuple[str, str | None]]:
    """The segments of a path, each number with the kind of the resource named before it."""
    kinds: list[tuple[str, str | None]] = []
    before = ""
    for segment in path.split("/"):
        if segment.isdigit():
            kinds.append((segment, _segment_kind(before)))
        else:
            kinds.append((segment, None))
            before = segment or before
    return kinds


def _segment_kind(word: str) -> str:
    if word == "inbox_members":
        return "inbox"
    if word == "team_members":
        return "team"
    return kind_of_word(word)
