"""The house: its services, shops, technicians, loyalty tiers and canned responses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import Table, case, func, select

from revivatui.crm.devices import brand_of, category_of
from revivatui.crm.errors import InvalidRecord
from revivatui.crm.loyalty import months_after, tier_for
from revivatui.crm.money import Money
from revivatui.crm.records import (
    SERVICE_CATEGORIES,
    CannedMirror,
    Customer,
    Location,
    LoyaltyTier,
    ServiceItem,
    Technician,
)
from revivatui.crm.store import customers
from revivatui.crm.store.shapes import (
    CANNED_MIRROR,
    LOCATION,
    LOYALTY_TIER,
    SERVICE,
    TECHNICIAN,
)
from revivatui.crm.store.tables import (
    CANNED_MIRRORS,
    LOCATIONS,
    LOYALTY_TIERS,
    SERVICES,
    TECHNICIANS,
)
from revivatui.crm.store.tables_work import QUOTES, REPAIRS
from revivatui.crm.store.work import Reader, Work

_SHOWN_FIRST: Final = case(
    {category: place for place, category in enumerate(SERVICE_CATEGORIES)},
    value=SERVICES.c.category,
    else_=len(SERVICE_CATEGORIES),
)


async def list_services(
    reader: Reader, *, model: str = "", all_of_them: bool = False
) -> tuple[ServiceItem, ...]:
    """See `CrmPort.list_services`."""
    question = select(SERVICES).order_by(_SHOWN_FIRST, SERVICES.c.position, SERVICES.c.code)
    if not all_of_them:
        question = question.where(SERVICES.c.active)
    services = (SERVICE.read(row) for row in await reader.rows(question))
    today = reader.now.date()
    return tuple(
        one
        for one in services
        if (all_of_them or _is_valid(one, today)) and (not model or _fits(one, model))
    )


def _is_valid(service: ServiceItem, day: date) -> bool:
    return (service.valid_from or day) <= day <= (service.valid_to or day)


def _fits(service: ServiceItem, model: str) -> bool:
    return (
        service.device_category in ("", category_of(model))
        and service.device_brand.casefold() in ("", brand_of(model).casefold())
        and service.device_model.casefold() in model.casefold()
    )


async def save_service(work: Work, service: ServiceItem) -> ServiceItem:
    """See `CrmPort.save_service`."""
    prices = [one for one in (service.price_from, service.price_to) if one is not None]
    if any(one.currency != service.currency for one in prices):
        raise InvalidRecord("A price is in another currency than its service.")
    if len(prices) == 2 and prices[1] < prices[0]:
        raise InvalidRecord("A price ends at what it begins with or above.")
    if not service.code or not service.name:
        raise InvalidRecord("A service has a code and a name.")
    await _put(work, SERVICES, "code", SERVICE.values(service))
    work.changed("service", service.code)
    return service


async def save_location(work: Work, location: Location) -> Location:
    """Keep a shop; one without an id is new."""
    location = location if location.id else replace(location, id=work.new_id())
    await _put(work, LOCATIONS, "id", LOCATION.values(location))
    work.changed("location", location.id)
    return location


async def save_technician(work: Work, technician: Technician) -> Technician:
    """Keep a technician; one without an id is new."""
    technician = technician if technician.id else replace(technician, id=work.new_id())
    await _put(work, TECHNICIANS, "id", TECHNICIAN.values(technician))
    work.changed("technician", technician.id)
    return technician


async def save_loyalty_tier(work: Work, tier: LoyaltyTier) -> LoyaltyTier:
    await _put(work, LOYALTY_TIERS, "code", LOYALTY_TIER.values(tier))
    return tier


async def save_canned(work: Work, canned: CannedMirror) -> CannedMirror:
    await _put(work, CANNED_MIRRORS, "short_code", CANNED_MIRROR.values(canned))
    return canned


async def _put(work: Work, table: Table, key: str, values: dict[str, Any]) -> None:
    written = work.insert(table).values(values)
    await work.run(written.on_conflict_do_update(index_elements=[table.c[key]], set_=values))


async def locations(reader: Reader) -> tuple[Location, ...]:
    rows = await reader.rows(select(LOCATIONS).order_by(LOCATIONS.c.code))
    return tuple(LOCATION.read(row) for row in rows)


async def technicians(reader: Reader) -> tuple[Technician, ...]:
    rows = await reader.rows(select(TECHNICIANS).order_by(TECHNICIANS.c.name, TECHNICIANS.c.id))
    return tuple(TECHNICIAN.read(row) for row in rows)


async def loyalty_tiers(reader: Reader) -> tuple[LoyaltyTier, ...]:
    rows = await reader.rows(select(LOYALTY_TIERS).order_by(LOYALTY_TIERS.c.rank))
    return tuple(LOYALTY_TIER.read(row) for row in rows)


async def canned_mirrors(reader: Reader) -> tuple[CannedMirror, ...]:
    rows = await reader.rows(select(CANNED_MIRRORS).order_by(CANNED_MIRRORS.c.short_code))
    return tuple(CANNED_MIRROR.read(row) for row in rows)


# --- loyalty -----------------------------------------------------------------------------------


async def refresh_loyalty(work: Work, customer_id: str) -> Customer:
    """Work out the tier of a customer by what was collected within the longest window."""
    await work.lock("customers")
    customer = await customers.get(work, customer_id)
    tiers = await loyalty_tiers(work)
    if not tiers:
        return customer
    window = max(one.window_months for one in tiers)
    since = datetime.combine(months_after(work.now.date(), -window), time(), work.now.tzinfo)
    currency = next((one.min_spend.currency for one in tiers if one.min_spend), "EUR")
    collected = [
        REPAIRS.c.customer_id == customer.id,
        REPAIRS.c.status == "completed",
        REPAIRS.c.collected_at >= since,
    ]
    count = await work.row(select(func.count()).select_from(REPAIRS).where(*collected))
    spent = await work.row(
        select(func.coalesce(func.sum(QUOTES.c.total_cost_minor), 0))
        .join(REPAIRS, REPAIRS.c.id == QUOTES.c.repair_id)
        .where(
            *collected,
            QUOTES.c.status.in_(("approved", "invoiced")),
            QUOTES.c.currency == currency,
        )
    )
    money = Money.from_minor_units(int(spent[0]) if spent else 0, currency)
    code = tier_for(tiers, int(count[0]) if count else 0, money)
    if code != customer.loyalty_tier:
        customer = replace(
            customer, loyalty_tier=code, updated_at=work.now, version=customer.version + 1
        )
        await customers.keep(work, customer)
    return customer
