"""The lines of the demo shop's catalogue that are for one model, or for one maker's devices."""

from __future__ import annotations

from typing import Final

from revivatui.crm.devices import brand_of, category_of
from revivatui.crm.money import Money
from revivatui.crm.records import PartQuality, ServiceCategory, ServiceItem

EUR: Final = "EUR"

# model: screen compatible, screen original (0: none), battery, charging port
_PHONES: Final[dict[str, tuple[int, int, int, int]]] = {
    "iPhone SE": (79, 0, 55, 69),
    "iPhone 11": (89, 159, 59, 79),
    "iPhone 12": (119, 219, 65, 79),
    "iPhone 13": (139, 249, 69, 89),
    "iPhone 14": (159, 289, 79, 89),
    "iPhone 14 Pro": (219, 369, 85, 99),
    "iPhone 15": (189, 329, 89, 99),
    "Galaxy S22": (169, 259, 69, 79),
    "Galaxy A54": (99, 159, 59, 65),
    "Pixel 7": (129, 199, 69, 75),
    "Redmi Note 12": (79, 0, 49, 59),
}
_Line = tuple[str, str, ServiceCategory, int, int, int, int]
# name, model that it is for, category, from, to, days, months of warranty
_LINES: Final[tuple[_Line, ...]] = (
    ("iPhone 12 back glass", "iPhone 12", "screen", 89, 89, 1, 12),
    ("iPhone 13 back glass", "iPhone 13", "screen", 99, 99, 1, 12),
    ("iPhone 14 Pro back glass", "iPhone 14 Pro", "screen", 129, 129, 1, 12),
    ("iPad 9 glass", "iPad 9", "screen", 119, 119, 3, 12),
    ("iPad Air screen", "iPad Air", "screen", 249, 329, 3, 12),
    ("iPad Air battery", "iPad Air", "battery", 109, 109, 3, 6),
    ("MacBook Air M1 screen", "MacBook Air M1", "screen", 389, 449, 4, 12),
    ("MacBook Air M2 screen", "MacBook Air M2", "screen", 449, 529, 4, 12),
    ("MacBook Pro 14 screen", "MacBook Pro 14", "screen", 549, 690, 4, 12),
    ("MacBook Air M1 battery", "MacBook Air M1", "battery", 149, 149, 3, 6),
    ("MacBook Air M2 battery", "MacBook Air M2", "battery", 169, 169, 3, 6),
    ("MacBook Pro 14 battery", "MacBook Pro 14", "battery", 199, 199, 3, 6),
    ("MacBook Air M1 keyboard with upper case", "MacBook Air M1", "keyboard", 269, 299, 4, 12),
    ("iMac 27 SSD with your data moved", "iMac 27", "storage", 229, 349, 3, 12),
    ("PlayStation 5 HDMI port", "PlayStation 5", "port", 99, 119, 3, 6),
    ("PlayStation 5 cleaning, new liquid metal", "PlayStation 5", "board", 69, 79, 2, 6),
    ("Xbox Series X HDMI port", "Xbox Series X", "port", 99, 119, 3, 6),
    ("Nintendo Switch stick that drifts", "Nintendo Switch", "board", 35, 45, 1, 6),
    ("Nintendo Switch charging port", "Nintendo Switch", "port", 79, 89, 3, 6),
    ("Nintendo Switch screen", "Nintendo Switch", "screen", 89, 109, 3, 6),
)  # fmt: skip


def model_services() -> tuple[ServiceItem, ...]:
    """All of them, in an order of their own."""
    phones = [one for model, prices in _PHONES.items() for one in _phone(model, *prices)]
    lines = [_line(*line) for line in _LINES]
    return (*phones, *lines)


def _phone(
    model: str, compatible: int, original: int, battery: int, port: int
) -> list[ServiceItem]:
    made = [
        _item(f"{model} screen, compatible", model, "screen", compatible, compatible, 1, 12,
              "premium"),
        _item(f"{model} battery", model, "battery", battery, battery, 1, 6, "premium"),
        _item(f"{model} charging port", model, "port", port, port, 1, 12, "premium"),
    ]  # fmt: skip
    if original:
        made.insert(
            1,
            _item(
                f"{model} screen, original", model, "screen", original, original, 2, 12, "original"
            ),
        )
    return made


def _line(
    name: str, model: str, category: ServiceCategory, low: int, high: int, days: int, months: int
) -> ServiceItem:
    return _item(name, model, category, low, high, days, months, "")


def _item(
    name: str,
    model: str,
    category: ServiceCategory,
    low: int,
    high: int,
    days: int,
    months: int,
    quality: PartQuality,
) -> ServiceItem:
    return ServiceItem(
        "_".join(name.lower().replace(",", "").split()),
        name,
        category,
        EUR,
        price_from=Money.of(low, EUR),
        price_to=Money.of(high, EUR),
        device_brand=brand_of(model),
        device_model=model,
        device_category=category_of(model),
        turnaround_days=days,
        warranty_months=months,
        part_quality=quality,
        position=100,
    )
