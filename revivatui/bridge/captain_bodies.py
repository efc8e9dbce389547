"""Bodies of a bot's webhook (contract 8) as what captain takes from them.

Tokens and source ids of contacts stay outside; passcodes are masked before anything is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from revivatui.api.convert import CLIENT_REFERENCE
from revivatui.bridge.captain_talk import Heard, Teller, Told
from revivatui.bridge.news import Chat, Said
from revivatui.bridge.webhook_bodies import news_of
from revivatui.crm.passcodes import mask_passcodes
from revivatui.text.html_text import html_text
from revivatui.text.safe import safe_line

MARK: Final = "captain-"
"""How our own references begin."""
MOST_WORDS: Final = 8_000
"""Letters of one message that are kept: nobody reads on, and no flood fills the disk."""
_STATUS_EVENTS: Final = ("conversation_opened", "conversation_resolved")
_ENDS_OR_OPENS: Final = "conversation_status_changed"


def told_of(body: Mapping[str, Any], own_id: int) -> Told | None:
    """What a body tells; None where it is nothing for captain. `own_id` is the bot's own number,
    0 where it is not known yet. Raises Junk."""
    event = body.get("event")
    if event in _STATUS_EVENTS:
        news = news_of({**body, "event": _ENDS_OR_OPENS})
        assert news is not None
        assert news.chat is not None
        return _told(news.chat, body, opened=True)
    if event not in ("message_created", "message_updated"):
        return None
    news = news_of(body)
    if news is None or news.message is None or news.chat is None:
        return None
    chat_body = body["conversation"]
    said = news.message
    return _told(news.chat, chat_body, _heard(said, body, own_id), deleted=said.deleted)


def _told(
    chat: Chat,
    body: Mapping[str, Any],
    heard: Heard | None = None,
    *,
    deleted: bool = False,
    opened: bool = False,
) -> Told:
    return Told(
        conversation_id=chat.id,
        inbox_id=chat.inbox_id,
        channel=chat.channel,
        status=chat.status,
        status_version=chat.version or 0.0,
        contact_id=chat.contact.id,
        contact_name=chat.contact.name,
        verified=_is_verified(body),
        heard=heard,
        deleted=deleted,
        opened=opened,
    )


def _is_verified(chat_body: Mapping[str, Any]) -> bool:
    meta = chat_body.get("meta")
    return isinstance(meta, dict) and meta.get("hmac_verified") is True


def _heard(said: Said, body: Mapping[str, Any], own_id: int) -> Heard:
    told = html_text(said.content) if said.rendered else said.content
    words, _ = mask_passcodes(told[:MOST_WORDS])
    return Heard(
        said.id,
        _teller(said, _reference(body), own_id),
        words,
        float(said.created_at),
        len(said.files),
        _reference(body),
    )


def _reference(body: Mapping[str, Any]) -> str:
    """Our own mark, where this is a message of ours."""
    attributes = body.get("content_attributes")
    marks = [body.get("source_id")]
    if isinstance(attributes, dict):
        marks.append(attributes.get(CLIENT_REFERENCE))
    found = (safe_line(one) for one in marks if isinstance(one, str) and one.startswith(MARK))
    return next(found, "")


def _teller(said: Said, reference: str, own_id: int) -> Teller:
    if said.kind == "template" or said.sender_kind == "system":
        return "shop"
    if said.kind == "incoming":
        return "customer" if said.sender_kind == "contact" and not said.private else "shop"
    if said.private:
        return "note"
    if said.sender_kind == "bot":
        return "captain" if reference or said.sender_id == own_id else "bot"
    return "agent"
