"""Finding what somebody at the counter says: a number, a label, a phone, an address, a name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from revivatui.crm.contact_keys import email_key, name_key, phone_key
from revivatui.crm.devices import plain_mark
from revivatui.crm.ids import parse_number
from revivatui.crm.store.shapes import CUSTOMER, DEVICE
from revivatui.crm.store.tables import CUSTOMERS, DEVICES
from revivatui.crm.store.tables_work import QUOTES, REPAIRS, TICKETS
from revivatui.crm.store.work import Reader
from revivatui.crm.views import Found, FoundBy

_FEWEST_OF_A_MARK = 4
_FEWEST_OF_A_NUMBER = 3
_LETTERS = {"R": (REPAIRS, "repair"), "Q": (QUOTES, "quote"), "T": (TICKETS, "ticket")}


async def search(reader: Reader, text: str, limit: int) -> tuple[Found, ...]:
    """See `CrmPort.search`: the surest first, each thing once."""
    found: dict[tuple[str, ...], Found] = {}
    for question in (_by_number, _by_mark, _by_phone, _by_email, _by_name):
        if len(found) < limit:
            for one in await question(reader, text.strip(), limit):
                device_id = one.device.id if one.device else ""
                key = (one.repair_id, one.ticket_id, one.quote_id, device_id, one.customer.id)
                found.setdefault(key, one)
    return tuple(found.values())[:limit]


async def _by_number(reader: Reader, text: str, limit: int) -> list[Found]:
    number, digits = parse_number(text)
    if not digits:
        return []
    found: list[Found] = []
    for letter, (table, kind) in _LETTERS.items():
        if number and not number.startswith(letter):
            continue
        if not number and len(digits) < _FEWEST_OF_A_NUMBER:
            continue
        column = table.c.number
        fits = column == number if number else _ends_with(column, digits)
        for row in await reader.rows(_numbered(kind, fits).limit(limit)):
            customer = CUSTOMER.read(row)
            record_id, found_number = row[CUSTOMER.width], row[CUSTOMER.width + 1]
            if number or parse_number(found_number)[1] == digits:
                found.append(
                    Found("number", customer, number=found_number, **{f"{kind}_id": record_id})
                )
    return found


def _numbered(kind: str, fits: ColumnElement[bool]) -> Select[Any]:
    if kind == "ticket":
        question = select(CUSTOMERS, TICKETS.c.id.label("found_id"), TICKETS.c.number)
        question = question.join(TICKETS, TICKETS.c.customer_id == CUSTOMERS.c.id)
    elif kind == "repair":
        question = select(CUSTOMERS, REPAIRS.c.id.label("found_id"), REPAIRS.c.number)
        question = question.join(REPAIRS, REPAIRS.c.customer_id == CUSTOMERS.c.id)
    else:
        question = select(CUSTOMERS, QUOTES.c.id.label("found_id"), QUOTES.c.number)
        question = question.join(REPAIRS, REPAIRS.c.customer_id == CUSTOMERS.c.id)
        question = question.join(QUOTES, QUOTES.c.repair_id == REPAIRS.c.id)
    return question.where(fits).order_by(CUSTOMERS.c.id.desc())


async def _by_mark(reader: Reader, text: str, limit: int) -> list[Found]:
    mark = plain_mark(text)
    if len(mark) < _FEWEST_OF_A_MARK or not mark.isalnum() or not any(map(str.isdigit, mark)):
        return []
    fits = or_(_ends_with(DEVICES.c.serial, mark), _ends_with(DEVICES.c.imei, mark))
    rows = await reader.rows(
        select(CUSTOMERS, DEVICES)
        .join(DEVICES, DEVICES.c.customer_id == CUSTOMERS.c.id)
        .where(fits)
        .order_by(DEVICES.c.id.desc())
        .limit(limit)
    )
    found = []
    for row in rows:
        device = DEVICE.read(row, CUSTOMER.width)
        by: FoundBy = "imei" if device.imei.endswith(mark) else "serial"
        found.append(Found(by, CUSTOMER.read(row), device=device))
    return found


async def _by_phone(reader: Reader, text: str, limit: int) -> list[Found]:
    digits = phone_key(text)
    if not digits or any(map(str.isalpha, text)):
        return []
    local = digits.lstrip("0")  # as it is dialled at home, without the country
    return await _customers(reader, "phone", _ends_with(CUSTOMERS.c.phone_key, local), limit)


async def _by_email(reader: Reader, text: str, limit: int) -> list[Found]:
    key = email_key(text)
    if "@" not in key:
        return []
    starts = CUSTOMERS.c.email_key.startswith(key, autoescape=True)
    return await _customers(reader, "email", starts, limit)


async def _by_name(reader: Reader, text: str, limit: int) -> list[Found]:
    words = name_key(text).split()
    if not any(map(str.isalpha, text)):
        return []
    fits = and_(*(_has_word(one) for one in words))
    return await _customers(reader, "name", fits, limit)


def _has_word(word: str) -> ColumnElement[bool]:
    """Whether a word of the name begins so; scripts without spaces have it anywhere."""
    column = CUSTOMERS.c.name_key
    if not word.isascii():
        return column.contains(word, autoescape=True)
    return or_(
        column.startswith(word, autoescape=True), column.contains(f" {word}", autoescape=True)
    )


def _ends_with(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    return column.endswith(text, autoescape=True)


async def _customers(
    reader: Reader, by: FoundBy, fits: ColumnElement[bool], limit: int
) -> list[Found]:
    question = select(CUSTOMERS).where(fits, CUSTOMERS.c.merged_into_id.is_(None))
    rows = await reader.rows(question.order_by(CUSTOMERS.c.updated_at.desc()).limit(limit))
    return [Found(by, CUSTOMER.read(row)) for row in rows]
