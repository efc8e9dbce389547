"""The shop's own vocabulary and house, read from the vendor and kept for a quarter of an hour.

Shops edit their states, priorities and device types, so nothing of that is written down here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from revivatui.crm.devices import Category
from revivatui.crm.errors import CrmError, InvalidRecord
from revivatui.crm.records import Location, OpeningHours, Technician
from revivatui.crm.repairshopr.reading import Row, id_of, inner, inner_rows, line, maybe_id
from revivatui.crm.repairshopr.wire import Wire
from revivatui.state.records import dataclass
from revivatui.text.safe import safe_line

KEPT_SECONDS: Final = 15 * 60.0
AGAIN_SECONDS: Final = 60.0
"""When reading it again is tried after it failed."""
_SYMBOLS: Final[Mapping[str, str]] = {"$": "USD", "€": "EUR", "£": "GBP"}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TYPE_WORDS: Final[Mapping[Category, tuple[str, ...]]] = {
    "phone": ("phone", "mobile", "cell"),
    "tablet": ("tablet", "ipad"),
    "laptop": ("laptop", "notebook", "computer"),
    "desktop": ("desktop", "computer", "pc"),
    "console": ("console", "gaming"),
    "watch": ("watch", "wearable"),
    "storage": ("drive", "storage", "disk"),
    "other": ("other", "misc"),
}


@dataclass(frozen=True, slots=True)
class House:
    """What the shop has set up."""

    statuses: tuple[str, ...]
    """The states of its tickets, in its order."""
    priorities: tuple[str, ...]
    technicians: tuple[Technician, ...]
    device_types: tuple[str, ...]
    visit_types: Mapping[str, str]
    """The ids of the kinds of visits, by their names."""
    location: Location
    currency: str
    language: str

    def technician_name(self, user_id: str) -> str:
        return next((one.name for one in self.technicians if one.id == user_id), "")


class HouseKeeper:
    """Reads the house once, again when it is old, and for many that ask at once only once.

    What was read stays in use while reading it again fails.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        currency: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wire = wire
        self._currency = currency
        self._clock = clock
        self._house: House | None = None
        self._read_at = 0.0
        self._reading = asyncio.Lock()

    async def __call__(self) -> House:
        async with self._reading:
            if self._house is not None and self._clock() - self._read_at < KEPT_SECONDS:
                return self._house
            try:
                self._house = await self._read()
            except CrmError:
                if self._house is None:
                    raise
                self._read_at = self._clock() - KEPT_SECONDS + AGAIN_SECONDS
            else:
                self._read_at = self._clock()
            return self._house

    async def _read(self) -> House:
        tickets, settings, me = await asyncio.gather(
            self._wire.get("/tickets/settings"),
            self._wire.get("/settings"),
            self._wire.get("/me"),
        )
        return house_of(tickets, settings, me, self._currency)


def house_of(tickets: Row, settings: Row, me: Row, currency: str) -> House:
    """The house as three answers tell it."""
    locale = inner(settings, "locale")
    symbol = line(locale, "currency_symbol")
    return House(
        statuses=_texts(tickets.get("ticket_status_list")),
        priorities=_texts(inner(settings, "ticket").get("priorities")),
        technicians=_technicians(inner_rows(tickets, "users")),
        device_types=tuple(
            line(one, "name")
            for one in inner_rows(inner(settings, "assets"), "asset_types")
            if line(one, "name")
        ),
        visit_types={
            line(one, "name").casefold(): id_of(one)
            for one in inner_rows(tickets, "appointment_types")
        },
        location=Location(
            id=maybe_id(me, "default_location") or "main",
            name=line(me, "subdomain"),
            timezone=line(locale, "time_zone") or "UTC",
            business_hours=_hours(settings),
        ),
        currency=currency or _SYMBOLS.get(symbol, "USD"),
        language=(line(locale, "iso_code") or "en").replace("_", "-"),
    )


def device_type_for(category: Category, house: House, wanted: str = "") -> str:
    """One of the shop's own types of devices; others are refused. Raises InvalidRecord."""
    if not house.device_types:
        raise InvalidRecord(
            "The shop has no type of device in its CRM yet; make one there first. "
            "Nothing was changed."
        )
    by_name = {one.casefold(): one for one in house.device_types}
    if wanted.casefold() in by_name:
        return by_name[wanted.casefold()]
    for word in _TYPE_WORDS[category]:
        for name, theirs in by_name.items():
            if word in name:
                return theirs
    return house.device_types[0]


def _technicians(rows: list[Row]) -> tuple[Technician, ...]:
    return tuple(Technician(id=id_of(row), name=line(row, "name", "full_name")) for row in rows)


def _hours(settings: Row) -> tuple[OpeningHours, ...]:
    if not settings.get("business_hours_enabled"):
        return ()
    found = []
    for row in inner_rows(settings, "business_hours"):
        day = line(row, "day").casefold()
        if day in _DAYS and not row.get("closed"):
            found.append(OpeningHours(_DAYS.index(day), line(row, "start"), line(row, "end")))
    return tuple(sorted(found, key=lambda one: one.weekday))


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        return ()
    return tuple(safe_line(one) for one in values if isinstance(one, str) and one.strip())


class Shelf:
    """Lists of the whole house that no filter makes smaller, kept for a little while."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._clock = clock
        self._kept: dict[str, tuple[float, Any]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def get(self, name: str, read: Callable[[], Awaitable[Any]]) -> Any:
        """The list of that name, and read it where it is missing or too old."""
        async with self._locks.setdefault(name, asyncio.Lock()):
            kept = self._kept.get(name)
            if kept is None or self._clock() - kept[0] > self._seconds:
                kept = self._kept[name] = (self._clock(), await read())
            return kept[1]

    def age(self, name: str) -> float:
        """How many seconds old a list is; 0 where it is not kept."""
        kept = self._kept.get(name)
        return 0.0 if kept is None else self._clock() - kept[0]

    def forget(self, name: str) -> None:
        self._kept.pop(name, None)
