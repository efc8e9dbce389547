"""The demo shop's catalogue, data recovery first; and what is wrong with devices."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from revivatui.crm.demo_models import EUR, model_services
from revivatui.crm.devices import Category
from revivatui.crm.money import Money
from revivatui.crm.records import (
    LoyaltyTier,
    OpeningHours,
    PartQuality,
    ServiceCategory,
    ServiceItem,
)

HOURS: Final = (
    *(OpeningHours(day, "09:00", "18:00") for day in range(5)),
    OpeningHours(5, "10:00", "16:00"),
)
TAX_RATE: Final = Decimal("0.23")

_RECOVERY: Final[tuple[tuple[str, str, int, int, int, str], ...]] = (
    ("dr_evaluation", "evaluation", 0, 0, 2, "We look what can be saved, and say a fixed price"),
    ("dr_logical", "logical damage", 149, 349, 4, "Deleted, formatted, broken file systems"),
    ("dr_firmware", "firmware and bad sectors", 349, 690, 7, "The drive is there but cannot read"),
    ("dr_clean_room", "clean room", 690, 1490, 15, "Heads, motor, platters, from donor parts"),
    ("dr_flash", "SSD and flash", 390, 1190, 12, "Controller failures, reading chip by chip"),
    ("dr_phone_board", "phone board", 290, 890, 10, "The board lives once more, to be read"),
    ("dr_raid_disk", "RAID, per disk", 290, 590, 10, "NAS and servers, rebuilt from images"),
    ("dr_secure_erase", "secure erase", 29, 49, 1, "Overwritten and proved by a report"),
    ("dr_return_medium", "return medium", 79, 129, 1, "A new drive with your data on it"),
)
_WITHOUT_DATA_FREE: Final = {
    "dr_logical",
    "dr_firmware",
    "dr_clean_room",
    "dr_flash",
    "dr_phone_board",
    "dr_raid_disk",
}

_Line = tuple[str, str, ServiceCategory, Category | None, int, int, int, int, int, PartQuality]
# code, name, category, devices, from, to, minutes, days, months of warranty, part
_OTHERS: Final[tuple[_Line, ...]] = (
    ("screen_phone", "Phone screen", "screen", "phone", 79, 199, 60, 1, 12, "premium"),
    (
        "screen_phone_orig",
        "Phone screen, original",
        "screen",
        "phone",
        149,
        379,
        60,
        2,
        12,
        "original",
    ),
    ("screen_tablet", "Tablet screen", "screen", "tablet", 129, 329, 120, 3, 12, "premium"),
    ("screen_laptop", "Laptop screen", "screen", "laptop", 149, 549, 90, 4, 12, "original"),
    ("battery_phone", "Phone battery", "battery", "phone", 49, 99, 45, 1, 6, "premium"),
    ("battery_laptop", "Laptop battery", "battery", "laptop", 99, 219, 60, 3, 6, "premium"),
    ("battery_tablet", "Tablet battery", "battery", "tablet", 79, 149, 90, 3, 6, "premium"),
    ("board_phone", "Phone board repair", "board", "phone", 89, 249, 180, 5, 12, ""),
    ("board_laptop", "Laptop board repair", "board", "laptop", 149, 449, 240, 5, 12, ""),
    ("board_console", "Console board repair", "board", "console", 89, 219, 180, 5, 6, ""),
    ("storage_ssd", "SSD with your data moved", "storage", None, 109, 289, 120, 2, 12, "original"),
    ("memory_upgrade", "Memory upgrade", "memory", None, 59, 179, 30, 1, 12, "original"),
    ("keyboard_laptop", "Laptop keyboard", "keyboard", "laptop", 89, 329, 120, 4, 12, "original"),
    ("port_phone", "Phone charging port", "port", "phone", 59, 119, 60, 1, 12, "premium"),
    ("port_laptop", "Laptop charging port", "port", "laptop", 89, 189, 90, 3, 12, "premium"),
    ("port_console", "Console HDMI port", "port", "console", 79, 139, 90, 3, 6, "premium"),
    ("liquid_phone", "Phone after liquid", "liquid", "phone", 49, 149, 120, 3, 0, ""),
    ("liquid_laptop", "Laptop after liquid", "liquid", "laptop", 89, 289, 180, 4, 0, ""),
    ("software_install", "System installed anew", "software", None, 59, 89, 120, 1, 0, ""),
    ("software_transfer", "Data moved to a new device", "software", None, 49, 99, 90, 1, 0, ""),
    ("virus_removal", "Virus and adware removal", "virus", None, 59, 99, 120, 1, 1, ""),
    ("diagnostic", "Diagnosis", "diagnostic", None, 0, 0, 30, 2, 0, ""),
    ("diagnostic_express", "Diagnosis within the hour", "diagnostic", None, 39, 39, 60, 0, 0, ""),
    ("setup_device", "New device set up", "setup", None, 39, 79, 60, 1, 0, ""),
    ("onsite_visit", "Visit at your place, per hour", "onsite", None, 65, 65, 60, 2, 0, ""),
)
_NEEDS_DIAGNOSIS: Final = {"board", "liquid"}

FAULTS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "phone": (
        ("screen_phone", "Screen is cracked, touch works at the top only"),
        ("screen_phone_orig", "Black screen after a fall, still rings"),
        ("battery_phone", "Empty by noon, switches off at 30 %"),
        ("port_phone", "Charges only when the cable is held"),
        ("liquid_phone", "Fell into the sea yesterday, was switched off at once"),
        ("dr_phone_board", "Dead after a fall, only the photos matter"),
    ),
    "tablet": (
        ("screen_tablet", "Glass is broken in one corner"),
        ("battery_tablet", "Battery is swollen, the screen lifts"),
    ),
    "laptop": (
        ("screen_laptop", "Stripes on the display, fine on a monitor"),
        ("keyboard_laptop", "Some keys do not answer after coffee"),
        ("battery_laptop", "Runs for twenty minutes without the charger"),
        ("liquid_laptop", "Water over the keyboard, does not start"),
        ("board_laptop", "No light, no fan, charger is fine"),
        ("storage_ssd", "Very slow, the disk makes errors"),
        ("virus_removal", "Pop-ups everywhere, the bank warned"),
    ),
    "desktop": (
        ("software_install", "Blue screen at each start"),
        ("memory_upgrade", "Too slow for photo work"),
        ("storage_ssd", "Clicking noise, files take minutes"),
    ),
    "console": (
        ("port_console", "No picture, the HDMI port is bent"),
        ("board_console", "Switches off after two minutes"),
    ),
    "storage": (
        ("dr_logical", "Formatted by mistake, ten years of photos"),
        ("dr_firmware", "Shows up with the wrong size, nothing opens"),
        ("dr_clean_room", "Clicks since it fell from the table"),
        ("dr_flash", "The SSD is not seen any more"),
        ("dr_raid_disk", "Two disks of the NAS failed in one week"),
    ),
}

TIERS: Final = (
    LoyaltyTier("bronze", 1, 24, min_repairs=2, labour_discount_percent=Decimal(3)),
    LoyaltyTier(
        "silver",
        2,
        24,
        min_spend=Money.of(400, EUR),
        min_repairs=4,
        labour_discount_percent=Decimal(5),
        perks=("express diagnosis free",),
    ),
    LoyaltyTier(
        "gold",
        3,
        24,
        min_spend=Money.of(900, EUR),
        min_repairs=7,
        labour_discount_percent=Decimal(10),
        perks=("express diagnosis free", "loan device"),
    ),
)


def services() -> tuple[ServiceItem, ...]:
    """The whole catalogue."""
    recovery = (_recovery(place, *line) for place, line in enumerate(_RECOVERY))
    others = (_other(place, line) for place, line in enumerate(_OTHERS))
    return (*recovery, *others, *model_services())


def _recovery(
    place: int, code: str, name: str, low: int, high: int, days: int, description: str
) -> ServiceItem:
    return ServiceItem(
        code,
        f"Data recovery: {name}",
        "data_recovery",
        EUR,
        price_from=Money.of(low, EUR),
        price_to=Money.of(high, EUR),
        device_category="phone" if code == "dr_phone_board" else "",
        description=description,
        turnaround_days=days,
        requires_diagnosis=code in _WITHOUT_DATA_FREE,
        no_data_no_fee=code in _WITHOUT_DATA_FREE,
        position=place,
    )


def _other(place: int, line: _Line) -> ServiceItem:
    code, name, category, devices, low, high, minutes, days, months, quality = line
    return ServiceItem(
        code,
        name,
        category,
        EUR,
        price_from=Money.of(low, EUR),
        price_to=Money.of(high, EUR),
        device_category=devices or "",
        duration_min=minutes,
        turnaround_days=days,
        warranty_months=months,
        part_quality=quality,
        requires_diagnosis=category in _NEEDS_DIAGNOSIS,
        position=place,
    )
