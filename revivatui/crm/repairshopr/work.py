"""What every part of the adapter works with, and how something is written exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NoReturn, TypeVar
from weakref import WeakValueDictionary

from revivatui.crm.errors import (
    CrmError,
    NotInCrm,
    NotOffered,
    OutcomeUnknown,
    UnreadableAnswer,
)
from revivatui.crm.repairshopr.house import HouseKeeper, Shelf
from revivatui.crm.repairshopr.links import LinkBook
from revivatui.crm.repairshopr.reading import maybe_id, version
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
    _ignored: set[str] = field(default_factory=set)
    """The lists that the vendor does not filter by their customer."""
    _details: dict[str, tuple[int, Row]] = field(default_factory=dict)
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

    async def rows_of_customer(
        self, what: str, path: str, key: str, customer_id: str, params: Params | None = None
    ) -> list[Row]:
        """The rows of a list that are one customer's.

        The vendor's document names no such filter for some lists. It is tried; where rows of
        others come along it is ignored, and then the whole list is read and kept for a while.
        """
        if what not in self._ignored:
            rows = await self.rows(what, path, key, {**(params or {}), "customer_id": customer_id})
            if all(maybe_id(row, "customer_id") == customer_id for row in rows):
                return rows
            self._ignored.add(what)
            self.shortened.discard(what)

        async def read() -> list[Row]:
            return await self.rows(what, path, key, params)

        every: list[Row] = await self.shelf.get(what, read)
        return [row for row in every if maybe_id(row, "customer_id") == customer_id]

    async def detail(self, row: Row) -> Row:
        """The whole of a ticket whose row in a list is given, asked for only if it changed."""
        if self._is_kept(row):
            return self.kept_detail(row)
        answer = await self.wire.get(f"/tickets/{row.get('id')}")
        ticket = answer.get("ticket")
        return self.keep_detail(ticket if isinstance(ticket, dict) else row)

    def kept_detail(self, row: Row) -> Row:
        """As `detail`, of what was read before; the row itself where it was not."""
        return self._details[str(row.get("id"))][1] if self._is_kept(row) else row

    def _is_kept(self, row: Row) -> bool:
        kept = self._details.get(str(row.get("id")))
        return kept is not None and kept[0] == version(row)

    def keep_detail(self, ticket: Row) -> Row:
        if len(self._details) >= MOST_DETAILS:
            self._details.pop(next(iter(self._details)))
        self._details[str(ticket.get("id"))] = (version(ticket), ticket)
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
            told = "It could not be looked for."
            for pause in self.look_pauses:
                await self.sleep(pause)
                try:
                    found = await look()
                except CrmError:
                    continue
                if found is not None:
                    return found
                told = "A look did not find it: it may still appear."
            raise OutcomeUnknown(f"{error} {told} Look there before it is written again.") from None

    def number_of(self, given: str, what: str) -> int:
        """An id as the vendor's number. Raises NotInCrm where it is none of its ids."""
        if not (given.isascii() and given.isdigit()):
            raise NotInCrm(f"There is no such {what} in {self.product}. Nothing was changed.")
        return int(given)

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
