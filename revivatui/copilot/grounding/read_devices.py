"""Devices by the names that people give them: "iPhone13 Pro", "MacBook Air M2", "PS5"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from revivatui.copilot.grounding.readings import Reading

_FAMILIES: Final = (
    ("iphone", r"i\s?-?phones?"),
    ("ipad", r"i\s?-?pads?"),
    ("macbook", r"mac\s?books?"),
    ("imac", r"i\s?-?macs?"),
    ("macmini", r"mac\s?minis?"),
    ("macpro", r"mac\s?pros?"),
    ("macstudio", r"mac\s?studios?"),
    (
        "watch",
        r"(?:apple\s|galaxy\s)?watch"
        r"(?=\s?(?:series|se|ultra|\d))"
        r"|apple\swatch(?:es)?",
    ),
    ("airpods", r"air\s?pods?"),
    ("ipod", r"i\s?pods?"),
    ("homepod", r"home\s?pods?"),
    ("galaxytab", r"(?:samsung\s)?(?:galaxy\s)?tab(?=\s?[sa]\d)|galaxy\stabs?"),
    (
        "galaxy",
        r"(?:samsung\s)?galax(?:y|ies)|samsung(?:\sgalaxy)?"
        r"|(?<=[\s(/,])(?=[sazmf]\d{2}(?:\s|$))",
    ),
    ("pixel", r"(?:google\s)?pixel(?:s(?!\w))?(?=\s?\d|\s?fold|\s?pro|s?\b)"),
    ("playstation", r"play\s?stations?|ps(?=\s?[1-6vp])"),
    ("xbox", r"x-?box(?:es)?"),
    ("switch", r"nintendo(?:\sswitch)?|switch(?=\s(?:oled|lite|2))"),
    ("steamdeck", r"steam\s?decks?"),
    ("thinkpad", r"(?:lenovo\s)?think\s?pads?"),
    ("ideapad", r"(?:lenovo\s)?idea\s?pads?"),
    ("yoga", r"(?:lenovo\s)?yoga"),
    ("legion", r"(?:lenovo\s)?legion"),
    ("lenovo", r"lenovo"),
    ("xps", r"(?:dell\s)?xps"),
    ("latitude", r"(?:dell\s)?latitude"),
    ("inspiron", r"(?:dell\s)?inspiron"),
    ("dell", r"dell"),
    (
        "surface",
        r"(?:microsoft\s)surface"
        r"|surface(?=\s(?:pro|go|laptop|book|\d))",
    ),
    ("hp", r"hp|hewlett[\s-]packard"),
    ("elitebook", r"(?:hp\s)?elite\s?book"),
    ("pavilion", r"(?:hp\s)?pavilion"),
    ("asus", r"asus"),
    ("zenbook", r"(?:asus\s)?zen\s?book"),
    ("acer", r"acer"),
    ("msi", r"msi"),
    ("razer", r"razer"),
    ("huawei", r"huawei"),
    ("honor", r"honor(?=\s?\d)"),
    ("xiaomi", r"xiaomi"),
    ("redmi", r"(?:xiaomi\s)?redmi"),
    ("poco", r"(?:xiaomi\s)?poco(?=\s?[xfmc]\d)"),
    ("oneplus", r"one\s?plus|oneplus"),
    ("oppo", r"oppo"),
    ("realme", r"realme"),
    ("motorola", r"motorola|moto(?=\s[ge]\d)"),
    ("nokia", r"nokia"),
    ("sony", r"(?:sony\s)?xperia|sony"),
    ("fairphone", r"fair\s?phone"),
    ("nothing", r"nothing\sphone"),
    ("kindle", r"kindle"),
    ("gopro", r"gopro"),
    ("toshiba", r"toshiba"),
    ("chromebook", r"chrome\s?books?"),
)
_BEGINNINGS: Final = {
    "galaxytab": "gst", "galaxy": "gsazmf", "pixel": "gp", "switch": "ns", "thinkpad": "lt",
    "ideapad": "li", "yoga": "ly", "legion": "l", "xps": "dx", "latitude": "dl", "inspiron": "di",
    "surface": "ms", "elitebook": "he", "pavilion": "hp", "zenbook": "az", "redmi": "xr",
    "poco": "xp", "watch": "agw", "sony": "sx",
}  # fmt: skip
"""The letters that a family's names may begin with, where they are not that of its own."""
_BY_LETTER: Final[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}
for _family, _spelled in _FAMILIES:
    for _letter in _BEGINNINGS.get(_family, _family[0]):
        _BY_LETTER.setdefault(_letter, []).append(
            (_family, re.compile(rf"(?:{_spelled})(?![A-Za-z])", re.IGNORECASE))
        )
_WORD_START: Final = re.compile(r"(?<![A-Za-z])[A-Za-z]")
_VARIANTS: Final = (
    "pro max plus mini air ultra se fe lite note fold flip oled series slim go laptop book gen"
    " digital carbon retina neo edge tab one prime xl xr xs x s e i intel"
)
_PART: Final = re.compile(
    r"[\s-]?(?:(?P<size>\d{2}(?:[.,]\d)?)\s?-?(?:\"|''|inch(?:es)?|in(?![a-z])|polegadas)"
    r"|(?P<year>\(?(?:early|mid|late)?\s?20[012]\d\)?)(?![\d-])"
    r"|(?P<gen>\d{1,2})(?:st|nd|rd|th|[ao])?\s?(?:gen(?:eration|\.)?|geracao)(?!\w)"
    r"|(?P<plain>(?![rqtaw]-\d|[rqt]\d{3})(?:[a-z]{1,2}-?)?\d{1,4}(?:[a-z]{1,2})?(?:,\d)?)(?![\w%€£$]|[.:,]\d|\s?(?:€|£|\$|%|eur|gb|tb|mah"
    r"|hours?|days?|dias?|months?|meses|h(?!\w)|euros?)\b|\s?[€£$%])"
    rf"|(?P<variant>{'|'.join(_VARIANTS.split())})(?!\w))",
    re.IGNORECASE,
)
_ANOTHER: Final = re.compile(
    r"\s?(?:/|,|and|or|e|ou|-|to|a)\s?(?P<part>\d{1,2}(?!\d|[.:,]\d|\s?(?:€|%|eur|day|dia|hour|h\b|month)))",
    re.IGNORECASE,
)
_SERIES: Final = frozenset({"iphone", "ipad", "galaxy", "pixel", "playstation"})


def devices(text: str) -> Iterator[Reading]:
    done = 0
    for start in _WORD_START.finditer(text):
        if start.start() < done:
            continue
        for family, pattern in _BY_LETTER.get(start[0].lower(), ()):
            one = pattern.match(text, start.start())
            if one is None:
                continue
            parts, done = _parts(text, one.end())
            yield Reading("device", one.start(), done, (_key(family, parts),))
            if family in _SERIES and parts and parts[0].isdigit():
                yield from _others(text, family, done)
            break


def _parts(text: str, at: int) -> tuple[list[str], int]:
    parts: list[str] = []
    while len(parts) < 6 and (one := _PART.match(text, at)):
        if _is_word(one["variant"], parts):
            break
        parts.append(_part_of(one))
        at = one.end()
    return [part for part in parts if part != "series"], at


def _is_word(variant: str | None, parts: list[str]) -> bool:
    """Whether what may be a part of a name is rather a word of the sentence ("13 e 14")."""
    letter = (variant or "").lower()
    return letter == "e" or (letter in ("x", "s", "i", "note") and bool(parts))


def _part_of(one: re.Match[str]) -> str:
    if one["size"]:
        return f"{one['size'].replace(',', '.')}in"
    if one["year"]:
        return re.sub(r"\D", "", one["year"])
    if one["gen"]:
        return f"gen{one['gen']}"
    return (one["plain"] or one["variant"]).lower().replace("-", "")


def _others(text: str, family: str, end: int) -> Iterator[Reading]:
    """The rest of "iPhone 12/13/14"."""
    while one := _ANOTHER.match(text, end):
        parts, end = _parts(text, one.end())
        yield Reading("device", one.start("part"), end, (_key(family, [one["part"], *parts]),))


def _key(family: str, parts: list[str]) -> str:
    return " ".join([family, *sorted(set(parts))])


def covers(known: str, claimed: str) -> bool:
    """Whether a device that is known is the one that is claimed, said less exactly or not.

    "MacBook" may be said of a MacBook Pro; "iPhone 13" is no iPhone 13 Pro.
    """
    family, *known_parts = known.split(" ")
    other, *parts = claimed.split(" ")
    if family != other and not (other in _BROADER.get(family, ()) and not parts):
        return False
    if not set(parts) <= set(known_parts):
        return False
    if not any(any(letter.isdigit() for letter in part) for part in parts):
        return True
    return _words(known_parts) == _words(parts)


_BROADER: Final = {
    "galaxytab": ("galaxy",), "thinkpad": ("lenovo",), "ideapad": ("lenovo",), "yoga": ("lenovo",),
    "legion": ("lenovo",), "xps": ("dell",), "latitude": ("dell",), "inspiron": ("dell",),
    "elitebook": ("hp",), "pavilion": ("hp",), "zenbook": ("asus",), "redmi": ("xiaomi",),
    "poco": ("xiaomi",),
}  # fmt: skip


def _words(parts: list[str]) -> set[str]:
    return {part for part in parts if part.isalpha()}
