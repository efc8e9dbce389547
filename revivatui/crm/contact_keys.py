"""What names, e-mail addresses and phone numbers are compared by."""

from __future__ import annotations

import re
from typing import Final

from revivatui.text.fold import fold

_NO_DIGIT: Final = re.compile(r"\D")
_FEWEST_DIGITS: Final = 5


def plain_phone(text: str) -> str:
    """A phone number as it is stored: "+" and digits where it is international, else digits.

    "" where there are too few digits for one.
    """
    typed = text.strip()
    digits = phone_key(typed)
    if not digits:
        return ""
    return f"+{digits}" if typed.startswith(("+", "00")) else digits


def phone_key(text: str) -> str:
    """The digits of a phone number, an international one without its leading zeros."""
    digits = "".join(one for one in _NO_DIGIT.sub("", text) if one.isascii())
    if text.strip().startswith("00"):
        digits = digits[2:]
    return digits if len(digits) >= _FEWEST_DIGITS else ""


def email_key(text: str) -> str:
    return text.strip().casefold()


def name_key(*names: str) -> str:
    """The words of names without capitals and accents."""
    return " ".join(fold(" ".join(names)).split())
