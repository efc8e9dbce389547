"""Finding, making and changing customers, and their devices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, select, update

from revivatui.crm.contact_keys import email_key, name_key, phone_key, plain_phone
from revivatui.crm.devices import is_imei, plain_mark
from revivatui.crm.errors import AmbiguousCustomer, InvalidRecord, NotInCrm
from revivatui.crm.passcodes import mask_passcodes
from revivatui.crm.records import Customer, Device, ExternalRef
from revivatui.crm.store import externals
from revivatui.crm.store.shapes import CUSTOMER, DEVICE
from revivatui.crm.store.tables import CUSTOMERS, DEVICES
from revivatui.crm.store.tables_work import APPOINTMENTS, CHAT_CONVERSATIONS, REPAIRS, TICKETS
from revivatui.crm.store.work import Reader, Work
from revivatui.crm.views import RecordKind
from revivatui.crm.wishes import CustomerWish, ExternalKey

_MOST_MERGES = 20
_OF_CUSTOMERS: Final[tuple[tuple[RecordKind, Table], ...]] = (
    ("device", DEVICES),
    ("repair", REPAIRS),
    ("ticket", TICKETS),
    ("appointment", APPOINTMENTS),
    ("conversation", CHAT_CONVERSATIONS),
)
_SAID = ("name", "type", "language", "source", "company_name", "tax_id", "notes")
_SAID_IF_NOT_NONE = ("marketing_consent", "blocked")


async def find(
    reader: Reader, *, email: str = "", phone: str = "", external: ExternalKey | None = None
) -> Customer | None:
    """See `CrmPort.find_customer`."""
    if external is not None:
        ref = await externals.find(reader, external)
        if ref is not None:
            return await get(reader, ref.local_id)
    if email_key(email):
        found = await _only(reader, CUSTOMERS.c.email_key == email_key(email), "e-mail address")
        if found is not None:
            return found
    if phone_key(phone):
        fits = CUSTOMERS.c.phone_key == phone_key(phone)
        if email_key(email):
            # Families and firms share phones: who has another address is somebody else.
            fits = fits & (CUSTOMERS.c.email_key == "")
        return await _only(reader, fits, "phone number")
    return None


async def _only(reader: Reader, fits: ColumnElement[bool], what: str) -> Customer | None:
    question = select(CUSTOMERS).where(fits, CUSTOMERS.c.merged_into_id.is_(None)).limit(9)
    found = [CUSTOMER.read(row) for row in await reader.rows(question)]
    if len(found) > 1:
        raise AmbiguousCustomer(
            f"{len(found)} customers have this {what}. Choose which of them it is.",
            tuple(one.id for one in found),
        )
    return found[0] if found else None


async def get(reader: Reader, customer_id: str) -> Customer:
    """The customer, or the one who took their place. Raises NotInCrm."""
    customer = await reader.one(CUSTOMER, customer_id, "customer")
    for _ in range(_MOST_MERGES):
        if customer.merged_into_id is None:
            return customer
        customer = await reader.one(CUSTOMER, customer.merged_into_id, "customer")
    raise NotInCrm("This customer was merged in a circle; mend it in the CRM.")


async def upsert(work: Work, wish: CustomerWish) -> Customer:
    """See `CrmPort.upsert_customer`."""
    await work.lock("customers")
    if wish.customer_id:
        found: Customer | None = await get(work, wish.customer_id)
    else:
        found = await find(work, email=wish.email, phone=wish.phone, external=wish.external)
    customer = await _make(work, wish) if found is None else await _change(work, found, wish)
    if wish.external is not None:
        key = wish.external
        await externals.remember(
            work, ExternalRef(key.system, key.account, key.kind, key.external_id, customer.id)
        )
    return customer


async def _make(work: Work, wish: CustomerWish) -> Customer:
    customer = Customer(
        id=work.new_id(),
        name=wish.name.strip() or wish.email.strip() or plain_phone(wish.phone) or "Unknown",
        created_at=work.now,
        updated_at=work.now,
        email=wish.email.strip(),
        phone=plain_phone(wish.phone),
        type=wish.type or "individual",
        language=wish.language or "en",
        source=wish.source,
        company_name=wish.company_name,
        tax_id=wish.tax_id,
        notes=mask_passcodes(wish.notes)[0],
        marketing_consent=bool(wish.marketing_consent),
        blocked=bool(wish.blocked),
        custom_attributes=_merged({}, wish.custom_attributes),
    )
    await work.add(CUSTOMERS, _with_keys(customer))
    work.changed("customer", customer.id)
    return customer


async def _change(work: Work, customer: Customer, wish: CustomerWish) -> Customer:
    changed = replace(customer, **_said(customer, wish))
    if changed == customer:
        return customer
    changed = replace(changed, updated_at=work.now, version=customer.version + 1)
    await keep(work, changed)
    return changed


def _said(customer: Customer, wish: CustomerWish) -> dict[str, Any]:
    """What a wish says of a customer. The e-mail address and the phone that somebody gave once
    are not replaced by what another message came with, only filled in."""
    said = {name: value for name in _SAID if (value := getattr(wish, name))}
    if "notes" in said:
        said["notes"] = mask_passcodes(said["notes"])[0]
    if wish.name_is_a_guess or not wish.name.strip():
        said.pop("name", None)
    if customer.source:
        said.pop("source", None)
    for name in _SAID_IF_NOT_NONE:
        if getattr(wish, name) is not None:
            said[name] = getattr(wish, name)
    if wish.email.strip() and (wish.customer_id or not customer.email):
        said["email"] = wish.email.strip()
    if plain_phone(wish.phone) and (wish.customer_id or not customer.phone):
        said["phone"] = plain_phone(wish.phone)
    said["custom_attributes"] = _merged(customer.custom_attributes, wish.custom_attributes)
    return said


def _merged(kept: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**kept, **said}.items() if value is not None}


async def keep(work: Work, customer: Customer) -> None:
    """Write a customer who is there already, as given; read under the lock of customers."""
    values = _with_keys(customer)
    await work.run(update(CUSTOMERS).where(CUSTOMERS.c.id == customer.id).values(values))
    work.changed("customer", customer.id)


def _with_keys(customer: Customer) -> dict[str, Any]:
    return {
        **CUSTOMER.values(customer),
        "name_key": name_key(customer.name, customer.company_name),
        "email_key": email_key(customer.email),
        "phone_key": phone_key(customer.phone),
    }


async def merge(work: Work, customer_id: str, into_id: str) -> Customer:
    """Two records were one person: everything of the first becomes the second's.

    What other systems call the first still leads here, by way of `Customer.merged_into_id`.
    """
    await work.lock("customers")
    old, new = await get(work, customer_id), await get(work, into_id)
    if old.id == new.id:
        return new
    for kind, table in _OF_CUSTOMERS:
        belongs = table.c.customer_id == old.id
        for row in await work.rows(select(table.c.id).where(belongs)):
            work.changed(kind, row.id)
        await work.run(update(table).where(belongs).values(customer_id=new.id))
    whole = replace(
        new,
        email=new.email or old.email,
        phone=new.phone or old.phone,
        notes="\n".join(filter(None, (new.notes, old.notes))),
        custom_attributes={**old.custom_attributes, **new.custom_attributes},
        created_at=min(old.created_at, new.created_at),
        updated_at=work.now,
        version=new.version + 1,
    )
    await keep(work, whole)
    await keep(
        work,
        replace(old, merged_into_id=new.id, updated_at=work.now, version=old.version + 1),
    )
    return whole


# --- devices -----------------------------------------------------------------------------------


async def save_device(work: Work, device: Device) -> Device:
    """See `CrmPort.save_device`."""
    if device.imei and not is_imei(device.imei):
        raise InvalidRecord(
            f"{device.imei} is no IMEI: it has fifteen digits, and the last one checks the others."
        )
    tidy = replace(
        device,
        serial=plain_mark(device.serial),
        imei=plain_mark(device.imei),
        notes=mask_passcodes(device.notes)[0],
        updated_at=work.now,
    )
    if not tidy.id:
        owner = await get(work, tidy.customer_id)
        tidy = replace(tidy, id=work.new_id(), customer_id=owner.id, created_at=work.now)
        await work.add(DEVICES, DEVICE.values(tidy))
    else:
        before = await work.one(DEVICE, tidy.id, "device", lock=True)
        tidy = replace(tidy, created_at=before.created_at)
        await work.run(update(DEVICES).where(DEVICES.c.id == tidy.id).values(DEVICE.values(tidy)))
    work.changed("device", tidy.id)
    return tidy


async def devices_of(reader: Reader, customer_id: str) -> tuple[Device, ...]:
    """The devices of a customer, the newest first."""
    question = (
        select(DEVICES).where(DEVICES.c.customer_id == customer_id).order_by(DEVICES.c.id.desc())
    )
    return _devices(await reader.rows(question))


def _devices(rows: Sequence[Sequence[Any]]) -> tuple[Device, ...]:
    return tuple(DEVICE.read(row) for row in rows)
