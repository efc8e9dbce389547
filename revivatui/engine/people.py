"""Customers, and the agent's own availability."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from revivatui.api.errors import ApiError
from revivatui.cache.store import CacheError
from revivatui.engine.context import Desk, sentence
from revivatui.state import journal
from revivatui.state.events import ContactForgotten, ConversationsRead, SignedIn

if TYPE_CHECKING:
    from revivatui.engine.keeper import Keeper


class People:
    """What is asked about people, when somebody looks."""

    def __init__(self, desk: Desk, keeper: Keeper) -> None:
        self._desk = desk
        self._keeper = keeper

    def load_contact(self, contact_id: int) -> None:
        """The customer with earlier conversations, for as long as theirs is the one open."""
        work = self._desk.persist(
            lambda: self._load_contact(contact_id),
            lambda: self._is_shown(contact_id),
            "loading the customer",
        )
        self._desk.spawn(work, "loading the customer")

    def _is_shown(self, contact_id: int) -> bool:
        state = self._desk.state
        row = None if state.open_id is None else state.conversations.get(state.open_id)
        return row is not None and row.contact_id == contact_id

    async def _load_contact(self, contact_id: int) -> None:
        """Raises any `ApiError`."""
        asked = self._desk.state.sequence
        contact, earlier = await asyncio.gather(
            self._desk.read(lambda client: client.contact(contact_id)),
            self._desk.read(lambda client: client.contact_conversations(contact_id)),
        )
        self._desk.dispatch(
            ConversationsRead(
                earlier.conversations, (contact,), asked, self._desk.now(), contact_id
            )
        )

    async def read_contact(self, contact_id: int) -> None:
        """The contact alone, to compare. Raises any `ApiError`."""
        asked = self._desk.state.sequence
        contact = await self._desk.read(lambda client: client.contact(contact_id))
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

    # --- forgetting ---------------------------------------------------------------------------

    def forget(self, contact_id: int) -> None:
        """Refused while something to the customer is unsent: the journal is never dropped."""
        state = self._desk.state
        rows = state.conversations.values()
        ids = tuple(row.id for row in rows if row.contact_id == contact_id)
        sends = (one for one in state.sends.values() if one.conversation_id in ids)
        if any(one.state != journal.SENT for one in sends):
            self._desk.tell(
                "warning",
                "Nothing was forgotten: messages to this customer are not sent yet. Send them or"
                " take them back first (x shows them).",
            )
            return
        contact = state.contacts.get(contact_id)
        name = contact.name if contact is not None and contact.name else "The customer"
        self._desk.dispatch(ContactForgotten(contact_id, ids))
        self._desk.spawn(self._forget(contact_id, ids, name), "forgetting a customer")

    async def _forget(self, contact_id: int, ids: tuple[int, ...], name: str) -> None:
        try:
            clean = await self._keeper.forget_contact(contact_id, ids)
        except CacheError as error:
            self._desk.tell("error", f"{name} was not forgotten on this machine. {error}")
            return
        if clean:
            self._desk.tell("information", f"{name} was removed from this machine.")
        else:
            self._desk.tell(
                "warning",
                f"{name} was removed from this machine's file, but another window of the desk has"
                " it open: traces stay in the log beside it until all windows are closed.",
            )
