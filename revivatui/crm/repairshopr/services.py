"""The price list: the vendor's products, told apart by their names and categories."""

from __future__ import annotations

from typing import Final

from revivatui.crm.devices import brand_of, category_of
from revivatui.crm.records import SERVICE_CATEGORIES, ServiceItem
from revivatui.crm.repairshopr import reading
from revivatui.crm.repairshopr.reading import Row, id_of, line
from revivatui.crm.repairshopr.words import service_category
from revivatui.crm.repairshopr.work import Work

SHELF: Final = "products"


async def all_of(work: Work, model: str, all_of_them: bool) -> tuple[ServiceItem, ...]:
    """See `CrmPort.list_services`."""

    async def read() -> list[Row]:
        return await work.rows(SHELF, "/products", "products")

    rows: list[Row] = await work.shelf.get(SHELF, read)
    currency = (await work.house()).currency
    found = [service_of(row, currency) for row in rows]
    shown = (one for one in found if (all_of_them or one.active) and _fits(one, model))
    return tuple(
        sorted(shown, key=lambda one: (SERVICE_CATEGORIES.index(one.category), one.position))
    )


def service_of(row: Row, currency: str) -> ServiceItem:
    name = line(row, "name") or line(row, "description")
    fixed = reading.price(row, currency)
    brand = brand_of(name)
    kind = category_of(name)
    return ServiceItem(
        code=id_of(row),
        name=name,
        category=service_category(name, line(row, "product_category")),
        currency=currency,
        price_from=fixed or None,
        price_to=fixed or None,
        device_brand=brand,
        device_category=kind if brand and kind != "other" else "",
        description=reading.text(row, "description"),
        position=int(reading.number(row, "sort_order")),
        active=not reading.flag(row, "disabled"),
    )


def _fits(service: ServiceItem, model: str) -> bool:
    return not model or (
        service.device_brand in ("", brand_of(model))
        and service.device_category in ("", category_of(model))
    )
