"""Records of the state as JSON lists, and back. Positional: the schema's version names the shape.

Everything in here was cleaned at the wire before it was kept.
"""

from __future__ import annotations

import json
from operator import attrgetter
from typing import Any, Final

from revivatui.state.models import (
    NO_ATTRIBUTES,
    Account,
    Agent,
    Attachment,
    CannedResponse,
    Contact,
    Conversation,
    Counts,
    Inbox,
    Label,
    ListView,
    Message,
    SendEntry,
    Sender,
    Team,
)

_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False, default=list
)

PLAIN: Final = (Agent, Inbox, Team, Label, CannedResponse, Counts, SendEntry, Sender, Attachment)
"""Records of numbers and texts only."""


def _getter(kind: Any) -> attrgetter[Any]:
    return attrgetter(*kind.__slots__)


_GET: Final[dict[type, attrgetter[Any]]] = {
    kind: _getter(kind) for kind in (*PLAIN, Account, Contact, Conversation, ListView, Message)
}
_PREVIEW: Final = Conversation.__slots__.index("preview")
_LABELS: Final = Conversation.__slots__.index("labels")
_SENDER: Final = Message.__slots__.index("sender")
_ATTACHMENTS: Final = Message.__slots__.index("attachments")
_VIEW_LABELS: Final = ListView.__slots__.index("labels")
_FEATURES: Final = Account.__slots__.index("features")


def _values(record: Any) -> list[Any]:
    values = list(_GET[type(record)](record))
    if type(record) is Message:
        if record.sender is not None:
            values[_SENDER] = _values(record.sender)
        values[_ATTACHMENTS] = [_values(one) for one in record.attachments]
    elif type(record) is Conversation:
        if record.preview is not None:
            values[_PREVIEW] = _values(record.preview)
    elif type(record) is Account:
        values[_FEATURES] = sorted(record.features)
    return values


def encode(record: Any) -> str:
    """One record as text."""
    return _ENCODER.encode(_values(record))


def _attributes(values: list[Any]) -> None:
    """Records without attributes share the one empty mapping."""
    for at, value in enumerate(values):
        if value == {}:
            values[at] = NO_ATTRIBUTES


def _message(values: list[Any]) -> Message:
    if values[_SENDER] is not None:
        values[_SENDER] = Sender(*values[_SENDER])
    values[_ATTACHMENTS] = tuple(Attachment(*one) for one in values[_ATTACHMENTS])
    _attributes(values)
    return Message(*values)


def message(text: str) -> Message:
    """Raises ValueError, TypeError or IndexError where the text is no message."""
    return _message(json.loads(text))


def conversation(text: str) -> Conversation:
    """Raises ValueError, TypeError or IndexError where the text is no conversation."""
    values = json.loads(text)
    if values[_PREVIEW] is not None:
        values[_PREVIEW] = _message(values[_PREVIEW])
    values[_LABELS] = tuple(values[_LABELS])
    _attributes(values)
    return Conversation(*values)


def contact(text: str) -> Contact:
    """Raises ValueError or TypeError where the text is no contact."""
    values = json.loads(text)
    _attributes(values)
    return Contact(*values)


def account(text: str) -> Account:
    """Raises ValueError or TypeError where the text is no account."""
    values = json.loads(text)
    values[_FEATURES] = frozenset(values[_FEATURES])
    return Account(*values)


def view(text: str) -> ListView:
    """Raises ValueError or TypeError where the text is no list."""
    values = json.loads(text)
    values[_VIEW_LABELS] = tuple(values[_VIEW_LABELS])
    return ListView(*values)


def plain(kind: type[Any], text: str) -> Any:
    """A record of one of the kinds in `PLAIN`. Raises ValueError or TypeError."""
    return kind(*json.loads(text))
