"""Customers, and the agent's own availability."""

from __future__ import annotations

import asyncio

from revivatui.api.errors import ApiError
from revivatui.engine.context import Desk, sentence
from revivatui.state.events import ConversationsRead, SignedIn


class People:
    """What is asked about people, when somebody looks."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def load_contact(self, contact_id: int) -> None:
        self._desk.spawn(self._load_contact(contact_id), "loading the customer")

    async def _load_contact(self, contact_id: int) -> None:
        """Raises any `ApiError`."""
        asked = self._desk.state.sequence
        contact, earlier = await asyncio.gather(
            self._desk.ask(lambda client: client.contact(contact_id)),
            self._desk.ask(lambda client: client.contact_conversations(contact_id)),
        )
        self._desk.dispatch(
            ConversationsRead(
                earlier.conversations, (contact,), asked, self._desk.now(), contact_id
            )
        )

    async def read_contact(self, contact_id: int) -> None:
        """The contact alone, to compare. Raises any `ApiError`."""
        asked = self._desk.state.sequence
        contact = await self._desk.ask(lambda client: client.contact(contact_id))
        self._desk.dispatch(ConversationsRead((), (contact,), asked, self._desk.now(), contact_id))

    def set_availability(self, word: str) -> None:
        self._desk.spawn(self._set_availability(word), "setting the availability")

    async def _set_availability(self, word: str) -> None:
        """No event tells of it; the answer does (contract 2.5)."""
        state = self._desk.state
        try:
            me = await self._desk.ask(lambda client: client.set_availability(word))
        except ApiError as error:
            self._desk.tell("error", f"Still as before, not {word}. {sentence(error)}")
            return
        if state.account is not None:
            self._desk.dispatch(SignedIn(state.account, me.agent, state.version))
