"""Once a night: are the messages of the last days all comments, and the tickets where their
conversations are? What is not is told, and put into the inbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from sqlalchemy import func, select

from revivatui.bridge import inbox, known, outbox
from revivatui.bridge.backfill import Backfill
from revivatui.bridge.chat_server import ChatServer
from revivatui.bridge.places import Place
from revivatui.crm.store import Store
from revivatui.crm.store.tables_work import TICKET_COMMENTS
from revivatui.state.records import dataclass

DAYS: Final = 7.0
REPORT: Final = "reconcile:report"
CONTACTS_A_NIGHT: Final = 1000
"""Contacts that are asked for, one small question each."""
CONTACTS_LOOKED_AT: Final = "reconcile:contacts"


@dataclass(frozen=True, slots=True)
class Drift:
    """What a comparison found: messages of the server, of them those that are comments, and what
    else differed. `words` is the sentence for a person."""

    conversations: int
    messages: int
    comments: int
    differing: int

    @property
    def words(self) -> str:
        missing = self.messages - self.comments
        if not self.differing and not missing:
            return f"No drift: {self.messages} messages of {self.conversations} conversations."
        return (
            f"Drift: of {self.messages} messages of {self.conversations} conversations"
            f" {missing} were in no comment; {self.differing} events were taken over again."
        )


class Reconcile:
    def __init__(
        self,
        store: Store,
        server: ChatServer,
        place: Place,
        backfill: Backfill,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._server = server
        self._place = place
        self._backfill = backfill
        self._clock = clock

    async def compare(self) -> Drift:
        """Compare the last days, mend what differs and keep the report. Raises ApiError."""
        caught = await self._backfill.over(self._clock() - DAYS * 86_400.0)
        there = await self._comments(caught.message_ids)
        drift = Drift(caught.conversations, len(caught.message_ids), there, caught.events)
        await self._miss_contacts()
        async with self._store.unit_of_work() as work:
            kept = {"at": self._clock(), "words": drift.words}
            await known.keep_fact(work, REPORT, json.dumps(kept))
            await inbox.forget_old(work, self._clock())
            await outbox.forget_old(work, self._clock())
        return drift

    async def _miss_contacts(self) -> None:
        """Which contacts were deleted, or merged long after anything was said: no event tells of
        either. So many a night, the next ones the next night."""
        async with self._store.reading() as reader:
            told = await known.fact(reader, CONTACTS_LOOKED_AT)
            after = int(told) if told else 0
            numbers = await known.contacts_after(reader, self._place, after, CONTACTS_A_NIGHT)
        gone = [one for one in numbers if await self._server.is_contact_gone(one)]
        await self._backfill.miss(gone)
        is_last = len(numbers) < CONTACTS_A_NIGHT
        async with self._store.unit_of_work() as work:
            await known.keep_fact(work, CONTACTS_LOOKED_AT, "0" if is_last else str(numbers[-1]))

    async def _comments(self, message_ids: tuple[int, ...]) -> int:
        columns = TICKET_COMMENTS.c
        found = 0
        async with self._store.reading() as reader:
            for start in range(0, len(message_ids), 500):
                row = await reader.row(
                    select(func.count()).where(
                        columns.installation == self._place.installation,
                        columns.chatwoot_message_id.in_(message_ids[start : start + 500]),
                    )
                )
                found += int(row[0]) if row else 0
        return found
