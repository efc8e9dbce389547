"""Which loyalty tier a customer has, and when months after a day are over."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from revivatui.crm.money import Money
from revivatui.crm.records import LoyaltyTier


def tier_for(tiers: Iterable[LoyaltyTier], repairs: int, spent: Money) -> str:
    """The code of the highest tier that so many repairs or so much money reach; else "none"."""
    reached = [one for one in tiers if _reaches(one, repairs, spent)]
    return max(reached, key=lambda one: one.rank).code if reached else "none"


def _reaches(tier: LoyaltyTier, repairs: int, spent: Money) -> bool:
    by_count = tier.min_repairs is not None and repairs >= tier.min_repairs
    return by_count or (
        tier.min_spend is not None
        and tier.min_spend.currency == spent.currency
        and tier.min_spend <= spent
    )


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
