"""Loyalty tiers and the days on which warranties end."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revivatui.crm.loyalty import months_after, tier_for
from revivatui.crm.money import Money
from revivatui.crm.records import LoyaltyTier

TIERS = (
    LoyaltyTier("bronze", 1, min_repairs=2),
    LoyaltyTier("gold", 3, min_repairs=6, min_spend=Money.of(800, "EUR")),
    LoyaltyTier("silver", 2, min_repairs=4, min_spend=Money.of(400, "EUR")),
)


@pytest.mark.parametrize(
    ("repairs", "spent", "tier"),
    [(0, 0, "none"), (2, 0, "bronze"), (4, 0, "silver"), (1, 400, "silver"), (1, 900, "gold")],
)
def test_the_highest_tier_that_is_reached_counts(repairs: int, spent: int, tier: str) -> None:
    assert tier_for(TIERS, repairs, Money.of(spent, "EUR")) == tier


def test_money_of_another_currency_reaches_nothing() -> None:
    assert tier_for(TIERS, 0, Money.of(9000, "JPY")) == "none"


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 120))
def test_months_end_on_the_same_day_or_the_last_of_the_month(day: date, months: int) -> None:
    end = months_after(day, months)
    assert (end.year - day.year) * 12 + end.month - day.month == months
    assert end.day <= day.day


def test_the_last_of_january_and_one_month_is_the_last_of_february() -> None:
    assert months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
