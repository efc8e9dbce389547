"""Finding what somebody at the counter says: a number, a label, a phone, an address, a name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from revivatui.crm.contact_keys import email_key, name_key, phone_key
from revivatui.crm.devices import plain_mark
from revivatui.crm.ids import parse_number
from revivatui.crm.records import Customer
from revivatui.crm.repairshopr import customers, devices, reading
from revivatui.crm.repairshopr.reading import Row, line, maybe_id
from revivatui.crm.repairshopr.work import Work
from revivatui.crm.views import Found, FoundBy

_FEWEST_OF_A_MARK = 4
_MOST_CUSTOMERS = 25


async def search(work: Work, text: str, limit: int) -> tuple[Found, ...]:
    """See `CrmPort.search`: the surest first, each thing once."""
    found: dict[tuple[str, ...], Found] = {}
    for question in (_by_number, _by_mark, _by_phone, _by_email, _by_name):
        if len(found) < limit:
            for one in await question(work, text.strip()):
                device_id = one.device.id if one.device else ""
                key = (one.ticket_id, one.quote_id, device_id, one.customer.id)
                found.setdefault(key, one)
    return tuple(found.values())[:limit]


async def _by_number(work: Work, text: str) -> list[Found]:
    """The vendor's numbers have no letters; ours before them say what is meant."""
    full, digits = parse_number(text)
    if not digits:
        return []
    found: list[Found] = []
    if not full or full[0] in "RT":
        found += await _tickets(work, digits)
    if full.startswith("Q"):
        found += await _quotes(work, digits)
    return found


async def _tickets(work: Work, digits: str) -> list[Found]:
    rows = await work.rows("tickets", "/tickets", "tickets", {"number": digits}, most=1)
    fits = [row for row in rows if line(row, "number") == digits]
    owners = await _customers(work, (maybe_id(row, "customer_id") for row in fits))
    return [
        Found(
            "number",
            owners[maybe_id(row, "customer_id")],
            repair_id=reading.id_of(row),
            ticket_id=reading.id_of(row),
            number=digits,
        )
        for row in fits
        if maybe_id(row, "customer_id") in owners
    ]


async def _quotes(work: Work, digits: str) -> list[Found]:
    """Among the estimates that are kept for a while: a number may be another one's id."""
    rows: list[Row] = await work.shelf.get(
        "estimates", lambda: work.rows("estimates", "/estimates", "estimates")
    )
    fits = [row for row in rows if line(row, "number") == digits]
    owners = await _customers(work, (maybe_id(row, "customer_id") for row in fits))
    return [
        Found(
            "number",
            owners[maybe_id(row, "customer_id")],
            quote_id=reading.id_of(row),
            number=digits,
        )
        for row in fits
        if maybe_id(row, "customer_id") in owners
    ]


async def _by_mark(work: Work, text: str) -> list[Found]:
    mark = plain_mark(text)
    if len(mark) < _FEWEST_OF_A_MARK or not mark.isalnum() or not any(map(str.isdigit, mark)):
        return []
    rows = await work.rows("devices", "/customer_assets", "assets", {"query": text}, most=1)
    read = [devices.device_of(row) for row in rows]
    fits = [one for one in read if one.imei.endswith(mark) or one.serial.endswith(mark)]
    owners = await _customers(work, (one.customer_id for one in fits))
    found = []
    for one in fits:
        by: FoundBy = "imei" if one.imei.endswith(mark) else "serial"
        if one.customer_id in owners:
            found.append(Found(by, owners[one.customer_id], device=one))
    return found


async def _by_phone(work: Work, text: str) -> list[Found]:
    if not phone_key(text) or any(map(str.isalpha, text)):
        return []
    return await _people(work, "phone", await customers.with_phone(work, text))


async def _by_email(work: Work, text: str) -> list[Found]:
    if "@" not in email_key(text):
        return []
    return await _people(work, "email", await customers.with_email(work, text))


async def _by_name(work: Work, text: str) -> list[Found]:
    words = name_key(text).split()
    if not words or not any(map(str.isalpha, text)) or "@" in text:
        return []
    rows = await work.rows("customers", "/customers", "customers", {"query": text}, most=1)
    return await _people(work, "name", (row for row in rows if _is_called(row, words)))


def _is_called(row: Row, words: list[str]) -> bool:
    names = name_key(line(row, "fullname"), line(row, "business_name"))
    return all(word in names for word in words)


async def _people(work: Work, by: FoundBy, rows: Iterable[Row]) -> list[Found]:
    language = (await work.house()).language
    return [Found(by, customers.customer_of(row, language)) for row in rows]


async def _customers(work: Work, customer_ids: Iterable[str]) -> dict[str, Customer]:
    wanted = sorted({one for one in customer_ids if one})[:_MOST_CUSTOMERS]
    read = await asyncio.gather(*(customers.get(work, one) for one in wanted))
    return {one.id: one for one in read}
