"""One copy of what thousands of records repeat: words, browsers, senders.

A desk holds ten thousand conversations, each decoded for itself. Records are frozen and their
attributes are never changed in place, so equal parts can be the same object.
"""

from __future__ import annotations

from dataclasses import replace
from sys import intern
from typing import TYPE_CHECKING, Final

from revivatui.state.models import NO_ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from revivatui.state.models import Attributes, Contact, Message, Sender

SHORT: Final = 40
"""Characters up to which a text is likely to come again."""

MOST_KEPT: Final = 4_000

_PARTS: dict[object, Any] = {}
"""Equal parts -> the one that is shared."""


def word(text: str | None) -> str | None:
    """The shared copy of a text that is likely to come again."""
    return text if text is None or len(text) > SHORT else intern(text)


def attributes(given: Attributes) -> Attributes:
    """The mapping with its names and short texts shared, and mappings inside it as a whole."""
    return _mapping(given) if given else NO_ATTRIBUTES


def _mapping(given: Mapping[str, Any]) -> dict[str, Any]:
    return {intern(name): _value(value) for name, value in given.items()}


def _value(value: Any) -> Any:
    if type(value) is str:
        return word(value)
    if type(value) is not dict:
        return value
    made = _mapping(value)
    try:
        return _shared(tuple(made.items()), made)
    except TypeError:  # something in it has no hash
        return made


def _shared(key: object, part: Any) -> Any:
    if len(_PARTS) >= MOST_KEPT:
        _PARTS.clear()
    return _PARTS.setdefault(key, part)


def sender(given: Sender | None) -> Sender | None:
    if given is None:
        return None
    key = (given.kind, given.id, given.name)
    return _shared(key, given)  # type: ignore[no-any-return]


def contact(given: Contact) -> Contact:
    """The contact with what its attributes repeat shared."""
    return replace(
        given,
        availability=intern(given.availability),
        additional_attributes=attributes(given.additional_attributes),
        custom_attributes=attributes(given.custom_attributes),
    )


def message(given: Message) -> Message:
    """The message with its server words and its sender shared."""
    return replace(
        given,
        content_type=intern(given.content_type),
        status=intern(given.status),
        sender=sender(given.sender),
    )
