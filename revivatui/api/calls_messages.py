"""Calls on messages (contract 3)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from revivatui.api import convert
from revivatui.api.answers import AttachmentFile, Messages
from revivatui.api.calls_conversations import Calls
from revivatui.api.schemas import messages as wire
from revivatui.api.schemas.conversations import SearchAnswer
from revivatui.state import models

NEWEST_PER_PAGE: Final = 20
AFTER_PER_PAGE: Final = 100
BETWEEN_PER_PAGE: Final = 1000

_SOURCE_ID_IS_SAFE: Final = frozenset({"Channel::WebWidget", "Channel::Api"})
"""On every other channel a message with a `source_id` counts as come from there and is not
delivered (observed 2.7)."""


class MessageCalls(Calls):
    """Reading a thread and writing into it."""

    async def messages(
        self, conversation_id: int, before: int | None = None, after: int | None = None
    ) -> Messages:
        """A page of a thread (contract 3.2).

        Without ids the newest 20; `before` the 20 next older ones; `after` up to 100 newer ones
        by id; both: `after` included, up to `before`, 1000.
        """
        params: dict[str, str | int | Sequence[str]] = {}
        size = NEWEST_PER_PAGE
        if before is not None:
            params["before"] = before
        if after is not None:
            params["after"] = after
            size = AFTER_PER_PAGE if before is None else BETWEEN_PER_PAGE
        path = self._path(conversation_id, "/messages")
        answer = await self._transport.ask(wire.MessagePage, "GET", path, params=params)
        contact = answer.meta.contact if answer.meta else None
        rows = (convert.message(row, conversation_id) for row in answer.payload)
        return Messages(
            messages=tuple(sorted(rows, key=lambda message: message.id)),
            complete=len(answer.payload) < size,
            contact=convert.contact(contact) if contact else None,
        )

    async def search_messages(self, text: str) -> tuple[models.Message, ...]:
        """The newest messages of the last three months that hold this text as it stands: ten on
        3.9, fifteen on 4.x (contract 2.2)."""
        path = self._account_path("search/messages")
        answer = await self._transport.ask(SearchAnswer, "GET", path, params={"q": text, "page": 1})
        return tuple(map(convert.message, answer.payload.messages or ()))

    def keeps_reference(self, channel: str, private: bool) -> bool:
        """Whether the server keeps our reference with the message (observed 2.7).

        Where it does, a send whose answer was lost can be looked up. `channel` is the inbox's
        `channel_type`.
        """
        return self._is_4() or private or channel in _SOURCE_ID_IS_SAFE

    def _is_4(self) -> bool:
        major = self.server_version.split(".", 1)[0]
        return major.isdigit() and int(major) >= 4

    async def send(
        self,
        conversation_id: int,
        content: str,
        private: bool = False,
        reference: str | None = None,
        echo_id: str | None = None,
        in_reply_to: int | None = None,
        attachments: Sequence[AttachmentFile] = (),
        channel: str = "",
    ) -> models.Message:
        """Write a reply or, with `private`, a note (contract 3.3). Sent once, never again.

        `channel` is the inbox's `channel_type`: on 3.9 it decides whether the reference may go
        along. An error whose `sent` is "maybe" leaves open whether the message exists.
        """
        attributes: dict[str, object] = {}
        if in_reply_to is not None:
            attributes["in_reply_to"] = in_reply_to
        body: dict[str, Any] = {"content": content, "private": private}
        if echo_id is not None:
            body["echo_id"] = echo_id
        if reference is not None and self._is_4():
            attributes[convert.CLIENT_REFERENCE] = reference
        elif reference is not None and self.keeps_reference(channel, private):
            body["source_id"] = reference
        if attributes:
            body["content_attributes"] = attributes
        path = self._path(conversation_id, "/messages")
        if attachments:
            answer = await self._transport.ask(
                wire.Message, "POST", path, form=_form(body), files=attachments
            )
        else:
            answer = await self._transport.ask(wire.Message, "POST", path, json=body)
        return convert.message(answer, conversation_id)

    async def delete_message(self, conversation_id: int, message_id: int) -> models.Message:
        """The row stays as a tombstone; agents and customer are told (contract 3.3)."""
        path = self._path(conversation_id, f"/messages/{message_id}")
        answer = await self._transport.ask(wire.Message, "DELETE", path)
        return convert.message(answer, conversation_id)


def _form(body: dict[str, Any]) -> dict[str, str]:
    """The same body as form fields: objects as JSON text (contract 3.3)."""
    return {
        key: value if isinstance(value, str) else json.dumps(value) for key, value in body.items()
    }
