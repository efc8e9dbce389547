"""Writes to Chatwoot what the outbox wants: attributes where they differ, notes once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import update

from revivatui.api.errors import ApiError, Forbidden, NotFound
from revivatui.bridge import attributes, inbox, known, outbox
from revivatui.bridge.chat_server import ChatServer
from revivatui.bridge.errors import Later
from revivatui.bridge.news import CONTACT_GONE, News, Person
from revivatui.bridge.places import Place
from revivatui.bridge.retrying import Budgeted
from revivatui.bridge.standing import Refusal, why
from revivatui.bridge.tables import OUTBOX
from revivatui.bridge.webhook_bodies import echo_mark
from revivatui.crm.errors import NotInCrm
from revivatui.crm.store import Store, chats, context, tickets
from revivatui.crm.views import Context
from revivatui.state.models import Message
from revivatui.state.records import dataclass

_MOST_PAGES: Final = 50
"""Pages of a hundred messages that are looked through for a note of ours."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where records of the CRM have a page: addresses with `{id}` or `{number}` in them."""

    customer: str = ""
    ticket: str = ""


class Senders:
    """Each method is safe to repeat. They raise ApiError where the server refused or was not
    there, and Later where the conversation had enough writing for this minute."""

    def __init__(
        self,
        store: Store,
        server: ChatServer,
        place: Place,
        budget: Budgeted,
        links: Links,
        clock: Any,
    ) -> None:
        self._store = store
        self._server = server
        self._place = place
        self._budget = budget
        self._links = links
        self._clock = clock

    async def send(self, row: Any) -> None:
        number = int(row.aggregateid)
        if row.type == outbox.CONTACT_ATTRIBUTES:
            await self._contact_attributes(row.lane, number)
        elif row.type == outbox.CONVERSATION_ATTRIBUTES:
            await self._conversation_attributes(row.lane, number)
        elif row.type in (outbox.NOTE, outbox.MESSAGE):
            await self._note(row, number)
        else:
            await self._sort(row, number, json.loads(row.payload)["text"])

    async def why_refused(self, row: Any, error: Forbidden) -> Refusal:
        """What the bridge's user lacks. Raises ApiError where that cannot be found out."""
        number = int(row.aggregateid)
        return await why(self._store, self._server, self._place, row.type, number, error)

    # --- attributes ------------------------------------------------------------------------------

    async def _contact_attributes(self, lane: str, contact_id: int) -> None:
        async with self._server.locked("contact-attributes", contact_id):
            told = await self._context_of(contact_id)
            if told is None:
                return
            customer = told.customer
            url = self._links.customer.replace("{id}", customer.id)
            try:
                current = (await self._server.client.contact(contact_id)).custom_attributes
            except NotFound:
                await self._miss(contact_id)
                return
            changes = attributes.differences(current, attributes.of_contact(told, url))
            if not changes:
                return
            await self._spend(lane)
            await self._expect_echo({**current, **changes})
            await self._server.client.set_contact_attributes(contact_id, changes)

    async def _miss(self, contact_id: int) -> None:
        """It was merged or deleted; which of both, the inbox finds out."""
        gone = News(CONTACT_GONE, contact=Person(contact_id))
        account = self._place.account_id
        async with self._store.unit_of_work() as work:
            told = inbox.delivery(gone, account, source="outbox")
            await inbox.put(work, [told], self._clock())

    async def _conversation_attributes(self, lane: str, number: int) -> None:
        """The server replaces the whole set, so what others wrote is read and sent back."""
        async with self._server.locked("conversation-attributes", number):
            wanted = await self._wanted_of(number)
            if wanted is None:
                return
            read = await self._server.client.conversation(number)
            current = read.conversation.custom_attributes
            changes = attributes.differences(current, wanted)
            if not changes:
                return
            await self._spend(lane)
            after = {**current, **changes}
            await self._expect_echo(after)
            await self._server.client.set_custom_attributes(number, after)

    async def _context_of(self, contact_id: int) -> Context | None:
        async with self._store.reading() as reader:
            kept = await known.contact(reader, self._place, contact_id)
            if kept is None:
                return None
            try:
                return await context.of_customer(reader, kept.customer_id)
            except NotInCrm:
                return None

    async def _wanted_of(self, number: int) -> Mapping[str, Any] | None:
        async with self._store.reading() as reader:
            kept = await known.chat(reader, self._place, number)
            link = await chats.find(reader, self._place.conversation(number))
            if kept is None or link is None or not link.customer_id or not link.crm_ticket_id:
                return None
            told = await context.of_customer(reader, link.customer_id)
            ticket = (await tickets.get(reader, link.crm_ticket_id)).ticket
        url = self._links.ticket.replace("{id}", ticket.id).replace("{number}", ticket.number)
        return attributes.of_conversation(
            told,
            ticket_number=ticket.number,
            last_interaction=kept.last_interaction,
            ticket_url=url,
        )

    async def _spend(self, lane: str) -> None:
        wait = await self._budget.take(lane)
        if wait > 0:
            raise Later("The bridge wrote enough there for this minute.", wait)

    async def _expect_echo(self, after: Mapping[str, Any]) -> None:
        """Kept before the write: its echo may be here before its answer."""
        async with self._store.unit_of_work() as work:
            await known.expect_echo(work, echo_mark(dict(after)), self._clock())

    # --- labels, priorities, teams ---------------------------------------------------------------

    async def _sort(self, row: Any, number: int, value: str) -> None:
        """Only where it is not so already; what others set besides stays."""
        client = self._server.client
        async with self._server.locked("conversation", number):
            now = (await client.conversation(number)).conversation
            if row.type == outbox.LABEL and value not in now.labels:
                await self._spend(row.lane)
                await client.set_labels(number, [*now.labels, value])
            elif row.type == outbox.PRIORITY and value != now.priority:
                await self._spend(row.lane)
                await client.set_priority(number, value)
            elif row.type == outbox.TEAM and int(value) != now.team_id:
                await self._spend(row.lane)
                await client.assign_team(number, int(value))

    # --- notes and messages ----------------------------------------------------------------------

    async def _note(self, row: Any, number: int) -> None:
        """Once: the intent is kept with a place in the thread before the first try, and every
        later one looks behind that place for what the first may have written."""
        payload = json.loads(row.payload)
        if "after" in payload:
            if await self._is_written(row, number, payload):
                return
        else:
            await self._intend(row, payload, number)
        await self._spend(row.lane)
        async with self._store.reading() as reader:
            kept = await known.chat(reader, self._place, number)
        channel = await self._server.channel(kept.inbox_id) if kept is not None else ""
        await self._server.client.send(
            number,
            payload["text"],
            private=row.type == outbox.NOTE,
            reference=reference(row.id),
            channel=channel,
        )

    async def _intend(self, row: Any, payload: dict[str, Any], number: int) -> None:
        page = await self._server.client.messages(number)
        after = max((one.id for one in page.messages), default=0)
        async with self._store.unit_of_work() as work:
            kept = json.dumps({**payload, "after": after})
            await work.run(update(OUTBOX).where(OUTBOX.c.id == row.id).values(payload=kept))

    async def _is_written(self, row: Any, number: int, payload: Mapping[str, Any]) -> bool:
        after = payload["after"]
        for _ in range(_MOST_PAGES):
            page = await self._server.client.messages(number, after=after)
            if any(self._is_it(one, row, payload["text"]) for one in page.messages):
                return True
            if page.complete or not page.messages:
                return False
            after = page.messages[-1].id
        raise ApiError("The conversation is too long to find out whether a note was written.")

    def _is_it(self, message: Message, row: Any, text: str) -> bool:
        """By its mark; 3.9 keeps none of a public message in some inboxes, where the same words
        of our own, written since, are taken for it: better that than a customer told twice."""
        if message.reference == reference(row.id):
            return True
        sender = message.sender
        return (
            row.type == outbox.MESSAGE
            and not message.reference
            and sender is not None
            and (sender.kind, sender.id) == ("user", self._server.own_id)
            and message.content == text
        )


def reference(row_id: str) -> str:
    """What a note of ours carries, so that it can be found again."""
    return f"bridge-{row_id}"
