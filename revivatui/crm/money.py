"""Amounts of money: decimal, exact to the smallest unit of their currency, never through float."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, DecimalException
from typing import Final

from revivatui.crm.errors import MoneyError
from revivatui.state.records import dataclass

_NO_CENTS: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE: Final = "BHD IQD JOD KWD LYD OMR TND"
_FOUR: Final = "CLF UYW"
_EXPONENTS: Final[dict[str, int]] = {
    code: places
    for places, codes in ((0, _NO_CENTS), (3, _THREE), (4, _FOUR))
    for code in codes.split()
}
"""ISO 4217's numbers of decimal places, where they are not the two that most currencies have."""

_CODE: Final = re.compile(r"[A-Z]{3}")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")
_MOST: Final = 10**16
"""Minor units beyond which an amount is a mistake; far inside the 64 bits of a database."""


def exponent(currency: str) -> int:
    """The number of decimal places of a currency. Raises MoneyError where it is no currency."""
    if not _CODE.fullmatch(currency):
        raise MoneyError(f"{currency!r} is no currency: three capital letters are (EUR).")
    return _EXPONENTS.get(currency, 2)


def to_minor_units(amount: Decimal, currency: str) -> int:
    """The amount in the smallest unit, half a unit rounded away from zero. Raises MoneyError."""
    places = exponent(currency)
    if not amount.is_finite() or amount.adjusted() > 20:
        raise MoneyError(f"{amount} is no amount of money.")
    units = int(amount.scaleb(places).to_integral_value(ROUND_HALF_UP))
    if abs(units) > _MOST:
        raise MoneyError(f"{amount} {currency} is more money than there is.")
    return units


def _is_whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount and its ISO 4217 currency. Made by `of`, `from_minor_units` or `parse`."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise MoneyError("Money is made from a Decimal, never from a float.")
        exact = Decimal(to_minor_units(self.amount, self.currency)).scaleb(-exponent(self.currency))
        if exact != self.amount:
            raise MoneyError(f"{self.amount} has more decimal places than {self.currency} knows.")
        object.__setattr__(self, "amount", exact)

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """Round an exact number to the currency. Raises MoneyError."""
        if isinstance(amount, str):
            return cls.parse(amount, currency)
        if not (isinstance(amount, Decimal) or _is_whole(amount)):
            raise MoneyError("Money is made from a Decimal, a whole number or a text.")
        return cls.from_minor_units(to_minor_units(Decimal(amount), currency), currency)

    @classmethod
    def from_minor_units(cls, units: int, currency: str) -> Money:
        """Make money of cents, pence, fils: as vendors and the store keep it. Raises MoneyError."""
        if not _is_whole(units):
            raise MoneyError("Minor units are a whole number.")
        return cls(Decimal(units).scaleb(-exponent(currency)), currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read an amount as vendors write it ("9.99", "-3", "1200.5"), rounded to the currency.

        A thousands separator or a decimal comma is refused: which of the two it is cannot be told.
        Raises MoneyError.
        """
        if not _NUMBER.fullmatch(text.strip()):
            raise MoneyError(f"{text!r} is no amount of money.")
        try:
            return cls.from_minor_units(to_minor_units(Decimal(text.strip()), currency), currency)
        except DecimalException as error:
            raise MoneyError(f"{text!r} is no amount of money.") from error

    @classmethod
    def nothing(cls, currency: str) -> Money:
        return cls.from_minor_units(0, currency)

    @property
    def minor_units(self) -> int:
        return to_minor_units(self.amount, self.currency)

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __bool__(self) -> bool:
        return bool(self.amount)

    def times(self, factor: Decimal) -> Money:
        """This amount so many times, rounded half up to the currency: one line of a quote."""
        if not isinstance(factor, Decimal):
            raise MoneyError("Money is multiplied by a Decimal, never by a float.")
        return Money.of(self.amount * factor, self.currency)

    def divided_by(self, divisor: Decimal) -> Money:
        """A part of this amount, rounded half up to the currency. Raises MoneyError for 0."""
        if not divisor:
            raise MoneyError("Money cannot be divided by 0.")
        return Money.of(self.amount / divisor, self.currency)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise MoneyError(f"{self.currency} and {other.currency} cannot be added or compared.")


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of amounts that were each rounded already. Raises MoneyError on another currency."""
    found = Money.nothing(currency)
    for one in amounts:
        found = found + one
    return found
