"""What every part of the adapter works with, and how something is written exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NoReturn, TypeVar
from weakref import WeakValueDictionary

from revivatui.crm.errors import CrmError, NotOffered, OutcomeUnknown, UnreadableAnswer
from revivatui.crm.repairshopr.house import HouseKeeper, Shelf
from revivatui.crm.repairshopr.links import LinkBook
from revivatui.crm.repairshopr.wire import Params, Row, Wire
from revivatui.crm.vendor_words import SYNCRO, VendorWords

T = TypeVar("T")

LOOK_PAUSES: Final = (1.0, 3.0)
"""How long after a write without an answer it is looked for: a slow server may still be at it."""
MOST_DETAILS: Final = 1000


@dataclass(frozen=True, slots=True)
class Switches:
    """What a shop allows the desk to do in its CRM; all of it is off until somebody says so."""

    may_set_status: bool = False
    """Change the states of tickets and estimates. The shop's own automations may then write to
    the customer."""
    may_write_to_customers: bool = False
    """Let the CRM e-mail a quote to the customer when an agent sends it."""


@dataclass(slots=True)
class Work:
    wire: Wire
    house: HouseKeeper
    links: LinkBook
    shelf: Shelf
    product: str
    """ "RepairShopr" or "Syncro", for sentences."""
    switches: Switches = Switches()
    words: VendorWords = SYNCRO
    country_code: str = ""
    device_type: str = ""
    look_pauses: tuple[float, ...] = LOOK_PAUSES
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    shortened: set[str] = field(default_factory=set)
    """The lists that were too long to be read to their end, for `health` to tell."""
    _details: dict[str, tuple[str, Row]] = field(default_factory=dict)
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def rows(
        self, what: str, path: str, key: str, params: Params | None = None, *, most: int = 0
    ) -> list[Row]:
        """All rows of a list. One that is too long is cut, and `health` says so."""
        bound = {"most": most} if most else {}
        found, complete = await self.wire.pages(path, key, params, **bound)
        if not complete:
            self.shortened.add(what)
        return found

    async def detail(self, row: Row) -> Row:
        """The whole of a ticket whose row in a list is given, asked for only if it changed."""
        ticket_id, as_of = str(row.get("id")), str(row.get("updated_at"))
        kept = self._details.get(ticket_id)
        if kept is not None and kept[0] == as_of:
            return kept[1]
        answer = await self.wire.get(f"/tickets/{ticket_id}")
        ticket = answer.get("ticket")
        return self.keep_detail(ticket if isinstance(ticket, dict) else row)

    def kept_detail(self, row: Row) -> Row:
        """As `detail`, of what was read before; the row itself where it was not."""
        kept = self._details.get(str(row.get("id")))
        return kept[1] if kept is not None and kept[0] == str(row.get("updated_at")) else row

    def keep_detail(self, ticket: Row) -> Row:
        if len(self._details) >= MOST_DETAILS:
            self._details.pop(next(iter(self._details)))
        self._details[str(ticket.get("id"))] = (str(ticket.get("updated_at")), ticket)
        return ticket

    def one_at_a_time(self, what: str) -> asyncio.Lock:
        """So that two who want the same at once do not both find nothing and both write it."""
        lock = self._locks.get(what)
        if lock is None:
            lock = self._locks[what] = asyncio.Lock()
        return lock

    async def write_once(
        self,
        write: Callable[[], Awaitable[Row]],
        read: Callable[[Row], T],
        look: Callable[[], Awaitable[T | None]],
    ) -> T:
        """Write, and where no answer came look for what was written before giving up.

        It is never sent again from here: a server that is slow may still be at it. Raises
        OutcomeUnknown where a look does not find it either.
        """
        try:
            answer = await write()
            try:
                return read(answer)
            except UnreadableAnswer as error:
                raise OutcomeUnknown(str(error)) from None
        except OutcomeUnknown as error:
            for pause in self.look_pauses:
                await self.sleep(pause)
                try:
                    found = await look()
                except CrmError:
                    continue
                if found is not None:
                    return found
            raise OutcomeUnknown(
                f"{error} A look did not find it: it may still appear. Look there before it is "
                "written again."
            ) from None

    def refuse(self, what: str) -> NoReturn:
        """Raises NotOffered for something that the vendor has no way for."""
        raise NotOffered(f"{self.product} {what} Nothing was changed.")

    def check_may_set_status(self) -> None:
        if not self.switches.may_set_status:
            raise NotOffered(
                f"The desk changes no status in {self.product}: the shop has not switched that on, "
                "because its automations may then write to the customer. Nothing was changed."
            )

    def check_may_write_to_customers(self) -> None:
        if not self.switches.may_write_to_customers:
            raise NotOffered(
                f"The desk lets {self.product} write to nobody: the shop has not switched that on. "
                "Nothing was sent."
            )
