"""What captain knows of the shop and its records: texts it may use, facts it may tell.

A bot may not list canned responses, so the bridge's user reads them; prices and repairs lie in the
CRM's database. A record is read for one customer only, who was shown to be that customer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from revivatui.api.client import ChatwootClient
from revivatui.api.errors import ApiError
from revivatui.bridge import captain_identity, known
from revivatui.bridge.places import Place
from revivatui.crm.errors import NotInCrm
from revivatui.crm.store import Store, context
from revivatui.crm.store.tables_work import REPAIRS
from revivatui.crm.store.work import Reader

if TYPE_CHECKING:
    from revivatui.copilot.facts import Record
    from revivatui.copilot.retrieval.library import Library
    from revivatui.copilot.shop_profile import ShopProfile
    from revivatui.copilot.sources import Source
    from revivatui.crm.records import Location
    from revivatui.crm.views import Context, RepairFile

LOG: Final = logging.getLogger("revivatui.bridge")

FRESH: Final = 600.0
"""Seconds for which the shop's texts are not read anew."""
AGAIN: Final = 30.0
_MOST_FILES: Final = 6


class Shop:
    def __init__(
        self,
        store: Store,
        eyes: ChatwootClient,
        place: Place,
        profile: ShopProfile,
        clock: Callable[[], float],
    ) -> None:
        self.profile = profile
        self._store = store
        self._eyes = eyes
        self._place = place
        self._clock = clock
        self._library: Library | None = None
        self._sources: dict[str, Source] = {}
        self._locations: tuple[Location, ...] = ()
        self._read_until = 0.0
        self._turn = asyncio.Lock()

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    @property
    def today(self) -> date:
        """As the shop's own clock has it."""
        return self.now.astimezone(self._zone).date()

    def is_open(self) -> bool:
        """Whether somebody is there now, by the shop's hours; yes where none are known."""
        local = self.now.astimezone(self._zone)
        minute = local.hour * 60 + local.minute
        hours = self._profile_here().hours
        return not hours or any(
            one.weekday == local.weekday() and one.opens <= minute < one.closes for one in hours
        )

    @property
    def _zone(self) -> tzinfo | None:
        place = next((one for one in self._locations if one.active), None)
        try:
            return ZoneInfo(place.timezone) if place is not None and place.timezone else None
        except (ZoneInfoNotFoundError, ValueError):
            return None

    def _profile_here(self) -> ShopProfile:
        return self.profile.at(next((one for one in self._locations if one.active), None))

    def source(self, source_id: str) -> Source | None:
        return self._sources.get(source_id)

    def variants(self, source_id: str) -> tuple[Source, ...]:
        """The same service of the price list in each quality of its part: "screen, compatible" and
        "screen, original"; itself at least."""
        own = self._sources[source_id]
        name, comma, _ = own.title.rpartition(", ")
        return tuple(
            one
            for one in self._sources.values()
            if one.id == source_id
            or (comma and one.kind == "price" and one.language == own.language
                and one.title.startswith(f"{name}, "))
        )  # fmt: skip

    # --- texts and prices ------------------------------------------------------------------------

    async def library(self) -> Library:
        """The shop's texts and prices; as they were where they cannot be read now."""
        async with self._turn:
            if self._library is None or self._clock() >= self._read_until:
                await self._read()
            assert self._library is not None
            return self._library

    async def _read(self) -> None:
        from revivatui.copilot.library_of import canned_source, price_sources
        from revivatui.copilot.retrieval.library import Library

        wait, canned = FRESH, []
        try:
            listed = await self._eyes.canned()
            canned = [canned_source(one.short_code, one.content) for one in listed]
        except ApiError as error:
            LOG.warning("captain could not read the canned responses: %s", error)
            canned = [one for one in self._sources.values() if one.kind == "canned"]
            wait = AGAIN
        services = await self._store.list_services()
        self._locations = await self._store.locations()
        sources = [one for one in canned if "{{" not in one.text]
        sources += [source for one in services for source in price_sources(one)]
        self._sources = {one.id: one for one in sources}
        self._library = await asyncio.to_thread(Library.build, sources)
        self._read_until = self._clock() + wait

    # --- facts -----------------------------------------------------------------------------------

    def record(
        self, language: str, told: Context | None = None, files: tuple[RepairFile, ...] = ()
    ) -> Record:
        """Of the shop, and of a customer where their context is given."""
        from revivatui.copilot.record import record_of

        return record_of(
            told,
            files,
            self.profile,
            language=language,
            now=self.now,
            tz=None,
            locations=self._locations,
        )

    async def record_of_contact(self, contact_id: int, language: str) -> Record | None:
        """Of a customer whose contact the website vouches for."""
        async with self._store.reading() as reader:
            kept = await known.contact(reader, self._place, contact_id)
            if kept is None:
                return None
            try:
                told = await context.of_customer(reader, kept.customer_id)
            except NotInCrm:
                return None
        return await self._record(told, language)

    async def record_of_repair(self, number: str, language: str) -> Record | None:
        """Of one repair alone, whoever its customer is and whatever else they have here."""
        async with self._store.reading() as reader:
            customer_id = await _owner(reader, number)
            if not customer_id:
                return None
            told = await context.of_customer(reader, customer_id)
        return await self._record(_only(told, number), language)

    async def is_owner(self, shown: captain_identity.Shown) -> bool:
        """Whether the end of a phone number is that of a repair's owner."""
        async with self._store.reading() as reader:
            customer_id = await _owner(reader, shown.repair)
        if not customer_id:
            return False
        customer = await self._store.get_customer(customer_id)
        return captain_identity.fits(customer.phone, shown.phone)

    async def _record(self, told: Context, language: str) -> Record:
        rows = {one.repair.id: one for one in (*told.active, *told.recent)}
        files = [await self._store.get_repair(one) for one in list(rows)[:_MOST_FILES]]
        return self.record(language, told, tuple(files))


async def _owner(reader: Reader, number: str) -> str:
    row = await reader.row(select(REPAIRS.c.customer_id).where(REPAIRS.c.number == number.upper()))
    return str(row[0]) if row else ""


def _only(told: Context, number: str) -> Context:
    """What may be told to somebody who knows of one repair."""
    active = tuple(one for one in told.active if one.repair.number == number)
    recent = tuple(one for one in told.recent if one.repair.number == number)
    ids = {one.repair.id for one in (*active, *recent)}
    devices = {one.device.id for one in (*active, *recent)}
    return replace(
        told,
        active=active,
        recent=recent,
        pending_quotes=tuple(one for one in told.pending_quotes if one.repair_number == number),
        appointments=tuple(one for one in told.appointments if one.repair_id in ids),
        warranties=tuple(one for one in told.warranties if one.repair_id in ids),
        open_tickets=(),
        devices=tuple(one for one in told.devices if one.id in devices),
        invoices_due=(),
    )
