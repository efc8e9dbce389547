"""Money stays exact: decimal, in its currency, half a unit up, never through float."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revivatui.crm.errors import InvalidRecord, MoneyError
from revivatui.crm.money import Money, exponent, to_minor_units, total
from revivatui.crm.quoting import line_sum, quote_sum

CURRENCIES = st.sampled_from(("EUR", "GBP", "JPY", "KWD", "CLF", "BRL"))
UNITS = st.integers(-(10**12), 10**12)


@given(UNITS, CURRENCIES)
def test_minor_units_come_back_as_they_were(units: int, currency: str) -> None:
    money = Money.from_minor_units(units, currency)
    assert money.minor_units == units
    assert Money.parse(format(money.amount, "f"), currency) == money


@given(st.lists(UNITS, max_size=30), CURRENCIES)
def test_a_sum_is_the_sum_of_the_units(units: list[int], currency: str) -> None:
    money = [Money.from_minor_units(one, currency) for one in units]
    assert total(money, currency).minor_units == sum(units)
    assert total(reversed(money), currency) == total(money, currency)


@given(UNITS, st.decimals(-1000, 1000, places=6), CURRENCIES)
def test_rounding_is_never_more_than_half_a_unit_away(
    units: int, factor: Decimal, currency: str
) -> None:
    money = Money.from_minor_units(units, currency)
    exact = money.amount * factor
    unit = Decimal(1).scaleb(-exponent(currency))
    assert abs(money.times(factor).amount - exact) * 2 <= unit


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("0.005", "EUR", 1),
        ("-0.005", "EUR", -1),
        ("0.0049", "EUR", 0),
        ("2.675", "EUR", 268),
        ("99.5", "JPY", 100),
        ("1.0005", "KWD", 1001),
        ("9.99", "GBP", 999),
    ],
)
def test_half_a_unit_is_rounded_away_from_zero(amount: str, currency: str, units: int) -> None:
    assert to_minor_units(Decimal(amount), currency) == units
    assert Money.parse(amount, currency).minor_units == units


@given(CURRENCIES, CURRENCIES, UNITS)
def test_two_currencies_are_never_added_or_compared(one: str, other: str, units: int) -> None:
    if one == other:
        return
    with pytest.raises(MoneyError):
        Money.from_minor_units(units, one) + Money.from_minor_units(units, other)
    with pytest.raises(MoneyError):
        Money.from_minor_units(units, one) <= Money.from_minor_units(units, other)  # noqa: B015
    with pytest.raises(MoneyError):
        total([Money.nothing(one)], other)


@pytest.mark.parametrize(
    "text", ["", "abc", "1,50", "1.234,50", "NaN", "Infinity", "1e3", "€5", "5 EUR", "0x10", "--1"]
)
def test_a_text_that_is_no_plain_number_is_refused(text: str) -> None:
    with pytest.raises(MoneyError):
        Money.parse(text, "EUR")


@pytest.mark.parametrize("currency", ["", "eur", "EURO", "E1R", "€"])
def test_what_is_no_currency_is_refused(currency: str) -> None:
    with pytest.raises(MoneyError):
        Money.of(1, currency)


def test_a_float_never_becomes_money() -> None:
    with pytest.raises(MoneyError):
        Money.of(9.99, "EUR")  # type: ignore[arg-type]
    with pytest.raises(MoneyError):
        Money(9.99, "EUR")  # type: ignore[arg-type]
    with pytest.raises(MoneyError):
        Money.from_minor_units(9.0, "EUR")  # type: ignore[arg-type]
    with pytest.raises(MoneyError):
        Money.of(5, "EUR").times(0.1)  # type: ignore[arg-type]


def test_an_amount_finer_than_its_currency_is_refused_unless_rounded_on_purpose() -> None:
    with pytest.raises(MoneyError):
        Money(Decimal("1.005"), "EUR")
    assert Money.of(Decimal("1.005"), "EUR") == Money(Decimal("1.01"), "EUR")
    with pytest.raises(MoneyError):
        Money.of(Decimal(10) ** 30, "EUR")


def test_equal_amounts_are_equal_however_they_were_written() -> None:
    assert Money.parse("5", "EUR") == Money.parse("5.00", "EUR") == Money.of(5, "EUR")
    assert str(Money.parse("5", "EUR")) == "5.00 EUR"
    assert str(Money.parse("5", "JPY")) == "5 JPY"


@given(
    st.decimals("0.01", 99, places=2),
    st.integers(0, 10**7),
    st.sampled_from(("0", "0.06", "0.13", "0.19", "0.23")),
    st.decimals(0, 100, places=1),
    st.booleans(),
    CURRENCIES,
)
def test_a_quote_adds_up_to_the_unit(
    quantity: Decimal, units: int, rate: str, discount: Decimal, inclusive: bool, currency: str
) -> None:
    line = line_sum(
        quantity,
        Money.from_minor_units(units, currency),
        tax_rate=Decimal(rate),
        discount_percent=discount,
        prices_include_tax=inclusive,
    )
    added = quote_sum([line, line, line], currency)
    assert added.subtotal + added.tax_total == added.total_cost
    assert line.net + line.tax == (line.total if inclusive else line.total + line.tax)
    assert line.discount.minor_units >= 0


def test_a_price_with_tax_in_it_is_taken_apart_exactly() -> None:
    line = line_sum(Decimal(1), Money.parse("123.00", "EUR"), tax_rate=Decimal("0.23"))
    assert (str(line.net), str(line.tax)) == ("100.00 EUR", "23.00 EUR")


@pytest.mark.parametrize(
    ("discount", "rate"), [("-1", "0"), ("101", "0"), ("0", "23"), ("0", "-0.1")]
)
def test_a_rate_or_a_discount_that_cannot_be_is_refused(discount: str, rate: str) -> None:
    with pytest.raises(InvalidRecord):
        line_sum(
            Decimal(1),
            Money.of(1, "EUR"),
            tax_rate=Decimal(rate),
            discount_percent=Decimal(discount),
        )
