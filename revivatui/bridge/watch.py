"""Notices what changes in the CRM, so that Chatwoot shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy import select

from revivatui.bridge import known, outbox
from revivatui.bridge.places import Place
from revivatui.crm.errors import NotInCrm
from revivatui.crm.store import Store, changes, customers
from revivatui.crm.store.tables import DEVICES
from revivatui.crm.store.tables_work import QUOTES, REPAIRS
from revivatui.crm.store.work import Reader, Work
from revivatui.crm.views import Change, Changes

CURSOR: Final = "crm:changes"
_PAGE: Final = 500


class Watch:
    """Asks the CRM what changed and wants the attributes of whom it concerns looked at again."""

    def __init__(
        self,
        store: Store,
        place: Place,
        clock: Callable[[], float],
        told: Callable[[], None],
    ) -> None:
        self._store = store
        self._place = place
        self._clock = clock
        self._told = told

    async def look(self) -> int:
        """One look; gives the number of customers whom something concerned."""
        concerned = 0
        more = True
        while more:
            async with self._store.reading() as reader:
                cursor = await known.fact(reader, CURSOR)
                page = await changes.since(reader, cursor, _PAGE)
            more = page.more
            if page.changes:
                concerned += await self._look_at(page)
        if concerned:
            self._told()
        return concerned

    async def _look_at(self, page: Changes) -> int:
        async with self._store.unit_of_work() as work:
            found = await self._customers(work, page.changes)
            for customer_id in found:
                await self._want(work, customer_id)
            await known.keep_fact(work, CURSOR, page.cursor)
        return len(found)

    async def _customers(self, reader: Reader, changed: Iterable[Change]) -> list[str]:
        found: dict[str, None] = {}
        for one in changed:
            customer_id = await self._customer_of(reader, one)
            if customer_id:
                found[customer_id] = None
        return list(found)

    async def _customer_of(self, reader: Reader, change: Change) -> str:
        if change.kind == "customer":
            question = None
        elif change.kind == "repair":
            question = select(REPAIRS.c.customer_id).where(REPAIRS.c.id == change.id)
        elif change.kind == "device":
            question = select(DEVICES.c.customer_id).where(DEVICES.c.id == change.id)
        elif change.kind == "quote":
            question = (
                select(REPAIRS.c.customer_id)
                .join(QUOTES, QUOTES.c.repair_id == REPAIRS.c.id)
                .where(QUOTES.c.id == change.id)
            )
        else:
            return ""
        row = await reader.row(question) if question is not None else (change.id,)
        return str(row[0]) if row else ""

    async def _want(self, work: Work, customer_id: str) -> None:
        ids = {customer_id}
        try:
            ids.add((await customers.get(work, customer_id)).id)
        except NotInCrm:
            return
        contacts = [one for each in ids for one in await known.contacts_of(work, self._place, each)]
        numbers = [one.contact_id for one in contacts]
        for number in numbers:
            await self._refresh(work, outbox.CONTACT_ATTRIBUTES, number)
        for chat in await known.chats_of(work, self._place, numbers):
            if chat.status != "resolved":
                await self._refresh(work, outbox.CONVERSATION_ATTRIBUTES, chat.conversation_id)

    async def _refresh(self, work: Work, kind: str, number: int) -> None:
        await outbox.want_refresh(
            work, kind, self._place.account_id, number, now=self._clock(), delay=0.0
        )
