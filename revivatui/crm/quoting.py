"""Adding up a quote: each line is rounded to the currency, then the lines are summed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from revivatui.crm.errors import InvalidRecord
from revivatui.crm.money import Money, total
from revivatui.state.records import dataclass

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class LineSum:
    """One line added up. `discount` is what it costs less, in the same terms as the price."""

    total: Money
    net: Money
    tax: Money
    discount: Money


@dataclass(frozen=True, slots=True)
class QuoteSum:
    subtotal: Money
    tax_total: Money
    discount_total: Money
    total_cost: Money


def line_sum(
    quantity: Decimal,
    unit_price: Money,
    *,
    tax_rate: Decimal = Decimal(0),
    discount_percent: Decimal = Decimal(0),
    prices_include_tax: bool = True,
) -> LineSum:
    """Add up one line. Raises InvalidRecord for a rate or a discount that cannot be."""
    if not 0 <= discount_percent <= _HUNDRED:
        raise InvalidRecord(f"A discount of {discount_percent} % cannot be.")
    if not 0 <= tax_rate < 1:
        raise InvalidRecord(f"A tax rate of {tax_rate} cannot be: 23 % is 0.23.")
    full = unit_price.times(quantity)
    charged = unit_price.times(quantity * (_HUNDRED - discount_percent) / _HUNDRED)
    if prices_include_tax:
        net = charged.divided_by(1 + tax_rate)
        tax = charged - net
    else:
        net, tax = charged, charged.times(tax_rate)
    return LineSum(total=charged, net=net, tax=tax, discount=full - charged)


def quote_sum(lines: Iterable[LineSum], currency: str) -> QuoteSum:
    """Add up the lines of a quote. Raises MoneyError where they have another currency."""
    added = tuple(lines)
    subtotal = total((one.net for one in added), currency)
    tax = total((one.tax for one in added), currency)
    discount = total((one.discount for one in added), currency)
    return QuoteSum(subtotal, tax, discount, subtotal + tax)
