"""Chatwoot as the bridge asks it: how things are now, where an event cannot be believed alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, nullcontext
from weakref import WeakValueDictionary

from revivatui.api.client import ChatwootClient
from revivatui.api.errors import Forbidden, NotFound
from revivatui.bridge import server_answers
from revivatui.bridge.news import Chat, Person, Said
from revivatui.bridge.shared_locks import SharedLocks


class ChatServer:
    """The server with a lock for each thing on it: what is read, changed and written back is not
    changed by another part of the bridge meanwhile. Every call may raise ApiError."""

    def __init__(
        self, client: ChatwootClient, own_id: int, shared: SharedLocks | None = None
    ) -> None:
        """`own_id` is the user in whose name the bridge writes; `shared` are the locks that other
        processes of this bridge heed too."""
        self.client = client
        self._shared = shared
        self.own_id = own_id
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._channels: dict[int, str] = {}

    @asynccontextmanager
    async def locked(self, what: str, number: int) -> AsyncIterator[None]:
        key = f"{what}:{number}"
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        async with lock, self._shared.held(f"chatwoot:{key}") if self._shared else nullcontext():
            yield

    async def person(self, number: int) -> Person | None:
        """None where there is none any more, or where it is not for the bridge to see."""
        try:
            return server_answers.person(await self.client.contact(number))
        except (NotFound, Forbidden):
            return None

    async def chat(self, number: int) -> Chat | None:
        try:
            read = await self.client.conversation(number)
        except (NotFound, Forbidden):
            return None
        return server_answers.chat(read.conversation, read.contact)

    async def is_contact_gone(self, number: int) -> bool:
        """Whether the server knows no such contact; what it only does not show is not gone."""
        return await self._is_gone(self.client.contact(number))

    async def is_chat_gone(self, number: int) -> bool:
        """Whether the server knows no such conversation, as above."""
        return await self._is_gone(self.client.conversation(number))

    async def _is_gone(self, call: Awaitable[object]) -> bool:
        try:
            await call
        except NotFound:
            # An account that is gone answers the same for everything: that raises.
            await self.client.account()
            return True
        except Forbidden:
            return False
        return False

    async def chats_of(self, contact_id: int) -> tuple[int, ...]:
        """The numbers of a contact's newest conversations; none where it is not to be seen."""
        try:
            page = await self.client.contact_conversations(contact_id)
        except (NotFound, Forbidden):
            return ()
        return tuple(one.id for one in page.conversations)

    async def said(self, conversation_id: int, number: int) -> Said | None:
        try:
            page = await self.client.messages(conversation_id, after=number, before=number + 1)
        except (NotFound, Forbidden):
            return None
        found = next((one for one in page.messages if one.id == number), None)
        return server_answers.said(found) if found is not None else None

    async def channel(self, inbox_id: int) -> str:
        """The kind of an inbox; on 3.9 it decides whether a reference may go along."""
        if inbox_id not in self._channels:
            inboxes = await self.client.inboxes()
            self._channels = {one.id: one.channel_type for one in inboxes}
        return self._channels.get(inbox_id, "")
