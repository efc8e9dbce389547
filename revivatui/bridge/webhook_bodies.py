"""Bodies of webhooks (contract 8.3) as news."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypeGuard

from revivatui.api.convert import bare_name, file_name
from revivatui.bridge.errors import Junk
from revivatui.bridge.news import (
    CONTACT_EVENTS,
    CONVERSATION_EVENTS,
    MESSAGE_EVENTS,
    Chat,
    File,
    Kind,
    News,
    Person,
    Said,
    SenderKind,
)
from revivatui.text.safe import safe, safe_line

_KINDS: Final[Mapping[object, Kind]] = {
    "incoming": "incoming",
    "outgoing": "outgoing",
    "template": "template",
    0: "incoming",
    1: "outgoing",
    3: "template",
}
_END_OF_TIME: Final = 250_000_000_000.0
"""A moment beyond which no calendar goes."""
_RENDERS_HTML: Final = frozenset({"Channel::WebWidget", "Channel::Email"})


def news_of(body: Mapping[str, Any]) -> News | None:
    """What a body tells; None where it is nothing that the bridge works with.

    Raises Junk where it lacks what every body of its kind has.
    """
    event = body.get("event")
    if not isinstance(event, str):
        raise Junk("A webhook names its event.")
    if event in MESSAGE_EVENTS:
        return _of_message(event, body)
    if event in CONVERSATION_EVENTS:
        changed, echo = _changes(body)
        return News(event, chat=_chat(body), changed=changed, echo=echo)
    if event in CONTACT_EVENTS:
        changed, echo = _changes(body)
        return News(event, contact=_person(body), changed=changed, echo=echo)
    return None


def account_of(body: Mapping[str, Any]) -> int | None:
    """The account that a body names; those of conversations name none."""
    account = _table(body.get("account")).get("id")
    return account if _is_small(account) else None


def fingerprint(value: object) -> str:
    """The same text for the same value, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def echo_mark(attributes: Mapping[str, Any]) -> str:
    """A fingerprint of attributes that survives what a server may do to them: it puts keys in an
    order of its own, leaves out what is null, and writes 10.0 as 10."""
    return fingerprint(_plain(attributes))


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items() if one is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _of_message(event: str, body: Mapping[str, Any]) -> News | None:
    chat_body = body.get("conversation")
    if not isinstance(chat_body, dict):
        raise Junk("A message names its conversation.")
    told = body.get("message_type")
    kind = _KINDS.get(told) if isinstance(told, (str, int)) else None
    if kind is None:
        return None
    chat = _chat(chat_body)
    return News(event, message=_message(body, kind, chat, chat_body), chat=chat)


def _message(body: Mapping[str, Any], kind: Kind, chat: Chat, chat_body: Mapping[str, Any]) -> Said:
    """The message, with the words as written and the moment of its last change where the
    conversation around it happens to have them."""
    number = _number(body.get("id"), "message")
    attributes = _table(body.get("content_attributes"))
    inside = _inside(chat_body, number)
    content_type = _line(body.get("content_type")) or "text"
    told = body.get("content") if inside is None else inside.get("content")
    renders = chat.version is not None and (
        chat.channel in _RENDERS_HTML or content_type == "input_csat"
    )
    answered = _table(_table(attributes.get("submitted_values")).get("csat_survey_response"))
    rating = answered.get("rating")
    sender_kind, sender_id, sender_name = _sender(body.get("sender"))
    return Said(
        id=number,
        conversation_id=chat.id,
        kind=kind,
        content=safe(told) if isinstance(told, str) else "",
        created_at=int(_moment(body.get("created_at")) or 0),
        private=body.get("private") is True,
        content_type=content_type,
        sender_kind=sender_kind,
        sender_id=sender_id,
        sender_name=sender_name,
        files=_files(body.get("attachments")),
        deleted=bool(attributes.get("deleted")),
        rating=rating if _is_small(rating) else None,
        feedback=safe(_text(answered.get("feedback_message"))),
        version=_moment(inside.get("updated_at")) if inside else None,
        rendered=renders and inside is None,
    )


def _inside(chat_body: Mapping[str, Any], number: int) -> Mapping[str, Any] | None:
    """The same message where the conversation's newest public one is just this."""
    shown = chat_body.get("messages")
    newest = shown[-1] if isinstance(shown, list) and shown else None
    return newest if isinstance(newest, dict) and newest.get("id") == number else None


def _sender(sender: object) -> tuple[SenderKind, int, str]:
    """A contact's form has no `type` (contract 8.3)."""
    if not isinstance(sender, dict):
        return "system", 0, ""
    number = sender.get("id")
    name = _line(sender.get("name"))
    who = number if _is_small(number) else 0
    kind = sender.get("type")
    if kind == "user":
        return "user", who, name
    return ("contact" if kind in (None, "contact") else "bot"), who, name


def _files(sent: object) -> tuple[File, ...]:
    found = []
    for one in sent if isinstance(sent, list) else ():
        url = _line(_table(one).get("data_url"))
        size = _table(one).get("file_size")
        if url:
            name = bare_name(_text(one.get("fallback_title"))) or file_name(url)
            found.append(File(url, name, size if _is_small(size) else 0))
    return tuple(found)


def _chat(body: Mapping[str, Any]) -> Chat:
    meta = _table(body.get("meta"))
    inbox_id = body.get("inbox_id")
    return Chat(
        id=_number(body.get("id"), "conversation"),
        inbox_id=inbox_id if _is_small(inbox_id) else 0,
        status=_line(body.get("status")),
        contact=_person(sender) if (sender := _table(meta.get("sender"))) else Person(0),
        channel=_line(body.get("channel")),
        version=_moment(body.get("updated_at")),
    )


def _person(body: Mapping[str, Any]) -> Person:
    attributes = _table(body.get("custom_attributes"))
    return Person(
        id=_number(body.get("id"), "contact"),
        name=_line(body.get("name")),
        email=_line(body.get("email")),
        phone=_line(body.get("phone_number")),
        language=language_of(attributes),
    )


def language_of(attributes: Mapping[str, Any]) -> str:
    """The language that the website knows of a customer, where it said so."""
    said = attributes.get("preferred_language") or attributes.get("preferredLanguage")
    return safe_line(said)[:35] if isinstance(said, str) else ""


def _changes(body: Mapping[str, Any]) -> tuple[tuple[str, ...], str]:
    """The names of what changed, and a fingerprint of the attributes that were written."""
    told = body.get("changed_attributes")
    merged: dict[str, Any] = {}
    for one in told if isinstance(told, list) else ():
        merged |= _table(one)
    names = tuple(sorted(safe_line(name) for name in merged if name != "updated_at"))
    if names != ("custom_attributes",):
        return names, ""
    written = _table(merged["custom_attributes"]).get("current_value")
    return names, echo_mark(_table(written))


def _number(value: object, what: str) -> int:
    if not _is_small(value) or value == 0:
        raise Junk(f"The {what} has no number.")
    return value


def _is_small(value: object) -> TypeGuard[int]:
    """Whether it is a number that a database can hold."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _line(value: object) -> str:
    return safe_line(value) if isinstance(value, str) else ""


def _moment(value: object) -> float | None:
    """Epoch seconds, or ISO 8601, as the server has both (contract 8.3); None for 0 and nothing."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if 0 < value < _END_OF_TIME else None
    if not isinstance(value, str) or not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
        seconds = moment.timestamp() if moment.tzinfo else 0.0
    except (ValueError, OverflowError):
        return None
    return seconds if 0 < seconds < _END_OF_TIME else None
