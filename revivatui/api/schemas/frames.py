"""The remaining data of cable events (contract 7.2, 7.6)."""

from __future__ import annotations

from pydantic import Field

from revivatui.api.schemas.account import CacheKeys
from revivatui.api.schemas.base import Line, Wire
from revivatui.api.schemas.conversations import Conversation
from revivatui.api.schemas.people import Person, Sender


class Presence(Wire):
    """The whole map, keys as text (contract 7.2). Contacts' sockets get no `contacts`."""

    account_id: int | None = None
    users: dict[int, Line] = Field(default_factory=dict)
    contacts: dict[int, Line] = Field(default_factory=dict)


class Typing(Wire):
    """`conversation.typing_on` and `_off`."""

    conversation: Conversation
    user: Sender
    is_private: bool | None = None
    account_id: int | None = None
    performer: Person | None = None


class CacheInvalidated(Wire):
    cache_keys: CacheKeys
    account_id: int | None = None
    performer: Person | None = None
