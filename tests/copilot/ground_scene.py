"""A customer with two repairs, for the grounding check."""

from __future__ import annotations

from datetime import date
from typing import Final

from revivatui.copilot.facts import Fact, Record
from revivatui.copilot.grounding import Claim, Ground, check
from revivatui.copilot.sources import Source
from revivatui.copilot.suggestion import Said

TODAY: Final = date(2026, 11, 26)
"""A Thursday."""
RECORD: Final = Record(
    (
        Fact("customer/name", "name", "name", "Ana Lopes"),
        Fact("R-2041/device", "device", "device", "iPhone 13 Pro"),
        Fact("R-2041/promised", "date", "promised", "Monday 30 November", ("2026-11-30",)),
        Fact("R-2042/device", "device", "device", 'MacBook Pro 14" 2021'),
        Fact("R-2042/promised", "date", "promised", "2 December 2026", ("2026-12-02",)),
        Fact("R-2042/fault", "text", "fault", "wants it for 25 €"),
        Fact("R-2042/cost", "money", "part cost", "31.17 €", private=True),
        Fact("Q-88/repair", "number", "of repair", "R-2041"),
        Fact("Q-88/total", "money", "total", "€149.00", ("149,00 €",)),
        Fact("Q-88/line/1", "money", "Screen", "€99.00"),
        Fact("shop/hours", "time", "open", "Monday to Friday 09:00 to 18:00, Saturday 10:00 to"
                                           " 16:00"),
        Fact("shop/days", "duration", "takes as a rule", "3-5 business days"),
        Fact("shop/phone", "phone", "phone", "+351 210 000 000"),
        Fact("shop/email", "email", "e-mail", "counter@repairs.example"),
        Fact("shop/warranty_months", "duration", "warranty", "12 months"),
        Fact("shop/warranty", "text", "warranty", "warranty on repairs"),
        Fact("shop/diagnosis", "text", "free diagnosis", "free"),
        Fact("shop/booking", "link", "booking page", "https://repairs.example/book"),
        Fact("shop/vat", "text", "VAT", "23 %"),
    ),
    "1",
)  # fmt: skip
SOURCES: Final = (
    Source("price:screen", "price", "en", "", "Phone screen", "79-199 EUR; gold 1.299,00 €"),
)
SAID: Final = (Said(1, "customer", "My ipad air is broken, and your colleague said 50 €!"),)


def ground() -> Ground:
    return Ground.of(RECORD, SOURCES, SAID, today=TODAY)


def claims(text: str) -> tuple[Claim, ...]:
    return check(text, ground())


def grounded_by(text: str) -> Ground:
    """Where a text is its own cited source."""
    source = Source("canned:x", "canned", "", "", "", text)
    return Ground.of(Record(), [source], today=TODAY)
