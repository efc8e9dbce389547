"""Calls on contacts (contract 4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from revivatui.api import convert
from revivatui.api.answers import Note, Page
from revivatui.api.calls_conversations import Calls
from revivatui.api.schemas import people
from revivatui.api.schemas.conversations import ConversationList, LabelsAnswer
from revivatui.state import models

CONVERSATIONS_SHOWN: Final = 20
"""The server gives no more of a contact's conversations (contract 12.2)."""


class ContactCalls(Calls):
    """A customer and what is known of them."""

    async def contact(self, contact_id: int) -> models.Contact:
        path = self._account_path(f"contacts/{contact_id}")
        answer = await self._transport.ask(
            people.OneContact, "GET", path, params={"include_contact_inboxes": "false"}
        )
        return convert.contact(answer.payload)

    async def set_contact_attributes(
        self, contact_id: int, attributes: Mapping[str, Any]
    ) -> models.Contact:
        """Put custom attributes in, key by key: those that are not named stay (contract 4.2)."""
        path = self._account_path(f"contacts/{contact_id}")
        body = {"custom_attributes": dict(attributes)}
        answer = await self._transport.ask(people.OneContact, "PUT", path, json=body)
        return convert.contact(answer.payload)

    async def contact_conversations(self, contact_id: int) -> Page:
        """At most the last 20; `last` says whether that was all."""
        path = self._account_path(f"contacts/{contact_id}/conversations")
        rows = (await self._transport.ask(ConversationList, "GET", path)).payload
        return Page(
            conversations=tuple(map(convert.conversation, rows)),
            contacts=convert.contacts_of(rows),
            counts=None,
            last=len(rows) < CONVERSATIONS_SHOWN,
        )

    async def contact_labels(self, contact_id: int) -> tuple[str, ...]:
        path = self._account_path(f"contacts/{contact_id}/labels")
        return tuple((await self._transport.ask(LabelsAnswer, "GET", path)).payload)

    async def contact_notes(self, contact_id: int) -> tuple[Note, ...]:
        """Newest first."""
        path = self._account_path(f"contacts/{contact_id}/notes")
        rows = await self._transport.ask(list[people.Note], "GET", path)
        return tuple(map(_note, rows))

    async def add_note(self, contact_id: int, content: str) -> Note:
        path = self._account_path(f"contacts/{contact_id}/notes")
        body = {"note": {"content": content}}
        return _note(await self._transport.ask(people.Note, "POST", path, json=body))


def _note(wire: people.Note) -> Note:
    return Note(
        id=wire.id,
        content=wire.content or "",
        author=(wire.user.name if wire.user else None) or "",
        created_at=wire.created_at or 0.0,
    )
