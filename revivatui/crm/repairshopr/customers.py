"""Customers: found by e-mail address or phone, made once, and changed only where news is told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from revivatui.crm.contact_keys import email_key, name_key, phone_key, plain_phone
from revivatui.crm.errors import AmbiguousCustomer, NotInCrm
from revivatui.crm.passcodes import mask_passcodes
from revivatui.crm.records import Customer, ExternalRef
from revivatui.crm.repairshopr import reading
from revivatui.crm.repairshopr.reading import Row, id_of, inner_rows, line, text
from revivatui.crm.repairshopr.work import Work
from revivatui.crm.wishes import CustomerWish, ExternalKey
from revivatui.text.safe import safe

_MOST_PAGES: Final = 4
_SKEW: Final = timedelta(minutes=10)
_BOOLEANS: Final = ("get_sms", "opt_out", "no_email")
"""What a change that does not mention them would set to their defaults."""


def customer_of(row: Row, language: str = "en") -> Customer:
    """A customer of the vendor's as one of ours."""
    company = line(row, "business_name")
    own_name = line(row, "fullname") or f"{line(row, 'firstname')} {line(row, 'lastname')}".strip()
    return Customer(
        id=id_of(row),
        name=own_name or company or line(row, "email") or "Unknown",
        created_at=reading.created(row),
        updated_at=reading.updated(row),
        email=line(row, "email"),
        phone=line(row, "mobile", "phone"),
        type="business" if company else "individual",
        language=language,
        source=line(row, "referred_by"),
        company_name=company,
        notes=mask_passcodes(text(row, "notes"))[0],
        blocked=reading.flag(row, "disabled"),
        custom_attributes=reading.fields(row),
        version=reading.version(row),
    )


async def get(work: Work, customer_id: str) -> Customer:
    """See `CrmPort.get_customer`."""
    return customer_of(await row_of(work, customer_id), (await work.house()).language)


async def row_of(work: Work, customer_id: str) -> Row:
    answer = await work.wire.get(f"/customers/{work.number_of(customer_id, 'customer')}")
    return reading.inner(answer, "customer")


# --- finding -----------------------------------------------------------------------------------


async def find(
    work: Work, *, email: str = "", phone: str = "", external: ExternalKey | None = None
) -> Customer | None:
    """See `CrmPort.find_customer`."""
    row = None if external is None else await _linked(work, external)
    if row is None:
        row = await _find_row(work, email, phone)
    return None if row is None else customer_of(row, (await work.house()).language)


async def _linked(work: Work, external: ExternalKey) -> Row | None:
    """The customer that another system's record was bound to, unless the shop deleted them."""
    ref = await work.links.external_of(external)
    if ref is None:
        return None
    try:
        return await row_of(work, ref.local_id)
    except NotInCrm:
        return None


async def _find_row(work: Work, email: str, phone: str) -> Row | None:
    if email_key(email):
        rows = await with_email(work, email)
        if (found := _only(rows, "e-mail address")) is not None:
            return found
    if phone_key(phone):
        return _only(await with_phone(work, phone), "phone number")
    return None


def _only(rows: Iterable[Row], what: str) -> Row | None:
    found = list(rows)
    if len(found) > 1:
        raise AmbiguousCustomer(
            f"{len(found)} customers have this {what}. Choose which of them it is.",
            tuple(map(id_of, found)),
        )
    return found[0] if found else None


async def with_email(work: Work, email: str) -> list[Row]:
    """The customers who have this address, themselves or as one of their contacts."""
    key = email_key(email)
    rows = await _asked(work, {"email": email.strip()})
    return [row for row in rows if key in _addresses(row)]


def _addresses(row: Row) -> set[str]:
    people = [row, *inner_rows(row, "contacts")]
    return {email_key(line(one, "email")) for one in people} - {""}


async def with_phone(work: Work, phone: str) -> list[Row]:
    """The customers who have this number, with or without the code of the shop's country."""
    wanted = _number_keys(work, phone)
    code = work.country_code.lstrip("+0")
    asked = wanted | {one.removeprefix(code) for one in wanted}
    found: dict[str, Row] = {}
    for digits in sorted(asked, key=len, reverse=True):
        for row in await _asked(work, {"query": digits}):
            theirs = {one for number in _numbers(row) for one in _number_keys(work, number)}
            if theirs & wanted:
                found[id_of(row)] = row
        if found:
            break
    return list(found.values())


def _numbers(row: Row) -> list[str]:
    people = [row, *inner_rows(row, "contacts")]
    listed = [line(one, "number") for one in inner_rows(row, "phones")]
    return [line(one, name) for one in people for name in ("phone", "mobile")] + listed


def _number_keys(work: Work, phone: str) -> set[str]:
    """What a number is compared by. The vendor drops the "+", so a number that is not written
    as an international one is taken for one of the shop's own country too, if that is known."""
    digits = phone_key(phone)
    code = work.country_code.lstrip("+0")
    if not digits:
        return set()
    if not code or plain_phone(phone).startswith("+"):
        return {digits}
    return {digits, code + digits.lstrip("0")}


async def _asked(work: Work, params: dict[str, str]) -> list[Row]:
    return await work.rows("customers", "/customers", "customers", params, most=_MOST_PAGES)


# --- making and changing -----------------------------------------------------------------------


async def upsert(work: Work, wish: CustomerWish) -> Customer:
    """See `CrmPort.upsert_customer`."""
    key = wish.customer_id or email_key(wish.email) or phone_key(wish.phone) or wish.name
    async with work.one_at_a_time(f"customer {key}"):
        row = await _row_for(work, wish)
        language = (await work.house()).language
        if row is None:
            customer = customer_of(await _make(work, wish), language)
        else:
            customer = customer_of(await _change(work, row, wish), language)
        if wish.external is not None:
            one = wish.external
            await work.links.remember_external(
                ExternalRef(one.system, one.account, one.kind, one.external_id, customer.id)
            )
        return customer


async def _row_for(work: Work, wish: CustomerWish) -> Row | None:
    if wish.customer_id:
        return await row_of(work, wish.customer_id)
    row = None if wish.external is None else await _linked(work, wish.external)
    return row if row is not None else await _find_row(work, wish.email, wish.phone)


async def _make(work: Work, wish: CustomerWish) -> Row:
    since = work.clock() - _SKEW
    name = wish.name.strip() or wish.email.strip() or plain_phone(wish.phone) or "Unknown"
    body = _names(name) | {
        "email": wish.email.strip(),
        "mobile": plain_phone(wish.phone),
        "business_name": wish.company_name,
        "referred_by": wish.source,
        "notes": mask_passcodes(safe(wish.notes))[0],
        "properties": {name: _plain(one) for name, one in wish.custom_attributes.items()},
    }

    async def look() -> Row | None:
        if wish.email.strip() or phone_key(wish.phone):
            return await _find_row(work, wish.email, wish.phone)
        rows = await _asked(work, {"query": name})
        fits = [row for row in rows if _is_called(row, name) and reading.created(row) >= since]
        return max(fits, key=reading.created, default=None)

    said = {name: value for name, value in body.items() if value}
    return await work.write_once(
        lambda: work.wire.write("POST", "/customers", said), _customer_in, look
    )


def _customer_in(answer: Row) -> Row:
    row = reading.inner(answer, "customer")
    id_of(row)
    return row


def _is_called(row: Row, name: str) -> bool:
    return name_key(line(row, "firstname"), line(row, "lastname")) == name_key(name)


def _names(name: str) -> dict[str, Any]:
    first, _, last = " ".join(name.split()).partition(" ")
    return {"firstname": first, "lastname": last}


async def _change(work: Work, row: Row, wish: CustomerWish) -> Row:
    said = _said(row, wish)
    if not said:
        return row
    for name in _BOOLEANS:
        if isinstance(row.get(name), bool):
            said[name] = row[name]
    path = f"/customers/{id_of(row)}"

    async def look() -> Row | None:
        now = await row_of(work, id_of(row))
        return now if not _said(now, wish) else None

    return await work.write_once(lambda: work.wire.write("PUT", path, said), _customer_in, look)


def _said(row: Row, wish: CustomerWish) -> dict[str, Any]:
    """What a wish says that is news. The e-mail address and the phone that somebody gave once
    are not replaced by what another message came with, only filled in."""
    said: dict[str, Any] = {}
    named = line(row, "firstname", "lastname", "business_name")
    is_news = name_key(wish.name) != name_key(customer_of(row).name)
    if wish.name.strip() and is_news and not (wish.name_is_a_guess and named):
        said |= _names(wish.name)
    if wish.email.strip() and (wish.customer_id or not line(row, "email")):
        said["email"] = wish.email.strip()
    phone = plain_phone(wish.phone)
    if phone and (wish.customer_id or not line(row, "mobile", "phone")):
        said["mobile"] = phone
    if wish.company_name:
        said["business_name"] = wish.company_name
    if wish.notes:
        said["notes"] = mask_passcodes(safe(wish.notes))[0]
    if wish.source and not line(row, "referred_by"):
        said["referred_by"] = wish.source
    said = {name: value for name, value in said.items() if not _is_so(row, name, value)}
    kept = dict(reading.inner(row, "properties"))
    fields = kept | {name: _plain(value) for name, value in wish.custom_attributes.items()}
    fields = {name: value for name, value in fields.items() if value is not None}
    if fields != kept:
        said["properties"] = fields
    return said


def _is_so(row: Row, name: str, value: str) -> bool:
    there = line(row, name)
    if name == "mobile":
        return phone_key(there) == phone_key(value)
    return (text(row, name) if name == "notes" else there) == value


def _plain(value: Any) -> Any:
    return safe(value) if isinstance(value, str) else value
