"""What is printed on devices: IMEIs, serial numbers and model numbers, told apart and checked."""

from __future__ import annotations

import re
from typing import Final, Literal

Category = Literal["phone", "tablet", "laptop", "desktop", "console", "watch", "storage", "other"]
CATEGORIES: Final[tuple[Category, ...]] = (
    "phone",
    "tablet",
    "laptop",
    "desktop",
    "console",
    "watch",
    "storage",
    "other",
)

Mark = Literal["imei", "serial", "model", ""]

_CATEGORY_WORDS: Final[tuple[tuple[str, Category], ...]] = (
    ("watch", "watch"),
    ("ipad|galaxy tab|tablet|surface (?:pro|go)", "tablet"),
    ("iphone|galaxy|pixel|redmi|xiaomi|oneplus|huawei p|nokia|fairphone|phone", "phone"),
    ("macbook|thinkpad|xps|zenbook|swift|pavilion|surface laptop|chromebook|laptop", "laptop"),
    ("imac|mac mini|mac studio|optiplex|gaming pc|tower|desktop", "desktop"),
    ("playstation|xbox|nintendo|switch|steam deck|console", "console"),
    (
        "passport|backup plus|canvio|synology|qnap|ssd|hdd|nas|drive|disk|t7|mx500|a400|extreme",
        "storage",
    ),
)
_BRAND_WORDS: Final[tuple[tuple[str, str], ...]] = (
    ("iphone|ipad|macbook|imac|mac mini|mac studio|apple watch|airpods", "Apple"),
    ("galaxy|samsung", "Samsung"),
    ("pixel", "Google"),
    ("redmi|xiaomi", "Xiaomi"),
    ("dell|xps|optiplex", "Dell"),
    ("thinkpad|ideapad|lenovo", "Lenovo"),
    ("pavilion|elitebook|^hp", "HP"),
    ("zenbook|asus", "ASUS"),
    ("acer|swift", "Acer"),
    ("surface|xbox", "Microsoft"),
    ("playstation", "Sony"),
    ("nintendo", "Nintendo"),
    ("synology", "Synology"),
    ("qnap", "QNAP"),
    ("seagate", "Seagate"),
    ("toshiba", "Toshiba"),
    ("wd |my passport", "Western Digital"),
    ("crucial", "Crucial"),
    ("kingston", "Kingston"),
    ("sandisk", "SanDisk"),
)
_SEPARATORS: Final = re.compile(r"[\s./-]")
_IMEI: Final = re.compile(r"\d{15}")
_APPLE_MODEL_NUMBER: Final = re.compile(r"A\d{4}")
_MODEL_IDENTIFIER: Final = re.compile(r"[A-Za-z]+\d{1,2},\d{1,2}")
_SERIAL: Final = re.compile(r"(?=.*\d)(?=.*[A-Z])[A-Z0-9]{7,20}")


def plain_mark(text: str) -> str:
    """A serial number or IMEI as it is stored and compared: capitals, no separators."""
    return _SEPARATORS.sub("", text).upper()


def is_imei(text: str) -> bool:
    """Whether the text is fifteen digits with the right check digit (Luhn)."""
    digits = plain_mark(text)
    return bool(_IMEI.fullmatch(digits)) and digits.isascii() and luhn_sum(digits) % 10 == 0


def luhn_sum(digits: str) -> int:
    """The sum of Luhn's formula; a number with its check digit gives a multiple of ten."""
    doubled = (int(one) * 2 for one in digits[-2::-2])
    return sum(map(int, digits[-1::-2])) + sum(one - 9 if one > 9 else one for one in doubled)


def imei_with_check_digit(fourteen: str) -> str:
    """Fourteen digits and the check digit that makes them an IMEI."""
    return fourteen + str(-luhn_sum(fourteen + "0") % 10)


def recognise(text: str) -> tuple[Mark, str]:
    """What a text from a label or a chat is, and how it is stored; "" where it is none of them."""
    typed = text.strip()
    plain = plain_mark(typed)
    if is_imei(plain):
        return "imei", plain
    if _MODEL_IDENTIFIER.fullmatch(typed) or _APPLE_MODEL_NUMBER.fullmatch(plain):
        return "model", typed.upper() if _APPLE_MODEL_NUMBER.fullmatch(plain) else typed
    if plain.isascii() and _SERIAL.fullmatch(plain):
        return "serial", plain
    return "", ""


def from_label(text: str) -> str:
    """The serial number or IMEI that a scanner typed; "" for what no label of a device says."""
    kind, mark = recognise(text)
    return mark if kind in ("imei", "serial") and text == mark else ""


def category_of(model: str) -> Category:
    """The kind of device that a model's name tells, "other" where it tells none."""
    return next((kind for words, kind in _CATEGORY_WORDS if _has(words, model)), "other")


def brand_of(model: str) -> str:
    """The maker that a model's name tells, "" where it tells none."""
    return next((brand for words, brand in _BRAND_WORDS if _has(words, model)), "")


def _has(words: str, model: str) -> bool:
    return re.search(rf"\b(?:{words})", model.lower()) is not None
