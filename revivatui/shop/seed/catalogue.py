"""What the demo shop has besides its conversations: devices, labels, teams, inboxes, texts."""

from __future__ import annotations

from typing import Final

DEVICES: Final[dict[str, tuple[str, ...]]] = {
    "phone": (
        "iPhone 12",
        "iPhone 13 mini",
        "iPhone 14 Pro",
        "iPhone SE",
        "Galaxy S22",
        "Galaxy A54",
        "Pixel 7",
        "Redmi Note 12",
    ),
    "macbook": ("MacBook Air M1", "MacBook Air M2", "MacBook Pro 14", "MacBook Pro 16"),
    "laptop": (
        "Dell XPS 13",
        "ThinkPad T14",
        "HP Pavilion 15",
        "ZenBook 14",
        "Acer Swift 3",
        "Surface Laptop 4",
    ),
    "desktop": ("iMac 24", "iMac 27", "OptiPlex 7080", "custom gaming PC"),
    "tablet": ("iPad Air", "iPad 9", "Galaxy Tab S8"),
    "console": ("PlayStation 5", "PlayStation 4", "Xbox Series X", "Nintendo Switch"),
    "drive": ("WD My Passport 2 TB", "Seagate Backup Plus 4 TB", "Toshiba Canvio 1 TB"),
    "ssd": ("Samsung T7", "Crucial MX500", "Kingston A400", "SanDisk Extreme"),
    "nas": ("Synology DS420+", "QNAP TS-453D"),
}

LABELS: Final[tuple[tuple[str, str, str], ...]] = (
    ("appointment", "#007AFF", "A date at the counter"),
    ("battery", "#34C759", "Battery replacement"),
    ("business", "#5856D6", "Business customer"),
    ("charging", "#30B0C7", "Does not charge"),
    ("complaint", "#FF3B30", "Somebody is not happy"),
    ("console", "#AF52DE", "Game consoles"),
    ("data-recovery", "#FF2D55", "Lost or unreachable data"),
    ("liquid", "#5AC8FA", "Water, coffee, sea"),
    ("quote", "#FF9500", "Wants or has a quote"),
    ("screen", "#007AFF", "Broken display"),
    ("software", "#8E8E93", "Slow, infected, updates"),
    ("status", "#8E8E93", "Asks where the repair is"),
    ("urgent", "#FF3B30", "Hours matter"),
    ("vip", "#FFCC00", "Long-standing customer"),
    ("warranty", "#FF9500", "Under our warranty"),
)

TEAMS: Final[tuple[tuple[str, str], ...]] = (
    ("counter", "Answers, appointments, pick-up"),
    ("bench", "Repairs and boards"),
    ("data recovery", "Drives, phones, RAID"),
)

INBOXES: Final[tuple[tuple[str, str], ...]] = (
    ("Website", "Channel::WebWidget"),
    ("Phone app", "Channel::Api"),
    ("Repairs mail", "Channel::Email"),
)
MAILBOX: Final = "repairs@shop.example.com"

# (day of week with 0 = Sunday, opens, closes); closed on Sunday.
OPENING_HOURS: Final[tuple[tuple[int, int | None, int | None], ...]] = (
    (0, None, None),
    (1, 9, 18),
    (2, 9, 18),
    (3, 9, 18),
    (4, 9, 18),
    (5, 9, 18),
    (6, 10, 16),
)

# (key, name, type, model, list values)
CUSTOM_ATTRIBUTES: Final[tuple[tuple[str, str, str, str, tuple[str, ...]], ...]] = (
    ("customer_id", "Customer number", "text", "contact_attribute", ()),
    ("customer_type", "Kind of customer", "list", "contact_attribute", ("private", "business")),
    ("loyalty_tier", "Loyalty", "list", "contact_attribute", ("none", "silver", "gold")),
    ("total_repairs", "Repairs so far", "number", "contact_attribute", ()),
    ("preferred_language", "Language", "list", "contact_attribute", ("en", "pt")),
    ("device", "Device", "text", "conversation_attribute", ()),
    ("ticket", "Case", "text", "conversation_attribute", ()),
    ("quote_amount", "Quote in EUR", "number", "conversation_attribute", ()),
    ("pickup_on", "Pick-up", "date", "conversation_attribute", ()),
    ("loan_device", "Has a loan device", "checkbox", "conversation_attribute", ()),
)
