"""Who asks about a repair: chat names are only said, so that a repair's number and the end of its
owner's phone number are asked for."""

from __future__ import annotations

import re
from typing import Final

from revivatui.crm.ids import parse_number
from revivatui.state.records import dataclass

DIGITS: Final = 4
_NUMBER: Final = re.compile(r"\bR[\s-]?[A-Z]{0,3}\s?\d{3,9}\b", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\+?\d[\d ().-]{2,18}\d")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a customer gave to show who they are; "" where it is missing."""

    repair: str = ""
    phone: str = ""
    """The last digits."""

    @property
    def is_whole(self) -> bool:
        return bool(self.repair and self.phone)


def shown_in(words: str) -> Shown:
    """Out of a customer's words: the number of a repair, and what else could end a phone number."""
    number = _NUMBER.search(words)
    if number is None:
        return Shown("", _last_digits(words))
    rest = words[: number.start()] + " " + words[number.end() :]
    return Shown(parse_number(number[0])[0], _last_digits(rest))


def _last_digits(words: str) -> str:
    found = [re.sub(r"\D", "", one) for one in _DIGITS.findall(words)]
    long_enough = [one for one in found if len(one) >= DIGITS]
    return long_enough[-1][-DIGITS:] if long_enough else ""


def fits(phone: str, digits: str) -> bool:
    """Whether a customer's number ends so; a customer without a number cannot be shown."""
    kept = re.sub(r"\D", "", phone)
    return len(kept) > DIGITS and len(digits) == DIGITS and kept.endswith(digits)
