"""Catching up with what no webhook told: what changed while nobody listened, and what was lost.

Chatwoot sends each webhook once. So the server is asked again and again, in small steps, and what
it says goes into the inbox under the same keys that the webhooks have.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

from revivatui.api.errors import Forbidden, NotFound, RateLimited
from revivatui.bridge import comments, inbox, known, people, server_answers
from revivatui.bridge.chat_server import ChatServer
from revivatui.bridge.inbox import Delivery
from revivatui.bridge.known import KnownChat
from revivatui.bridge.news import CONTACT_GONE, Chat, News, Person, Said
from revivatui.bridge.places import Place
from revivatui.crm.store import Store, chats
from revivatui.crm.store.work import Reader
from revivatui.state.models import Contact, Conversation, ListView
from revivatui.state.records import dataclass

LOG: Final = logging.getLogger("revivatui.bridge")

SHORT: Final = 3600.0
"""Seconds within which the server can be asked for what changed; over longer it fails."""
OVERLAP: Final = 2.0
"""A gap is asked for twice as long as it was."""
LEAST: Final = 120
SKEW: Final = 600.0
"""Seconds by which the server's clock may differ from ours."""
SEEN_AGAIN: Final = 20
"""Messages below the last known one that are read again: a lower number can come late."""
CURSOR: Final = "backfill:until"
_MOST_PAGES: Final = 2000
EVERYTHING: Final = ListView(tab="all", status="all", sort="last_activity_at_desc")


@dataclass(frozen=True, slots=True)
class Caught:
    """What a pass read, and how many events it put into the inbox."""

    conversations: int = 0
    message_ids: tuple[int, ...] = ()
    events: int = 0

    def and_also(self, other: Caught) -> Caught:
        return Caught(
            self.conversations + other.conversations,
            self.message_ids + other.message_ids,
            self.events + other.events,
        )


class Backfill:
    def __init__(
        self,
        store: Store,
        server: ChatServer,
        place: Place,
        clock: Callable[[], float],
        told: Callable[[], None],
    ) -> None:
        """`told` is called when something was put into the inbox."""
        self._store = store
        self._server = server
        self._place = place
        self._clock = clock
        self._told = told

    async def miss(self, contact_ids: Sequence[int]) -> None:
        """That the server knows these contacts no more; what became of them is found out where
        events are dealt with."""
        gone = [News(CONTACT_GONE, contact=Person(one)) for one in contact_ids]
        if gone:
            async with self._store.unit_of_work() as work:
                await inbox.put(work, map(self._delivery, gone), self._clock())
            self._told()

    async def since_last_time(self, *, first: float) -> Caught:
        """Everything since the last whole pass; the first one goes back `first` seconds.

        Raises ApiError or CrmError; then the next pass begins where this one did.
        """
        started = self._clock()
        async with self._store.reading() as reader:
            told = await known.fact(reader, CURSOR)
        until = float(told) if told else started - first
        caught = await self._all_of(self._changed(started - until, until), until - SKEW)
        async with self._store.unit_of_work() as work:
            await known.keep_fact(work, CURSOR, repr(started))
        return caught

    async def over(self, since: float) -> Caught:
        """Everything since a moment, page by page, whatever was read before. Raises ApiError."""
        return await self._all_of(self._paged(since), since)

    async def _all_of(
        self, rows: AsyncIterator[Sequence[tuple[Conversation, Contact | None]]], since: float
    ) -> Caught:
        caught = Caught()
        async for some in rows:
            for conversation, contact in some:
                one = await self._one_patiently(conversation, contact, since)
                caught = caught.and_also(one)
        return caught

    async def _one_patiently(
        self, conversation: Conversation, contact: Contact | None, since: float
    ) -> Caught:
        """However often the server wants fewer requests: a long way back is not begun anew."""
        while True:
            try:
                return await self._one(conversation, contact, since=since)
            except RateLimited as error:
                LOG.info("catching up waits: %s", error)
                await asyncio.sleep(error.wait)

    async def _changed(
        self, gap: float, until: float
    ) -> AsyncIterator[Sequence[tuple[Conversation, Contact | None]]]:
        if gap <= SHORT:
            page = await self._server.client.updated_within(int(gap * OVERLAP) + LEAST)
            yield _with_contacts(page.conversations, page.contacts)
            return
        async for rows in self._paged(until - SKEW):
            yield rows

    async def _paged(
        self, since: float
    ) -> AsyncIterator[Sequence[tuple[Conversation, Contact | None]]]:
        """The newest activity first, until it is older."""
        for number in range(1, _MOST_PAGES):
            page = await self._server.client.conversations(EVERYTHING, number)
            fresh = [one for one in page.conversations if one.last_activity_at >= since]
            yield _with_contacts(fresh, page.contacts)
            if page.last or len(fresh) < len(page.conversations):
                return

    async def _one(
        self, conversation: Conversation, contact: Contact | None, *, since: float
    ) -> Caught:
        chat = server_answers.chat(conversation, contact)
        read = await self._messages(chat.id, since)
        async with self._store.reading() as reader:
            news = [
                *await self._about_chat(reader, chat),
                *await self._about_messages(reader, chat, read),
            ]
        if news:
            async with self._store.unit_of_work() as work:
                await inbox.put(work, news, self._clock())
            self._told()
        return Caught(1, tuple(one.id for one in read if one.created_at >= since), len(news))

    async def _messages(self, number: int, since: float) -> list[Said]:
        """What was said since then, and some of what was before: backwards from the newest until
        both are behind us, or forwards from what is known where that is nearer."""
        found: dict[int, Said] = {}
        before: int | None = None
        known_until = await self._known_until(number)
        try:
            while True:
                page = await self._server.client.messages(number, before=before)
                for message in page.messages:
                    if (said := server_answers.said(message)) is not None:
                        found[said.id] = said
                if page.complete or not page.messages:
                    break
                oldest = page.messages[0]
                if oldest.created_at < since and oldest.id < known_until - SEEN_AGAIN:
                    break
                before = oldest.id
        except (NotFound, Forbidden):
            return []
        return [found[one] for one in sorted(found)]

    async def _known_until(self, number: int) -> int:
        """The last message that was taken over; 0 makes the whole thread be read."""
        async with self._store.reading() as reader:
            link = await chats.find(reader, self._place.conversation(number))
        return (link.last_message_id or 0) if link is not None else 0

    async def _about_chat(self, reader: Reader, chat: Chat) -> list[Delivery]:
        kept = await known.chat(reader, self._place, chat.id)
        news: list[Delivery] = []
        if kept is None:
            news.append(self._delivery(News("conversation_created", chat=chat)))
        elif _differs(kept, chat):
            news.append(self._delivery(News("conversation_updated", chat=chat)))
        contact = await known.contact(reader, self._place, chat.contact.id)
        if contact is not None and not people.says_nothing_new(contact, chat.contact):
            news.append(self._delivery(News("contact_updated", contact=chat.contact)))
        return news

    async def _about_messages(
        self, reader: Reader, chat: Chat, read: Sequence[Said]
    ) -> list[Delivery]:
        """A message that is in no comment is told as new, and once more as changed where it was
        told as new before: what it was then and what it is now may differ."""
        created = {
            said.id: self._delivery(News("message_created", message=said, chat=chat))
            for said in read
        }
        keys = [one.dedup_key for one in created.values()]
        told = await inbox.known_keys(reader, keys)
        news = []
        for said in read:
            comment = await known.comment(reader, self._place, said.id)
            if comment is not None and comments.says_the_same(comment, said):
                continue
            if comment is None:
                news.append(created[said.id])
            if comment is not None or created[said.id].dedup_key in told:
                changed = News("message_updated", message=said, chat=chat)
                news.append(self._delivery(changed))
        return news

    def _delivery(self, news: News) -> Delivery:
        return inbox.delivery(news, self._place.account_id, source="backfill")


def _differs(kept: KnownChat, chat: Chat) -> bool:
    return (
        kept.status != chat.status
        or (chat.version or 0.0) > (kept.version or 0.0)
        or chat.contact.id not in (0, kept.contact_id)
    )


def _with_contacts(
    rows: Sequence[Conversation], contacts: Sequence[Contact]
) -> list[tuple[Conversation, Contact | None]]:
    by_id = {one.id: one for one in contacts}
    return [(one, by_id.get(one.contact_id)) for one in rows]
