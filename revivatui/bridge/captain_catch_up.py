"""What was said while nobody listened: webhooks come once, and not to a bridge that is away.

The bridge's own user, who may read, looks which conversations are pending in the bot's inboxes, and
tells captain what it has not heard. It writes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from sqlalchemy import select

from revivatui.api.client import ChatwootClient
from revivatui.api.errors import Forbidden, NotFound
from revivatui.bridge import captain_store, known
from revivatui.bridge.captain_bodies import MARK
from revivatui.bridge.captain_settings import CaptainSettings
from revivatui.bridge.captain_tables import SAYINGS, TURNS
from revivatui.bridge.captain_talk import PENDING, Heard, Teller, Told
from revivatui.crm.passcodes import mask_passcodes
from revivatui.crm.store import Store
from revivatui.crm.store.work import Work
from revivatui.state import models

LOG: Final = logging.getLogger("revivatui.bridge")
_MOST_PAGES: Final = 8
_MOST_MESSAGES: Final = 100

LOOKED: Final = "captain:looked"
"""The fact that tells when it was last looked for what was missed."""
OVERLAP: Final = 120.0

Put = Callable[[Work, Iterable[Told], float], Awaitable[None]]


class CatchUp:
    def __init__(
        self,
        store: Store,
        eyes: ChatwootClient,
        account_id: int,
        settings: CaptainSettings,
        clock: Callable[[], float],
        put: Put,
    ) -> None:
        self._store = store
        self._eyes = eyes
        self._account_id = account_id
        self._settings = settings
        self._clock = clock
        self._put = put

    async def look(self, *, first: bool) -> int:
        """Gives how many messages were news. `first`: nothing was begun yet, so that what waits is
        looked at too: people may have it meanwhile. Raises ApiError, CrmError."""
        if first:
            for number in await self._waiting():
                await self._look_at(number)
        began, since = self._clock(), await self._since()
        inboxes = await self._inboxes()
        news = 0
        for inbox_id in sorted(inboxes):
            for page in range(1, _MOST_PAGES + 1):
                view = models.ListView(tab="all", status=PENDING, inbox_id=inbox_id)
                listed = await self._eyes.conversations(view, page)
                fresh = [one for one in listed.conversations if one.last_activity_at >= since]
                for one in fresh:
                    news += await self._catch_up(one, since)
                if listed.last or len(fresh) < len(listed.conversations):
                    break
        async with self._store.unit_of_work() as work:
            await known.keep_fact(work, LOOKED, repr(began))
        return news

    async def _since(self) -> float:
        """Since when captain may have missed something. What was said before it ever was there is
        for people."""
        async with self._store.reading() as reader:
            kept = await known.fact(reader, LOOKED)
        return (float(kept) if kept else self._clock()) - OVERLAP

    async def _inboxes(self) -> set[int]:
        """Where the bot stands; asked each time, since an administrator may move it."""
        allowed = set(self._settings.inboxes)
        own = await self._own_id()
        found = set()
        for inbox in await self._eyes.inboxes():
            if allowed and inbox.id not in allowed:
                continue
            bot = await self._eyes.inbox_bot(inbox.id)
            if bot and own in (0, bot):
                found.add(inbox.id)
        return found

    async def _own_id(self) -> int:
        async with self._store.reading() as reader:
            return await captain_store.own_id(reader)

    async def _waiting(self) -> list[int]:
        numbers: set[int] = set()
        async with self._store.reading() as reader:
            for table in (TURNS, SAYINGS):
                rows = await reader.rows(
                    select(table.c.conversation_id).where(
                        table.c.account_id == self._account_id, table.c.state == "new"
                    )
                )
                numbers |= {int(row[0]) for row in rows}
        return sorted(numbers)

    async def _look_at(self, number: int) -> None:
        try:
            read = await self._eyes.conversation(number)
        except (NotFound, Forbidden):
            return
        await self._take(self._told(read.conversation, None))

    async def _catch_up(self, conversation: models.Conversation, since: float) -> int:
        async with self._store.reading() as reader:
            talk = await captain_store.talk(reader, self._account_id, conversation.id)
        newest = talk.said[-1].id if talk is not None and talk.said else 0
        page = await self._eyes.messages(conversation.id, after=newest or None)
        own = await self._own_id()
        news = [
            one
            for one in page.messages[-_MOST_MESSAGES:]
            if one.id > newest
            and one.message_type != models.ACTIVITY
            and (newest or one.created_at >= since)
        ]
        for one in news:
            await self._take(self._told(conversation, one, own, is_new=talk is None))
        return len(news)

    async def _take(self, told: Told) -> None:
        async with self._store.unit_of_work() as work:
            await self._put(work, [told], self._clock())

    def _told(
        self,
        conversation: models.Conversation,
        message: models.Message | None,
        own: int = 0,
        *,
        is_new: bool = False,
    ) -> Told:
        """Who the contact is, and whether that was shown, only the webhook tells."""
        return Told(
            conversation_id=conversation.id,
            inbox_id=conversation.inbox_id,
            channel=conversation.channel,
            status=conversation.status,
            status_version=conversation.updated_at or 0.0,
            contact_id=conversation.contact_id if is_new else 0,
            contact_name="",
            verified=False,
            heard=_heard(message, own) if message is not None else None,
            deleted=message.deleted if message is not None else False,
        )


def _heard(message: models.Message, own: int) -> Heard:
    words, _ = mask_passcodes(message.content)
    return Heard(
        message.id,
        _teller(message, own),
        words,
        message.created_at,
        len(message.attachments),
        message.reference or "",
    )


def _teller(message: models.Message, own: int) -> Teller:
    sender = message.sender
    if message.message_type == models.INCOMING:
        return "customer"
    if sender is None or message.message_type == models.TEMPLATE:
        return "shop"
    if sender.kind == "agent_bot":
        is_own = sender.id == own or (message.reference or "").startswith(MARK)
        return "note" if message.private else "captain" if is_own else "bot"
    return "note" if message.private else "agent"
